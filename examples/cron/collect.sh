#!/bin/sh
# Runs `steward collect` from cron. Put this script next to steward.json, in a folder of its own.
#
# If all is well it prints nothing, so cron sends no mail. Otherwise it prints the whole output. Its exit status is that of
# the command: 0 all is well, 1 there are findings, 2 steward.json is wrong, 3 nothing was deleted because something could
# not be read or decided. It passes its arguments to the command. Without --execute, nothing is deleted.
set -u
cd "$(dirname "$0")" || exit 2

output=$(steward collect "$@" 2>&1)
status=$?
[ "$status" -eq 0 ] || printf '%s\n' "$output"
exit "$status"
