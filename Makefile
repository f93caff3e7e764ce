# SPDX-License-Identifier: GPL-2.0-or-later
# Builds libmptcp and the tools, tests and installs them. `make help` lists the targets.
# Variables with `?=` come from the environment or the command line, all others from the command line only.

VERSION = 0.1.0
# of the shared library: incremented when programs linked with it have to be compiled again
ABI = 0

# Where `make install` puts things. The tools look for plots in ../share/mptcp, as seen from BINDIR.
DESTDIR ?=
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
MANDIR ?= $(PREFIX)/share/man
BASHDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR ?= $(PREFIX)/share/zsh/site-functions
FISHDIR ?= $(PREFIX)/share/fish/vendor_completions.d
SHAREDIR = $(PREFIX)/share/mptcp

BUILD = build
BIN = bin

# make itself sets CC to cc and AR to ar where nothing else does
CC ?= cc
AR ?= ar
OBJCOPY ?= objcopy
CPPFLAGS ?=
CFLAGS ?= -O2 -g
LDFLAGS ?=
LDLIBS ?=
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion
SANITIZE =

# What this project needs whatever the flags above are.
# A header is included by its name alone: in lib/ that of every folder there, in cmd/ and tests/ those of
# cmd/, too. <csv.h> is still libcsv's.
LIB_FOLDERS = $(wildcard lib/*)
CMD_FOLDERS = $(patsubst %/,%,$(wildcard cmd/*/))
INCLUDES = $(patsubst %,-iquote %,$(LIB_FOLDERS) $(CMD_FOLDERS)) -Iinclude
COMPILE = $(CC) -std=c11 $(INCLUDES) -D_GNU_SOURCE -DMPTCP_VERSION='"$(VERSION)"' $(CPPFLAGS) \
	$(WARNINGS) $(CFLAGS) $(SANITIZE)
LINK = $(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS)
LIBS = -lcsv -linih -lnettle -lm $(LDLIBS)

# Debian's names: what building and running needs, and what the tests and `make lint` need in addition.
PACKAGES = gcc make libc6-dev libcsv-dev libinih-dev uthash-dev nettle-dev libedit-dev tshark gnuplot-nox \
	pkg-config libwireshark-dev libglib2.0-dev
CHECK_PACKAGES = bats libcmocka-dev g++ mandoc shellcheck cppcheck clang-format zstd lz4 tmux expect procps \
	iproute2 python3 jq sqlite3 zsh fish parallel datamash miller

# A build names each file that it makes (`CC lib/base/error.o`); with V=1 it shows its commands, with
# -s it says nothing. $(call do,CC,what) begins a command.
ifeq ($(V),1)
do =
else ifneq ($(findstring s,$(firstword -$(MAKEFLAGS))),)
do = @
else
do = @printf '%-7s %s\n' '$(1)' '$(2)';
endif

# The plugin for tshark, where the headers of Wireshark are there (from 4.0 on): PLUGINS/MINOR/epan/mptcp.so, loaded by
# whatever WIRESHARK_PLUGIN_DIR=PLUGINS is set for, and by nothing else.
PLUGIN_SOURCES = $(wildcard lib/capture/plugin_epan*.c)
WIRESHARK_MINOR = pkg-config --atleast-version=4.0 wireshark 2>/dev/null && pkg-config --modversion wireshark | cut -d. -f1,2
WIRESHARK := $(shell $(WIRESHARK_MINOR))
PLUGIN = $(BUILD)/wireshark/$(or $(WIRESHARK),none)/epan/mptcp.so
PLUGINDIR = $(LIBDIR)/mptcp/wireshark

