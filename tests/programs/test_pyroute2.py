"""pyroute2 against this machine's kernel, in a network namespace of the test."""

import json
import os
import socket
import subprocess
import threading
from contextlib import contextmanager

import pyroute2
import pytest
from pyroute2 import netns
from servers import find_program

pytestmark = pytest.mark.usefixtures("no_lost_descriptors")

PATIENCE = 30
MANY = 2000


@contextmanager
def namespace():
    """The name of a namespace that exists as long as the block."""
    name = f"csocket-{os.getpid()}"
    netns.create(name)
    try:
        yield name
    finally:
        netns.remove(name)


@pytest.fixture(scope="module", autouse=True)
def permission():
    """Tries only once, because pyroute2 leaves a descriptor open if it is refused a namespace."""
    try:
        with namespace():
            pass
    except PermissionError as error:
        pytest.skip(f"a network namespace cannot be made: {error}")


@pytest.fixture
def name():
    with namespace() as name:
        yield name


@pytest.fixture
def ip(name):
    with pyroute2.NetNS(name) as ip:
        ip.link("set", index=1, state="up")
        yield ip


@pytest.fixture
def pair(ip):
    """The indexes of two interfaces with a virtual cable between them."""
    ip.link("add", ifname="left", kind="veth", peer={"ifname": "right"})
    indexes = [ip.link_lookup(ifname=each)[0] for each in ("left", "right")]
    for index in indexes:
        ip.link("set", index=index, state="up")
    return indexes


def shown_by_ip(name, *arguments):
    """The output of iproute2's own program."""
    command = [find_program("ip", "iproute2"), "-json", "-netns", name, *arguments]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout or "[]")


def test_sockets_are_of_the_module_under_test(ip, assert_under_test):
    assert_under_test(ip.asyncore.local.prime)


def test_links(ip, pair, name):
    ip.link("set", index=pair[0], address="02:00:00:00:00:01", mtu=1400)
    mine = {link.get("ifname"): (link.get("mtu"), link.get("address")) for link in ip.get_links()}
    theirs = {link["ifname"]: (link["mtu"], link["address"]) for link in shown_by_ip(name, "link")}
    assert mine == theirs
    assert mine["left"] == (1400, "02:00:00:00:00:01")


def test_addresses(ip, pair, name):
    for number in range(1, 100):
        ip.addr("add", index=pair[0], address=f"10.0.{number}.1", prefixlen=24)
    ip.addr("add", index=pair[1], address="fd00::1", prefixlen=64)
    mine = {(each.get("address"), each["prefixlen"]) for each in ip.get_addr()}
    theirs = {
        (address["local"], address["prefixlen"])
        for link in shown_by_ip(name, "address")
        for address in link["addr_info"]
    }
    assert mine == theirs
    assert {("10.0.99.1", 24), ("fd00::1", 64)} < mine


def test_dump_of_many_routes(ip, pair, name):
    ip.addr("add", index=pair[0], address="10.0.0.1", prefixlen=24)
    wanted = {f"172.{16 + number // 256}.{number % 256}.0" for number in range(MANY)}
    for network in wanted:
        ip.route("add", dst=f"{network}/24", gateway="10.0.0.2")
    dumped = {route.get("dst") for route in ip.get_routes(family=socket.AF_INET, table=254)}
    assert wanted < dumped
    assert wanted < {route["dst"].partition("/")[0] for route in shown_by_ip(name, "route")}
    for network in wanted:
        ip.route("del", dst=f"{network}/24")
    assert not wanted & {route.get("dst") for route in ip.get_routes(family=socket.AF_INET)}


def test_neighbours(ip, pair, name):
    for number in range(1, 50):
        ip.neigh(
            "add",
            dst=f"10.0.0.{number}",
            lladdr=f"02:00:00:00:00:{number:02x}",
            ifindex=pair[0],
            state="permanent",
        )
    mine = {
        (each.get("dst"), each.get("lladdr"))
        for each in ip.get_neighbours(ifindex=pair[0], family=socket.AF_INET)
    }
    theirs = {
        (each["dst"], each["lladdr"])
        for each in shown_by_ip(name, "-4", "neighbour", "show", "nud", "permanent")
    }
    assert mine == theirs
    assert len(mine) == 49


def test_refused_by_the_kernel(ip):
    with pytest.raises(pyroute2.NetlinkError) as caught:
        ip.route("add", dst="10.9.0.0/16", gateway="192.0.2.1")
    assert caught.value.code in (101, 113)


def test_events(ip, name):
    """A second socket, in a thread, gets events for the changes that the first one makes."""
    seen = set()
    is_bound = threading.Event()

    def watch():
        with pyroute2.NetNS(name) as watcher:
            watcher.bind()
            is_bound.set()
            while "last" not in seen:
                seen.update(
                    each.get("ifname") for each in watcher.get() if each["event"] == "RTM_NEWLINK"
                )

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    assert is_bound.wait(PATIENCE)
    for each in ("first", "second", "last"):
        ip.link("add", ifname=each, kind="veth", peer={"ifname": f"{each}-peer"})
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert {"first", "second", "last"} <= seen


def test_data_crosses_the_cable(ip, pair, name):
    """A TCP connection from one namespace to another, both configured here."""
    other = f"{name}-other"
    netns.create(other)
    try:
        ip.link("set", index=pair[1], net_ns_fd=other)
        ip.addr("add", index=pair[0], address="10.0.0.1", prefixlen=24)
        with pyroute2.NetNS(other) as there:
            index = there.link_lookup(ifname="right")[0]
            there.addr("add", index=index, address="10.0.0.2", prefixlen=24)
            there.link("set", index=index, state="up")
        server = netns.create_socket(other, socket.AF_INET, socket.SOCK_STREAM)
        client = netns.create_socket(name, socket.AF_INET, socket.SOCK_STREAM)
        with server, client:
            server.bind(("10.0.0.2", 0))
            server.listen()
            client.settimeout(PATIENCE)
            client.connect(server.getsockname())
            with server.accept()[0] as connection:
                connection.sendall(b"across")
                assert client.recv(10) == b"across"
                assert connection.getpeername() == client.getsockname()
    finally:
        netns.remove(other)
