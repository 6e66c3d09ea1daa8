# csocket: `make help` explains the targets. Make sets up what they need; nox does the work, see noxfile.py.

PYTHON ?=
VENV ?= .venv$(addprefix -,$(notdir $(PYTHON)))$(addprefix -,$(filter-out cc,$(notdir $(CC))))
SUITES ?= c c-examples python typing conformance examples programs vm-exchange vm-conformance windows

export PYTHON CC WERROR

SETUP := @flock -o tools tools/setup.sh '$(VENV)'
NOX := @'$(VENV)/bin/python' -m nox --sessions

.PHONY: help build demo test windows-wheel sanitized lint docs bench clean

build: ## build csocket and install it into the virtual environment
	$(SETUP)
	$(NOX) build

help: ## show this text
	@sed -n 's/^\([a-z% -]*\):[^#]*## /  make \1|/p' Makefile | awk -F'|' '{ printf "%-28s%s\n", $$1, $$2 }'
	@echo 'variables'
	@echo '  PYTHON=python3.13   the interpreter, a name or a path (python3)'
	@echo '  VENV=.venv          the virtual environment (with PYTHON=python3.13 .venv-python3.13, with CC=clang .venv-clang)'
	@echo '  ARGS="-k recv"      options for what is run: for pytest, tests/conformance/run.py, ...'
	@echo '  SUITES="c python"   what make test runs ($(SUITES))'
	@echo '  CC=clang            the compiler; after make clean, WERROR=true makes its warnings errors'
	@echo 'As root make installs missing packages of Debian; otherwise it names them. See also: nox --list'

demo: ## run the documentation's echo servers and clients on csocket
	$(SETUP)
	$(NOX) suites -- examples

test: ## run all suites that this machine can run, and sum them up
	$(SETUP) $(SUITES)
	$(NOX) suites -- $(SUITES) $(ARGS)

test-%: ## run one suite, such as test-python, or one that make test leaves out: see noxfile.py
	$(SETUP) $*
	$(NOX) suites -- $* $(ARGS)

windows-wheel: ARGS = --wheels
windows-wheel: test-windows ## build wheels for Windows into dist/

lint docs sanitized bench: ## run that session of noxfile.py, such as make bench ARGS=instructions
	$(SETUP)
	$(NOX) $@ -- $(ARGS)

clean: ## remove all that was built or set up
	rm -rf build .nox .venv .venv-*
