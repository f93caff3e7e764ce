# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the bats files share; each begins with `load lib`. Every test has its own home, so that no configuration
# or cache of the user's is read or changed, and works in the folder $BATS_TEST_TMPDIR.
bats_require_minimum_version 1.5.0

ROOT=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
BIN=${BIN:-$ROOT/bin}
BUILD=${BUILD:-$ROOT/build}
# our own captures, and those of ../shared, which need not be there
CAPTURES=$ROOT/tests/captures
SHARED=${SHARED:-$ROOT/../shared}
DEMO=$ROOT/examples/demo.pcap
export ROOT BIN BUILD CAPTURES SHARED DEMO

# A file with a setup of its own calls this first.
setup_common() {
	local name

	PATH=$BIN:$PATH
	export HOME=$BATS_TEST_TMPDIR/home
	export XDG_CACHE_HOME=$HOME/.cache XDG_CONFIG_HOME=$HOME/.config XDG_DATA_HOME=$HOME/.local/share
	export XDG_STATE_HOME=$HOME/.local/state XDG_CONFIG_DIRS=$BATS_TEST_TMPDIR/xdg
	mkdir -p "$HOME"
	for name in $(compgen -e MPTCP_); do
		unset "$name"
	done
	unset NO_COLOR POSIXLY_CORRECT
	cd "$BATS_TEST_TMPDIR" || return
}

setup() {
	setup_common
}

# corpus_cache: for a file whose tests ask what is in captures and not how they are read: one cache for all such files
# of a run of tests/run, so that each capture is exported once.
corpus_cache() {
	export XDG_CACHE_HOME=${CORPUS_CACHE:-$BATS_FILE_TMPDIR/cache}
}

# Prints what `run` has seen, for a failing test, and fails.
# shellcheck disable=SC2154 # set by run
fail_run() {
	printf '%s\n' "$1" "status $status" "standard output:" "$output" "standard error:" "$stderr"
	return 1
}

# run_status N COMMAND...: runs it and fails unless its status is N. Then $output and $stderr are what it printed.
run_status() {
	local wanted=$1
	shift
	run --separate-stderr "$@"
	# shellcheck disable=SC2154 # set by run
	[ "$status" -eq "$wanted" ] || fail_run "$*: expected status $wanted"
}

# run_ok COMMAND...
run_ok() {
	run_status 0 "$@"
}

# One line on standard error, which has the text $1 in it.
says() {
	# shellcheck disable=SC2154 # set by run
	[[ $stderr == *"$1"* ]] || fail_run "expected on standard error: $1"
}

# The standard output of the last `run` is the text in golden/$1; with UPDATE_GOLDEN=1 it becomes that text.
golden() {
	local file=$ROOT/tests/golden/$1

	if [ -n "${UPDATE_GOLDEN:-}" ]; then
		mkdir -p "$(dirname "$file")"
		printf '%s\n' "$output" >"$file"
	fi
	diff -u --label "expected: golden/$1" --label printed "$file" <(printf '%s\n' "$output")
}

# The capture NAME of our own.
capture() {
	echo "$CAPTURES/$1"
}

# every_capture: our own and those of ../shared, as far as they exist, into `captures`.
every_capture() {
	local x

	captures=("$CAPTURES"/*.pcap* "$CAPTURES"/*/*.pcap* "$DEMO")
	for x in "$SHARED"/captures/*.pcap* "$SHARED"/captures/{public,damaged,derived}/*.pcap* "$SHARED"/cases/*.pcap; do
		case $x in
		*.json | *.txt | *\**) ;;
		*) captures+=("$x") ;;
		esac
	done
}

# Skips the test where file $1 does not exist; tests/run lists every skipped test with its reason.
need_file() {
	[ -e "$1" ] || skip "$1 is not there"
}

# Skips the test where the program $1 is not installed.
need_program() {
	command -v "$1" >/dev/null || skip "$1 is not installed"
}

# The names of all tools. `mptcp` starts them and takes other arguments.
tools() {
	local path

	for path in "$BIN"/mptcp-*; do
		[ -x "$path" ] && basename "$path"
	done
}

# tools_with OPTION...: those that have all of these options and whose operand is a capture. (mptcp-plot and mptcp-series
# want a name before it, mptcp-map and mptcp-merge want two: their own files test what they do with them.)
tools_with() {
	local tool option

	for tool in $(tools); do
		"$tool" --help | grep -qE '^usage: [^ ]+ \[OPTION\]\.\.\. (\[ID\] )?\[CAPTURE\|CSV\]' || continue
		for option; do
			"$tool" --list-options | cut -f 2 | grep -qx -- "$option" || continue 2
		done
		echo "$tool"
	done
}
