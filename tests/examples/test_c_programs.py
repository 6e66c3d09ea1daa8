"""The programs in examples/c, built with the installed library: with ASan and UBSan, and under valgrind.

The servers choose a free port, and print it.
"""

import contextlib
import hashlib
import os
import re
import resource
import shutil
import socket
import subprocess
import sys
import threading
import time
from functools import partial

import pytest
from building import CC, ROOT, flags, output

SOURCES = sorted((ROOT / "examples" / "c").glob("*.c"))
SERVERS = "echo_server", "epoll_server", "http_server", "proxy", "udp_server"
WITHOUT_ARGUMENTS = "interfaces", "sha256"
SANITIZED = "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=undefined"
# Runs the program of this name. An error or lost memory changes the exit status. What a look-up without
# an answer uses is not lost: its thread still runs.
VALGRIND = """\
#!/bin/sh
exec valgrind --quiet --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite \\
    --error-exitcode=99 "${0%/*}/programs/${0##*/}" "$@"
"""
LIMIT = 60

# Each wait of a process begins with a signal that comes after the last test of a flag before it.
SIGNAL_FIRST = """\
#include <dlfcn.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static void signal_first(void)
{
    static atomic_flag done;
    if (!atomic_flag_test_and_set(&done))
        kill(getpid(), SIGTERM);
}

#define BEFORE(name, parameters, arguments)                        \\
    int name parameters                                            \\
    {                                                              \\
        signal_first();                                            \\
        return ((int(*) parameters)dlsym(RTLD_NEXT, #name)) arguments; \\
    }

BEFORE(ppoll, (struct pollfd *p, nfds_t n, const struct timespec *t, const sigset_t *s), (p, n, t, s))
BEFORE(epoll_wait, (int q, struct epoll_event *e, int n, int t), (q, e, n, t))
BEFORE(accept4, (int fd, struct sockaddr *a, socklen_t *n, int flags), (fd, a, n, flags))
"""
# A resolver that does not answer in time.
SLOW_RESOLVER = """\
#include <unistd.h>
int getaddrinfo(void) { for (;;) pause(); }
"""

pytestmark = pytest.mark.skipif(not shutil.which("pkg-config"), reason="no pkg-config")


@pytest.fixture(scope="session", params=["sanitizers", "valgrind"])
def programs(request, prefix, tmp_path_factory):
    """The folder of the programs, or of the scripts that run them."""
    folder = tmp_path_factory.mktemp("programs")
    (folder / "programs").mkdir()
    library = *flags(prefix, "--cflags", "--libs"), f"-Wl,-rpath,{prefix}/lib", "-pthread"
    for source in SOURCES:
        program = folder / source.stem
        if request.param == "sanitizers":
            output(*CC, "-Wconversion", *SANITIZED, source, "-o", program, *library)
        elif shutil.which("valgrind"):
            output(*CC, "-g", source, "-o", folder / "programs" / source.stem, *library)
            program.write_text(VALGRIND)
            program.chmod(0o755)
        else:
            pytest.skip("no valgrind")
    return folder


@pytest.fixture
def run(programs):
    """Run a program: what it printed, its errors and its exit status."""

    def run_program(name, *arguments, data=None, **options):
        command = [programs / name, *map(str, arguments)]
        return subprocess.run(command, input=data, capture_output=True, timeout=LIMIT, **options)

    return run_program


@pytest.fixture
def served(programs):
    """Run a server until SIGTERM: its port. It must print the errors that are expected alone."""

    @contextlib.contextmanager
    def serve(name, *arguments, expected="", **options):
        command = [programs / name, "0", *map(str, arguments)]
        with subprocess.Popen(command, stdout=-1, stderr=-1, text=True, **options) as server:
            try:
                line = server.stdout.readline()
                yield int(line.rpartition(":")[2])
            finally:
                server.terminate()
                _, errors = server.communicate(timeout=LIMIT)
        assert re.fullmatch(expected, errors) and server.returncode == 0, errors

    return serve


@pytest.fixture
def preloaded(tmp_path):
    """Compile a library: the environment of a program that is to load it first."""

    def preload(source):
        library = tmp_path / "preloaded.so"
        (tmp_path / "preloaded.c").write_text("#define _GNU_SOURCE\n" + source)
        output(*CC, "-w", "-shared", "-fPIC", "-o", library, tmp_path / "preloaded.c", "-ldl")
        options = {"LD_PRELOAD": str(library), "ASAN_OPTIONS": "verify_asan_link_order=0"}
        return os.environ | options

    return preload


def connected(port, host="127.0.0.1"):
    return socket.create_connection((host, port), timeout=LIMIT)


def read(sock):
    """What comes until the end."""
    with sock.makefile("rb") as file:
        return file.read()


def exchanged(sock, data):
    """Send data while its answer is received: all that comes until the end."""

    def send():
        sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)

    sender = threading.Thread(target=send)
    sender.start()
    answer = read(sock)
    sender.join()
    return answer


@pytest.mark.parametrize("name", [path.stem for path in SOURCES if path.stem not in WITHOUT_ARGUMENTS])
def test_wrong_arguments_are_told(run, name):
    done = run(name, *"12345")
    assert done.returncode == 2 and b"arguments: " in done.stderr


