#!/usr/bin/env bash
# What must hold before a commit, in order; pytest's closing line comes last.
set -euo pipefail
cd "$(dirname "$0")/.."

.venv/bin/ruff format --check .
.venv/bin/ruff check .
.venv/bin/mypy
.venv/bin/python -m pytest -n 2 "$@"
