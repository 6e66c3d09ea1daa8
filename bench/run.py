"""Measures the rows on stock, on csocket and in C, and prints the table.

    python bench/run.py [--quick] [--row TEXT]...

A run of all rows writes its values to build/venv/bench/bench/results.json, in pyperf's format.
"""

import argparse
import json
import pathlib
import subprocess
import sys

import loops
from machine import description
from quiet import wait_until_quiet
from results import Results
from rows import ROWS
from table import table

WORKER = pathlib.Path(__file__).with_name("worker.py")
# In seconds, for one process of one row.
LIMIT = 60


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer values")
    parser.add_argument(
        "--row",
        action="append",
        metavar="TEXT",
        help="only the rows whose name contains this (may be repeated)",
    )
    return parser.parse_args()


def chosen(texts):
    return [
        row
        for title, row in ROWS.items()
        if not texts or any(text.lower() in title.lower() for text in texts)
    ]


def measure(row, share):
    """Measure the row in a separate process. Return the values by name, or why there are none."""
    command = [sys.executable, str(WORKER), row.title, str(share)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return f"failed: took longer than {LIMIT} s"
    if done.returncode:
        return "failed: " + (done.stderr.strip().splitlines() or ["no word"])[-1]
    return json.loads(done.stdout)


def progress(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def main():
    arguments = parse_arguments()
    rows = chosen(arguments.row)
    if not rows:
        sys.exit("no row has such a name")
    # Processes per row, the share of its values, seconds to wait for idle processors.
    processes, share, patience = (1, 0.8, 5) if arguments.quick else (4, 1, 60)
    results, reasons = Results(description()), {}
    for turn in range(processes):
        for row in rows:
            if row.title in reasons:
                continue
            progress(f"{turn + 1}/{processes} {row.title}")
            if row.quiet:
                patience = wait_until_quiet(patience)
            taken = measure(row, share)
            if isinstance(taken, str):
                reasons[row.title] = taken
            else:
                results.add(row, taken)
    progress("")
    print(table(results, reasons))
    if not arguments.row:
        results.dump(loops.BUILD / "results.json")


if __name__ == "__main__":
    main()
