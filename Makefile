# Each target needs Python 3.11 or later and make, and nothing else: it makes its own virtual environment.
ifeq ($(OS),Windows_NT)
PYTHON ?= python
SCRIPTS := Scripts
else
PYTHON ?= python3
SCRIPTS := bin
endif
VENV := .venv
BIN := $(VENV)/$(SCRIPTS)
DEMO := .venv-demo
LOWEST := .venv-lowest
TOOLS := .venv-tools
TOGETHER := .venv-together
BENCH := benchmarks/.environments/contractfuzz
PIP := -m pip install --quiet --disable-pip-version-check
# With the newest pip, since versions before 25.1 have no --group.
NEW_VENV := $(PYTHON) -m venv --upgrade-deps

.PHONY: help demo test test-fast test-lowest deep lint docs together package workflows changelog hooks report-card bench clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]*:.*## / { printf "%-14s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The package alone, without what its tests need: this is all that a user installs.
$(DEMO)/installed: pyproject.toml
	$(PYTHON) -m venv $(DEMO)
	$(DEMO)/$(SCRIPTS)/python $(PIP) --editable .
	touch $@

$(VENV)/installed: pyproject.toml
	$(NEW_VENV) $(VENV)
	$(BIN)/python $(PIP) --editable . --group test --group lint --group docs
	touch $@

# The lowest versions that pyproject.toml allows. Some of them have wheels for Python 3.11 only.
LOWEST_TESTS := tests/server tests/documents tests/running/adapters tests/payloads/test_keywords.py \
	tests/pytest_plugin/test_plugin.py tests/reports/test_check_formats.py
$(LOWEST)/installed: pyproject.toml
	$(PYTHON) -m venv $(LOWEST)
	$(LOWEST)/$(SCRIPTS)/python $(PIP) uv
	$(LOWEST)/$(SCRIPTS)/uv pip install --quiet --python $(LOWEST)/$(SCRIPTS)/python --resolution lowest-direct --editable . --group test
	touch $@

# What builds and checks distributions, and what checks workflows.
$(TOOLS)/installed: pyproject.toml
	$(NEW_VENV) $(TOOLS)
	$(TOOLS)/$(SCRIPTS)/python $(PIP) --editable . --group package --group workflows
	touch $@

# Other tools that docs/together.md shows. Some are plugins of pytest, which would slow down the whole suite.
$(TOGETHER)/installed: pyproject.toml
	$(NEW_VENV) $(TOGETHER)
	$(TOGETHER)/$(SCRIPTS)/python $(PIP) --editable '.[server]' --group together
	touch $@

$(BENCH)/installed: pyproject.toml
	$(NEW_VENV) $(BENCH)
	$(BENCH)/$(SCRIPTS)/python $(PIP) --editable . --group bench
	touch $@

demo: $(DEMO)/installed  ## check a careless parser
	cd examples/downstream && ../../$(DEMO)/$(SCRIPTS)/contractfuzz check consumers.plain:read || test $$? -eq 1

test: $(VENV)/installed  ## run the whole test suite
	$(BIN)/python -m pytest -n auto

test-fast: $(VENV)/installed  ## run the tests that are not marked slow
	$(BIN)/python -m pytest -n auto -m "not slow"

test-lowest: $(LOWEST)/installed  ## run some tests with the lowest versions of all dependencies
	$(LOWEST)/$(SCRIPTS)/python -m pytest -n auto -m "not slow" $(LOWEST_TESTS)

deep: $(VENV)/installed  ## run the suite with twenty times as many examples in property tests; takes hours
	$(BIN)/python -m pytest -n auto --hypothesis-profile=nightly

lint: $(VENV)/installed  ## check style, formatting, types and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/installed  ## write the generated pages, and build the site into build/site
	$(BIN)/python docs/generate.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

.PHONY: tools
tools: $(TOOLS)/installed

together: $(TOGETHER)/installed  ## check what docs/together.md shows, with the other tools
	$(TOGETHER)/$(SCRIPTS)/python -m pytest tests/docs/test_documents_are_true.py -k together.md

package: $(TOOLS)/installed  ## build the distributions into dist/, check them, and try the wheel in a fresh environment
	rm -rf dist
	$(TOOLS)/$(SCRIPTS)/python -m build
	$(TOOLS)/$(SCRIPTS)/twine check --strict dist/*
	$(TOOLS)/$(SCRIPTS)/python .ci/check_package.py dist

workflows: $(TOOLS)/installed  ## check the workflows, the action and the other files for GitHub and pre-commit
	$(TOOLS)/$(SCRIPTS)/actionlint
	$(TOOLS)/$(SCRIPTS)/zizmor --quiet --no-progress --offline --strict-collection .
	$(TOOLS)/$(SCRIPTS)/check-jsonschema --builtin-schema vendor.github-actions action.yml
	$(TOOLS)/$(SCRIPTS)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	$(TOOLS)/$(SCRIPTS)/check-jsonschema --builtin-schema vendor.github-issue-forms \
		$(filter-out %/config.yml,$(wildcard .github/ISSUE_TEMPLATE/*.yml))
	$(TOOLS)/$(SCRIPTS)/check-jsonschema --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
	$(TOOLS)/$(SCRIPTS)/pre-commit validate-config
	$(TOOLS)/$(SCRIPTS)/pre-commit validate-manifest

changelog: $(TOOLS)/installed  ## show the changelog of the next release, made from changelog.d/
	$(TOOLS)/$(SCRIPTS)/towncrier build --draft --version NEXT

hooks: $(VENV)/installed $(TOOLS)/installed  ## check every commit of this clone with pre-commit
	$(TOOLS)/$(SCRIPTS)/pre-commit install

report-card: $(VENV)/installed  ## measure real libraries, into docs/report-card.md
	$(BIN)/python examples/report_card/report.py > docs/report-card.md

bench: $(BENCH)/installed  ## measure contractfuzz and its peers, into docs/performance.md
	$(BENCH)/$(SCRIPTS)/python -m benchmarks $(BENCHFLAGS)

clean:  ## remove virtual environments, caches and build results
	rm -rf $(VENV) $(DEMO) $(LOWEST) $(TOOLS) $(TOGETHER) benchmarks/.environments dist build
	find . \( -name .pytest_cache -o -name .mypy_cache -o -name .ruff_cache -o -name .hypothesis \
		-o -name .import_linter_cache -o -name __pycache__ -o -name '*.egg-info' \) -prune -exec rm -rf {} +
