# Two commands for people (demo, test), the rest for whoever changes planbot.
PYTHON ?= python3
VENV := .venv
READY := $(VENV)/.ready

.PHONY: demo test docs lock bench clean

$(READY): requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

demo: $(READY)
	$(VENV)/bin/planbot demo

test: $(READY)
	tests/check.sh

docs: $(READY)
	$(VENV)/bin/python docs/commands.py

lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --extra semantic --group dev --no-emit-package planbot pyproject.toml -o requirements.txt

bench: $(READY)
	$(VENV)/bin/python -m tests.bench

clean:
	rm -rf $(VENV) var build dist *.egg-info
