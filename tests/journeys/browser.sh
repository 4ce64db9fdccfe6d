#!/bin/sh
# Starts $CHROMIUM without two pages that every window of it makes for suggestions of its address bar, which nobody sees here: a
# second of work for each person of a journey. The switch exists once, and Playwright has features of its own in it.
hidden=WebUIOmniboxPopup,WebUIOmniboxFullPopup,WebUIOmniboxAimPopup
left=$#
while [ "$left" -gt 0 ]; do
  each=$1
  shift
  case $each in --disable-features=*) each=$each,$hidden ;; esac
  set -- "$@" "$each"
  left=$((left - 1))
done
exec "$CHROMIUM" "$@"
