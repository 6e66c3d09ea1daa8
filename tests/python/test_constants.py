"""The constants: those that stock lacks, and the lists against the module and its stub."""

import ast
import importlib.util
import sys
from pathlib import Path

import pytest

import csocket

ROOT = Path(__file__).parents[2]
LISTS = ROOT / "src" / "constants"
STUB = Path(csocket.__file__).parent / "__init__.pyi"

ENUM_OF_PREFIX = {
    "AF_": "AddressFamily",
    "SOCK_": "SocketKind",
    "MSG_": "MsgFlag",
    "AI_": "AddressInfo",
}

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the lists have Linux's values")

# Some of each subject that stock does not know, with the numbers of Linux 7.2.
BEYOND_STOCK = """
SO_TIMESTAMP 29             SCM_TIMESTAMP 29            SO_TIMESTAMP_NEW 63
SO_TIMESTAMPNS 35           SCM_TIMESTAMPNS 35          SO_TIMESTAMPNS_OLD 35
SO_TIMESTAMPING 37          SCM_TIMESTAMPING 37         SO_TIMESTAMPING_NEW 65
SOF_TIMESTAMPING_TX_SOFTWARE 2                          SOF_TIMESTAMPING_OPT_ID_TCP 65536
SOF_TIMESTAMPING_OPT_RX_FILTER 131072                   SOF_TIMESTAMPING_TX_COMPLETION 262144
SO_TXTIME 61                SCM_TXTIME 61               SOF_TXTIME_REPORT_ERRORS 2
SO_RXQ_OVFL 40              SO_ZEROCOPY 60              SO_MAX_PACING_RATE 47
SO_BUSY_POLL 46             SO_PREFER_BUSY_POLL 69      SO_BUSY_POLL_BUDGET 70
SO_COOKIE 57                SO_NETNS_COOKIE 71          SO_MEMINFO 55
SO_PEERPIDFD 77             SO_PASSPIDFD 76             SCM_PIDFD 4
SO_ATTACH_BPF 50            SO_ATTACH_REUSEPORT_CBPF 51 SO_ATTACH_REUSEPORT_EBPF 52
SO_DETACH_REUSEPORT_BPF 68  SO_RESERVE_MEM 73           SO_TXREHASH 74
SO_RCVPRIORITY 82           SO_DEVMEM_DMABUF 79         SO_INQ 84
SO_EE_ORIGIN_ICMP 2         SO_EE_ORIGIN_ZEROCOPY 5     SO_EE_CODE_ZEROCOPY_COPIED 1
MSG_ZEROCOPY 0x4000000      MSG_WAITFORONE 0x10000      MSG_NOTIFICATION 0x8000
IP_MTU_DISCOVER 10          IP_PMTUDISC_DO 2            IP_PMTUDISC_PROBE 3
IP_MTU 14                   IP_FREEBIND 15              IP_MULTICAST_ALL 49
IP_LOCAL_PORT_RANGE 51      IP_PROTOCOL 52              IPPROTO_DCCP 33
IPV6_MTU_DISCOVER 23        IPV6_MTU 24                 IPV6_PMTUDISC_DO 2
IPV6_ADDR_PREFERENCES 72    IPV6_PREFER_SRC_TMP 1       IPV6_FREEBIND 78
MCAST_JOIN_GROUP 42         MCAST_LEAVE_SOURCE_GROUP 47 MCAST_INCLUDE 1
UDP_SEGMENT 103             UDP_GRO 104                 UDP_CORK 1
UDP_ENCAP 100               UDP_ENCAP_ESPINUDP 2        TCP_AO_ADD_KEY 38
TCP_IS_MPTCP 43             TCP_RTO_MAX_MS 44           TCP_RTO_MIN_US 45
TCP_DELACK_MAX_US 46        TCP_REPAIR_OFF_NO_WP -1     TCP_ESTABLISHED 1
SOL_SCTP 132                SOL_UDPLITE 136             SOL_PACKET 263
SOL_NETLINK 270             SOL_CAN_J1939 107           SOL_VSOCK 287
SOL_TLS 282                 TLS_TX 1                    TLS_1_3_VERSION 0x304
TLS_CIPHER_AES_GCM_128 51   TLS_CIPHER_AES_GCM_128_KEY_SIZE 16
NETLINK_ADD_MEMBERSHIP 1    NETLINK_EXT_ACK 11          NETLINK_GENERIC 16
NLM_F_DUMP 0x300            RTMGRP_LINK 1               RTNLGRP_NEIGH 3
PACKET_FANOUT 18            PACKET_FANOUT_HASH 0        PACKET_FANOUT_FLAG_DEFRAG 0x8000
PACKET_RX_RING 5            PACKET_AUXDATA 8            TPACKET_V3 2
PACKET_MR_PROMISC 1         ETH_P_IPV6 0x86dd           ARPHRD_ETHER 1
SOL_MPTCP 284               MPTCP_INFO 1                MPTCP_FULL_INFO 4
AF_XDP 44                   SOL_XDP 283                 XDP_UMEM_REG 4
XDP_UMEM_PGOFF_FILL_RING 0x100000000                    AF_MCTP 45
CAN_RAW_XL_FRAMES 7         CAN_RAW_XL_VCID_OPTS 8      CANXL_MTU 2060
VMADDR_FLAG_TO_HOST 1       SO_VM_SOCKETS_CONNECT_TIMEOUT 6
ALG_SET_KEY_BY_KEY_SERIAL 7 TIPC_GROUP_JOIN 135         RDS_CMSG_RDMA_ARGS 1
QRTR_PORT_CTRL 0xfffffffe   SCTP_EVENTS 11              DCCP_SOCKOPT_SERVICE 2
SOCK_DCCP 6                 SIOCINQ 0x541b              SIOCGIFADDR 0x8915
""".split()

