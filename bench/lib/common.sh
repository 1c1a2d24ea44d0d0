# shellcheck shell=bash
# Functions for every part. run.sh sets $root, $bench and $work.

say() { printf '==> %s\n' "$*" >&2; }

fail() {
    printf 'bench: %s\n' "$@" >&2
    exit 1
}

# Processes that this run started and has not waited for yet. on_exit ends them by these ids.
started=()
declare -A patience=()

# remember PID [SECONDS]: the time that the process has to stop before it is killed (60).
remember() {
    started+=("$1")
    patience[$1]=${2:-60}
}

is_running() { kill -0 "$1" 2>/dev/null; }

# After the wait, the id may belong to another process.
forget() {
    local i
    for i in "${!started[@]}"; do
        [[ ${started[i]} != "$1" ]] || unset "started[$i]"
    done
}

# end PID SIGNAL SECONDS: asks a child to stop, and kills it after the time limit.
end() {
    local pid=$1 signal=$2 deadline=$((SECONDS + $3))
    forget "$pid"
    is_running "$pid" || { wait "$pid" 2>/dev/null || true; return 0; }
    kill -s "$signal" "$pid" 2>/dev/null || true
    while is_running "$pid"; do
        if ((SECONDS >= deadline)); then
            say "process $pid did not stop within $3 s; killing it"
            kill -s KILL "$pid" 2>/dev/null || true
            break
        fi
        sleep 0.05
    done
    wait "$pid" 2>/dev/null || true
}

# begin_run PREFIX: makes the directory of the run's data, whose name begins with PREFIX, and that of the results.
# Sets $started_at, $work and $marker.
begin_run() {
    started_at=$(date -u +%Y-%m-%dT%H-%M-%SZ)
    mkdir -p "$work_parent" "$bench/results"
    work=$(mktemp -d "$work_parent/$1$started_at.XXXX")
    chmod 755 "$work"
    marker=${work##*/}
    trap on_exit EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}

on_exit() {
    local status=$? i
    local -a pids=("${started[@]}")
    trap - EXIT INT TERM HUP
    # In reverse order: a process needs those that were started before it in order to stop cleanly.
    for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
        end "${pids[i]}" TERM "${patience[${pids[i]}]}"
    done
    if [[ -n ${work-} && -d $work && ${keep-} != true ]]; then
        if ((status == 0)); then
            rm -rf "$work"
        else
            remove_bulk
            say "the logs of this run are in $work"
        fi
    fi
    exit "$status"
}

# A failed run keeps its logs, but not its data.
remove_bulk() { rm -rf "$work"/graph-*/ "$work/peers/data" "$work/peers/temp" "$work/source"; }

# until_true SECONDS COMMAND...: repeats the command until it succeeds; fails after the time limit.
until_true() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < deadline)) || return 1
        sleep 0.05
    done
}

# Microseconds since 1970. EPOCHREALTIME has exactly six decimals.
now() { printf '%s' "${EPOCHREALTIME//[!0-9]/}"; }

# Ports below the ephemeral range, so that an outgoing connection cannot take one between the choice and the bind.
given_ports=()

free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12768))
        [[ " ${given_ports[*]-} " == *" $port "* ]] && continue
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && continue
        given_ports+=("$port")
        REPLY=$port
        return
    done
}

sha256_of() { sha256sum "$1" | cut -d' ' -f1; }

# Writes all dirty pages to the disk, so that a measurement does not pay for the one before.
settle() { sync -f "$work"; }

# install_missing PROGRAM: installs the package of that name on Debian and Ubuntu as root; otherwise fails with its name.
install_missing() {
    [[ -z $(program_path "$1") ]] || return 0
    if ! command -v apt-get >/dev/null || ((EUID != 0)); then
        fail "$1 is needed; install the package $1" '(as root on Debian and Ubuntu, this script installs it)'
    fi
    say "installing $1"
    apt_install "$1" >"$work/apt.log" 2>&1 && return
    # The package lists may be missing or too old.
    { apt-get update && apt_install "$1"; } >>"$work/apt.log" 2>&1 || fail "installing $1 failed" "$(tail -n 20 "$work/apt.log")"
}

apt_install() { DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$1"; }

# /usr/sbin is not in every user's PATH.
program_path() { PATH=$PATH:/usr/sbin:/sbin command -v "$1" || true; }
