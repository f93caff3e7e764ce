#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What takes too long for every `make check`: exporters killed at random moments, exporters at once, entries of the cache
# with a bit turned over. Prints a line each; the status is 1 if anything was not as it should be.
#
#     BIN=bin tests/hostile_faults.sh [KILLS [FLIPS]]
set -uo pipefail

ROOT=$(cd "$(dirname "$0")/.." && pwd)
BIN=$(cd "${BIN:-$ROOT/bin}" && pwd)
PATH=$BIN:$PATH
kills=${1:-200}
flips=${2:-1000}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
export XDG_CACHE_HOME=$work/cache XDG_CONFIG_HOME=$work/config HOME=$work
status=0

# result TEXT WANTED GOT
result() {
	if [ "$2" = "$3" ]; then
		echo "$1: $3"
	else
		echo "$1: $3, but not $2"
		status=1
	fi
}

# The files in the cache that are neither entries nor what it always has.
litter() {
	find cache -type f ! -path '*/entries/??/????????????????????????????????????????????????????????????????' \
		! -name lock ! -name CACHEDIR.TAG 2>/dev/null | wc -l
}

python3 "$ROOT/tests/hostile.py" make control 6000 x.pcap
mptcp-export --no-cache x.pcap >wanted

wrong=0
left=0
for ((i = 0; i < kills; i++)); do
	[ $((i % 4)) -ne 0 ] || rm -rf cache
	touch x.pcap # never from the cache
	mptcp-export x.pcap >rows 2>/dev/null &
	exporter=$!
	sleep "0.$(printf %03d $((RANDOM % 600)))"
	kill -9 $exporter 2>/dev/null
	wait $exporter 2>/dev/null
	cmp -s rows <(head -c "$(stat -c %s rows)" wanted) || wrong=$((wrong + 1))
	[ "$(litter)" -eq 0 ] || left=$((left + 1))
	[ $((i % 10)) -ne 9 ] || mptcp-export x.pcap 2>/dev/null | cmp -s - wanted || wrong=$((wrong + 1))
done
result "kill -9 at $kills moments, rows that are not the capture's" 0 $wrong
result "kill -9 at $kills moments, files left in the cache" 0 $left

wrong=0
for ((i = 0; i < 10; i++)); do
	rm -rf cache
	pids=()
	for ((k = 0; k < 8; k++)); do
		mptcp-export x.pcap >"rows$k" 2>/dev/null &
		pids+=($!)
	done
	wait "${pids[@]}"
	for ((k = 0; k < 8; k++)); do
		cmp -s "rows$k" wanted || wrong=$((wrong + 1))
	done
	[ "$(find cache -path '*/entries/*' -type f | wc -l)" -eq 1 ] || wrong=$((wrong + 1))
done
result "eight exporters at once, ten times, wrong" 0 $wrong

cp "$ROOT/tests/captures/multi2_paced.client.pcap" y.pcap
rm -rf cache
mptcp-export --no-cache y.pcap >wanted
mptcp-export y.pcap >/dev/null
entry=$(find cache -path '*/entries/*' -type f)
result "bits of an entry turned over" "right $flips wrong 0 failed 0" \
	"$(python3 "$ROOT/tests/hostile_flips.py" "$entry" wanted "$flips" mptcp-export -j 1 y.pcap)"
exit $status
