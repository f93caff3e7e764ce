#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What holds for the tree as a whole: the house rules that a machine can check.
load lib

setup() {
	setup_common
	cd "$ROOT" || return
}

# Fails and shows $2 after the rule $1 unless $2 is empty.
none() {
	[ -z "$2" ] || { printf '%s:\n%s\n' "$1" "$2"; return 1; }
}

# The folders of lib/ from the lowest to the highest, as the table in CONTRIBUTING.md has them. Arrows point down only.
layers() {
	sed -nE 's/^\| `lib\/([a-z]+)\/` \|.*/\1/p' CONTRIBUTING.md
}

@test "every program has a manual page and a bats file" {
	missing=
	for source in cmd/mptcp.c cmd/mptcp-*.c; do
		[ -e "$source" ] || continue
		name=$(basename "$source" .c)
		[ -e "man/$name.1" ] || missing+="man/$name.1"$'\n'
		compgen -G "tests/*${name#mptcp-}*.bats" >/dev/null || missing+="tests/${name#mptcp-}.bats"$'\n'
	done
	none "missing" "$missing"
}

@test "every option is in the tool's --help and in its manual page" {
	missing=
	for tool in $(tools); do
		: >"$BATS_TEST_TMPDIR/page"
		"$tool" --help >"$BATS_TEST_TMPDIR/help"
		# letters struck over themselves are bold
		[ ! -e "man/$tool.1" ] || mandoc -T ascii -O width=1000 "man/$tool.1" | sed 's/.\x08//g' >"$BATS_TEST_TMPDIR/page"
		while IFS=$'\t' read -r letter name _; do
			[ "$letter" = - ] && forms="--$name" || forms="-$letter --$name"
			for form in $forms; do
				for text in help page; do
					grep -qE -- "(^|[^[:alnum:]-])$form([^[:alnum:]-]|\$)" "$BATS_TEST_TMPDIR/$text" ||
						missing+="$tool: $text: $form"$'\n'
				done
			done
		done < <("$tool" --list-options)
	done
	none "missing" "$missing"
}

@test "a manual page names no option that its tool does not have" {
	unknown=
	for tool in $(tools); do
		[ -e "man/$tool.1" ] || continue
		while read -r name; do
			"$tool" --list-options | cut -f 2 | grep -qx -- "$name" || unknown+="man/$tool.1: --$name"$'\n'
		done < <(sed -nE 's/^\.It .*Fl -([a-z-]+).*/\1/p' "man/$tool.1")
	done
	none "unknown options" "$unknown"
}

# The titles of the sections of the page $1, one a line.
sections() {
	sed -n 's/^\.Sh //p' "$1"
}

@test "the pages of section 1 have the same sections in the same order" {
	order=$'NAME\nSYNOPSIS\nDESCRIPTION\nOPTIONS\nCOLUMNS\nENVIRONMENT\nFILES\nEXIT STATUS\nEXAMPLES\nDIAGNOSTICS\nSEE ALSO\nSTANDARDS'
	wrong=
	for tool in $(tools); do
		page=man/$tool.1
		[ "$(sections "$page")" = "$(grep -xF "$(sections "$page")" <<<"$order")" ] || wrong+="$page: order"$'\n'
		needed='NAME SYNOPSIS DESCRIPTION OPTIONS ENVIRONMENT EXAMPLES'
		! "$tool" --list-options | cut -f 2 | grep -qx columns || needed+=' COLUMNS'
		for title in $needed 'EXIT STATUS' 'SEE ALSO'; do
			sections "$page" | grep -qxF "$title" || wrong+="$page: no $title"$'\n'
		done
	done
	none "sections" "$wrong"
}

