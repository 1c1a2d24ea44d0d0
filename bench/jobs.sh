#!/usr/bin/env bash
# Measures the job queue with each provider, on engines of its own that sync every write; see docs/operations/benchmarks.md.
set -euo pipefail

bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$bench")

# shellcheck source-path=SCRIPTDIR
source "$bench/lib/common.sh"

usage() {
    cat <<'TEXT'
usage: bench/jobs.sh [--seconds N] [--concurrency N] [--work DIR]
       bench/jobs.sh --soak JOBS [--kill-every SECONDS] [--work DIR]

Starts a PostgreSQL and a Redis of its own and prints a table: the rates at which jobs are enqueued, taken and settled,
and the time from enqueueing a job to its handler.

With --soak it runs JOBS jobs in four worker processes, of which one is killed (-9) at intervals, and fails when an
effect is missing.

  --seconds N      length of each load (10)
  --concurrency N  number of jobs that the worker runs in parallel (16)
  --kill-every N   seconds between two kills (10)
  --work DIR       directory of the engines' data, on the disk to measure (.data/bench in the repository)
TEXT
}

seconds=10 concurrency=16 work_parent=$root/.data/bench keep=false soak= kill_every=10
while (($#)); do
    case $1 in
        --seconds) seconds=${2:?--seconds needs a number}; shift ;;
        --concurrency) concurrency=${2:?--concurrency needs a number}; shift ;;
        --soak) soak=${2:?--soak needs a number}; shift ;;
        --kill-every) kill_every=${2:?--kill-every needs a number}; shift ;;
        --work) work_parent=${2:?--work needs a directory}; shift ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift
done

mkdir -p "$work_parent"
work=$(mktemp -d "$work_parent/jobs.XXXX")
remove_bulk() { rm -rf "$work/postgres" "$work/redis"; }
trap on_exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# PostgreSQL refuses to run as root.
unprivileged=()
((EUID != 0)) || unprivileged=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
postgres_bin=$(PATH=$PATH:$(printf '%s:' /usr/lib/postgresql/*/bin) command -v initdb) ||
    fail 'initdb is needed; install the package postgresql'
postgres_bin=$(dirname "$postgres_bin")
command -v redis-server >/dev/null || fail 'redis-server is needed; install the package redis-server'

chmod 755 "$work"
mkdir -p "$work/postgres" "$work/redis"
((EUID != 0)) || chown nobody "$work/postgres"
free_port
redis_port=$REPLY
free_port
postgres_port=$REPLY
cd "$work/postgres"
"${unprivileged[@]}" "$postgres_bin/initdb" -D "$work/postgres/data" -A trust -U postgres >"$work/initdb.log"
"${unprivileged[@]}" "$postgres_bin/postgres" -D "$work/postgres/data" -p "$postgres_port" \
    -c listen_addresses=127.0.0.1 -c unix_socket_directories= >"$work/postgres.log" 2>&1 &
remember $!
redis-server --bind 127.0.0.1 --port "$redis_port" --dir "$work/redis" --appendonly yes --appendfsync always --save '' >"$work/redis.log" &
remember $!
until_true 60 grep -q "ready to accept connections" "$work/postgres.log" || fail "PostgreSQL is not ready after a minute"
until_true 60 grep -q "Ready to accept connections" "$work/redis.log" || fail "Redis is not ready after a minute"

dotnet build "$bench/MediaAspire.Benchmarks" --configuration Release -m:1 --nologo --verbosity quiet >&2
export ConnectionStrings__media="Host=127.0.0.1;Port=$postgres_port;Username=postgres;Database=postgres;Maximum Pool Size=90"
export ConnectionStrings__redis="127.0.0.1:$redis_port"
cd "$root"
benchmarks() { dotnet run --no-build --project "$bench/MediaAspire.Benchmarks" --configuration Release -- "$@"; }
if [[ -n $soak ]]; then
    for provider in postgres redis; do
        benchmarks jobs-soak "$provider" "$soak" "$kill_every"
    done
    exit
fi
echo '| provider | what | rate | time |'
echo '|---|---|---|---|'
for provider in postgres redis; do
    settle
    benchmarks jobs "$provider" "$seconds" "$concurrency"
done
