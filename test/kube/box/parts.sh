# shellcheck shell=bash disable=SC2034,SC2164
# What a box is made of. Sourced by `box`, which sets HERE and CACHE.
#
# Each folder parts/NAME holds a `make` and all that it works on. What it makes lies in CACHE/NAME-<digest of that
# folder>, and gets this name only when it is whole: nothing in the cache is ever changed, so a setup of another version
# of this repository does not disturb a box that is up. A folder that no box has used for 60 days goes.

# the slow ones last: a machine that lacks something hears of it early
PARTS="debian pause coredns tools netpol kubernetes schemas"
KUBERNETES=$(sed -n 's/^\tk8s.io\/kubernetes v//p' "$HERE/parts/kubernetes/go.mod")

# part_of NAME: where it lies
part_of() {
  local key
  key=$({
    uname -m
    grep -E '^(ID|VERSION_ID)=' /etc/os-release
    echo "$KUBERNETES"
    cd "$HERE/parts/$1" && cat ./*
  } 2>/dev/null | sha256sum | cut -c1-12)
  echo "$CACHE/$1-$key"
}

need_parts() {
  local name
  for name in "$@"; do
    [ -d "$(part_of "$name")" ] || die 1 "not in $CACHE: $name; run 'box setup' first"
    touch "$(part_of "$name")"
  done
}

make_parts() {
  local name began
  mkdir -p "$CACHE/log"
  exec 9>"$CACHE/lock" # what a killed setup left running holds it too
  flock -n 9 || { echo "box: waiting for another setup" && flock 9; }
  rm -rf "$CACHE"/making-*
  for name in "$@"; do
    [ ! -d "$(part_of "$name")" ] || continue
    began=$SECONDS
    echo "box: $name ..."
    make_part "$name"
    echo "box: $name: $((SECONDS - began)) s"
  done
  rm -rf "$CACHE/go" # more than 5 GB that only the next version would want
  find "$CACHE" -mindepth 1 -maxdepth 1 -type d -name '*-????????????' -mtime +60 -exec rm -rf {} +
}

make_part() {
  local name=$1 out log=$CACHE/log/$1.log
  out=$(mktemp -d "$CACHE/making-$name-XXXXXX")
  chmod 755 "$out"
  set -m # a process group of its own: an interrupted setup ends it, instead of waiting for it
  (
    export OUT=$out KUBERNETES BOX_GO=$CACHE/go IMAGE="$HERE/make-image.mjs"
    export GOPATH=$CACHE/go GOMODCACHE=$CACHE/go/mod GOCACHE=$CACHE/go/build GOWORK=off CGO_ENABLED=0
    export GOFLAGS="-mod=readonly -modcacherw -trimpath -buildvcs=false"
    cd "$HERE/parts/$name"
    exec setpriv --pdeathsig KILL bash -euo pipefail make
  ) >"$log" 2>&1 </dev/null &
  MAKING=$!
  set +m
  if ! wait "$MAKING"; then
    rm -rf "$out"
    tail -n 3 "$log" >&2
    die 4 "could not fetch or build: $name (see $log)"
  fi
  MAKING=
  rm -rf "$(part_of "$name")"
  mv "$out" "$(part_of "$name")"
}
