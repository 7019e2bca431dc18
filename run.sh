#!/usr/bin/env bash
# Everything that is done with this checkout. Every command first sets up .venv where that is needed.
set -euo pipefail

home=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
venv=$home/.venv
fast="not slow and not elastic"
slow="slow and not elastic"

help() {
    cat <<'HELP'
usage: ./run.sh COMMAND [ARGUMENT]…

  marsad …        the program itself: ./run.sh marsad run, ./run.sh marsad search "…"
  check           what CI runs: lint, types, imports and every test; those with an Elasticsearch node
                  are left out, with one line that says so, where there is no JDK 25 or Maven
  test …          the fast tests; arguments go to pytest
  test-slow …     those that start processes or need many pages
  test-elastic …  those with a real Elasticsearch node, which needs a JDK 25 and Maven
  test-all …      every test, in one process
  lint            ruff, mypy and the import rules
  fmt             let ruff mend and lay out the code
  bench NAME …    one of the measurements in benchmarks/; without NAME their list
  lock            write constraints.txt anew from what .venv holds
  setup           .venv with everything in it; quick when it is up to date
HELP
}

find_python() {
    local python
    for python in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$python"
            return
        fi
    done
    echo "No Python 3.11 or later with venv was found; install it (on Debian also python3-venv) or set PYTHON." >&2
    return 1
}

# What .venv was made for: a moved checkout or other dependencies make it differ.
wanted() { echo "$home $(cat "$home/pyproject.toml" "$home/constraints.txt" | cksum)"; }

setup() {
    local mark=$venv/.set-up made_for python
    made_for=$(cat "$mark" 2>/dev/null || true)
    if [ "$made_for" = "$(wanted)" ] && [ -x "$venv/bin/marsad" ] && "$venv/bin/python" -c '' 2>/dev/null; then
        return
    fi
    echo "Setting up $venv (once; a minute or two)…" >&2
    # Scripts inside a venv name its place, so one that was moved is of no use.
    case ${made_for:-"$home "} in "$home "*) ;; *) rm -rf "$venv" ;; esac
    if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
        python=$(find_python)
        "$python" -m venv --clear "$venv"
    fi
    echo "$home unfinished" >"$mark"
    "$venv/bin/python" -m pip install --quiet --quiet --disable-pip-version-check \
        --editable "$home[dev]" --constraint "$home/constraints.txt"
    wanted >"$mark"
}

lint() {
    "$venv/bin/ruff" check .
    "$venv/bin/mypy"
    "$venv/bin/lint-imports" --no-logo
}

fmt() {
    "$venv/bin/ruff" check --fix .
    "$venv/bin/ruff" format .
}

tests() { "$venv/bin/python" -m pytest "$@"; }

bench() {
    if [ $# -eq 0 ]; then
        echo "Measurements, each with --help:" >&2
        grep -rl --include='*.py' '__name__ == "__main__"' benchmarks |
            sed 's|^benchmarks/||; s|/__main__\.py$||; s|\.py$||; s|/|.|g' | sort
        return
    fi
    local name=$1
    shift
    "$venv/bin/python" -m "benchmarks.$name" "$@"
}

lock() { "$venv/bin/python" -m pip freeze --exclude-editable | grep -v '^-e' >constraints.txt; }

command=${1:-help}
[ $# -eq 0 ] || shift
case $command in
    help | -h | --help) help; exit ;;
    marsad | check | test | test-slow | test-elastic | test-all | lint | fmt | bench | lock | setup) setup ;;
    *) echo "run.sh: there is no command '$command'." >&2; help >&2; exit 2 ;;
esac
# The program keeps the caller's folder: marsad.toml and data are looked for there.
[ "$command" = marsad ] && exec "$venv/bin/marsad" "$@"
cd "$home"
case $command in
    check) lint; tests -n logical -m "$fast"; tests -n0 -m "slow or elastic" ;;
    test) tests -n logical -m "$fast" "$@" ;;
    test-slow) tests -n0 -m "$slow" "$@" ;;
    test-elastic) tests -n0 -m elastic "$@" ;;
    test-all) tests -n0 "$@" ;;
    setup) ;;
    *) "$command" "$@" ;;
esac
