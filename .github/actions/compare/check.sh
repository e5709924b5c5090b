#!/bin/bash
# Measure the pages, publish pictures and scores, and fail when a page is below its bar.
# Its settings are the inputs of action.yml, as environment variables in capitals.
set -euo pipefail
here=$(dirname "$0")
out="$RUNNER_TEMP/likeness"
key="$GITHUB_RUN_ID-${GITHUB_RUN_ATTEMPT:-1}"
rm -rf "$out"

if [ -n "${START:-}" ]; then
    setsid bash -c "$START" &
    server=$!
    trap 'kill -- -"$server" 2> /dev/null || true' EXIT
fi
if [ -n "${WAIT_FOR:-}" ]; then
    for _ in $(seq 120); do
        curl --silent --output /dev/null "$WAIT_FOR" && break
        sleep 0.5
    done
    if ! curl --silent --output /dev/null "$WAIT_FOR"; then
        echo "::error::Nothing answers at $WAIT_FOR after 60 seconds; see the inputs start and wait-for."
        exit 2
    fi
fi

arguments=(--min "${MIN:-0.95}" --out "$out")
if [ -n "${MOCKUP:-}" ]; then
    arguments+=("$MOCKUP" --url "$URL")
    [ -z "${WIDTH:-}" ] || arguments+=(--width "$WIDTH")
else
    arguments+=(--config "${CONFIG:-likeness.toml}")
fi
if [ -n "${PICTURES_BRANCH:-}" ]; then
    arguments+=(--picture-base "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/raw/$PICTURES_BRANCH/$key")
fi
status=0
"$PYTHON" -m studio.cli compare "${arguments[@]}" || status=$?
if [ ! -f "$out/report.md" ]; then
    echo "::error::The pages could not be measured; see the lines above."
    exit "$status"
fi
echo "folder=$out" >> "$GITHUB_OUTPUT"
cat "$out/report.md" >> "$GITHUB_STEP_SUMMARY"

# A pull request from a fork has a token that only reads: the scores count all the same.
if [ -n "${PICTURES_BRANCH:-}" ]; then
    "$here/publish.sh" "$out" "$PICTURES_BRANCH" "$key" ||
        echo "::warning::The pictures could not be pushed to $PICTURES_BRANCH (permission contents: write)."
fi
if [ "${COMMENT:-true}" = true ]; then
    "$PYTHON" "$here/comment.py" "$out/report.md" ||
        echo "::warning::The scores could not be commented (permission pull-requests: write)."
fi
case "$status" in
    0) ;;
    1) echo "::error::A page does not look enough like its mockup." ;;
    *) echo "::error::No page could be measured; see the lines above." ;;
esac
exit "$status"
