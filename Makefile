# Each target needs Python 3.11 or later and make, and nothing else: it makes its own virtual environment.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := .venv-demo
LOWEST := .venv-lowest
BENCH := benchmarks/.environments/contractfuzz
PIP := -m pip install --quiet --disable-pip-version-check

.PHONY: help demo test test-fast test-lowest lint docs report-card bench clean

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

# The package alone, without what its tests need: this is all that a user installs.
$(DEMO)/installed: pyproject.toml
	$(PYTHON) -m venv $(DEMO)
	$(DEMO)/bin/python $(PIP) --editable .
	touch $@

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python $(PIP) --editable '.[test,lint,docs]'
	touch $@

# The lowest versions that pyproject.toml allows. Some of them have wheels for Python 3.11 only.
LOWEST_TESTS := tests/server tests/documents tests/running/adapters tests/payloads/test_keywords.py \
	tests/pytest_plugin/test_plugin.py tests/reports/test_check_formats.py
$(LOWEST)/installed: pyproject.toml
	$(PYTHON) -m venv $(LOWEST)
	$(LOWEST)/bin/python $(PIP) uv
	$(LOWEST)/bin/uv pip install --quiet --python $(LOWEST)/bin/python --resolution lowest-direct --editable '.[test]'
	touch $@

$(BENCH)/installed: pyproject.toml
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python $(PIP) --editable '.[bench]'
	touch $@

demo: $(DEMO)/installed  ## check a careless parser
	cd examples/downstream && ../../$(DEMO)/bin/contractfuzz check consumers.plain:read || test $$? -eq 1

test: $(VENV)/installed  ## run the whole test suite
	$(BIN)/python -m pytest -n auto

test-fast: $(VENV)/installed  ## run the tests that are not marked slow
	$(BIN)/python -m pytest -n auto -m "not slow"

test-lowest: $(LOWEST)/installed  ## run some tests with the lowest versions of all dependencies
	$(LOWEST)/bin/python -m pytest -n auto -m "not slow" $(LOWEST_TESTS)

lint: $(VENV)/installed  ## check style, formatting, types and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/installed  ## write the generated pages, and build the site into build/site
	$(BIN)/python docs/generate.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

report-card: $(VENV)/installed  ## measure real libraries, into docs/report-card.md
	$(BIN)/python examples/report_card/report.py > docs/report-card.md

bench: $(BENCH)/installed  ## measure contractfuzz and its peers, into docs/performance.md
	$(BENCH)/bin/python -m benchmarks $(BENCHFLAGS)

clean:  ## remove virtual environments, caches and build results
	rm -rf $(VENV) $(DEMO) $(LOWEST) benchmarks/.environments dist build
	find . \( -name .pytest_cache -o -name .mypy_cache -o -name .ruff_cache -o -name .hypothesis \
		-o -name .import_linter_cache -o -name __pycache__ -o -name '*.egg-info' \) -prune -exec rm -rf {} +
