#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Tables for people: what fits a terminal, the pager, colours, the order of rows, units, times.
load lib

teardown() {
	[ -z "$screen" ] || tmux -S "$screen" kill-server 2>/dev/null || true
}

setup() {
	setup_common
	screen=
}

# terminal COLUMNS ROWS: a shell in a terminal of that size.
terminal() {
	need_program tmux
	screen=$BATS_TEST_TMPDIR/tmux
	tmux -f /dev/null -S "$screen" new-session -d -s tables -x "$1" -y "$2" "PS1='sh\$ ' exec sh"
}

look() {
	tmux -S "$screen" capture-pane "$@" -p -t tables | sed -e 's/ *$//' -e '/^$/d'
}

# on_terminal COMMAND: what the command shows there, once it has ended, into the file seen.
on_terminal() {
	calls=$((${calls:-0} + 1)) # the screen may still be that of the call before
	tmux -S "$screen" send-keys -t tables "clear; $*; echo ended $calls" Enter
	for _ in {1..200}; do
		look >seen
		grep -qx "ended $calls" seen && break
		sleep 0.1
	done
	grep -qx "ended $calls" seen || { cat seen; return 1; }
	sed -i "/^ended $calls\$/,\$d" seen
}

# Not a terminal: the columns, without those that need two captures or are shown only on request.
every_column() {
	"$@" --columns help | grep -vE 'with --peer: |only on request: ' | cut -d ' ' -f 1 | paste -sd ' '
}

@test "on a terminal: the columns that fit, those that matter first, and a line that says how many do not" {
	x=$(capture pathfail_heals.client.pcap)
	mptcp-export -o x.csv "$x"
	for width in 60 80 200; do
		terminal "$width" 24
		for tool in lc ls lt le lr stat; do
			on_terminal "mptcp-$tool --no-pager --head 5 x.csv"
			total=$(every_column "mptcp-$tool" | wc -w)
			shown=$(head -n 1 seen | wc -w)
			[ "$shown" -ge 4 ] || fail_run "$tool at $width: $(cat seen)"
			run -1 grep -E ".{$((width + 1))}" seen
			if [ "$shown" -lt "$total" ]; then
				[ "$(tail -n 1 seen)" = "$((total - shown)) of $total columns hidden: --columns all, or -f csv" ] ||
					fail_run "$tool at $width: $(cat seen)"
			else
				run -1 grep hidden seen
			fi
			# in the order of CSV
			read -ra names < <(head -n 1 seen)
			for name in $(every_column "mptcp-$tool"); do
				[ "$name" != "${names[0]:-}" ] || names=("${names[@]:1}")
			done
			[ "${#names[@]}" -eq 0 ] || fail_run "$tool at $width: ${names[*]}"
		done
		tmux -S "$screen" kill-server
	done
}

@test "at 80 columns the state of connections, subflows and TCP connections is there, and whose it is" {
	need_file "$SHARED/captures/add_addr_v6.client.pcap"
	terminal 80 24
	for x in "$DEMO" "$SHARED/captures/add_addr_v6.client.pcap"; do
		mptcp-export -o x.csv "$x"
		for tool in lc ls lt; do
			on_terminal "mptcp-$tool x.csv"
			head -n 1 seen | grep -q 'bytes_to_client .*status$' || fail_run "$tool: $(cat seen)"
		done
		on_terminal mptcp-stat x.csv
		head -n 1 seen | grep -q '^mptcpstream  mptcpdest  tcpstream .*goodput_bps ' || fail_run "$(cat seen)"
		on_terminal mptcp-le x.csv
		head -n 1 seen | grep -q ' event .*reason' || fail_run "$(cat seen)"
	done
}

