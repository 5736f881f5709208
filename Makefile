# Two commands for a newcomer: `make run` and `make test`. Everything else is for people who work on PolicyQA.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 7860
# Your own files: `make run POLICIES=path`. Without it, the bundled samples.
POLICIES ?=
# Where a machine has no CPU build of torch at hand, name PyTorch's CPU wheel index here; see README.
TORCH_INDEX ?=
TORCH_ARGS := $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX),)

.PHONY: run install test unit lint clean lock licences sbom audit audit-offline soak fuzz

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check -q $(TORCH_ARGS) -c constraints.txt -e .
	touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check -q $(TORCH_ARGS) -c constraints.txt -e ".[dev]"
	touch $@ $(VENV)/.installed

install: $(VENV)/.installed

run: $(VENV)/.installed
ifeq ($(POLICIES),)
	$(BIN)/policyqa serve --port $(PORT) --store .policyqa/samples --ingest samples
else
	$(BIN)/policyqa serve --port $(PORT) --store .policyqa/own --ingest "$(POLICIES)"
endif

test: $(VENV)/.installed-dev
	sh tests/setup/browser.sh
	$(MAKE) --no-print-directory lint unit

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: $(VENV)/.installed-dev
	$(BIN)/python -m pytest

# What the product is made of; docs/security.md says what each is for.
$(VENV)/.installed-supply: pyproject.toml constraints.txt $(VENV)/.installed-dev
	$(BIN)/python -m pip install --disable-pip-version-check -q $(TORCH_ARGS) -c constraints.txt -e ".[dev,supply]"
	touch $@

lock: $(VENV)/.installed-supply
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python deploy/supply_chain.py lock

licences: $(VENV)/.installed-supply
	$(BIN)/python deploy/supply_chain.py licences

sbom: $(VENV)/.installed-supply
	mkdir -p out
	$(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible --output-file out/sbom.cdx.json

audit: $(VENV)/.installed-supply
	$(BIN)/pip-audit --strict --require-hashes --disable-pip --requirement requirements.lock

# Where that service can't be reached: the advisories that the package registry itself carries.
audit-offline: $(VENV)/.installed-supply
	$(BIN)/python deploy/advisories.py

# Sixty-four users at once for ten minutes.
soak: $(VENV)/.installed
	$(BIN)/policyqa bench soak

# A minute for each target of atheris, then many requests and damaged stores.
fuzz: $(VENV)/.installed-dev
	for target in readers grammar question; do $(BIN)/python -m tests.fuzz.guided $$target -max_total_time=60 || exit 1; done
	POLICYQA_FUZZ_EXAMPLES=300 $(BIN)/python -m pytest -rA tests/ui/test_api_fuzz.py tests/index/test_damaged_bytes.py

clean:
	rm -rf $(VENV) .policyqa .pytest_cache .mypy_cache .ruff_cache
