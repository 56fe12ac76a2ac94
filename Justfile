# `just` lists the recipes. Everything runs in the environment that ./canbo keeps in .venv.
set shell := ["bash", "-euo", "pipefail", "-c"]

python := ".venv/bin/python"

_list:
    @just --list

# Everything the continuous check runs
test *ARGS:
    ./canbo test -- {{ARGS}}

# The slow tests too
full:
    ./canbo test --full

# Load the sample and print the term reports
demo *ARGS:
    ./canbo demo {{ARGS}}

# Style and import contracts, in seconds
lint:
    {{python}} -m ruff check .
    {{python}} -m tests.architecture.contracts

# Format, and mend what ruff can mend
fmt:
    {{python}} -m ruff check --fix .
    {{python}} -m ruff format .

# Rewrite the pages of docs/reference that are generated
reference:
    ./canbo status --markdown > docs/reference/status.md
    ./canbo reference docs/reference

# Pin the newest versions that the ranges allow, with hashes (needs uv)
lock *ARGS:
    uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate {{ARGS}} requirements/run.in -o requirements/run.txt
    uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate {{ARGS}} requirements/test.in -o requirements/test.txt

# Pictures of the pages that matter, to be looked at, of what `canbo demo` loaded
shots FOLDER *ARGS:
    PYTHONPATH=src:. {{python}} -m tests.browser.shots {{FOLDER}} {{ARGS}}

# The measurements of docs/performance.md, by hand: just bench NAME
bench NAME *ARGS:
    PYTHONPATH=src:. {{python}} bench/{{NAME}}.py {{ARGS}}

# Known vulnerabilities of what is pinned (asks the internet; needs uv)
audit:
    uvx pip-audit --disable-pip --require-hashes -r requirements/run.txt
    uvx pip-audit --disable-pip --require-hashes -r requirements/test.txt
