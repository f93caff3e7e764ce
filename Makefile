# SPDX-License-Identifier: GPL-2.0-or-later
# Builds libmptcp and the tools, tests and installs them. `make help` lists the targets.

VERSION = 0.1.0

PREFIX = /usr/local
DESTDIR =
BUILD = build
BIN = bin

CC = gcc
CFLAGS = -O2 -g
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion
SANITIZE =
# every folder of lib/: a header is included by its name alone; <csv.h> stays libcsv's
INCLUDES = $(patsubst %,-iquote %,$(wildcard lib/*) cmd/common)
ALL_CFLAGS = -std=c11 $(INCLUDES) -D_GNU_SOURCE -DMPTCP_VERSION='"$(VERSION)"' $(CFLAGS) $(WARNINGS) $(SANITIZE)
LDLIBS = -lcsv -linih -lnettle -lm

PACKAGES = gcc make libc6-dev tshark libcsv-dev gnuplot-nox bats libinih-dev uthash-dev nettle-dev \
	libedit-dev libcmocka-dev mandoc shellcheck cppcheck clang-format zstd lz4 tmux expect procps \
	iproute2 python3 jq zsh fish

# A program is cmd/mptcp.c or cmd/mptcp-NAME.c; cmd/common/ is linked into each of them, cmd/shell/
# into mptcp.
LIB_OBJECTS = $(patsubst %.c,$(BUILD)/%.o,$(wildcard lib/*/*.c))
PROGRAM_SOURCES = $(wildcard cmd/mptcp.c cmd/mptcp-*.c)
SHARED_OBJECTS = $(patsubst %.c,$(BUILD)/%.o,$(wildcard cmd/common/*.c))
SHELL_OBJECTS = $(patsubst %.c,$(BUILD)/%.o,$(wildcard cmd/shell/*.c))
PROGRAM_OBJECTS = $(patsubst %.c,$(BUILD)/%.o,$(PROGRAM_SOURCES))
PROGRAMS = $(patsubst cmd/%.c,$(BIN)/%,$(PROGRAM_SOURCES))
UNIT_TESTS = $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/test_*.c))
LIBRARY = $(BUILD)/libmptcp.a
COMPLETIONS = $(BUILD)/completions

C_FILES = $(wildcard lib/*/*.[ch] cmd/*.c cmd/common/*.[ch] cmd/shell/*.[ch] tests/unit/*.[ch])
SHELL_FILES = $(shell grep -lrE -m1 '^\#!.*\<(bash|sh|bats)$$' .ci tests bench examples share 2>/dev/null) \
	$(wildcard tests/*.bats tests/*.bash share/completions/*.bash)

all: $(PROGRAMS)

help:
	@echo 'all           build the library and the tools (into $(BUILD)/ and $(BIN)/)'
	@echo 'deps          install the Debian packages that are missing (root or sudo)'
	@echo 'demo          list connections and subflows of examples/demo.pcap'
	@echo 'check         all tests; check-asan: the same under the sanitizers'
	@echo 'lint          static checks of C, shell and manual pages'
	@echo 'format        lay out the C files with clang-format'
	@echo 'update-golden write the expected texts of the tests anew: read the difference before committing'
	@echo 'man           make the table of columns in mptcp-csv(5) anew'
	@echo 'completions   of bash, zsh and fish, from the tables of options (into $(BUILD)/completions)'
	@echo 'gallery       draw the pictures of examples/gallery anew'
	@echo 'bench         measure speed and memory'
	@echo 'install       into DESTDIR and PREFIX ($(PREFIX)); uninstall: the reverse'
	@echo 'dist          mptcp-$(VERSION).tar.gz of the last commit'
	@echo 'clean         remove what was built'

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(LIBRARY): $(LIB_OBJECTS)
	@rm -f $@
	ar rcsD $@ $^

$(BIN)/mptcp: LDLIBS += -ledit
$(BIN)/mptcp: $(SHELL_OBJECTS)
$(PROGRAMS): $(BIN)/%: $(BUILD)/cmd/%.o $(SHARED_OBJECTS) $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIBRARY) $(LDLIBS)

$(UNIT_TESTS): $(BUILD)/unit/%: tests/unit/%.c $(LIBRARY) Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -MMD -MP -o $@ $< $(LIBRARY) -lcmocka $(LDLIBS)

-include $(LIB_OBJECTS:.o=.d) $(SHARED_OBJECTS:.o=.d) $(SHELL_OBJECTS:.o=.d) $(PROGRAM_OBJECTS:.o=.d) $(UNIT_TESTS:=.d)

# `make -j deps check`: nothing is built before the packages are there.
ifneq ($(filter deps,$(MAKECMDGOALS)),)
.NOTPARALLEL:
endif

# Asks dpkg first, so that it is quick where everything is there.
deps:
	@missing=; \
	for package in $(PACKAGES); do \
		dpkg-query -W -f '$${Status}\n' "$$package" 2>/dev/null | grep -q '^install ok installed$$' || \
			missing="$$missing $$package"; \
	done; \
	[ -n "$$missing" ] || exit 0; \
	echo "installing:$$missing"; \
	if [ "$$(id -u)" = 0 ]; then root=env; else root='sudo env'; fi; \
	$$root DEBIAN_FRONTEND=noninteractive apt-get -q update && \
	$$root DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends $$missing

demo: all
	$(BIN)/mptcp-lc -f table examples/demo.pcap
	$(BIN)/mptcp-ls -f table 0 examples/demo.pcap

check: all $(UNIT_TESTS)
	@BIN='$(abspath $(BIN))' BUILD='$(abspath $(BUILD))' tests/run

# Leaks are errors too: LeakSanitizer is part of AddressSanitizer.
check-asan:
	@$(MAKE) --no-print-directory check BUILD=build-asan BIN=build-asan/bin CFLAGS='-O1 -g -fno-omit-frame-pointer' \
		SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover'

update-golden: all
	@BIN='$(abspath $(BIN))' BUILD='$(abspath $(BUILD))' UPDATE_GOLDEN=1 bats tests

lint:
	@cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
		--suppress=missingInclude --suppress=missingIncludeSystem -D_GNU_SOURCE $(patsubst %,-I %,$(wildcard lib/*)) lib cmd
	@shellcheck $(sort $(SHELL_FILES))
	@mandoc -T lint -W warning $(wildcard man/*.[1-9])
	@clang-format --dry-run -Werror $(C_FILES)

# The table of columns in mptcp-csv(5), from the one place where a column is described.
man:
	awk -f man/columns.awk lib/stream/columns.def man/mptcp-csv.5 > man/mptcp-csv.5.new
	mv man/mptcp-csv.5.new man/mptcp-csv.5

# Of bash, zsh and fish, from the tables of options in the tools.
completions: $(COMPLETIONS)/made
$(COMPLETIONS)/made: share/completions/generate $(PROGRAMS)
	share/completions/generate '$(BIN)' '$(COMPLETIONS)'
	@touch $@

format:
	clang-format -i $(C_FILES)

gallery: all
	BIN='$(abspath $(BIN))' examples/gallery/draw

bench: all
	@if [ -e bench/run ]; then BIN='$(abspath $(BIN))' bench/run; else echo 'there is no bench/run'; fi

# pages are found by their names: x.1 is in section 1
SHARE = $(DESTDIR)$(PREFIX)/share
PAGES = $(notdir $(wildcard man/*.[1-9]))
PLOTS = $(notdir $(wildcard share/plots/*))
SHARE_FILES = $(filter-out share/plots share/completions,$(wildcard share/*))

install: all completions
	install -d '$(DESTDIR)$(PREFIX)/bin' '$(SHARE)/mptcp/plots'
	install $(PROGRAMS) '$(DESTDIR)$(PREFIX)/bin'
	for page in $(PAGES); do install -D -m 644 "man/$$page" "$(SHARE)/man/man$${page##*.}/$$page" || exit; done
	for plot in $(PLOTS); do install -m 644 "share/plots/$$plot" '$(SHARE)/mptcp/plots' || exit; done
	for file in $(SHARE_FILES); do install -m 644 "$$file" '$(SHARE)/mptcp' || exit; done
	install -d '$(SHARE)/bash-completion/completions' '$(SHARE)/zsh/site-functions' \
		'$(SHARE)/fish/vendor_completions.d'
	cp -P $(COMPLETIONS)/bash/* '$(SHARE)/bash-completion/completions'
	install -m 644 $(COMPLETIONS)/zsh/_mptcp '$(SHARE)/zsh/site-functions'
	install -m 644 $(COMPLETIONS)/fish/*.fish '$(SHARE)/fish/vendor_completions.d'

uninstall:
	for program in $(notdir $(PROGRAMS)); do rm -f "$(DESTDIR)$(PREFIX)/bin/$$program"; done
	for page in $(PAGES); do rm -f "$(SHARE)/man/man$${page##*.}/$$page"; done
	rm -rf '$(SHARE)/mptcp'
	for program in $(notdir $(PROGRAMS)); do rm -f "$(SHARE)/bash-completion/completions/$$program" \
		"$(SHARE)/fish/vendor_completions.d/$$program.fish"; done
	rm -f '$(SHARE)/zsh/site-functions/_mptcp'

# The same commit gives the same bytes.
dist:
	git archive --format=tar --prefix=mptcp-$(VERSION)/ HEAD | gzip -9n > mptcp-$(VERSION).tar.gz

clean:
	rm -rf build build-asan bin mptcp-*.tar.gz

.PHONY: man completions all help deps demo check check-asan update-golden lint format bench install uninstall dist clean
.DELETE_ON_ERROR:
