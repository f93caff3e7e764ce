#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The public library: installed, and used by programs that know only what pkg-config prints.
load lib

# One installation for this file.
setup_file() {
	[ -e "$BUILD/libmptcp.a" ] || return 0
	unset MAKEFLAGS MFLAGS MAKELEVEL V
	export PREFIX=$BATS_FILE_TMPDIR/prefix
	make -s -C "$ROOT" BUILD="$BUILD" BIN="$BIN" PREFIX="$PREFIX" DESTDIR= install
	# the same without the shared library: there is only libmptcp.a to link with
	mkdir "$BATS_FILE_TMPDIR/static"
	cp -R "$PREFIX/lib" "$BATS_FILE_TMPDIR/static"
	rm "$BATS_FILE_TMPDIR"/static/lib/libmptcp.so*
	sed -i "s,^libdir=.*,libdir=$BATS_FILE_TMPDIR/static/lib," "$BATS_FILE_TMPDIR/static/lib/pkgconfig/mptcp.pc"
}

setup() {
	[ -e "$BUILD/libmptcp.a" ] || skip "$BUILD is not what BIN was built from"
	need_program pkg-config
	setup_common
	export LD_LIBRARY_PATH=$PREFIX/lib
	# what was built with the sanitizers needs them to be linked with
	sanitize=()
	if nm -D "$PREFIX/lib/libmptcp.so" | grep -q __asan_; then
		sanitize=(-fsanitize=address -fsanitize=undefined)
	fi
}

# The functions that the headers declare, one per line.
declared() {
	cc -E -P -x c -I "$PREFIX/include" "$PREFIX/include/mptcp/mptcp.h" | tr '\n' ' ' | tr ';{}' '\n' |
		grep -F 'visibility' | grep -oE '\bmptcp_[a-z_]+ *\(' | tr -d ' (' | sort
}

# build COMPILER shared|static SOURCE PROGRAM [OPTION]...: with the flags that pkg-config prints and none of our own.
build() {
	local compiler=$1 kind=$2 source=$3 program=$4
	shift 4
	case $kind in
	shared) flags=$(PKG_CONFIG_PATH=$PREFIX/lib/pkgconfig pkg-config --cflags --libs mptcp) ;;
	static) flags=$(PKG_CONFIG_PATH=$BATS_FILE_TMPDIR/static/lib/pkgconfig pkg-config --static --cflags --libs mptcp) ;;
	esac
	# shellcheck disable=SC2086 # flags are words
	run_ok "$compiler" "$@" -Wall -Wextra -Wpedantic -Werror "${sanitize[@]}" -o "$program" "$source" $flags
}

@test "the libraries export what the headers declare, and nothing else" {
	declared >in-headers
	[ "$(wc -l <in-headers)" -gt 10 ]
	nm -D --defined-only "$PREFIX/lib/libmptcp.so.0" | awk '$2 != "A" { print $3 }' | sort >shared
	sed 's/@@LIBMPTCP_0$//' shared | diff in-headers -
	run ! grep -v '@@LIBMPTCP_0$' shared
	nm --extern-only --defined-only "$PREFIX/lib/libmptcp.a" | awk 'NF == 3 { print $3 }' | sort | diff in-headers -
}

@test "libmptcp(3) has a synopsis and a description of each function" {
	for function in $(declared); do
		awk '/^\.Sh/ { part = $2 } part == "SYNOPSIS"' "$ROOT/man/libmptcp.3" | grep -qE "^\.F[no] $function\b"
		awk '/^\.Sh/ { part = $2 } part == "DESCRIPTION"' "$ROOT/man/libmptcp.3" | grep -qE "^\.Fn $function\b"
	done
	while read -r name; do
		case $name in
		MPTCP_API | MPTCP_PUBLIC_* | MPTCP_DONE | MPTCP_NOTHING) ;;
		*) grep -q "D[vt] $name\b" "$ROOT/man/libmptcp.3" || fail_run "$name is not in libmptcp(3)" ;;
		esac
	done < <(grep -ohE '\bMPTCP_[A-Z_]+\b' "$PREFIX"/include/mptcp/{error,reader}.h | sort -u)
}

