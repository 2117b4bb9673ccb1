# A convenience: the README's plain commands do the same without make.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test verify lint docs bench app clean

run: .venv/ready
	$(BIN)/zones compare with-teams without-teams

test: .venv/ready
	$(BIN)/python -m pytest -n 2 --dist worksteal

verify: .venv/ready
	$(BIN)/python -m pytest -n 2 --dist worksteal -m slow

lint: .venv/ready
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

docs: .venv/ready
	$(BIN)/python -m sim.results.dictionary > docs/data-dictionary.md
	$(BIN)/python -m sim.scenarios.reference docs/scenarios.md docs/odd.md
	$(BIN)/python -m sim.evidence.mechanisms docs/in-the-model.md

bench: .venv/ready
	$(BIN)/zones benchmark
	for file in tests/benchmarks/*.py; do $(BIN)/python $$file || exit 1; done

app: .venv/ready
	$(BIN)/pip install -q -c .ci/constraints.txt -e '.[app]'
	$(BIN)/zones app

.venv/ready: pyproject.toml .ci/constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 ..."; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q -c .ci/constraints.txt -e '.[dev]'
	@touch $@

clean:
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
