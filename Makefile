# python3 is any Python 3.11 or newer; the rest is made in .venv.
PYTHON ?= python3

.PHONY: run test

# The site on http://127.0.0.1:$PORT/ (8000), its data in $DATA_DIR (var/). The README lists every setting.
run:
	@$(PYTHON) deploy/bootstrap.py run

# Style, then all tests: on SQLite, in a real browser, and on a throwaway PostgreSQL.
test:
	@$(PYTHON) deploy/bootstrap.py test