@test "-f table in a pipe, and columns that were named, are not cut" {
	x=$(capture pathfail_heals.client.pcap)
	for tool in lc ls lt le lr stat; do
		run_ok "mptcp-$tool" -f table "$x"
		[ "$(tr -s ' ' <<<"${lines[0]}" | sed 's/^ //')" = "$(every_column "mptcp-$tool")" ] ||
			fail_run "$tool: ${lines[0]}"
	done
	terminal 40 24
	on_terminal "mptcp-lc --columns client,server,status,packets,subflows,mptcpversion '$x'"
	run -1 grep hidden seen
	tr -d '\n' <seen | grep -q 'client  *server  *status  *packets  *subflows  *mptcpversion'
}

@test "on a terminal the zeros at the end of all times of a column are left out" {
	mptcp-lc --columns duration "$(capture multi2_paced.client.pcap)" | tail -n 1 | grep -q '000$'
	terminal 80 24
	on_terminal "mptcp-lc --columns duration '$(capture multi2_paced.client.pcap)'"
	tail -n 1 seen | grep -Eqx ' *[0-9]\.[0-9]{6}'
}

@test "a pager shows a table that is longer than the terminal, and only that" {
	mptcp-export -o x.csv "$(capture pathfail_heals.client.pcap)"
	terminal 80 24
	tmux -S "$screen" send-keys -t tables "PAGER='sed s/^/paged:/'; export PAGER" Enter
	on_terminal mptcp-lr x.csv
	[ "$(grep -vc '^paged:' seen)" -eq 0 ] || fail_run "$(cat seen)"
	for short in 'mptcp-lr --no-pager x.csv' 'mptcp-lr --head 5 x.csv' 'mptcp-ls x.csv' 'mptcp-lr -f csv x.csv' \
		'mptcp-lr -f table x.csv | cat'; do
		on_terminal "$short"
		run -1 grep paged: seen
		[ -s seen ]
	done
	# 24 rows hold 23 lines and the prompt
	on_terminal 'mptcp-lr --columns packetid --head 22 x.csv'
	run -1 grep paged: seen
	on_terminal 'mptcp-lr --columns packetid --head 23 x.csv'
	grep -q paged: seen
	# what is not there pages nothing
	on_terminal 'PAGER=no-such-pager mptcp-lr --head 40 x.csv'
	[ "$(wc -l <seen)" -ge 20 ] || fail_run "$(cat seen)"
}

@test "without PAGER it is less, which q ends" {
	need_program less
	mptcp-export -o x.csv "$(capture pathfail_heals.client.pcap)"
	terminal 80 24
	tmux -S "$screen" send-keys -t tables 'unset PAGER LESS; clear; mptcp-lr x.csv; echo status $?' Enter
	for _ in {1..100}; do
		look >seen
		grep -qx : seen && break
		sleep 0.1
	done
	head -n 1 seen | grep -q '^mptcpstream ' || fail_run "$(cat seen)"
	tmux -S "$screen" send-keys -t tables q
	for _ in {1..100}; do
		look >seen
		grep -qx 'status 0' seen && break
		sleep 0.1
	done
	grep -qx 'status 0' seen || fail_run "$(cat seen)"
}

@test "what failed is red, a fallback yellow, and NO_COLOR leaves all of it plain" {
	mptcp-export -o failed.csv "$(capture join_refused.client.pcap)"
	mptcp-export -o fallback.csv "$(capture fallback_plain_server.client.pcap)"
	terminal 80 24
	escape=$'\033'
	on_terminal mptcp-ls failed.csv
	look -e | grep -q "$escape\[31mfailed" || fail_run "$(look -e | cat -v)"
	look -e | grep -q "$escape\[1m.*status" || fail_run "$(look -e | cat -v)"
	on_terminal mptcp-lc fallback.csv
	look -e | grep -q "$escape\[33mfallback" || fail_run "$(look -e | cat -v)"
	on_terminal mptcp-le fallback.csv
	look -e | grep -q "$escape\[33mFALLBACK" || fail_run "$(look -e | cat -v)"
	on_terminal NO_COLOR=1 mptcp-ls failed.csv
	look -e | grep -q failed
	! look -e | grep -q "$escape\[[0-9]" || fail_run "$(look -e | cat -v)"
	on_terminal mptcp-summary --no-pager failed.csv
	look -e | grep -q "$escape\[1mto client" || fail_run "$(look -e | cat -v)"
	look -e | grep -q "$escape\[31m *(packet 92)" || fail_run "$(look -e | cat -v)"
	on_terminal NO_COLOR=1 mptcp-summary --no-pager failed.csv
	! look -e | grep -q "$escape\[[0-9]" || fail_run "$(look -e | cat -v)"
	# nor has a file any
	mptcp-summary failed.csv >plain
	run -1 grep -q "$escape" plain
	mptcp-ls -f table failed.csv >plain
	run -1 grep -q "$escape" plain
}

