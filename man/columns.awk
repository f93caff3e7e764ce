# SPDX-License-Identifier: GPL-2.0-or-later
# The table of columns of mptcp-csv(5), from lib/packet/columns.def; see page.awk.

BEGIN {
	list = "columns"
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

# A line COLUMN(name, TYPE, "source", "unit", "label", "meaning"): no text in it has a double quote.
FNR == NR && /^COLUMN\(/ {
	if (split($0, part, "\"") != 9)
		fail("not COLUMN(name, TYPE, \"source\", \"unit\", \"label\", \"meaning\")")
	split(substr(part[1], index(part[1], "(") + 1), word, /, */)
	if (!(word[2] in kind))
		fail("type " word[2] " has no name here")
	text = text ".It Ic " word[1] "\n" plain(part[8]) "\n"
	text = text ".Pq " kind[word[2]] (part[4] == "" ? "" : " in " part[4]) \
		(part[2] == "derived" ? ", derived" : ", from " part[2]) "\n"
}
