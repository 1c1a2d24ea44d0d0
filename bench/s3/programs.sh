# shellcheck shell=bash
# The required programs. They are installed only with --install.

# require_programs: checks the programs of the chosen subjects; fails with instructions if one is missing.
require_programs() {
    local programs=(curl jq wrk luajit) packages=(curl jq wrk luajit) program missing=()
    if is_subject ours && ((list_keys > 0)) && [[ $list_fill == rows ]]; then programs+=(psql) packages+=(postgresql-client); fi
    if is_subject ceph; then programs+=("${ceph_programs[@]}") packages+=("${ceph_packages[@]}"); fi
    if is_subject swift; then programs+=("${swift_programs[@]}") packages+=("${swift_packages[@]}"); fi
    missing_programs
    ((${#missing[@]} > 0)) || return 0
    if ! $install; then
        fail "these programs are missing: ${missing[*]}" \
            'bench/s3.sh --install gets them, or on Debian, as root and with no service started:' \
            "    apt-get install --no-install-recommends ${packages[*]}" \
            'Or leave somebody out: --subjects ours,ceph or --subjects ours,swift'
    fi
    ((EUID == 0)) || fail '--install must be run as root'
    command -v apt-get >/dev/null || fail '--install needs apt-get'
    say "installing ${packages[*]}"
    without_services env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends \
        "${packages[@]}" >"$work/install.log" 2>&1 ||
        fail 'installing the packages failed' "$(tail -n 5 "$work/install.log")"
    missing_programs
    ((${#missing[@]} == 0)) || fail "still missing: ${missing[*]}"
}

missing_programs() {
    missing=()
    for program in "${programs[@]}"; do
        command -v "$program" >/dev/null || missing+=("$program")
    done
}

# Packages ask policy-rc.d whether to start their services. Ours refuses; it is used only if the machine does not have one.
without_services() (
    policy=/usr/sbin/policy-rc.d
    if [[ ! -e $policy ]]; then
        trap 'rm -f "$policy"' EXIT
        trap 'exit 130' INT
        trap 'exit 143' TERM HUP
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 755 "$policy"
    fi
    "$@"
)
