"""Run the fuzzer of the decoders for a minute, with options for libFuzzer after the build's folder.

The folder gets the corpus that grows, and the findings.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "tests"))
import junit

OPTIONS = "-max_total_time=60 -max_len=300 -timeout=10 -verbosity=0 -print_final_stats=1".split()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--junit", metavar="FILE", default=os.devnull, help="record the outcome")
    parser.add_argument("folder", type=Path, help="the build's folder")
    given, options = parser.parse_known_args()
    corpus = given.folder / "corpus"
    corpus.mkdir(exist_ok=True)
    findings = f"-artifact_prefix={given.folder}/"
    command = [given.folder / "fuzz" / "decode", *OPTIONS, findings, *options, corpus]
    status = subprocess.call([*command, HERE / "corpus" / "decode"])
    outcome = "failed" if status else "passed"
    junit.write(given.junit, [("decode", outcome, f"libFuzzer ended with status {status}")], "fuzz")
    return 1 if status else 0


if __name__ == "__main__":
    sys.exit(main())
