"""Random lines of Python: each makes one call with valid, odd or hostile arguments."""

import random

from differential import values

SLOTS = 8

# For each kind of parameter: valid values, and the odd ones of the differential test.
KINDS = {
    "address": (
        ("('127.0.0.1', 9)", "s[@].getsockname()", "('127.0.0.1', 0)", "('::1', 0)", "''"),
        values.INET_ADDRESSES + values.INET6_ADDRESSES + values.UNIX_ADDRESSES,
    ),
    "ancdata": (
        ("[]", "[(1, 1, array('i', [look(@)]))]", "[(0, 2, array('i', [64]))]"),
        ("[(1, 1, array('i', [-1]))]", "[(2**31, 2, b'')]", "[5]", "lines('gc.collect()')"),
    ),
    "ancsize": (("0", "64", "24", "16", "20", "1024"), values.SIZES),
    "any": (("None", "5", "'a'", "object()"), values.DATA),
    "buffer": (("buffer", "bytearray(64)", "memoryview(bytearray(70000))"), values.SPACE),
    "buffering": (("-1", "0", "1", "8192"), ("None", "True", "Index(0)", "2**31", "-2**70")),
    "buffers": (
        ("[bytearray(2), buffer]", "[buffer] * 3", "[]"),
        ("Shrinking([buffer, buffer])", "[bytearray(1)] * 1025", "lines('gc.collect()')", "[5]"),
    ),
    "count": (("1", "3", "20", "128", "1025"), ("0", "-1", "Index(3)", "2**31", "2**40", "2**63")),
    "datagram": (("5", "100", "1500", "1"), ("0", "65536", "-1", "2**40", "2**63", "Index(3)")),
    "data": (("b'abc'", "b'x' * 1000", "bytes(300000)", "b''"), values.DATA),
    "datas": (
        ("[b'abc', b'd' * 3000]", "[b'a'] * 20", "lines('gc.collect()')", "b'abc'"),
        ("Shrinking([b'a', b'b'])", "[b'a'] * 1025", "[None]", "[released()]", "5", "b''"),
    ),
    "encoding": (("None", "'utf-8'"), ("'nosuch'", "''", "5", "'a\\0b'")),
    "family": (("1", "2", "10", "16", "17", "-1"), (*values.INTEGERS, "38", "40", "29")),
    "fd": (("look(@)",), values.BAD_DESCRIPTORS),
    "fds": (
        ("[look(@)]", "[]", "[look(0)] * 253"),
        ("[look(0)] * 254", "[-1]", "None", "iter('a')"),
    ),
    "fileno": (("None", "None", "drop(@)"), values.BAD_DESCRIPTORS),
    "file": (
        (
            "open('/proc/self/maps', 'rb')",
            "open('/dev/zero', 'rb')",
            "open(__import__('sys').executable, 'rb')",
            "io.BytesIO(bytes(100000))",
            "f[@]",
        ),
        (
            "open('/dev/null', 'rb')",
            "open('/dev/urandom', 'rb', 0)",
            "open('/proc/version')",
            "s[@]",
            "None",
            "io.StringIO('abc')",
            "look(@)",
        ),
    ),
    "flags": (
        ("0", "0", "0", "2", "0x20", "0x40", "0x100"),
        (*values.FLAGS, "1", "0x2000", "0x8000", "0x4000000", "0x20000000", "0x40000000"),
    ),
    "host": (("'127.0.0.1'", "'::1'", "'localhost'", "''"), values.HOSTS),
    "how": (("0", "1", "2"), values.INTEGERS),
    "integer": (("1", "0", "80"), values.INTEGERS),
    "level": (("1", "6", "0", "17", "41"), values.INTEGERS),
    "messages": (
        (
            "[b'abc', b'de']",
            "[(b'abc', s[@].getsockname())] * 3",
            "[([b'a', b'b'], [], None)]",
            "lines('gc.collect()', 's[0].settimeout(0)')",
            "[b'a'] * 1030",
        ),
        ("Shrinking([b'a', b'b'])", "[(b'a',)]", "5", "[5]", "[(b'a', [5], None)]", "[]"),
    ),
    "mode": (
        ("'r'", "'rb'", "'wb'", "'rwb'", "'rw'", "'w'"),
        ("'x'", "5", "None", "'\\0'", "['r']"),
    ),
    "newline": (("None", "''", "'\\n'"), ("'x'", "5")),
    "option": (("2", "3", "4", "7", "9", "20", "21", "103", "104"), (*values.EDGES, "Index(9)")),
    "port": (("0", "9", "80"), values.PORTS),
    "proto": (("0", "0", "6", "17", "136", "262"), values.INTEGERS),
    "raw_mode": (("'r'", "'w'", "'rw'", "'rb'"), ("'x'", "5", "None", "'\\0'")),
    "service": (("'http'", "'80'", "None", "53"), (*values.PORTS, *values.BROKEN_TEXT)),
    "size": (("5", "100", "1", "65536", "300000"), values.SIZES),
    "sock": (("s[@]",), ("None", "5", "f[@]", "object()", "base.socket()")),
    "text": (
        ("'127.0.0.1'", "'::1'", "'lo'", "'tcp'", "'udp'"),
        (*values.BROKEN_TEXT, *values.NOT_TEXT, "'a' * 5000"),
    ),
    "timeout": (("0.01", "0.005", "0", "None", "0.05"), values.TIMEOUTS),
    "truth": (("True", "False"), values.TRUTHS),
    "type": (("1", "2", "5", "3", "1 | 0x800", "2 | 0x80000"), values.INTEGERS),
    "value": (("1", "0", "4096", "b'\\1\\0\\0\\0'"), (*values.INTEGERS, *values.DATA)),
}

