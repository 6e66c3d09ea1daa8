"""pg8000, a PostgreSQL client in Python, against PostgreSQL: over a UNIX socket and TLS."""

import datetime
import decimal
import hashlib
import io
import os
import pwd
import random
import signal
import ssl
import subprocess
import tempfile
import threading
import time
import traceback
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pg8000.dbapi
import pg8000.native
import pytest
from servers import find_program, reserved_port, running

pytestmark = pytest.mark.usefixtures("no_lost_descriptors")

PATIENCE = 30
USER = "tester"
PASSWORD = "as long as the tests run"
COPIED_ROWS = 100_000
THREADS = 6

# pg8000's last message stays in its buffer, which reports an error when it is freed.
FAREWELL_IS_LOST = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def account():
    """Options of Popen for PostgreSQL, which refuses to run as root, and the account's ids."""
    if os.getuid() != 0:
        return {}, (-1, -1)
    try:
        entry = pwd.getpwnam("postgres")
    except KeyError:
        pytest.skip("no account postgres on this machine, as root needs (Debian: postgresql)")
    options = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    return options, (entry.pw_uid, entry.pw_gid)


@pytest.fixture(scope="module")
def folder():
    """A folder for PostgreSQL's account, which has no access to pytest's folders."""
    _, owner = account()
    with tempfile.TemporaryDirectory(prefix="csocket-") as name:
        os.chown(name, *owner)
        yield Path(name)


def make_cluster(folder, certificate):
    """The files of a database server whose users connect by a UNIX socket, or with a password."""
    options, owner = account()
    (folder / "password").write_text(PASSWORD)
    certificate.private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    for name in ("password", "server.pem"):
        os.chown(folder / name, *owner)
        (folder / name).chmod(0o600)
    command = [find_program("initdb", "postgresql"), "--pgdata", folder / "data"]
    command += ["--auth-local=trust", "--auth-host=scram-sha-256", f"--username={USER}"]
    command += ["--pwfile", folder / "password", "--encoding=UTF8", "--no-locale", "--no-sync"]
    subprocess.run(command, cwd=folder, check=True, timeout=2 * PATIENCE, **options)


@pytest.fixture(scope="module")
def addresses(folder, certificate, client_tls):
    """How to connect to the server, by the name of the transport."""
    program = find_program("postgres", "postgresql")
    make_cluster(folder, certificate)
    with reserved_port() as port:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": folder,
            "ssl": "on",
            "ssl_cert_file": folder / "server.pem",
            "ssl_key_file": folder / "server.pem",
            "fsync": "off",
        }
        command = [program, "-D", folder / "data"]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        path = folder / f".s.PGSQL.{port}"
        unix = {"unix_sock": str(path), "ssl_context": False}
        tls = {"host": "127.0.0.1", "port": port, "ssl_context": client_tls, "password": PASSWORD}
        options, _ = account()
        output = folder / "output"
        with running(
            command,
            output,
            # The server accepts connections long before, but refuses them until then.
            lambda: b"ready to accept connections" in output.read_bytes(),
            # SIGINT ends the sessions instead of waiting for them.
            stop_signal=signal.SIGINT,
            cwd=folder,
            **options,
        ):
            yield {
                name: {"user": USER, "database": "postgres", "timeout": PATIENCE, **address}
                for name, address in (("unix", unix), ("tls", tls))
            }


@pytest.fixture(params=["unix", "tls"])
def address(request, addresses):
    return addresses[request.param]


@pytest.fixture
def connection(address):
    with pg8000.native.Connection(**address) as connection:
        yield connection


@pytest.fixture
def table(connection):
    """The name of a table, which is dropped at the end."""
    name = f"table_{uuid.uuid4().hex}"
    yield name
    connection.run(f"DROP TABLE IF EXISTS {name}")


def test_sockets_are_of_the_module_under_test(connection, address, assert_under_test):
    assert_under_test(connection._usock)
    has_tls = bool(address["ssl_context"])
    assert isinstance(connection._usock, ssl.SSLSocket) == has_tls
    query = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    assert connection.run(query) == [[has_tls]]


VALUES = {
    "bigint": -(2**63),
    "double precision": 1e-300,
    "numeric": decimal.Decimal("12345678901234567890.123456789"),
    "boolean": True,
    "text": "ünï €😀 'quoted' \\",
    "bytea": bytes(range(256)),
    "date": datetime.date(1999, 12, 31),
    "timestamptz": datetime.datetime(2024, 2, 29, 12, 30, 59, 123456, datetime.UTC),
    "interval": datetime.timedelta(days=3, seconds=7),
    "uuid": uuid.UUID(int=2**127 + 1),
    "jsonb": {"a": [1, None, "x"]},
    "integer[]": [[1, 2], [3, 4]],
}


@pytest.mark.parametrize("kind", VALUES)
def test_value_comes_back(connection, kind):
    value = VALUES[kind]
    assert connection.run(f"SELECT CAST(:value AS {kind})", value=value) == [[value]]
    assert connection.run(f"SELECT CAST(NULL AS {kind})") == [[None]]


def test_big_values_both_ways(connection):
    for size in (8191, 8192, 8193, 6 << 20):
        value = random.Random(size).randbytes(size)
        query = "SELECT v, encode(sha256(v), 'hex') FROM (SELECT CAST(:v AS bytea) AS v) AS sent"
        [[back, digest]] = connection.run(query, v=value)
        assert back == value
        assert digest == hashlib.sha256(value).hexdigest()