@test "options are in alphabetical order of their long names in the pages of section 1" {
	wrong=
	for tool in $(tools); do
		# the first long name of each item
		sed -nE '/^\.Sh OPTIONS/,/^\.Sh COLUMNS|^\.Sh ENV/s/^\.It Fl (. , )?-([a-z-]+).*/\2/p' "man/$tool.1" >"$BATS_TEST_TMPDIR/names"
		[ -s "$BATS_TEST_TMPDIR/names" ] || wrong+="$tool: no options"$'\n'
		LC_ALL=C sort -c "$BATS_TEST_TMPDIR/names" 2>"$BATS_TEST_TMPDIR/first" ||
			wrong+="$tool: $(sed 's/.*disorder: //' "$BATS_TEST_TMPDIR/first")"$'\n'
	done
	none "not in order" "$wrong"
}

@test "every source file begins with its licence" {
	none "no SPDX line at the top" "$(for file in include/*/*.h lib/*/*.[ch] lib/*/*.def lib/*/*.map cmd/*.c cmd/*/*.[ch] tests/unit/*.[ch] \
		examples/*/*.c Makefile \
		tests/*.bats tests/*.bash tests/run .ci/run; do
		[ ! -e "$file" ] || head -n 3 "$file" | grep -q 'SPDX-License-Identifier: GPL-2.0-or-later' || echo "$file"
	done)"
}

@test "nothing is left for later" {
	# the words are put together here so that this file does not find itself
	none "left behind" "$(grep -rnE "\b(TO""DO|FIX""ME|X""XX)\b" include examples lib cmd tests man share Makefile .ci --include='*.[ch]' \
		--include='*.def' --include='*.bats' --include='*.bash' --include='*.[1-9]' --include=Makefile --include=run)"
}

@test "no file of C has a line of more than 100 columns, but for long strings" {
	none "too long" "$(for file in include/*/*.h examples/*/*.c lib/*/*.[ch] cmd/*.c cmd/*/*.[ch] tests/unit/*.[ch]; do
		[ ! -e "$file" ] || expand "$file" | awk -v name="$file" '
			length > 100 && !/^ *".*"[,);]*$/ { count++; last = FNR }
			END { if (count) print name ": " count ", the last in line " last }'
	done)"
}

@test "no function is longer than a screen" {
	none "more than 60 lines" "$(for file in lib/*/*.[ch] cmd/*.c cmd/*/*.[ch]; do
		awk -v name="$file" '
			/^\{$/ { start = FNR }
			/^}$/ { if (start && FNR - start > 60) print name ": line " start; start = 0 }' "$file"
	done)"
}

