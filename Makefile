# One entry point per habit. What a target needs is installed by tools/setup.sh, which is quick
# when there is nothing to do.

VENV := .venv/bin
ARGS ?=

.PHONY: setup demo run test lint bench chaos fuzz docs site lock bundle clean

setup:  ## system packages, .venv, and everything that tests and tools need
	@tools/setup.sh test

demo:  ## play the demo lesson through the whole chain
	@tools/setup.sh run
	@$(VENV)/denkpauze demo $(ARGS)

run:  ## a lesson with the microphone
	@tools/setup.sh run
	@$(VENV)/denkpauze run $(ARGS)

test:  ## all tests; make test ARGS="-m unit" for one category
	@tools/setup.sh test
	@tools/run_tests.sh $(ARGS)

lint:
	@tools/setup.sh test
	$(VENV)/ruff check
	$(VENV)/ruff format --check
	$(VENV)/mypy
	$(BANDIT) lesson device dashboard
	$(BANDIT) tools --skip B105,B106,B311,B406,B607,B608

bench:  ## accuracy, speed and memory beside those of last time; results go to out/
	@tools/setup.sh test
	@$(VENV)/python -m tools.bench $(ARGS)

chaos:  ## kill, cut, fill and starve the chain; no event may be lost, doubled or invented
	@tools/setup.sh test
	@$(VENV)/python -m tools.chaos $(ARGS)

fuzz:  ## mutated messages, settings, class lists and journals; ARGS="message --runs 1000"
	@tools/setup.sh test
	@$(VENV)/python -m tools.fuzz $(ARGS)

docs:  ## remake the pages that are made from the code
	@tools/setup.sh test
	@$(VENV)/python -m tools.example_config
	@$(VENV)/python -m tools.reference
	@$(VENV)/python -m tools.asyncapi
	@$(VENV)/python -m tools.openapi
	@$(VENV)/python -m tools.wiring
	@$(VENV)/pybabel --quiet compile -d dashboard/translations
	@$(VENV)/python -m tools.site_pages

site: docs  ## the documentation site, into out/site; needs no network
	@NO_MKDOCS_2_WARNING=1 $(VENV)/mkdocs build --quiet
	@echo "out/site/index.html"

bundle:  ## one file that installs without internet; ARGS="--machine x86_64" for a PC
	@tools/setup.sh test
	@$(VENV)/python -m tools.bundle $(ARGS)

pi-test:  ## install from a bundle in fresh systems without network; ARGS="--machine x86_64" boots them
	@tools/setup.sh test
	@$(VENV)/python -m tools.pi_test $(ARGS)

BANDIT := $(VENV)/bandit --quiet --configfile pyproject.toml --recursive

LOCK := $(VENV)/uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 \
	--generate-hashes --upgrade --no-header --no-annotate --no-emit-index-url --no-emit-find-links

lock:  ## remake the locks: exact versions and hashes for every supported Python, no addresses
	@tools/setup.sh test
	@$(LOCK) --all-extras --output-file requirements-test.lock pyproject.toml
	@$(LOCK) --extra pi --extra broker --extra dashboard --constraint requirements-test.lock \
		--output-file requirements.lock pyproject.toml

clean:
	rm -rf .venv build dist out *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
