"""Describes calls as data, and makes the cases from the descriptions.

A case is the text of a Python expression over the names of a Scene. The test runs this text, and a
failure prints it.
"""

import itertools
import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Parameter:
    """A parameter: its name, a valid value, and the values to try."""

    name: str
    good: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Signature:
    """A callable, its parameters, and how many of them are required.

    `around` is a text around the call, with `{}` in the place of the call. So a case can choose
    what is compared. `pairs` is the number of cases with two random values, which show the order of
    the checks.
    """

    call: str
    parameters: tuple[Parameter, ...] = ()
    required: int | None = None
    around: str = "{}"
    pairs: int = 40

    @property
    def least(self):
        return len(self.parameters) if self.required is None else self.required

    def text(self, positional, keywords=()):
        arguments = [*positional, *(f"{name}={value}" for name, value in keywords)]
        return self.around.format(f"{self.call}({', '.join(arguments)})")

    def cases(self):
        """Every case of this signature, each once, in a fixed order."""
        return list(
            dict.fromkeys(
                itertools.chain(self.arities(), self.singles(), self.keywords(), self.doubles())
            )
        )

    def arities(self):
        good = [parameter.good for parameter in self.parameters]
        for count in range(len(good) + 1):
            yield self.text(good[:count])
        yield self.text([*good, "None"])
        yield self.text([*good, "0", "0"])

    def singles(self):
        good = [parameter.good for parameter in self.parameters]
        for place, parameter in enumerate(self.parameters):
            least = max(self.least, place + 1)
            for value in parameter.values:
                for count in {least, len(good)}:
                    yield self.text([*good[:place], value, *good[place + 1 : count]])

    def keywords(self):
        named = [(parameter.name, parameter.good) for parameter in self.parameters]
        yield self.text((), [("unknown", "1")])
        yield self.text([good for _, good in named], [("unknown", "1")])
        if not named:
            return
        yield self.text((), named)
        yield self.text((), named[::-1])
        yield self.text([named[0][1]], named)
        for place, parameter in enumerate(self.parameters):
            others = named[: self.least]
            for value in parameter.values[:8]:
                given = dict([*others, (parameter.name, value)])
                yield self.text((), given.items())
            yield self.text([good for _, good in named[:place]], [named[place]])

    def doubles(self):
        if len(self.parameters) < 2:
            return
        chance = random.Random(self.call)
        for _ in range(self.pairs):
            values = [parameter.good for parameter in self.parameters]
            for place in chance.sample(range(len(values)), 2):
                values[place] = chance.choice(self.parameters[place].values)
            yield self.text(values)