OF_OTHER_SYSTEMS = """
AF_DIVERT AF_HYPERV AF_LINK AF_SYSTEM IPPROTO_EON IPPROTO_GGP IPPROTO_XTP LOCAL_CREDS
LOCAL_PEERCRED MSG_BCAST MSG_MCAST PF_DIVERT PF_SYSTEM RCVALL_ON SCM_CREDS SCM_CREDS2 SIO_RCVALL
SO_EXCLUSIVEADDRUSE SO_HANDLE SO_RERROR SO_RTABLE SO_SETFIB SO_USELOOPBACK SO_USER_COOKIE
SYSPROTO_CONTROL TCP_CONNECTION_INFO TCP_KEEPALIVE
""".split()


def read_lists():
    """The content of the lists: {name: value}."""
    spec = importlib.util.spec_from_file_location("generate", LISTS / "generate.py")
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    lists = sorted(map(str, LISTS.glob("*.list")))
    return {constant.name: constant.value for constant in generate.read_lists(lists)}


def type_name(name, value):
    """Names in capitals with the prefix of an enum are members; the others are plain numbers."""
    prefix = name.partition("_")[0] + "_"
    enum = ENUM_OF_PREFIX.get(prefix) if name.isupper() else None
    return enum or type(value).__name__


def stub_constants():
    """The values in the stub: {name: type} for public names, and {name: value} for members of
    enums."""
    tree = ast.parse(STUB.read_text(encoding="utf-8"))
    types = {}
    members = {}
    for node in tree.body:
        if isinstance(node, ast.AnnAssign):
            types[node.target.id] = ast.unparse(node.annotation)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Attribute):
            types[node.targets[0].id] = ast.unparse(node.value)
        elif isinstance(node, ast.ClassDef) and node.name in ENUM_OF_PREFIX.values():
            for line in node.body:
                members[f"{node.name}.{line.targets[0].id}"] = ast.literal_eval(line.value)
    return {name: text for name, text in types.items() if not name.startswith("_")}, members


@pytest.mark.parametrize("name, value", list(zip(BEYOND_STOCK[::2], BEYOND_STOCK[1::2])))
def test_beyond_stock(name, value):
    found = getattr(csocket, name)
    assert found == int(value, 0)
    assert type(found).__name__ == type_name(name, 0)


@pytest.mark.parametrize("name", OF_OTHER_SYSTEMS)
def test_of_other_systems(name):
    assert not hasattr(csocket, name)
    assert name not in csocket.__all__


def test_module_has_the_lists():
    wrong = []
    for name, value in read_lists().items():
        found = getattr(csocket, name, None)
        if found != value or type(found).__name__ != type_name(name, value):
            wrong.append((name, value, found))
    assert wrong == []


def test_names_of_the_lists_are_public():
    names = set(read_lists())
    assert names - set(dir(csocket)) == set()
    assert names - set(csocket.__all__) == set()


def test_c_module_has_plain_numbers():
    for name, value in read_lists().items():
        found = getattr(csocket._csocket, name)
        assert (found, type(found)) == (value, type(value)), name


def test_no_constant_is_from_elsewhere():
    """Every public name in capitals is in a list, apart from these."""
    others = {"CAPI", "CMSG_LEN", "CMSG_SPACE"}
    names = {name for name in csocket.__all__ if name.isupper()}
    assert names - set(read_lists()) == others


def test_stub_has_the_lists():
    types, members = stub_constants()
    expected = {}
    expected_members = {}
    for name, value in read_lists().items():
        enum = type_name(name, value)
        expected[name] = enum
        if enum in ENUM_OF_PREFIX.values():
            expected[name] = f"{enum}.{name}"
            expected_members[f"{enum}.{name}"] = value
    others = {"CAPI", "SocketType", "has_ipv6"}
    assert types.keys() - expected.keys() == others
    assert {name: types.get(name) for name in expected} == expected
    assert members == expected_members
