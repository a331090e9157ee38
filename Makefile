# Huiyin 回音. `make` lists the commands.
# The distribution's Python before whichever comes first in PATH: it is built with optimizations that one built by hand mostly lacks
# (README, "Two commands"). It must be new enough and able to make virtualenvs.
PYTHON ?= $(shell for python in /usr/bin/python3 python3; do \
	$$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; done; echo $$python)
VENV := .venv
BIN := $(VENV)/bin
# What an installation is made from; a test holds that no source of the front end is forgotten.
SOURCES := pyproject.toml hatch_build.py requirements/run.lock \
	$(shell find frontend/*.mjs frontend/*.json frontend/bundle frontend/src frontend/styles -type f)

.PHONY: help run test thorough check types rules fix bench trace lock demo clean

help: ## this list
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/'

$(VENV)/.made:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.run: $(VENV)/.made $(SOURCES)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	$(BIN)/python -m compileall -q -j 0 service workers
	touch $@

$(VENV)/.test: $(VENV)/.run requirements/test.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.lock
	touch $@

run: $(VENV)/.run ## install what is needed and run everything; Ctrl-C ends it (HUIYIN_PORT, HUIYIN_DATA)
	HUIYIN_DEMO=$${HUIYIN_DEMO-1} exec $(BIN)/huiyin run

demo: $(VENV)/.run ## add some seventy past and open cases to the data folder
	HUIYIN_DEMO=1 $(BIN)/huiyin demo load

# Tests start dozens of processes; without kept bytecode each would compile the house anew, seconds of it.
test thorough check: export PYTHONDONTWRITEBYTECODE =

# One more than the two processors that the tests are made for: whoever starts a server or kills a worker waits,
# a quarter of the time in all.
TEST_PROCESSES ?= 3

test: $(VENV)/.test ## install what the tests need and run all of them (LEAVE_OUT=folder: but those)
	sh tests/install_browser.sh
	$(BIN)/python -m tests.npm.install
	$(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist loadfile $(LEAVE_OUT:%=--ignore=%)

# Each number may be set from outside: make thorough HUIYIN_RANDOM_TABLES=100000
thorough: export HUIYIN_RANDOM_TABLES ?= 10000
thorough: export HUIYIN_RANDOM_FILES ?= 5000
thorough: export HUIYIN_RANDOM_RIGHTS ?= 2000
thorough: export HUIYIN_RANDOM_DIAGRAMS ?= 50
thorough: export HUIYIN_RANDOM_STORMS ?= 300
thorough: export HUIYIN_FUZZ ?= 25
thorough: export HUIYIN_SOAK_SECONDS ?= 300

thorough: $(VENV)/.test ## the tests that make up examples, with many more: tables, files, rights, diagrams, storms, calls, kills
	$(BIN)/python -m pytest $$(grep -rlE 'environ.get."HUIYIN_(RANDOM_|FUZZ|SOAK)' tests --include='test_*.py')

# The types take as long as all the rest, on one processor: both at once.
check: $(VENV)/.test ## lint, types, walls between the rooms
	$(MAKE) --no-print-directory -j 2 types rules

types: $(VENV)/.test
	$(BIN)/mypy

rules: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/architecture

fix: $(VENV)/.test ## format and mend what a tool can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.test ## measure; the table is also written to bench/results/
	$(BIN)/python -m bench

trace: $(VENV)/.test ## which rule of the catalogue is carried out where, and what is missing
	$(BIN)/python -m tests.trace

lock: ## pin the dependencies anew (needs uv)
	uv pip compile --universal --generate-hashes --no-annotate --no-header --python-version 3.11 pyproject.toml -o requirements/run.lock
	uv pip compile --universal --generate-hashes --no-annotate --no-header --python-version 3.11 --extra test pyproject.toml -o requirements/test.lock

clean: ## remove the virtualenv, caches and built assets; never data
	rm -rf $(VENV) service/web/static/dist .mypy_cache .ruff_cache .pytest_cache
