"""gevent patches the whole process: each test runs a case of gevent_program.py in a child."""

import pytest
from under_test import run_program

CASES = [
    "sockets_are_of_the_module_under_test",
    "patching_starts_nothing",
    "pool_of_clients",
    "pool_of_clients_over_tls",
    "datagrams",
    "names_are_resolved",
    "timeouts",
    "closing_wakes_a_reader",
    "standard_library",
    "wsgi_server",
]


@pytest.mark.parametrize("case", CASES)
def test_patched(case):
    assert run_program("gevent_program.py", case).stderr == ""
