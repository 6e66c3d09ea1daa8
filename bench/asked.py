"""The requirements of a row, and whether the values meet them."""

import dataclasses
import math
import statistics


def uncertainty(values):
    """The relative uncertainty of the median: the notch of a box plot."""
    if len(values) < 4:
        return 0.0
    low, middle, high = statistics.quantiles(values, n=4)
    return 1.57 * (high - low) / math.sqrt(len(values)) / middle


@dataclasses.dataclass(frozen=True)
class Estimate:
    value: float
    error: float = 0.0

    def __truediv__(self, other):
        quotient = self.value / other.value
        relative = math.hypot(self.error / self.value, other.error / other.value)
        return Estimate(quotient, quotient * relative)


def estimate(values):
    middle = statistics.median(values)
    return Estimate(middle, middle * uncertainty(values))


class Measured:
    """The values of a row by form. The nth of each form were taken one right after the other."""

    def __init__(self, values):
        self.values = values

    def __contains__(self, form):
        return form in self.values

    def median(self, form):
        return estimate(self.values[form])

    def ratio(self, over, under):
        """The median of the ratios within a turn: a change of the machine's speed affects both."""
        return estimate([a / b for a, b in zip(self.values[over], self.values[under])])


def verdict(figure, holds, bound):
    """"yes" or "no", with a question mark if the noise is larger than the difference."""
    unsure = abs(figure.value - bound) < figure.error
    return ("yes" if holds else "no") + ("?" if unsure else "")


@dataclasses.dataclass(frozen=True)
class Faster:
    """csocket is at least this many times as fast as stock."""

    times: float = 1.0

    def __str__(self):
        return f"stock/csocket >= {self.times:g}"

    def judge(self, measured, _):
        figure = measured.ratio("stock", "csocket")
        return verdict(figure, figure.value >= self.times, self.times)


@dataclasses.dataclass(frozen=True)
class Within:
    """csocket takes at most this many times as long as stock, or as the bare system calls."""

    times: float
    of: str = "C"

    def __str__(self):
        return f"csocket/{self.of} <= {self.times:g}"

    def judge(self, measured, _):
        figure = measured.ratio("csocket", self.of)
        return verdict(figure, figure.value <= self.times, self.times)


@dataclasses.dataclass(frozen=True)
class AtMostMore:
    """csocket's value is at most this much more than stock's."""

    more: float

    def __str__(self):
        return f"csocket - stock <= {self.more:g}"

    def judge(self, measured, _):
        stock, csocket = measured.median("stock"), measured.median("csocket")
        figure = Estimate(csocket.value - stock.value, math.hypot(stock.error, csocket.error))
        return verdict(figure, figure.value <= self.more, self.more)


@dataclasses.dataclass(frozen=True)
class NoGrowth:
    """csocket's time, relative to the bare system calls, is no more than in another row.

    The calls themselves may take longer, in the kernel.
    """

    title: str
    times: float = 1.05

    def __str__(self):
        return f"growth of csocket/C <= {self.times:g}"

    def judge(self, measured, measured_of):
        other = measured_of(self.title)
        if "C" not in other:
            return "not measured"
        figure = measured.ratio("csocket", "C") / other.ratio("csocket", "C")
        return verdict(figure, figure.value <= self.times, self.times)
