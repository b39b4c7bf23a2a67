# python3 is any Python 3.11 or newer; the rest is made in .venv.
PYTHON ?= python3

.PHONY: run test audit bench faults

# The site on http://127.0.0.1:$PORT/ (8000), its data in $DATA_DIR (var/). The README lists every setting.
run:
	@$(PYTHON) deploy/bootstrap.py run

# Style, then all tests: on SQLite, in a real browser, and on a throwaway PostgreSQL.
test:
	@$(PYTHON) deploy/bootstrap.py test

# Lighthouse, the Nu HTML checker and axe-core on every page and state; needs node, java and Chromium. Takes most of an hour; CI does not run it.
audit:
	@$(PYTHON) deploy/bootstrap.py audit

# What the site costs beside what else could have been used, into bench/RESULTS.md; needs wrk. Wants a quiet machine.
bench:
	@$(PYTHON) deploy/bootstrap.py bench

# The long fault run: 500 kills and more, broken databases, disks and mail servers, into tests/faults/RESULTS.md; needs PostgreSQL.
faults:
	@$(PYTHON) deploy/bootstrap.py faults