@test "a shared library of the name libmptcp.so.0, which says what it needs" {
	[ "$(readlink "$PREFIX/lib/libmptcp.so")" = libmptcp.so.0 ]
	readelf -d "$PREFIX/lib/libmptcp.so.0" | grep -qF 'soname: [libmptcp.so.0]'
	readelf -d "$PREFIX/lib/libmptcp.so.0" | grep -qE 'NEEDED.*\[libnettle\.so'
}

@test "each header stands alone, in C and in C++" {
	for header in "$PREFIX"/include/mptcp/*.h; do
		echo "#include <mptcp/$(basename "$header")>" >one.c
		echo 'int main(void) { return 0; }' >>one.c
		run_ok cc -std=c99 -Wall -Wextra -Wpedantic -Werror -I "$PREFIX/include" -fsyntax-only one.c
		run_ok g++ -x c++ -std=c++11 -Wall -Wextra -Wpedantic -Werror -I "$PREFIX/include" -fsyntax-only one.c
	done
}

@test "the example of libmptcp(3) in C and in C++, with the shared and the static library" {
	awk '/^\.Bd -literal/ { inside = 1; next } /^\.Ed/ { inside = 0 } inside' "$ROOT/man/libmptcp.3" |
		sed 's/\\e/\\/g' >opened.c
	cp opened.c opened.cc
	cp "$DEMO" x.pcap
	run_ok mptcp-export --columns reltime,ipsrc,subtype,tcpflags x.pcap
	awk -F , '$4 == "0x0002" { printf "%.3f %s %s\n", $1, $2, $3 }' <<<"$output" >wanted
	[ "$(wc -l <wanted)" = 2 ]
	for kind in shared static; do
		build cc "$kind" opened.c c-$kind
		build g++ "$kind" opened.cc c++-$kind
		for program in c-$kind c++-$kind; do
			run_ok "./$program" x.pcap
			diff wanted <(printf '%s\n' "$output")
			run_ok sh -c 'mptcp-export x.pcap | "./$1"' - "$program"
			diff wanted <(printf '%s\n' "$output")
			run_status 5 "./$program" absent.pcap
			says 'absent.pcap: '
			# one needs libmptcp.so, the other one has it all
			[ "$(readelf -d "$program" | grep -cF '[libmptcp.so.0]')" = "$([ $kind = shared ] && echo 1 || echo 0)" ]
		done
	done
}

@test "pkg-config knows the version, and an installation below DESTDIR" {
	export PKG_CONFIG_PATH=$PREFIX/lib/pkgconfig
	run_ok pkg-config --modversion mptcp
	[ "mptcp-lc $output" = "$(mptcp-lc --version | head -n 1)" ]
	run_ok env -u PREFIX make -s -C "$ROOT" BUILD="$BUILD" BIN="$BIN" DESTDIR="$PWD/root" PREFIX=/opt/mptcp install
	export PKG_CONFIG_PATH=$PWD/root/opt/mptcp/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$PWD/root
	run_ok pkg-config --cflags --libs mptcp
	[ "$(xargs <<<"$output")" = "-I$PWD/root/opt/mptcp/include -L$PWD/root/opt/mptcp/lib -lmptcp" ]
}

@test "the plugin of the examples: packets per subflow" {
	mkdir -p "$XDG_DATA_HOME/mptcp/commands"
	build cc shared "$ROOT/examples/plugin/mptcp-hello.c" "$XDG_DATA_HOME/mptcp/commands/mptcp-hello"
	cp "$DEMO" x.pcap
	run_ok mptcp hello x.pcap
	[ "$output" = "$(mptcp-ls x.pcap | awk -F , '
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
		{ print $at["tcpstream"] "," $at["packets"] }')" ]
	[ "${#lines[@]}" = 3 ]
	run_ok sh -c 'mptcp-export x.pcap | mptcp hello'
	[ "${#lines[@]}" = 3 ]
	run_status 5 mptcp hello absent.pcap
	says 'mptcp-hello: absent.pcap: '
	printf 'packetid\n1\n1,2\n' >damaged.csv
	run_status 3 mptcp hello damaged.csv
	says 'mptcp-hello: damaged.csv: line 3: '
}
