"""paramiko against OpenSSH's server: commands, files, and forwarded connections."""

import getpass
import hashlib
import os
import random
import socket
import socketserver
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import paramiko
import pytest
from servers import accepts, find_program, reserved_port, running

pytestmark = pytest.mark.usefixtures("no_lost_descriptors")

PATIENCE = 30
FILE_SIZE = 8 << 20
# Debian's sshd needs this empty folder if it runs as root. Normally its service makes it.
SEPARATION = Path("/run/sshd")

CONFIGURATION = """\
ListenAddress 127.0.0.1:{port}
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/authorized_keys
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
MaxSessions 100
MaxStartups 100
Subsystem sftp internal-sftp
"""


def make_key(path):
    key = paramiko.ECDSAKey.generate()
    key.write_private_key_file(str(path))
    return key


@contextmanager
def separation_folder():
    is_missing = os.getuid() == 0 and not SEPARATION.exists()
    if is_missing:
        SEPARATION.mkdir(mode=0o755)
    try:
        yield
    finally:
        if is_missing:
            SEPARATION.rmdir()


class Account:
    """A user, a host and port to log in at, and the keys."""

    def __init__(self, folder, port):
        self.name = getpass.getuser()
        self.address = ("127.0.0.1", port)
        self.host_key = make_key(folder / "host_key")
        self.key = make_key(folder / "key")
        authorized = f"{self.key.get_name()} {self.key.get_base64()}\n"
        (folder / "authorized_keys").write_text(authorized)

    @contextmanager
    def client(self, **options):
        host, port = self.address
        settings = {"username": self.name, "pkey": self.key, "allow_agent": False}
        settings |= {"look_for_keys": False, "timeout": PATIENCE}
        with paramiko.SSHClient() as client:
            key = self.host_key
            client.get_host_keys().add(f"[{host}]:{port}", key.get_name(), key)
            client.connect(host, port, **settings | options)
            yield client


@pytest.fixture(scope="module")
def account(tmp_path_factory):
    program = find_program("sshd", "openssh-server")
    folder = tmp_path_factory.mktemp("sshd")
    with reserved_port() as port, separation_folder():
        account = Account(folder, port)
        (folder / "configuration").write_text(CONFIGURATION.format(port=port, folder=folder))
        command = [program, "-D", "-e", "-f", folder / "configuration"]
        with running(command, folder / "output", lambda: accepts(account.address)):
            yield account


@pytest.fixture
def client(account):
    with account.client() as client:
        yield client


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(random.Random(1).randbytes(FILE_SIZE))
    return path


class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.settimeout(PATIENCE)
        while data := self.request.recv(1 << 16):
            self.request.sendall(data)


@pytest.fixture
def echo_address():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
        server.daemon_threads = False
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server.server_address
        server.shutdown()
        thread.join(PATIENCE)


def exchange(channel, data):
    """Send all of the data on a channel or socket, and return all that comes back."""
    channel.settimeout(PATIENCE)

    def send():
        channel.sendall(data)
        channel.shutdown(socket.SHUT_WR)

    sender = threading.Thread(target=send)
    sender.start()
    received = b"".join(iter(lambda: channel.recv(1 << 16), b""))
    sender.join(PATIENCE)
    return received


def run(client, command, data=b""):
    """Run a command with the data as its input. Return its output and exit status."""
    channel = client.get_transport().open_session(timeout=PATIENCE)
    with channel:
        channel.exec_command(command)
        output = exchange(channel, data)
        return output, channel.recv_exit_status()


def test_sockets_are_of_the_module_under_test(client, assert_under_test):
    assert_under_test(client.get_transport().sock)


def test_command_with_much_output(client):
    count = 400_000
    output, status = run(client, f"seq 1 {count}; exit 7")
    assert output == "".join(f"{n}\n" for n in range(1, count + 1)).encode()
    assert status == 7


def test_command_with_much_input(client):
    data = random.Random(2).randbytes(FILE_SIZE)
    output, status = run(client, "sha256sum", data)
    assert output.split()[0].decode() == hashlib.sha256(data).hexdigest()
    assert status == 0


def test_output_and_errors_stay_apart(client):
    _, output, errors = client.exec_command("echo out; echo error >&2; exit 3", timeout=PATIENCE)
    assert (output.read(), errors.read()) == (b"out\n", b"error\n")
    assert output.channel.recv_exit_status() == 3


