"""twisted's reactor runs once per process: each test runs a case of twisted_program.py."""

import pytest
from under_test import run_program

CASES = [
    "sockets_are_of_the_module_under_test",
    "tcp",
    "unix",
    "tls",
    "big_stream_is_paced",
    "udp",
    "names",
    "web",
    "refusals",
]


@pytest.mark.parametrize("case", CASES)
def test_reactor(case):
    assert run_program("twisted_program.py", case).stderr == ""
