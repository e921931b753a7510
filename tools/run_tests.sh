#!/usr/bin/env bash
# All tests, or what pytest is told: make test ARGS="-m unit".
#
# All of them run in two halves at once, since those of the dashboard and of the chain mostly wait
# for other processes, and those of the device compute. The second half is shown when both are done.
set -uo pipefail
cd "$(dirname "$0")/.."

python=.venv/bin/python
[ $# -gt 0 ] && exec "$python" -m pytest "$@"

waiting=(tests/dashboard tests/chain tests/security)
log=$(mktemp)
trap 'rm -f "$log"' EXIT

"$python" -m pytest -p no:cacheprovider "${waiting[@]}" >"$log" 2>&1 &
other=$!
"$python" -m pytest "${waiting[@]/#/--ignore=}"
first=$?
wait "$other"
second=$?
printf '\n%s:\n' "${waiting[*]}"
cat "$log"
exit $((first || second))
