# shellcheck shell=bash
# Debian's RADOS gateway of Ceph, started without systemd and without the distribution's services. Writes only below $work.

ceph_access_key=bench-ceph
ceph_secret_key=bench-ceph-secret
ceph_packages=(ceph-mon ceph-mgr ceph-osd radosgw python3-rados)
ceph_programs=(ceph monmaptool ceph-mon ceph-mgr ceph-osd radosgw radosgw-admin)

ceph_prefix=
ceph_logs=

# ceph_run PROGRAM ARGUMENT...: runs a program with this run's cluster instead of any other that the machine is configured for.
ceph_run() { CEPH_CONF=$ceph_prefix/ceph.conf "$@" 2>>"$ceph_logs/commands.log"; }

# ceph_daemon NAME PROGRAM ARGUMENT...: starts a daemon in the foreground of its own job.
ceph_daemon() {
    local name=$1
    shift
    CEPH_CONF=$ceph_prefix/ceph.conf "$@" -f >>"$ceph_logs/$name.out" 2>&1 &
    # Killed at once: its data is deleted anyway, and without a monitor the others do not stop by themselves.
    remember $! 5
    ceph_pids+=($!)
}

# start_ceph BLOCK-MIB: starts a cluster with one OSD of BLOCK-MIB MiB.
start_ceph() {
    local block_mib=$1 fsid osd mon_port rgw_port
    ceph_prefix=$work/peers/data/ceph
    ceph_logs=$work/peers/ceph
    ceph_pids=()
    mkdir -p "$ceph_prefix/"{mon,mgr,osd,rgw,crash} "$ceph_logs"
    : >"$ceph_prefix/keyring"
    fsid=$(</proc/sys/kernel/random/uuid)
    osd=$(</proc/sys/kernel/random/uuid)
    free_port
    mon_port=$REPLY
    free_port
    rgw_port=$REPLY
    sed -e "s|@PREFIX@|$ceph_prefix|g" -e "s|@LOGS@|$ceph_logs|g" -e "s|@FSID@|$fsid|g" -e "s|@MON_PORT@|$mon_port|g" \
        -e "s|@RGW_PORT@|$rgw_port|g" -e "s|@CACHE_BYTES@|$((large_size * 4 + 1073741824))|g" \
        -e "s|@BLOCK_BYTES@|$((block_mib * 1048576))|g" "$bench/s3/ceph.conf.template" >"$ceph_prefix/ceph.conf"

    say 'starting Ceph: monitor, manager, OSD, gateway'
    ceph_run monmaptool --create --clobber --fsid "$fsid" --addv a "[v2:127.0.0.1:$mon_port]" "$ceph_prefix/monmap" \
        >>"$ceph_logs/commands.log" &&
        ceph_run ceph-mon -i a --mkfs --monmap "$ceph_prefix/monmap" ||
        ceph_failed 'creating the data of the monitor failed'
    ceph_daemon mon ceph-mon -i a
    ceph_daemon mgr ceph-mgr -i x
    ceph_run timeout --foreground 60 ceph --connect-timeout 60 osd new "$osd" >>"$ceph_logs/commands.log" ||
        ceph_failed 'adding an OSD to the monitor failed'
    ceph_run ceph-osd -i 0 --mkfs --osd-uuid "$osd" || ceph_failed 'creating the data of the OSD failed'
    ceph_daemon osd ceph-osd -i 0
    until_true 60 ceph_osd_is_up || ceph_failed 'the OSD does not come up'
    # This also creates the pools, and waits for their placement groups.
    ceph_run timeout --foreground 120 radosgw-admin user create --uid=bench --display-name=bench \
        --access-key="$ceph_access_key" --secret-key="$ceph_secret_key" >>"$ceph_logs/commands.log" ||
        ceph_failed 'creating the user failed'
    ceph_daemon rgw radosgw -n client.rgw
    ceph_endpoint=http://127.0.0.1:$rgw_port
    until_true 120 answers_or_gone "$ceph_endpoint" "${ceph_pids[-1]}" && is_running "${ceph_pids[-1]}" ||
        ceph_failed 'the gateway does not respond'
    ceph_run timeout --foreground 60 ceph status >"$ceph_logs/status"
}

ceph_osd_is_up() { ceph_run timeout --foreground 20 ceph osd stat -f json | jq -e '.num_up_osds == 1'; }

ceph_failed() {
    tail -n 5 "$ceph_logs"/*.log "$ceph_logs"/*.out >&2 || true
    fail "Ceph: $1"
}

ceph_version() { ceph-osd --version | sed 's/^ceph version \([^ ]*\).*/\1/'; }
