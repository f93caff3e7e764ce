# SPDX-License-Identifier: GPL-2.0-or-later
# Puts the table of columns into mptcp-csv(5): `awk -f man/columns.awk lib/packet/columns.def man/mptcp-csv.5` prints the page
# with what stands between its two markers made anew from lib/packet/columns.def.

BEGIN {
	kind["U8"] = kind["U16"] = kind["U32"] = kind["U64"] = "number"
	kind["TIME"] = "time"
	kind["ADDRESS"] = "address"
	kind["ROLE"] = "role"
	kind["DIRECTION"] = "direction"
	kind["FLAGS"] = "flags"
	kind["BOOL"] = "1 or 0"
	kind["TOKEN"] = "token"
	kind["SUBTYPES"] = "names"
	kind["TEXT"] = "text"
}

function fail(message) {
	print FILENAME ": line " FNR ": " message >"/dev/stderr"
	failed = 1
	exit 1
}

# Text as mdoc takes it: nothing in it is an escape or a macro.
function plain(text) {
	gsub(/\\/, "\\e", text)
	return text ~ /^[.']/ ? "\\&" text : text
}

# A line COLUMN(name, TYPE, "source", "unit", "label", "meaning"): no text in it has a double quote.
FNR == NR && /^COLUMN\(/ {
	if (split($0, text, "\"") != 9)
		fail("not COLUMN(name, TYPE, \"source\", \"unit\", \"label\", \"meaning\")")
	split(substr(text[1], index(text[1], "(") + 1), word, /, */)
	if (!(word[2] in kind))
		fail("type " word[2] " has no name here")
	table = table ".It Ic " word[1] "\n" plain(text[8]) "\n"
	table = table ".Pq " kind[word[2]] (text[4] == "" ? "" : " in " text[4]) \
		(text[2] == "derived" ? ", derived" : ", from " text[2]) "\n"
	next
}
FNR == NR { next }

/^\.\\" columns end/ { inside = 0; ends++ }
!inside
/^\.\\" columns begin/ { inside = 1; begins++; printf "%s", table }

END {
	if (!failed && (begins != 1 || ends != 1 || inside))
		fail("the markers are missing")
}
