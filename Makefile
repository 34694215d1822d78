# Names of commands only: the work is in the `manual` command and in tests/tools.py.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SITE := site
SITE_PUBLIC := site-public

.PHONY: manual public serve preview check test soak fuzz test-office docs reference lighthouse bench lock clean help
.DEFAULT_GOAL := help

help: ## Say what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /: /'

manual: $(VENV)/run.stamp ## Build, check, index and publish the manual to site/
	@$(BIN)/manual publish --site $(SITE)

public: $(VENV)/run.stamp ## Publish what is marked public to site-public/
	@$(BIN)/manual publish --edition public --site $(SITE_PUBLIC)

serve: $(VENV)/run.stamp ## Show the published site on 127.0.0.1
	@$(BIN)/manual serve --site $(SITE)

preview: $(VENV)/run.stamp ## Show the manual while you write; it follows each save
	@$(BIN)/manual preview

check: $(VENV)/run.stamp ## Print everything there is to mend
	@$(BIN)/manual check

test: $(VENV)/test.stamp ## Install what the tests need, then run every check and test
	@$(BIN)/python -m tests.tools
	@$(BIN)/python -m tests.run

soak: $(VENV)/test.stamp ## Every case of every test, then random edits for an hour, or MANUAL_SOAK_MINUTES
	@$(BIN)/python -m tests.tools
	@MANUAL_TEST_SAMPLED=0 $(BIN)/python -m tests.run
	@MANUAL_SOAK_MINUTES=$${MANUAL_SOAK_MINUTES:-60} $(BIN)/python -m pytest -s tests/freshness/test_machine.py tests/sphinx_ext/test_any_text.py -k long

fuzz: $(VENV)/test.stamp ## Try texts against the check of pages for an hour, or MANUAL_FUZZ_MINUTES
	@MANUAL_FUZZ_MINUTES=$${MANUAL_FUZZ_MINUTES:-60} $(BIN)/python -m pytest -s tests/fuzz -k long

test-office: $(VENV)/test.stamp ## Test workbooks with LibreOffice itself (installs it if missing)
	@$(BIN)/python -m tests.office.calc
	@MANUAL_TEST_OFFICE=1 $(BIN)/python -m pytest tests/office

docs: $(VENV)/run.stamp reference ## Build the kit's own documentation to build/docs/
	@$(BIN)/python -m sphinx -W --keep-going -q -c docs docs build/docs
	@echo "The kit's documentation: open build/docs/index.html"

reference: $(VENV)/run.stamp ## Write docs/reference/ again from the code
	@$(BIN)/python -m living_manual.cli.reference docs/reference

lighthouse: $(VENV)/test.stamp $(VENV)/run.stamp ## Measure four pages of the published site (mobile)
	@$(BIN)/python -m tests.tools --lighthouse
	@$(BIN)/manual publish --site build/lighthouse
	@$(BIN)/python -m tests.lighthouse.run --runs 3 --site build/lighthouse/current --page index.html \
	  --page protocols/plc/looking-at-student-work.html --page schools/birch/index.html \
	  --page progress/coverage.html

bench: $(VENV)/run.stamp ## Measure the kit beside the plain stack, into bench/RESULTS.md (an hour)
	@$(BIN)/python -m bench.run --schools 50 200 800 --rounds 3 --profile --out bench/RESULTS.md

lock: ## Write the lock files again (needs uv)
	@uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --quiet pyproject.toml -o requirements/run.txt
	@uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --quiet --extra test pyproject.toml -o requirements/test.txt
	@uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --quiet requirements/bootstrap.in -o requirements/bootstrap.txt
	@uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --quiet requirements/strictdoc.in -o requirements/strictdoc.txt

clean: ## Remove what was built; releases in site/ stay
	@rm -rf build $(VENV)

# The environment: uv from its lock, then everything else through it, then this kit itself. The
# system's certificates count, because many districts look into encrypted traffic with their own.
$(VENV)/bin/uv: requirements/bootstrap.txt
	@echo "Making the environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv is missing: on Debian, apt install python3-venv"; exit 2; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@touch $@

$(VENV)/run.stamp: $(VENV)/bin/uv requirements/run.txt pyproject.toml
	@echo "Installing what the manual needs"
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --system-certs --quiet --require-hashes -r requirements/run.txt
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --system-certs --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp requirements/test.txt
	@echo "Installing what the tests need"
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --system-certs --quiet --require-hashes -r requirements/test.txt
	@touch $@
