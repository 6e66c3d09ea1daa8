"""Cases made by rule and by seeded chance: many values of one shape."""

import itertools
import random


def addresses_as_text():
    """Text that is, or nearly is, an address, for the inet functions."""
    chance = random.Random(20)
    texts = []
    for _ in range(120):
        parts = [
            str(chance.choice((0, 1, 9, 10, 127, 255, 256, 1000)))
            for _ in range(chance.randint(1, 5))
        ]
        texts.append(chance.choice((".", ".", ".", "..", " .")).join(parts))
    for _ in range(120):
        groups = [f"{chance.randrange(70000):x}" for _ in range(chance.randint(1, 9))]
        if chance.random() < 0.6:
            groups[chance.randrange(len(groups))] = ""
        texts.append(":".join(groups))
    for text in texts:
        yield f"socket.inet_aton({text!r})"
        yield f"socket.inet_pton(2, {text!r})"
        yield f"socket.inet_pton(10, {text!r})"


def addresses_as_bytes():
    chance = random.Random(21)
    for _ in range(150):
        packed = bytes(chance.choice((0, 0, 0, 1, 127, 255, 254, 128)) for _ in range(16))
        yield f"socket.inet_ntop(10, {packed!r})"
        yield f"socket.inet_ntoa({packed[:4]!r})"


def address_information():
    """Every family with every kind, protocol and flag, for numeric hosts."""
    hosts = ("'127.0.0.1'", "'::1'", "None", "'fe80::1%lo'")
    families = ("0", "2", "10")
    kinds = ("0", "1", "2", "3")
    flags = ("4", "4 | 1", "4 | 2", "4 | 0x400", "4 | 8")
    ports = itertools.cycle(("80", "'80'", "'http'", "None", "b'53'", "0"))
    for host, family, kind, flag in itertools.product(hosts, families, kinds, flags):
        yield f"socket.getaddrinfo({host}, {next(ports)}, {family}, {kind}, 0, {flag})"


def names_of_addresses():
    addresses = (
        "('127.0.0.1', 22)",
        "('::1', 80)",
        "('fe80::1', 53, 0, 1)",
        "('0.0.0.0', 9)",
        "('ff02::1', 5353, 5, 1)",
    )
    for address, flags in itertools.product(addresses, range(1, 32, 2)):
        # Bit 2 (NI_NUMERICHOST is 1) stays set: no name is asked for.
        yield f"socket.getnameinfo({address}, {flags})"


def timeouts():
    """That a timeout is kept to the nanosecond, rounded as stock rounds it."""
    chance = random.Random(22)
    for _ in range(150):
        seconds = chance.random() * 10 ** chance.randint(-12, 9)
        yield f"after(tcp.settimeout({seconds!r}), tcp.gettimeout())"
        yield f"after(socket.setdefaulttimeout({seconds!r}), socket.getdefaulttimeout())"


def conversions():
    chance = random.Random(23)
    for _ in range(60):
        yield f"socket.ntohs({chance.randrange(1 << 16)})"
        yield f"socket.htonl({chance.randrange(1 << 32)})"
        yield f"socket.CMSG_SPACE({chance.randrange(1 << 31)})"
        yield f"socket.CMSG_LEN({chance.randrange(1 << 31)})"


def ports_and_services():
    for port in range(0, 1000, 3):
        yield f"socket.getservbyport({port})"
        yield f"socket.getservbyport({port}, 'udp')"


def options():
    """Every option number of the common levels, as it stands on a new socket."""
    for kind, level in (("tcp", 0), ("tcp", 1), ("tcp", 6), ("udp6", 41), ("unix", 1)):
        for option in range(1, 60):
            # These hold times, counts and numbers that vary from socket to socket.
            if (level, option) in ((6, 11), (6, 24), (1, 49), (1, 56), (1, 57)):
                continue
            yield f"{kind}.getsockopt({level}, {option})"
            yield f"{kind}.getsockopt({level}, {option}, 8)"


def addresses_of_families():
    """Wrong forms of addresses, in families that the kernel may lack."""
    fit = {
        "16": ((0, 0), "0, 'x'"),  # AF_NETLINK
        "17": (("lo", 0, 0, 0, b""), "'lo', 70000", "'lo', -1", "'lo', 0, 0, 0, 'x'"),  # AF_PACKET
        "21": (("127.0.0.1", 0), "'127.0.0.1', 70000", "'127.0.0.1', 'x'"),  # AF_RDS
        "29, 1": (("lo",), f"{'x' * 40!r},"),  # AF_CAN, CAN_RAW
        "29, 2": (("lo",), f"{'x' * 40!r},"),
        "29, 6": (("lo", 0, 0), f"{'x' * 40!r}, 0, 0"),
        "29, 7": (("lo", 0, 0, 0), f"{'x' * 40!r}, 0, 0, 0"),
        "29, 99": (("lo",),),
        "30": ((1, 2, 3, 4, 5), "77, 2, 3, 4", "1, 2, 3, 'x'"),  # AF_TIPC
        "31, 0": (("00:00:00:00:00:00", 0), "'x', 0", "5, 0"),  # AF_BLUETOOTH, BTPROTO_L2CAP
        "31, 3": (("00:00:00:00:00:00", 0), "'x', 0", "5, 0"),
        "31, 77": (("x",),),
        "38": (("a", "b", 0, 0), f"{'x' * 20!r}, 'b'", f"'a', {'x' * 70!r}", "5, 'b'"),  # AF_ALG
        "40": ((0, 0), "0, 'x'"),  # AF_VSOCK
        "42": ((0, 0), "0, 'x'"),  # AF_QIPCRTR
        "44": (("x",),),  # AF_XDP, which has no form
        "99": (("x",),),
    }
    for family, (whole, *wrong) in fit.items():
        for method in ("bind", "connect", "connect_ex"):
            yield f"told({family}).{method}(None)"
            yield f"told({family}).{method}({[*whole]!r})"
            yield f"told({family}).{method}({(*whole, 0, 0, 0)!r})"
            for length in range(len(whole)):
                yield f"told({family}).{method}({whole[:length]!r})"
            for parts in wrong:
                yield f"told({family}).{method}(({parts}))"


SUBJECTS = {
    "addresses of families": addresses_of_families,
    "address text": addresses_as_text,
    "address bytes": addresses_as_bytes,
    "address information": address_information,
    "names of addresses": names_of_addresses,
    "timeouts": timeouts,
    "conversions": conversions,
    "services": ports_and_services,
    "option numbers": options,
}
