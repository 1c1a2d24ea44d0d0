# shellcheck shell=bash
# The peers: Debian's nginx with configurations of our own instead of the distribution's service, and dd.

nginx=
origin=
front=
nginx_pids=()

prepare_peers() {
    local running_before
    running_before=$(pgrep -x nginx || true)
    install_missing nginx
    nginx=$(program_path nginx)
    stop_service_unless "$running_before"

    "$nginx" -V 2>&1 | grep -q -- --with-http_dav_module || fail "$nginx is built without ngx_http_dav_module"
    mkdir -p "$work/peers/data/static" "$work/peers/data/dav" "$work/peers/temp"
}

# The installation of the package may start its service. Stop it, unless nginx was running before.
stop_service_unless() {
    local running_before=$1 pid
    [[ -n $running_before ]] && return
    pid=$(cat /run/nginx.pid 2>/dev/null || true)
    if [[ -n $pid ]] && is_running "$pid"; then
        say 'stopping the nginx service that the package started'
        kill -s QUIT "$pid"
        until_true 10 not is_running "$pid" || fail "the nginx service (process $pid) does not stop"
    fi
}

not() { ! "$@"; }

# start_nginx NAME: starts bench/nginx/NAME.conf.template on a free port, and sets REPLY to its address.
start_nginx() {
    local name=$1 prefix=$work/peers port
    free_port
    port=$REPLY
    sed -e "s|@PREFIX@|$prefix|g" -e "s|@NAME@|$name|g" -e "s|@PORT@|$port|g" -e "s|@ORIGIN@|${origin#http://}|g" \
        -e "s|@USER@|$(id -un) $(id -gn)|g" "$bench/nginx/$name.conf.template" >"$prefix/$name.conf"
    "$nginx" -e "$prefix/$name.log" -p "$prefix" -c "$prefix/$name.conf" -g 'daemon off;' &
    remember $!
    nginx_pids+=($!)
    REPLY=http://127.0.0.1:$port
    until_true 10 curl -fsS -o /dev/null "$REPLY/ready" || fail "nginx ($name) does not respond" "$(cat "$prefix/$name.log")"
}

start_peers() {
    start_nginx origin
    origin=$REPLY
    start_nginx front
    front=$REPLY
}

nginx_version() { "$nginx" -v 2>&1 | sed 's|^.*nginx/||'; }
