# Everything a person or a machine does with the project. `make` alone lists it.
PYTHON := .venv/bin/python
LOCAL := $(PYTHON) -m config.local
# No settings of the caller's shell may turn a check into a check of something else.
TEST_ENV := BAU_ENV=test DJANGO_SETTINGS_MODULE=tests.settings

COMPILE := $(PYTHON) -m uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-annotate --no-header

.DEFAULT_GOAL := help
.PHONY: help set-up demo test faults check run worker fast fix bench bench-run bench-money bench-api screenshots lock \
	check-format check-lint check-types check-imports check-migrations check-deploy check-containers check-house

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

set-up: ## install what is missing (every target does it)
	@config/setup.sh

demo: set-up ## the demonstration, then the portal on 127.0.0.1:8000 (SERVE=0: files only)
	@$(LOCAL) exec --with-worker -- $(PYTHON) manage.py demo $(if $(filter 0,$(SERVE)),--no-serve)

test: ## the whole test suite on two cores (ARGS="-k word" for a part)
	@config/setup.sh tests
	@$(PYTHON) -m tests.halves $(ARGS)

faults: ## processes killed 40 times over 20 months, services lost, full disks (minutes)
	@config/setup.sh tests
	@BAU_FAULT_ROUNDS=20 BAU_FAULT_KILLS=2 $(PYTHON) -m tests.halves tests/faults $(ARGS)

fast: set-up ## the tests that need no database, in seconds
	@$(TEST_ENV) $(PYTHON) -m pytest tests/rules tests/cases tests/house -m fast $(ARGS)

check: set-up ## format, lint, types, import contracts, migrations, deployment, house rules
	@# Side by side: the types take as long as all others together.
	@$(MAKE) --no-print-directory --jobs 2 check-types check-format check-lint check-imports check-migrations check-deploy check-containers check-house

check-format:
	$(PYTHON) -m ruff format --check --quiet .
check-lint:
	$(PYTHON) -m ruff check --quiet .
check-types:
	$(TEST_ENV) $(PYTHON) -m mypy
check-imports:
	$(TEST_ENV) .venv/bin/lint-imports
check-migrations:
	@# Without a database Django warns that it cannot compare the applied ones; only the files count.
	$(TEST_ENV) $(PYTHON) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
check-deploy:
	$(PYTHON) -m config.deploy_check
check-containers:
	.venv/bin/hadolint --failure-threshold info Dockerfile
	@# Its hints are many and known; only a failure shows them.
	@.venv/bin/compose-lint docker-compose.yml >/dev/null || .venv/bin/compose-lint docker-compose.yml
check-house:
	$(TEST_ENV) $(PYTHON) -m pytest --quiet tests/house

run: set-up ## database, worker and web server on 127.0.0.1:8000 until Ctrl-C
	@$(LOCAL) up

worker: set-up ## a Celery worker beside a running `make run` or your own services
	@$(LOCAL) worker

fix: set-up ## format and repair what can be repaired by itself
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

bench: bench-run bench-money ## how fast the money is: both below

bench-run: set-up ## the monthly run against bare SQL (ARGS="--members 100000")
	@$(LOCAL) exec --throwaway -- $(PYTHON) manage.py bench_billing $(ARGS)

bench-money: set-up ## bank files and letters against what libraries do, all of benchmarks/money_*.py
	@for file in $(filter-out %_side.py,$(shell grep -l "^def main() -> None:" benchmarks/money_*.py)); do \
		$(LOCAL) exec --throwaway -- $(PYTHON) -m benchmarks.$$(basename $$file .py) $(MONEY_ARGS) || exit 1; done

bench-api: set-up ## the API against what frameworks give at once, all of benchmarks/api_*.py
	@for file in $(filter-out %_side.py,$(shell grep -l "^def main() -> None:" benchmarks/api_*.py)); do \
		$(LOCAL) exec --throwaway -- $(PYTHON) -m benchmarks.$$(basename $$file .py) $(ARGS) || exit 1; done

screenshots: ## pictures of every page into docs/pictures
	@config/setup.sh tests
	@$(LOCAL) exec --throwaway -- $(PYTHON) -m tests.web.screenshots $(ARGS)

clients: ## a Python and a Java client of the API, generated and compiled, into build/clients
	@config/setup.sh tests
	@$(TEST_ENV) $(PYTHON) -m tests.contract.clients

schema: set-up ## the description of the API into docs/openapi.json (ARGS=--break if it breaks programs of others)
	@$(TEST_ENV) $(PYTHON) -m tests.contract.committed $(ARGS)

lock: set-up ## resolve pyproject.toml anew into the two locks (ARGS=--upgrade for newer versions)
	$(COMPILE) --all-extras $(ARGS) --output-file requirements.lock
	@# The same versions without the tools: what the image installs.
	$(COMPILE) --constraint requirements.lock --output-file requirements-production.lock
