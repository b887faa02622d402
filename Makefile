# Two commands for newcomers: `make run` and `make test`. Each sets up what it needs the first time.
PYTHON ?= python3
BIN := .venv/bin
LOCK_FLAGS := --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url

.PHONY: run test test-suites check lock clean

.venv/ready: pyproject.toml requirements.lock
	@echo "first run: setting up .venv, about half a minute" >&2
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "reglament needs Python 3.11 or newer; say which one: make run PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: .venv/ready
	@$(BIN)/reglament run --out out

test: .venv/ready
	@$(BIN)/pytest -n auto

# Every shipped scenario as a test item.
test-suites: .venv/ready
	@$(BIN)/pytest -q -n auto scenarios

check: .venv/ready
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/pytest -q tests/test_layers.py
	@$(BIN)/python tests/sizes.py

lock:
	@$(PYTHON) -m venv --clear .venv-lock
	@.venv-lock/bin/pip install --quiet --disable-pip-version-check uv
	@.venv-lock/bin/uv pip compile --quiet $(LOCK_FLAGS) --extra dev --output-file requirements.lock pyproject.toml build-requirements.in
	@rm -rf .venv-lock

clean:
	rm -rf .venv out .mypy_cache .ruff_cache .pytest_cache .hypothesis
