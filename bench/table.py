"""The table of a run: times, ratios, the requirements, and whether they hold.

python table.py [RESULTS]    prints the table of an earlier run
"""

import sys

import loops
import results
from rows import GROUPS, ROWS

TITLE = 54
FORMS = "".join(f"{form:>12}" for form in results.FORMS)
HEADER = f"{'':{TITLE}}{FORMS}{'stock/':>9}{'csocket':>9}{'floor':>9}{'':>7}"
SECOND = f"{'':{TITLE + len(FORMS)}}{'csocket':>9}{'/C':>9}{'/C':>9}{'+-':>7}   asked (holds)"
UNITS = {
    "ns": lambda value: f"{value * 1e9:,.0f} ns",
    "ms": lambda value: f"{value * 1e3:,.2f} ms",
    "/s": lambda value: f"{1 / value:,.0f}/s",
    "B": lambda value: f"{value:,.0f} B",
}


def quotient(measured, over, under):
    """The quotient of two forms, for a column."""
    if over in measured and under in measured:
        return f"{measured.ratio(over, under).value:9.2f}"
    return f"{'-':>9}"


def line(row, results_of_run):
    measured = results_of_run.measured(row.title)
    show = UNITS[row.unit]
    cells = [
        f"{show(measured.median(form).value) if form in measured else '-':>12}"
        for form in results.FORMS
    ]
    faster = measured.ratio("stock", "csocket")
    for pair in (("stock", "csocket"), ("csocket", "C"), ("floor", "C")):
        cells.append(quotient(measured, *pair))
    cells.append(f"{min(100 * faster.error / faster.value, 999):6.0f}%")
    judged = [f"{each} ({each.judge(measured, results_of_run.measured)})" for each in row.asked]
    return f"{row.title:{TITLE}}{''.join(cells)}   {', '.join(judged)}".rstrip()


def heading(machine):
    return "\n".join(f"{name + ':':14}{text}" for name, text in machine.items())


def summary(results_of_run):
    """How many of the requirements hold."""
    verdicts = [
        (row, each, each.judge(results_of_run.measured(row.title), results_of_run.measured))
        for row in ROWS.values()
        if row.title in results_of_run.runs
        for each in row.asked
    ]
    missed = [(row, each, verdict) for row, each, verdict in verdicts if verdict[:2] == "no"]
    lines = [f"{len(verdicts) - len(missed)} of {len(verdicts)} that are asked hold"]
    lines += [f"  {verdict:4} {row.title}: {each}" for row, each, verdict in missed]
    return "\n".join(lines)


def table(results_of_run, reasons):
    """The text of the table. `reasons` has the reasons for omitted rows, by title."""
    lines = [heading(results_of_run.machine), "", HEADER, SECOND]
    for name, rows in GROUPS.items():
        found = []
        for row in rows:
            if row.title in results_of_run.runs:
                found.append(line(row, results_of_run))
            elif row.title in reasons:
                found.append(f"{row.title:{TITLE}}  {reasons[row.title]}")
        if found:
            lines += ["", name, *found]
    return "\n".join([*lines, "", summary(results_of_run)])


if __name__ == "__main__":
    print(table(results.load(sys.argv[1] if sys.argv[1:] else loops.BUILD / "results.json"), {}))
