"""The values in pyperf's format: a benchmark for each row and form (stock, csocket, floor, C)."""

import os
import sys

import asked
import pyperf

MACHINE = "machine "
FORMS = ("stock", "csocket", "floor", "C")


class Results:
    """pyperf's runs by row and form, and the description of the machine."""

    def __init__(self, machine):
        self.machine = machine
        self.runs = {}

    def add(self, row, taken):
        """Add the measurements of a row by a process, by form."""
        for form, pairs in taken.items():
            metadata = {
                "name": f"{row.title} [{form}]",
                "loops": pairs[0][0],
                "unit": "byte" if row.unit == "B" else "second",
                **{MACHINE + name: text for name, text in self.machine.items()},
            }
            run = pyperf.Run([value for _, value in pairs], metadata=metadata)
            self.runs.setdefault(row.title, {}).setdefault(form, []).append(run)

    def measured(self, title):
        return asked.Measured(
            {
                form: [value for run in runs for value in run.values]
                for form, runs in self.runs.get(title, {}).items()
            }
        )

    def dump(self, path):
        benchmarks = [
            pyperf.Benchmark(runs) for forms in self.runs.values() for runs in forms.values()
        ]
        pyperf.BenchmarkSuite(benchmarks).dump(str(path), replace=True)


def load(path):
    if not os.path.exists(path):
        sys.exit(f"there is no {path}: a whole run of make bench leaves it")
    suite = pyperf.BenchmarkSuite.load(str(path))
    machine = {
        name.removeprefix(MACHINE): text
        for name, text in suite.get_metadata().items()
        if name.startswith(MACHINE)
    }
    results = Results(machine)
    for benchmark in suite.get_benchmarks():
        title, form = benchmark.get_name().removesuffix("]").rsplit(" [", 1)
        results.runs.setdefault(title, {})[form] = benchmark.get_runs()
    return results
