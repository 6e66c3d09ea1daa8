"""Dask's distributed scheduler with two workers, each in its own process, all on csocket."""

import hashlib
import os
import signal
import socket
import time
from collections import Counter

import pytest
from distributed import Client, LocalCluster, Lock, Nanny, Variable, wait
from servers import wait_until
from under_test import SOCKET_TYPE_MODULE

PATIENCE = 60
BIG = 32 << 20


@pytest.fixture(scope="module")
def cluster():
    with LocalCluster(
        n_workers=2,
        threads_per_worker=2,
        processes=True,
        worker_class=Nanny,
        host="127.0.0.1",
        dashboard_address=None,
    ) as cluster:
        yield cluster


@pytest.fixture
def client(cluster):
    with Client(cluster, timeout=PATIENCE) as client:
        client.wait_for_workers(2, timeout=PATIENCE)
        yield client


def which_module():
    """The id and the socket modules of the calling process, for a process of the cluster."""
    with socket.socket() as sock:
        return os.getpid(), socket.__name__, type(sock).__mro__[-2].__module__


def test_every_process_is_on_the_module_under_test(client):
    processes = [*client.run(which_module).values(), client.run_on_scheduler(which_module)]
    assert len({pid for pid, _, _ in processes}) == 3
    assert {(name, base) for _, name, base in processes} == {(socket.__name__, SOCKET_TYPE_MODULE)}


def test_sum_of_squares(client):
    """Each task tells in which process it ran. The place of its result does not, because Dask moves
    it."""
    squares = client.map(lambda n: (n * n, os.getpid()), range(2000))
    total = client.submit(lambda pairs: sum(square for square, _ in pairs), squares)
    assert total.result(PATIENCE) == sum(n * n for n in range(2000))
    makers = {pid for _, pid in client.gather(squares)}
    assert makers == set(client.run(os.getpid).values())


def test_data_moves_between_workers(client):
    first, second = client.scheduler_info()["workers"]
    data = client.submit(os.urandom, BIG, workers=first, pure=False)
    digest = client.submit(digest_of, data, workers=second)
    assert client.submit(digest_of, data, workers=first, pure=False).result(PATIENCE) == (
        digest.result(PATIENCE)
    )
    assert digest_of(data.result(PATIENCE)) == digest.result(PATIENCE)


def digest_of(data):
    return hashlib.sha256(data).hexdigest()


def test_words_counted_by_a_tree_of_tasks(client):
    text = [f"word{n % 17} word{n % 5}" for n in range(5000)]
    parts = client.map(lambda lines: Counter(" ".join(lines).split()), in_chunks(text, 100))
    while len(parts) > 1:
        parts = client.map(lambda pair: sum(pair, Counter()), in_chunks(parts, 2))
    assert parts[0].result(PATIENCE) == Counter(" ".join(text).split())


def in_chunks(items, size):
    return [items[start : start + size] for start in range(0, len(items), size)]


def test_shared_state_of_the_cluster(client):
    """A lock and a variable on the scheduler, used by all workers at once."""

    def increment(_):
        with Lock("counter"):
            variable = Variable("counter")
            variable.set(variable.get(timeout=PATIENCE) + 1)

    Variable("counter", client=client).set(0)
    wait(client.map(increment, range(20), pure=False), timeout=PATIENCE)
    assert Variable("counter", client=client).get(timeout=PATIENCE) == 20


def test_computation_outlives_a_worker(client):
    def slow_square(n):
        time.sleep(0.05)
        return n * n

    futures = client.map(slow_square, range(80))
    wait_until(lambda: any(future.done() for future in futures), "the first result")
    victim = next(iter(client.run(os.getpid).values()))
    os.kill(victim, signal.SIGKILL)
    assert client.gather(futures) == [n * n for n in range(80)]
    client.wait_for_workers(2, timeout=PATIENCE)
    processes = client.run(which_module).values()
    assert victim not in {pid for pid, _, _ in processes}
    assert {(name, base) for _, name, base in processes} == {(socket.__name__, SOCKET_TYPE_MODULE)}