def test_many_commands_at_once_on_one_connection(client):
    def square(n):
        return run(client, f"echo $(({n} * {n})); exit {n}")

    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(square, range(24)))
    assert results == [(f"{n * n}\n".encode(), n) for n in range(24)]


def test_many_connections_at_once(account):
    def cat(n):
        data = random.Random(n).randbytes(100_000)
        with account.client() as client:
            return run(client, "cat", data) == (data, 0)

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(cat, range(16)))


def test_files_there_and_back(client, file, tmp_path):
    remote, back = tmp_path / "remote", tmp_path / "back"
    with client.open_sftp() as sftp:
        assert sftp.put(str(file), str(remote)).st_size == FILE_SIZE
        sftp.get(str(remote), str(back))
        assert sorted(sftp.listdir(str(tmp_path))) == ["back", "file", "remote"]
    digests = {hashlib.sha256(each.read_bytes()).digest() for each in (file, remote, back)}
    assert len(digests) == 1


def test_parts_of_a_file(client, file):
    content = file.read_bytes()
    with client.open_sftp() as sftp, sftp.open(str(file), "rb") as remote:
        parts = [(0, 1), (12345, 100_000), (FILE_SIZE - 1, 1), (FILE_SIZE // 2, 1 << 20)]
        read = list(remote.readv(parts))
        assert read == [content[start : start + size] for start, size in parts]
        remote.seek(-10, os.SEEK_END)
        assert remote.read() == content[-10:]


def test_connections_through_the_server(client, echo_address):
    def through(n):
        data = random.Random(n).randbytes(1 << 20)
        transport = client.get_transport()
        with transport.open_channel("direct-tcpip", echo_address, ("127.0.0.1", 0)) as channel:
            return exchange(channel, data) == data

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(through, range(4)))


def test_connection_through_the_server_is_refused(client):
    with reserved_port() as port, pytest.raises(paramiko.ChannelException):
        client.get_transport().open_channel(
            "direct-tcpip", ("127.0.0.1", port), ("127.0.0.1", 0), timeout=PATIENCE
        )


def test_connection_inside_a_connection(client, account):
    channel = client.get_transport().open_channel("direct-tcpip", account.address, ("::1", 0))
    with channel, account.client(sock=channel) as inner:
        assert run(inner, "seq 1 3") == (b"1\n2\n3\n", 0)


def test_connection_from_the_server(client):
    """The server listens for us, and each connection to it is a channel."""
    transport = client.get_transport()
    port = transport.request_port_forward("127.0.0.1", 0)
    data = random.Random(3).randbytes(1 << 20)

    def connect():
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as sock:
            return exchange(sock, data)

    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(connect)
        with transport.accept(PATIENCE) as channel:
            channel.settimeout(PATIENCE)
            while received := channel.recv(1 << 16):
                channel.sendall(received)
        assert answer.result(PATIENCE) == data
    transport.cancel_port_forward("127.0.0.1", port)
    assert not accepts(("127.0.0.1", port))


def test_new_keys_during_a_transfer(client):
    transport = client.get_transport()
    data = random.Random(4).randbytes(FILE_SIZE)
    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(run, client, "cat", data)
        for _ in range(5):
            transport.renegotiate_keys()
        assert answer.result(PATIENCE) == (data, 0)


def test_timeout_of_a_channel(client):
    channel = client.get_transport().open_session(timeout=PATIENCE)
    channel.exec_command("echo early; read line; echo $line")
    channel.settimeout(PATIENCE)
    assert channel.recv(100) == b"early\n"
    channel.settimeout(0.3)
    start = time.monotonic()
    with pytest.raises(TimeoutError):
        channel.recv(100)
    assert 0.3 <= time.monotonic() - start < 5
    channel.settimeout(PATIENCE)
    channel.sendall(b"late\n")
    assert channel.recv(100) == b"late\n"


def test_key_is_refused(account):
    other_key = paramiko.ECDSAKey.generate()
    with pytest.raises(paramiko.AuthenticationException), account.client(pkey=other_key):
        pass


def test_unknown_server_is_refused(account):
    with (
        paramiko.SSHClient() as client,
        pytest.raises(paramiko.SSHException, match="not found in known_hosts"),
    ):
        client.connect(*account.address, username=account.name, pkey=account.key)
