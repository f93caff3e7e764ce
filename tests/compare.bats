#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mptcp-compare: groups of runs, their statistics, the verdict and the exit status.
load lib

# Takes runs.csv: 12 runs of each of three schedulers, with goodput and round-trip time. blest has a tenth less goodput,
# rr nearly the same; round-trip times are the same.
make_runs() {
	cp "$BATS_TEST_DIRNAME/compare/runs.csv" .
}

# Makes rows.csv: the same as it comes from mptcp-stat, with two subflows and the total of each capture.
make_rows() {
	make_runs
	awk -F, -v OFS=, 'NR == 1 { print; next } {
		for (stream = 0; stream < 2; stream++) { $4 = stream; value = $5; $5 = int($5 / 2); print; $5 = value }
		$4 = ""; print
	}' runs.csv >rows.csv
}

@test "a row for each group: median, quartiles, intervals" {
	make_runs
	run_ok mptcp-compare --by scheduler --value goodput_bps,rtt_p50 runs.csv
	[ -z "$stderr" ] || fail_run "standard error"
	golden compare/groups.csv
}

@test "--base adds difference, ratio, p and verdict; status 1 says that a group is worse" {
	make_runs
	run_status 1 mptcp-compare --by scheduler --value goodput_bps,rtt_p50 --base default runs.csv
	[ "$stderr" = "mptcp-compare: worse than the base: 1 of 4" ] || fail_run "standard error"
	golden compare/base.csv
	run_status 1 mptcp-compare -q --by scheduler --value goodput_bps --base default -f json runs.csv
	golden compare/base.json
	run_status 1 mptcp-compare -q --by scheduler --value goodput_bps --base default -f table runs.csv
	golden compare/base.txt
}

@test "status 0 if no group is worse: the same, or better" {
	make_runs
	grep -v ^blest runs.csv >same.csv
	run_ok mptcp-compare --columns scheduler,verdict --by scheduler --value goodput_bps --base default same.csv
	[ "$output" = $'scheduler,verdict\ndefault,\nrr,same' ] || fail_run "same"
	run_ok mptcp-compare --columns scheduler,verdict --by scheduler --value goodput_bps --base blest runs.csv
	[ "$output" = $'scheduler,verdict\ndefault,better\nblest,\nrr,better' ] || fail_run "better"
}

@test "--threshold: what is nearer is the same" {
	make_runs
	for threshold in 15% 0.15 15.0%; do
		run_ok mptcp-compare --by scheduler --value goodput_bps --base default --threshold "$threshold" \
			--columns verdict runs.csv
		[ "$output" = $'verdict\n""\nsame\nsame' ] || fail_run "$threshold"
	done
	for threshold in '' 5 -1% 100% x 5%% 1e-2 nan; do
		run_status 2 mptcp-compare --value y --threshold="$threshold" runs.csv
		says "mptcp-compare: option --threshold: '$threshold' is not a share below 100%"
	done
}

@test "--strict: what is unclear, and nothing to judge, is status 1" {
	make_runs
	grep -v ^blest runs.csv >same.csv
	ask=(--by scheduler --value rtt_p50 --threshold 1% --columns verdict)
	run_ok mptcp-compare "${ask[@]}" --base default same.csv
	[ "${lines[2]}" = unclear ] || fail_run "unclear"
	run_status 1 mptcp-compare --strict "${ask[@]}" --base default same.csv
	grep -E '^capture|^rr' runs.csv >alone.csv
	run_ok mptcp-compare "${ask[@]}" --base rr alone.csv
	says "mptcp-compare: nothing to judge: all runs are of the base"
	run_status 1 mptcp-compare --strict "${ask[@]}" --base rr alone.csv
	# a table that is only described has no verdict to be strict about
	run_ok mptcp-compare --strict --by scheduler --value rtt_p50 runs.csv
}

