# `make run` and `make test` do everything from a bare clone. Python 3.11 or newer, Node 20 or newer, make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
DEMO_TODAY ?= 2024-10-25

.PHONY: install install-dev run test check bench lock screenshots messages clean

install: $(VENV)/.installed ikrar/staticfiles/.built

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

$(VENV)/.installed-bench: requirements-bench.lock $(VENV)/.installed-dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	touch $@

node_modules/.installed: package.json package-lock.json
	npm ci --silent --no-audit --no-fund
	touch $@

ikrar/staticfiles/.built: node_modules/.installed $(VENV)/.installed tools/build-assets.mjs tools/build_messages.py $(shell find ikrar/web/static ikrar/web/locale -not -path '*/vendor/*' -type f -not -name '*.mo' 2>/dev/null)
	npm run --silent build
	$(BIN)/python tools/build_messages.py
	$(BIN)/ikrar collectstatic --noinput --clear --verbosity 0
	touch $@

install-dev: install $(VENV)/.installed-dev

run: install
	$(BIN)/ikrar load-scenario all --today $(DEMO_TODAY) --if-empty
	$(BIN)/ikrar serve --port $(PORT)

test: install-dev
	bash tools/test.sh

check: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint ikrar/web/templates --lint --quiet

bench: install-dev $(VENV)/.installed-bench
	bash bench/run.sh

screenshots: install-dev
	$(BIN)/python tools/screenshots.py

# Locks without addresses, so that any mirror serves.
lock:
	$(BIN)/uv pip compile -q --generate-hashes --no-header --no-annotate --no-emit-index-url --universal --python-version 3.11 requirements.in -o requirements.lock
	$(BIN)/uv pip compile -q --generate-hashes --no-header --no-annotate --no-emit-index-url --universal --python-version 3.11 -c requirements.lock requirements-dev.in -o requirements-dev.lock
	$(BIN)/uv pip compile -q --generate-hashes --no-header --no-annotate --no-emit-index-url --universal --python-version 3.11 -c requirements-dev.lock requirements-bench.in -o requirements-bench.lock

clean:
	rm -rf $(VENV) node_modules ikrar/staticfiles ikrar/web/static/vendor ikrar/records/regions
