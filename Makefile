# Agent Assist. `make run` and `make test` set up everything they need.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What is imported is compiled when it is; compiling all that is installed would take a minute.
PIP_INSTALL := $(BIN)/python -m pip --disable-pip-version-check install --quiet --no-compile
STATIC := agent_assist/web/static/built
# PostgreSQL for the tests; without a server there, they are skipped, and said to be.
TEST_POSTGRES_URL ?= postgresql://postgres@127.0.0.1:5432/test
export TEST_POSTGRES_URL

.DEFAULT_GOAL := help
.PHONY: help run serve setup test test-data check lint format types locales contracts library audit browser originality pictures bench-panel bench-grid bench-suggestions bench-limits bench-ledger bench-insights bench-past attacks \
	campaign-race campaign-kill campaign-power campaign-model campaign-effects mutants strace clean

help:  ## List what can be made
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/ready $(STATIC)/manifest.json  ## Set up everything, with a simulated history to look at, and serve on http://127.0.0.1:8000/
	@$(BIN)/agent-assist setup --demo
	@$(BIN)/agent-assist serve

serve: setup  ## The same without anything simulated: for real work
	@$(BIN)/agent-assist serve

setup: $(VENV)/ready $(STATIC)/manifest.json  ## Set up everything that serving needs
	@$(BIN)/agent-assist setup

test: $(VENV)/ready-dev $(STATIC)/manifest.json browser strace test-data  ## Set up what tests need, and run them
	@$(BIN)/python -m pytest -n 4 --dist worksteal  # on two cores: two of four wait for a server, a browser or a clock

test-data: $(VENV)/ready
	@rm -f .test-data/agent-assist.db*
	@AGENT_ASSIST_DATA=.test-data $(BIN)/agent-assist setup

check: lint types contracts library  ## Style, types, layers, sample libraries

lint: $(VENV)/ready-dev  ## Style
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

locales: frontend/node_modules/ready  ## Bring the panel's catalogues up to its texts, and the API's types up to the API
	@cd frontend && npm run --silent locales
	@$(BIN)/python -m tests.document | node frontend/types.mjs > frontend/api/schema.ts

format: $(VENV)/ready-dev  ## Put the code into the project's style
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

types: $(VENV)/ready-dev frontend/node_modules/ready  ## Types, strictly: of the server, and of the panel
	@$(BIN)/mypy
	@cd frontend && npm run --silent types

contracts: $(VENV)/ready-dev  ## Layers: imports run one way
	@$(BIN)/lint-imports

library: $(VENV)/ready-dev  ## Hold the sample libraries to their quality rules
	@$(BIN)/agent-assist library check policies/bank --strict
	@$(BIN)/agent-assist library check policies/retail --strict
	@$(BIN)/agent-assist library check tests/libraries/airline --strict

pictures: $(VENV)/ready-dev $(STATIC)/manifest.json browser test-data  ## Take pictures of every state of the panel and page of the console, for docs/pictures
	@$(BIN)/python -m tests.browser.pictures
	@$(BIN)/python -m tests.browser.console_pictures

bench-panel: $(VENV)/ready-dev $(STATIC)/manifest.json browser test-data  ## How long a representative waits for the panel
	@$(BIN)/python -m benchmarks.panel

bench-grid: $(VENV)/ready-dev $(STATIC)/manifest.json browser test-data  ## How long a supervisor waits for the console: 5,000 rows, 200 requests
	@$(BIN)/python -m benchmarks.grid

audit: $(VENV)/ready-dev  ## Known vulnerabilities in what we depend on (asks PyPI)
	@$(BIN)/pip-audit --progress-spinner off -r constraints.txt --no-deps --disable-pip

bench-suggestions: setup $(VENV)/ready-dev  ## Send questions through a real server: DATA=questions.jsonl
	@$(BIN)/python benchmarks/suggestions.py --data "$(DATA)"

originality: $(VENV)/ready-dev  ## No example repeats labelled questions: DATA="a.jsonl b.jsonl"
	@$(BIN)/python benchmarks/originality.py policies/bank $(DATA)

bench-insights: $(VENV)/ready-dev  ## How long measures take over a year of a million contacts: CONTACTS=1000000 DATABASE=url
	@$(BIN)/python benchmarks/insights.py --contacts $(or $(CONTACTS),1000000) $(if $(DATABASE),--database $(DATABASE))

bench-past: $(VENV)/ready-dev  ## How long a million contacts of the past take to come in: CONTACTS=1000000 DATABASE=url
	@$(BIN)/python -m benchmarks.past --contacts $(or $(CONTACTS),1000000) $(if $(DATABASE),--database $(DATABASE))

