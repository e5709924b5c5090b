#!/bin/sh
# Install the clients that tests/interop drives into FOLDER, each in an environment of its own.
# usage: tests/interop/install.sh FOLDER [NAME...]     NAME: only these clients, by the names below; default all (4 GB).
# What cannot be installed is said, and its tests are skipped.
set -u
folder=$1; shift
wanted=$*
python=${PYTHON:-.venv/bin/python}
[ -x "$python" ] || python=python3
mkdir -p "$folder"

is_wanted() { # NAME
    [ -z "$wanted" ] && return
    for each in $wanted; do [ "$each" = "$1" ] && return; done
    return 1
}

npm_install() { # NAME PACKAGE...
    name=$1; shift
    is_wanted "$name" || return 0
    [ -e "$folder/npm/$name/node_modules/.package-lock.json" ] && return
    command -v npm > /dev/null 2>&1 || { echo "$name needs npm (install Node.js 20); its tests are skipped." >&2; return; }
    mkdir -p "$folder/npm/$name"
    npm install --prefix "$folder/npm/$name" --no-audit --no-fund --silent "$@" ||
        echo "$name could not be installed; its tests are skipped." >&2
}

pip_install() { # NAME PACKAGE...
    name=$1; shift
    is_wanted "$name" || return 0
    [ -e "$folder/venv/$name/installed" ] && return
    rm -rf "$folder/venv/$name"
    if "$python" -m venv "$folder/venv/$name" &&
        "$folder/venv/$name/bin/pip" install --quiet --disable-pip-version-check "$@"; then
        touch "$folder/venv/$name/installed"
    else
        rm -rf "$folder/venv/$name"
        echo "$name could not be installed; its tests are skipped." >&2
    fi
}

names="claude-code codex kimi-code opencode openclaw ai openai anthropic litellm instructor pydantic_ai langchain
    llama_index aider openapi_python_client kimi-cli"
for each in $wanted; do
    case " $(echo $names) " in
        *" $each "*) ;;
        *) echo "There is no client $each; use" $names >&2; exit 2 ;;
    esac
done

needs_new_node() { is_wanted kimi-code || is_wanted openclaw; }

# Kimi Code needs Node 22.19 or later, and OpenClaw will not be installed by an older one.
needs_new_node && (wanted=''; npm_install node node@24)
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
pip_install openapi_python_client openapi-python-client
# kimi-cli needs Python 3.12 or later. Its last release, 1.52, only names its successor, Kimi Code.
for each in ${PYTHON_NEW:-} python3.13 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.13.*/bin/python python3.12; do
    "$each" -c '' > /dev/null 2>&1 && python=$each && break
done
pip_install kimi-cli "kimi-cli<1.52"
exit 0