# sorted_by COLUMN HOW TOOL ARGUMENT...: the column of the result is in the order of `sort HOW`.
sorted_by() {
	local column=$1 how=$2
	shift 2
	for format in csv table json; do
		"$@" -f "$format" --no-header --columns "$column" --sort "$column" | sed -E 's/.*:"?([^"}]*)"?}/\1/; s/ //g' >"as-$format"
	done
	cmp as-csv as-table
	cmp as-csv as-json
	[ "$(sort -u as-csv | wc -l)" -gt 2 ]
	LC_ALL=C sort -s "$how" as-csv | cmp - as-csv
	"$@" -f csv --no-header --columns "$column" --sort "$column:desc" | LC_ALL=C sort -s "$how" | cmp - as-csv
}

@test "--sort: numbers as numbers, text as text, in every format" {
	x=$(capture pathfail_heals.client.pcap)
	sorted_by length -n mptcp-lr "$x"
	sorted_by delay -g mptcp-lr "$x"
	sorted_by sent_bytes -n mptcp-stat "$x"
	sorted_by event -d mptcp-le "$x"
}

@test "--sort: empty cells last, by a column that is not shown, too" {
	x=$(capture multi2_paced.client.pcap)
	run_ok mptcp-stat --no-header --columns jain_index --sort jain_index:desc "$x"
	[ "${lines[0]}" != '""' ]
	[ "${lines[-1]}" = '""' ]
	run_ok mptcp-stat --no-header --columns packets --sort sent_bytes:desc --head 1 "$x"
	[ "$output" = "$(mptcp-stat --columns sent_bytes,packets "$x" | tail -n +2 | sort -t , -k 1,1nr | head -n 1 | cut -d , -f 2)" ]
}

@test "--head: the first rows of each format; that there are more is no fault" {
	x=$(capture pathfail_heals.client.pcap)
	run_ok mptcp-lr -f csv "$x"
	all=("${lines[@]}")
	run_ok mptcp-lr -f csv --head 3 "$x"
	[ "${#lines[@]}" -eq 4 ]
	[ "${lines[*]}" = "${all[*]:0:4}" ]
	run_ok mptcp-lr -f json --head 3 "$x"
	[ "${#lines[@]}" -eq 3 ]
	run_ok mptcp-lr -f table --head 100000 "$x"
	[ "${#lines[@]}" -eq "${#all[@]}" ]
}

@test "--sort and --head: what is wrong is told before anything is read" {
	run_status 2 mptcp-lc --sort statu nothing.pcap
	says "option --sort: unknown column 'statu'; did you mean 'status'?"
	run_status 2 mptcp-lc --sort status:up nothing.pcap
	says "option --sort: 'status:up' is not COLUMN or COLUMN:desc"
	run_status 2 mptcp-lc --sort '' nothing.pcap
	for head in 0 -1 x ''; do
		run_status 2 mptcp-lc --head "$head" nothing.pcap
		says "option --head: '$head' is not a number of rows"
	done
}

