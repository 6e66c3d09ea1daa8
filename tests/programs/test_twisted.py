"""twisted, whose reactor runs once in a process: each test is a case of twisted_program.py in a child."""

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
