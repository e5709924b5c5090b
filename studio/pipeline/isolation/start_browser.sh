#!/bin/sh
# Starts $LIKENESS_PROGRAM with the arguments given. Passes on the first 64 kB of its standard error: Chromium writes each
# console line of a page there, and Playwright keeps all of it until the browser ends.
# With $LIKENESS_USER it starts as that user and with the profile $LIKENESS_PROFILE: Playwright makes a profile that only its
# own user may enter. 3 and 4 are the pipes to Playwright, 5 is the standard output.
run='{ "$@" 2>&1 >&5 5>&- | { head -c 65536 >&2; cat >/dev/null; } 3<&- 4>&- 5>&-; } 5>&1'
if [ -z "$LIKENESS_USER" ]; then exec sh -c "$run" sh "$LIKENESS_PROGRAM" "$@"; fi
for argument; do
  shift
  case $argument in --user-data-dir=*) argument=--user-data-dir=$LIKENESS_PROFILE ;; esac
  set -- "$@" "$argument"
done
exec setpriv --reuid="$LIKENESS_USER" --regid="$LIKENESS_GROUP" --clear-groups --inh-caps=-all sh -c "$run" sh "$LIKENESS_PROGRAM" "$@"