@test "a module includes none of a higher layer, and nothing of cmd/" {
	wrong=
	diff <(layers | sort) <(basename -a lib/*/) || wrong+="CONTRIBUTING.md does not have the folders of lib/"$'\n'
	allowed=
	for folder in $(layers); do
		allowed+=" $folder"
		for file in lib/"$folder"/*.[ch]; do
			while read -r included; do
				found=
				for lower in $allowed; do
					[ ! -e "lib/$lower/$included" ] || found=1
				done
				[ "$found" ] || wrong+="$file includes $included"$'\n'
			done < <(sed -nE 's/^#include "(.*)".*/\1/p' "$file")
		done
	done
	none "arrows that point up" "$wrong"
}

@test "what _new, _open or _init begins, _free, _close or _clear ends, and nothing else" {
	names=$(cat lib/*/*.h | grep -oE '\bmptcp_\w+\(' | tr -d '(' | sort -u)
	alone=
	while read -r begins ends; do
		while read -r name; do
			grep -qx "${name%_"$begins"}_$ends" <<<"$names" || alone+="$name"$'\n'
		done < <(grep -E "_$begins\$" <<<"$names")
	done <<<$'new free\nopen close\ninit clear'
	none "without their end" "$alone"
	none "other verbs" "$(grep -E '_(delete|destroy|dispose|release)$' <<<"$names")"
}

# Definitions with more than five parameters, one per line: FILE NAME.
many_parameters() {
	awk '
		/^[A-Za-z]/ { head = "" }
		{ head = head $0 }
		/^{/ {
			if (match(head, /[a-z_0-9]+\(.*\)/)) {
				text = substr(head, RSTART, RLENGTH)
				name = substr(text, 1, index(text, "(") - 1)
				if (gsub(/,/, ",", text) > 4)
					print FILENAME, name
			}
			head = ""
		}
		/^}/ { head = "" }' lib/*/*.c cmd/*.c cmd/*/*.c
}

@test "no function has more than five parameters" {
	# called for each piece of data: a struct would be filled again each time
	none "a struct says what they are" "$(many_parameters | grep -vE ' (mptcp_copies_add|search)$')"
}

@test "a struct, enum or union tag that begins with mptcp_ is defined once" {
	none "defined twice" "$(grep -hoE '^(struct|enum|union) mptcp_\w+ \{' lib/*/*.[ch] cmd/*.c cmd/*/*.[ch] | sort | uniq -d)"
}

@test "no name of a header is a keyword of C++" {
	words='alignas|and|bitand|bitor|catch|class|compl|concept|consteval|constexpr|constinit|decltype|delete|explicit|export'
	words+='|friend|mutable|namespace|new|noexcept|not|nullptr|operator|or|private|protected|public|requires|template|this'
	words+='|throw|try|typeid|typename|using|virtual|xor'
	none "keywords of C++" "$(for file in lib/*/*.h; do
		gcc -fpreprocessed -dD -E -P -x c "$file" 2>/dev/null | sed 's/"[^"]*"//g; /^#/d' | grep -nwE "$words" | sed "s|^|$file: |"
	done)"
}

@test "a folder of cmd/ includes nothing of another but common/" {
	diff <(sed -nE 's/^\| `cmd\/([a-z]+)\/` \|.*/\1/p' CONTRIBUTING.md | sort) <(basename -a cmd/*/)
	wrong=
	for folder in cmd/*/; do
		while IFS=: read -r file included; do
			for other in cmd/*/; do
				[[ $other == "$folder" || $other == cmd/common/ || ! -e $other$included ]] ||
					wrong+="$file includes $included"$'\n'
			done
		done < <(grep -H '^#include "' "$folder"*.[ch] | sed -nE 's/^([^:]*):#include "(.*)".*/\1:\2/p')
	done
	none "arrows between the folders" "$wrong"
}

@test "a .c file has a header of its name, or says what it is and includes one of its folder" {
	alone=
	for file in lib/*/*.c cmd/*/*.c; do
		name=$(basename "$file" .c)
		[ ! -e "${file%.c}.h" ] && [ ! -e "include/mptcp/$name.h" ] || continue
		found=
		while read -r included; do
			[ ! -e "$(dirname "$file")/$included" ] && [ ! -e "include/$included" ] || found=1
		done < <(sed -nE 's/^#include ["<](.*)[">].*/\1/p' "$file")
		[ "$found" ] && sed -n 2p "$file" | grep -q '^/\*' || alone+="$file"$'\n'
	done
	none "no header" "$alone"
}

@test "the library neither prints nor exits" {
	need_file "$BUILD/libmptcp.a"
	none "used" "$(nm -A --undefined-only "$BUILD/libmptcp.a" |
		grep -E ' (_*v?f?d?printf(_chk)?|exit|_Exit|abort|__assert_fail|perror|f?puts|f?putc|putchar|stdout|stderr)$')"
}

@test "every name that the library exports begins with mptcp_" {
	need_file "$BUILD/libmptcp.a"
	none "exported" "$(nm -A --extern-only --defined-only "$BUILD/libmptcp.a" | grep -vE ' (mptcp_|__)[a-z_0-9]+(\.[a-z_0-9]+)?$')"
}

@test "the tree has no path of the machine it was made on" {
	none "paths" "$(grep -rnE "/(home|root|work)/[a-z]" include examples lib cmd man share Makefile .ci 2>/dev/null |
		grep -vE '/home/(user|you|me)\b')"
}
