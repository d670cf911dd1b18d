#!/usr/bin/env bash
# What action.yml runs: steward rules lint on the files of LINT_FILES, one a line. The report goes to the log and to the summary
# of the job, and as SARIF into LINT_SARIF if that is set. Ends with the status of the lint. Runners with macOS have Bash 3.2,
# where ** means *.
set -euo pipefail
shopt -s globstar 2>/dev/null || true

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

# Lines that are not empty, without spaces around them.
trimmed() {
  sed 's/^[[:space:]]*//; s/[[:space:]]*$//; /^$/d' <<<"$1"
}

args=(rules lint)
while IFS= read -r pattern; do
  if [ -e "$pattern" ]; then
    args+=("$pattern")
    continue
  fi
  found=$(compgen -G "$pattern") || {
    echo "::error::No file matches $pattern. Correct the input files." >&2
    echo 'status=2' >>"${GITHUB_OUTPUT:-/dev/null}"
    exit 2
  }
  while IFS= read -r file; do args+=("$file"); done <<<"$found"
done < <(trimmed "${LINT_FILES:-}")
while IFS= read -r place; do args+=(--flink "$place"); done < <(trimmed "${LINT_FLINK:-}")
[ -z "${LINT_CONFIG:-}" ] || args+=(--config "$LINT_CONFIG")
[ "${LINT_LIVE:-false}" != true ] || args+=(--live)

status=0
report=$(steward "${args[@]}") || status=$?
printf '%s\n' "$report"
{ echo '```' && printf '%s\n' "$report" && echo '```'; } >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
echo "status=$status" >>"${GITHUB_OUTPUT:-/dev/null}"
# It ends with the same status, which is told already.
[ -z "${LINT_SARIF:-}" ] || steward "${args[@]}" --format sarif >"$LINT_SARIF" || true
exit "$status"
