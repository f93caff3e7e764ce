#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The Makefile: what a build prints, which compiler and flags it takes, which packages it asks for, where it installs.
load lib

setup() {
	setup_common
	cd "$BATS_TEST_TMPDIR" || return
	# options of a make around this test are not for the makes in it
	unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES V
	unset CC AR CPPFLAGS CFLAGS LDFLAGS LDLIBS OBJCOPY DESTDIR PREFIX BINDIR LIBDIR INCLUDEDIR MANDIR
	unset BASHDIR ZSHDIR FISHDIR
	mkdir fake
}

# fake NAME < SCRIPT: a program of that name in the folder fake/. Each logs its arguments.
fake() {
	{
		printf '#!/bin/sh\necho "%s $*" >>"%s/log"\n' "$1" "$PWD"
		cat
	} >"fake/$1"
	chmod +x "fake/$1"
}

# A whole build with programs that only log how they were called.
fake_build() {
	make -C "$ROOT" BUILD="$PWD/build" BIN="$PWD/bin" "$@"
}

# Skips where this Makefile did not make BIN and BUILD: then `make install` would build everything again.
need_build() {
	[ -e "$BUILD/libmptcp.a" ] || skip "$BUILD is not what BIN was built from"
}

@test "a build says what it makes, V=1 shows the commands, and -s says nothing" {
	run_ok fake_build CC=true AR=true OBJCOPY=true
	grep -qx 'CC *lib/base/error\.o' <<<"$output"
	grep -qx 'AR *libmptcp\.a' <<<"$output"
	grep -qx "LD *$PWD/bin/mptcp-lc" <<<"$output"
	run ! grep -qE -- '-std|-o |mkdir' <<<"$output"
	run_ok fake_build CC=true AR=true OBJCOPY=true V=1 -B "$PWD/build/lib/base/error.o"
	[[ $output == *"true -std=c11 "*" -c -o $PWD/build/lib/base/error.o lib/base/error.c"* ]]
	run_ok fake_build CC=true AR=true OBJCOPY=true -B -s
	[ -z "$output$stderr" ]
	run_ok fake_build CC=true AR=true OBJCOPY=true -B -s -j2
	[ -z "$output$stderr" ]
}

@test "compiler, archiver and flags of the environment and of the command line, beside the project's own" {
	fake one-cc </dev/null
	fake one-ar </dev/null
	PATH=$PWD/fake:$PATH
	CC=one-cc AR=one-ar OBJCOPY=true CPPFLAGS=-DFIRST CFLAGS=-O1 LDFLAGS=-Lfirst LDLIBS=-lfirst run_ok fake_build -s
	grep -E '^one-cc -std=c11 .*-iquote lib/base .*-D_GNU_SOURCE .*-DFIRST .*-Wconversion.* -O1 .*-c -o .*/lib/base/error.o' log
	grep -E '^one-cc -O1 .*-Lfirst .*-o .*/bin/mptcp-lc .*libmptcp\.a .*-lnettle .*-lfirst' log
	grep -E '^one-ar .*/libmptcp\.a' log
	run ! grep -E -- '-O2' log
	rm log
	CC=false CFLAGS=-O1 run_ok fake_build -B -s CC=one-cc AR=one-ar OBJCOPY=true CPPFLAGS=-DSECOND CFLAGS=-O3 LDFLAGS=-Lsecond LDLIBS=-lsecond
	grep -E '^one-cc -std=c11 .*-iquote lib/base .*-D_GNU_SOURCE .*-DSECOND .*-O3 .*-c -o .*/lib/base/error.o' log
	grep -E '^one-cc -O3 .*-Lsecond .*-o .*/bin/mptcp .*-lnettle .*-lsecond .*-ledit' log
	run ! grep -E -- '-O1' log
}

@test "without CC it is cc, with the flags -O2 -g" {
	fake cc </dev/null
	PATH=$PWD/fake:$PATH run_ok fake_build -s "$PWD/build/lib/base/error.o"
	grep -E '^cc -std=c11 .* -O2 -g .*error\.o' log
}

@test "deps installs what building and running needs, deps-check what the tests need besides" {
	fake dpkg-query </dev/null # nothing is installed
	fake apt-get </dev/null
	fake sudo <<<'exec "$@"'
	PATH=$PWD/fake:$PATH
	run_ok make -C "$ROOT" deps
	grep -qE '^apt-get .*update' log
	grep -E '^apt-get .*install' log >deps
	for package in gcc make libcsv-dev libedit-dev tshark gnuplot-nox; do
		grep -qw -- "$package" deps
	done
	run ! grep -qwE 'bats|mandoc|cppcheck|jq|fish' deps
	rm log
	run_ok make -C "$ROOT" deps-check
	grep -E '^apt-get .*install' log | tr ' ' '\n' | sort >deps-check
	[ -z "$(tr ' ' '\n' <deps | sort | comm -23 - deps-check)" ]
	for package in bats libcmocka-dev mandoc cppcheck jq fish; do
		grep -qx -- "$package" deps-check
	done
}

@test "packages that are there are not installed again" {
	fake dpkg-query <<<'echo "install ok installed"'
	fake apt-get </dev/null
	PATH=$PWD/fake:$PATH run_ok make -s -C "$ROOT" deps-check
	[ -z "$output" ]
	run ! grep -q '^apt-get' log
}