def test_copy_in_and_out(connection, table):
    rows = [f"{n},{n * n},name {n}\n" for n in range(COPIED_ROWS)]
    content = "".join(rows).encode()
    connection.run(f"CREATE TABLE {table} (n bigint, square bigint, name text)")
    connection.run(f"COPY {table} FROM STDIN WITH (FORMAT csv)", stream=io.BytesIO(content))
    assert connection.row_count == COPIED_ROWS
    [[total]] = connection.run(f"SELECT sum(square)::bigint FROM {table}")
    assert total == sum(n * n for n in range(COPIED_ROWS))
    out = io.BytesIO()
    connection.run(f"COPY (SELECT * FROM {table} ORDER BY n) TO STDOUT (FORMAT csv)", stream=out)
    assert hashlib.sha256(out.getvalue()).digest() == hashlib.sha256(content).digest()


def test_transactions(connection, address, table):
    count = f"SELECT count(*) FROM {table}"
    connection.run(f"CREATE TABLE {table} (n integer PRIMARY KEY)")
    with pg8000.native.Connection(**address) as other:
        connection.run("BEGIN")
        connection.run(f"INSERT INTO {table} SELECT generate_series(1, 10)")
        assert (connection.run(count), other.run(count)) == ([[10]], [[0]])
        connection.run("ROLLBACK")
        assert connection.run(count) == [[0]]
        connection.run("BEGIN")
        connection.run(f"INSERT INTO {table} VALUES (1)")
        connection.run("COMMIT")
        assert other.run(count) == [[1]]
        with pytest.raises(pg8000.native.DatabaseError) as error:
            other.run(f"INSERT INTO {table} VALUES (1)")
        assert error.value.args[0]["C"] == "23505"
        assert other.run(count) == [[1]]


def test_prepared_statement(connection):
    statement = connection.prepare("SELECT CAST(:a AS integer) * CAST(:b AS integer)")
    try:
        products = [statement.run(a=n, b=n + 1) for n in range(500)]
    finally:
        statement.close()
    assert products == [[[n * (n + 1)]] for n in range(500)]


def test_rows_by_the_database_interface(address, table):
    with pg8000.dbapi.connect(**address) as connection:
        cursor = connection.cursor()
        cursor.execute(f"CREATE TEMPORARY TABLE {table} (n integer, name text)")
        rows = [(n, f"name {n}") for n in range(300)]
        cursor.executemany(f"INSERT INTO {table} VALUES (%s, %s)", rows)
        connection.commit()
        cursor.execute(f"SELECT n, name FROM {table} ORDER BY n")
        assert [tuple(row) for row in cursor] == rows


def test_threads_do_not_lose_an_update(connection, address, table):
    connection.run(f"CREATE TABLE {table} (n integer)")
    connection.run(f"INSERT INTO {table} VALUES (0)")
    # All of them are connected at the same time.
    all_connected = threading.Barrier(THREADS)

    def work(_):
        with pg8000.native.Connection(**address) as own:
            all_connected.wait(PATIENCE)
            for _ in range(20):
                own.run("BEGIN")
                [[n]] = own.run(f"SELECT n FROM {table} FOR UPDATE")
                own.run(f"UPDATE {table} SET n = :n", n=n + 1)
                own.run("COMMIT")

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(work, range(THREADS)))
    assert connection.run(f"SELECT n FROM {table}") == [[THREADS * 20]]


def test_notifications(connection, address):
    connection.run("LISTEN news")
    with pg8000.native.Connection(**address) as other:
        for n in range(100):
            other.run("SELECT pg_notify('news', :text)", text=str(n))
    deadline = time.monotonic() + PATIENCE
    while len(connection.notifications) < 100 and time.monotonic() < deadline:
        connection.run("SELECT 1")
    assert [int(text) for _, _, text in connection.notifications] == list(range(100))


def test_timeout_of_the_socket(address):
    # Not as an option, because the timeout would affect the login too.
    connection = pg8000.native.Connection(**address)
    connection._usock.settimeout(0.3)
    start = time.monotonic()
    with pytest.raises((pg8000.native.InterfaceError, TimeoutError)):
        connection.run(f"SELECT pg_sleep({PATIENCE})")
    assert 0.3 <= time.monotonic() - start < 5
    connection.close()


def test_timeout_of_the_server(connection):
    connection.run("SET statement_timeout = 100")
    with pytest.raises(pg8000.native.DatabaseError, match="57014"):
        connection.run(f"SELECT pg_sleep({PATIENCE})")
    assert connection.run("SELECT 42") == [[42]]


@FAREWELL_IS_LOST
def test_session_that_the_server_ends(connection, address):
    doomed = pg8000.native.Connection(**address)
    [[pid]] = doomed.run("SELECT pg_backend_pid()")
    assert connection.run("SELECT pg_terminate_backend(:pid, 10000)", pid=pid) == [[True]]
    with pytest.raises((pg8000.native.DatabaseError, pg8000.native.InterfaceError)):
        doomed.run("SELECT 1")
    with pytest.raises(pg8000.native.InterfaceError):
        doomed.close()
    assert connection.run("SELECT 42") == [[42]]


def test_certificate_is_refused(addresses):
    address = addresses["tls"] | {"ssl_context": ssl.create_default_context()}
    with pytest.raises(ssl.SSLCertVerificationError):
        pg8000.native.Connection(**address)


@FAREWELL_IS_LOST
def test_password_is_refused(addresses):
    with pytest.raises(pg8000.native.Error) as refused:
        pg8000.native.Connection(**addresses["tls"] | {"password": "wrong"})
    # If the server has left by then, the failure to send the last message comes after the refusal.
    assert "28P01" in "".join(traceback.format_exception(refused.value))