# What --follow needs: packets in two parts, and a writer that Ctrl-C does not end.
slowly() {
	mptcp-export -o x.csv "$1"
	head -n 200 x.csv >first
	tail -n +201 x.csv >second
	cat >writer <<-END
		trap '' INT
		cat first
		while [ ! -e go ]; do sleep 0.1; done
		cat second
		sleep 60
	END
}

@test "--follow: the same columns, what changes further left" {
	slowly "$(capture pathfail_heals.client.pcap)"
	terminal 80 24
	on_terminal 'touch go; mptcp-ls x.csv'
	read -ra usual < <(head -n 1 seen)
	rm go
	tmux -S "$screen" send-keys -t tables 'clear; sh writer | mptcp-ls --interval 0.2' Enter
	for _ in {1..100}; do
		look >seen
		grep -q hidden seen && break
		sleep 0.1
	done
	read -ra followed < <(head -n 1 seen)
	[ "${followed[*]}" = "mptcpstream tcpstream bytes_to_server bytes_to_client status client" ] || fail_run "$(cat seen)"
	[ "$(printf '%s\n' "${usual[@]}" | sort)" = "$(printf '%s\n' "${followed[@]}" | sort)" ] || fail_run "${usual[*]}"
}

@test "--follow: Ctrl-C ends the packets, and the last table is whole" {
	slowly "$(capture pathfail_heals.client.pcap)"
	terminal 80 5 # smaller than the table
	tmux -S "$screen" send-keys -t tables 'clear; sh writer | mptcp-stat --interval 0.2; echo status $?' Enter
	for _ in {1..100}; do
		look | grep -q server && break
		sleep 0.1
	done
	touch go
	sleep 0.5
	tmux -S "$screen" send-keys -t tables C-c
	for _ in {1..100}; do
		look -S - >seen
		grep -qx 'status 0' seen && break
		sleep 0.1
	done
	sed -n '/^mptcpstream/h; /^mptcpstream/!H; $ { x; p }' seen >last
	[ "$(grep -Ec '^ +0  (server|client) ' last)" -eq 6 ] || fail_run "$(cat seen)"
	grep -q 'columns hidden' last
	mptcp-stat --columns packets x.csv | tail -n +2 >expected
	awk '/^mptcpstream/ { for (i = 1; i <= NF; i++) at[$i] = i } $2 ~ /^(server|client)$/ { print $at["packets"] }' last |
		diff expected -
}

# times TOOL COLUMN FILE HOW: that column with --time HOW, without the header.
times() {
	"$1" --no-header --columns "$2" --time "$4" "$3"
}

@test "--time: since the capture's first packet, the connection's first packet, as a date, since the epoch" {
	mptcp-export -o x.csv "$(capture port_reuse_rst_2sf.client.pcap)"
	for tool in lc ls lt stat le; do
		column=start
		[ "$tool" != le ] || column='time'
		mptcp-$tool --columns mptcpstream --no-header x.csv >streams
		times "mptcp-$tool" "$column" x.csv epoch >moments
		# what each counts from is in the packets
		first=$(mptcp-export --columns abstime,reltime x.csv | sed -n '2 { s/,/-/; p }' | bc)
		while read -r time; do
			echo "$time-$first" | bc
		done <moments | sed 's/^\./0./' | diff - <(times "mptcp-$tool" "$column" x.csv capture | sed 's/^0.000000000$/0/')
		while read -r stream && read -r time <&3; do
			began=$(mptcp-export --columns mptcpstream,abstime x.csv | sed -n "s/^$stream,//p" | head -n 1)
			echo "$time-$began" | bc
		done <streams 3<moments | sed 's/^\./0./' |
			diff - <(times "mptcp-$tool" "$column" x.csv connection | sed 's/^0.000000000$/0/')
		while IFS=. read -r seconds fraction; do
			TZ=UTC date -d "@$seconds" "+%FT%T.${fraction}Z"
		done <moments | diff - <(times "mptcp-$tool" "$column" x.csv utc)
	done
}

