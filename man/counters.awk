# SPDX-License-Identifier: GPL-2.0-or-later
# The list of counters of mptcp-mib(1), from lib/mib/counters.def; see page.awk.

BEGIN { list = "counters" }

# A line COUNTER(name, CLASS, since, until, "place", "rule"): no text in it has a double quote.
FNR == NR && /^COUNTER\(/ {
	if (split($0, part, "\"") != 5)
		fail("not COUNTER(name, CLASS, since, until, \"place\", \"rule\")")
	split(substr(part[1], index(part[1], "(") + 1), word, /, */)
	text = text ".It Cm " word[1] " Pq " tolower(word[2]) "\n" plain(sentence(part[4])) ".\n"
	since = word[3] word[4]
	if (since == "MPTCP_KERNEL(619)")
		text = text (word[5] == 0 ? "Newer than Linux 6.18.\n" : "Not in Linux 6.18.\n")
	else if (since ~ /^MPTCP_KERNEL/)
		text = text "Since Linux " substr(word[3], 14) "." word[4] + 0 ".\n"
}