# Values that any parameter may get.
HOSTILE = (
    *values.NOT_NUMBERS,
    *values.BROKEN_TEXT,
    "2**31 - 1",
    "-2**63",
    "2**70",
    "float('nan')",
    "released()",
    "RaisingTruth()",
    "Path",
    "s",
    "s[@]",
    "f[@]",
    "io.BytesIO(b'abc')",
    "lines('s[@].close()', 'f[@].close()')",
)

# The calls of each object, with their parameters. Those after | may be left out.
SOCKET = {
    "_accept": "",
    "_decref_socketios": "",
    "_real_close": "",
    "_sendfile_use_send": "file | size size",
    "_sendfile_use_sendfile": "file | size size",
    "accept": "",
    "bind": "address",
    "close": "",
    "connect": "address",
    "connect_ex": "address",
    "dup": "",
    "fileno": "",
    "get_inheritable": "",
    "getblocking": "",
    "getpeername": "",
    "getsockname": "",
    "getsockopt": "level option | size",
    "gettimeout": "",
    "listen": "| integer",
    "makefile": "| mode buffering",
    "recv": "size | flags",
    "recv_into": "buffer | size flags",
    "recv_segments": "| size flags",
    "recv_segments_into": "buffer | size flags",
    "recvfrom": "size | flags",
    "recvfrom_into": "buffer | size flags",
    "recvmmsg": "count datagram | flags",
    "recvmmsg_into": "buffers | flags",
    "recvmsg": "size | ancsize flags",
    "recvmsg_into": "buffers | ancsize flags",
    "send": "data | flags",
    "send_segments": "data size | address flags",
    "sendall": "data | flags",
    "sendfile": "file | size size",
    "sendmmsg": "messages | flags",
    "sendmsg": "datas | ancdata flags address",
    "sendmsg_afalg": "| datas",
    "sendto": "data | flags address",
    "set_inheritable": "truth",
    "setblocking": "truth",
    "setsockopt": "level option value | size",
    "settimeout": "timeout",
    "shutdown": "how",
    "detach": "",
    "__enter__": "",
    "__exit__": "any any any",
    "__init__": "| family type proto fileno",
    "__repr__": "",
    "__getstate__": "",
    "__reduce__": "",
    "__reduce_ex__": "integer",
    "__del__": "",
    "__dir__": "",
}

