"""httpretty replaces the module's socket type and functions while it is enabled."""

from under_test import run_program


def test_mocked_and_real_servers():
    run_program("httpretty_program.py")