@test "--time: capture where nothing is said, but connection in tables on a terminal, which lc and lt are not part of" {
	mptcp-export -o x.csv "$(capture port_reuse_rst_2sf.client.pcap)"
	terminal 200 40
	for tool in lc ls lt lr stat le; do
		column=start
		[[ $tool != l[er] ]] || column='time'
		"mptcp-$tool" -q x.csv >usual || continue
		mptcp-$tool --time capture x.csv | cmp - usual
		mptcp-$tool -f table --columns "$column" x.csv | diff - <(mptcp-$tool -f table --columns "$column" --time capture x.csv)
		from=connection
		[[ $tool != l[ct] ]] || from=capture
		on_terminal "mptcp-$tool --head 20 --columns $column x.csv"
		diff <(tail -n +2 seen | sed 's/^ *//') <(times "mptcp-$tool" "$column" x.csv "$from" | sed 's/000$//; 20q')
		on_terminal "mptcp-$tool --head 20 --columns $column --time epoch x.csv"
		diff <(tail -n +2 seen | sed 's/^ *//') <(times "mptcp-$tool" "$column" x.csv epoch | sed 's/000$//; 20q')
	done
}

@test "--time: of TCP connections without MPTCP, and a word that is none of the four" {
	times mptcp-lt start "$(capture fallback_plain_tcp.client.pcap)" connection >starts
	[ -s starts ]
	run -1 grep -vx 0.000000000 starts
	run_status 2 mptcp-lc --time local nothing.pcap
	says "option --time: 'local' is not connection, capture, utc or epoch"
}

@test "--time: mptcp-merge has the times of both captures from the same point" {
	a=$(capture multi2_paced.client.pcap) b=$(capture multi2_paced.server.pcap)
	for from in capture connection epoch; do
		mptcp-merge -q --columns sender_time,receiver_time --no-header --time "$from" "$a" "$b" |
			awk -F , '$1 != "" && $2 != "" { printf "%.6f\n", $2 - $1 }' >"delay.$from"
	done
	[ -s delay.capture ]
	diff delay.capture delay.connection
}

@test "--time: the x of a series and of its picture, where it is a point in time" {
	mptcp-export -o x.csv "$(capture multi2_paced.client.pcap)"
	began=$(sed -n '2p' x.csv | cut -d , -f 2,3) # abstime,reltime
	mptcp-series dss --columns x x.csv | tail -n +2 >capture
	mptcp-series dss --columns x --time capture x.csv | tail -n +2 | cmp - capture
	mptcp-series dss --columns x --time connection x.csv | tail -n +2 | awk -v "began=${began#*,}" '{ printf "%.9f\n", $1 + began }' |
		diff - capture
	mptcp-series dss --columns x --time utc x.csv | tail -n +2 | head -n 1 | grep -qx "$(TZ=UTC date -d "@${began%%.*}" +%F)T.*Z"
	mptcp-series interarrival --cdf --columns x x.csv >spans
	mptcp-series interarrival --cdf --columns x --time utc x.csv | cmp - spans
	# a picture begins with its connection
	low() {
		mptcp-plot dss -d client "$@" --script x.csv | sed -n '/^# x y/,$p' | awk '$1 ~ /^[0-9.]+$/ { print $1 }' | sort -g | head -n 1
	}
	[ "$(low)" = "$(low --time connection)" ]
	awk -v "a=$(low --time capture)" -v "b=$(low)" -v "began=${began#*,}" 'BEGIN { exit !(a - b > began - 1e-6 && a - b < began + 1e-6) }'
	mptcp-plot dss -d client --time utc --script x.csv | grep -q '^set xlabel .*time (UTC)'
	run_status 2 mptcp-plot dss --time utc - <<<$'x,y,series,kind,y2,label\n1,2,a,data,,'
	says "the input is already a series"
}
