# SPDX-License-Identifier: GPL-2.0-or-later
# The list of counters of mptcp-mib(1), from lib/mib/counters.def; see page.awk.

BEGIN { list = "counters" }

# A line COUNTER(name, CLASS, since, until, "place", "rule"): no text in it has a double quote.
FNR == NR && /^COUNTER\(/ {
	if (split($0, part, "\"") != 5)
		fail("not COUNTER(name, CLASS, since, until, \"place\", \"rule\")")
	split(substr(part[1], index(part[1], "(") + 1), word, /, */)
	text = text ".It Cm " word[1] " Pq " tolower(word[2]) "\n" plain(sentence(part[4])) ".\n"
	if (match(part[1], /MPTCP_KERNEL\([0-9]+, [0-9]+\)/)) {
		version = substr(part[1], RSTART + 13, RLENGTH - 14)
		sub(/, /, ".", version)
		text = text "Since Linux " version ".\n"
	}
}
