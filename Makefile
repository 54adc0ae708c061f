# Two commands from nothing but Python and make: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BENCH := benchmarks/.environments/contractfuzz

.PHONY: demo report-card bench test lint clean

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,lint]'
	touch $@

demo: $(VENV)/installed  ## what a careless parser lets through
	cd examples/downstream && ../../$(BIN)/contractfuzz check consumers.plain:read || test $$? -eq 1

report-card: $(VENV)/installed  ## what real libraries let through, into docs/report-card.md
	$(BIN)/python examples/report_card/report.py > docs/report-card.md

$(BENCH)/installed: pyproject.toml
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	touch $@

bench: $(BENCH)/installed  ## contractfuzz and its peers side by side, into docs/performance.md
	$(BENCH)/bin/python -m benchmarks $(BENCHFLAGS)

test: $(VENV)/installed  ## the whole suite
	$(BIN)/python -m pytest

lint: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

clean:
	rm -rf $(VENV) benchmarks/.environments dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
