# Two commands for newcomers: `make run` and `make test`. Each sets up what it needs the first time.
PYTHON ?= python3
BIN := .venv/bin
# Hundreds of processes read the same modules: each is compiled once, whatever the machine's images ask for.
export PYTHONDONTWRITEBYTECODE :=
# Of what is installed only what is imported is compiled, when it first is.
PIP_FLAGS := --quiet --disable-pip-version-check --no-compile
LOCK_FLAGS := --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url

.PHONY: run test test-runs test-docs test-suites test-oracles test-pm4py test-robust test-large test-load test-browser picture check lock clean

.venv/ready: pyproject.toml requirements.lock
	@echo "first run: setting up .venv, about half a minute" >&2
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "reglament needs Python 3.11 or newer; say which one: make run PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/pip install $(PIP_FLAGS) --require-hashes --requirement requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: .venv/ready
	@$(BIN)/reglament run --out out

# Modules with a costly fixture are groups: one worker makes it, once.
test: .venv/ready
	@$(BIN)/pytest -n auto --dist loadgroup

# Whole runs and checks: what they leave on disk, the command line, interruptions, the pytest plugin.
test-runs: .venv/ready
	@$(BIN)/pytest -q -n auto --dist loadgroup tests/runs

# Every console block of the documents; the README's is compared with out/, if `make run` has made it.
test-docs: .venv/ready
	@$(BIN)/pytest -q -n auto tests/docs

# Agreement with tools and vectors that others made. REGLAMENT_VECTORS may name a folder with more of them.
test-oracles: .venv/oracles
	@$(BIN)/pytest -n auto tests/oracles \
	  --require-oracle openssl --require-oracle pkits --require-oracle idnumbers

.venv/oracles: .venv/ready requirements-oracles.lock
	@echo "first oracle run: fetching the collections of vectors, about a minute" >&2
	@$(BIN)/pip install $(PIP_FLAGS) --require-hashes --requirement requirements-oracles.lock
	@rm -rf .venv/lib/python3*/site-packages/tests  # ciw's own tests, which would hide ours from other processes
	@touch $@

# Agreement with PM4Py, which is under the AGPL: it has an environment of its own, and only a process of its
# own ever imports it.
test-pm4py: .venv/ready .venv-pm4py/ready
	@$(BIN)/pytest -q -n auto --dist loadfile tests/oracles/test_pm4py.py tests/oracles/test_pm4py_files.py --require-oracle pm4py

.venv-pm4py/ready: requirements-pm4py.lock
	@echo "first run of the process oracle: fetching PM4Py, about a minute and 550 MB" >&2
	@$(PYTHON) -m venv --clear .venv-pm4py
	@.venv-pm4py/bin/pip install $(PIP_FLAGS) --require-hashes --requirement requirements-pm4py.lock
	@touch $@

# Two thousand malformed files, always the same; about two minutes.
test-robust: .venv/ready
	@$(BIN)/pytest -q tests/robust

# Every norm broken in three ways; injected violations in a log of 100,000 rows, found by the scalable judge.
test-large: .venv/ready
	@$(BIN)/pytest -q -n auto --dist loadgroup tests/large

# The engines of load studies: five hundred drawn networks in all three, and queueing theory.
test-load: .venv/ready
	@$(BIN)/pytest -q -n auto --dist loadgroup tests/load

# Every page in Debian's chromium, or the one that REGLAMENT_CHROMIUM names. Without one the tests are skipped and say
# so; in CI they fail. A report that cannot be read in a browser is no report.
test-browser: .venv/browser
	@$(BIN)/pytest -q -rs -n auto --dist loadgroup tests/browser

# The picture of the README, from a real run.
picture: .venv/browser run
	@$(BIN)/python -m tests.browser.picture out/report.html docs/report.png

.venv/browser: .venv/ready requirements-browser.lock
	@echo "first browser run: fetching the driver of the browser, about 54 MB" >&2
	@$(BIN)/pip install $(PIP_FLAGS) --require-hashes --requirement requirements-browser.lock
	@touch $@

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
	@for extra in oracles browser; do \
	  $(PYTHON) -c 'import sys, tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"][sys.argv[1]], sep="\n")' $$extra \
	  | .venv-lock/bin/uv pip compile --quiet $(LOCK_FLAGS) --constraint requirements.lock --output-file requirements-$$extra.lock - || exit; \
	done
	@.venv-lock/bin/uv pip compile --quiet $(LOCK_FLAGS) --output-file requirements-pm4py.lock requirements-pm4py.in
	@rm -rf .venv-lock

clean:
	rm -rf .venv .venv-pm4py out .mypy_cache .ruff_cache .pytest_cache .hypothesis
