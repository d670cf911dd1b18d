#!/bin/sh
# A collection for cron. Lay it beside steward.json, in a folder of its own.
#
# It prints nothing while all is well, so that cron sends no mail, and everything otherwise. Its status is that of the
# command: 0 all well, 1 something was found, 2 steward.json is wrong, 3 nothing was deleted because something could not
# be read or decided. What it is given it gives to the command: without --execute nothing is deleted.
set -u
cd "$(dirname "$0")" || exit 2

output=$(steward collect "$@" 2>&1)
status=$?
[ "$status" -eq 0 ] || printf '%s\n' "$output"
exit "$status"
