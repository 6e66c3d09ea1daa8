# csocket: `make help` explains the targets and the variables.

PYTHON ?=
VENV ?= .venv
SUITES ?= c python typing conformance examples programs vm-exchange vm-conformance
WERROR ?= false
PYTHON_OPTIONS ?= -W error
FUZZ_SECONDS ?= 60
VM_TESTS ?= tests/vm/exchange
PROJECTS ?= gevent twisted

# A directory for each virtual environment, so that interpreters stand side by side.
BUILD := build/$(patsubst .%,%,$(notdir $(VENV)))
RESULTS := $(BUILD)/results
READY := $(VENV)/.csocket-ready
SETUP := tools/setup.sh $(VENV)
BIN := $(abspath $(VENV))/bin
RESULT := $(BIN)/python tools/results.py
# A make that another one calls need not look at the set-up again.
SUBMAKE := $(MAKE) --no-print-directory IS_SET_UP=yes
# What runs in the virtual machine, and the folder where it may leave something.
VM_FILES := $(abspath $(BUILD))/vm
MACHINE := $(BIN)/python tests/vm/machine.py --writable $(VM_FILES)

export PYTHON
export NINJA := $(BIN)/ninja

.DEFAULT_GOAL := build
.PHONY: help build demo test setup-tests test-c test-c-sanitized test-c-threads test-python \
	test-python-sanitized test-conformance \
	test-typing test-programs test-projects test-examples test-vm test-vm-exchange test-vm-conformance \
	conformance projects fuzz fuzz-decode fuzz-calls fuzz-calls-sanitized test-install test-wheel \
	lint format clean distclean FORCE

help: ## show this text
	@echo 'make demo   builds csocket and runs the echo programs of the documentation on it'
	@echo 'make test   runs everything that this machine can run, and sums it up'
	@echo
	@echo 'targets'
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1|/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "  %-20s%s\n", $$1, $$2 }'
	@echo
	@echo 'variables'
	@echo '  PYTHON=python3.13     the interpreter, a name or a path; without it the virtual environment'
	@echo '                        keeps its own, and a new one gets python3'
	@echo '  VENV=.venv-3.13       the virtual environment (.venv); made anew when PYTHON is another one'
	@echo '  SUITES="c python"     what make test runs, of: c python typing conformance examples programs'
	@echo '                        vm-exchange vm-conformance'
	@echo '  TESTS="-k recv"       options for pytest'
	@echo '  PYTHON_OPTIONS="..."  those of the interpreter for test-python (-W error)'
	@echo '  VM_TESTS="..."        the same for the virtual machine (tests/vm/exchange)'
	@echo '  CONFORMANCE="--all"   options for tests/conformance/run.py'
	@echo '  PROJECTS="gevent"     whose tests make projects runs (gevent twisted)'
	@echo '  WERROR=true           warnings of the compiler are errors (after make clean)'
	@echo '  CC=clang              the compiler (after make clean)'
	@echo '  FUZZ_SECONDS=60       how long make fuzz looks'
	@echo '  CALLS="--seeds 1-50"  options for fuzz/calls'
	@echo '  BENCH="--quick"       options for the benchmarks, see bench/README.md'
	@echo
	@echo 'As root make installs what is missing with apt-get, otherwise it names the packages.'
	@echo 'Packages for Python come from PyPI, or from Debian where PyPI cannot be reached.'

# Looks once a run, and touches the file only where it makes the environment anew.
$(READY): $(if $(IS_SET_UP),,FORCE)
	@$(SETUP)

FORCE:

, := ,
define configure
@rm -rf $(@D)
@mkdir -p $(BUILD)
@echo "configuring $(@D)"
@$(BIN)/meson setup -Dwerror=$(WERROR) -Dlibrary=false $(1) $(@D) >$(@D).log 2>&1 || \
	{ cat $(@D).log; rm -rf $(@D); exit 1; }
endef

$(BUILD)/extension/build.ninja: $(READY)
	$(call configure,-Dtests=false -Dpython=enabled -Dpython_interpreter=$(BIN)/python \
		-Dpython.install_env=venv $(if $(SANITIZE),-Dbuildtype=debugoptimized \
		-Db_sanitize=$(SANITIZE) -Db_lundef=false))

$(BUILD)/sanitize/build.ninja: $(READY)
	$(call configure,-Dtests=true -Dpython=disabled -Dbuildtype=debugoptimized \
		-Db_sanitize=address$(,)undefined -Db_lundef=false)

$(BUILD)/threads/build.ninja: $(READY)
	$(call configure,-Dtests=true -Dpython=disabled -Dbuildtype=debugoptimized \
		-Db_sanitize=thread -Db_lundef=false)

