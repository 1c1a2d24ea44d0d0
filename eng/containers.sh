#!/usr/bin/env bash
# Tests the container set without an image registry. Starts a Docker engine of its own, builds images with the used tags from Debian
# packages, starts the AppHost with Engines=containers, checks health, and stores and reads a file. Stops everything at the end.
# Needs root on Debian or Ubuntu. LocalStack cannot be built from packages and is left out.
#
#   SUITE   the Debian release of the engines; its PostgreSQL needs the major version of the tag
#   CACHE   the directory that keeps the root file system between runs
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

suite=${SUITE:-forky}
cache=${CACHE:-/var/cache/mediaaspire}
postgres_image=docker.io/library/postgres:18.3
redis_image=docker.io/library/redis:8.6
oldest_client=25
patience=180

((EUID == 0)) || fail 'Run this script as root, because it starts a Docker engine.'
command -v apt-get >/dev/null || fail 'This script needs apt-get, which was not found. Run it on Debian or Ubuntu.'
require_dotnet

work=$(mktemp -d /var/tmp/mediaaspire-containers.XXXXXX)
export DOCKER_HOST=unix://$work/docker.sock
dockerd=
apphost=
had_bridge=no
if [[ -e /sys/class/net/docker0 ]]; then had_bridge=yes; fi

# $1: process, $2: seconds
wait_gone() {
  local deadline=$((SECONDS + $2))
  while kill -0 "$1" 2>/dev/null; do
    ((SECONDS < deadline)) || return 1
    sleep 0.2
  done
}