@pytest.mark.parametrize("name", SERVERS)
def test_a_signal_just_before_the_wait_ends_a_server(programs, preloaded, name):
    arguments = ["127.0.0.1", "1"] if name == "proxy" else []
    done = subprocess.run(
        [programs / name, "0", *arguments],
        env=preloaded(SIGNAL_FIRST),
        capture_output=True,
        timeout=LIMIT,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_echo(run, served):
    with served("echo_server") as port:
        with connected(port), connected(port):  # silent clients hold up neither others nor the end
            for host in ("localhost", "127.0.0.1"):
                done = run("echo_client", host, port, "Hello, world")
                assert (done.stdout, done.stderr, done.returncode) == (b"Hello, world\n", b"", 0)
            with connected(port) as sock:
                data = os.urandom(3_000_000)
                assert exchanged(sock, data) == data


@pytest.mark.parametrize("name", ["echo_server", "http_server", "proxy"])
def test_clients_do_not_hold_up_the_end(served, name):
    """One is silent, and one reads nothing of much: the servers would give them 10 s."""
    with socket.create_server(("127.0.0.1", 0)) as target, contextlib.ExitStack() as clients:
        arguments = target.getsockname() if name == "proxy" else []
        # A head that is too long is an error of its own.
        pieces, size = (1, 1000) if name == "http_server" else (1000, 100_000)
        with served(name, *arguments) as port:
            clients.enter_context(connected(port))
            flooding = clients.enter_context(connected(port))
            flooding.setblocking(False)
            with contextlib.suppress(BlockingIOError, ConnectionError):
                for _ in range(pieces):
                    flooding.send(b"x" * size)
                    time.sleep(0.001)
            start = time.monotonic()
        assert time.monotonic() - start < 5


def test_the_client_tells_failures(run):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    done = run("echo_client", "127.0.0.1", port, "Hello")
    assert done.returncode == 1 and b"127.0.0.1: Connection refused" in done.stderr
    done = run("echo_client", "127.0.0.1", "no-such-service", "Hello")
    assert done.returncode == 1 and b"127.0.0.1: " in done.stderr


def test_the_client_has_a_deadline_for_all(run, preloaded):
    """Nothing answers: first the server, then the resolver too."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        environments = None, preloaded(SLOW_RESOLVER)
        done = []
        threads = [
            threading.Thread(target=lambda e=e: done.append(run("echo_client", "localhost", port, "a", env=e)))
            for e in environments
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [one.returncode for one in done] == [1, 1]
    errors = sorted(one.stderr.decode() for one in done)
    assert "localhost: " in errors[0] and "receive: " in errors[1]
    assert all("timed out" in error for error in errors)


def test_a_thousand_clients(served):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2100
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip(f"a process may have only {hard} open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    try:
        usual = partial(resource.setrlimit, resource.RLIMIT_NOFILE, (1024, hard))
        with served("epoll_server", preexec_fn=usual) as port, contextlib.ExitStack() as stack:
            clients = [stack.enter_context(connected(port)) for _ in range(1000)]
            for number, client in enumerate(clients):
                client.sendall(b"%04d" % number)
            answers = [client.recv(4, socket.MSG_WAITALL) for client in clients]
            assert answers == [b"%04d" % number for number in range(1000)]
            # The server has room for a few more, and closes others at once.
            more = [stack.enter_context(connected(port)) for _ in range(30)]
            assert more[-1].recv(1) == b""
            clients[0].close()
            clients[1].sendall(b"still served")
            assert clients[1].recv(12, socket.MSG_WAITALL) == b"still served"
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1"])
def test_udp_answers_come_from_the_address_that_was_asked(served, host):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with served("udp_server") as port, socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.settimeout(LIMIT)
        for data in (b"hello", b"", os.urandom(9000)):
            sock.sendto(data, (host, port))
            answer, sender = sock.recvfrom(65536)
            assert (answer, sender[:2]) == (data, (host, port))


def test_a_passed_file(run, tmp_path):
    (tmp_path / "file").write_bytes(data := os.urandom(100_000))
    done = run("pass_file", tmp_path / "file")
    assert (done.stdout, done.stderr, done.returncode) == (data, b"", 0)
    done = run("pass_file", tmp_path / "missing")
    assert done.returncode == 1 and b"missing: No such file" in done.stderr
    done = run("pass_file", tmp_path)  # the process that got it fails
    assert done.returncode == 1 and b"read: Is a directory" in done.stderr


def test_interfaces(run):
    done = run("interfaces")
    assert (done.stderr, done.returncode) == (b"", 0)
    assert b"lo 127.0.0.1/8" in done.stdout.splitlines()
    if shutil.which("ip"):
        lines = [line.split() for line in output("ip", "-oneline", "address").splitlines()]
        # If an interface has a peer, ip prints the prefix there.
        theirs = {(words[1], words[3].partition("/")[0]) for words in lines}
        ours = {tuple(line.partition("/")[0].split()) for line in done.stdout.decode().splitlines()}
        assert ours == theirs


def launcher(family):
    """What starts a program that needs this family: nothing, or the virtual machine, which has all."""
    try:
        socket.socket(family, socket.SOCK_SEQPACKET).close()
        return []
    except OSError:
        machine = [sys.executable, ROOT / "tests" / "vm" / "machine.py"]
    done = subprocess.run([*machine, "--check"], stderr=subprocess.PIPE, text=True)
    if done.returncode:
        pytest.skip(f"the kernel has no {family.name}, and there is no virtual machine: {done.stderr}")
    return machine


def test_sha256(programs, tmp_path):
    inputs = [b"", b"abc", os.urandom(1_000_000)]
    files = [tmp_path / str(number) for number in range(len(inputs))]
    for file, data in zip(files, inputs, strict=True):
        file.write_bytes(data)
    machine = launcher(socket.AF_ALG)
    if machine and (programs / "programs" / "sha256").exists():
        pytest.skip("valgrind is too slow in the virtual machine")
    each = ["sh", "-ec", 'for file; do "$0" <"$file"; done', programs / "sha256", *files]
    digests = output(*machine, *each).splitlines()[-len(files) :]
    assert digests == [hashlib.sha256(data).hexdigest() for data in inputs]


def test_proxy(served):
    with served("echo_server") as target, served("proxy", "localhost", target) as port:
        with connected(port), connected(port) as sock:
            data = os.urandom(10_000_000)
            assert exchanged(sock, data) == data


def test_a_proxy_without_its_target(served):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        target = listener.getsockname()[1]
    expected = "proxy: client: Connection refused\n"
    with served("proxy", "127.0.0.1", target, expected=expected) as port, connected(port) as sock:
        assert sock.recv(1) == b""


@pytest.mark.skipif(not shutil.which("getent"), reason="no getent")
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_ahosts(run, host):
    done = run("ahosts", host)
    theirs = output("getent", "ahosts", host)
    assert [line.split() for line in done.stdout.decode().splitlines()] == [
        line.split() for line in theirs.splitlines()
    ]
    assert run("ahosts", "no host").returncode == 1


def test_http(served, tmp_path):
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    (tmp_path / "secret").write_text("secret")
    os.mkfifo(folder / "pipe")
    files = {"/a.txt": b"text", "/sub/large": os.urandom(5_000_000), "/empty": b""}
    for path, data in files.items():
        (folder / path[1:]).write_bytes(data)
    refused = f"/missing / /sub /sub/ /pipe /../secret /sub/../../secret /{tmp_path}/secret {tmp_path}/secret secret".split()

    def answer(request):
        with connected(port) as sock:
            sock.sendall(request)
            return read(sock)

    with served("http_server", cwd=folder) as port:
        for path, data in files.items():
            head, _, body = answer(b"GET %s?query HTTP/1.1\r\nHost: x\r\n\r\n" % path.encode()).partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200 OK\r\n") and body == data
            assert b"\r\nContent-Length: %d\r\n" % len(data) in head
        for path in refused:
            assert answer(b"GET %s HTTP/1.1\r\n\r\n" % path.encode()).startswith(b"HTTP/1.1 404 ")
        assert answer(b"POST /a.txt HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 404 ")


def test_http_tells_a_bad_request(served):
    with served("http_server", expected="http_server: client: .*\n") as port, connected(port) as sock:
        exchanged(sock, b"GET / HTT")


def test_multicast(programs):
    """The program hears itself, and a peer; the peer hears the program."""
    group = "239.255.7.9"
    membership = socket.inet_aton(group) + socket.inet_aton("127.0.0.1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((group, 0))
        port = sock.getsockname()[1]
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
        sock.settimeout(LIMIT)
        command = [programs / "multicast", "lo", group, str(port), "a text"]
        with subprocess.Popen(command, stdout=-1, stderr=-1) as program:
            assert sock.recv(100) == b"a text"
            sock.sendto(b"another", (group, port))
            said, errors = program.communicate(timeout=LIMIT)
    assert (errors, program.returncode) == (b"", 0)
    assert re.fullmatch(r"[\d.]+:\d+: a text\n[\d.]+:\d+: another\n", said.decode())


def test_gso_sender(run):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1_000_000)
        sock.bind(("127.0.0.1", 0))
        sock.settimeout(LIMIT)
        data = os.urandom(100_000)
        done = run("gso_sender", "localhost", sock.getsockname()[1], data=data)
        assert (done.stderr, done.returncode) == (b"", 0)
        datagrams = [sock.recv(65536) for _ in range(84)]
    assert b"".join(datagrams) == data
    assert {len(datagram) for datagram in datagrams[:-1]} == {1200}


def test_lost_output_is_told(programs):
    with open("/dev/full", "wb") as full:
        done = subprocess.run([programs / "ahosts", "127.0.0.1"], stdout=full, stderr=-1)
    assert done.returncode == 1 and b"output: No space left on device" in done.stderr


def test_the_twelve_are_short():
    """Twelve programs, in at most 450 lines beside the two headers that they share."""
    assert len(SOURCES) == 12
    assert sum(len(path.read_text().splitlines()) for path in SOURCES) <= 450
