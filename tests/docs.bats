#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What README.md and the manual say is true: their commands run and print what is shown, and their tables are those of
# the program. A command follows `$ `, and what comes next is its output; after `# ` it would need root and is not run.
load lib
load console

console_of_readme() {
	awk '/^```/ { inside = /^```console$/; if (!inside) print; next } inside' "$ROOT/README.md"
}

@test "the commands of README.md print what it shows" {
	console_of_readme >readme
	grep -q '^\$ mptcp-lc ' readme
	run_console "$ROOT" <readme
}

@test "every command of README.md runs as pasted, on examples/demo.pcap" {
	# a copy, in which pictures and the like may be left
	mkdir tree
	cp -r "$ROOT/README.md" "$ROOT/examples" "$ROOT/man" tree
	cd tree
	# what is between single backquotes, and begins with a tool and an operand, options or a pipe; a name alone is a name
	awk '/^```/ { block = !block; next } !block' README.md | tr '\n' ' ' | grep -oE '`[^`]+`' | tr -d '`' |
		grep -E '^(mptcp-?[a-z]* .*[a-z]|man )' >../commands
	grep -q '^mptcp-plot dss .*demo.pcap$' ../commands
	while IFS= read -r command; do
		run --separate-stderr bash -o pipefail -c "$command" </dev/null
		# shellcheck disable=SC2154 # set by run
		[ "$status" -eq 0 ] || fail_run "$command: failed"
		[ -z "$stderr" ] || fail_run "$command: nothing belongs on standard error"
	done < <(grep -vE '\[|NAME|FILE| -i ' ../commands) # a live capture has no end of its own
	[ -s dss.png ]
	# targets of make
	while read -r targets; do
		# shellcheck disable=SC2086 # words
		run_ok make -n -C "$ROOT" $targets
	done < <(grep -oE '(^|`)make( [a-z-]+)+' README.md | sed 's/^`*make //')
	# no other capture is named
	run ! grep -nE '\b[a-z]\.pcap\b' README.md
}

@test "the examples of the manual run, and print what is shown" {
	need_program jq
	need_program sqlite3
	for page in "$ROOT"/man/*.[1-9]; do
		[[ $page != */mptcp-campaign.7 ]] || continue # campaign.bats runs them
		folder=$BATS_TEST_TMPDIR/$(basename "$page")
		mkdir "$folder"
		cp "$DEMO" "$folder/x.pcap"
		cp "$(capture multi2_paced.client.pcap)" "$folder/client.pcap"
		cp "$(capture multi2_paced.server.pcap)" "$folder/server.pcap"
		cp "$(capture fallback_plain_server.client.pcap)" "$folder/fallback.pcap"
		cp "$(capture join_refused.client.pcap)" "$folder/refused.pcap"
		cp "$(capture tcp/loss.client.pcap)" "$folder/tcp.cap"
		cp "$(capture pathfail_heals.client.pcap)" "$folder/heals.pcap"
		mkdir -p "$folder/runs/blest"
		cp "$(capture multi2_paced.client.pcap)" "$folder/runs/blest/run-1.pcap"
		cp "$(capture multi2_paced.server.pcap)" "$folder/runs/blest/run-2.pcap"
		cp "$ROOT/tests/compare/runs.csv" "$folder/runs.csv"
		run_ok mptcp-lc "$folder/x.pcap" # so that the cache has an entry to list
		rm -rf "$BATS_TEST_TMPDIR/console"
		console_of_page "$page" >"$folder/console"
		run_console "$folder" <"$folder/console"
	done
}

@test "mptcp-csv(5) has the columns as they are" {
	awk -f "$ROOT/man/columns.awk" -f "$ROOT/man/page.awk" "$ROOT/lib/packet/columns.def" "$ROOT/man/mptcp-csv.5" | diff -u "$ROOT/man/mptcp-csv.5" -
	# one item per line, blanks and bold undone
	mandoc -T ascii -O width=1000 "$ROOT/man/mptcp-csv.5" | sed 's/.\x08//g' | tr -s ' ' >page
	run_ok mptcp-export --columns help
	[ "${#lines[@]}" -gt 30 ]
	for line in "${lines[@]}"; do
		read -r name _ meaning <<<"$line"
		grep -qF -- " $name $meaning (" page || fail_run "mptcp-csv(5): $name: $meaning"
	done
}

@test "the page of a tool names every column of its result" {
	missing=
	for tool in $(tools); do
		"$tool" --list-options | cut -f 2 | grep -qx columns || continue
		[[ $tool != mptcp-export && $tool != mptcp-merge ]] || continue # columns of packets are in mptcp-csv(5)
		while read -r name _; do
			grep -qE "^\.(It )?Ic (.* )?$name( .*)?$" "$ROOT/man/$tool.1" || missing+="$tool: $name"$'\n'
		done < <("$tool" --columns help)
	done
	[ -z "$missing" ] || { printf 'not in the manual:\n%s' "$missing"; return 1; }
}

@test "mptcp-le(1) has every event" {
	sed -nE 's/^\t+\[MPTCP_EVENT_[A-Z_]+\] = "([A-Z_]+)",/\1/p' "$ROOT/lib/story/event.c" | sort >events
	[ "$(wc -l <events)" -gt 20 ]
	grep '^\.It Cm' "$ROOT/man/mptcp-le.1" | grep -oE '\b[A-Z][A-Z_]+\b' | sort -u >listed
	[ -z "$(comm -23 events listed)" ] || { comm -23 events listed; return 1; }
}

@test "README.md and mptcp(7) name every tool" {
	for tool in $(tools); do
		grep -q "^| \`$tool\`" "$ROOT/README.md"
		grep -q "^\.It Xr $tool 1" "$ROOT/man/mptcp.7"
	done
}

@test "a page that the manual refers to is there" {
	missing=
	while read -r name section; do
		[ -e "$ROOT/man/$name.$section" ] || missing+="$name($section)"$'\n'
	done < <(sed -nE 's/.*Xr (mptcp[a-z-]*|libmptcp) ([0-9]).*/\1 \2/p' "$ROOT"/man/*.[1-9] | sort -u)
	[ -z "$missing" ] || { printf 'missing:\n%s' "$missing"; return 1; }
}