clean_up() {
  local status=$?
  trap - EXIT
  if ((status != 0)); then
    say '--- AppHost'; tail -n 40 "$work/apphost.log" 2>/dev/null >&2 || true
    say '--- dockerd'; tail -n 10 "$work/dockerd.log" 2>/dev/null >&2 || true
  fi
  if [[ -n $apphost ]] && kill -TERM "$apphost" 2>/dev/null; then
    wait_gone "$apphost" 60 || kill -KILL "$apphost" 2>/dev/null || true
  fi
  if [[ -n $dockerd ]]; then
    docker ps --all --quiet 2>/dev/null | xargs --no-run-if-empty docker rm --force --volumes >/dev/null 2>&1 || true
    docker network prune --force >/dev/null 2>&1 || true
    if kill -TERM "$dockerd" 2>/dev/null; then
      wait_gone "$dockerd" 30 || kill -KILL "$dockerd" 2>/dev/null || true
    fi
    if [[ $had_bridge == no ]]; then ip link delete docker0 2>/dev/null || true; fi
  fi
  rm -rf "$work"
  exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

install_tools() {
  local wanted=()
  command -v dockerd >/dev/null || wanted+=(docker.io)
  command -v debootstrap >/dev/null || wanted+=(debootstrap)
  if ((${#wanted[@]} == 0)); then return; fi
  say "Installing ${wanted[*]} ..."
  apt_install() {
    DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
      apt-get install --yes --quiet --no-install-recommends "${wanted[@]}" >>"$work/apt.log" 2>&1
  }
  apt_install || { apt-get update --quiet >>"$work/apt.log" 2>&1 && apt_install; } ||
    { tail -n 20 "$work/apt.log" >&2; fail "apt-get could not install ${wanted[*]}."; }
}

check_client() {
  local version
  version=$(docker --version | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1)
  ((${version%%.*} >= oldest_client)) ||
    fail "The docker command line is $version; Aspire needs $oldest_client or later. Put a newer static docker binary first in the PATH" \
      '(Debian 12 has an older one; its engine works).'
  say "docker command line $version"
}

# A socket, data and runtime directories of its own; and no firewall rules: published ports go through Docker's own proxy.
start_engine() {
  dockerd --host "$DOCKER_HOST" --data-root "$work/data" --exec-root "$work/exec" --pidfile "$work/docker.pid" \
    --iptables=false --ip6tables=false >"$work/dockerd.log" 2>&1 &
  dockerd=$!
  local deadline=$((SECONDS + 60))
  until docker version >/dev/null 2>&1; do
    kill -0 "$dockerd" 2>/dev/null || fail 'dockerd ended while it started.'
    ((SECONDS < deadline)) || fail 'dockerd did not respond within a minute.'
    sleep 0.2
  done
  say "docker engine $(docker version --format '{{.Server.Version}}')"
}

# Prints the mirror from which this machine's own apt gets its packages.
debian_mirror() {
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -n 1
}

make_root_file_system() {
  local archive=$cache/engines-$suite.tar
  if [[ ! -s $archive ]]; then
    say "Creating a root file system of Debian $suite with PostgreSQL and Redis ..."
    mkdir -p "$cache"
    local tree=$work/tree script=/usr/share/debootstrap/scripts/$suite
    # A release that this debootstrap does not know is built like unstable.
    [[ -e $script ]] || script=/usr/share/debootstrap/scripts/sid
    debootstrap --variant=minbase --include=postgresql,redis-server "$suite" "$tree" "$(debian_mirror)" "$script" \
      >"$work/debootstrap.log" 2>&1 || { tail -n 20 "$work/debootstrap.log" >&2; fail "debootstrap of $suite failed."; }
    rm -rf "$tree"/var/cache/apt/archives/*.deb "$tree"/var/lib/apt/lists/* "$tree"/usr/share/{doc,locale,man} \
      "$tree"/var/lib/postgresql/* "$tree"/etc/postgresql/*
    mkdir -p "$tree/docker-entrypoint-initdb.d"
    tar -C "$tree" -cf "$archive.new" --exclude='./dev/*' --exclude='./proc/*' --exclude='./sys/*' .
    mv "$archive.new" "$archive"
    rm -rf "$tree"
  fi
}

# Uses the legacy builder, because Debian's package does not contain the plugin of the newer one.
build_image() {
  DOCKER_BUILDKIT=0 docker build --quiet --tag "$1" --file "$root/eng/images/$2.Dockerfile" "${@:3}" "$root/eng/images" \
    >/dev/null 2>"$work/build.log" || { cat "$work/build.log" >&2; fail "Building the image $1 failed."; }
}

build_images() {
  local major=${postgres_image##*:}
  major=${major%%.*}
  docker import "$cache/engines-$suite.tar" mediaaspire/engines:local >/dev/null
  build_image "$postgres_image" postgres --build-arg "MAJOR=$major"
  build_image "$redis_image" redis

  local version
  version=$(docker run --rm --network none --entrypoint postgres "$postgres_image" --version)
  [[ $version == *"PostgreSQL) $major."* ]] ||
    fail "Debian $suite has $version, but the tag is $postgres_image. Set SUITE to another release."
  say "$postgres_image holds $version"
  say "$redis_image holds $(docker run --rm --network none --entrypoint redis-server "$redis_image" --version)"
}

# Aspire would keep generated passwords in the user secrets after the volumes are deleted.
password() { head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n'; }

start_apphost() {
  build MediaAspire.AppHost
  DOTNET_ENVIRONMENT=Development ASPIRE_ALLOW_UNSECURED_TRANSPORT=true \
    "$root/MediaAspire.AppHost/bin/Release/net10.0/MediaAspire.AppHost" \
    --Engines=containers --S3:Enabled=false --Data:Directory="$work/graph" \
    --Parameters:postgres-password="$(password)" --Parameters:redis-password="$(password)" >"$work/apphost.log" 2>&1 &
  apphost=$!
  local deadline=$((SECONDS + patience))
  until grep -q '^s3-secret-key ' "$work/apphost.log"; do
    kill -0 "$apphost" 2>/dev/null || fail 'The AppHost ended.'
    ((SECONDS < deadline)) || fail "The graph was not healthy within $patience seconds."
    sleep 0.5
  done
  api=$(sed -n 's/^api //p' "$work/apphost.log")
  curl_config=$(sed -n 's/^curl-config //p' "$work/apphost.log")
  say "Healthy at $api with:"
  docker ps --format '  {{.Image}} {{.Status}}' >&2
}

round_trip() {
  head -c 20000000 /dev/urandom >"$work/sent"
  local answer id
  answer=$(curl --config "$curl_config" --fail --silent --show-error --form "file=@$work/sent;filename=sent.bin" "$api/files")
  id=$(grep -oE '"fileId":"[^"]+"' <<<"$answer" | cut -d '"' -f 4)
  curl --config "$curl_config" --fail --silent --show-error --output "$work/received" "$api/files/$id"
  cmp "$work/sent" "$work/received" || fail 'The file that was read differs from the file that was stored.'
  curl --fail --silent --show-error "$api/health" >/dev/null
  say "Stored 20 MB as file $id and read the same bytes back."
}

stop_apphost() {
  local status=0
  kill -TERM "$apphost"
  wait "$apphost" || status=$?
  apphost=
  ((status == 0)) || fail "The AppHost ended with exit code $status."
  local deadline=$((SECONDS + 60))
  while [[ -n $(docker ps --quiet) ]]; do
    ((SECONDS < deadline)) || fail "Containers are still running: $(docker ps --format '{{.Image}}' | tr '\n' ' ')"
    sleep 0.5
  done
  say 'The AppHost ended with exit code 0 and left no container running.'
}

install_tools
check_client
start_engine
make_root_file_system
build_images
start_apphost
round_trip
stop_apphost
say 'The container set works.'
