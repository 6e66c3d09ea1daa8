"""eventlet patches the whole process: each test runs a case of eventlet_program.py in a child."""

import pytest
from under_test import run_program

CASES = [
    "sockets_are_of_the_module_under_test",
    "unpatched_module",
    "pool_of_clients",
    "pool_of_clients_over_tls",
    "names_are_resolved",
    "timeouts",
    "standard_library",
    "wsgi_server",
]


@pytest.mark.parametrize("case", CASES)
def test_patched(case):
    # eventlet may only print its warning that it is no longer developed.
    said = run_program("eventlet_program.py", case).stderr
    warning, _, rest = said.partition("import eventlet\n")
    assert "EventletDeprecationWarning" in warning
    assert not rest
