#!/usr/bin/env bash
# Puts the built site among the versions on the branch `gh-pages` of a repository, which begins with the first one:
#
#     nox -s site && bash docs/site/publish.sh REPOSITORY
set -euo pipefail
: "${1:?the repository is missing: its address or folder}"
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
branch=gh-pages
work=$(mktemp -d "${TMPDIR:-/tmp}/factsheet-site.XXXXXX")
trap 'rm -rf "$work"' EXIT

if [[ -n $(git ls-remote "$1" "refs/heads/$branch") ]]; then
  git clone --quiet --depth 1 --branch "$branch" "$1" "$work/published"
else
  git init --quiet --initial-branch "$branch" "$work/published"
fi
cd "$work/published"
PYTHONPATH=$root python "$root/docs/site/versions.py" "$root/build/docs/site" .
touch .nojekyll # otherwise Pages leaves out what begins with an underscore
git add --all
if git diff --cached --quiet; then
  echo 'The branch has this already.'
  exit
fi
git -c user.name='Site' -c user.email='site@localhost' commit --quiet --message "Site of $(git -C "$root" log -1 --format=%h)"
git push --quiet "$1" "HEAD:refs/heads/$branch"
