#!/usr/bin/env bash
# What action.yml runs: steward rules lint on the files of LINT_FILES, one a line. The report goes to the log and to the summary
# of the job, and as SARIF into LINT_SARIF if that is set. Ends with the status of the lint.
set -euo pipefail
shopt -s globstar nullglob

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
built=$here/dist/cli/steward.mjs

# A checkout of a release has no bundle: then it is the package of the same version.
steward() {
  if [ -f "$built" ]; then
    node "$built" "$@"
  else
    npx --yes "flink-steward@$(node -p 'require(process.argv[1]).version' "$here/package.json")" "$@"
  fi
}

# lines TEXT ARRAY: the lines of a text that are not empty, without spaces around them.
lines() {
  local -n into=$2
  into=()
  local line
  while IFS= read -r line; do
    line=${line#"${line%%[![:space:]]*}"}
    line=${line%"${line##*[![:space:]]}"}
    [ -z "$line" ] || into+=("$line")
  done <<<"$1"
}

lines "${LINT_FILES:-}" patterns
lines "${LINT_FLINK:-}" places

files=()
for pattern in "${patterns[@]}"; do
  if [ -e "$pattern" ]; then
    files+=("$pattern")
    continue
  fi
  # Split at nothing, so that names may have spaces.
  IFS= matches=($pattern)
  if [ ${#matches[@]} = 0 ] || [ ! -e "${matches[0]}" ]; then
    echo "::error::No file matches $pattern. Correct the input files." >&2
    echo 'status=2' >>"${GITHUB_OUTPUT:-/dev/null}"
    exit 2
  fi
  files+=("${matches[@]}")
done

args=(rules lint "${files[@]}")
for place in "${places[@]}"; do args+=(--flink "$place"); done
[ -z "${LINT_CONFIG:-}" ] || args+=(--config "$LINT_CONFIG")
[ "${LINT_LIVE:-false}" != true ] || args+=(--live)

status=0
report=$(steward "${args[@]}") || status=$?
printf '%s\n' "$report"
printf '```\n%s\n```\n' "$report" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
echo "status=$status" >>"${GITHUB_OUTPUT:-/dev/null}"
[ -z "${LINT_SARIF:-}" ] || steward "${args[@]}" --format sarif >"$LINT_SARIF" || [ $? -le 3 ]
exit "$status"
