# SPDX-License-Identifier: Apache-2.0
# Needs git, make and python3; everything else is fetched, pinned by uv.lock.
.DEFAULT_GOAL := help
.PHONY: help run test call-test lint evals peers train-understanding train-wishes clean

# Two at once, beside the others, which start whole services or share a database: one by one.
TOGETHER = tests/unit tests/guards tests/conversations tests/situations tests/talks tests/calls
with_uv = set -e; uv="$$(python3 scripts/get_uv.py)"
with_torch = test -d .train || .venv/bin/python -m venv .train; \
	.train/bin/pip install -q -r training/requirements.txt lingua-language-detector

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 12

run: ## install what is missing and start the service (HOST=... PORT=... to listen elsewhere)
	@$(with_uv); "$$uv" sync --frozen --no-dev --inexact; \
	exec "$$uv" run --no-sync fingerpost up $(if $(HOST),--host "$(HOST)") $(if $(PORT),--port "$(PORT)")

test: ## run every check that a change must pass (ARGS="..." goes to pytest)
	@$(with_uv); "$$uv" sync --frozen; sh scripts/get_browser.sh; \
	"$$uv" run --no-sync fingerpost train; \
	if [ -n "$(ARGS)" ]; then exec "$$uv" run --no-sync python -m pytest $(ARGS); fi; \
	PYTHONHASHSEED=0 "$$uv" run --no-sync python -m pytest -n 2 --dist loadfile $(TOGETHER) & together=$$!; \
	alone=0; "$$uv" run --no-sync python -m pytest tests $(TOGETHER:%=--ignore=%) || alone=$$?; \
	wait $$together; exit $$alone

call-test: ## make real telephone calls on this machine and write down who heard what (ARGS="danger keys")
	@$(with_uv); "$$uv" sync --frozen --no-dev --inexact; "$$uv" run --no-sync fingerpost train; \
	test -d .calltest || "$$uv" venv -q --no-config --python 3.11 .calltest; \
	"$$uv" pip install -q --no-config --python .calltest/bin/python -r tests/telephone/requirements.txt; \
	exec .calltest/bin/python -m tests.telephone $(ARGS)

lint: ## check style and imports
	@$(with_uv); "$$uv" sync --frozen; "$$uv" run --no-sync ruff check .

evals: ## measure what the screen hears, with 95 % intervals, beside what it is compared with
	@$(with_uv); "$$uv" sync --frozen; "$$uv" run --no-sync python -m training.evals $(ARGS)

peers: ## train and measure again what `make evals` compares the screen with (half an hour)
	@$(with_uv); "$$uv" sync --frozen; $(with_torch); \
	nice -n 19 .venv/bin/python -m training.peers $(ARGS)

train-understanding: ## train the understanding again, in an environment of its own (half an hour)
	@$(with_uv); "$$uv" sync --frozen; $(with_torch); \
	nice -n 10 .train/bin/python -m training.understanding; .venv/bin/python -m training.evals --card

train-wishes: ## learn again who wants a person, or takes a yes back, and measure it (two minutes)
	@$(with_uv); "$$uv" sync --frozen; "$$uv" run --no-sync python -m training.wishes

clean: ## remove what was installed and built here; var/ and its data stay
	rm -rf .venv .train .calltest .tools .pytest_cache .ruff_cache .mypy_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