# Without detach(): the interpreter's buffered files crash when another thread detaches them.
FILE = {
    "__enter__": "",
    "__exit__": "any any any",
    "__next__": "",
    "close": "",
    "fileno": "",
    "flush": "",
    "isatty": "",
    "read": "| size",
    "read1": "| size",
    "readable": "",
    "readall": "",
    "readinto": "buffer",
    "readline": "| size",
    "readlines": "| size",
    "seek": "size",
    "seekable": "",
    "tell": "",
    "truncate": "| size",
    "writable": "",
    "write": "data",
    "writelines": "datas",
    "__repr__": "",
    "__del__": "",
}

FUNCTIONS = {
    "CMSG_LEN": "size",
    "CMSG_SPACE": "size",
    "SocketIO": "sock raw_mode",
    "close": "fd",
    "create_connection": "address | timeout address",
    "create_server": "address",
    "dup": "fd",
    "fromfd": "fd family type | proto",
    "getaddrinfo": "host service | family type proto flags",
    "getdefaulttimeout": "",
    "getfqdn": "host",
    "gethostbyaddr": "host",
    "gethostbyname": "host",
    "gethostbyname_ex": "host",
    "gethostname": "",
    "getnameinfo": "address flags",
    "getprotobyname": "text",
    "getservbyname": "text | text",
    "getservbyport": "port | text",
    "gil_policy": "text",
    "has_dualstack_ipv6": "",
    "htonl": "integer",
    "htons": "integer",
    "if_indextoname": "integer",
    "if_nameindex": "",
    "if_nametoindex": "text",
    "inet_aton": "text",
    "inet_ntoa": "data",
    "inet_ntop": "family data",
    "inet_pton": "family text",
    "ntohl": "integer",
    "ntohs": "integer",
    "recv_fds": "sock size size | flags",
    "send_fds": "sock datas fds | flags address",
    "setdefaulttimeout": "timeout",
    "socket": "| family type proto fileno",
    "socketpair": "| family type proto",
}

# These are not calls on sockets: they change the machine or the interpreter.
LEFT_OUT = {"install", "uninstall", "publish", "set_public_name", "sethostname", "SocketType"}

# Lines around a call whose result must be closed, or is worth keeping.
AROUND = {
    "accept": "s[@] = {call}[0]",
    "_accept": "track({call}[0])",
    "detach": "track({call})",
    "dup": "s[@] = {call}",
    "makefile": "f[@] = {call}",
    "recvmsg": "rights({call})",
    "recvmsg_into": "rights({call})",
    "recvmmsg": "many_rights({call})",
    "recvmmsg_into": "many_rights({call})",
}
AROUND_FUNCTION = {
    "SocketIO": "f[@] = {call}",
    "create_connection": "s[@] = {call}",
    "create_server": "s[@] = {call}",
    "dup": "track({call})",
    "fromfd": "s[@] = {call}",
    "recv_fds": "received({call})",
    "socket": "s[@] = {call}",
    "socketpair": "s[@], s[@] = {call}",
}

# Sockets of all kinds in all states. If a kernel lacks one, the refusal is a call too.
MAKERS = (
    "s[@], s[@] = connection()",
    "s[@], s[@] = socket.socketpair()",
    "s[@], s[@] = socket.socketpair(1, 2)",
    "s[@], s[@] = socket.socketpair(1, 5)",
    "s[@], s[@] = base.socketpair(1, 1)",
    "s[@] = socket.create_server(('127.0.0.1', 0))",
    "s[@] = socket.create_server(('::', 0), family=10, dualstack_ipv6=True)",
    "s[@] = socket.create_connection(s[@].getsockname(), 0.01)",
    "s[@] = socket.socket(2, 2); s[@].bind(('127.0.0.1', 0))",
    "s[@] = socket.socket(10, 2); s[@].connect(s[@].getsockname())",
    "s[@] = socket.socket(2, 2, 136)",
    "s[@] = socket.socket(2, 1, 262)",
    "s[@] = socket.socket(16, 3, 0)",
    "s[@] = socket.socket(17, 3, 0)",
    "s[@] = socket.socket(38, 5, 0)",
    "s[@] = socket.socket(40, 1, 0)",
    "s[@] = socket.socket(2, 3, 1)",
    "s[@] = base.socket(2, 2)",
    "s[@] = Subclass(1, 2)",
    "s[@] = Subclass(fileno=drop(@))",
    "s[@] = Raises(1, 1)",
    "s[@] = Raises(fileno=drop(@))",
    "s[@] = Raises.dup(s[@])",
    "s[@] = socket.socket.__new__(socket.socket)",
    "s[@] = base.socket.__new__(Subclass)",
    "s[@] = socket.socket(fileno=drop(@))",
    "f[@] = socket.SocketIO.__new__(socket.SocketIO)",
    "f[@] = s[@].makefile('rb')",
    "f[@] = s[@].makefile('rwb', 0)",
    "d.append(number())",
    "d.append(number())",
    "s[@] = None",
    "f[@] = None",
)

