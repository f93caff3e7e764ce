#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# mptcp-plot: the same picture from a series and from a capture, files, ranges, styles, plots of the user's, and that no
# text becomes a command. tests/series has a short series for each plot; what is drawn of it is in tests/golden/plot.
load lib

setup() {
	setup_common
	need_program gnuplot
	export MPTCP_PLOTS=$ROOT/share/plots
	SERIES=$ROOT/tests/series
}

# A capture with two subflows.
x() {
	capture multi2_paced.client.pcap
}

# SVG without the line that names the version of gnuplot.
drawing() {
	grep -v '^<desc>Produced by GNUPLOT' "$1"
}

# refuses TEXT ARGUMENT...: a usage error with TEXT in it.
refuses() {
	local text=$1
	shift
	run_status 2 mptcp-plot "$@"
	says "$text"
}

@test "each plot draws its series as it is in golden/plot" {
	[[ $(gnuplot --version) == "gnuplot 5.4 "* ]] || skip "the pictures expected are those of gnuplot 5.4"
	for plot in "$ROOT"/share/plots/*.gp; do
		name=$(basename "$plot" .gp)
		for series in "$SERIES/$name".csv "$SERIES/$name"-*.csv; do
			[ -e "$series" ] || continue
			run_ok mptcp-plot "$name" -o picture.svg "$series"
			output=$(drawing picture.svg)
			golden "plot/$(basename "$series" .csv).svg"
		done
	done
}

@test "there is a series to test each plot with" {
	for plot in "$ROOT"/share/plots/*.gp; do
		compgen -G "$SERIES/$(basename "$plot" .gp)*.csv" || fail_run "$plot"
	done
}

@test "each plot says its series, title, labels and meaning" {
	for plot in "$ROOT"/share/plots/*.gp; do
		for key in series title xlabel ylabel meaning; do
			[ "$(basename "$plot")" = attr.gp ] && [ "$key" = ylabel ] && continue # of the column
			grep -qE "^# $key: [^ ]" "$plot" || fail_run "$plot: $key"
		done
	done
}

@test "a series, a capture, packets as CSV, by name or on standard input: the same picture" {
	mptcp-plot rtt -d client -o named.svg 0 "$(x)"
	mptcp-series rtt --time connection -d client 0 "$(x)" >series.csv
	mptcp-plot rtt <series.csv | cmp - named.svg
	mptcp-plot rtt - <series.csv | cmp - named.svg
	mptcp-plot rtt series.csv | cmp - named.svg
	mptcp-plot rtt -d client 0 <"$(x)" | cmp - named.svg
	# shellcheck disable=SC2002 # a pipe, which cannot be read twice
	cat "$(x)" | mptcp-plot rtt -d client 0 - | cmp - named.svg
	mptcp-export "$(x)" | mptcp-plot rtt -d client 0 | cmp - named.svg
}

@test "the ending of the file says how to draw" {
	declare -A start=([png]=$'\x89PNG' [svg]='<?xml' [html]='<!DOCTYPE html>' [PDF]='%PDF-')
	for ending in "${!start[@]}"; do
		run_ok mptcp-plot tput -o "picture.$ending" "$SERIES/tput.csv"
		[ "$(head -c "${#start[$ending]}" "picture.$ending" | tr -d '\0')" = "${start[$ending]}" ] || fail_run "$ending"
	done
	run_ok mptcp-plot tput -o picture.txt "$SERIES/tput.csv"
	grep -q 'throughput (' picture.txt || grep -q Throughput picture.txt
	run -1 grep -q $'\033' picture.txt
	refuses "'picture.gif' does not end in" tput -o picture.gif "$SERIES/tput.csv"
	[ ! -e picture.gif ]
}

@test "a page of HTML is one file: the drawing and its scripts" {
	mptcp-plot tput -o picture.html "$SERIES/tput.csv"
	grep -q '<svg' picture.html
	grep -q toggleVisibility picture.html
	run -1 grep -qE '<\?xml|src=|xlink:href=.http' picture.html
}

@test "a folder has script, data and a Makefile that draw the same picture" {
	mptcp-plot dss -o folder/ "$SERIES/dss.csv"
	mptcp-plot dss "$SERIES/dss.csv" >expected.svg
	[ "$(cd folder && echo *)" = "Makefile dss.dat dss.gp" ]
	run_ok make -s -C folder
	[ -z "$stderr" ]
	cmp folder/dss.svg expected.svg
	run_ok make -s -C folder dss.png dss.pdf dss.txt
}

@test "--script prints the program, which draws the same picture" {
	mptcp-plot seq "$SERIES/seq.csv" >expected.svg
	mptcp-plot seq --script "$SERIES/seq.csv" >script
	gnuplot -d script | cmp - expected.svg
}

@test "--display without a screen, and not on a terminal, prints text" {
	unset DISPLAY WAYLAND_DISPLAY
	run_ok env NO_COLOR=1 mptcp-plot tput --display "$SERIES/tput.csv"
	[[ $output == *Throughput* ]] && [[ $output != *$'\033'* ]]
	refuses "exclude each other" tput --display -o picture.svg "$SERIES/tput.csv"
}

@test "--title, --size, --xrange and --yrange" {
	run_ok mptcp-plot tput --title 'My title' --size 640x480 --xrange 0.1:0.3 --yrange 0:20M "$SERIES/tput.csv"
	[[ $output == *'>My title<'* ]] && [[ $output == *'width="640" height="480"'* ]]
	run_ok mptcp-plot tput --script --xrange 0.5: --yrange :20M "$SERIES/tput.csv"
	grep -q '^set yrange \[\*:20\]$' <<<"$output"
	for range in '' 1 2:1 1:1 a:b '0:1]; system("touch evil")' '0:$(touch evil)' $'0:1\nsystem("touch evil")' 0x1:2 nan:1 inf:; do
		refuses "is not a range" tput --xrange "$range" "$SERIES/tput.csv"
	done
	for size in '' 1 1x 0x1 1x0 20001x1 1x1x1 '1x1;' -1x1; do
		refuses "is not a size" tput --size "$size" "$SERIES/tput.csv"
	done
	[ ! -e evil ]
}

# shellcheck disable=SC1003 # backslashes on purpose
@test "--style: of the line it stands for, from the configuration by name, words that cannot do harm" {
	printf 'style3 = lines lw 7\nstyle1 = points pt 5\n' >config
	run_ok mptcp-plot tput -c config --script --style 'lw 4' "$SERIES/tput.csv"
	grep -q '^set style line 1 lw 4$' <<<"$output"
	grep -q '^set style line 2 *pt 5$' <<<"$output"
	grep -q "^drawn = 'points'$" <<<"$output" || grep -q "^drawn = 'lines'$" <<<"$output"
	run_ok mptcp-plot tput -c config --script --style style3 "$SERIES/tput.csv"
	grep -q '^set style line 1 *lw 7$' <<<"$output"
	run_ok mptcp-plot tput --style "lines lc rgb '#ff0000' dt 2" -o picture.svg "$SERIES/tput.csv"
	for style in 'lines; system("touch evil")' 'lines `touch evil`' 'lines $(touch evil)' $'lines\nsystem "touch evil"' \
		"lines, '<touch evil' with lines" 'lines @x' "lines lc rgb 'red" 'lines \'; do
		refuses "style: " tput --style "$style" "$SERIES/tput.csv"
		refuses "terminal: " tput --terminal "svg;$style" "$SERIES/tput.csv"
	done
	[ ! -e evil ]
}

# The texts that a shell or gnuplot would take for more than texts.
# shellcheck disable=SC1003 # backslashes on purpose
evil_texts=('`touch evil`' '$(touch evil)' "'; system('touch evil') #" '"; system("touch evil") #' '@evil' '{/Bold x}' '%s%n\n'
	"a'b" '<script>alert(1)</script>' $'two\nlines' $'\xff\xfe' "x' . system('touch evil') . '" '\' "\\'" 'END_OF_DATA')

@test "no series name, label or title becomes a command, and each picture is well-formed" {
	need_program python3
	for text in "${evil_texts[@]}"; do
		quoted=\"${text//\"/\"\"}\"
		printf 'x,y,series,kind,y2,label\n0,1,%s,data,2,\n1,2,%s,data,3,\n1,2,%s,event,,%s\n' \
			"$quoted" "$quoted" "$quoted" "$quoted" >evil.csv
		for name in dss seq tput attr; do
			sed "s/,data,/,$([ "$name" = attr ] && echo value || echo data),/" evil.csv >series.csv
			for format in svg html txt; do
				run_ok mptcp-plot "$name" --title "$text" -o "picture.$format" series.csv
				[ -z "$stderr" ] || fail_run "$text"
			done
			python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' picture.svg
			run -1 grep -q '<script>alert' picture.html
		done
		run_ok mptcp-plot dss --title "$text" -o folder/ series.csv
		run_ok make -s -B -C folder
		[ ! -e evil ] && [ ! -e folder/evil ] || fail_run "$text"
	done
}

@test "no file name becomes a command" {
	for text in '`touch evil`' '$(touch evil)' "'; system('touch evil') #" '"; system("touch evil") #' '<touch evil' '| touch evil'; do
		cp "$SERIES/tput.csv" "$text"
		run_ok mptcp-plot tput -o "$text.svg" "$text"
		[ -s "$text.svg" ]
		run_ok mptcp-plot tput -o "$text.folder/" "$text"
		run_ok make -s -C "$text.folder"
	done
	[ ! -e evil ]
}

@test "no name of a plot leads out of the folders of plots" {
	cp "$MPTCP_PLOTS/tput.gp" other.gp
	for name in ./other ../other "$PWD/other" '' . .. .hidden 'a b' 'a;b'; do
		refuses "unknown plot" "$name" "$SERIES/tput.csv"
	done
	refuses "missing NAME of a plot"
}

@test "a kind, a number or a row that is none is told with its line; what was before it is drawn" {
	for row in '1,1,a,Data' "1,1,a,x';y" '1,x,a,data' '1,0x1,a,data' '1,nan,a,data' '1,1,a'; do
		printf 'x,y,series,kind\n0,1,a,data\n1,2,a,data\n%s\n' "$row" >wrong.csv
		run_status 3 mptcp-plot tput -o picture.svg wrong.csv
		says "mptcp-plot: wrong.csv: line 4: "
		grep -q '</svg>' picture.svg
		rm picture.svg
	done
	printf 'x,y,series,kind\n' >empty.csv
	run_status 1 mptcp-plot tput -o picture.svg empty.csv
	says "nothing to draw"
	[ ! -e picture.svg ]
}

@test "a gnuplot that is missing or fails: its message, status 4, and an older picture stays" {
	echo old >picture.svg
	run_status 4 mptcp-plot tput --gnuplot no-such-gnuplot -o picture.svg "$SERIES/tput.csv"
	says "no-such-gnuplot"
	mkdir plots
	printf '# series: tput\nplot cuont(1)\n' >plots/broken.gp
	MPTCP_PLOTS=plots run_status 4 mptcp-plot broken -o picture.svg "$SERIES/tput.csv"
	says "undefined function: cuont"
	[ "$(cat picture.svg)" = old ]
}

@test "a plot of the user's is found, listed, and hides one of the same name" {
	mkdir -p "$XDG_DATA_HOME/mptcp/plots"
	{
		printf '# series: tput\n# title: Mine\n# meaning: a plot of my own\n\n'
		echo "plot for [i=1:count('sum')] data index block('sum',i) using 1:2 with lines ls line('sum',i) title name('sum',i)"
	} >"$XDG_DATA_HOME/mptcp/plots/mine.gp"
	run_ok mptcp-plot mine "$SERIES/tput.csv"
	[[ $output == *'>Mine<'* ]]
	run_ok mptcp-plot --list
	grep -qF $'mine\ttput\ta plot of my own\t'"$XDG_DATA_HOME/mptcp/plots/mine.gp" <<<"$output"
	grep -q $'^rtt\trtt\t' <<<"$output"
	[ "$(sort <<<"$output")" = "$output" ]
	cp "$XDG_DATA_HOME/mptcp/plots/mine.gp" "$XDG_DATA_HOME/mptcp/plots/tput.gp"
	unset MPTCP_PLOTS
	run_ok mptcp-plot tput "$SERIES/tput.csv"
	[[ $output == *'>Mine<'* ]]
}

@test "what a series was not asked for cannot be asked of its plot" {
	refuses "the input is already a series" tput 0 "$SERIES/tput.csv"
	refuses "give --window=2 to mptcp-series" tput -w 2 "$SERIES/tput.csv"
	refuses "the input is already a series" tput -d client "$SERIES/tput.csv"
}

@test "--stacked: each layer from its bottom to its top, from window to window; without it lines" {
	need_program python3
	# a is 1 high all the time, on it b has no height at first, then 3
	printf '%s\n' x,y,series,kind,y2 0,1,a,stack,0 1,1,a,stack,0 2,0,a,stack,0 \
		0,1,b,stack,1 1,4,b,stack,1 2,0,b,stack,0 >stack.csv
	cat >boxes.py <<-'END'
		import re, sys
		boxes = []
		for points in re.findall("<polygon [^>]*points = '(.*?)'", sys.stdin.read()):
		    x, y = zip(*(map(float, point.split(",")) for point in points.split()))
		    if max(x) - min(x) > 100:  # else of the key
		        boxes.append((min(x), max(x), -max(y), -min(y)))
		left, right, bottom, top = boxes[0]
		for box in boxes:
		    print(*(round((at - left) / (right - left)) for at in box[:2]),
		          *(round((at - bottom) / (top - bottom)) for at in box[2:]))
	END
	mptcp-plot tput stack.csv >picture.svg
	run_ok python3 boxes.py <picture.svg
	[ "$output" = $'0 1 0 1\n1 2 0 1\n1 2 1 4' ] || fail_run boxes
	run_ok mptcp-plot tput --stacked --script -d client 0 "$(x)"
	grep -q "^# line 1, stack" <<<"$output"
	run -1 grep -qE '^# line [0-9]+, (data|sum)' <<<"$output"
	run_ok mptcp-plot tput --script -d client 0 "$(x)"
	run -1 grep -qE '^# line [0-9]+, stack' <<<"$output"
	refuses "give --stacked to mptcp-series" tput --stacked "$SERIES/tput.csv"
}

@test "ooo: for how long the head of line was blocked has an axis of its own, in seconds, if there is any" {
	run_ok mptcp-plot ooo --script "$SERIES/ooo.csv"
	grep -qx 'xscale = 0.001; yscale = 1000' <<<"$output" # bytes in kB, what the seconds are freed of again
	run_ok mptcp-plot ooo "$SERIES/ooo.csv"
	[[ $output == *'head of line blocked (s)'* ]]
	grep -v blocked "$SERIES/ooo.csv" >none.csv
	run_ok mptcp-plot ooo none.csv
	[[ $output != *'head of line blocked'* ]]
}

@test "a status of mptcp-series is that of the plot" {
	run_status 5 mptcp-plot tput 0 absent.pcap
	says "absent.pcap"
	run_status 2 mptcp-plot tput --window x 0 "$(x)"
	run_status 1 mptcp-plot tput 99 "$(x)"
}

@test "a hundred thousand points are thinned to what a picture can show, its peak included" {
	awk 'BEGIN {
		print "x,y,series,kind"
		for (i = 0; i < 100000; i++) print i / 1000 "," (i == 54321 ? 1000000 : 1000 + i % 7) ",a,data"
	}' >long.csv
	run_ok mptcp-plot tput --script long.csv
	[ "${#lines[@]}" -lt 4200 ]
	grep -q '^54.321 1 ' <<<"$output"
	[ "$(grep -cE '^[0-9.e-]+ [0-9.e-]+ NaN 0$' <<<"$output")" -gt 900 ]
}

@test "mptcp-series works by the configuration of -c" {
	echo 'tshark_binary = no-such-tshark' >config
	run_status 4 mptcp-plot tput -c config 0 "$(x)"
	says "no-such-tshark"
	printf 'editcap_binary = no-such-editcap\n' >config
	gzip -c "$(x)" >x.pcap.gz
	run_status 4 mptcp-plot tput -c config 0 x.pcap.gz
	says "no-such-editcap"
}

@test "on a terminal the picture is shown as text where it can show nothing else" {
	need_program script
	unset DISPLAY WAYLAND_DISPLAY
	run script -qec "TERM=vt100 NO_COLOR=1 mptcp-plot tput '$SERIES/tput.csv'" /dev/null
	[ "$status" = 0 ] && [[ $output == *Throughput* ]] && [[ $output != *'<svg'* ]]
}

@test "several captures: one picture, lines named by label or path; the same from their series and from packets" {
	mkdir blest lia
	cp "$(x)" blest/1.pcap
	cp "$(capture multi2_paced.server.pcap)" lia/1.pcap
	run_ok mptcp-plot tput -d client --script blest/1.pcap lia/1.pcap
	[ "$(grep -c '^names\[.*total' <<<"$output")" = 2 ]
	grep -qF 'blest/1.pcap: total > client' <<<"$output"
	grep -qF 'lia/1.pcap: total > client' <<<"$output"
	run_ok mptcp-plot tput -d client --label '{s}/{f}.pcap' -o all.svg blest/1.pcap lia/1.pcap
	drawing all.svg | grep -qF '>blest 1: total'
	drawing all.svg | grep -qF '>lia 1: total'
	mptcp-series tput --time connection -d client --label '{s}/{f}.pcap' blest/1.pcap lia/1.pcap | mptcp-plot tput -o series.svg
	mptcp-export --label '{s}/{f}.pcap' blest/1.pcap lia/1.pcap | mptcp-plot tput -d client -o packets.svg
	diff <(drawing all.svg) <(drawing series.svg)
	diff <(drawing all.svg) <(drawing packets.svg)
	# labels that do not tell the captures apart
	run_ok mptcp-plot tput -d client --label '{f}.pcap' --script blest/1.pcap lia/1.pcap
	grep -qF 'blest/1.pcap: total > client' <<<"$output"
	# one line each
	run_ok mptcp-plot tput -d client -t 0 --script blest/1.pcap lia/1.pcap
	grep -q "^names\[1\] = .blest/1.pcap" <<<"$output"
}

@test "several captures: one that fails is reported, the others are drawn" {
	cp "$(x)" a.pcap
	cp "$(x)" b.pcap
	run_status 5 mptcp-plot tput -o p.svg a.pcap b.pcap missing.pcap
	says "mptcp-plot: missing.pcap: "
	drawing p.svg | grep -qF '>b.pcap: total'
	run_status 2 mptcp-plot tput --force -o b.pcap a.pcap b.pcap --terminal svg
	says "b.pcap: is the input"
	cmp a.pcap b.pcap
	run_status 2 mptcp-plot tput --label '{series}.pcap' a.pcap b.pcap
	says "label 'series'"
}

@test "--style FILE: gnuplot commands of a file, before styles that are given as such" {
	need_program gnuplot
	printf "set style line 1 lc rgb '#123456'\nset key bottom\ndrawn = 'points'" >mine.gp
	run_ok mptcp-plot tput --style mine.gp --script 0 "$DEMO"
	[[ $output == *$'\ndrawn = \'steps\'\nset style line 1 lc rgb \'#123456\'\nset key bottom\ndrawn = \'points\'\n'* ]]
	run_ok mptcp-plot tput --style mine.gp -o x.svg 0 "$DEMO"
	grep -qE 'rgb\( *18, *52, *86\)' x.svg
	mptcp-plot tput -o y.svg 0 "$DEMO"
	run ! grep -qE 'rgb\( *18, *52, *86\)' y.svg
	# it is no line's style: the first one given is that of the first line, and comes after it
	run_ok mptcp-plot tput --style ./mine.gp --style 'lines lw 7' --script 0 "$DEMO"
	[[ $output == *$'#123456\''*$'\nset style line 1  lw 7\ndrawn = \'lines\'\n'* ]]
	# kept in a folder for editing
	run_ok mptcp-plot tput --style mine.gp -o kept/ 0 "$DEMO"
	grep -q '#123456' kept/tput.gp
	run_status 5 mptcp-plot tput --style ./absent -o x.svg 0 "$DEMO"
	says 'mptcp-plot: ./absent: No such file'
	echo 'set nonsense' >bad.gp
	run_status 4 mptcp-plot tput --style bad.gp -o x.svg 0 "$DEMO"
	says 'mptcp-plot: gnuplot: line'
}
