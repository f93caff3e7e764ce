# SPDX-License-Identifier: GPL-2.0-or-later
# Puts a list that is made from one of the .def files into a page of the manual: `awk -f man/LIST.awk -f man/page.awk DEF PAGE`
# prints PAGE with what stands between its two markers, `LIST begin` and `LIST end`, made anew. LIST.awk reads DEF, sets `list`,
# the name in the markers, and makes `text`.

function fail(message) {
	print FILENAME ": line " FNR ": " message >"/dev/stderr"
	failed = 1
	exit 1
}

# Text as mdoc takes it: nothing in it is an escape or a macro.
function plain(words) {
	gsub(/\\/, "\\e", words)
	return words ~ /^[.']/ ? "\\&" words : words
}

# Text that begins a sentence.
function sentence(words) {
	return toupper(substr(words, 1, 1)) substr(words, 2)
}

FNR == NR { next }
$0 ~ "^\\.\\\\\" " list " end" { inside = 0; ends++ }
!inside
$0 ~ "^\\.\\\\\" " list " begin" { inside = 1; begins++; printf "%s", text }

END {
	if (!failed && (begins != 1 || ends != 1 || inside))
		fail("the markers are missing")
}