@test "make -j deps-check and a build: nothing is compiled before the packages are there" {
	fake dpkg-query </dev/null
	fake apt-get <<<'sleep 0.3; case $* in *install*) echo there >>log-of-packages;; esac'
	fake sudo <<<'exec "$@"'
	fake cc </dev/null
	cp fake/apt-get apt && sed "s,log-of-packages,$PWD/log," apt >fake/apt-get
	for goals in 'deps all' 'all deps-check' 'deps-check deps all'; do
		rm -rf log build bin
		# shellcheck disable=SC2086 # goals are words
		PATH=$PWD/fake:$PATH run_ok fake_build -s -j4 AR=true OBJCOPY=true $goals
		[ "$(grep -n '^cc ' log | head -n 1 | cut -d : -f 1)" -gt "$(grep -n '^there' log | tail -n 1 | cut -d : -f 1)" ]
	done
}

@test "the README's test command is the one that .ci/run runs, and installs before it tests" {
	grep -q '^make deps-check check ' "$ROOT/README.md"
	grep -qE '^make .*\bdeps-check check ' "$ROOT/.ci/run"
}

@test "make help names every target, and all of them are phony" {
	run_ok make -C "$ROOT" help
	sed -nE 's/^([a-z-]+)  +.*/\1/p' <<<"$output" | sort >told
	sed -e ':a' -e '/\\$/{N;s/\\\n//;ba' -e '}' "$ROOT/Makefile" | sed -n 's/^\.PHONY://p' | xargs -n 1 | sort >phony
	[ -s told ]
	diff told phony
	# a target that makes no file of its name has to be phony: those with a plain word for a name
	sed -nE 's/^([a-z][a-z -]*):( |$).*/\1/p' "$ROOT/Makefile" | xargs -n 1 | sort -u >targets
	[ -z "$(comm -23 targets phony)" ]
}

@test "make install: into PREFIX below DESTDIR; uninstall removes all of it" {
	need_build
	run_ok make -C "$ROOT" -s BUILD="$BUILD" BIN="$BIN" DESTDIR="$PWD/root" PREFIX=/usr install
	[ -z "$output" ]
	for tool in mptcp $(tools); do
		[ -x "root/usr/bin/$tool" ]
		[ -e "root/usr/share/man/man1/$tool.1" ]
		[ -e "root/usr/share/bash-completion/completions/$tool" ]
		[ -e "root/usr/share/fish/vendor_completions.d/$tool.fish" ]
	done
	[ -e root/usr/share/zsh/site-functions/_mptcp ]
	[ -e root/usr/share/man/man5/mptcp-csv.5 ]
	[ -e root/usr/share/mptcp/config.example ]
	[ -e root/usr/lib/libmptcp.so.0 ]
	[ -e root/usr/include/mptcp/mptcp.h ]
	run ! grep -rF "$PWD" root/usr/lib/pkgconfig
	# the plots are found from there
	run_ok env PATH=/usr/bin:/bin root/usr/bin/mptcp-plot --list
	[[ $output == *dss* ]]
	run_ok make -C "$ROOT" -s BUILD="$BUILD" BIN="$BIN" DESTDIR="$PWD/root" PREFIX=/usr uninstall
	[ -z "$output" ]
	[ -z "$(find root -type f -o -type l)" ]
	[ ! -e root/usr/share/mptcp ]
	[ ! -e root/usr/include/mptcp ]
}

@test "make install: each folder can be another; uninstall removes all of it" {
	need_build
	folders=(DESTDIR="$PWD/root" PREFIX=/opt/m BINDIR=/opt/m/programs LIBDIR=/opt/m/l/64
		INCLUDEDIR=/headers MANDIR=/pages BASHDIR=/complete/bash
		ZSHDIR=/complete/zsh FISHDIR=/complete/fish)
	run_ok make -C "$ROOT" -s BUILD="$BUILD" BIN="$BIN" "${folders[@]}" install
	for tool in mptcp $(tools); do
		[ -x "root/opt/m/programs/$tool" ]
		[ -e "root/pages/man1/$tool.1" ]
		[ -e "root/complete/bash/$tool" ]
		[ -e "root/complete/fish/$tool.fish" ]
	done
	[ -e root/complete/zsh/_mptcp ]
	[ "$(cd root/opt/m && echo *)" = 'l programs share' ]
	[ "$(readlink root/opt/m/l/64/libmptcp.so)" = libmptcp.so.0 ]
	[ -e root/opt/m/l/64/libmptcp.so.0 ]
	[ -e root/opt/m/l/64/libmptcp.a ]
	[ -e root/headers/mptcp/mptcp.h ]
	grep -qx 'libdir=/opt/m/l/64' root/opt/m/l/64/pkgconfig/mptcp.pc
	grep -qx 'includedir=/headers' root/opt/m/l/64/pkgconfig/mptcp.pc
	[ "$(cd root/opt/m/share && echo *)" = mptcp ]
	# and from the environment
	run_ok env "${folders[@]}" make -C "$ROOT" -s BUILD="$BUILD" BIN="$BIN" uninstall
	[ -z "$(find root -type f -o -type l)" ]
}
