"""Random calls of everything in csocket: `python fuzz/calls --seeds 1-50`.

Each seed runs in its own process, which logs a call before it makes it. A seed fails if its process
crashes, if a call raises SystemError, or if a call does not end.
"""

import argparse
import os
import pathlib
import random
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
ROOT = HERE.resolve().parents[1]
sys.path.append(str(ROOT / "tests"))
import junit

# In seconds: if the log does not grow for so long, the process hangs.
LIMIT = 30
LAST_LINES = 8


def follow(child, log):
    """Waits for the child; returns whether it ended by itself."""
    grown, size = time.monotonic(), -1
    while child.poll() is None:
        time.sleep(0.1)
        now = log.stat().st_size if log.exists() else 0
        if now != size:
            grown, size = time.monotonic(), now
        if time.monotonic() - grown > LIMIT:
            # faulthandler prints where each thread is.
            child.send_signal(signal.SIGABRT)
            child.wait()
            return False
    return True


def run(seed, calls, folder, options):
    """Returns what a seed found, or None; the child's output stays in the folder."""
    log, output = folder / f"{seed}.log", folder / f"{seed}.out"
    paths = [HERE, ROOT / "tests" / "python", *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(map(str, paths)),
        # Some calls ask for terabytes.
        "ASAN_OPTIONS": f"{os.environ.get('ASAN_OPTIONS', '')}:allocator_may_return_null=1",
    }
    command = [sys.executable, *options, HERE / "child.py", str(seed), str(calls), log]
    with open(output, "wb") as file:
        child = subprocess.Popen(
            command,
            stdout=file,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=environment,
        )
        ended = follow(child, log)
    if ended and child.returncode == 0:
        log.unlink()
        output.unlink()
        return None
    status = "hangs" if not ended else f"ends with status {child.returncode}"
    said = output.read_text(errors="replace")[-3000:]
    return f"seed {seed} {status}; {log}\n{said}\n" + "\n".join(last_lines(log))


def last_lines(log):
    """Returns the last calls of the log, and the last one of each thread."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    by_thread = {line.rpartition("#")[2]: line for line in lines}
    return [*lines[-LAST_LINES:], "", *by_thread.values()]


def seeds_from(text):
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def main():
    parser = argparse.ArgumentParser(description="random calls of everything in csocket")
    parser.add_argument("--seeds", type=seeds_from, help="such as 1-50; by default one at random")
    parser.add_argument("--calls", type=int, default=10000, help="number of calls with each seed")
    parser.add_argument("--python", default="", help="options of the interpreter, such as '-X dev'")
    parser.add_argument(
        "--findings", type=pathlib.Path, default=ROOT / "build" / "fuzz-calls",
        help="where the logs of failures go",
    )  # fmt: skip
    parser.add_argument("--junit", metavar="FILE", default=os.devnull, help="record each seed")
    given = parser.parse_args()
    given.findings.mkdir(parents=True, exist_ok=True)
    record = junit.Writer(given.junit, "fuzz-calls")
    failed = 0
    for seed in given.seeds or [random.randrange(1 << 30)]:
        found = run(seed, given.calls, given.findings, given.python.split())
        print(found or f"seed {seed}: {given.calls} calls", flush=True)
        record.test(f"seed {seed}", "failed" if found else "passed", (found or "").partition("\n")[0])
        failed += found is not None
    record.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
