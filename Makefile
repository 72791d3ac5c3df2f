# postil - notes in the margin of prose: a C library, Lua modules, a command.
#
#   make            build everything below build/; asks for nothing, needs no root
#   make run        install what is missing, build, show tests/sample/article.txt (or FILE=...)
#   make test       install what is missing, build with -Werror, run all tests and checks
#   make asan       the C tests, the Lua 5.4 suite and the command under ASan and UBSan
#   make lint       clang-tidy, cppcheck, luacheck, shellcheck
#   make rooms      check that every include and require points one way; print the house
#   make bench      measure speed
#   make install    build and install below PREFIX; `make uninstall` takes it away again
#   make clean      remove build/
#   make help       this list
#
# Choices:
#   CC=gcc          the C compiler; CFLAGS, CPPFLAGS and LDFLAGS are yours as well
#   STATIC=no       link the shared PCRE2, utf8proc, libmd, Jansson and Lua even where static ones lie
#   ABIS=5.4        the Lua versions to build for, of 5.1 (also serves LuaJIT) 5.2 5.3 5.4
#   BUILD=build     where everything built goes
#   FILE=text       what `make run` shows
#   PREFIX=/usr/local DESTDIR=   where to install; also bindir, libdir, includedir, datadir, mandir,
#                   docdir, nvimdir and lispdir (folders of Neovim's and Emacs's), luadir and
#                   luacdir (parents of 5.4/ ...)
#
# What is built: libpostil.a, postil (the command), <abi>/postil/core.so (one a Lua version).

CC       = gcc
CFLAGS   ?= -O3 -g
CPPFLAGS ?= -DNDEBUG
LDFLAGS  ?=
ABIS     = 5.1 5.2 5.3 5.4
STATIC   = yes
BUILD    = build
WERROR   =
SANITIZE =

.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:
.PHONY: all run test asan lint rooms bench install uninstall clean help programs objects FORCE

# What pkg-config knows.  `pick` is the first of some names that exists, `lib` the static archive of
# a package if there is one (and STATIC=yes), else the flags for the shared library.
PKG_CONFIG := $(or $(shell command -v pkg-config),false)
pick = $(firstword $(foreach name,$(1),$(shell $(PKG_CONFIG) --exists $(name) && echo $(name))))
archive = $(if $(filter yes,$(STATIC)),$(wildcard \
	$(shell $(PKG_CONFIG) --variable=libdir $(1))/lib$(2).a))
lib = $(or $(call archive,$(1),$(2)),$(shell $(PKG_CONFIG) --libs $(1)))
cflags = $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags $(1)))

LUA_5.1 := $(call pick,lua5.1 lua-5.1 lua51 luajit)
LUA_5.2 := $(call pick,lua5.2 lua-5.2 lua52)
LUA_5.3 := $(call pick,lua5.3 lua-5.3 lua53)
LUA_5.4 := $(call pick,lua5.4 lua-5.4 lua54)
FOUND   := $(foreach abi,$(ABIS),$(if $(LUA_$(abi)),$(abi)))
SKIPPED := $(filter-out $(FOUND),$(ABIS))
CORE_LIBS := $(call lib,libpcre2-8,pcre2-8) $(call lib,libutf8proc,utf8proc)
CORE_CFLAGS := $(call cflags,libpcre2-8 libutf8proc libxxhash)
# SHA-256 for trust in rule files; the core does not know it.
HASH_LIBS := $(call lib,libmd,md)

