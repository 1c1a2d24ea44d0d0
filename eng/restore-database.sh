#!/usr/bin/env bash
# Replaces the database of a running graph, to try docs/operations/restore.md. The database in use is kept under another name.
#   eng/restore-database.sh URL DUMP      by one that is restored from a dump of `pg_dump --format=custom`
#   eng/restore-database.sh --empty URL   by an empty one
#   eng/restore-database.sh --undo URL    by the one that was kept
# URL is postgresql://user:password@host:port/database.
set -euo pipefail

usage() {
  sed -n '2,6p' "$0" | sed 's/^# \{0,1\}//' >&2
  exit 2
}

mode=restore
case "${1:-}" in
  --empty | --undo) mode=${1#--}; shift ;;
esac
[[ $# -eq $([[ $mode == restore ]] && echo 2 || echo 1) ]] || usage

url=$1
base=${url%%\?*}
query=${url#"$base"}
name=${base##*/}
server=${base%/*}
kept=${name}_before_restore
made=${name}_restored
[[ $name =~ ^[a-z_][a-z0-9_]*$ ]] || { echo "'$name' is not the name of a database. Expected $server/NAME." >&2; exit 2; }

on_server() {
  psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 "$server/postgres$query" "$@"
}

# Ends the sessions of a database and keeps new ones out, then renames it.
rename() {
  on_server <<SQL
ALTER DATABASE $1 ALLOW_CONNECTIONS false;
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '$1' \g /dev/null
ALTER DATABASE $1 RENAME TO $2;
ALTER DATABASE $2 ALLOW_CONNECTIONS true;
SQL
}

if [[ $mode == undo ]]; then
  rename "$name" "$made"
  rename "$kept" "$name"
  on_server --command="DROP DATABASE $made WITH (FORCE)"
  echo "$name is the database that was kept as $kept again."
  exit 0
fi

on_server --command="CREATE DATABASE $made"
if [[ $mode == restore ]]; then
  pg_restore --exit-on-error --dbname="$server/$made$query" "$2"
fi

rename "$name" "$kept"
rename "$made" "$name"
echo "$name was replaced; the database that was in use is kept as $kept."
