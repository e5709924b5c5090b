#!/bin/sh
# Install the clients that tests/interop drives into FOLDER, each in an environment of its own.
# usage: tests/interop/install.sh FOLDER        What cannot be installed is said, and its tests are skipped.
set -u
folder=$1
python=${PYTHON:-python3}
mkdir -p "$folder"

npm_install() { # NAME PACKAGE...
    name=$1; shift
    [ -e "$folder/npm/$name/node_modules/.package-lock.json" ] && return
    mkdir -p "$folder/npm/$name"
    npm install --prefix "$folder/npm/$name" --no-audit --no-fund --silent "$@" ||
        echo "$name could not be installed; its tests are skipped." >&2
}

pip_install() { # NAME PACKAGE...
    name=$1; shift
    [ -e "$folder/venv/$name/installed" ] && return
    "$python" -m venv "$folder/venv/$name"
    if "$folder/venv/$name/bin/pip" install --quiet --disable-pip-version-check "$@"; then
        touch "$folder/venv/$name/installed"
    else
        rm -rf "$folder/venv/$name"
        echo "$name could not be installed; its tests are skipped." >&2
    fi
}

npm_install node node@24 # Kimi Code needs 22.19 or later, and OpenClaw will not be installed by an older one
npm_install claude-code @anthropic-ai/claude-code
npm_install codex @openai/codex
npm_install kimi-code @moonshot-ai/kimi-code
npm_install opencode opencode-ai
(PATH="$folder/npm/node/node_modules/.bin:$PATH" && npm_install openclaw openclaw)
npm_install ai ai @ai-sdk/openai-compatible @ai-sdk/openai @ai-sdk/anthropic zod

pip_install openai openai
pip_install anthropic anthropic
pip_install litellm litellm
pip_install instructor instructor
pip_install pydantic_ai "pydantic-ai-slim[openai,anthropic]"
pip_install langchain langchain langchain-openai langchain-anthropic
pip_install llama_index llama-index-core llama-index-llms-openai-like
pip_install aider aider-chat
PYTHON_NEW=${PYTHON_NEW:-python3.13}
command -v "$PYTHON_NEW" > /dev/null 2>&1 && python=$PYTHON_NEW
pip_install kimi-cli kimi-cli
