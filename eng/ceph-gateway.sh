#!/usr/bin/env bash
# Starts Ceph's RADOS gateway from Debian's packages, as the S3 of another maker for tests: eng/ceph-gateway.sh DIRECTORY
# Writes one line with its endpoint, access key and secret key, and runs until its standard input ends. Deletes the directory then.
set -euo pipefail

bench=$(cd "$(dirname "${BASH_SOURCE[0]}")/../bench" && pwd)
work=${1:?usage: eng/ceph-gateway.sh DIRECTORY}
mkdir -p "$work"

# shellcheck source-path=SCRIPTDIR/../bench
for part in lib/common s3/subjects s3/ceph; do
    source "$bench/$part.sh"
done

trap on_exit EXIT
trap 'exit 130' INT TERM HUP
for program in "${ceph_programs[@]}" jq; do
    command -v "$program" >/dev/null || fail "$program is missing; on Debian: apt-get install ${ceph_packages[*]} jq"
done

# Read by the template of the settings: the size of BlueStore's cache.
large_size=16777216
start_ceph 2048
printf '%s %s %s\n' "$ceph_endpoint" "$ceph_access_key" "$ceph_secret_key"
cat >/dev/null
