# make run: the studio at http://127.0.0.1:8000.  make test: everything that must hold.  Both set up what they need.
.PHONY: run test parity docs interop setup writer
BIN := .venv/bin

run: setup
	@exec $(BIN)/python manage.py serve

setup:
	@./setup.sh

# A small writer for pages from words alone (1.1 GB); `make run` then serves it. FILE=… takes a file that is there.
writer: setup
	@./setup.sh writer
	$(BIN)/python manage.py writer $(if $(FILE),--file $(FILE))

test:
	@./setup.sh test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	npm run check --silent
	$(BIN)/pytest -n 2

# Our server against the agents and SDKs that people run, each installed into a folder of its own (4 GB; CLIENTS="openai
# anthropic" takes only these), and our API against a generated client.
INTEROP ?= $(or $(TMPDIR),/tmp)/likeness-interop
CLIENTS ?=
interop:
	@./setup.sh test
	./tests/interop/install.sh $(INTEROP) $(CLIENTS)
	INTEROP_CLIENTS=$(INTEROP) $(BIN)/pytest tests/interop; status=$$?; \
	    $(BIN)/python -m tests.interop.table $(INTEROP); exit $$status

# The engine against transformers, in float32.
parity:
	@./setup.sh parity
	$(BIN)/pytest tests/parity

# The documentation as a site in site/, with an API reference made from the docstrings.
docs:
	@./setup.sh docs
	$(BIN)/mkdocs build --strict --quiet
