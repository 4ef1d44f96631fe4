# The two commands: `make book` and `make test`. Everything is set up on the way, in .venv.
PYTHON ?= python3
BIN := .venv/bin
export PYTHONHASHSEED := 0
# Kernels start in a second with compiled bytecode, and in four without.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: book test env env-test lint serve bench faults fuzz interpreters mutate reproduce latex stills pictures lock clean help

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

book: env ## HTML in _build/html, PDF in _build/pdf
	@$(BIN)/aleppo book

env:
	@$(PYTHON) scripts/bootstrap.py

env-test:
	@$(PYTHON) scripts/bootstrap.py --tests

lint: env-test ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@# newer Pythons come with a newer numpy, which words its types in another way
	@if $(BIN)/python -c "import sys; sys.exit(sys.version_info[:2] != (3, 11))"; then echo mypy; $(BIN)/mypy; \
	else echo "types are checked on Python 3.11"; fi

test: lint ## the book, then unit, data, notebook and browser tests
	@$(BIN)/aleppo book
	$(BIN)/python -m pytest -q -n 2 --dist loadscope --no-loadscope-reorder --nbval --nbval-current-env tests notebooks

serve: book ## read the book at http://127.0.0.1:8000
	@$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html 8000

stills: env-test ## redraw the still pictures of figures that changed (needs a Chromium)
	@$(BIN)/aleppo stills

pictures: env-test book ## photograph every page, light and dark, wide and narrow, into _build/pictures (needs a Chromium)
	@$(BIN)/python scripts/photograph.py

mutate: env-test ## change the data a little, hundreds of times, and see whether anything notices
	@$(BIN)/aleppo run
	@$(BIN)/aleppo mutate

latex: book ## the same book through Jupyter Book's own LaTeX builder; needs TeX
	@command -v latexmk >/dev/null || { echo "make latex needs TeX (latexmk, xelatex); 'make book' makes a PDF without it" >&2; exit 1; }
	$(BIN)/jupyter-book build . --builder pdflatex --path-output _build/latex-book

bench: env-test ## the measurements behind the README's table
	$(BIN)/python benchmarks/run.py

reproduce: env-test ## build the book twice under different circumstances and compare every byte
	@$(BIN)/python scripts/reproduce.py

faults: env-test ## kill the commands that write, fill their disk, take their rights, and look at what is left (KILLS=60)
	@$(BIN)/python scripts/faults.py --kills $(or $(KILLS),60)

interpreters: env-test ## the whole of `make test` on Python 3.11, 3.12 and 3.13, as far as they are installed
	@$(BIN)/python scripts/interpreters.py

fuzz: env-test ## try every reader of strangers' files with meddled ones (FUZZ_SECONDS=1200)
	$(BIN)/python scripts/fuzz.py --seconds $(or $(FUZZ_SECONDS),1200)

lock: ## renew requirements.lock and package-lock.json
	$(BIN)/python -m uv --version >/dev/null 2>&1 || $(BIN)/python -m pip install --quiet uv
	$(BIN)/python -m uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--all-extras --quiet --custom-compile-command "make lock" --upgrade pyproject.toml -o requirements.lock
	npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved=true --no-audit --no-fund

clean: ## remove what was built
	rm -rf _build
