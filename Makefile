# `make learn` and `make test` need Python 3.11 or newer and nothing else. They make the
# folder .venv, once; files in it (stamps) remember what has been installed.

PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11 python,\
  $(shell $(name) -c 'import sys; sys.version_info >= (3, 11) and print("$(name)")' 2>/dev/null)))
BIN := .venv/bin
INSTALLED := .venv/installed
EQUIPPED := .venv/equipped
CODE := scopetutor tests

.PHONY: help learn repl test check lint types contracts lessons unit cover bench fix golden clean
.DEFAULT_GOAL := help

help:  ## Say what there is to make
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1@\2/p' Makefile | column -t -s @

learn: $(INSTALLED)  ## Start the tutor, or go on where you were
	@$(BIN)/scopetutor learn

repl: $(INSTALLED)  ## Start a prompt
	@$(BIN)/scopetutor repl

test: lint types contracts lessons unit  ## Run every check and every test

check: lint types contracts lessons cover  ## The same, and measure coverage

lint: $(EQUIPPED)  ## Style and formatting
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)

types: $(EQUIPPED)  ## Types, strictly
	$(BIN)/mypy

contracts: $(EQUIPPED)  ## Who may import whom
	$(BIN)/lint-imports --no-logo

lessons: $(INSTALLED)  ## Prove every lesson right
	$(BIN)/scopetutor lesson check

unit: $(EQUIPPED)
	$(BIN)/pytest -q -n auto

cover: $(EQUIPPED)
	$(BIN)/pytest -q -n auto --cov --cov-report=term:skip-covered --cov-fail-under=95

bench: $(EQUIPPED)  ## Measure; TF1=python3.7 compares with TensorFlow 1.15.5
	$(BIN)/python -m tests.benchmarks $(if $(TF1),--tf1 $(TF1))

fix: $(EQUIPPED)  ## Mend style and formatting
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

golden: $(EQUIPPED)  ## Draw the recorded screens anew; look at the difference
	$(BIN)/pytest -q tests/render tests/repl --golden
	$(BIN)/python -m tests.picture

clean:  ## Remove what was made here
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage

.venv:
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or newer is needed, and none is on the PATH.'; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
	  echo 'Python could not make .venv; on Debian and Ubuntu: apt install python3-venv'; exit 1; }

$(INSTALLED): pyproject.toml | .venv
	@echo 'Installing scopetutor into .venv (once) …'
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e .
	@touch $@

# Dependency groups need pip 25.1; the one that comes with Python may be older.
$(EQUIPPED): pyproject.toml $(INSTALLED) | .venv
	@echo 'Installing what the checks need (once) …'
	@$(BIN)/python -m pip install -q --disable-pip-version-check 'pip>=25.1'
	@$(BIN)/python -m pip install -q --disable-pip-version-check --group dev
	@touch $@
