#!/usr/bin/env bash
# Runs ceph/s3-tests, the public conformance suite of S3, against a fresh graph or any other server.
#
#   --suite DIR      a checkout of https://github.com/ceph/s3-tests
#   --out DIR        the directory for results.tsv, log.txt and the graph's log (./artifacts/conformance)
#   -k EXPR          run only the tests that pytest's -k selects
#   --jobs N         number of parallel tests (4)
#   --model DIR      a directory with s3/2006-03-01/service-2.json of a newer botocore. Debian's does not know conditional writes, newer
#                    checksums and some parameters; tests that use them fail before they send a request.
#   --endpoint URL --admin URL --curl-config FILE   a running MediaAspire, by the lines s3, admin and curl-config of run.sh
#   --config FILE    another server, in the suite's configuration format
#   --exclusions FILE  another list of tests that do not apply, with reasons; /dev/null to run all
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

suite= out=$root/artifacts/conformance expression= jobs=4 model= endpoint= admin= curl_config= config=
exclusions=$root/eng/conformance/not-applicable.tsv
while (($# > 0)); do
  (($# > 1)) || fail "$1 needs a value."
  case $1 in
    --suite) suite=$2 ;;
    --out) out=$2 ;;
    -k) expression=$2 ;;
    --jobs) jobs=$2 ;;
    --model) model=$2 ;;
    --endpoint) endpoint=${2%/} ;;
    --admin) admin=${2%/} ;;
    --curl-config) curl_config=$2 ;;
    --config) config=$2 ;;
    --exclusions) exclusions=$2 ;;
    *) fail "Unknown option: $1" ;;
  esac
  shift 2
done

[[ -n $suite && -f $suite/s3tests/functional/test_s3.py ]] ||
  fail "--suite is '$suite'. Use a checkout of https://github.com/ceph/s3-tests."
[[ -z $endpoint || (-n $admin && -n $curl_config) ]] ||
  fail '--endpoint needs --admin and --curl-config, the address and the key that create the access keys.'

# The distribution's packages belong to its own interpreter.
modules='import boto3, dateutil, isodate, lxml, munch, pytest, pytz, requests, xdist'
python=python3
find_python() {
  for python in /usr/bin/python3 python3; do
    if command -v "$python" >/dev/null && "$python" -c "$modules" 2>/dev/null; then return; fi
  done
  return 1
}
find_python || {
  "$root/eng/install-packages.sh" python3-boto3 python3-dateutil python3-isodate python3-lxml python3-munch python3-pytest \
    python3-pytest-xdist python3-requests python3-tz
  find_python || fail "One of these Python modules is still missing: ${modules#import }"
}

mkdir -p "$out"
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/graph.sh"

# section NAME OWNER DISPLAY-NAME [LINE...]: creates the owner's key and prints the suite's section for it.
section() {
  local name=$1 owner=$2 display=$3 key
  shift 3
  key=$(curl -K "$curl_config" -fsS -X POST -H 'Content-Type: application/json' -d "{\"ownerId\":\"$owner\",\"displayName\":\"$display\"}" \
    "$admin/admin/access-keys") || fail "POST $admin/admin/access-keys failed."
  printf '[%s]\ndisplay_name = %s\nuser_id = %s\nemail = %s@example.org\n' "$name" "$display" "$owner" "${owner:0:8}"
  printf 'access_key = %s\nsecret_key = %s\n' "$("$python" -c 'import json, sys; print(json.load(sys.stdin)["accessKeyId"])' <<<"$key")" \
    "$("$python" -c 'import json, sys; print(json.load(sys.stdin)["secretAccessKey"])' <<<"$key")"
  (($# == 0)) || printf '%s\n' "$@"
  printf '\n'
}

write_config() {
  local address=${endpoint#*://}
  install -m 600 /dev/null "$scratch/s3tests.conf"
  {
    printf '[DEFAULT]\nhost = %s\nport = %s\nis_secure = False\nssl_verify = False\n\n' "${address%:*}" "${address##*:}"
    printf '[fixtures]\nbucket prefix = conformance-{random}-\niam name prefix = conformance-\niam path prefix = /conformance/\n\n'
    section 's3 main' 1111aaaa1111aaaa1111aaaa1111aaaa1111aaaa1111aaaa1111aaaa1111aaaa 'Main Tester' 'api_name = conformance-1'
    section 's3 alt' 2222bbbb2222bbbb2222bbbb2222bbbb2222bbbb2222bbbb2222bbbb2222bbbb 'Alt Tester'
    section 's3 tenant' 3333cccc3333cccc3333cccc3333cccc3333cccc3333cccc3333cccc3333cccc 'Tenant Tester' 'tenant = testx'
    section 'iam' 4444dddd4444dddd4444dddd4444dddd4444dddd4444dddd4444dddd4444dddd 'Iam Tester'
    section 'iam root' 5555eeee5555eeee5555eeee5555eeee5555eeee5555eeee5555eeee5555eeee 'Root Tester'
    section 'iam alt root' 6666ffff6666ffff6666ffff6666ffff6666ffff6666ffff6666ffff6666ffff 'Alt Root Tester'
  } >"$scratch/s3tests.conf"
  config=$scratch/s3tests.conf
}

if [[ -z $config ]]; then
  if [[ -z $endpoint ]]; then
    # The suite expects a day of lifecycle rules to be ten seconds, and signs some requests with version 2 in the header.
    start_graph "$out/graph.log" --Lifecycle:DayLength=00:00:10 --Lifecycle:Interval=00:00:01 --S3:SignatureV2=all
    endpoint=$(graph_value s3)
    admin=$(graph_value admin)
    curl_config=$(graph_value curl-config)
  fi
  write_config
fi
config=$(realpath "$config")
out=$(realpath "$out")

# Amazon's own signer, which botocore uses if it is installed, refuses requests that the server is expected to refuse.
export BOTO_DISABLE_CRT=${BOTO_DISABLE_CRT:-true}
export S3TEST_CONF=$config CONFORMANCE_EXCLUSIONS=$exclusions PYTHONDONTWRITEBYTECODE=1
export PYTHONPATH=$root/eng/conformance${PYTHONPATH:+:$PYTHONPATH}
if [[ -n $model ]]; then
  AWS_DATA_PATH=$(realpath "$model")
  export AWS_DATA_PATH
fi

# These tests list all buckets of an owner, so other tests must not create any at the same time.
alone='test_list_buckets_paginated'

# $1: results, $2: number of parallel tests, $3: the selection
run_tests() {
  local status=0 workers=()
  if (($2 > 1)); then workers=(-n "$2"); fi
  (cd "$suite" && CONFORMANCE_RESULTS=$1 "$python" -m pytest -p no:cacheprovider -p results -q --tb=long "${workers[@]}" -k "$3" \
    s3tests/functional) >>"$out/log.txt" 2>&1 || status=$?
  # 1: tests failed, 5: the selection is empty.
  ((status == 0 || status == 1 || status == 5)) || fail "pytest ended with $status: $(tail -n 20 "$out/log.txt")"
}

: >"$out/log.txt"
say "Testing. The log is $out/log.txt ..."
run_tests "$scratch/alone.tsv" 1 "${expression:+($expression) and }($alone)"
run_tests "$scratch/others.tsv" "$jobs" "${expression:+($expression) and }not ($alone)"
{ cat "$scratch/alone.tsv"; tail -n +2 "$scratch/others.tsv"; } >"$out/results.tsv"

"$python" "$root/eng/conformance/results.py" "$out/results.tsv"
say "The outcome of every test: $out/results.tsv"
