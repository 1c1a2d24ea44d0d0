# shellcheck shell=bash
# A graph for one script. Source this file after common.sh; sourcing it makes $scratch, and removes it when the script ends.

graph= graph_log=
scratch=$(mktemp -d)

# PostgreSQL runs under an account of its own, which needs to enter this directory for the graph's data.
chmod 711 "$scratch"

end_graph() {
  local status=$?
  trap - EXIT
  if [[ -n $graph ]] && kill -TERM "$graph" 2>/dev/null; then
    wait "$graph" || true
  fi
  rm -rf "$scratch"
  exit "$status"
}
trap end_graph EXIT
trap 'exit 130' INT TERM

# start_graph LOG [ARGUMENT...]: starts a graph whose data are in $scratch, and waits until it has printed its addresses and keys.
start_graph() {
  graph_log=$1
  shift
  say 'Starting the graph ...'
  "$root/run.sh" --Engines=processes --Data:Directory="$scratch/data" "$@" >"$graph_log" 2>&1 &
  graph=$!
  local deadline=$((SECONDS + 600))
  until grep -q '^s3-secret-key ' "$graph_log"; do
    kill -0 "$graph" 2>/dev/null || fail "The graph did not start: $(tail -n 20 "$graph_log")"
    ((SECONDS < deadline)) || fail "The graph is not healthy after ten minutes: $(tail -n 20 "$graph_log")"
    sleep 0.5
  done
}

# graph_value NAME: prints the value on the graph's line of that name; that of an address ends without a slash.
graph_value() { sed -n "s|^$1 \(.*[^/]\)/*\$|\1|p" "$graph_log" | head -n 1; }
