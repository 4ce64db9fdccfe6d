#!/usr/bin/env bash
# Runs the whole suite on SQLite, then what a database can touch on PostgreSQL. What is missing is installed from
# Debian's packages when this runs as root; otherwise it is named and the tests that need it are left out, loudly.
set -euo pipefail
cd "$(dirname "$0")/.."
BIN="$PWD/.venv/bin"
WORK="$(mktemp -d)"
# Hundreds of tests run a command in a process of its own: each would compile the whole source anew where none may keep it.
unset PYTHONDONTWRITEBYTECODE
MISSING=""

finish() {
  if [ -f "$WORK/pg/postmaster.pid" ]; then pg_stop || true; fi
  rm -rf "$WORK"
}
trap finish EXIT

as_root() { [ "$(id -u)" = 0 ]; }
need() { # command or path, package
  if command -v "$1" >/dev/null 2>&1 || [ -e "$1" ]; then return 0; fi
  if as_root && command -v apt-get >/dev/null 2>&1; then
    [ -e "$WORK/updated" ] || { apt-get update -qq; touch "$WORK/updated"; }
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2" >/dev/null
  else
    MISSING="$MISSING $2"
    return 1
  fi
}

need chromium chromium || true
need pdftotext poppler-utils || true
PG_BIN="$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)"
if [ -z "$PG_BIN" ] || [ ! -x "$PG_BIN/initdb" ]; then
  need /usr/lib/postgresql/15/bin/initdb postgresql || true
  PG_BIN="$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)"
fi

pg_run() { if as_root; then runuser -u postgres -- "$@"; else "$@"; fi; }
pg_stop() { pg_run "$PG_BIN/pg_ctl" -D "$WORK/pg" -m immediate stop >/dev/null; }
pg_start() {
  mkdir -p "$WORK/pg"
  if as_root; then chown postgres "$WORK/pg"; chmod 755 "$WORK"; fi
  pg_run "$PG_BIN/initdb" -D "$WORK/pg" -U postgres -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
  PG_PORT="$("$BIN/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
  pg_run "$PG_BIN/pg_ctl" -D "$WORK/pg" -w -l "$WORK/pg/log" \
    -o "-p $PG_PORT -c listen_addresses=127.0.0.1 -c unix_socket_directories=$WORK/pg -c fsync=off -c max_connections=300" start >/dev/null
}

# Two at a time, each file on one of them: files share what they set up, and most tests wait for a browser or a child. The longest
# files first (LONGEST_FIRST in tests/conftest.py), not those with the most tests: some journeys are one test of two minutes.
SIDE_BY_SIDE="-n ${TEST_PROCESSES:-2} --dist loadfile --no-loadscope-reorder"
# What a database makes a difference to (docs/decisions/0030): services, commands, each page as each role that may, three journeys.
ON_POSTGRESQL="tests/services tests/worker tests/house/test_access.py tests/journeys"
if [ "${TEST_POSTGRESQL:-}" = all ]; then ON_POSTGRESQL="tests ikrar/domain"; fi
STATUS=0

# Of each database one with empty tables, which the tests copy (tests/template.py): made side by side, as the tests of both processes
# would wait for it. One that cannot be made is told of by the tests.
"$BIN/python" -m tests.template 2>/dev/null &
if [ -n "$PG_BIN" ] && [ -x "$PG_BIN/initdb" ]; then
  pg_start
  PG_URL="postgres://postgres@127.0.0.1:$PG_PORT/postgres"
  DATABASE_URL="$PG_URL" "$BIN/python" -m tests.template 2>/dev/null || true
fi
wait $! || true

echo "== SQLite"
# shellcheck disable=SC2086
"$BIN/python" -m pytest $SIDE_BY_SIDE "$@" || STATUS=$?

echo "== PostgreSQL"
if [ -n "${PG_URL:-}" ]; then
  DATABASE_URL="$PG_URL" PATH="$PG_BIN:$PATH" \
    "$BIN/python" -m pytest $SIDE_BY_SIDE -m "not looks" $ON_POSTGRESQL "$@" || STATUS=$?
else
  echo "left out: PostgreSQL is not installed"
fi
[ -z "$MISSING" ] || echo "MISSING, and not installed because this is not root:$MISSING"
exit "$STATUS"