# Other things that a program may do with sockets and files.
ODDITIES = (
    "gc.collect()",
    "time.sleep(0.001)",
    "s[@].__class__ = Subclass",
    "s[@].__class__ = socket.socket",
    "s[@]._io_refs = -1",
    "s[@]._closed = True",
    "s[@].me = s[@]",
    "s[@].me = f[@]",
    "del s[@].me",
    "(s[@].family, s[@].type, s[@].proto, s[@].timeout)",
    "s[@].setsockopt(1, 13, b'\\1\\0\\0\\0\\0\\0\\0\\0')",
    "s[@].setsockopt(1, 20, b'\\0\\0\\0\\0\\0\\0\\0\\0\\x10\\x27\\0\\0\\0\\0\\0\\0')",
    "setattr(Subclass, 'close', socket.socket.close)",
    "socket.setdefaulttimeout(0.01)",
    "sys.setswitchinterval(1e-6)",
    "sys.setswitchinterval(0.005)",
    "s[@].__init__()",
    "vars(s[@])",
    "hash(s[@])",
    "s[@] == s[@]",
    "dir(s[@])",
    "list(f[@])",
    "socket.SocketIO.__init__(f[@], s[@], 'rw')",
)


class Author:
    """Writes lines from a seed."""

    def __init__(self, seed):
        self.chance = random.Random(seed)

    def place(self, text):
        """Replaces each @ of the text by a random place."""
        parts = text.split("@")
        places = (str(self.chance.randrange(SLOTS)) for _ in parts[1:])
        return parts[0] + "".join(
            place + part for place, part in zip(places, parts[1:], strict=True)
        )

    def value(self, kind, depth):
        good, odd = KINDS[kind]
        luck = self.chance.random()
        if luck < 0.62:
            return self.place(self.chance.choice(good))
        if luck < 0.85:
            return self.place(self.chance.choice(odd))
        if luck < 0.93 or depth > 1:
            return self.place(self.chance.choice(HOSTILE))
        return f"Calls({self.line(depth + 1)!r}, {self.place(self.chance.choice(good))})"

    def arguments(self, parameters, depth):
        needed, _, optional = parameters.partition("|")
        kinds = needed.split()
        for kind in optional.split():
            if self.chance.random() < 0.5:
                break
            kinds.append(kind)
        if self.chance.random() < 0.02:
            kinds.append("any")
        return ", ".join(self.value(kind, depth) for kind in kinds)

    def call(self, table, receiver, around, depth):
        name = self.chance.choice(list(table))
        call = self.place(f"{receiver}.{name}") + f"({self.arguments(table[name], depth)})"
        form = around.get(name, "{call}")
        head, _, tail = form.partition("{call}")
        return self.place(head) + call + tail

    def line(self, depth=0):
        luck = self.chance.random()
        if luck < 0.60:
            return self.call(SOCKET, "s[@]", AROUND, depth)
        if luck < 0.70:
            return self.call(FILE, "f[@]", {}, depth)
        if luck < 0.82:
            module = "socket" if self.chance.random() < 0.9 else "base"
            return self.call(FUNCTIONS, module, AROUND_FUNCTION, depth)
        return self.place(self.chance.choice(MAKERS if luck < 0.95 else ODDITIES))
