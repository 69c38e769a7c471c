# Needs only Python 3.11 or newer and make. `make help` lists what there is.

PYTHON ?= python3
PORT ?= 8000
PYTEST_ARGS ?= -n 2
BIN := .venv/bin
COMPOSE := docker compose

.DEFAULT_GOAL := help
.PHONY: help run test lint format lock psql bench migrate up down logs python

help: ## lists the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

run: python ## everything for a look: database, demo data, web server (PORT=8000)
	@$(PYTHON) scripts/prepare.py run --port '$(PORT)'
	@PORT='$(PORT)' exec $(BIN)/python scripts/run.py

test: python ## all tests (PYTEST_ARGS="-n 2")
	@$(PYTHON) scripts/prepare.py dev
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: python ## style and types
	@$(PYTHON) scripts/prepare.py dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/shellcheck .ci/run
	@$(BIN)/yamllint --strict docker-compose.yml

format: python ## puts the code into shape
	@$(PYTHON) scripts/prepare.py dev
	@$(BIN)/ruff check --fix --exit-zero .
	@$(BIN)/ruff format .

lock: python ## renews requirements.lock and requirements-dev.lock from setup.cfg
	@$(PYTHON) scripts/lock.py

psql: python ## a prompt on the development database (ROLE=owner)
	@$(PYTHON) scripts/prepare.py run
	@$(BIN)/python scripts/psql.py $(ARGS)

bench: python ## what a request costs, beside a floor measured in the same run
	@$(PYTHON) scripts/prepare.py run
	@$(BIN)/python scripts/bench/requests_cost.py $(ARGS)

up: ## starts the deployment of docker-compose.yml
	@$(COMPOSE) up --build --detach --wait

down: ## stops the deployment; the data stay
	@$(COMPOSE) down

logs: ## follows the deployment's logs
	@$(COMPOSE) logs --follow --tail 100

migrate: ## brings the deployment's database up to date
	@$(COMPOSE) run --rm web flask --app wsgi db upgrade

python:
	@command -v '$(PYTHON)' >/dev/null 2>&1 || { \
	  echo "Doorstep needs Python 3.11 or newer, and '$(PYTHON)' was not found: install it, or name yours with PYTHON=..." >&2; \
	  exit 1; }
