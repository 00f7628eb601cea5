# Each target does its own set-up: a virtual environment, and the locked dependencies with their hashes.
# They are installed anew only when the lock has changed.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8420
# Three on two cores: browsers, sockets and servers are waited for much of the time.
WORKERS ?= 3

VENV := .venv
AUDIT := .venv-audit
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --no-deps --no-compile
RUN_STAMP := $(VENV)/.requirements.lock.sum
DEV_STAMP := $(VENV)/.requirements-dev.lock.sum

# What Python has compiled is kept from one process to the next, apart from the sources: without it each start takes
# seconds longer, and the tests start many.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/$(VENV)/compiled

.DEFAULT_GOAL := help
.PHONY: help demo test storm bench check rules prove prove-access format lock ready-to-run ready-to-build licences audit sbom ready-to-audit pictures

help: ## Say what can be done here
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

demo: ready-to-run ## Open the demo town in a browser (FRESH=1 begins anew, PORT=8420, DATABASE=postgresql://…)
	@exec $(BIN)/python -m bot demo --port $(PORT) $(if $(filter-out 0,$(FRESH)),--fresh) $(if $(DATABASE),--database "$(DATABASE)")

test: ready-to-build ## Run all tests, on SQLite, PostgreSQL and in Chromium where there is one
	@exec $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

storm: ready-to-build ## The long ones, with a bar and a report: deaths, freezes, years, crowds (STORM=100, PARTS='"weeks"')
	@INDGANG_STORM=$(or $(STORM),100) exec $(BIN)/python -m tests.storm.report $(PARTS)

bench: ready-to-build ## P1 to P9 beside a bare Bolt app (ARGS="--only P5", BENCH=full up to a million cases: hours)
	@exec $(BIN)/python -m tests.benchmarks $(ARGS)

check: ready-to-build ## Format, lint, types, import contracts
	@$(BIN)/ruff format --check --output-format concise . || { echo "Run 'make format'."; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports > $(VENV)/contracts.txt 2>&1 || { cat $(VENV)/contracts.txt; exit 1; }
	@echo "Format, lint, types and contracts are as they should be."

rules: ready-to-build ## Write docs/requirements.md from the demands and the tests that prove them
	@$(BIN)/python -m tests.rules.write

prove: ready-to-build ## Find for each demand a line whose removal turns a test red (ARGS="R061 T18"; takes long)
	@$(BIN)/python -m tests.rules.prove $(ARGS)

licences: ready-to-build ## Write docs/licences.md from the lock
	@$(BIN)/python -m tests.supply.parts

audit: ready-to-audit ## Ask what is known against the locked packages (needs the internet; fails when one is not known)
	@$(AUDIT)/bin/python -m tests.supply.audit

sbom: ready-to-audit ## Write dist/sbom.json: everything the program is made of (CycloneDX)
	@mkdir -p dist && $(AUDIT)/bin/cyclonedx-py requirements --output-file dist/sbom.json requirements.lock && echo "✓ dist/sbom.json"

pictures: ready-to-build ## Take the pictures of README and the guides anew, in Chromium (with an emoji font installed)
	@INDGANG_PICTURES=$(CURDIR)/docs/pictures exec $(BIN)/python -m pytest -n 0 tests/browser/test_first_steps.py tests/browser/test_the_week.py $(ARGS)

prove-access: ready-to-build ## Take each check of access out alone, and see its story miss it (minutes; ARGS="minutes" only some)
	@$(BIN)/python -m tests.access.prove $(ARGS)

format: ready-to-build ## Write every file in the house's form
	@$(BIN)/ruff format .

lock: $(BIN)/python ## Make both locks anew from pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	@printf 'pip-audit>=2.10\ncyclonedx-bom>=7.5\n' | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header - -o requirements-audit.lock

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name it with PYTHON=..."; exit 1; }
	@echo "✓ virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

ready-to-run: $(BIN)/python
	@$(call install,requirements.lock,$(RUN_STAMP))

ready-to-build: $(BIN)/python
	@$(call install,requirements-dev.lock,$(DEV_STAMP))
	@cksum < requirements.lock > $(RUN_STAMP) # the development lock holds everything the other does

ready-to-audit:
	@[ -x $(AUDIT)/bin/pip-audit ] || { $(PYTHON) -m venv $(AUDIT) && $(AUDIT)/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --no-deps -r requirements-audit.lock; }

define install
sum=$$(cksum < $(1)); \
if [ "$$(cat $(2) 2>/dev/null)" != "$$sum" ]; then \
  began=$$(date +%s); \
  $(INSTALL) -r $(1) && echo "$$sum" > $(2) && echo "✓ dependencies    $$(( $$(date +%s) - began )) s"; \
fi
endef