@test "too few runs are insufficient input: status 3, and the rows are there" {
	make_runs
	grep -vE '^rr/([6-9]|1[0-2])' runs.csv >few.csv
	run_status 3 mptcp-compare --by scheduler --value goodput_bps --base default --columns scheduler,n,verdict few.csv
	says "mptcp-compare: too few runs: 'rr' has 5 of goodput_bps; 6 are needed (--min-runs)"
	[ "$output" = $'scheduler,n,verdict\ndefault,12,\nblest,12,worse\nrr,5,unclear' ] || fail_run "rows"
	run_status 3 mptcp-compare --by scheduler --value goodput_bps --base rr few.csv
	says "too few runs: the base of 'default' has 5 of goodput_bps"
	run_status 1 mptcp-compare --by scheduler --value goodput_bps --base default --min-runs 5 few.csv
	run_status 3 mptcp-compare --by scheduler --value goodput_bps --min-runs 13 runs.csv
	says "'default' has 12 of goodput_bps; 13 are needed"
	# without a base there is nothing that they would be too few for, but for the interval
	run_ok mptcp-compare --by scheduler --value goodput_bps --columns n,ci_low few.csv
	says "mptcp-compare: fewer than 6 runs have no 95 % interval of the median"
	[ "${lines[3]}" = 5, ] || fail_run "interval"
}

@test "a base that is not there is insufficient input" {
	make_runs
	run_status 3 mptcp-compare --by scheduler --value goodput_bps --base defualt runs.csv
	says "mptcp-compare: no run of the base 'defualt'; there are runs of 'default', 'blest', 'rr'"
	[ -z "$output" ] || fail_run "output"
	head -n 1 runs.csv >none.csv
	run_status 3 mptcp-compare --by scheduler --value goodput_bps --base default none.csv
	says "mptcp-compare: no run of the base 'default', nor any other"
}

@test "no run at all: status 1, as of every tool" {
	make_runs
	run_status 1 mptcp-compare --by scheduler --value goodput_bps --where scheduler=none runs.csv
	says "mptcp-compare: no run to compare"
	run_ok mptcp-compare --allow-empty --by scheduler --value goodput_bps --where scheduler=none runs.csv
}

@test "several rows of a capture are refused, with what tells them apart" {
	make_rows
	run_status 2 mptcp-compare --by scheduler --value goodput_bps rows.csv
	says "mptcp-compare: rows.csv: capture 'default/1.pcap' has 3 rows, which are no repetitions; they differ in tcpstream:"
	says "choose one with --where, or make one of them with --within"
	[ -z "$output" ] || fail_run "output"
	# of two labels of a capture each row is a run
	run_status 1 mptcp-compare --by scheduler,tcpstream --value goodput_bps --base default rows.csv
}

@test "--where chooses rows by their cells" {
	make_rows
	mptcp-compare --by scheduler --value goodput_bps,rtt_p50 runs.csv >expected
	run_ok mptcp-compare --by scheduler --value goodput_bps,rtt_p50 --where tcpstream=,mptcpdest=client rows.csv
	diff expected <(printf '%s\n' "$output")
	run_ok mptcp-compare --by scheduler --value goodput_bps,rtt_p50 --where 'tcpstream!=0' --where 'tcpstream!=1' rows.csv
	diff expected <(printf '%s\n' "$output")
	for where in '' = =x tcpstream '!=1' 'tcpstream=,'; do
		run_status 2 mptcp-compare --value goodput_bps --where="$where" rows.csv
		says "is not COLUMN=TEXT or COLUMN!=TEXT"
	done
	run_status 3 mptcp-compare --value goodput_bps --where tcpstrem=0 rows.csv
	says "rows.csv: no column 'tcpstrem'; did you mean 'tcpstream'?"
}

@test "--within makes one value of the rows of a capture" {
	make_rows
	run_ok mptcp-compare --by scheduler --value goodput_bps --within max --columns scheduler,median rows.csv
	mptcp-compare --by scheduler --value goodput_bps --columns scheduler,median runs.csv |
		diff - <(printf '%s\n' "$output")
	run_ok mptcp-compare --by scheduler --value goodput_bps --within sum --where 'tcpstream!=' --columns n,max rows.csv
	[ "${lines[1]}" = 12,12150000 ] || fail_run "sum"
	run_ok mptcp-compare --by scheduler --value goodput_bps --within median --columns max rows.csv
	[ "${lines[1]}" = 6075000 ] || fail_run "median"
	run_status 2 mptcp-compare --value goodput_bps --within mean rows.csv
	says "option --within: 'mean' is not sum, median or max"
}

