#!/usr/bin/env bash
# Runs the public conformity suite of the IETF's "Resumable Uploads for HTTP" against a fresh graph or a running server.
#
#   --suite DIR      a checkout of https://github.com/tomdesair/tus-java-server
#   --out DIR        the directory for results.tsv, log.txt and the graph's log (./artifacts/upload-conformity)
#   -k EXPR          run only the tests that pytest's -k selects
#   --url URL --curl-config FILE   a running MediaAspire: its address of /uploads, and the line curl-config of run.sh
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

suite= out=$root/artifacts/upload-conformity expression= url= curl_config=
while (($# > 0)); do
  (($# > 1)) || fail "$1 needs a value."
  case $1 in
    --suite) suite=$2 ;;
    --out) out=$2 ;;
    -k) expression=$2 ;;
    --url) url=${2%/} ;;
    --curl-config) curl_config=$2 ;;
    *) fail "Unknown option: $1" ;;
  esac
  shift 2
done

[[ -n $suite && -f $suite/scripts/rufh_conformity_test.py ]] ||
  fail "--suite is '$suite'. Use a checkout of https://github.com/tomdesair/tus-java-server."
[[ -z $url || -n $curl_config ]] || fail '--url needs --curl-config, which has the key.'

# The distribution's packages belong to its own interpreter.
python=/usr/bin/python3
if ! { [[ -x $python ]] && "$python" -c 'import pytest, requests' 2>/dev/null; }; then
  "$root/eng/install-packages.sh" python3-pytest python3-requests
fi

mkdir -p "$out"
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/graph.sh"

if [[ -z $url ]]; then
  # The suite reaches for the limit of a server, which it expects to be small.
  start_graph "$out/graph.log" --Uploads:Sessions:MaxLength=1024
  url=$(graph_value api)/uploads
  curl_config=$(graph_value curl-config)
fi
CONFORMITY_KEY=$(sed -n 's/^header *= *"X-Api-Key: \(.*\)"$/\1/p' "$curl_config")
[[ -n $CONFORMITY_KEY ]] || fail "$curl_config has no header X-Api-Key."
out=$(realpath "$out")
export CONFORMITY_KEY CONFORMITY_RESULTS=$out/results.tsv PYTHONDONTWRITEBYTECODE=1
export PYTHONPATH=$root/eng/upload-conformity${PYTHONPATH:+:$PYTHONPATH}

: >"$out/results.tsv"
say "Testing $url. The log is $out/log.txt ..."
status=0
(cd "$suite/scripts" && "$python" -m pytest -p no:cacheprovider -p key_plugin -q --tb=short -k "$expression" --url "$url" \
  rufh_conformity_test.py) >"$out/log.txt" 2>&1 || status=$?
# 1: tests failed.
((status == 0 || status == 1)) || fail "pytest ended with $status: $(tail -n 20 "$out/log.txt")"

for outcome in passed failed skipped; do
  printf '%s\t%s\n' "$outcome" "$(grep -c $'\t'"$outcome"$'\t' "$out/results.tsv" || true)"
done
grep $'\t\(failed\|skipped\)\t' "$out/results.tsv" || true
say "The outcome of every test: $out/results.tsv"
