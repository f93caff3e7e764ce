#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# examples/campaign, and the recipes of mptcp-campaign(7): from many captures to one table, with make, GNU parallel and Slurm,
# and what other programs make of it; and the experiment itself, with real traffic, and nothing left of it.
# shellcheck disable=SC2154 # set by bats
load lib
load console

LABEL='{setting}/run-{run:d}.{end}.pcapng'

# All tests use one copy, and one cache, so that its captures are dissected once.
setup() {
	setup_common
	need_program gnuplot
	export XDG_CACHE_HOME=$BATS_FILE_TMPDIR/cache MPTCP_PLOTS=$ROOT/share/plots
	[ -d "$BATS_FILE_TMPDIR/campaign" ] || copy_campaign "$BATS_FILE_TMPDIR/campaign"
	cd "$BATS_FILE_TMPDIR/campaign" || return
	rm -rf results runs own
}

teardown() {
	[ ! -e "$BATS_TEST_TMPDIR/slurm" ] || slurm_stop
}

copy_campaign() {
	mkdir "$1"
	(cd "$ROOT/examples/campaign" && cp -r Makefile batch captures campaign.sbatch delay.c run settings together transfer.py "$1")
}

# The examples of a section of the page.
recipe() {
	awk -v section=".Ss $1" '/^\.S[sh] / { inside = $0 == section } inside' "$ROOT/man/mptcp-campaign.7" >"$BATS_TEST_TMPDIR/section"
	grep -q '^\$ ' "$BATS_TEST_TMPDIR/section"
	rm -rf "$BATS_TEST_TMPDIR/console"
	console_of_page "$BATS_TEST_TMPDIR/section" | run_console "$PWD"
}

