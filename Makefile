# make run     the product, with everything it needs, on this machine (DEMO=0: empty; PORT=…)
# make test    every test, browser tests included (ARGS="-k name" for some of them)
# make check   lint, types, import contracts, templates, migrations, translations
# make bench   the figures the design promises (SCALE=full: 10 million messages; ONLY=browser: those of
#              a real browser alone)
# make browsers  the desk and the chat in Firefox and WebKit, as Debian has them
# make faults  kills, freezes and slows what it stands on while messages come and go, and counts
#              them (ONLY="frozen disk": some of the faults)
# make format, make messages, make icons, make requirements, make clean

DEMO ?= 1
WORKERS ?= 3
PY := .venv/bin/python
# Even where the environment says otherwise: every one of a dozen processes would
# compile Django and us anew, seconds of CPU each.
export PYTHONDONTWRITEBYTECODE :=
# `python3` is often too old where a newer one stands beside it.
FIND_PYTHON = for p in $(PYTHON) python3.13 python3.12 python3.11 python3.14 python3 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done

.PHONY: run test check bench browsers faults format messages icons requirements clean
.DEFAULT_GOAL := run

run: .venv/runtime.stamp
	@exec $(PY) manage.py up $(if $(filter 0 no off false,$(DEMO)),--no-demo)

test: .venv/dev.stamp
	@.ci/dovecot && CHROMIUM="$$(.ci/browser)" && export CHROMIUM && exec $(PY) -m pytest -n $(WORKERS) $(ARGS)

check: .venv/dev.stamp
	@exec .ci/check

bench: .venv/dev.stamp
	@exec $(PY) manage.py bench --scale $(or $(SCALE),small) $(if $(ONLY),--only $(ONLY))

# Not part of `make test`: the browsers are large, and CI has none but Chromium.
browsers: .venv/dev.stamp
	@.ci/browsers && exec $(PY) -m pytest -n 0 tests/browser/smoke.py $(ARGS)

# A folder of its own, anew each time: nothing of `make run` is touched.
faults: .venv/dev.stamp
	@rm -rf var/faults; AGENTDESK_VAR="$(CURDIR)/var/faults" exec $(PY) manage.py faults --events $(or $(EVENTS),20000) $(if $(ONLY),--only $(ONLY))

format: .venv/dev.stamp
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format --quiet .
	@find templates agentdesk conversations customers -path '*templates/*.html' -print0 | xargs -0 .venv/bin/djade --target-version 5.2 || true

messages: .venv/dev.stamp
	@DJANGO_SETTINGS_MODULE=tests.settings $(PY) manage.py messages

icons: .venv/dev.stamp
	@DJANGO_SETTINGS_MODULE=tests.settings $(PY) manage.py icons

# Newest versions that pyproject.toml allows, with hashes; no registry's address is written.
requirements: .venv/dev.stamp
	@for set in "requirements.txt" "requirements-dev.txt --extra dev"; do \
		.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --upgrade \
			--generate-hashes --no-header --no-annotate --no-emit-index-url \
			pyproject.toml -o $$set || exit 1; done

# The data of `make run` stay: they are in var/.
clean:
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -prune -exec rm -rf {} +
	@find . -name '*.mo' -delete

.venv/bin/python:
	@python="$$($(FIND_PYTHON))"; \
	if [ -z "$$python" ]; then \
		echo "Agentdesk needs Python 3.11 or newer, and found none. Name one: make PYTHON=/path/to/python" >&2; exit 1; fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "Python's venv module is missing. Run: apt-get install $$("$$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')" >&2; exit 1; fi; \
	echo "Making .venv with $$("$$python" --version) …"; \
	"$$python" -m venv --clear .venv

# Installed again only when the file has changed since.
.venv/runtime.stamp: requirements.txt | .venv/bin/python
	@echo "Installing what Agentdesk needs (once) …"
	@$(PY) .ci/install.py $<
	@touch $@

.venv/dev.stamp: requirements-dev.txt | .venv/bin/python
	@echo "Installing what the tests and checks need (once) …"
	@$(PY) .ci/install.py $<
	@touch .venv/runtime.stamp $@
