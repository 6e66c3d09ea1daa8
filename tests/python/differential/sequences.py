"""Several calls in a row: each changes the state for the next."""

from .values import LEVEL, LINGER, REUSE

AFTER_CLOSE = (
    "recv(5)",
    "recv_into(buffer)",
    "recvfrom(5)",
    "recvfrom_into(buffer)",
    "recvmsg(5)",
    "recvmsg_into([buffer])",
    "send(b'a')",
    "sendall(b'a')",
    "sendall(b'')",
    "sendmsg([b'a'])",
    "sendfile(file)",
    "getsockname()",
    "getpeername()",
    f"getsockopt({LEVEL}, {REUSE})",
    f"setsockopt({LEVEL}, {REUSE}, 1)",
    "listen()",
    "accept()",
    "shutdown(2)",
    "dup()",
    "detach()",
    "fileno()",
    "settimeout(1)",
    "setblocking(True)",
    "gettimeout()",
    "get_inheritable()",
    "set_inheritable(True)",
    "makefile()",
    "close()",
    "family",
    "type",
    "proto",
    "timeout",
    "__repr__()",
)

# Calls that can wait, with a timeout of zero and with one that expires.
WAITING = (
    "recv(5)",
    "recv_into(buffer)",
    "recvfrom(5)",
    "recvfrom_into(buffer)",
    "recvmsg(5)",
    "recvmsg_into([buffer])",
    "accept()",
)

# Calls on a socket that is never connected.
TRANSFERS = (
    *WAITING[:-1],
    "recv(5, socket.MSG_PEEK)",
    "recv(5, socket.MSG_WAITALL)",
    "recv(1, socket.MSG_OOB)",
    "send(b'a')",
    "send(b'')",
    "sendall(b'a')",
    "sendto(b'a', listener.getsockname())",
    "sendmsg([b'a'])",
    "sendfile(file)",
    "_sendfile_use_send(file)",
    "makefile('rb', 0).read(5)",
    "makefile('rb').readline()",
    "makefile('wb', 0).write(b'a')",
)
UNCONNECTED = ("listener", "unix_listener", "tcp")

