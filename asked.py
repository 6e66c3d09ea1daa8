"""What is asked of a row, and whether the values say that it holds."""

import dataclasses
import math
import statistics


def uncertainty(values):
    """How far the median may be off, relatively: the notch of a box plot."""
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


def verdict(figure, holds, bound):
    """yes or no, with a question mark where the noise is larger than the difference."""
    unsure = abs(figure.value - bound) < figure.error
    return ("yes" if holds else "no") + ("?" if unsure else "")


@dataclasses.dataclass(frozen=True)
class Faster:
    """So many times as fast as stock, or more."""

    times: float = 1.0

    def __str__(self):
        return f"stock/csocket >= {self.times:g}"

    def judge(self, results):
        figure = results["stock"] / results["csocket"]
        return verdict(figure, figure.value >= self.times, self.times)


@dataclasses.dataclass(frozen=True)
class NearC:
    """No more than so many times what the bare system calls take."""

    times: float = 1.15

    def __str__(self):
        return f"csocket/C <= {self.times:g}"

    def judge(self, results):
        figure = results["csocket"] / results["C"]
        return verdict(figure, figure.value <= self.times, self.times)


@dataclasses.dataclass(frozen=True)
class AtMostMore:
    """At most so much more than stock, as a number."""

    more: float

    def __str__(self):
        return f"csocket - stock <= {self.more:g}"

    def judge(self, results):
        stock, csocket = results["stock"], results["csocket"]
        figure = Estimate(csocket.value - stock.value, math.hypot(stock.error, csocket.error))
        return verdict(figure, figure.value <= self.more, self.more)
