#!/bin/bash
# The official image's contract: arguments that begin with a dash go to redis-server, anything else is a command.
set -euo pipefail

if [[ ${1:-} == -* || $# == 0 ]]; then set -- redis-server "$@"; fi
if [[ $1 == redis-server && $EUID == 0 ]]; then
  chown redis:redis .
  exec setpriv --reuid=redis --regid=redis --clear-groups -- "$@"
fi

exec "$@"
