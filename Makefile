# make run: the studio at http://127.0.0.1:8000.  make test: everything that must hold.  Both set up what they need.
.PHONY: run test parity docs setup
BIN := .venv/bin

run: setup
	@exec $(BIN)/python manage.py serve

setup:
	@./setup.sh

test:
	@./setup.sh test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest -n 2

# The engine against transformers, in float32.
parity:
	@./setup.sh parity
	$(BIN)/pytest tests/parity

# The documentation as a site in site/, with an API reference made from the docstrings.
docs:
	@./setup.sh docs
	$(BIN)/mkdocs build --strict --quiet