# A program is cmd/mptcp.c or cmd/mptcp-NAME.c, linked with what it uses of the folders of cmd/ and of lib/.
LIB_OBJECTS = $(patsubst %.c,$(BUILD)/%.o,$(filter-out $(PLUGIN_SOURCES),$(wildcard lib/*/*.c)))
PROGRAM_SOURCES = $(wildcard cmd/mptcp.c cmd/mptcp-*.c)
CMD_OBJECTS = $(patsubst %.c,$(BUILD)/%.o,$(wildcard cmd/*/*.c))
PROGRAM_OBJECTS = $(patsubst %.c,$(BUILD)/%.o,$(PROGRAM_SOURCES))
PROGRAMS = $(patsubst cmd/%.c,$(BIN)/%,$(PROGRAM_SOURCES))
UNIT_TESTS = $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/test_*.c))
# LIBRARY has everything and is linked into the programs; the public ones have what include/mptcp declares.
LIBRARY = $(BUILD)/libmptcp.a
# what the programs share but the library does not have
CMD_LIBRARY = $(BUILD)/libcmd.a
API_OBJECTS = $(patsubst %.c,$(BUILD)/%.o,$(wildcard lib/api/*.c))
PUBLIC_SHARED = $(BUILD)/public/libmptcp.so.$(ABI)
PUBLIC_STATIC = $(BUILD)/public/libmptcp.a

# Each harness is a program that replays files (`make check`), and, with clang, one that makes inputs of its own
FUZZ = $(patsubst fuzz/fuzz_%.c,%,$(wildcard fuzz/fuzz_*.c))
FUZZ_REPLAY = $(FUZZ:%=$(BUILD)/fuzz/%)
FUZZ_SECONDS ?= 60

C_FILES = $(wildcard include/mptcp/*.h examples/*/*.c lib/*/*.[ch] cmd/*.c cmd/*/*.[ch] tests/unit/*.[ch] fuzz/*.[ch])
SHELL_FILES = $(shell grep -lrE -m1 '^\#!.*\<(bash|sh|bats)$$' .ci tests bench debian examples share 2>/dev/null) \
	$(wildcard tests/*.bats tests/*.bash share/completions/*.bash)

all: $(PROGRAMS) $(PUBLIC_SHARED) $(PUBLIC_STATIC) $(PLUGIN)

help:
	@echo 'all            build the library and the tools (into $(BUILD)/ and $(BIN)/)'
	@echo 'deps           install the Debian packages needed to build and run (root or sudo)'
	@echo 'deps-check     the same, plus those that check and lint need'
	@echo 'demo           list connections and subflows of examples/demo.pcap'
	@echo 'check          all tests'
	@echo 'check-asan     all tests with the address and undefined-behaviour sanitizers'
	@echo 'fuzz           feed inputs of its own to whatever reads foreign bytes, FUZZ_SECONDS each (clang)'
	@echo 'lint           static checks of C, shell and manual pages'
	@echo 'format         format the C files with clang-format'
	@echo 'update-golden  rewrite the expected texts of the tests: read the difference before committing'
	@echo 'man            update the tables in mptcp-csv(5) and mptcp-check(1)'
	@echo 'gallery        redraw the pictures of examples/gallery'
	@echo 'bench          measure speed and memory'
	@echo 'install        install into PREFIX ($(PREFIX)) below DESTDIR, or BINDIR, LIBDIR, INCLUDEDIR, MANDIR, BASHDIR,'
	@echo '               ZSHDIR, FISHDIR'
	@echo 'uninstall      remove what install installed'
	@echo 'dist           make mptcp-$(VERSION).tar.gz from the last commit'
	@echo 'distcheck      build, check, install and uninstall what is in that, outside of its tree'
	@echo 'deb            make the Debian packages of the last commit (into build-deb/)'
	@echo 'debcheck       the same twice, lintian, blhc, and in a new Debian what a user does with them (root)'
	@echo 'clean          remove what was built'
	@echo 'help           print this list'
	@echo
	@echo 'V=1 shows the commands, -s is silent. CC, AR, OBJCOPY, CPPFLAGS, CFLAGS, LDFLAGS and LDLIBS are honoured.'

# what goes into a shared library; what include/mptcp does not declare stays inside
$(LIB_OBJECTS): COMPILE += -fPIC -fvisibility=hidden
$(LIB_OBJECTS): CMD_FOLDERS =
$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call do,CC,$(@:$(BUILD)/%=%))$(COMPILE) -MMD -MP -c -o $@ $<

$(LIBRARY): $(LIB_OBJECTS)
$(CMD_LIBRARY): $(CMD_OBJECTS)
$(LIBRARY) $(CMD_LIBRARY):
	@rm -f $@
	$(call do,AR,$(@:$(BUILD)/%=%))$(AR) rcsD $@ $^

$(PUBLIC_SHARED): $(API_OBJECTS) $(LIBRARY) lib/api/libmptcp.map
	@mkdir -p $(@D)
	$(call do,LD,$(@:$(BUILD)/%=%))$(LINK) -shared -Wl,-soname,$(@F) -Wl,--version-script=lib/api/libmptcp.map \
		-Wl,--as-needed -Wl,-z,defs -o $@ $(API_OBJECTS) $(LIBRARY) $(LIBS)

# One object with all that it needs, in which only the public names can be linked with.
$(PUBLIC_STATIC): $(API_OBJECTS) $(LIBRARY)
	@mkdir -p $(@D)
	@rm -f $@
	$(call do,AR,$(@:$(BUILD)/%=%))$(CC) $(CFLAGS) -r -nostdlib -o $(@D)/mptcp.o $(API_OBJECTS) $(LIBRARY) && \
		$(OBJCOPY) --localize-hidden $(@D)/mptcp.o && $(AR) rcsD $@ $(@D)/mptcp.o

# Not with sanitizers, which tshark does not have. The headers may be installed by this very call (`make deps check`).
$(PLUGIN): $(PLUGIN_SOURCES) lib/capture/plugin_row.h lib/capture/plugin_epan_ip.h Makefile
	@version=$$($(WIRESHARK_MINOR)); [ -n "$$version" ] || exit 0; mkdir -p $(BUILD)/wireshark/$$version/epan
	$(call do,CC,$(BUILD)/wireshark)version=$$($(WIRESHARK_MINOR)); [ -n "$$version" ] || exit 0; \
		$(CC) -std=c11 -D_GNU_SOURCE -DMPTCP_VERSION='"$(VERSION)"' $(CPPFLAGS) -Wall -Wextra $(CFLAGS) -fPIC -fvisibility=hidden \
		$$(pkg-config --cflags wireshark | sed 's/-I/-isystem /g') $(LDFLAGS) -shared \
		-o $(BUILD)/wireshark/$$version/epan/mptcp.so $(PLUGIN_SOURCES)

$(BUILD)/lib/capture/plugin_folder.o: COMPILE += -DMPTCP_PLUGINS='"$(PLUGINDIR)"'

$(BIN)/mptcp: LIBS += -ledit
$(PROGRAMS): $(BIN)/%: $(BUILD)/cmd/%.o $(CMD_LIBRARY) $(LIBRARY)
	@mkdir -p $(@D)
	$(call do,LD,$@)$(LINK) -o $@ $^ $(LIBS)

$(UNIT_TESTS): $(BUILD)/unit/%: tests/unit/%.c $(CMD_LIBRARY) $(LIBRARY) Makefile
	@mkdir -p $(@D)
	$(call do,CC,$(@:$(BUILD)/%=%))$(COMPILE) $(LDFLAGS) -MMD -MP -o $@ $< $(CMD_LIBRARY) $(LIBRARY) -lcmocka $(LIBS)

$(FUZZ_REPLAY): $(BUILD)/fuzz/%: fuzz/fuzz_%.c fuzz/replay.c $(CMD_LIBRARY) $(LIBRARY) Makefile
	@mkdir -p $(@D)
	$(call do,CC,$(@:$(BUILD)/%=%))$(COMPILE) $(LDFLAGS) -MMD -MP -MF $@.d -o $@ $< fuzz/replay.c $(CMD_LIBRARY) \
		$(LIBRARY) $(LIBS)

-include $(FUZZ_REPLAY:=.d) $(FUZZ:%=$(BUILD)/fuzz/fuzz_%.d)
-include $(LIB_OBJECTS:.o=.d) $(CMD_OBJECTS:.o=.d) $(PROGRAM_OBJECTS:.o=.d) $(UNIT_TESTS:=.d)

# `make -j deps-check check`: nothing is built before the packages are installed.
FIRST = $(filter deps deps-check,$(MAKECMDGOALS))
$(LIB_OBJECTS) $(CMD_OBJECTS) $(PROGRAM_OBJECTS) $(UNIT_TESTS) $(FUZZ_REPLAY) $(PLUGIN) check check-asan lint man: | $(FIRST)
deps-check: | $(filter deps,$(FIRST))

deps: NEEDED = $(PACKAGES)
deps-check: NEEDED = $(PACKAGES) $(CHECK_PACKAGES)
# Asks dpkg first, so that it is quick where everything is installed.
deps deps-check:
	@missing=; \
	for package in $(NEEDED); do \
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

check: all $(UNIT_TESTS) $(FUZZ_REPLAY)
	@BIN='$(abspath $(BIN))' BUILD='$(abspath $(BUILD))' tests/run

# Leaks are errors too: LeakSanitizer is part of AddressSanitizer.
check-asan:
	@$(MAKE) --no-print-directory check BUILD=build-asan BIN=build-asan/bin CFLAGS='-O1 -g -fno-omit-frame-pointer' \
		SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover'

# Needs clang. FUZZ chooses harnesses, FUZZ_SECONDS how long each of them runs; see fuzz/run.
fuzz:
	@command -v clang >/dev/null || { echo 'make fuzz needs clang'; exit 1; }
	@$(MAKE) --no-print-directory $(FUZZ:%=build-fuzz/fuzz/fuzz_%) BUILD=build-fuzz CC=clang CFLAGS='-O1 -g -fno-omit-frame-pointer' \
		SANITIZE='-fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover'
	@FUZZ_SECONDS='$(FUZZ_SECONDS)' fuzz/run build-fuzz/fuzz $(FUZZ)

$(BUILD)/fuzz/fuzz_%: fuzz/fuzz_%.c $(CMD_LIBRARY) $(LIBRARY) Makefile
	@mkdir -p $(@D)
	$(call do,CC,$(@:$(BUILD)/%=%))$(COMPILE) -fsanitize=fuzzer $(LDFLAGS) -MMD -MP -MF $@.d -o $@ $< $(CMD_LIBRARY) \
		$(LIBRARY) $(LIBS)

update-golden: all
	@BIN='$(abspath $(BIN))' BUILD='$(abspath $(BUILD))' UPDATE_GOLDEN=1 bats tests

lint:
	@cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
		--suppress=missingInclude --suppress=missingIncludeSystem -D_GNU_SOURCE $(patsubst %,-I %,$(LIB_FOLDERS) $(CMD_FOLDERS) include) lib cmd
	@shellcheck $(sort $(SHELL_FILES))
	@mandoc -T lint -W warning $(wildcard man/*.[1-9])
	@clang-format --dry-run -Werror $(C_FILES)

# What the manual has of tables in the source, each described in one place: the columns in mptcp-csv(5), the findings in
# mptcp-check(1), the counters in mptcp-mib(1).
define make_page # the awk that makes it, its source, its page
	$(call do,GEN,$(3))awk -f man/$(1).awk -f man/page.awk $(2) $(3) > $(3).new
	@mv $(3).new $(3)
endef

man:
	$(call make_page,columns,lib/packet/columns.def,man/mptcp-csv.5)
	$(call make_page,findings,lib/check/findings.def,man/mptcp-check.1)
	$(call make_page,counters,lib/mib/counters.def,man/mptcp-mib.1)

format:
	$(call do,FORMAT,$(words $(C_FILES)) files)clang-format -i $(C_FILES)

gallery: all
	$(call do,DRAW,examples/gallery)BIN='$(abspath $(BIN))' examples/gallery/draw

bench: all
	@if [ -e bench/run ]; then BIN='$(abspath $(BIN))' bench/run; else echo 'there is no bench/run'; fi

# pages are found by their names: x.1 is in section 1
PAGES = $(notdir $(wildcard man/*.[1-9]))
PLOTS = $(wildcard share/plots/*)
SHARE_FILES = $(filter-out share/plots share/completions,$(wildcard share/*))

PC_VALUES = -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' -e 's|@INCLUDEDIR@|$(INCLUDEDIR)|' \
	-e 's|@VERSION@|$(VERSION)|' -e 's|@LIBS@|$(strip $(LIBS))|'

install: all
	$(call do,INSTALL,$(DESTDIR)$(BINDIR))install -d '$(DESTDIR)$(BINDIR)' && \
		install $(PROGRAMS) '$(DESTDIR)$(BINDIR)'
	$(call do,INSTALL,$(DESTDIR)$(LIBDIR))install -d '$(DESTDIR)$(LIBDIR)/pkgconfig' && \
		install -m 644 $(PUBLIC_STATIC) $(PUBLIC_SHARED) '$(DESTDIR)$(LIBDIR)' && \
		ln -sf $(notdir $(PUBLIC_SHARED)) '$(DESTDIR)$(LIBDIR)/libmptcp.so' && \
		sed $(PC_VALUES) lib/api/mptcp.pc.in >'$(DESTDIR)$(LIBDIR)/pkgconfig/mptcp.pc'
	$(call do,INSTALL,$(DESTDIR)$(PLUGINDIR))cd $(BUILD) && for plugin in $(patsubst $(BUILD)/%,%,$(wildcard $(PLUGIN))); do \
		install -D -m 644 "$$plugin" "$(DESTDIR)$(LIBDIR)/mptcp/$$plugin" || exit; done
	$(call do,INSTALL,$(DESTDIR)$(INCLUDEDIR))install -d '$(DESTDIR)$(INCLUDEDIR)/mptcp' && \
		install -m 644 include/mptcp/*.h '$(DESTDIR)$(INCLUDEDIR)/mptcp'
	$(call do,INSTALL,$(DESTDIR)$(MANDIR))for page in $(PAGES); do \
		install -D -m 644 "man/$$page" "$(DESTDIR)$(MANDIR)/man$${page##*.}/$$page" || exit; done
	$(call do,INSTALL,$(DESTDIR)$(SHAREDIR))install -d '$(DESTDIR)$(SHAREDIR)/plots' && \
		install -m 644 $(PLOTS) '$(DESTDIR)$(SHAREDIR)/plots' && \
		install -m 644 $(SHARE_FILES) '$(DESTDIR)$(SHAREDIR)'
	$(call do,INSTALL,$(DESTDIR)$(BASHDIR))for program in $(notdir $(PROGRAMS)); do \
		install -D -m 644 share/completions/mptcp.bash "$(DESTDIR)$(BASHDIR)/$$program" || exit; done
	$(call do,INSTALL,$(DESTDIR)$(ZSHDIR))install -D -m 644 share/completions/_mptcp '$(DESTDIR)$(ZSHDIR)/_mptcp'
	$(call do,INSTALL,$(DESTDIR)$(FISHDIR))for program in $(notdir $(PROGRAMS)); do \
		install -D -m 644 share/completions/mptcp.fish "$(DESTDIR)$(FISHDIR)/$$program.fish" || exit; done

uninstall:
	$(call do,REMOVE,$(DESTDIR)$(BINDIR))for program in $(notdir $(PROGRAMS)); do \
		rm -f "$(DESTDIR)$(BINDIR)/$$program" "$(DESTDIR)$(BASHDIR)/$$program" \
			"$(DESTDIR)$(FISHDIR)/$$program.fish" || exit; done
	$(call do,REMOVE,$(DESTDIR)$(LIBDIR))rm -f '$(DESTDIR)$(LIBDIR)/libmptcp.a' '$(DESTDIR)$(LIBDIR)/libmptcp.so' \
		'$(DESTDIR)$(LIBDIR)/$(notdir $(PUBLIC_SHARED))' '$(DESTDIR)$(LIBDIR)/pkgconfig/mptcp.pc'
	$(call do,REMOVE,$(DESTDIR)$(PLUGINDIR))rm -rf '$(DESTDIR)$(PLUGINDIR)' && \
		{ rmdir '$(DESTDIR)$(LIBDIR)/mptcp' 2>/dev/null || :; }
	$(call do,REMOVE,$(DESTDIR)$(INCLUDEDIR))rm -rf '$(DESTDIR)$(INCLUDEDIR)/mptcp'
	$(call do,REMOVE,$(DESTDIR)$(MANDIR))for page in $(PAGES); do \
		rm -f "$(DESTDIR)$(MANDIR)/man$${page##*.}/$$page" || exit; done
	$(call do,REMOVE,$(DESTDIR)$(ZSHDIR))rm -f '$(DESTDIR)$(ZSHDIR)/_mptcp'
	$(call do,REMOVE,$(DESTDIR)$(SHAREDIR))rm -rf '$(DESTDIR)$(SHAREDIR)'

# The same commit gives the same bytes.
dist:
	$(call do,DIST,mptcp-$(VERSION).tar.gz)git archive --format=tar --prefix=mptcp-$(VERSION)/ HEAD | \
		gzip -9n > mptcp-$(VERSION).tar.gz

# Nothing is written into the tree, which is read-only, and nothing stays of what was installed.
distcheck: dist
	rm -rf build-dist && mkdir build-dist && tar -C build-dist -xzf mptcp-$(VERSION).tar.gz
	chmod -R a-w build-dist/mptcp-$(VERSION)
	$(UNPACKED) all
	$(UNPACKED) check
	$(UNPACKED) DESTDIR='$(abspath build-dist/root)' install
	$(UNPACKED) DESTDIR='$(abspath build-dist/root)' uninstall
	[ -z "$$(find build-dist/root -type f -o -type l)" ]
	chmod -R u+w build-dist && rm -rf build-dist
UNPACKED = $(MAKE) -C build-dist/mptcp-$(VERSION) BUILD='$(abspath build-dist/build)' BIN='$(abspath build-dist/bin)'

# The tests run, too; DEB_BUILD_OPTIONS=nocheck leaves them out.
deb: dist
	rm -rf build-deb && mkdir build-deb && tar -C build-deb -xzf mptcp-$(VERSION).tar.gz
	git archive --prefix=mptcp-$(VERSION)/debian/ HEAD:debian | tar -C build-deb -x
	cp mptcp-$(VERSION).tar.gz build-deb/mptcp-tools_$(VERSION).orig.tar.gz
	cd build-deb/mptcp-$(VERSION) && dpkg-buildpackage -us -uc

debcheck:
	debian/check

# build-dist has a tree that is read-only
clean:
	@[ ! -e build-dist ] || chmod -R u+w build-dist
	$(call do,REMOVE,build build-asan build-fuzz build-dist build-deb bin)rm -rf build build-asan build-fuzz build-dist \
		build-deb bin mptcp-*.tar.gz

.PHONY: all help deps deps-check demo check check-asan fuzz lint format update-golden man gallery bench \
	install uninstall dist distcheck deb debcheck clean
.DELETE_ON_ERROR:
