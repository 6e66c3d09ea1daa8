"""mocket puts its own sockets into the module: each test runs a case of mocket_program.py."""

import pytest
from under_test import run_program

CASES = [
    "sockets_are_of_the_module_under_test",
    "http_over_tls",
    "event_loop",
    "plain_bytes",
    "names_are_answered",
]


@pytest.mark.parametrize("case", CASES)
def test_mocked(case):
    run_program("mocket_program.py", case)
