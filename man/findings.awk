# SPDX-License-Identifier: GPL-2.0-or-later
# Puts the list of findings into mptcp-check(1): `awk -f man/findings.awk lib/check/findings.def man/mptcp-check.1` prints the
# page with what stands between its two markers made anew from lib/check/findings.def.

function fail(message) {
	print FILENAME ": line " FNR ": " message >"/dev/stderr"
	failed = 1
	exit 1
}

# Text as mdoc takes it: nothing in it is an escape or a macro.
function plain(text) {
	gsub(/\\/, "\\e", text)
	gsub(/`/, "", text)
	gsub(/\. /, ".\n", text) # a sentence, a line
	return text ~ /^[.']/ ? "\\&" text : text
}

function close_group() {
	if (grouped)
		list = list ".El\n"
}

# GROUP("title"); FINDING(name, "id", SEVERITY, needs, "section", "text", "explanation") in several lines. No text in it
# has a double quote.
FNR == NR && /^GROUP\("/ {
	split($0, text, "\"")
	close_group()
	grouped = 1
	list = list ".Ss " text[2] "\n.Bl -tag -width Ds\n"
	next
}
FNR == NR && /^FINDING\(/ { whole = "" }
FNR == NR && (/^FINDING\(/ || whole != "") {
	whole = whole (whole == "" ? "" : " ") $0
	if (whole !~ /"\)$/)
		next
	if (split(whole, text, "\"") != 9)
		fail("not FINDING(name, \"id\", SEVERITY, needs, \"section\", \"text\", \"explanation\")")
	split(text[3], word, /, */)
	list = list ".It Ic " text[2] "\n" plain(toupper(substr(text[6], 1, 1)) substr(text[6], 2)) \
		" (" tolower(word[2]) (text[4] == "-" ? "" : ", " text[4]) ").\n" plain(text[8]) "\n"
	whole = ""
	next
}
FNR == NR { next }

/^\.\\" findings end/ { inside = 0; ends++ }
!inside
/^\.\\" findings begin/ { inside = 1; begins++; close_group(); grouped = 0; printf "%s", list }

END {
	if (!failed && (begins != 1 || ends != 1 || inside))
		fail("the markers are missing")
}
