# Two commands: `make run` shows the forum with its demo story, `make test` proves it.
# The rest is for people who work on it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
WORKERS ?= auto

.PHONY: run test check format lint types lock clean

$(READY): pyproject.toml requirements/dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $(READY)

run: $(READY)  ## The demo in the browser: environment, data folder, schema, story, web and worker.
	FORUM_DEMO=yes $(BIN)/forum init
	FORUM_DEMO=yes $(BIN)/forum demo
	FORUM_DEMO=yes $(BIN)/forum serve

test: $(READY)  ## Everything that can fail, on this machine.
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup

check: format lint types test

format: $(READY)
	$(BIN)/ruff format .

lint: $(READY)
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

lock: ## Pin every package with its hashes, on the oldest Python we support.
	$(BIN)/pip-compile --quiet --strip-extras --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --allow-unsafe --output-file requirements/run.txt pyproject.toml
	$(BIN)/pip-compile --quiet --strip-extras --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --allow-unsafe --extra scale --extra dev --output-file requirements/dev.txt pyproject.toml

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
