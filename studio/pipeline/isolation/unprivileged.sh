#!/bin/sh
# Starts $LIKENESS_PROGRAM with the arguments given, as the user $LIKENESS_USER and with the profile $LIKENESS_PROFILE:
# Playwright makes a profile that only its own user may enter.
for argument; do
  shift
  case $argument in --user-data-dir=*) argument=--user-data-dir=$LIKENESS_PROFILE ;; esac
  set -- "$@" "$argument"
done
exec setpriv --reuid="$LIKENESS_USER" --regid="$LIKENESS_GROUP" --clear-groups --inh-caps=-all "$LIKENESS_PROGRAM" "$@"
