"""Draws the results of a run.

    python bench/plot.py FOLDER [RESULTS]

The colours suit light and dark pages, and the background is transparent.
"""

import math
import pathlib
import re
import sys

import loops
import matplotlib
import results
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import EngFormatter, NullFormatter
from rows_batches import COUNTS, SEGMENT_COUNTS

INK = "#808890"
COLORS = {"stock": "#d08040", "csocket": "#3a8fd0", "C": "#808890"}
NAMES = {"stock": "stock", "csocket": "csocket", "C": "bare system calls in C"}
STYLE = {
    "font.family": "sans-serif",
    "font.size": 10,
    "svg.fonttype": "none",
    "svg.hashsalt": "csocket",
    "savefig.transparent": True,
    "axes.facecolor": "none",
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "legend.frameon": False,
}
CALLS = (
    "send + recv, 64 B",
    "send + recv, 64 B, timeout",
    "send + recv_into, 64 B",
    "send 64 B + recv(262144)",
    "sendto + recvfrom, UDP, 64 B",
    "send + makefile read, 64 B",
    "sendfile + recv, 64 KiB",
    "send_fds + recv_fds",
    "connect + accept + close both",
    "create_connection + accept + close both",
    "socket() + close()",
    "getsockopt int",
    "getsockname, inet",
    ".family",
    "getaddrinfo, numeric host and port",
    "getaddrinfo('localhost', 80)",
    "import",
)


def duration(seconds):
    for unit, size in (("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.0f} ns"


def draw_calls(results_of_run, figure):
    """Bars for each row, relative to stock's time."""
    rows = [title for title in CALLS if title in results_of_run.runs]
    figure.set_size_inches(8, 0.52 * len(rows) + 0.8)
    axes = figure.subplots()
    for number, title in enumerate(rows):
        row = results_of_run.measured(title)
        for place, form in enumerate(NAMES):
            if form not in row:
                continue
            share = row.ratio(form, "stock").value
            height = number + (place - 1) * 0.27
            axes.barh(height, share, 0.25, color=COLORS[form])
            axes.text(share + 0.01, height, duration(row.median(form).value), va="center", size=7)
    axes.set_yticks(range(len(rows)), rows)
    axes.invert_yaxis()
    axes.margins(x=0.1, y=0.01)
    axes.set_xlabel("time, stock = 1")
    bars = [Patch(color=COLORS[form]) for form in NAMES]
    figure.legend(bars, list(NAMES.values()), loc="outside upper center", ncols=3)


def rates(results_of_run, titles, form):
    """The rates per second by the number in the title, for the rows that were measured."""
    return {
        number: 1 / row.median(form).value
        for number, title in titles.items()
        if form in (row := results_of_run.measured(title))
    }


def draw_line(axes, points, form, label, **style):
    if points:
        axes.plot(
            list(points),
            list(points.values()),
            marker="o",
            color=COLORS[form],
            label=label,
            **style,
        )


def scale_rates(axes):
    """Scale the axis to whole powers of ten."""
    axes.set_yscale("log")
    low, high = (math.log10(limit) for limit in axes.get_ylim())
    axes.set_ylim(10 ** math.floor(low), 10 ** math.ceil(high))
    axes.yaxis.set_major_formatter(EngFormatter(sep=" "))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.grid(axis="y", color=INK, alpha=0.25, linewidth=0.5)


def draw_starvation(results_of_run, figure):
    """Draw round trips by the number of busy threads."""
    titles = {
        int(re.search(r"beside (\d+)", title)[1]) if "nobody" not in title else 0: title
        for title in results_of_run.runs
        if title.startswith("send + recv, 64 B, beside")
    }
    axes = figure.subplots()
    for form in ("csocket", "stock"):
        draw_line(axes, rates(results_of_run, titles, form), form, NAMES[form])
    scale_rates(axes)
    axes.set_xticks(sorted(titles))
    axes.set_xlabel("threads that compute beside it")
    axes.set_ylabel("round trips a second, 64 B, one thread")
    axes.legend()


def draw_batches(results_of_run, figure):
    """Draw datagrams per second by the number per call."""
    messages = {n: f"UDP 1200 B, sendmmsg + recvmmsg of {n}" for n in COUNTS}
    segments = {n: f"UDP 1200 B, send_segments + recv_segments_into of {n}" for n in SEGMENT_COUNTS}
    axes = figure.subplots()
    for form, style in (("csocket", {}), ("C", {"alpha": 0.6, "linewidth": 1})):
        segmented = rates(results_of_run, segments, form)
        batched = rates(results_of_run, messages, form)
        draw_line(axes, segmented, form, f"{NAMES[form]}, segments", **style)
        draw_line(axes, batched, form, f"{NAMES[form]}, messages", linestyle="--", **style)
    draw_line(axes, rates(results_of_run, messages, "stock"), "stock", "stock, one by one")
    axes.set_xscale("log", base=2)
    scale_rates(axes)
    axes.set_xticks(COUNTS, COUNTS)
    axes.set_xlabel("datagrams a call")
    axes.set_ylabel("datagrams of 1200 B a second, sent and received")
    axes.legend()


def main():
    folder = pathlib.Path(sys.argv[1])
    results_of_run = results.load(sys.argv[2] if sys.argv[2:] else loops.BUILD / "results.json")
    folder.mkdir(parents=True, exist_ok=True)
    matplotlib.rcParams.update(STYLE)
    for name, draw in (
        ("calls", draw_calls),
        ("busy-threads", draw_starvation),
        ("batches", draw_batches),
    ):
        figure = Figure(figsize=(7, 4.2), layout="constrained")
        draw(results_of_run, figure)
        path = folder / f"{name}.svg"
        figure.savefig(path, metadata={"Date": None})
        print(path)


if __name__ == "__main__":
    main()
