#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# As whom tshark and editcap run: never as root, since they read what strangers wrote, if the kernel allows it.
load lib

setup() {
	setup_common
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	open=$(mktemp -d /tmp/mptcp-unprivileged.XXXXXX) # that of the test is closed to others
	chmod 755 "$open"
	for program in tshark editcap; do
		cat >"$open/$program" <<-EOF
			#!/bin/bash
			{
				grep -E '^(Uid|Gid|Groups|NoNewPrivs|CapEff)' /proc/self/status | tr -s '\t ' ' '
				echo "\$HOME \$WIRESHARK_CONFIG_DIR"
			} >$open/$program.seen
			exec $(command -v $program) "\$@"
		EOF
		touch "$open/$program.seen"
		chmod 755 "$open/$program"
		chmod 666 "$open/$program.seen"
	done
	cp "$DEMO" x.pcap
	gzip -k x.pcap
	chmod 600 x.pcap x.pcap.gz
	mptcp-export --no-cache "$DEMO" >wanted
}

teardown() {
	[ -z "${open:-}" ] || rm -r "$open"
}

nobody='Uid: 65534 65534 65534 65534
Gid: 65534 65534 65534 65534
Groups: 
CapEff: 0000000000000000
NoNewPrivs: 1
/nonexistent /nonexistent'

# runs_as_root WHY: what -v says for each start of tshark. Root does not load the plugin, which is said, too.
runs_as_root() {
	[ "$(grep -v 'using -T fields$' <<<"$stderr" | sort -u)" = "mptcp-export: tshark: runs as root: as nobody: $1" ]
}

@test "tshark and editcap run as nobody, without groups, capabilities, home or configuration, on a capture that only root can read" {
	PATH=$open:$PATH run_ok mptcp-export --no-cache -v x.pcap.gz
	diff <(printf '%s\n' "$output") wanted
	[ -z "$stderr" ]
	diff "$open/tshark.seen" <(echo "$nobody")
	diff "$open/editcap.seen" <(echo "$nobody")
	# from a pipe and from standard input, which cannot be read from its start again
	PATH=$open:$PATH mptcp-export <x.pcap.gz | cmp - wanted
	PATH=$open:$PATH mptcp-export <(cat x.pcap.gz) | cmp - wanted
}

@test "programs that nobody cannot execute run as root: the same rows, and a line with -v" {
	chmod 700 "$open"
	export PATH=$open:$PATH
	run_ok mptcp-export --no-cache x.pcap.gz
	[ -z "$stderr" ]
	diff <(printf '%s\n' "$output") wanted
	run_ok mptcp-export --no-cache -v x.pcap.gz
	runs_as_root 'Permission denied'
	grep -q '^Uid: 0 ' "$open/tshark.seen"
	grep -q '^Uid: 0 ' "$open/editcap.seen"
}

@test "where the kernel refuses, they run as they are: the same rows, and a line with -v" {
	need_program unshare
	unshare --user --map-root-user true || skip "there are no user namespaces"
	run_ok unshare --user --map-root-user mptcp-export --no-cache -v x.pcap.gz
	diff <(printf '%s\n' "$output") wanted
	runs_as_root 'Operation not permitted'
}

@test "with a profile, which is root's own, tshark runs as root, without new privileges for it" {
	mkdir -p "$HOME/.config/wireshark/profiles/mine"
	PATH=$open:$PATH run_ok mptcp-export --no-cache -C mine x.pcap
	diff <(printf '%s\n' "$output") wanted
	grep -q '^Uid: 0 ' "$open/tshark.seen"
}

@test "tshark as nobody ends when what it was started by is killed" {
	printf '#!/bin/sh\necho $$ >>%s\nexec sleep 30\n' "$open/tshark.seen" >"$open/tshark"
	PATH=$open:$PATH mptcp-export --no-cache x.pcap >rows 2>/dev/null &
	for _ in {1..50}; do
		[ ! -s "$open/tshark.seen" ] || break
		sleep 0.1
	done
	kill -9 $!
	for _ in {1..50}; do
		kill -0 "$(head -n 1 "$open/tshark.seen")" 2>/dev/null || return 0
		sleep 0.1
	done
	false
}