# Sources; a file is built because it lies there.
CORE_C    := $(wildcard core/*.c)
LUA_C     := $(wildcard lua/*.c)
COMMAND_C := $(wildcard plugin/command/*.c)
TEST_C    := $(wildcard tests/c/test_*.c)
EMBEDDED  := $(shell find lua/postil)

LIB      := $(BUILD)/libpostil.a
MODULES  := $(if $(LUA_C),$(FOUND:%=$(BUILD)/%/postil/core.so))
# The indexes of the help of Neovim and Vim, where they are.
HELPTAGS := $(if $(shell command -v nvim),plugin/doc/tags) $(if $(shell command -v vim),plugin/vim/doc/tags)
COMMAND  := $(if $(and $(LUA_C),$(COMMAND_C),$(LUA_5.4)),$(BUILD)/postil)
PROGRAMS := $(TEST_C:tests/c/%.c=$(BUILD)/tests/%)
# The binding is tested as Lua 5.4 has it.
PROGRAMS := $(if $(and $(LUA_C),$(LUA_5.4)),$(PROGRAMS),$(filter-out %/test_binding,$(PROGRAMS)))

CORE_O    := $(CORE_C:core/%.c=$(BUILD)/core/%.o)
LUA_O      = $(LUA_C:lua/%.c=$(BUILD)/$(1)/%.o)
COMMAND_O := $(COMMAND_C:plugin/command/%.c=$(BUILD)/command/%.o)
TEST_O    := $(PROGRAMS:=.o)

all: $(LIB) $(MODULES) $(COMMAND) $(HELPTAGS)
	@[ -z '$(SKIPPED)' ] || echo 'skipped for want of headers: Lua $(SKIPPED)'
	@[ -n '$(LUA_5.4)' ] || echo 'skipped: the command; it needs Lua 5.4'

help:
	@sed -n 's/^#   /  /p; /^$$/q' Makefile

run:
	@tests/setup run
	@$(MAKE) --no-print-directory -s -j2 $(BUILD)/postil
	@$(BUILD)/postil $(or $(FILE),tests/sample/article.txt)

test:
	@tests/setup test
	@tests/run

asan lint rooms:
	@tests/run $@

bench: all
	@if [ -x tests/bench/run ]; then tests/bench/run; else echo 'no benchmark yet'; fi

# Where things are installed.  The Lua files and modules go where each Lua looks, unless luadir and
# luacdir say otherwise; DESTDIR goes before everything and is written nowhere.
PREFIX     = /usr/local
prefix     = $(PREFIX)
bindir     = $(prefix)/bin
libdir     = $(prefix)/lib
includedir = $(prefix)/include
datadir    = $(prefix)/share
mandir     = $(datadir)/man
docdir     = $(datadir)/doc/postil
nvimdir    = $(datadir)/nvim/site
lispdir    = $(datadir)/emacs/site-lisp
luadir     =
luacdir    =
DESTDIR    =
INSTALL    = install
LUAS       = $(foreach abi,$(FOUND),$(abi)=$(LUA_$(abi)))

$(foreach name,prefix bindir libdir includedir datadir mandir docdir nvimdir lispdir \
	luadir luacdir DESTDIR INSTALL LUAS BUILD PKG_CONFIG,$(eval install uninstall: export $(name) := $$($(name))))
install: all
install uninstall:
	@plugin/install.sh $@

clean:
	rm -rf $(BUILD) plugin/doc/tags plugin/vim/doc/tags

# How things are compiled.  All objects are position independent, so that one libpostil.a serves the
# command, the modules and other people's plugins.  $(BUILD)/flags changes when the flags do.
WARN    = -Wall -Wextra -Wconversion -Wshadow -Wpedantic $(WERROR)
COMPILE = $(CC) -std=c11 -fPIC -fvisibility=hidden $(WARN) -MMD -MP $(CFLAGS) $(SANITIZE)
LINK    = $(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS)
FLAGS  := $(COMPILE) $(CPPFLAGS) $(CORE_CFLAGS) $(LDFLAGS) $(STATIC)

$(BUILD)/flags: FORCE
	@$(PKG_CONFIG) --exists --print-errors libpcre2-8 libutf8proc libxxhash libmd || { \
		echo 'pkg-config, PCRE2, utf8proc, xxHash or libmd is missing; `tests/setup run` installs it' >&2; exit 1; }
	@mkdir -p $(@D)
	@printf '%s\n' '$(FLAGS)' | cmp -s - $@ || printf '%s\n' '$(FLAGS)' >$@

# Facts about quotation marks, as a C table.
$(BUILD)/quote_locales.inc: core/quote_locales.awk core/quote_locales.tsv
	@mkdir -p $(@D)
	awk -f core/quote_locales.awk core/quote_locales.tsv >$@

$(BUILD)/core/quote.o: $(BUILD)/quote_locales.inc

$(BUILD)/core/%.o: core/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(COMPILE) $(CPPFLAGS) $(CORE_CFLAGS) -I$(BUILD) -c -o $@ $<

# The directory is a prerequisite so that a file that was removed leaves the archive.
$(LIB): $(CORE_O) core
	@rm -f $@
	$(AR) rcs $@ $(CORE_O)

# A module is not linked to liblua: the host has one.  Symbols of the libraries inside stay hidden.
# It is replaced by renaming, so that an editor that has it loaded keeps its old one.
define module
$(BUILD)/$(1)/%.o: lua/%.c $(BUILD)/flags
	@mkdir -p $$(@D)
	$$(COMPILE) $$(CPPFLAGS) $$(call cflags,$(LUA_$(1)) libxxhash libmd) -Icore -c -o $$@ $$<

$(BUILD)/$(1)/postil/core.so: $$(call LUA_O,$(1)) $(LIB)
	@mkdir -p $$(@D)
	$$(LINK) -shared -Wl,-z,now -Wl,--exclude-libs,ALL -o $$@.new $$^ $$(CORE_LIBS) $$(HASH_LIBS)
	@mv -f $$@.new $$@
endef
$(foreach abi,$(FOUND),$(eval $(call module,$(abi))))

# The command holds Lua 5.4, the binding and all of lua/postil.
LUA_LIBS   := $(if $(LUA_5.4),$(shell $(PKG_CONFIG) --static --libs $(LUA_5.4)))
LUA_NAME   := $(patsubst -l%,%,$(filter -llua%,$(LUA_LIBS)))
LUA_A      := $(call archive,$(LUA_5.4),$(LUA_NAME))
COMMAND_LIBS = $(or $(LUA_A),-l$(LUA_NAME)) $(filter-out -llua%,$(LUA_LIBS)) \
	$(CORE_LIBS) $(HASH_LIBS) $(call lib,jansson,jansson)

$(BUILD)/command/%.o: plugin/command/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(COMPILE) $(CPPFLAGS) $(call cflags,$(LUA_5.4) jansson) -Icore -c -o $@ $<

$(BUILD)/embed.c: plugin/command/embed.sh $(EMBEDDED)
	@mkdir -p $(@D)
	plugin/command/embed.sh >$@

$(BUILD)/embed.o: $(BUILD)/embed.c $(BUILD)/flags
	$(COMPILE) $(CPPFLAGS) -Iplugin/command -c -o $@ $<

$(BUILD)/postil: $(COMMAND_O) $(BUILD)/embed.o $(call LUA_O,5.4) $(LIB)
	@[ -n '$(LUA_A)' ] || echo 'no static Lua 5.4 found: the command uses the shared one'
	$(LINK) -o $@.new $^ $(COMMAND_LIBS)
	@mv -f $@.new $@

plugin/doc/tags: plugin/doc/postil.txt
	-nvim --clean --headless -n -i NONE -c 'helptags $(@D)' -c 'qa!'

plugin/vim/doc/tags: plugin/vim/doc/postil-vim.txt
	-vim -u NONE -i NONE -n -es -c 'helptags $(@D)' -c 'qa!' </dev/null

# The C tests; asserts are on here whatever CPPFLAGS says.
$(BUILD)/tests/%.o: tests/c/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(COMPILE) $(CPPFLAGS) -UNDEBUG $(CORE_CFLAGS) -c -o $@ $<

$(BUILD)/tests/%: $(BUILD)/tests/%.o $(LIB)
	$(LINK) -o $@ $< $(LIB) $(CORE_LIBS) -lcmocka

$(BUILD)/tests/test_binding.o: CORE_CFLAGS += $(call cflags,$(LUA_5.4))
$(BUILD)/tests/test_binding: $(BUILD)/tests/test_binding.o $(call LUA_O,5.4) $(LIB)
	$(LINK) -o $@ $^ $(or $(LUA_A),-l$(LUA_NAME)) $(filter-out -llua%,$(LUA_LIBS)) $(CORE_LIBS) \
		$(HASH_LIBS) -lcmocka

programs: $(PROGRAMS)

# Everything compiled, nothing linked: what another compiler is asked to look at.
objects: $(CORE_O) $(foreach abi,$(FOUND),$(call LUA_O,$(abi))) $(COMMAND_O) $(TEST_O)

-include $(wildcard $(BUILD)/*.d $(BUILD)/*/*.d)
