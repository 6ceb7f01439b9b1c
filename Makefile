# What there is to do here. `make` alone lists it.
# .venv is Podium with its tests, .venv-tools holds tools that tests compare with, .venv-bench Podium with its peers.

PYTHON ?= python3
JOBS ?= auto
KILLS ?= 200
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
TOOLS := .venv-tools
BENCH := .venv-bench
LOCK := .venv-lock
APT := chromium fonts-noto-core fonts-noto-cjk wget

PIP_INSTALL := -m pip --disable-pip-version-check --no-input install --quiet
PINNED := --require-hashes --only-binary :all:
PYTEST = $(BIN)/python -m pytest -q -n $(JOBS) --maxprocesses 8

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo run test tools check format lint types lock data pictures torture bench clean

help: ## list these commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

demo: $(VENV)/.podium ## crawl, archive, index and serve the sample forum (ARGS=--no-serve ends after indexing)
	$(BIN)/podium demo $(ARGS)

# A source that cannot be reached must not keep the archive from being read.
run: $(VENV)/.podium ## refresh and serve the shipped collection in ./data
	@test -e data/collection.toml || $(BIN)/podium --home data init
	@$(BIN)/podium --home data refresh || echo "Not all of it could be refreshed (see above); serving what the archive holds." >&2
	$(BIN)/podium --home data serve $(ARGS)

test: $(VENV)/.test ## run the tests (ARGS=tests/archive runs some)
	$(PYTEST) $(ARGS)

check: $(VENV)/.test ## format, lint, types and all tests: what CI runs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(PYTEST) $(ARGS)

format: $(VENV)/.test ## put the code into its format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: $(VENV)/.test ## look for faults of style and likely bugs
	$(BIN)/ruff check .

types: $(VENV)/.test ## check the types
	$(BIN)/mypy

torture: $(VENV)/.test ## the kills and faults in full numbers (KILLS=200)
	PODIUM_KILLS=$(KILLS) $(PYTEST) -m torture --timeout 0 $(ARGS)

bench: $(BENCH)/.installed ## every benchmark in full numbers, beside its peers
	$(BENCH)/bin/python -m benchmarks $(ARGS)

data: $(VENV)/.podium ## write docs/data.md from the records
	$(BIN)/python -c 'from archive.handover.schema import write_document; write_document("docs/data.md")'

pictures: $(VENV)/.test ## take the pictures in docs/pictures from the running demo (needs `make tools`)
	PODIUM_PICTURES=docs/pictures $(BIN)/python -m pytest -q tests/webapp/test_pictures.py

tools: $(TOOLS)/.installed ## what some tests need beside Python: a browser, fonts, wget, pywb and its kin (apt, then .venv-tools)
	@if ! command -v apt-get >/dev/null; then \
	    echo "There is no apt-get here: install $(APT) by your system's own means." >&2; exit 0; fi; \
	missing=$$(for name in $(APT); do \
	    dpkg-query -W -f='$${db:Status-Status}\n' $$name 2>/dev/null | grep -qx installed || echo $$name; done); \
	if [ -z "$$missing" ]; then echo "There already: $(APT)"; exit 0; fi; \
	as_root=; if [ "$$(id -u)" != 0 ]; then as_root=sudo; fi; \
	$$as_root apt-get update -qq; \
	$$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $$missing

lock: $(LOCK)/.installed ## compile what pyproject.toml and requirements/*.in ask for into requirements/*.txt (ARGS=--upgrade)
	@cd requirements; \
	compile() { ../$(LOCK)/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-annotate --no-header --only-binary :all: --quiet $(ARGS) "$$@"; }; \
	compile ../pyproject.toml -o podium.txt; \
	compile build.in -o build.txt; \
	compile -c podium.txt -c build.txt ../pyproject.toml build.in test.in -o test.txt; \
	compile --override bench-override.in -c podium.txt -c build.txt ../pyproject.toml build.in bench.in -o bench.txt; \
	compile -c build.txt --no-binary bagit --no-binary surt --no-binary webassets tools.in -o tools.txt; \
	compile lock.in -o lock.txt

clean: ## remove what can be made again; ./data stays
	rm -rf $(VENV) $(TOOLS) $(BENCH) $(LOCK) demo-data dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- environments -----------------------------------------------------------------------------

define NEW_ENVIRONMENT
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
	    f"{sys.executable} is {sys.version.split()[0]}; Podium needs 3.11 or newer: make PYTHON=/path/to/it ...")'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	    { echo "$(PYTHON) lacks venv: install python3-venv (apt install python3-venv)" >&2; exit 1; }
	@echo "Making $(@D)" >&2
	@$(PYTHON) -m venv --clear $(@D)
endef

$(VENV)/.base: requirements/podium.txt requirements/build.txt
	$(NEW_ENVIRONMENT)
	@$(BIN)/python $(PIP_INSTALL) $(PINNED) -r requirements/podium.txt -r requirements/build.txt
	@touch $@

$(VENV)/.podium: $(VENV)/.base pyproject.toml
	@$(BIN)/python $(PIP_INSTALL) --no-index --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.podium requirements/test.txt
	@echo "Adding what the tests need" >&2
	@$(BIN)/python $(PIP_INSTALL) $(PINNED) -r requirements/test.txt
	@touch $@

# bagit, surt and webassets are pure Python and come as source only: the pinned setuptools builds them.
$(TOOLS)/.installed: requirements/tools.txt requirements/build.txt
	$(NEW_ENVIRONMENT)
	@$(TOOLS)/bin/python $(PIP_INSTALL) $(PINNED) -r requirements/build.txt
	@$(TOOLS)/bin/python $(PIP_INSTALL) $(PINNED) --no-binary bagit,surt,webassets --no-build-isolation -r requirements/tools.txt
	@touch $@

$(BENCH)/.installed: requirements/bench.txt
	$(NEW_ENVIRONMENT)
	@$(BENCH)/bin/python $(PIP_INSTALL) $(PINNED) -r requirements/bench.txt
	@$(BENCH)/bin/python $(PIP_INSTALL) --no-index --no-deps --no-build-isolation --editable .
	@touch $@

$(LOCK)/.installed: requirements/lock.txt
	$(NEW_ENVIRONMENT)
	@$(LOCK)/bin/python $(PIP_INSTALL) $(PINNED) -r requirements/lock.txt
	@touch $@
