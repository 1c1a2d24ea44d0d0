#!/bin/bash
# The part of the official image's contract that Aspire uses: POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB,
# POSTGRES_HOST_AUTH_METHOD, POSTGRES_INITDB_ARGS, PGDATA, /docker-entrypoint-initdb.d, and arguments for the server.
set -euo pipefail

if [[ ${1:-postgres} == -* ]]; then set -- postgres "$@"; fi
if [[ ${1:-postgres} != postgres ]]; then exec "$@"; fi
shift || true

if ((EUID == 0)); then
  mkdir -p "$PGDATA"
  chown -R postgres:postgres "$(dirname "$(dirname "$PGDATA")")"
  chmod 700 "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --clear-groups -- "$0" postgres "$@"
fi

if [[ ! -s $PGDATA/PG_VERSION ]]; then
  user=${POSTGRES_USER:-postgres}
  database=${POSTGRES_DB:-$user}
  method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
  if [[ -z ${POSTGRES_PASSWORD:-} && $method != trust ]]; then
    echo 'POSTGRES_PASSWORD is not set.' >&2
    exit 1
  fi

  # shellcheck disable=SC2086
  initdb --username="$user" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") ${POSTGRES_INITDB_ARGS:-}
  printf 'host all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"

  # Listens only on a socket, so that clients cannot connect before the initialization is complete.
  PGUSER=$user PGPASSWORD=$POSTGRES_PASSWORD pg_ctl --wait --options="-c listen_addresses='' -c unix_socket_directories=/tmp" start
  query=(env "PGPASSWORD=$POSTGRES_PASSWORD" psql --no-psqlrc --host=/tmp --username="$user" --set=ON_ERROR_STOP=1)
  if [[ $database != postgres ]]; then
    "${query[@]}" --dbname=postgres --set=name="$database" <<<'CREATE DATABASE :"name";'
  fi
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sh) bash "$file" ;;
      *.sql) "${query[@]}" --dbname="$database" --file="$file" ;;
    esac
  done
  pg_ctl --wait --mode=fast stop
fi

exec postgres -c listen_addresses='*' -c unix_socket_directories=/tmp "$@"
