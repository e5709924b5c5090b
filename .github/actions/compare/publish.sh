#!/bin/bash
# Push the pictures of a folder to a branch, under a folder of this run's own. The working tree stays as it is.
# usage: publish.sh FOLDER BRANCH KEY
set -euo pipefail
folder=$1 branch=$2 key=$3
GIT_INDEX_FILE=$(mktemp -u)
export GIT_INDEX_FILE
trap 'rm -f "$GIT_INDEX_FILE"' EXIT
export GIT_AUTHOR_NAME=likeness GIT_AUTHOR_EMAIL=likeness@localhost
export GIT_COMMITTER_NAME=likeness GIT_COMMITTER_EMAIL=likeness@localhost

parent=()
if git fetch --quiet --depth 1 origin "refs/heads/$branch" 2> /dev/null; then
    parent=(-p "$(git rev-parse FETCH_HEAD)")
    git read-tree FETCH_HEAD
fi
for picture in "$folder"/*.png; do
    [ -e "$picture" ] || exit 0
    blob=$(git hash-object -w "$picture")
    git update-index --add --cacheinfo "100644,$blob,$key/$(basename "$picture")"
done
commit=$(git commit-tree "${parent[@]}" -m "Pictures of run $key" "$(git write-tree)")
git push --quiet origin "$commit:refs/heads/$branch"
