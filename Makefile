# make run: the studio at http://127.0.0.1:8000.  make test: everything that must hold.  Both set up what they need.
.PHONY: run test coverage parity docs interop machines setup starters writer
BIN := .venv/bin

run: setup
	@exec $(BIN)/python manage.py serve

setup:
	@./setup.sh

# A small writer for pages from words alone (1.1 GB); `make run` then serves it. FILE=… takes a file that is there.
writer: setup
	@./setup.sh writer
	$(BIN)/python manage.py writer $(if $(FILE),--file $(FILE))

SEED ?= 1
test:
	@./setup.sh test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	npm run check --silent
	$(BIN)/pytest -n 2 --random-order-seed=$(SEED)

# Which lines of the web application its own tests reach. Fails below the floor in pyproject.toml.
coverage:
	@./setup.sh test
	$(BIN)/pytest -n 2 tests/studio --ignore=tests/studio/pipeline --cov --cov-report=term

# Our server against the agents and SDKs that people run, each installed into a folder of its own (4 GB; CLIENTS="openai
# anthropic" takes only these), and our API against a generated client.
INTEROP ?= $(or $(TMPDIR),/tmp)/likeness-interop
CLIENTS ?=
interop:
	@./setup.sh test
	./tests/interop/install.sh $(INTEROP) $(CLIENTS)
	INTEROP_CLIENTS=$(INTEROP) $(BIN)/pytest tests/interop; status=$$?; \
	    $(BIN)/python -m tests.interop.table $(INTEROP); exit $$status

# Exports into three applications made from npm: Vite React + Tailwind 4, Next.js + shadcn/ui, Vue 3 (0.8 GB). SHADCN=FOLDER
# is a clone of github.com/shadcn-ui/ui, where shadcn/ui's own registry cannot be reached.
STARTERS ?= $(or $(TMPDIR),/tmp)/likeness-starters
SHADCN ?=
starters:
	@./setup.sh test
	$(BIN)/python -m tests.starters.make_starters $(STARTERS) $(if $(SHADCN),--shadcn $(SHADCN))
	STARTERS=$(STARTERS) $(BIN)/pytest tests/starters

# A studio on four machines that are killed, unplugged and restarted: network namespaces, so as root, with the servers of
# PostgreSQL, Redis and RabbitMQ installed. LIKENESS_PARTITION_SECONDS is how long they are unplugged (20).
machines:
	@./setup.sh test
	LIKENESS_MACHINES=1 $(BIN)/pytest tests/deploy/test_machines.py

# The engine against transformers, in float32.
parity:
	@./setup.sh parity
	$(BIN)/pytest tests/parity

# The documentation as a site in site/, with an API reference made from the docstrings.
docs:
	@./setup.sh docs
	$(BIN)/mkdocs build --strict --quiet
