"""The extension is compiled and linked so that a bug does less harm."""

import re
import shutil
import subprocess

import pytest

from csocket import _csocket

pytestmark = pytest.mark.skipif(not shutil.which("readelf"), reason="there is no readelf")


def readelf(option):
    done = subprocess.run(
        ["readelf", "--wide", option, _csocket.__file__], capture_output=True, text=True, check=True
    )
    return done.stdout


def test_what_is_linked_late_cannot_be_written_to():
    assert re.search(r"\(FLAGS\).*\bBIND_NOW\b", readelf("--dynamic"))
    assert "GNU_RELRO" in readelf("--segments")


# The loader has little static TLS. Other libraries may have used it up.
def test_takes_nothing_of_the_static_thread_memory():
    assert "STATIC_TLS" not in readelf("--dynamic")


@pytest.mark.parametrize("check", ["__stack_chk_fail", "__snprintf_chk"], ids=["stack", "buffers"])
def test_checks_at_run_time(check):
    symbols = readelf("--dyn-syms")
    if "__asan_init" in symbols:
        pytest.skip("built with the sanitizers, which have checks of their own")
    assert re.search(rf"\bUND {check}\b", symbols)
