"""Ctrl-C in a call that waits: the exception comes when it comes with stock.

Windows has no signals. Ctrl-C runs a thread that notes the signal and sets the interpreter's event.
raise_signal() does the same; GenerateConsoleCtrlEvent() needs a console, which Wine lacks here.
"""

import subprocess
import sys
import textwrap

import pytest

CHILD = """
    import {module} as socket
    import signal, sys, threading, time

    def drain(sock):
        sock.settimeout(2)
        try:
            while sock.recv(1 << 20):
                pass
        except TimeoutError:
            pass

    def run(call, later, timeout):
        a, b = socket.socketpair()
        listener = socket.create_server(("127.0.0.1", 0))
        peer = socket.socket()
        for sock in (a, b, listener):
            sock.settimeout(timeout)

        def interrupt():
            time.sleep(0.3)
            signal.raise_signal(signal.SIGINT)
            time.sleep(2.5)
            later(b, listener, peer)

        thread = threading.Thread(target=interrupt)
        events = []
        begun = time.monotonic()
        # The exception of the signal may replace another one, or come after the call.
        try:
            try:
                thread.start()
                events.append(type(call(a, listener)).__name__)
            except OSError as error:
                events.append(type(error).__name__)
            time.sleep(4)
        except KeyboardInterrupt:
            events.append("interrupted")
        events.append("late" if time.monotonic() - begun > 1.5 else "at once")
        thread.join()
        for sock in (a, b, listener, peer):
            sock.close()
        print(events)

    {case}
"""

CASES = {
    "recv": "run(lambda a, l: a.recv(5), lambda b, l, p: b.send(b'x'), {timeout})",
    "accept": "run(lambda a, l: l.accept()[0].close(), lambda b, l, p: p.connect(l.getsockname()), {timeout})",
    "sendall": "run(lambda a, l: a.sendall(bytes(1 << 24)), "
    "lambda b, l, p: drain(b), {timeout})",
    "sleep": "run(lambda a, l: time.sleep(4), lambda b, l, p: None, {timeout})",
}


def events(module, case, timeout):
    code = textwrap.dedent(CHILD.format(module=module, case=CASES[case].format(timeout=timeout)))
    done = subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, timeout=120, check=False
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    "case, timeout", [*((case, None) for case in CASES), ("recv", 2.5), ("accept", 2.5)]
)
def test_interrupted_when_stock_is(case, timeout):
    expected = events("socket", case, timeout)
    assert "interrupted" in expected
    assert events("csocket", case, timeout) == expected
