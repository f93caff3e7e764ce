#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What `make fuzz` has found, and the small corpora from which it starts: every harness in fuzz/ takes its inputs again.

load lib

@test "every harness takes its corpus, with its fixed failures" {
	local source name
	for source in "$ROOT"/fuzz/fuzz_*.c; do
		name=$(basename "$source" .c)
		name=${name#fuzz_}
		run --separate-stderr "$BUILD/fuzz/$name" "$ROOT/fuzz/corpus/$name"/*
		# shellcheck disable=SC2154 # set by run
		[ "$status" -eq 0 ] || fail_run "$name"
		# shellcheck disable=SC2012 # names of our own
		[ "$output" = "$(ls "$ROOT/fuzz/corpus/$name" | wc -l) inputs" ]
	done
}

@test "make fuzz names its harnesses, and counts" {
	need_program clang
	run make -n -C "$ROOT" fuzz
	[ "$status" -eq 0 ]
	[[ $output == *"fuzz/run build-fuzz/fuzz"* ]]
}