SEQUENCES = (
    *(f"after(left.close(), left.{call})" for call in AFTER_CLOSE),
    *(f"after(closing(left.detach()), left.{call})" for call in AFTER_CLOSE),
    *(f"after(left.close(), caught(lambda: left.{call}), left.close())" for call in AFTER_CLOSE),
    *(f"idle.{call}" for call in WAITING),
    *(f"after(udp.bind(('127.0.0.1', 0)), udp.{call})" for call in WAITING),
    *(f"after(left.recv(5), caught(lambda: left.{call}), left.gettimeout())" for call in WAITING),
    *(f"{sock}.{call}" for sock in UNCONNECTED for call in TRANSFERS),
    *(
        f"after({sock}.settimeout({timeout}), {sock}.{call})"
        for sock in UNCONNECTED
        for call in TRANSFERS
        for timeout in (0, None)
    ),
    *(f"{sock}.recv(1, socket.MSG_OOB)" for sock in ("udp", "left", "message", "connected", "urgent")),
    f"after(connected.setsockopt({LEVEL}, socket.SO_RCVLOWAT, 9), connected.recv(9))",
    "[left.send(bytes(1 << 14)) for _ in range(8)]",
    "after(left.sendall(bytes(1 << 17)), left.sendall(b'a'))",
    "(left.recv(2), left.recv(0), left.recv(10))",
    "(left.recv(2, 2), left.recv(10))",
    "(message.recv(2), message.recv(10))",
    "(message.recvmsg(2), message.recvmsg(10))",
    "(len(message.recv(2, 0x20)), message.recv(10))",
    "after(left.recv_into(buffer, 2), left.recv_into(memoryview(buffer)[4:]))",
    "after(left.shutdown(socket.SHUT_WR), left.send(b'a'))",
    "after(left.shutdown(socket.SHUT_WR), left.sendall(b'a'))",
    "after(left.shutdown(socket.SHUT_RD), left.recv(9), left.recv(9))",
    "after(lonely.recv(9), lonely.recv(9))",
    "caught(lambda: idle.sendall(bytes(1 << 22)))",
    "caught(lambda: left.sendall(bytes(1 << 22)))",
    "caught(lambda: [idle.send(bytes(1 << 16)) for _ in range(99)])",
    "after(tcp.connect_ex(('127.0.0.1', 1)), tcp.connect_ex(('127.0.0.1', 1)))",
    "after(tcp.connect(listener.getsockname()), tcp.connect_ex(listener.getsockname()))",
    (
        "after(tcp.connect(listener.getsockname()), "
        "caught(lambda: tcp.connect(listener.getsockname())))"
    ),
    "after(tcp.setblocking(False), caught(lambda: tcp.connect(('127.0.0.1', 1))))",
    "after(tcp.setblocking(False), tcp.connect_ex(('127.0.0.1', 1)))",
    "after(tcp.settimeout(None), tcp.connect_ex(('127.0.0.1', 1)))",
    "after(tcp.bind(('127.0.0.1', 0)), caught(lambda: tcp.bind(('127.0.0.1', 0))))",
    "caught(lambda: tcp.bind(listener.getsockname()))",
    "after(udp.connect(('127.0.0.1', 9)), udp.send(b'a'), udp.getpeername())",
    "after(udp.connect(('127.0.0.1', 9)), caught(lambda: udp.sendto(b'a', ('127.0.0.1', 9))))",
    "after(listener.settimeout(None), listener.accept())",
    "after(listener.setblocking(False), listener.accept(), caught(lambda: listener.accept()))",
    "after(socket.setdefaulttimeout(3), listener.accept())",
    "after(socket.setdefaulttimeout(3), socket.socket(), socket.socketpair(), tcp.dup())",
    "after(socket.setdefaulttimeout(0), socket.socket(), listener.accept())",
    "after(socket.setdefaulttimeout(3), socket.create_connection(('127.0.0.1', 1)))",
    (
        "after(socket.setdefaulttimeout(3), socket.socket(socket.AF_INET, "
        "socket.SOCK_STREAM | socket.SOCK_NONBLOCK))"
    ),
    "listener.accept()[0].type",
    "listener.accept()[0].family",
    (
        "(tcp.family == 2, tcp.type == 1, isinstance(tcp.family, socket.AddressFamily), "
        "isinstance(tcp.type, socket.SocketKind))"
    ),
    (
        "isinstance(tcp, base.socket), base.socket is socket.SocketType, "
        "issubclass(socket.socket, base.socket)"
    ),
    (
        "socket.error is OSError, socket.timeout is TimeoutError, issubclass(socket.gaierror, "
        "OSError), issubclass(socket.herror, OSError)"
    ),
    "after(tcp.set_inheritable(True), tcp.dup(), socket.fromfd(tcp.fileno(), 2, 1))",
    (
        f"after(tcp.setsockopt({LEVEL}, {REUSE}, 1), tcp.getsockopt({LEVEL}, {REUSE}), "
        f"tcp.getsockopt({LEVEL}, {REUSE}, 4), tcp.getsockopt({LEVEL}, {REUSE}, 2))"
    ),
    f"after(tcp.setsockopt({LEVEL}, {LINGER}, b'\\1\\0\\0\\0\\5\\0\\0\\0'), "
    f"tcp.getsockopt({LEVEL}, {LINGER}, 8))",
    "unix.bind(folder + '/s') or unix.getsockname()",
    "unix.bind((folder + '/s').encode()) or unix.getsockname()",
    "unix.bind('\\0csocket-x\\0y') or unix.getsockname()",
    "unix.bind(b'\\0csocket-x\\xff') or unix.getsockname()",
    "unix.bind(folder + '/\\xe9') or unix.getsockname()",
    "unix.bind(folder + '/\\udcff') or unix.getsockname()",
    "unix.bind('') or unix.getsockname()",
    "after(unix.bind(folder + '/s'), unix.sendto(b'a', folder + '/s'), unix.recvfrom(5))",
    "after(unix.bind('\\0csocket-self'), unix.sendto(b'a', '\\0csocket-self'), unix.recvmsg(5))",
    # makefile and the count of open files
    (
        "after(f := left.makefile('rb'), left.close(), left._closed, f.read(5), "
        "valid(left.fileno()), f.close(), left.fileno())"
    ),
    (
        "after(f := left.makefile('rb', 0), left.close(), f.read(5), f.close(), f.closed, "
        "left.fileno())"
    ),
    "after(f := left.makefile('rb'), f.close(), valid(left.fileno()), left.recv(5))",
    (
        "after(f := left.makefile('rb'), g := left.makefile('wb'), left.close(), f.close(), "
        "valid(left.fileno()), g.close(), left.fileno())"
    ),
    "after(f := left.makefile('rb'), f.close(), caught(lambda: f.read(1)))",
    (
        "after(f := left.makefile('rb', 0), f.close(), caught(lambda: f.readinto(buffer)), "
        "caught(lambda: f.fileno()), f.name)"
    ),
    (
        "after(f := left.makefile('wb', 0), f.close(), caught(lambda: f.write(b'a')), "
        "caught(lambda: f.writable()))"
    ),
    (
        "after(f := left.makefile('rb', 0), f.close(), caught(lambda: f.readable()), "
        "caught(lambda: f.seekable()), f.close())"
    ),
    (
        "after(f := left.makefile('rb', 0), f.read(5), caught(lambda: f.read(1)), "
        "caught(lambda: f.read(1)))"
    ),
    (
        "after(f := left.makefile('rb'), f.read(5), caught(lambda: f.read(1)), "
        "caught(lambda: f.read(1)))"
    ),
    "after(f := left.makefile('rb'), caught(lambda: f.readline()), caught(lambda: f.readline()))",
    "after(f := idle.makefile('rb', 0), f.read(5), f.readinto(buffer), f.read())",
    "after(f := idle.makefile('rb'), f.read(5), f.read1(5), f.peek())",
    "after(f := idle.makefile('wb', 0), f.write(b'abc'), f.write(b''))",
    "after(f := lonely.makefile('rb'), f.read(), f.read())",
    "after(f := lonely.makefile('r'), f.read(), f.readline(), list(f))",
    "after(f := lonely.makefile('wb', 0), caught(lambda: f.write(b'a')))",
    "after(f := lonely.makefile('wb'), f.write(b'a'), caught(lambda: f.flush()))",
    "left.makefile('r', encoding='ascii').read(3)",
    "left.makefile('rw', newline='').mode",
    "after(f := left.makefile('rwb'), f.write(b'abc'), f.flush(), f.read(5))",
    "after(left.settimeout(0), left.makefile('rb', 0).read(9), left.makefile('r').read(9))",
    "after(left.__enter__().recv(5), left.__exit__(None, None, None), left.fileno())",
    # sendfile and the position of the file
    *(
        f"caught(lambda: {sock}.sendfile({given}))"
        for sock in ("left", "lonely", "closed", "udp", "idle")
        for given in (
            "file",
            "file, 2",
            "file, 2, 3",
            "file, 20",
            "file, 0, 20",
            "file, 5, 0",
            "file, -1",
            "file, count=4",
            "file, 0, None",
        )
    ),
    *(
        f"after(g := io.BytesIO(b'0123456789'), "
        f"caught(lambda: {sock}.sendfile(g{given})), g.tell())"
        for sock in ("left", "lonely", "closed", "udp", "idle")
        for given in ("", ", 2", ", 2, 3", ", 20", ", 0, 20", ", 5, 0", ", -1", ", 0, None")
    ),
    # descriptors that arrive with a message
    "received(socket.recv_fds(passing, 5, 2))",
    "received(socket.recv_fds(passing, 5, 1))",
    "received(socket.recv_fds(passing, 5, 0))",
    "received(socket.recv_fds(passing, 1, 9))",
    "received(socket.recv_fds(left, 5, 9))",
    "passing.recv(5)",
    *(f"passing.recvmsg(5, {size})" for size in range(0, 40)),
    *(f"passing.recvmsg_into([buffer], {size})" for size in (0, 15, 16, 19, 20, 23, 24, 64)),
    "passing.recvmsg(5, 64, socket.MSG_CMSG_CLOEXEC)[2] == socket.MSG_CMSG_CLOEXEC",
    # a given number overrides the descriptor's own
    "socket.socket(fileno=spare)",
    "socket.socket(socket.AF_INET6, socket.SOCK_DGRAM, 5, fileno=spare)",
    "socket.socket(77, 88, 99, spare)",
    "base.socket(fileno=spare)",
    "after(socket.setdefaulttimeout(2), socket.socket(fileno=spare))",
    "after(os.set_blocking(spare, False), socket.socket(fileno=spare))",
)