# What the recipes are about.
make_table() {
	[ -e stat.csv ] || recipe "One call"
	ls captures/*/run-[1-6].client.pcapng >list
}

# A campaign of one's own needs namespaces.
need_namespaces() {
	for program in dumpcap ip tc nstat unshare python3; do
		need_program "$program"
	done
	[ "$(cat /proc/sys/net/mptcp/enabled 2>/dev/null)" = 1 ] || skip 'this kernel does not speak MPTCP'
	unshare --net --mount --pid --fork --mount-proc true 2>/dev/null || skip 'not root: no namespaces'
	unshare --net sh -c 'ip link add veth1 type veth peer name veth2 && tc qdisc add dev veth1 root tbf rate 1mbit burst 4kb latency 50ms' 2>/dev/null ||
		skip 'no veth or tbf here'
}

@test "make -j makes every table and figure, as one call does; a damaged capture does not stop it, and does not count" {
	run_ok make -s -j4
	for file in goodput throughput-one-path throughput-two-paths delay-one-path delay-two-paths; do
		[ -s "results/$file.svg" ] || fail_run "$file"
	done
	diff -u results/stat.csv <(mptcp-stat -q --label "$LABEL" captures/*/*.pcapng)
	diff -u results/subflows.csv <(mptcp-ls -q --label "$LABEL" captures/*/*.pcapng)
	grep -q '>two-paths 1' results/goodput.svg
	run_ok make -s report
	[[ $output == captures/two-paths/run-7.client.pcapng,3,*"cut short"* ]] || fail_run report
	[ "${#lines[@]}" = 1 ]
	grep -q run-7.client results/stat.csv
	run ! grep run-7.client results/whole.csv
	[ "$(cut -d , -f 1,3,21 results/verdict.csv)" = $'setting,n,verdict\none-path,6,\ntwo-paths,6,better' ]
	# nothing is done twice, and one new capture costs one capture
	run_ok make -q
	cp captures/two-paths/run-1.client.pcapng captures/two-paths/run-8.client.pcapng
	run make -j4
	rm captures/two-paths/run-8.client.pcapng
	[ "$status" = 0 ] || fail_run "a new capture"
	[ "$(grep -c '^mptcp-stat ' <<<"$output")" = 1 ]
	[ "$(grep -c '^mptcp-ls ' <<<"$output")" = 1 ]
	[ "$(grep -c '^mptcp-plot ' <<<"$output")" = 2 ]
	grep -q '^captures/two-paths/run-8.client.pcapng,two-paths,8,client,' results/stat.csv
}

@test "make gate: a status for a continuous integration" {
	run_ok make -s gate
	run -2 --separate-stderr make -s gate BASE=two-paths
	says "worse than the base: 1 of 1"
}

@test "a tool that fails ends make, and leaves no file that looks complete" {
	run -2 --separate-stderr make -s LABEL='{setting}/wrong-{run:d}.{end}.pcapng'
	says "does not match from 'wrong-{run:d}.{end}.pcapng' on"
	[ -z "$(find results -name '*.csv' ! -name '*.status.csv' -o -name '*.svg')" ]
	run -2 --separate-stderr env MPTCP_TSHARK_BINARY=/nowhere/tshark make -s
	[ -z "$(find results -name '*.csv' ! -name '*.status.csv' -o -name '*.svg')" ]
}

@test "the examples of mptcp-campaign(7): one call, make, mptcp-compare, SQLite" {
	need_program sqlite3
	make_table
	recipe make
	recipe mptcp-compare
	rm -f runs.db
	recipe SQLite
}

@test "the example of GNU parallel, which does not change a byte" {
	need_program parallel
	make_table
	recipe "GNU parallel"
	for size in 1 5; do
		parallel -k -N $size -j 3 mptcp-stat -J 1 -j 1 -d client --label "$LABEL" ::: captures/*/run-[1-6].client.pcapng |
			awk 'NR == 1 || !/^capture,/' | cmp - stat.csv
	done
	# the script of a task, with batches of any size
	for size in 1 7 99; do
		seq "$(./batch count $size list)" | parallel -j 3 ./batch {} $size list "batches-$size"
		./together "batches-$size"/*.stat.csv | cmp - <(mptcp-stat --files-from list --label "$LABEL")
		./together "batches-$size"/*.status.csv | cut -d , -f 1,2 | cmp - <(sed 's/$/,0/; 1i capture,status' list)
	done
}

# A Slurm of one node, for this test only.
slurm_start() {
	local folder=$BATS_TEST_TMPDIR/slurm host
	host=$(hostname -s)
	mkdir -p "$folder/state" "$folder/spool"
	head -c 1024 /dev/urandom >"$folder/key"
	chmod 600 "$folder/key"
	cat >"$folder/slurm.conf" <<-END
		ClusterName=campaign
		SlurmctldHost=$host(127.0.0.1)
		SlurmctldPort=$((20000 + $$ % 20000))
		SlurmdPort=$((20001 + $$ % 20000))
		SlurmUser=root
		AuthType=auth/munge
		AuthInfo=socket=$folder/munge.socket
		StateSaveLocation=$folder/state
		SlurmdSpoolDir=$folder/spool
		SlurmctldPidFile=$folder/slurmctld.pid
		SlurmdPidFile=$folder/slurmd.pid
		SlurmctldLogFile=$folder/slurmctld.log
		SlurmdLogFile=$folder/slurmd.log
		ProctrackType=proctrack/linuxproc
		TaskPlugin=task/none
		SelectType=select/cons_tres
		SelectTypeParameters=CR_CPU
		ReturnToService=2
		NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
		PartitionName=all Nodes=ALL Default=YES MaxTime=5 State=UP
	END
	export SLURM_CONF=$folder/slurm.conf
	munged --key-file="$folder/key" --socket="$folder/munge.socket" --pid-file="$folder/munged.pid" \
		--log-file="$folder/munged.log" --seed-file="$folder/seed" --force 3>&- &&
		slurmctld -f "$SLURM_CONF" 3>&- && slurmd -f "$SLURM_CONF" 3>&- || return
	for _ in {1..100}; do
		[[ $(timeout 5 sinfo -h -o %T) != idle ]] || return 0
		sleep 0.1
	done
	cat "$folder"/*.log
	return 1
}

slurm_stop() {
	local name
	for name in slurmd slurmctld munged; do
		[ ! -e "$BATS_TEST_TMPDIR/slurm/$name.pid" ] || kill "$(cat "$BATS_TEST_TMPDIR/slurm/$name.pid")" || true
	done
}

@test "the example of Slurm: an array of jobs on one node" {
	for program in slurmctld slurmd sbatch munged; do
		need_program "$program"
	done
	[ "$(id -u)" = 0 ] || skip 'not root: Slurm needs it'
	make_table
	slurm_start
	recipe Slurm
	[ "$(echo results-slurm/*.stat.csv)" = 'results-slurm/00001.stat.csv results-slurm/00002.stat.csv results-slurm/00003.stat.csv' ]
	run ! grep -l . slurm-*_*.txt
}

@test "the example of datamash" {
	need_program datamash
	make_table
	recipe datamash
}

@test "the example of Miller" {
	need_program mlr
	make_table
	recipe Miller
	# the join that the page names
	mptcp-lc -o lc.csv captures/*/run-[1-6].client.pcapng
	# shellcheck disable=SC1010,SC2016 # words of Miller's
	run_ok mlr --icsv --ocsv join -j capture -f lc.csv then filter 'is_empty($tcpstream)' then cut -o -f capture,subflows,goodput_bps stat.csv
	[ "${#lines[@]}" = 13 ] || fail_run "join"
	[[ ${lines[12]} == captures/two-paths/run-6.client.pcapng,2,* ]] || fail_run "join"
}

