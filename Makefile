# Kontor's whole build: one file, no recursion into folders. `make help` lists the targets.
#   make            build/release/kontor
#   make run        set up what is missing, build, load the demo on first use, serve
#   make check      set up what tests need, then everything: lint, tests on both engines, browser
#   make t M=feel   build and run one module's tests (with the modules that it may see)
# Variables: FLAVOR=release|asan|tsan|cover|fuzz|kill, CC=gcc|clang, B=build folder.

FLAVOR ?= release
B      ?= build/$(FLAVOR)
DEPS   ?= build/deps
CC     := $(if $(filter default,$(origin CC)),gcc,$(CC))
CCACHE := $(shell command -v ccache 2>/dev/null)
WERROR ?= -Werror
comma  := ,

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:
MAKEFLAGS += --no-builtin-rules

# ---- flags -------------------------------------------------------------------------------------
PACKAGES := libmicrohttpd libxml-2.0 libzip icu-i18n icu-uc libsodium openssl pangocairo libcurl \
            libpcre2-8 libqrencode libedit zlib
WARN   := -Wall -Wextra $(WERROR) -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
          -Wvla -Wformat=2 -Wwrite-strings -Wundef -Wcast-qual
HARDEN := -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
PKG_CFLAGS := $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(PACKAGES) 2>/dev/null))
PKG_LIBS   := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null)
LIBS   := $(PKG_LIBS) -loath -lxlsxwriter -lbidgcc000 -ldl -lpthread -lm

FLAGS_release := -O2 -g1 $(HARDEN)
FLAGS_asan    := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -DARENA_PER_ALLOC
FLAGS_tsan    := -O1 -g -fsanitize=thread
FLAGS_cover   := -O0 -g --coverage
FLAGS_kill    := -O2 -g1 -DKILLPOINTS
FLAGS_fuzz    := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
LINK_release  := -pie -Wl,-z,relro,-z,now
LINK_asan     := -fsanitize=address,undefined
LINK_tsan     := -fsanitize=thread
LINK_cover    := --coverage
LINK_fuzz     := -fsanitize=fuzzer,address,undefined
ifeq ($(FLAVOR),fuzz)
override CC := clang
endif

INCLUDES := -Isrc -I$(B)/gen -I. -isystem $(DEPS)/sqlite3
CFLAGS_ALL = -std=gnu17 -D_GNU_SOURCE $(FLAGS_$(FLAVOR)) $(WARN) $(INCLUDES) $(PKG_CFLAGS) -MMD -MP
# V=1 shows the commands themselves.
SAY = @$(if $(V),:,echo "  $(1)	$@");
COMPILE = $(call SAY,cc) $(CCACHE) $(CC) $(CFLAGS_ALL) -c $< -o $@
LINK    = $(CC) $(LINK_$(FLAVOR)) -Wl,--as-needed

SQLITE_OBJ := $(if $(filter asan tsan fuzz,$(FLAVOR)),sqlite3-$(FLAVOR).o,sqlite3.o)

