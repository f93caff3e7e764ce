#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The cache among faults and enemies: what is damaged, odd or somebody else's is neither used nor followed, and nothing
# waits for ever.

load lib

setup() {
	setup_common
	CACHE=$XDG_CACHE_HOME/mptcp
	cp "$(capture multi2_paced.client.pcap)" x.pcap
	mptcp-export --no-cache x.pcap >wanted
}

# Fills the cache: $entry.
fill() {
	mptcp-export x.pcap >/dev/null
	entry=$(find "$CACHE/entries" -type f)
	[ -f "$entry" ]
}

# right TEXT: the rows are those of the capture, and there is one line on standard error, with TEXT.
right() {
	run_ok mptcp-export -o rows x.pcap
	cmp rows wanted
	says "$1"
	[ "$(wc -l <<<"$stderr")" -eq 1 ] || fail_run "one line"
}

# Without root nobody else's file can be made.
need_root() {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
}

@test "a bit of an entry turned over: the rows are those of the capture" {
	fill
	run_ok python3 "$ROOT/tests/hostile_flips.py" "$entry" wanted 60 mptcp-export x.pcap
	[ "$output" = "right 60 wrong 0 failed 0" ]
}

@test "damage in the middle: what was given is not given again, one warning, and the next run is well" {
	# an entry of several blocks
	python3 "$ROOT/tests/hostile.py" make control 5000 x.pcap
	mptcp-export --no-cache x.pcap >wanted
	fill
	[ "$(stat -c %s "$entry")" -gt 600000 ]
	printf 'x' | dd of="$entry" bs=1 seek=400000 conv=notrunc status=none
	right "its entry in the cache is damaged: exported anew"
	run_ok mptcp-export -v -o rows x.pcap
	says "from the cache"
	cmp rows wanted
	# another tool; and an entry of all packets asked for those of MPTCP
	printf 'y' | dd of="$entry" bs=1 seek=500000 conv=notrunc status=none
	run_ok mptcp-lc x.pcap
	[ "$output" = "$(mptcp-lc wanted)" ]
	says damaged
	printf 'z' | dd of="$entry" bs=1 seek=500000 conv=notrunc status=none
	run_ok mptcp-export --mptcp-only -o rows x.pcap
	cmp rows wanted
	says damaged
}

@test "an entry that is cut, empty or something else" {
	fill
	truncate -s -100 "$entry"
	right damaged
	: >"$entry"
	right damaged
	printf garbage >"$entry"
	right damaged
}

@test "an entry that is a FIFO, a folder or a symbolic link" {
	fill
	cp "$entry" other
	rm "$entry"
	mkfifo "$entry"
	right "is not a regular file"
	run_ok timeout 5 mptcp-cache list
	rm -f "$entry"
	ln -s "$PWD/other" "$entry"
	right "$entry"
	[ ! -L "$entry" ] # replaced
	rm "$entry"
	mkdir "$entry"
	right "is not a regular file"
}

@test "a forged entry of another user is not used" {
	need_root
	fill
	chown 65534 "$entry"
	right "belongs to another user"
	chmod 666 "$entry"
	right "can be written by others"
}

@test "a folder that others can write is no cache" {
	fill
	chmod 775 "$CACHE"
	right "$CACHE: can be written by others"
	chmod 755 "$CACHE"
	chmod 757 "$(dirname "$entry")"
	right "can be written by others"
	chmod 700 "$(dirname "$entry")"
	run_ok mptcp-export -v -o rows x.pcap
	says "from the cache"
}

@test "as root with the home of another user nothing is made there, and nothing believed" {
	need_root
	rm -rf "$HOME/.cache"
	chown -R 65534 "$HOME"
	right "belongs to another user"
	[ -z "$(find "$HOME" -user 0)" ]
	mkdir -p "$CACHE/entries"
	ln -s "$PWD/made" "$CACHE/CACHEDIR.TAG"
	ln -s "$PWD/made" "$CACHE/lock"
	chown -R -h 65534 "$HOME"
	right "belongs to another user"
	[ ! -e made ]
	[ -z "$(find "$HOME" -user 0)" ]
}

@test "CACHEDIR.TAG and lock that are symbolic links are not followed" {
	mkdir -p "$CACHE"
	ln -s "$PWD/made" "$CACHE/CACHEDIR.TAG"
	ln -s "$PWD/made" "$CACHE/lock"
	run_ok mptcp-export -v -o rows x.pcap
	says "working without the cache"
	cmp rows wanted
	[ ! -e made ]
}

@test "a capture that was changed in place, with its size and time as before" {
	fill
	touch -r x.pcap time
	python3 - <<-'END'
		with open("x.pcap", "r+b") as file:
		    file.seek(24)
		    seconds = int.from_bytes(file.read(4), "little")
		    file.seek(24)
		    file.write((seconds - 1).to_bytes(4, "little"))
	END
	touch -r time x.pcap
	run_ok mptcp-export -v -o rows x.pcap
	says "not in the cache"
	run mptcp-export --no-cache x.pcap
	[ "$output" = "$(cat rows)" ]
}

@test "who waits for an entry that does not grow says so and goes on without the cache" {
	local holder
	python3 "$ROOT/tests/hostile.py" make control 8000 x.pcap
	mptcp-export --no-cache x.pcap >wanted
	mkfifo pipe
	mptcp-export x.pcap >pipe 2>/dev/null &
	holder=$!
	exec 7<pipe # read by nobody: it is blocked, once it has begun
	head -c 1 <&7 >/dev/null
	run_ok timeout 60 mptcp-export -o rows x.pcap
	cmp rows wanted
	[[ $stderr == "mptcp-export: x.pcap: waiting for another process that exports it
mptcp-export: x.pcap: working without the cache: the process that makes the entry does not go on" ]] ||
		fail_run lines
	exec 7<&-
	wait $holder || true
	# a lock that its process does not hold any more
	run_ok mptcp-export -o rows x.pcap
	cmp rows wanted
	[ -z "$stderr" ]
}