@test "the example of pandas" {
	PATH=/usr/bin:$PATH
	python3 -c 'import pandas' 2>/dev/null || skip 'python3-pandas is not installed'
	make_table
	recipe pandas
}

@test "machines with another tshark program of the same version share a cache, under other device numbers" {
	make_table
	mkdir -p node/bin
	printf '#!/bin/sh\necho "$@" >>node/started\nexec %s "$@"\n' "$(command -v tshark)" >node/bin/tshark
	chmod +x node/bin/tshark
	PATH=$PWD/node/bin:$PATH run_ok mptcp-stat -d client --label "$LABEL" captures/*/run-[1-6].client.pcapng
	diff <(printf '%s\n' "$output") stat.csv
	run ! grep -v '^--version$' node/started
	# the same files on another device, as on a machine that mounts them
	rm -rf node
	mkdir node
	overlay() {
		mount -t tmpfs none node && mkdir node/upper node/work &&
			mount -t overlay overlay -o "lowerdir=$PWD/captures,upperdir=$PWD/node/upper,workdir=$PWD/node/work" captures
	}
	export -f overlay
	unshare --mount bash -c overlay 2>/dev/null || skip 'not root, or no overlayfs: one device only'
	device=$(stat -c %d captures/one-path/run-1.client.pcapng)
	run_ok unshare --mount bash -c 'overlay && stat -c %d captures/one-path/run-1.client.pcapng >>/dev/stderr &&
		mptcp-stat -v -d client --label "$0" captures/*/run-[1-6].client.pcapng' "$LABEL"
	[ "${stderr%%$'\n'*}" != "$device" ] || fail_run "one device"
	diff <(printf '%s\n' "$output") stat.csv
	[ "$(grep -c 'from the cache$' <<<"$stderr")" = 12 ] || fail_run "from the cache"
}