bench-limits: $(VENV)/ready-dev  ## Decisions with trace at 50 to 50,000 rows, beside zen-engine
	@taskset -c 0 $(BIN)/python benchmarks/limits.py

bench-ledger: $(VENV)/ready-dev  ## What a grant costs when there are 30,000 in the month: GRANTS=30000
	@$(BIN)/python -m benchmarks.ledger --grants $(or $(GRANTS),30000)

attacks: $(VENV)/ready-dev  ## Tamper with the audit 10,000 times: every attack must be found
	@AUDIT_ATTACKS=10000 $(BIN)/python -m pytest -q tests/integration/test_checkpoints.py

campaign-race: $(VENV)/ready-dev test-data  ## 64 grants at once for one budget, on both databases: VOLLEYS=500, 5000 before a release
	@$(BIN)/python -m tests.campaigns.race --volleys $(or $(VOLLEYS),500)
	@$(BIN)/python -m tests.campaigns.race --volleys $(or $(VOLLEYS),500) --database postgresql

campaign-kill: $(VENV)/ready-dev test-data  ## Processes killed while clients grant, on both databases: KILLS=100, 500 before a release
	@$(BIN)/python -m tests.campaigns.kill --kills $(or $(KILLS),100)
	@$(BIN)/python -m tests.campaigns.kill --kills $(or $(KILLS),100) --database postgresql

campaign-power: $(VENV)/ready-dev test-data strace  ## Every acknowledged grant is on the disk, on both databases
	@$(BIN)/python -m tests.campaigns.power
	@$(BIN)/python -m tests.campaigns.power --database postgresql

campaign-model: $(VENV)/ready-dev  ## The ledger beside its model, long: EXAMPLES=20000 of 50 steps
	@LEDGER_EXAMPLES=$(or $(EXAMPLES),20000) LEDGER_STEPS=50 $(BIN)/python -m pytest -q tests/properties/test_ledger.py

campaign-effects: $(VENV)/ready-dev  ## What is planted in an organisation is found, and nothing else: SEEDS=50
	@$(BIN)/python -m tests.campaigns.effects --seeds $(or $(SEEDS),50)

mutants: $(VENV)/ready-dev test-data  ## Plant each known defect in a copy; a test must find it. Writes docs/reliability.md
	@$(BIN)/python -m tests.campaigns.mutants --write

strace:  # shows what is on the disk when
	@command -v strace >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "installing strace for the tests of durability …"; \
	    apt-get -qq update && apt-get -qq install -y --no-install-recommends strace >/dev/null; \
	  fi; } || echo "strace could not be installed: the tests of durability will be skipped"

browser:  # Chromium for browser tests: Debian's, for PyPI and npm have none
	@command -v chromium >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "installing Chromium for the browser tests …"; \
	    apt-get -qq update && apt-get -qq install -y --no-install-recommends chromium >/dev/null; \
	  fi; } || echo "Chromium could not be installed: the browser tests will be skipped"

clean:  ## Remove what was built (not var/, which holds your data)
	rm -rf $(VENV) node_modules frontend/node_modules $(STATIC) models/encoder .mypy_cache .ruff_cache .pytest_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Agent Assist needs Python 3.11 or newer; set PYTHON=…"; exit 1; }
	@echo "making the virtual environment $(VENV) …"
	@$(PYTHON) -m venv $(VENV) || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get -qq update && apt-get -qq install -y python3-venv >/dev/null && $(PYTHON) -m venv --clear $(VENV); \
	  else echo "Python's venv module is missing: install the package python3-venv"; exit 1; fi; }

$(VENV)/ready: $(VENV)/bin/python requirements.txt constraints.txt pyproject.toml
	@echo "installing what serving needs (a few minutes the first time) …"
	@$(PIP_INSTALL) --progress-bar on -r requirements.txt -c constraints.txt
	@$(PIP_INSTALL) --no-deps -e .
	@touch $@

$(VENV)/ready-dev: $(VENV)/ready requirements-dev.txt requirements-postgres.txt
	@echo "installing what testing needs …"
	@$(PIP_INSTALL) -r requirements-dev.txt -c constraints.txt
	@touch $@

# Everything that what browsers load is made of.
SOURCES := $(shell find frontend -name node_modules -prune -o -type f -print) agent_assist/web/static/tokens.css

frontend/node_modules/ready: frontend/package-lock.json
	@command -v npm >/dev/null || { echo "Agent Assist needs Node 20 with npm to build its pages"; exit 1; }
	@echo "installing what the pages are built with …"
	@cd frontend && npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

$(STATIC)/manifest.json: frontend/node_modules/ready $(SOURCES)
	@echo "building the pages …"
	@cd frontend && npm run --silent build
	@touch $@
