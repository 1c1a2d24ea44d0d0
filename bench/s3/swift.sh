# shellcheck shell=bash
# Debian's OpenStack Swift with its S3 API, started without systemd and without the distribution's services. Everything is below $work,
# even swift.conf.

swift_access_key=bench:swift
swift_secret_key=bench-swift-secret
swift_packages=(swift-proxy swift-account swift-container swift-object python3-swift memcached)
swift_programs=(swift-ring-builder swift-proxy-server swift-account-server swift-container-server swift-object-server memcached)

swift_prefix=
swift_logs=

# start_swift: starts Swift with one replica on one device.
start_swift() {
    local kind port memcached_port proxy_port
    swift_prefix=$work/peers/data/swift
    swift_logs=$work/peers/swift
    swift_pids=()
    mkdir -p "$swift_prefix/"{etc,devices/d1} "$swift_logs"
    cp "$bench/s3/swift.conf" "$swift_prefix/etc/"
    /usr/bin/python3 -c 'import os, sys; os.setxattr(sys.argv[1], "user.bench", b"1")' "$swift_prefix/devices/d1" \
        2>"$swift_logs/xattr.log" || fail "Swift needs extended attributes, which the file system of $work does not support"

    say 'starting Swift: memcached, account, container and object servers, proxy'
    free_port
    memcached_port=$REPLY
    memcached -l 127.0.0.1 -p "$memcached_port" -U 0 -u "$(id -un)" >"$swift_logs/memcached.out" 2>&1 &
    swift_child $!
    for kind in account container object; do
        free_port
        port=$REPLY
        # 2^10 partitions, one replica, no minimum time between two moves.
        {
            swift-ring-builder "$swift_prefix/etc/$kind.builder" create 10 1 0
            swift-ring-builder "$swift_prefix/etc/$kind.builder" add "r1z1-127.0.0.1:$port/d1" 1
            swift-ring-builder "$swift_prefix/etc/$kind.builder" rebalance
        } >>"$swift_logs/rings.log" 2>&1 || swift_failed "the $kind ring cannot be made"
        swift_configuration "$kind" node "$port"
        swift_server "$kind"
    done
    free_port
    proxy_port=$REPLY
    swift_configuration proxy proxy "$proxy_port" "$memcached_port"
    swift_server proxy
    swift_endpoint=http://127.0.0.1:$proxy_port
    until_true 60 answers_or_gone "$swift_endpoint" "${swift_pids[-1]}" && is_running "${swift_pids[-1]}" ||
        swift_failed 'the proxy does not respond'
}

swift_child() {
    remember "$1" 10
    swift_pids+=("$1")
}

# swift_configuration KIND TEMPLATE PORT [MEMCACHED-PORT]
swift_configuration() {
    sed -e "s|@KIND@|$1|g" -e "s|@PORT@|$3|g" -e "s|@MEMCACHED_PORT@|${4-}|g" -e "s|@PREFIX@|$swift_prefix|g" \
        -e "s|@USER@|$(id -un)|g" -e "s|@SECRET@|$swift_secret_key|g" "$bench/s3/swift-$2.conf.template" >"$swift_prefix/etc/$1.conf"
}

# Debian's own Python has the module; another python3 in the PATH may not.
swift_server() {
    /usr/bin/python3 "$bench/s3/swift-server.py" "$1" "$swift_prefix/etc/$1.conf" >"$swift_logs/$1.out" 2>&1 &
    swift_child $!
}

swift_failed() {
    tail -n 5 "$swift_logs"/*.out "$swift_logs"/*.log >&2 || true
    fail "Swift: $1"
}

swift_version() { dpkg-query -W -f '${Version}' python3-swift 2>/dev/null || echo unknown; }