@test "--unit-of-repetition names the column of the run" {
	make_runs
	mptcp-compare --by scheduler --value rtt_p50 runs.csv >expected
	sed 1s/capture/experiment/ runs.csv >other.csv
	run_status 3 mptcp-compare --by scheduler --value rtt_p50 other.csv
	says "other.csv: no column 'capture', which names the run; --unit-of-repetition names another"
	run_ok mptcp-compare --by scheduler --value rtt_p50 --unit-of-repetition experiment other.csv
	diff expected <(printf '%s\n' "$output")
}

@test "--base of fewer labels than --by: the other labels are the group's own" {
	make_runs
	awk -F, -v OFS=, 'NR == 1 { print $0, "rtt"; next }
		{ capture = $1; for (rtt = 20; rtt <= 40; rtt += 20) { $1 = capture "," ; sub(/,$/, "", $1); $1 = rtt "/" capture; print $0, rtt } }' \
		runs.csv | awk -F, -v OFS=, '$2 == "rr" && $NF == 40 { $5 = int($5 * 0.8) } 1' >two.csv
	run_status 1 mptcp-compare --by scheduler,rtt --base default --value goodput_bps \
		--columns scheduler,rtt,base_n,verdict two.csv
	[ "$output" = "scheduler,rtt,base_n,verdict
default,20,,
default,40,,
blest,20,12,worse
blest,40,12,worse
rr,20,12,same
rr,40,12,worse" ] || fail_run "one label"
	run_status 1 mptcp-compare --by scheduler,rtt --base default,20 --value goodput_bps \
		--columns scheduler,rtt,verdict --where scheduler=default two.csv || [ "$status" = 0 ]
	[ "${lines[2]}" = default,40,same ] || fail_run "two labels"
	run_status 2 mptcp-compare --by scheduler,rtt --base a,b,c --value goodput_bps two.csv
	says "option --base: 3 labels, but --by has 2 columns"
	run_status 2 mptcp-compare --base default --value goodput_bps two.csv
	says "option --base: needs --by"
	# no default at 40 ms: nothing to compare that with
	grep -vE '^40/default' two.csv >hole.csv
	run_status 3 mptcp-compare -q --by scheduler,rtt --base default --value goodput_bps \
		--columns scheduler,rtt,base_n,verdict hole.csv
	[ "${lines[3]}" = blest,40,0,unclear ] || fail_run "hole"
	says "too few runs: the base of 'blest,40' has 0 of goodput_bps"
}

@test "--better: known of rates and times, must be given for anything else" {
	make_runs
	sed '1s/rtt_p50/switches/' runs.csv >switches.csv
	run_status 2 mptcp-compare --by scheduler --base default --value switches switches.csv
	says "is a higher or a lower 'switches' better? --better switches=higher or --better switches=lower says it"
	run_ok mptcp-compare --by scheduler --value switches switches.csv
	for better in lower switches=lower goodput_bps=higher,switches=lower lower,goodput_bps=higher; do
		run_status 1 mptcp-compare --by scheduler --base default --value goodput_bps,switches --better "$better" \
			--columns verdict switches.csv || [ "$better" = lower ]
	done
	run_ok mptcp-compare --by scheduler --base default --value goodput_bps --better lower --columns verdict runs.csv
	[ "${lines[2]}" = better ] || fail_run "lower"
	run_status 2 mptcp-compare --by scheduler --base default --value goodput_bps --better rtt=lower runs.csv
	says "option --better: 'rtt' is not a column of --value"
	run_status 2 mptcp-compare --by scheduler --base default --value goodput_bps --better most runs.csv
	says "option --better: 'most' is not higher or lower"
	# every rate and round-trip time of mptcp-stat is known
	mptcp-stat --columns help | awk '$2 == "bps" || $1 ~ /rtt/ || $1 == "duration" { print $1 }' >known
	[ "$(wc -l <known)" -gt 8 ]
	while read -r name; do
		sed "1s/rtt_p50/$name/;1s/goodput_bps/other/" runs.csv >named.csv
		run -0 --separate-stderr mptcp-compare --by scheduler --base default --value "$name" --threshold 90% named.csv
	done <known
}

@test "missing values are counted; what is no number is an error with file, line and column" {
	make_runs
	sed -E '2s/,[^,]*$/,/; 3s/,[^,]*$/,NaN/' runs.csv >missing.csv
	run_ok mptcp-compare --by scheduler --value rtt_p50 --columns n,missing missing.csv
	[ "${lines[1]}" = 10,2 ] || fail_run "missing"
	sed '5s/$/ ms/' runs.csv >bad.csv
	run_status 3 mptcp-compare --by scheduler --value rtt_p50 bad.csv
	says "mptcp-compare: bad.csv: line 5: rtt_p50: '"
	says "ms' is not a number"
	[ -z "$output" ] || fail_run "output"
}

@test "several files are one table; other columns are refused with file and column" {
	make_runs
	mptcp-compare --by scheduler --value rtt_p50 runs.csv >expected
	grep -E '^capture|^default' runs.csv >a.csv
	grep -vE '^default' runs.csv >b.csv
	run_ok mptcp-compare --by scheduler --value rtt_p50 a.csv b.csv
	diff expected <(printf '%s\n' "$output")
	run_ok mptcp-compare --by scheduler --value rtt_p50 a.csv - <b.csv
	diff expected <(printf '%s\n' "$output")
	run_ok bash -c 'cat a.csv <(tail -n +2 b.csv) | mptcp-compare --by scheduler --value rtt_p50'
	diff expected <(printf '%s\n' "$output")
	cut -d , -f 1-5 b.csv >without.csv
	run_status 3 mptcp-compare --by scheduler --value rtt_p50 a.csv without.csv
	says "mptcp-compare: without.csv: no column 'rtt_p50', which a.csv has"
	sed 1s/tcpstream/stream/ b.csv >renamed.csv
	run_status 3 mptcp-compare --by scheduler --value rtt_p50 a.csv renamed.csv
	says "mptcp-compare: renamed.csv: no column 'tcpstream', which a.csv has"
	awk -F, -v OFS=, '{ print $2, $1, $3, $4, $5, $6 }' b.csv >moved.csv
	run_status 3 mptcp-compare --by scheduler --value rtt_p50 a.csv moved.csv
	says "moved.csv: column 'scheduler' is not where it is in a.csv"
	cat a.csv b.csv >joined.csv
	run_status 3 mptcp-compare --by scheduler --value rtt_p50 joined.csv
	says "joined.csv: line 14: a second header; give two tables as two files"
	run_status 3 mptcp-compare --value rtt_p50 /dev/null
	says "/dev/null: empty: no header line"
	run_status 5 mptcp-compare --value rtt_p50 a.csv absent.csv
	says "mptcp-compare: absent.csv: "
	run_status 2 mptcp-compare --by scheduler --value rtt_p50 -o a.csv a.csv
	says "a.csv: is the input"
}

@test "the table of several captures, as mptcp-stat prints it" {
	mkdir blest default
	for run in 1 2 3 4 5 6; do
		cp "$(capture multi2_paced.client.pcap)" "blest/$run.pcap"
		cp "$(capture pathfail_heals.client.pcap)" "default/$run.pcap"
	done
	mptcp-stat -o all.csv --label '{scheduler}/{run:d}.pcap' blest/*.pcap default/*.pcap
	run_status 2 mptcp-compare --by scheduler --value goodput_bps all.csv
	says "all.csv: capture 'blest/1.pcap' has 6 rows, which are no repetitions; they differ in mptcpdest, tcpstream, "
	run_ok mptcp-compare --by scheduler --base default --value goodput_bps --where mptcpdest=client,tcpstream= \
		--columns scheduler,n,median,verdict all.csv
	[ "$output" = $'scheduler,n,median,verdict\nblest,6,1359991,better\ndefault,6,555329,' ] || fail_run "rows"
}

@test "a capture is not a table" {
	need_file "$DEMO"
	run_status 3 mptcp-compare --value goodput_bps "$DEMO"
	says "demo.pcap: a capture; make a table of it first"
}

@test "the order of the rows does not matter" {
	make_runs
	mptcp-compare -q --by scheduler --value goodput_bps,rtt_p50 --base default runs.csv >expected || [ $? = 1 ]
	{
		head -n 1 runs.csv
		tail -n +2 runs.csv | sort -t , -k 2,2 -k 6,6 | awk -F, '$2 == "default"'
		tail -n +2 runs.csv | sort -t , -k 6,6 -r | awk -F, '$2 == "blest"'
		tail -n +2 runs.csv | sort -t , -k 5,5 | awk -F, '$2 == "rr"'
	} >sorted.csv
	mptcp-compare -q --by scheduler --value goodput_bps,rtt_p50 --base default sorted.csv >sorted || [ $? = 1 ]
	cmp expected sorted
}

@test "--columns has the labels, too; a label that is a column of the result is refused" {
	make_runs
	run_ok mptcp-compare --by scheduler --value rtt_p50 --columns n,scheduler runs.csv
	[ "${lines[1]}" = 12,default ] || fail_run "columns"
	run_ok mptcp-compare --by scheduler --value rtt_p50 --columns help
	[[ ${lines[0]} == 'scheduler '* ]] || fail_run "help"
	run_ok mptcp-compare --by scheduler --value rtt_p50 --columns all runs.csv
	[[ ${lines[0]} == *,verdict ]] || fail_run "all"
	run_status 2 mptcp-compare --by median --value rtt_p50 runs.csv
	says "option --by: 'median' is a column of the result; call it otherwise in the input"
	run_status 2 mptcp-compare --by scheduler, --value rtt_p50 runs.csv
	says "option --by: missing name of a column"
	run_status 2 mptcp-compare --value rtt_p50,rtt_p50 runs.csv
	says "option --value: column 'rtt_p50' appears twice"
	run_status 2 mptcp-compare --by scheduler runs.csv
	says "option --value is missing"
	run_status 2 mptcp-compare --min-runs 0 --value rtt_p50 runs.csv
	says "option --min-runs: '0' is not a number"
}

@test "mptcp compare is mptcp-compare, and --delimiter is that of the table" {
	make_runs
	mptcp-compare --by scheduler --value rtt_p50 runs.csv >expected
	tr , ';' <runs.csv >semicolons.csv
	run_ok mptcp compare --delimiter ';' --by scheduler --value rtt_p50 semicolons.csv
	diff <(tr , ';' <expected) <(printf '%s\n' "$output")
}

@test "values that are not positive have no ratio: unclear, and told" {
	make_runs
	awk -F, -v OFS=, 'NR > 1 { $5 -= 12000000 } 1' runs.csv >zero.csv
	run_ok mptcp-compare --by scheduler --value goodput_bps --base default --columns ratio,p,verdict zero.csv
	says "mptcp-compare: values that are not positive have no ratio: the verdict is unclear"
	[[ ${lines[2]} == ,0.0*,unclear ]] || fail_run "verdict"
}

@test "a million rows of 24 captures take little memory" {
	million() {
		awk 'BEGIN {
			print "capture,group,y"
			for (i = 0; i < 1000000; i++)
				printf "%d.pcap,%s,%d\n", i % 24, i % 2 ? "odd" : "even", i % 1000
		}'
	}
	export -f million
	run_ok bash -o pipefail -c '
		million | {
			[[ $BUILD == *asan* ]] || ulimit -v 20000
			exec mptcp-compare --by group --value y --within sum --columns group,n,missing,min
		}'
	[ "$output" = $'group,n,missing,min\neven,12,0,20666336\nodd,12,0,20708002' ] || fail_run "rows"
}

@test "1000 random tables: the same numbers as R" {
	need_program Rscript
	Rscript --vanilla "$BATS_TEST_DIRNAME/compare/tables.R" .
	for ((table = 1; table <= 1000; table++)); do
		mptcp-compare -q --by group --value y --base base --better higher "$table.csv" >"$table.out" 2>messages ||
			[[ $? == [13] ]] || { cat "$table.csv" messages; return 1; }
	done
	Rscript --vanilla "$BATS_TEST_DIRNAME/compare/check.R" . >differences
	# one line: how many were compared
	[[ $(cat differences) =~ ^[1-9][0-9]{4}\ *$ ]] || { cat differences; return 1; }
}
