# Every command a person needs. Each brings what it needs and can be the first thing typed in a fresh clone.

.DEFAULT_GOAL := help
.PHONY: help demo test test-all check bench guard-train guard-report guard-publish fmt clean

BIN := .venv/bin

# Anything else that pytest should be told: make test ARGS="tests/house -x"
ARGS ?=

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1|/' | column -t -s '|'

demo: ## install, start the sample practice, print its addresses (HEADLESS=1: open no browser; PORT=8080)
	@scripts/system-packages espeak-ng npm
	@scripts/bootstrap --no-dev
	@$(BIN)/lamplighter demo $(if $(filter-out 0,$(HEADLESS)),--headless) $(if $(PORT),--port $(PORT))

test: ## everything but the slow tests; ends with the summary
	@scripts/test $(ARGS)

test-all: ## every test, the slow ones too
	@scripts/test --all $(ARGS)

check: ## format, lint, types, layers, dead code
	@scripts/bootstrap
	@scripts/check

bench: ## the budgets with what was measured beside them
	@scripts/bootstrap
	@$(BIN)/python -m bench $(ARGS)

guard-train: ## train both of the guard's models anew from the written cases (a quarter of an hour; then guard-report)
	@scripts/bootstrap
	@scripts/guard-train

guard-report: ## what the guard hears and misses on scenarios held out, written to docs/guard.md
	@scripts/bootstrap
	@$(BIN)/python -m lamplighter.conversation.guard.report docs/guard.md

guard-publish: ## keep the report's figures as published; refuses to lower one that docs/guard-lowered.md doesn't name
	@scripts/bootstrap
	@$(BIN)/python -m lamplighter.conversation.guard.published docs

fmt: ## put the code into the house format
	@scripts/bootstrap
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean: ## forget what was built (data folders stay)
	rm -rf .venv .uv tests/fhir/node_modules tests/identity/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
