"""redis-py against redis-server, over TCP and a UNIX socket, with threads and with asyncio."""

import asyncio
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
import redis.asyncio
from redis.backoff import NoBackoff
from redis.retry import Retry
from servers import accepts, find_program, reserved_port, running

pytestmark = pytest.mark.usefixtures("no_lost_descriptors")

PATIENCE = 30
VALUE_SIZE = 8 << 20
NO_RETRY = Retry(NoBackoff(), 0)


@pytest.fixture(scope="module")
def addresses(tmp_path_factory):
    """The addresses of the server, by the name of the transport."""
    program = find_program("redis-server", "redis-server")
    folder = tmp_path_factory.mktemp("redis")
    path = folder / "socket"
    with reserved_port() as port:
        command = [program, "--bind", "127.0.0.1", "--port", port, "--unixsocket", path]
        command += ["--save", "", "--dir", folder]
        with running(
            command,
            folder / "output",
            lambda: accepts(path) and accepts(("127.0.0.1", port)),
        ):
            yield {
                "tcp": {"host": "127.0.0.1", "port": port},
                "unix": {"unix_socket_path": str(path)},
            }


@pytest.fixture(params=["tcp", "unix"])
def address(request, addresses):
    return addresses[request.param]


@pytest.fixture
def client(address):
    with redis.Redis(**address, socket_timeout=PATIENCE) as client:
        client.flushall()
        yield client


def test_sockets_are_of_the_module_under_test(client, assert_under_test):
    connection = client.connection_pool.make_connection()
    connection.connect()
    assert_under_test(connection._sock)
    connection.disconnect()


def test_pipeline(client):
    with client.pipeline(transaction=False) as pipeline:
        for n in range(5000):
            pipeline.set(f"square:{n}", n * n)
            pipeline.incrby("sum", n * n)
        pipeline.mget([f"square:{n}" for n in range(5000)])
        *_, total, squares = pipeline.execute()
    assert [int(square) for square in squares] == [n * n for n in range(5000)]
    assert total == sum(n * n for n in range(5000))


def test_big_values_from_several_threads(client):
    def exchange(seed):
        value = random.Random(seed).randbytes(VALUE_SIZE + seed)
        client.set(f"value:{seed}", value)
        return client.get(f"value:{seed}") == value

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(exchange, range(4)))


def test_transactions_of_several_threads_do_not_lose_an_update(client):
    def increment(pipeline):
        value = int(pipeline.get("counter") or 0)
        pipeline.multi()
        pipeline.set("counter", value + 1)

    def work(_):
        for _ in range(25):
            client.transaction(increment, "counter")

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))
    assert int(client.get("counter")) == 100


def test_messages_reach_a_subscriber_in_a_thread(client):
    count = 2000
    received = []
    has_all = threading.Event()

    def receive(message):
        received.append(int(message["data"]))
        if len(received) == count:
            has_all.set()

    with client.pubsub(ignore_subscribe_messages=True) as subscriber:
        subscriber.subscribe(news=receive)
        thread = subscriber.run_in_thread(sleep_time=0.05)
        try:
            # A message has no receiver until the subscription has arrived.
            while not client.pubsub_numsub("news")[0][1]:
                time.sleep(0.01)
            for n in range(count):
                client.publish("news", n)
            assert has_all.wait(PATIENCE)
        finally:
            thread.stop()
            thread.join(PATIENCE)
    assert received == list(range(count))


def test_blocking_pop_gets_what_another_thread_pushes(client):
    def pop():
        return [client.blpop("queue", timeout=PATIENCE)[1] for _ in range(100)]

    with ThreadPoolExecutor(1) as threads:
        popped = threads.submit(pop)
        for n in range(100):
            client.rpush("queue", n)
        assert [int(value) for value in popped.result(PATIENCE)] == list(range(100))


def test_blocking_pop_gives_up(client):
    start = time.monotonic()
    assert client.blpop("nothing", timeout=0.3) is None
    assert 0.3 <= time.monotonic() - start < 5


def test_socket_timeout_ends_a_blocking_pop(address):
    with redis.Redis(**address, socket_timeout=1, retry=NO_RETRY) as client:
        start = time.monotonic()
        with pytest.raises(redis.TimeoutError):
            client.blpop("nothing", timeout=PATIENCE)
        assert 1 <= time.monotonic() - start < 10
        # On a new connection: the answer may still arrive on the old one.
        assert client.ping()


def test_connection_that_the_server_dropped_is_replaced(client, address):
    client.client_setname("doomed")
    with redis.Redis(**address) as other:
        [doomed] = [each for each in other.client_list() if each["name"] == "doomed"]
        assert other.client_kill_filter(_id=doomed["id"]) == 1
    assert client.echo("still here") == b"still here"
    assert client.client_getname() != "doomed"


def test_refused_connection():
    with (
        reserved_port() as port,
        redis.Redis(host="127.0.0.1", port=port, retry=NO_RETRY) as client,
        pytest.raises(redis.ConnectionError, match="Connection refused"),
    ):
        client.ping()


def test_asyncio_client(client, address):
    async def listen(subscriber, count):
        messages = subscriber.listen()
        assert (await anext(messages))["type"] == "subscribe"
        return [int((await anext(messages))["data"]) for _ in range(count)]

    async def work(connected, n):
        value = random.Random(n).randbytes(100_000)
        await connected.set(f"value:{n}", value)
        assert await connected.get(f"value:{n}") == value
        return await connected.incr("count")

    async def main():
        async with redis.asyncio.Redis(**address) as connected, connected.pubsub() as subscriber:
            counts = await asyncio.gather(*(work(connected, n) for n in range(50)))
            assert sorted(counts) == list(range(1, 51))
            assert await connected.blpop("nothing", timeout=0.1) is None

            await subscriber.subscribe("news")
            listener = asyncio.create_task(listen(subscriber, 100))
            while not (await connected.pubsub_numsub("news"))[0][1]:
                await asyncio.sleep(0.01)
            for n in range(100):
                await connected.publish("news", n)
            assert await listener == list(range(100))

    asyncio.run(asyncio.wait_for(main(), PATIENCE))
