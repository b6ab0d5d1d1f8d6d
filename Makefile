# Two commands: `make run` and `make test`. Each sets up what it needs.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python

.PHONY: run test stories lint bench clean

run: $(VENV)/.run
	@$(PY) -m app up

test: $(VENV)/.test
	@$(PY) -m tests

stories: $(VENV)/.test
	@EXAMPLES=500 STORIES=10000 $(PY) -m pytest tests/core tests/app/test_random_stories.py tests/services/test_exchange_laws.py -n 2
	@$(PY) -m pytest tests/contract -m long -n 4 --dist loadfile
	@$(PY) -m tests.contract.random_stories 100
	@$(PY) -m tests.contract.queue_day

lint: $(VENV)/.test
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy

bench: $(VENV)/.test
	@$(PY) -m tests.bench

clean:
	rm -rf $(VENV)

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Centralka needs Python 3.11 or newer; name one with: make PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "No venv module. On Debian: apt-get install python3-venv"; exit 1; }

$(VENV)/.run: requirements.txt | $(PY)
	@echo "Installing what Centralka needs into $(VENV) …"
	@$(PY) -m pip install -qq --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.test: tests/requirements.txt requirements.txt | $(PY)
	@echo "Installing what the tests need into $(VENV) …"
	@$(PY) -m pip install -qq --disable-pip-version-check -r tests/requirements.txt
	@touch $@ $(VENV)/.run
