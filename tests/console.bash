# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The commands that the documentation shows, for the bats files that run them. A command follows `$ `, and what comes next is its
# output; after `# ` it would need root and is not run.

# Prints the commands and outputs of a manual page as README.md has them: blocks that end with a line of three backquotes.
console_of_page() {
	awk '
		/^\.Dl / { sub(/^\.Dl /, ""); print; print "```"; next }
		/^\.Bd -literal/ { inside = 1; next }
		/^\.Ed/ { inside = 0; print "```"; next }
		inside' "$1" | sed 's/\\(dq/"/g; s/\\-/-/g; s/\\&//g; s/\\e/\\/g'
}

# Reads blocks and writes N.command, and N.wanted where the output is shown, for N from 1 on. A command goes on after a
# line that ends with a pipe or a backslash.
cut_console() {
	awk '
		/^```$/ { name = ""; next }
		more { print >command; more = /[|\\]$/; next }
		/^\$ / {
			name = ++count
			command = name ".command"
			sub(/^\$ /, "")
			print >command
			more = /[|\\]$/
			next
		}
		name { print >(name ".wanted") }'
}

# Runs what standard input shows, in the folder $1: each command ends with 0, says nothing on standard error, and prints what is shown.
run_console() {
	local command work=$BATS_TEST_TMPDIR/console

	mkdir -p "$work"
	cd "$work" || return
	cut_console
	cd "$1" || return
	for command in "$work"/*.command; do
		[ -e "$command" ] || continue
		# each program of a pipe counts; 141 is one whose reader, such as head, had enough
		run --separate-stderr bash -o pipefail "$command"
		# shellcheck disable=SC2154 # set by run
		[ "$status" -eq 0 ] || [ "$status" -eq 141 ] || fail_run "$(cat "$command"): failed"
		# shellcheck disable=SC2154 # set by run
		[ -z "$stderr" ] || fail_run "$(cat "$command"): nothing belongs on standard error"
		# shellcheck disable=SC2154 # set by run
		[ ! -e "${command%.command}.wanted" ] ||
			diff -u --label shown --label printed "${command%.command}.wanted" <(printf '%s\n' "$output")
	done
}
