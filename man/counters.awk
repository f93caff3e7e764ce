# SPDX-License-Identifier: GPL-2.0-or-later
# Puts the list of counters into mptcp-mib(1): `awk -f man/counters.awk lib/mib/counters.def man/mptcp-mib.1` prints the page
# with what stands between its two markers made anew from lib/mib/counters.def.

function fail(message) {
	print FILENAME ": line " FNR ": " message >"/dev/stderr"
	failed = 1
	exit 1
}

# A line COUNTER(name, CLASS, since, until, "place", "rule"): no text in it has a double quote.
FNR == NR && /^COUNTER\(/ {
	if (split($0, text, "\"") != 5)
		fail("not COUNTER(name, CLASS, since, until, \"place\", \"rule\")")
	split(substr(text[1], index(text[1], "(") + 1), word, /, */)
	rule = toupper(substr(text[4], 1, 1)) substr(text[4], 2)
	table = table ".It Cm " word[1] " Pq " tolower(word[2]) "\n" rule ".\n"
	if (match(text[1], /MPTCP_KERNEL\([0-9]+, [0-9]+\)/)) {
		version = substr(text[1], RSTART + 13, RLENGTH - 14)
		sub(/, /, ".", version)
		table = table "Since Linux " version ".\n"
	}
	next
}
FNR == NR { next }

/^\.\\" counters end/ { inside = 0; ends++ }
!inside
/^\.\\" counters begin/ { inside = 1; begins++; printf "%s", table }

END {
	if (!failed && (begins != 1 || ends != 1 || inside))
		fail("the markers are missing")
}
