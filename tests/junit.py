"""JUnit files: written a test at a time, and read also where the run ended early.

A line <?running NAME?> says which test began.
"""

import pathlib
import re
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

# What XML cannot hold, and what moves the cursor of a terminal.
UNPRINTABLE = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
OUTCOMES = {"failure": "failed", "error": "failed", "skipped": "skipped"}
ELEMENTS = {"failed": "failure", "skipped": "skipped"}


def cleaned(text):
    """The text with escapes in place of unprintable characters."""
    return UNPRINTABLE.sub(lambda match: ascii(match[0])[1:-1], text)


class Writer:
    """The suite gets the name of the file, if it has no other one."""

    def __init__(self, path, suite=None):
        path = pathlib.Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        self.file = open(path, "w", encoding="utf-8")
        self.suite = cleaned(suite or path.stem)
        self.write(f"<testsuite name={quoteattr(self.suite)}>")

    def write(self, line):
        self.file.write(line + "\n")
        self.file.flush()

    def running(self, name):
        self.write("<?running {}?>".format(cleaned(name).replace("?>", "? >")))

    def test(self, name, outcome, message=""):
        """Write one test, which has passed, failed or skipped."""
        case = ElementTree.Element("testcase", classname=self.suite, name=cleaned(name))
        if outcome != "passed":
            ElementTree.SubElement(case, ELEMENTS[outcome], message=cleaned(message))
        self.write(ElementTree.tostring(case, encoding="unicode"))

    def close(self):
        self.write("</testsuite>")
        self.file.close()


def write(path, tests, suite=None):
    writer = Writer(path, suite)
    for test in tests:
        writer.test(*test)
    writer.close()


def add_failure(path, reason):
    """See that the file of a suite which ended badly counts a failure."""
    suite, tests = read(path) if path.exists() else (path.stem, [])
    if all(outcome != "failed" for _, outcome, _ in tests):
        write(path, [*tests, ("suite", "failed", reason)], suite)


def test_of(case):
    """The name of a test, its outcome, and the first line of the message about it."""
    for element in case:
        if element.tag in OUTCOMES:
            message = element.get("message") or element.text or "no reason given"
            return case.get("name"), OUTCOMES[element.tag], message.strip().partition("\n")[0]
    return case.get("name"), "passed", ""


def read(path):
    """The suite's name, and its tests as (name, outcome, message).

    A run that ended early, or without any test, counts as a failure of its own.
    """
    suite, tests, running, trouble = path.stem, [], None, None
    parser = ElementTree.XMLPullParser(("start", "end", "pi"))
    try:
        parser.feed(path.read_bytes())
        for event, element in parser.read_events():
            if event == "pi":
                running = element.text.removeprefix("running ")
            elif event == "start" and element.tag == "testsuite":
                suite = element.get("name", suite)
            elif event == "end" and element.tag == "testcase":
                tests.append(test_of(element))
                running = None
        parser.close()
    except OSError as error:
        trouble = f"no result: {error.strerror}"
    except ElementTree.ParseError as error:
        trouble = f"ended early: {error}"
    if running:
        tests.append((running, "failed", "the run ended in this test"))
    elif trouble or not tests:
        tests.append((str(path), "failed", trouble or "no test ran"))
    return suite, tests