$(BUILD)/fuzz/build.ninja: private export CC := clang
$(BUILD)/fuzz/build.ninja: $(READY)
	$(call configure,-Dfuzz=true -Dtests=false -Dpython=disabled -Dbuildtype=debugoptimized)

build: $(BUILD)/extension/build.ninja ## build csocket and install it into the virtual environment
	@$(NINJA) -C $(<D) --quiet
	@$(BIN)/meson install -C $(<D) --no-rebuild --only-changed --quiet

demo: build ## run the echo servers and clients of the documentation on csocket
	@$(BIN)/python tools/demo.py

test: build setup-tests ## run all suites and print the summary
	@rm -f $(RESULTS)/*
	@for suite in $(SUITES); do \
		printf '\n== %s ==\n' "$$suite"; \
		$(SUBMAKE) "test-$$suite" || $(RESULT) broke "$(RESULTS)/$$suite.json"; \
	done
	@$(RESULT) summary $(addprefix --expect=,$(SUITES)) $(RESULTS)

setup-tests: $(READY)
	@$(if $(IS_SET_UP),,$(SETUP) test)
	@mkdir -p $(RESULTS)

test-c: setup-tests ## test libcsocket under ASan, UBSan and leak checking
	@if pkg-config --exists cmocka; then \
		$(SUBMAKE) test-c-sanitized; \
	else \
		$(RESULT) left-out "C library" "no cmocka (Debian: libcmocka-dev)" $(RESULTS)/c.json; \
	fi

test-c-threads: $(BUILD)/threads/build.ninja ## test libcsocket under TSan
	@$(NINJA) -C $(<D) --quiet
	@$(BIN)/meson test -C $(<D) --no-rebuild --print-errorlogs

test-c-sanitized: $(BUILD)/sanitize/build.ninja
	@$(NINJA) -C $(<D) --quiet
	@$(BIN)/meson test -C $(<D) --no-rebuild --print-errorlogs; status=$$?; \
	$(RESULT) meson "C library" $(<D)/meson-logs/testlog.json $(RESULTS)/c.json; \
	exit $$status

# $(call pytest,NAME,TITLE,OPTIONS FOR python,OPTIONS FOR pytest): the tests of a suite, and their count.
define pytest
rm -f $(RESULTS)/$(1).jsonl; \
$(SANITIZER) $(BIN)/python $(3) -m pytest --record=$(RESULTS)/$(1).jsonl $(4); status=$$?; \
$(RESULT) pytest "$(2)" $(RESULTS)/$(1).jsonl $(RESULTS)/$(1).json; \
exit $$status
endef

test-python: build setup-tests ## run the tests of the Python package with pytest
	@if $(BIN)/python -c 'import pytest' 2>/dev/null; then \
		$(call pytest,python,Python package,$(PYTHON_OPTIONS),$(TESTS)); \
	else \
		$(RESULT) left-out "Python package" "no pytest for this interpreter without PyPI" \
			$(RESULTS)/python.json; \
	fi

# Another make, with an environment of its own whose extension is built with the sanitizers, since the
# interpreters that the tests start get csocket from it too. The interpreter has no sanitizer, so that its
# runtime has to be loaded before it; and its own allocator would hide what happens to small objects. What
# it does not free at its end is not csocket's, and sizes that nobody has are refused as elsewhere. Little
# of what was freed is held back, for tests look whether the process grows.
SANITIZED = $(MAKE) --no-print-directory VENV=$(VENV)-sanitized SANITIZE=address,undefined \
	SANITIZER='env LD_PRELOAD="$(shell $(CC) -print-file-name=libasan.so)" PYTHONMALLOC=malloc \
	ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1:quarantine_size_mb=1 \
	UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1'

# What a sanitizer says before it ends the run is not to be lost in pytest's hands.
test-python-sanitized: ## the same under ASan and UBSan, the interpreter's end included
	@$(SANITIZED) TESTS="--capture=sys $(TESTS)" test-python

# $(call with-packages,NAME,TITLE,OPTIONS FOR python): what pytest finds in tests/NAME, with the packages
# of its requirements.txt; or reports why that is left out.
define with-packages
@if reason=$$($(SETUP) $(1)); then \
	$(call pytest,$(1),$(2),$(3),tests/$(1) $(TESTS)); \
else \
	$(RESULT) left-out "$(2)" "$$reason" $(RESULTS)/$(1).json; \
fi
endef

test-typing: build setup-tests ## check the type stubs with stubtest, mypy and pyright
	$(call with-packages,typing,Type stubs)

test-programs: build setup-tests ## run real clients and servers on csocket
	$(call with-packages,programs,Real programs,-m csocket)

test-conformance: build setup-tests
	@$(BIN)/python tests/conformance/run.py --json $(RESULTS)/conformance.json $(CONFORMANCE)

conformance: test-conformance ## run CPython's own tests of sockets and of what stands on them

# One at a time, since gevent's examples have fixed ports.
test-projects: build setup-tests
	@title="Other projects' own tests"; \
	if reason=$$($(SETUP) programs); then \
		$(BIN)/python tests/conformance/run.py --jobs 1 \
			$(addprefix --project ,$(PROJECTS)) --title "$$title" --json $(RESULTS)/projects.json $(CONFORMANCE); \
	else \
		$(RESULT) left-out "$$title" "$$reason" $(RESULTS)/projects.json; \
	fi

projects: test-projects ## run gevent's own tests and twisted's of the network, ten minutes

test-examples: build setup-tests
	@$(BIN)/python tools/demo.py --json $(RESULTS)/examples.json

test-vm: test-vm-exchange test-vm-conformance ## run what needs every address family, in a virtual machine

# $(call in-machine,NAME OF THE SUITE,FILE OF ITS RESULT,COMMAND): or reports why it is left out.
define in-machine
@$(SETUP) vm
@rm -f $(VM_FILES)/*.json*
@suite="$(1)"; \
if reason=$$($(MACHINE) --check 2>&1); then $(3); else \
	$(RESULT) left-out "$$suite" "no virtual machine: $$reason" $(RESULTS)/$(2).json; \
fi
endef

test-vm-exchange: build setup-tests
	$(call in-machine,Families in the virtual machine,vm-exchange, \
		$(MACHINE) $(BIN)/python -m pytest --record=$(VM_FILES)/exchange.jsonl \
			$(VM_TESTS); status=$$?; \
		$(RESULT) pytest "$$suite" $(VM_FILES)/exchange.jsonl $(RESULTS)/vm-exchange.json; \
		exit $$status)

test-vm-conformance: build setup-tests
	$(call in-machine,CPython's own tests in the virtual machine,vm-conformance, \
		$(MACHINE) $(BIN)/python tests/conformance/run.py --patience 3 --cache $(VM_FILES)/stock \
			--suite test_socket --title "$$suite" --json $(VM_FILES)/conformance.json $(CONFORMANCE); \
		status=$$?; \
		cp $(VM_FILES)/conformance.json $(RESULTS)/vm-conformance.json; \
		exit $$status)

fuzz: setup-tests ## feed random bytes to the address decoders for FUZZ_SECONDS
	@if echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' | \
		clang -fsanitize=fuzzer -x c -o /dev/null - 2>/dev/null; then \
		$(SUBMAKE) fuzz-decode; \
	else \
		$(RESULT) left-out "Fuzzing" "no clang with libFuzzer (Debian: clang libclang-rt-14-dev)" \
			$(RESULTS)/fuzz.json; \
	fi

fuzz-decode: $(BUILD)/fuzz/build.ninja
	@$(NINJA) -C $(<D) --quiet fuzz/decode
	@mkdir -p $(<D)/corpus $(<D)/findings
	@timeout --kill-after=10 $$(($(FUZZ_SECONDS) + 60)) $(<D)/fuzz/decode \
		-max_total_time=$(FUZZ_SECONDS) -max_len=160 -timeout=10 -verbosity=0 \
		-print_final_stats=1 -artifact_prefix=$(<D)/findings/ $(<D)/corpus fuzz/corpus/decode; \
	[ $$? = 0 ] && outcome=passed || outcome=failed; \
	$(RESULT) outcome "Fuzzing" $$outcome $(RESULTS)/fuzz.json; \
	[ $$outcome = passed ]

fuzz-calls: build ## call everything at random, in processes that may crash or hang
	@$(SANITIZER) $(BIN)/python fuzz/calls --findings $(BUILD)/fuzz-calls $(CALLS)

fuzz-calls-sanitized: ## the same under ASan and UBSan
	@$(SANITIZED) fuzz-calls

test-install: setup-tests ## build and install libcsocket alone, and the C examples on it
	@PATH=$(BIN):$$PATH tools/test-install.sh $(abspath $(BUILD))/install

test-wheel: $(READY) ## pip install the project into a fresh environment
	@tools/test-wheel.sh "$$(cut -d ' ' -f 1 $(READY))" $(abspath $(BUILD))/wheel

include bench/bench.mk

lint: $(READY) ## check format, warnings, clang-tidy, cppcheck
	@PATH=$(BIN):$$PATH tools/lint.sh $(BUILD)/lint $(BIN)/python

format: ## format the C files
	find include src python tests examples fuzz bench -name '*.[ch]' -exec clang-format -i {} +

clean: ## remove everything that was built
	rm -rf build

distclean: clean ## remove the virtual environments too
	rm -rf .venv .venv-*
