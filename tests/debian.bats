#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# debian/: what the packages say is true of the tree. `make debcheck` builds, installs and removes them.
load lib

setup() {
	setup_common
	unset MAKEFLAGS MFLAGS MAKELEVEL
	[ -d "$ROOT/debian" ] || skip 'no debian/ here, as in the tarball'
}

# variable NAME: of the Makefile.
variable() {
	make -s -C "$ROOT" -f - <<<$'include Makefile\nshow:\n\t@echo $('"$1"')' show
}

# packages_of FIELD: the packages that it names, of debian/control's source.
packages_of() {
	sed -n "/^$1:/,/^[A-Z]/p" "$ROOT/debian/control" | sed -n 's/^ \([a-z0-9.+-]*\).*/\1/p' | sort
}

@test "the newest entry of the changelog has the version of the Makefile" {
	[[ $(head -n 1 "$ROOT/debian/changelog") == "mptcp-tools ($(variable VERSION)-"* ]]
}

@test "the symbols file has what the library exports" {
	sed -n 's/^\t\(mptcp_[a-z_]*\);/\1/p' "$ROOT/lib/api/libmptcp.map" | sort >exported
	sed -n 's/^ \(mptcp_[a-z_]*\)@LIBMPTCP_0 .*/\1/p' "$ROOT/debian/libmptcp0.symbols" | sort >listed
	[ -s exported ]
	diff exported listed
}

@test "the packages that building and testing need are those of the Makefile" {
	# not those that every build has, nor what only lint and people need
	{ variable PACKAGES && variable CHECK_PACKAGES; } | tr ' ' '\n' |
		grep -vxE 'gcc|g\+\+|make|libc6-dev|cppcheck|clang-format' | sort >wanted
	packages_of Build-Depends | grep -vx debhelper-compat >listed
	diff wanted listed
}

@test "each file that make install puts somewhere is in one package" {
	local package pattern
	[ -e "$BUILD/libmptcp.a" ] || skip "$BUILD is not what BIN was built from"
	make -s -C "$ROOT" BUILD="$BUILD" BIN="$BIN" DESTDIR="$PWD/root" PREFIX=/usr LIBDIR=/usr/lib/triplet install
	(cd root && find . -type f -o -type l) | sed 's,^\./,,' | sort >installed
	for package in "$ROOT"/debian/*.install; do
		while read -r pattern; do
			pattern=${pattern//./\\.}
			grep -E "^${pattern//\*/[^/]*}(/|\$)" installed >found || { echo "$package: $pattern: nothing"; return 1; }
			cat found >>listed
		done <"$package"
	done
	diff installed <(sort listed)
}
