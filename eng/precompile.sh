#!/usr/bin/env bash
# Adds machine code (ReadyToRun) to the assemblies of a program's output, so that .NET need not compile them while the program starts.
# $1: the output, $2: where results are kept for other programs and later builds, $3: crossgen2, $4: names of the assemblies as patterns
# with spaces between; of others only results that exist are used, $5...: directories of .NET's assemblies.
set -euo pipefail

output=$1 results=$2 compiler=$3
read -ra wanted <<<"$4"
shift 4
references=(--reference "$output/*.dll")
for directory in "$@"; do references+=(--reference "$directory/*.dll"); done
mkdir -p "$results"
# Packages keep no permissions.
if [[ ! -x $compiler ]]; then chmod +x "$compiler"; fi

is_wanted() {
  local pattern
  for pattern in "${wanted[@]}"; do
    # shellcheck disable=SC2053
    if [[ $1 == $pattern.dll ]]; then return; fi
  done
  return 1
}

# A result is named by the bytes that it was made of. Bytes that have machine code already have an empty one.
make() {
  local hash=$1 file=$2 made
  made=$(mktemp "$results/.making-XXXXXX")
  "$compiler" "$output/$file" --out "$made" "${references[@]}" -O --parallelism 1 >"$made.log" || {
    cat "$made.log" >&2
    rm -f "$made" "$made.log"
    return 1
  }
  rm "$made.log"
  chmod --reference="$output/$file" "$made"
  : >"$results/$(sha256sum "$made" | cut -d ' ' -f 1)"
  # Another program's build may make the same result now: the last one stays, and both are whole.
  mv -f "$made" "$results/$hash"
}

assemblies=$(cd "$output" && sha256sum -- *.dll)
running=0
while read -r hash file; do
  if [[ -e $results/$hash ]] || ! is_wanted "$file"; then continue; fi
  if ((running == $(nproc))); then
    wait -n
    running=$((running - 1))
  fi
  make "$hash" "$file" &
  running=$((running + 1))
done <<<"$assemblies"
while ((running > 0)); do
  wait -n
  running=$((running - 1))
done

while read -r hash file; do
  if [[ -s $results/$hash ]]; then
    cp -p "$results/$hash" "$output/.$file"
    mv -f "$output/.$file" "$output/$file"
  fi
done <<<"$assemblies"
