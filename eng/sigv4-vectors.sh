#!/usr/bin/env bash
# Signs the official test vectors of AWS Signature Version 4 with the code that verifies requests to the S3 API. Prints the outcome of
# each vector, and ends with a line "N passed, N not applicable, N failed". Fails when a vector failed.
#
#   --suite DIR      a checkout of https://github.com/awslabs/aws-c-auth, which contains the vectors
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

suite=
while (($# > 0)); do
  (($# > 1)) || fail "$1 needs a value."
  case $1 in
    --suite) suite=$2 ;;
    *) fail "Unknown option: $1" ;;
  esac
  shift 2
done

vectors=$suite/tests/aws-signing-test-suite/v4
[[ -n $suite && -d $vectors ]] || fail "--suite is '$suite'. Use a checkout of https://github.com/awslabs/aws-c-auth."

require_dotnet
report=$(mktemp)
log=$(mktemp)
trap 'rm -f "$report" "$log"' EXIT

say 'Building ...'
dotnet build "$root/MediaAspire.Tests" --configuration Release --nologo --verbosity quiet
status=0
SIGV4_VECTORS=$(realpath "$vectors") SIGV4_REPORT=$report \
  dotnet test "$root/MediaAspire.Tests" --configuration Release --no-build --nologo \
  --filter 'FullyQualifiedName~SigningVectorsTests.Every_vector' >"$log" || status=1
[[ -s $report ]] || { cat "$log" >&2; fail 'No vector was signed.'; }

cat "$report"
count() { grep -c "^$1"$'\t' "$report" || true; }
echo "$(count passed) passed, $(count 'not applicable') not applicable, $(count failed) failed"
exit "$status"
