# shellcheck shell=bash
# Memory and processor time of the product's processes, from /proc.

# The processes of this run's graph: those that inherited its mark, and their descendants (PostgreSQL overwrites its environment).
graph_pids() {
    local marked
    marked=$(grep -lzE "^MEDIAASPIRE_BENCH=$marker\$" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3) || true
    ps -e -o pid=,ppid= | awk -v marked="$marked" '
        BEGIN { n = split(marked, list, "\n"); for (i = 1; i <= n; i++) in_graph[list[i]] = 1 }
        { parent[$1] = $2 }
        END {
            for (pid in parent) {
                for (p = pid; p in parent && p > 1; p = parent[p]) {
                    if (p in in_graph) { print pid; break }
                }
            }
        }'
}

# role_of PID: the role of the process in the graph; empty for launchers and for processes that have ended.
role_of() {
    local -a arguments=()
    mapfile -d '' -t arguments 2>/dev/null <"/proc/$1/cmdline" || return 0
    # A process that is ending has lost its arguments.
    ((${#arguments[@]} > 0)) || return 0
    local first=${arguments[0]##*/} second=${arguments[1]-}
    second=${second##*/}
    case "$first" in
        dotnet) first=${second%.dll} ;;
        postgres* | *postgres:*) first=postgres ;;
        redis-server*) first=redis ;;
    esac
    case "$first" in
        MediaAspire.Api) printf api ;;
        MediaAspire.Storage) printf storage ;;
        MediaAspire.Worker) printf worker ;;
        MediaAspire.AppHost) printf apphost ;;
        aspire-managed | Aspire.Dashboard) printf dashboard ;;
        postgres | redis | dcp) printf %s "$first" ;;
    esac
}

# Prints a line "pid role" for every process of the graph that has a role.
graph_roles() {
    local pid role
    for pid in $(graph_pids); do
        role=$(role_of "$pid")
        [[ -n $role ]] && printf '%s %s\n' "$pid" "$role"
    done
    return 0
}

# Prints lines "pid role seconds": the processor time used so far.
cpu_snapshot() {
    local hz pid role
    hz=$(getconf CLK_TCK)
    while read -r pid role; do
        # Fields 14 and 15 are user and system time; the name in parentheses may hold spaces.
        awk -v pid="$pid" -v role="$role" -v hz="$hz" \
            '{ sub(/^.*\) /, ""); printf "%s %s %.2f\n", pid, role, ($12 + $13) / hz }' "/proc/$pid/stat" 2>/dev/null || true
    done < <(graph_roles)
}

# cpu_between BEFORE AFTER: a JSON object of seconds per role.
cpu_between() {
    if ! grep -q ' api ' "$1" || ! grep -q ' api ' "$2"; then
        fail 'the process of the API was not found among those of the graph'
    fi
    awk '
        NR == FNR { before[$1] = $3; next }
        { used[$2] += $3 - before[$1] }
        END {
            separator = "{"
            for (role in used) { printf "%s\"%s\":%.2f", separator, role, used[role]; separator = "," }
            print (separator == "{" ? "{" : "") "}"
        }' "$1" "$2"
}

# Resets the kernel's high-water mark of resident memory for the API, the nodes and the worker.
reset_peak_memory() {
    local pid role
    while read -r pid role; do
        if [[ $role =~ ^(api|storage|worker)$ ]]; then
            { echo 5 >"/proc/$pid/clear_refs"; } 2>/dev/null || fail "the peak memory of process $pid cannot be reset"
        fi
    done < <(graph_roles)
}

# Prints a JSON object of MiB: the largest resident set of any process of a role since reset_peak_memory.
peak_memory() {
    local pid role
    while read -r pid role; do
        if [[ $role =~ ^(api|storage|worker)$ ]]; then
            awk -v role="$role" '/^VmHWM:/ { print role, $2 / 1024 }' "/proc/$pid/status"
        fi
    done < <(graph_roles) | awk '
        $2 > peak[$1] { peak[$1] = $2 }
        END { printf "{\"api\":%.1f,\"storage\":%.1f,\"worker\":%.1f}\n", peak["api"], peak["storage"], peak["worker"] }'
}