# ---- modules: order and includes come from tools/layers ----------------------------------------
MODULES := $(filter $(notdir $(patsubst %/,%,$(wildcard src/*/))),\
             $(shell sed -n 's/^\([a-z0-9]*\):.*/\1/p' tools/layers))
layer_direct = $(shell sed -n 's/^$(1):\(.*\)/\1/p' tools/layers)
define LAYER
see_$(1) := $(if $(filter main,$(1)),$(MODULES),\
  $(filter $(MODULES),$(sort $(1) $(foreach d,$(call layer_direct,$(1)),$(d) $(see_$(d))))))
endef
$(foreach m,$(MODULES),$(eval $(call LAYER,$(m))))

sources = $(filter-out %_test.c %_fuzz.c,$(wildcard src/$(1)/*.c))
objects = $(patsubst src/%.c,$(B)/obj/%.o,$(call sources,$(1))) $(call generated,$(1))
# What a module has decides what is generated for it.
has_sql   = $(wildcard src/$(1)/*.sql)
has_views = $(wildcard src/$(1)/views/*.html)
generated = $(if $(call has_sql,$(1)),$(B)/gen/$(1)/$(1)_q.o) \
            $(if $(call has_views,$(1)),$(B)/gen/$(1)/$(1)_view.o) \
            $(if $(wildcard src/$(1)/migrations/*.sql),$(B)/gen/$(1)/$(1)_migrations.o) \
            $(if $(filter i18n,$(1)),$(if $(wildcard tools/poc.c),$(B)/gen/i18n/catalog.o)) \
            $(if $(filter ui,$(1)),$(if $(wildcard web/build.mjs),$(B)/gen/assets/assets.o)) \
            $(if $(filter db,$(1)),$(DEPS)/sqlite3/$(SQLITE_OBJ))
headers_of = $(if $(call has_sql,$(1)),$(B)/gen/$(1)/$(1)_q.h) \
             $(if $(call has_views,$(1)),$(B)/gen/$(1)/$(1)_view.h)

# ---- generators ---------------------------------------------------------------------------------
TOOLS := $(B)/tools
TOOL_LINK = $(CCACHE) $(CC) -std=gnu17 -D_GNU_SOURCE -O1 -g $(WARN) $(INCLUDES) $(PKG_CFLAGS)
BASE_SOURCES := $(call sources,base)

# sqlc runs the program's own db module, so what it checks is what runs.
SQLC_OBJECTS := $(patsubst %.c,$(TOOLS)/%.o,$(wildcard tools/sqlc*.c) $(BASE_SOURCES) $(call sources,db))
$(TOOLS)/%.o: %.c | $(DEPS)/sqlite3/sqlite3.h
	@mkdir -p $(@D)
	$(call SAY,cc) $(TOOL_LINK) -MMD -MP -c $< -o $@
$(TOOLS)/sqlc: $(SQLC_OBJECTS) $(DEPS)/sqlite3/sqlite3.o
	@mkdir -p $(@D)
	$(call SAY,tool) $(TOOL_LINK) $^ -o $@ -lbidgcc000 -lsodium -ldl -lpthread -lm
$(TOOLS)/%: tools/%.c $(BASE_SOURCES)
	@mkdir -p $(@D)
	$(call SAY,tool) $(TOOL_LINK) $^ -o $@ -lbidgcc000 -ldl -lpthread -lm

ALL_MIGRATIONS := $(foreach m,$(MODULES),$(sort $(wildcard src/$(m)/migrations/*.sql)))
# One run of sqlc per module: all migrations in layer order give the schema it prepares against.
define SQLC
$(B)/gen/$(1)/$(1)_q.c $(B)/gen/$(1)/$(1)_q.h &: $(TOOLS)/sqlc $(wildcard src/$(1)/*.sql) $(ALL_MIGRATIONS)
	@mkdir -p $(B)/gen/$(1)
	@$(TOOLS)/sqlc $(1) $(B)/gen/$(1) $(foreach f,$(ALL_MIGRATIONS),-m $(f)) $(wildcard src/$(1)/*.sql)
$(B)/gen/$(1)/$(1)_view.c $(B)/gen/$(1)/$(1)_view.h &: $(TOOLS)/tplc $(wildcard src/$(1)/views src/$(1)/views/*.html)
	@mkdir -p $(B)/gen/$(1)
	@$(TOOLS)/tplc $(1) $(B)/gen/$(1) $(wildcard src/$(1)/views/*.html)
$(B)/gen/$(1)/$(1)_migrations.c: $(wildcard src/$(1)/migrations/*.sql) tools/embed.sh
	@mkdir -p $$(@D)
	@sh tools/embed.sh $(1) $(sort $(wildcard src/$(1)/migrations/*.sql)) > $$@
lib_$(1) := $(foreach s,$(see_$(1)),$(call objects,$(s)))
gen_$(1) := $(foreach s,$(see_$(1)),$(call headers_of,$(s)))
$(patsubst src/%.c,$(B)/obj/%.o,$(wildcard src/$(1)/*.c)): | $$(gen_$(1))
$(B)/gen/$(1)/$(1)_view.o: | $$(gen_$(1))
endef
$(foreach m,$(MODULES),$(eval $(call SQLC,$(m))))

# ---- compiling ----------------------------------------------------------------------------------
$(B)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(COMPILE)
$(B)/gen/%.o: $(B)/gen/%.c
	@mkdir -p $(@D)
	$(COMPILE)
$(B)/obj/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	$(COMPILE)

# Before the first compilation there are no dependency files that could say so.
$(patsubst src/%.c,$(B)/obj/%.o,$(wildcard src/db/*.c)): | $(DEPS)/sqlite3/sqlite3.h

# The files that the demo holds (.incbin is not seen by -MMD).
$(B)/obj/demo/demo_files.o: $(wildcard examples/demo/*.dmn)
TEMPLATE_FILES := $(wildcard src/scheme/templates/*)
$(B)/obj/scheme/scheme_template_files.o: $(TEMPLATE_FILES)
$(B)/gen/scheme/scheme_template_messages.txt: $(TEMPLATE_FILES) tools/templates.sh
	@mkdir -p $(@D)
	@sh tools/templates.sh $(TEMPLATE_FILES) > $@

# ---- SQLite: the amalgamation that the npm package better-sqlite3 ships -------------------------
SQLITE ?= bundled
SQLITE_OPTIONS := -DSQLITE_THREADSAFE=2 -DSQLITE_DQS=0 -DSQLITE_OMIT_LOAD_EXTENSION \
  -DSQLITE_DEFAULT_FOREIGN_KEYS=1 -DSQLITE_ENABLE_FTS5 -DSQLITE_MAX_EXPR_DEPTH=200 \
  -DSQLITE_DEFAULT_MEMSTATUS=0 -DSQLITE_OMIT_DEPRECATED -DSQLITE_OMIT_SHARED_CACHE \
  -DSQLITE_LIKE_DOESNT_MATCH_BLOBS -DSQLITE_USE_ALLOCA -DSQLITE_ENABLE_COLUMN_METADATA \
  -DSQLITE_TRUSTED_SCHEMA=0 -DSQLITE_ENABLE_STAT4
$(DEPS)/sqlite3/sqlite3.c: web/package-lock.json tools/deps.sh
	@sh tools/deps.sh $(DEPS)
$(DEPS)/sqlite3/sqlite3.h: $(DEPS)/sqlite3/sqlite3.c ;
$(DEPS)/sqlite3/sqlite3.o: $(DEPS)/sqlite3/sqlite3.c
	$(call SAY,cc) $(CCACHE) gcc -O2 -g1 -fPIE -w $(SQLITE_OPTIONS) -c $< -o $@
$(DEPS)/sqlite3/sqlite3-asan.o: $(DEPS)/sqlite3/sqlite3.c
	$(call SAY,cc) $(CCACHE) $(CC) -O1 -g -fsanitize=address -w $(SQLITE_OPTIONS) -c $< -o $@
$(DEPS)/sqlite3/sqlite3-fuzz.o: $(DEPS)/sqlite3/sqlite3.c
	$(call SAY,cc) $(CCACHE) clang -O1 -g -fsanitize=address -w $(SQLITE_OPTIONS) -c $< -o $@
$(DEPS)/sqlite3/sqlite3-tsan.o: $(DEPS)/sqlite3/sqlite3.c
	$(call SAY,cc) $(CCACHE) $(CC) -O1 -g -fsanitize=thread -w $(SQLITE_OPTIONS) -c $< -o $@

# ---- catalogues and assets ----------------------------------------------------------------------
# The table needs the .po files only; that nothing is left untranslated is a check of its own.
PO_FILES := $(foreach m,$(MODULES),$(wildcard src/$(m)/lang/*.po))
$(TOOLS)/poc: tools/poc.c src/i18n/i18n_pattern.c $(BASE_SOURCES)
	@mkdir -p $(@D)
	$(call SAY,tool) $(TOOL_LINK) $^ -o $@ -lbidgcc000 -ldl -lpthread -lm
$(B)/gen/i18n/catalog.c: $(TOOLS)/poc $(PO_FILES)
	@mkdir -p $(@D)
	@$(TOOLS)/poc --out $@ $(PO_FILES)
# What only tests say (scenes) needs no translation.
MESSAGE_SOURCES := $(foreach m,$(MODULES),$(call sources,$(m)) \
  $(filter-out %_scene.h,$(wildcard src/$(m)/*.h)))
.PHONY: messages
messages: $(B)/messages.ok
$(B)/messages.ok: $(TOOLS)/poc $(PO_FILES) $(MESSAGE_SOURCES) $(B)/gen/scheme/scheme_template_messages.txt $(foreach m,$(MODULES),$(call headers_of,$(m)))
	@$(TOOLS)/poc --check $(PO_FILES) $(MESSAGE_SOURCES) $$(ls $(B)/gen/*/*_messages.txt $(B)/gen/*/*_view.c 2>/dev/null)
	@touch $@

WEB_SOURCES := $(wildcard web/*.mjs web/*.js web/css/*.css web/islands/* web/icons/* web/package-lock.json)
$(B)/gen/assets/assets.c: $(WEB_SOURCES) | $(DEPS)/sqlite3/sqlite3.c
	@mkdir -p $(@D)
	@node web/build.mjs $(abspath $(@D))

# ---- tests --------------------------------------------------------------------------------------
tests_of = $(patsubst src/%_test.c,$(B)/test/%_test,$(wildcard src/$(1)/*_test.c))
TESTS := $(foreach m,$(MODULES),$(call tests_of,$(m)))
FIXTURES := $(wildcard tests/fixture*.c)
define TEST
$(call tests_of,$(1)): $(B)/test/%_test: $(B)/obj/%_test.o $$(filter-out %/main/main.o,$$(lib_$(1))) $$(if $$(filter http,$(see_$(1))),$(patsubst tests/%.c,$(B)/obj/tests/%.o,$(FIXTURES)),$$(if $$(filter op,$(see_$(1))),$(B)/obj/tests/fixture.o))
	@mkdir -p $$(@D)
	$$(call SAY,ld) $(LINK) $$^ -o $$@ $(LIBS)
endef
$(foreach m,$(MODULES),$(eval $(call TEST,$(m))))

# A made-up module with every kind of query: what sqlc writes, run on both engines.
EXAMPLE := tests/tools/example
$(B)/gen/example/example_q.c $(B)/gen/example/example_q.h &: $(TOOLS)/sqlc $(EXAMPLE)/example.sql $(wildcard $(EXAMPLE)/migrations/*.sql)
	@mkdir -p $(@D)
	@$(TOOLS)/sqlc example $(B)/gen/example $(foreach f,$(wildcard $(EXAMPLE)/migrations/*.sql),-m $(f)) $(EXAMPLE)/example.sql
$(B)/gen/example/example_migrations.c: $(wildcard $(EXAMPLE)/migrations/*.sql) tools/embed.sh
	@mkdir -p $(@D)
	@sh tools/embed.sh example $(sort $(wildcard $(EXAMPLE)/migrations/*.sql)) > $@
$(B)/obj/$(EXAMPLE)/example_test.o: | $(B)/gen/example/example_q.h
EXAMPLE_TEST := $(B)/test/tools/example_test
$(EXAMPLE_TEST): $(B)/obj/$(EXAMPLE)/example_test.o $(B)/gen/example/example_q.o $(B)/gen/example/example_migrations.o $(B)/obj/tests/fixture.o $(lib_op)
	@mkdir -p $(@D)
	$(call SAY,ld) $(LINK) $^ -o $@ $(LIBS)
TESTS += $(EXAMPLE_TEST)

M ?= base
.PHONY: t lib
t: $(call tests_of,$(M))
	@prove --exec '' $(call tests_of,$(M))
lib: $(lib_$(M))

FUZZERS := $(patsubst src/%_fuzz.c,$(B)/fuzz/%_fuzz,$(foreach m,$(MODULES),$(wildcard src/$(m)/*_fuzz.c)))
define FUZZ
$(patsubst src/%_fuzz.c,$(B)/fuzz/%_fuzz,$(wildcard src/$(1)/*_fuzz.c)): $(B)/fuzz/%_fuzz: $(B)/obj/%_fuzz.o $$(lib_$(1))
	@mkdir -p $$(@D)
	$$(call SAY,ld) $(LINK) $$^ -o $$@ $(LIBS)
endef
$(foreach m,$(MODULES),$(eval $(call FUZZ,$(m))))

# ---- the product --------------------------------------------------------------------------------
.PHONY: all help clean
all: $(B)/kontor
KONTOR_OBJECTS := $(sort $(foreach m,$(MODULES),$(call objects,$(m))))
$(B)/kontor: $(KONTOR_OBJECTS)
	$(call SAY,ld) $(LINK) $^ -o $@ $(LIBS)


# ---- checking -----------------------------------------------------------------------------------
C_FILES := $(wildcard src/*/*.c src/*/*.h tools/*.c tools/*.h tests/*.c tests/*.h tests/fault/*.c bench/*.c)
TIDY_SOURCES := $(filter-out %_fuzz.c,$(wildcard src/*/*.c))
.PHONY: lint fmt check test asan tsan cover fuzz bench run watch e2e shots tools-test
fmt:
	clang-format -i $(C_FILES)

# clang-tidy looks again only at what changed, and reads what is for clang; cppcheck reads the rest.
$(B)/tidy/%.ok: src/%.c .clang-tidy | $(gen_main)
	@mkdir -p $(@D)
	$(call SAY,tidy) clang-tidy --quiet $< -- -std=gnu17 -D_GNU_SOURCE $(INCLUDES) $(PKG_CFLAGS) 2>$@.err || \
	  { cat $@.err >&2; false; }
	@mv $@.err $@
# What the house asks, in seconds; lint adds the two analysers.
.PHONY: rules faults
rules: $(TOOLS)/tidy $(B)/messages.ok
	@$(TOOLS)/tidy .
	@clang-format --dry-run -Werror $(C_FILES)
lint: rules $(gen_main) $(patsubst src/%.c,$(B)/tidy/%.ok,$(TIDY_SOURCES))
	@cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --force \
	  -D__cppcheck__ -U__clang__ -U__clang_analyzer__ \
	  --suppressions-list=tools/cppcheck.txt --error-exitcode=1 -j 2 -I src -I $(B)/gen $(TIDY_SOURCES)

.PHONY: test-programs sql-pg
test-programs: $(TESTS)
# Every query text, prepared on PostgreSQL (KONTOR_TEST_PG).
sql-pg: $(TOOLS)/sqlc
	@$(TOOLS)/sqlc --pg $(KONTOR_TEST_PG) $(foreach f,$(ALL_MIGRATIONS),-m $(f)) $(wildcard src/*/*.sql)
test: $(TESTS)
	@prove -j 2 --exec '' $(TESTS)
tools-test: $(TOOLS)/tidy $(TOOLS)/sqlc $(TOOLS)/tplc $(TOOLS)/poc
	@sh tests/tools/run.sh $(TOOLS)

# Everything, as CI does it; ends with "N passed, N failed".
check:
	@tools/setup check
	@sh tools/check.sh

# kill -9 at every marked point and at random, a full disk, a stale lock.
faults:
	@sh tests/fault/run.sh
# Every rate, bound and expected number of the scenarios, changed in turn, must be noticed.
.PHONY: mutate-scenarios
mutate-scenarios: $(B)/kontor
	@sh tests/mutate.sh $(B)/kontor
asan:
	@$(MAKE) --no-print-directory FLAVOR=asan test
tsan:
	@TSAN_OPTIONS=suppressions=$(abspath tools/tsan.supp) $(MAKE) --no-print-directory FLAVOR=tsan test
fuzz: $(FUZZERS)
cover:
	@$(MAKE) --no-print-directory FLAVOR=cover test
	@sh tools/cover.sh build/cover
$(B)/bench/%: $(B)/obj/bench/%.o $(filter-out $(B)/obj/main/%,$(KONTOR_OBJECTS))
	@mkdir -p $(@D)
	$(call SAY,ld) $(LINK) $(sort $^) -o $@ $(LIBS)
# Reads a database for tests/fault without the program under test.
$(B)/fault/%: $(B)/obj/tests/fault/%.o $(lib_op)
	@mkdir -p $(@D)
	$(call SAY,ld) $(LINK) $^ -o $@ $(LIBS)
$(B)/obj/bench/%.o: bench/%.c | $(gen_main)
	@mkdir -p $(@D)
	$(COMPILE)
bench: $(B)/kontor $(patsubst bench/%.c,$(B)/bench/%,$(wildcard bench/*.c))
	@sh bench/run.sh $(B)
shots: $(B)/kontor
	@sh tests/e2e/run.sh $(B) shots
e2e: $(B)/kontor
	@sh tests/e2e/run.sh $(B) e2e

# Builds, loads the demo on first use, and serves it.
run:
	@tools/setup build
	@$(MAKE) --no-print-directory -j 2 all
	@sh tools/run.sh $(B)/kontor
watch:
	@sh tools/watch.sh

clean:
	rm -rf build

help:
	@sed -n '/^# Kontor/,/^$$/s/^# \{0,1\}//p' Makefile

-include $(shell find $(B) -name '*.d' 2>/dev/null)