@test "an experiment: both settings recorded at both ends, whole, as the kernel counted, and only what is missing" {
	need_namespaces
	BYTES=250000 run_ok make -s -j4 FROM=runs RUNS=2 RESULTS=own own/stat.csv own/status.csv
	run ! grep -vE '^capture|,0,[0-9]+,' own/status.csv
	mptcp-ls -q --label "$LABEL" --columns setting,run,end,established runs/*/*.pcapng |
		sort | uniq -c | awk '{ print $1, $2 }' >subflows
	[ "$(cat subflows)" = "1 one-path,1,client,yes
1 one-path,1,server,yes
1 one-path,2,client,yes
1 one-path,2,server,yes
1 setting,run,end,established
2 two-paths,1,client,yes
2 two-paths,1,server,yes
2 two-paths,2,client,yes
2 two-paths,2,server,yes" ] || { cat subflows; false; }
	run_ok mptcp-check runs/*/*.server.pcapng
	[ "${#lines[@]}" = 1 ] || fail_run "findings"
	[ "$(mptcp-lc -q --no-header --columns bytes_to_client runs/*/*.pcapng | cut -d , -f 2 | sort -u)" = 250000 ]
	for end in client server; do
		run_ok mptcp-mib -q --host $end --against runs/two-paths/run-1.$end.nstat runs/two-paths/run-1.$end.pcapng
	done
	# the longer delay is that of the second path
	mptcp-stat -q -d client --peer runs/two-paths/run-1.client.pcapng --columns tcpstream,rtt_min 0 runs/two-paths/run-1.server.pcapng >rtt
	awk -F, '$1 == 0 { first = $2 } $1 == 1 { second = $2 } END { exit !(first >= 0.010 && second >= 0.020) }' rtt || { cat rtt; false; }
	# headers only
	capinfos -l runs/two-paths/run-1.client.pcapng | grep -q '128 bytes$'
	run_ok make -q FROM=runs RUNS=2 RESULTS=own own/stat.csv
	touch settings/two-paths
	run make -n FROM=runs RUNS=3 RESULTS=own own/stat.csv
	[ "$(grep -o '^./run .*' <<<"$output" | sort)" = "./run settings/one-path runs/one-path/run-3
./run settings/two-paths runs/two-paths/run-1
./run settings/two-paths runs/two-paths/run-2
./run settings/two-paths runs/two-paths/run-3" ] || fail_run "what is missing"
}

# what is left of a run of the folder: its processes and its files
left() {
	pgrep -f "^$PWD/delay " || true
	find runs -type f
}

@test "a run that is ended, however, leaves no process, no namespace and no file" {
	need_namespaces
	make -s delay
	mkdir -p runs/two-paths
	for how in INT TERM KILL make; do
		if [ $how = make ]; then
			BYTES=100000000 make -s FROM=runs RUNS=1 RESULTS=own SETTINGS=two-paths own/stat.csv >messages 2>&1 3>&- &
		else
			BYTES=100000000 env --default-signal=INT ./run settings/two-paths runs/two-paths/run-1 >messages 2>&1 3>&- &
		fi
		id=$!
		for _ in {1..100}; do
			[ "$(pgrep -fc "^$PWD/delay ")" -lt 2 ] || break
			sleep 0.1
		done
		[ "$(pgrep -fc "^$PWD/delay ")" = 2 ] || { cat messages; false; }
		kill -s "${how/make/TERM}" $id
		wait $id || [ $? -gt 1 ]
		for _ in {1..50}; do
			[ -n "$(left)" ] || break
			sleep 0.1
		done
		[ -z "$(left)" ] || { echo "$how:"; left; false; }
	done
}

@test "a user makes a run without root, where the system allows it" {
	need_namespaces
	[ "$(id -u)" = 0 ] || skip 'not root: nobody to become'
	user=(setpriv --reuid 65534 --regid 65534 --clear-groups)
	"${user[@]}" unshare --user --map-root-user --net true 2>/dev/null || skip 'users cannot make namespaces here'
	make -s delay
	work=$(mktemp -d)
	cp -r delay run settings transfer.py "$work"
	chown -R 65534 "$work"
	chmod 755 "$work"
	cd "$work"
	run --separate-stderr "${user[@]}" env BYTES=100000 ./run settings/one-path "$work/x"
	mptcp-lc -q -o "$BATS_TEST_TMPDIR/lc.csv" x.client.pcapng || true
	rm -rf "$work"
	[ "$status" = 0 ] || fail_run "run"
	grep -q ',100000,.*,closed$' "$BATS_TEST_TMPDIR/lc.csv"
}
