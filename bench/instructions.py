"""Compares the instructions that the hot rows need with those in instructions.json.

    python bench/instructions.py [--record]

Unlike times they are the same each time for one build of the interpreter. So each build has its own
record. The exit status is 1 if a row needs more than MARGIN above its record.
"""

import argparse
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import sysconfig
import tempfile

from instructions_counted import HOT, ROUNDS

HERE = pathlib.Path(__file__).parent
RECORD = HERE / "instructions.json"
MARGIN = 0.01
# In seconds, only against a hang: a run takes ten seconds, or minutes on a busy machine.
LIMIT = 900
# The whole environment of the interpreter, so that the count does not depend on the caller's.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"}
KEPT = re.compile(r"^desc: Trigger: Client Request: (.*)=(\d+)$", re.MULTILINE)
TOTAL = re.compile(r"^(?:totals|summary): (\d+)", re.MULTILINE)


def build():
    """A name for the interpreter's build."""
    options = sysconfig.get_config_var("CONFIG_ARGS") or ""
    optimized = ", optimized" if "--enable-optimizations" in options else ""
    return f"{platform.python_version()}, {platform.python_compiler()}{optimized}"


def count(titles=HOT, environment=None):
    """Instructions of one round, by row."""
    counted = {}
    with tempfile.TemporaryDirectory() as folder:
        command = [
            "valgrind",
            "--tool=callgrind",
            f"--callgrind-out-file={folder}/out",
            sys.executable,
            str(HERE / "instructions_counted.py"),
            *titles,
        ]
        done = subprocess.run(
            command,
            env={**ENVIRONMENT, **(environment or {})},
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        if done.returncode:
            sys.exit(f"callgrind failed:\n{done.stderr}")
        for path in pathlib.Path(folder).iterdir():
            text = path.read_text()
            if kept := KEPT.search(text):
                counted[kept[1], int(kept[2])] = int(TOTAL.search(text)[1])
    few, many = ROUNDS
    return {
        title: round((counted[title, many] - counted[title, few]) / (many - few)) for title in titles
    }


def compare(counted, record):
    """Print both, and return the number of rows that need too many."""
    worse = 0
    for title, now in counted.items():
        before = record.get(title)
        if before is None:
            print(f"{title:38}{now:8,}   no record")
            continue
        change = now / before - 1
        too_many = change > MARGIN
        worse += too_many
        remark = "   TOO MANY" if too_many else ""
        print(f"{title:38}{now:8,}{before:8,}{change:+8.1%}{remark}")
    return worse


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--record", action="store_true", help="write what was counted instead")
    arguments = parser.parse_args()
    records = json.loads(RECORD.read_text())
    counted = count()
    print(f"instructions a round, recorded, change ({build()})")
    worse = compare(counted, records.get(build(), {}))
    if arguments.record:
        records[build()] = counted
        RECORD.write_text(json.dumps(records, indent=1, sort_keys=True) + "\n")
    elif worse:
        sys.exit(
            f"{worse} need more than {MARGIN:.0%} more; "
            "make bench ARGS='instructions --record' keeps that"
        )


if __name__ == "__main__":
    main()
