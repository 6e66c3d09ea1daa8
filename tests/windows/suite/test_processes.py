"""Sockets and other processes: share(), multiprocessing, install, the command line."""

import multiprocessing
import socket
import subprocess
import sys
import textwrap

import pytest

import csocket


def python(code, *options, **kwargs):
    command = [sys.executable, *options, "-c", textwrap.dedent(code)]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **kwargs
    )


def output(code, *options):
    process = python(code, *options)
    text = process.communicate(timeout=120)[0].decode().replace("\r\n", "\n")
    assert process.returncode == 0, text
    return text


RECEIVER = """
    import sys
    import {module}
    share = sys.stdin.buffer.read()
    with {module}.fromshare(share) as sock:
        sock.sendall(b"from the child")
        assert sock.recv(100) == b"to the child"
"""


@pytest.mark.parametrize("giver, taker", [("csocket", "csocket"), ("csocket", "socket"), ("socket", "csocket")])
def test_share_with_a_child(giver, taker):
    """Each module takes what the other one shares."""
    a, b = {"csocket": csocket, "socket": socket}[giver].socketpair()
    with a, b:
        process = python(RECEIVER.format(module=taker))
        process.stdin.write(b.share(process.pid))
        process.stdin.close()
        assert a.recv(100) == b"from the child"
        a.sendall(b"to the child")
        text = process.stdout.read()
        assert process.wait(120) == 0, text
        process.stdout.close()


def echo(connection):
    """Runs in a child of multiprocessing."""
    sock = connection.recv()
    connection.send(type(sock).__module__)
    sock.sendall(sock.recv(100))
    sock.close()


def test_multiprocessing_sends_a_socket(pair):
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=echo, args=(theirs,))
    process.start()
    ours.send(pair[0])
    assert ours.poll(120)
    assert ours.recv() == "csocket"
    pair[1].sendall(b"there and back")
    assert pair[1].recv(100) == b"there and back"
    process.join(120)
    assert process.exitcode == 0


def test_command_line():
    text = output("import socket, _socket; print(socket.__name__, _socket.__name__)", "-m", "csocket")
    assert text == "csocket csocket._csocket\n"


def test_command_line_and_children():
    code = """
        import subprocess, sys
        command = [sys.executable, "-c", "import socket; print(socket.__name__)"]
        print(subprocess.run(command, capture_output=True, check=True).stdout.decode().strip())
    """
    assert output(code, "-m", "csocket", "--children") == "csocket\n"


def test_install():
    code = """
        import csocket
        csocket.install()
        import asyncio, socket, ssl
        assert socket is csocket

        async def main():
            async def handle(reader, writer):
                writer.write(await reader.readexactly(4))
                writer.close()
            server = await asyncio.start_server(handle, "127.0.0.1", 0)
            port = server.sockets[0].getsockname()[1]
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"echo")
            assert await reader.read() == b"echo"
            writer.close()
            server.close()

        asyncio.run(main())
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(main())
        print(type(asyncio.new_event_loop()).__name__)
    """
    assert output(code) == "ProactorEventLoop\n"


def test_asyncio_is_imported_first_or_later():
    assert output("import csocket, _overlapped, asyncio; print(asyncio.__name__)") == "asyncio\n"
