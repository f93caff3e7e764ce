# SPDX-License-Identifier: GPL-2.0-or-later
# The list of findings of mptcp-check(1), from lib/check/findings.def; see page.awk.

BEGIN { list = "findings" }

# Without quotation marks, a sentence on each line.
function lines(words) {
	gsub(/`/, "", words)
	gsub(/\. /, ".\n", words)
	return plain(words)
}

function close_group() {
	if (grouped)
		text = text ".El\n"
}

# GROUP("title"); FINDING(name, "id", SEVERITY, needs, "section", "text", "explanation") in several lines. No text in it
# has a double quote.
FNR == NR && /^GROUP\("/ {
	split($0, part, "\"")
	close_group()
	grouped = 1
	text = text ".Ss " part[2] "\n.Bl -tag -width Ds\n"
	next
}
FNR == NR && /^FINDING\(/ { whole = "" }
FNR == NR && (/^FINDING\(/ || whole != "") {
	whole = whole (whole == "" ? "" : " ") $0
	if (whole !~ /"\)$/)
		next
	if (split(whole, part, "\"") != 9)
		fail("not FINDING(name, \"id\", SEVERITY, needs, \"section\", \"text\", \"explanation\")")
	split(part[3], word, /, */)
	text = text ".It Ic " part[2] "\n" lines(sentence(part[6])) \
		" (" tolower(word[2]) (part[4] == "-" ? "" : ", " part[4]) ").\n" lines(part[8]) "\n"
	whole = ""
}
FNR == 1 && FNR != NR { close_group() }
