"""gunicorn with several workers, and wrk, which sends as many requests as they can serve."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest
from servers import accepts, find_program, reserved_port, running, wait_until
from under_test import FOLDER, ON_CSOCKET, SOCKET_TYPE_MODULE

WORKERS = 3
PATIENCE = 30


class Site:
    """A running gunicorn: its process and its address."""

    def __init__(self, process, port):
        self.process = process
        self.url = f"http://127.0.0.1:{port}"

    def get(self, *numbers):
        query = "&".join(f"n={number}" for number in numbers)
        with urllib.request.urlopen(f"{self.url}/?{query}", timeout=PATIENCE) as answer:
            return json.load(answer)

    def workers(self):
        """The workers that answer now. The kernel chooses them: some may get no request."""
        return {self.get()["worker"] for _ in range(20 * WORKERS)}

    def all_workers(self, without=frozenset()):
        """All workers, once the right number is there and none of `without`."""

        def wanted():
            found = self.workers()
            return len(found) == WORKERS and not found & without and found

        return wait_until(wanted, f"{WORKERS} workers, none of {set(without)}")


@pytest.fixture(params=["sync", "gthread", "gevent"])
def site(request, tmp_path):
    with reserved_port() as port:
        command = [sys.executable, *ON_CSOCKET, "-m", "gunicorn", "--chdir", FOLDER]
        command += ["--workers", WORKERS, "--worker-class", request.param, "--threads", 4]
        command += ["--keep-alive", 5, "--bind", f"127.0.0.1:{port}", "hello_wsgi:application"]
        command += ["--worker-tmp-dir", tmp_path]
        with running(command, tmp_path / "output", lambda: accepts(("127.0.0.1", port))) as process:
            yield Site(process, port)


def load(url, seconds, connections):
    """Have wrk send as many requests as it can. Return the number of answers, which must all be
    good."""
    command = [find_program("wrk", "wrk"), "-t2", f"-c{connections}", f"-d{seconds}s"]
    # wrk's own timeout is two seconds, which is too short on a busy machine.
    command += ["--timeout", f"{PATIENCE}s", url]
    result = subprocess.run(
        command, capture_output=True, text=True, timeout=seconds + PATIENCE, check=True
    )
    assert "Socket errors" not in result.stdout, result.stdout
    assert "Non-2xx" not in result.stdout, result.stdout
    return number_of_answers(result.stdout)


def number_of_answers(output):
    return int(re.search(r"(\d+) requests in", output)[1])


def assert_answers(site):
    answer = site.get(*range(100))
    assert answer["sum"] == sum(n * n for n in range(100))
    assert answer["module"] == socket.__name__
    assert answer["type"] == SOCKET_TYPE_MODULE


def test_load(site):
    assert_answers(site)
    before = site.all_workers()
    assert load(f"{site.url}/?n=3&n=4", 3, 50) > 100
    assert_answers(site)
    assert site.all_workers() == before


def test_reload_under_load(site):
    """After HUP new workers start, and the old ones finish their requests.

    The old ones also close idle connections. If wrk was about to use one, it counts an error.
    """
    before = site.all_workers()
    program = find_program("wrk", "wrk")
    with subprocess.Popen(
        [program, "-t1", "-c8", "-d3s", f"{site.url}/?n=5"], stdout=subprocess.PIPE, text=True
    ) as wrk:
        site.process.send_signal(signal.SIGHUP)
        output, _ = wrk.communicate(timeout=PATIENCE)
    assert wrk.returncode == 0
    assert "Non-2xx" not in output, output
    assert number_of_answers(output) > 100
    site.all_workers(without=before)
    assert_answers(site)


def test_a_worker_that_is_killed_is_replaced(site):
    victim = site.get()["worker"]
    os.kill(victim, signal.SIGKILL)
    site.all_workers(without={victim})
    assert_answers(site)
