# The socket module's interface. The constants are those of Linux; elsewhere those are there that
# the system has.

import builtins
from enum import IntEnum, IntFlag
from io import BufferedReader, BufferedRWPair, BufferedWriter, IOBase, RawIOBase, TextIOWrapper
from types import TracebackType
from typing import Any, Literal, Protocol, SupportsFloat, SupportsIndex, overload

from _typeshed import ReadableBuffer, WriteableBuffer
from collections.abc import Iterable
from typing_extensions import CapsuleType, Self, TypeAlias, disjoint_base

from csocket import _csocket as _csocket
from csocket._install import install as install

__all__: list[str]

__version__: str

_Host: TypeAlias = str | bytes | bytearray
_Port: TypeAlias = str | bytes | int
_Address: TypeAlias = tuple[Any, ...] | str | ReadableBuffer
# What comes from the kernel: its form is that of the family.
_PeerAddress: TypeAlias = Any
_Timeout: TypeAlias = SupportsFloat | SupportsIndex | None

class _SendableFile(Protocol):
    def read(self, size: int, /) -> ReadableBuffer: ...
    def seek(self, offset: int, /) -> object: ...

error = OSError
timeout = TimeoutError

class herror(OSError): ...
class gaierror(OSError): ...

CAPI: CapsuleType
SocketType = _csocket.socket
has_ipv6: bool

class socket(_csocket.socket):
    @property
    def family(self) -> AddressFamily: ...
    @property
    def type(self) -> SocketKind: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        exc_type: builtins.type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None: ...
    def accept(self) -> tuple[socket, _PeerAddress]: ...
    def dup(self) -> Self: ...
    def get_inheritable(self) -> bool: ...
    @overload
    def makefile(  # type: ignore[overload-overlap]
        self,
        mode: Literal["b", "rb", "br", "wb", "bw", "rwb", "rbw", "wrb", "wbr", "brw", "bwr"],
        buffering: Literal[0],
        *,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
    ) -> SocketIO: ...
    @overload
    def makefile(
        self,
        mode: Literal["rwb", "rbw", "wrb", "wbr", "brw", "bwr"],
        buffering: int | None = None,
        *,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
    ) -> BufferedRWPair: ...
    @overload
    def makefile(
        self,
        mode: Literal["b", "rb", "br"],
        buffering: int | None = None,
        *,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
    ) -> BufferedReader: ...
    @overload
    def makefile(
        self,
        mode: Literal["wb", "bw"],
        buffering: int | None = None,
        *,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
    ) -> BufferedWriter: ...
    @overload
    def makefile(
        self,
        mode: Literal["", "r", "w", "rw", "wr"] = "r",
        buffering: int | None = None,
        *,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
    ) -> TextIOWrapper: ...
    @overload
    def makefile(
        self,
        mode: str,
        buffering: int | None = None,
        *,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
    ) -> IOBase: ...
    def sendfile(self, file: _SendableFile, offset: int = 0, count: int | None = None) -> int: ...
    def set_inheritable(self, inheritable: SupportsIndex) -> None: ...

@disjoint_base
class SocketIO(RawIOBase):
    def __init__(
        self, sock: _csocket.socket, mode: Literal["r", "w", "rw", "rb", "wb", "rwb"]
    ) -> None: ...
    @property
    def name(self) -> int: ...
    @property
    def mode(self) -> Literal["rb", "wb", "rwb"]: ...
    def readinto(self, b: WriteableBuffer) -> int | None: ...
    def write(self, b: ReadableBuffer) -> int | None: ...

def CMSG_LEN(length: int, /) -> int: ...
def CMSG_SPACE(length: int, /) -> int: ...
def close(fd: SupportsIndex, /) -> None: ...
def create_connection(
    address: tuple[_Host | None, _Port],
    timeout: _Timeout = ...,
    source_address: _Address | None = None,
    *,
    all_errors: bool = False,
) -> socket: ...
def create_server(
    address: _Address,
    *,
    family: int = ...,
    backlog: int | None = None,
    reuse_port: bool = False,
    dualstack_ipv6: bool = False,
) -> socket: ...
def dup(fd: SupportsIndex, /) -> int: ...
def fromfd(fd: SupportsIndex, family: int, type: int, proto: int = 0) -> socket: ...
def getaddrinfo(
    host: _Host | None,
    port: _Port | None,
    family: int = 0,
    type: int = 0,
    proto: int = 0,
    flags: int = 0,
) -> list[
    tuple[
        AddressFamily,
        SocketKind,
        int,
        str,
        tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes],
    ]
]: ...
def getdefaulttimeout() -> float | None: ...
def getfqdn(name: str = "") -> str: ...
def gethostbyaddr(ip_address: _Host, /) -> tuple[str, list[str], list[str]]: ...
def gethostbyname(hostname: _Host, /) -> str: ...
def gethostbyname_ex(hostname: _Host, /) -> tuple[str, list[str], list[str]]: ...
def gethostname() -> str: ...
def getnameinfo(
    sockaddr: tuple[str, int] | tuple[str, int, int] | tuple[str, int, int, int], flags: int, /
) -> tuple[str, str]: ...
def getprotobyname(protocolname: str, /) -> int: ...
def getservbyname(servicename: str, protocolname: str = ..., /) -> int: ...
def getservbyport(port: int, protocolname: str = ..., /) -> str: ...
def has_dualstack_ipv6() -> bool: ...
def htonl(integer: int, /) -> int: ...
def htons(integer: int, /) -> int: ...
def if_indextoname(index: int, /) -> str: ...
def if_nameindex() -> list[tuple[int, str]]: ...
def if_nametoindex(name: str | bytes, /) -> int: ...
def inet_aton(ip_addr: str, /) -> bytes: ...
def inet_ntoa(packed_ip: ReadableBuffer, /) -> str: ...
def inet_ntop(address_family: int, packed_ip: ReadableBuffer, /) -> str: ...
def inet_pton(address_family: int, ip_string: str, /) -> bytes: ...
def ntohl(integer: int, /) -> int: ...
def ntohs(integer: int, /) -> int: ...
def recv_fds(
    sock: _csocket.socket, bufsize: int, maxfds: int, flags: int = 0
) -> tuple[bytes, list[int], int, _PeerAddress]: ...
def send_fds(
    sock: _csocket.socket,
    buffers: Iterable[ReadableBuffer],
    fds: Iterable[int],
    flags: int = 0,
    address: _Address | None = None,
) -> int: ...
def setdefaulttimeout(timeout: _Timeout, /) -> None: ...
def sethostname(name: str | bytes, /) -> None: ...
def socketpair(
    family: int | None = None, type: int = ..., proto: int = 0
) -> tuple[socket, socket]: ...

class AddressFamily(IntEnum):
    AF_UNSPEC = 0
    AF_UNIX = 1
    AF_INET = 2
    AF_AX25 = 3
    AF_IPX = 4
    AF_APPLETALK = 5
    AF_NETROM = 6
    AF_BRIDGE = 7
    AF_ATMPVC = 8
    AF_X25 = 9
    AF_INET6 = 10
    AF_ROSE = 11
    AF_NETBEUI = 13
    AF_SECURITY = 14
    AF_KEY = 15
    AF_NETLINK = 16
    AF_ROUTE = 16
    AF_PACKET = 17
    AF_ASH = 18
    AF_ECONET = 19
    AF_ATMSVC = 20
    AF_RDS = 21
    AF_SNA = 22
    AF_IRDA = 23
    AF_PPPOX = 24
    AF_WANPIPE = 25
    AF_LLC = 26
    AF_CAN = 29
    AF_TIPC = 30
    AF_BLUETOOTH = 31
    AF_ALG = 38
    AF_VSOCK = 40
    AF_QIPCRTR = 42

AF_UNSPEC = AddressFamily.AF_UNSPEC
AF_UNIX = AddressFamily.AF_UNIX
AF_INET = AddressFamily.AF_INET
AF_AX25 = AddressFamily.AF_AX25
AF_IPX = AddressFamily.AF_IPX
AF_APPLETALK = AddressFamily.AF_APPLETALK
AF_NETROM = AddressFamily.AF_NETROM
AF_BRIDGE = AddressFamily.AF_BRIDGE
AF_ATMPVC = AddressFamily.AF_ATMPVC
AF_X25 = AddressFamily.AF_X25
AF_INET6 = AddressFamily.AF_INET6
AF_ROSE = AddressFamily.AF_ROSE
AF_NETBEUI = AddressFamily.AF_NETBEUI
AF_SECURITY = AddressFamily.AF_SECURITY
AF_KEY = AddressFamily.AF_KEY
AF_NETLINK = AddressFamily.AF_NETLINK
AF_ROUTE = AddressFamily.AF_ROUTE
AF_PACKET = AddressFamily.AF_PACKET
AF_ASH = AddressFamily.AF_ASH
AF_ECONET = AddressFamily.AF_ECONET
AF_ATMSVC = AddressFamily.AF_ATMSVC
AF_RDS = AddressFamily.AF_RDS
AF_SNA = AddressFamily.AF_SNA
AF_IRDA = AddressFamily.AF_IRDA
AF_PPPOX = AddressFamily.AF_PPPOX
AF_WANPIPE = AddressFamily.AF_WANPIPE
AF_LLC = AddressFamily.AF_LLC
AF_CAN = AddressFamily.AF_CAN
AF_TIPC = AddressFamily.AF_TIPC
AF_BLUETOOTH = AddressFamily.AF_BLUETOOTH
AF_ALG = AddressFamily.AF_ALG
AF_VSOCK = AddressFamily.AF_VSOCK
AF_QIPCRTR = AddressFamily.AF_QIPCRTR

class SocketKind(IntEnum):
    SOCK_STREAM = 1
    SOCK_DGRAM = 2
    SOCK_RAW = 3
    SOCK_RDM = 4
    SOCK_SEQPACKET = 5
    SOCK_NONBLOCK = 0x800
    SOCK_CLOEXEC = 0x80000

SOCK_STREAM = SocketKind.SOCK_STREAM
SOCK_DGRAM = SocketKind.SOCK_DGRAM
SOCK_RAW = SocketKind.SOCK_RAW
SOCK_RDM = SocketKind.SOCK_RDM
SOCK_SEQPACKET = SocketKind.SOCK_SEQPACKET
SOCK_NONBLOCK = SocketKind.SOCK_NONBLOCK
SOCK_CLOEXEC = SocketKind.SOCK_CLOEXEC

class MsgFlag(IntFlag):
    MSG_OOB = 0x1
    MSG_PEEK = 0x2
    MSG_DONTROUTE = 0x4
    MSG_CTRUNC = 0x8
    MSG_TRUNC = 0x20
    MSG_DONTWAIT = 0x40
    MSG_EOR = 0x80
    MSG_WAITALL = 0x100
    MSG_CONFIRM = 0x800
    MSG_ERRQUEUE = 0x2000
    MSG_NOSIGNAL = 0x4000
    MSG_MORE = 0x8000
    MSG_FASTOPEN = 0x20000000
    MSG_CMSG_CLOEXEC = 0x40000000

MSG_OOB = MsgFlag.MSG_OOB
MSG_PEEK = MsgFlag.MSG_PEEK
MSG_DONTROUTE = MsgFlag.MSG_DONTROUTE
MSG_CTRUNC = MsgFlag.MSG_CTRUNC
MSG_TRUNC = MsgFlag.MSG_TRUNC
MSG_DONTWAIT = MsgFlag.MSG_DONTWAIT
MSG_EOR = MsgFlag.MSG_EOR
MSG_WAITALL = MsgFlag.MSG_WAITALL
MSG_CONFIRM = MsgFlag.MSG_CONFIRM
MSG_ERRQUEUE = MsgFlag.MSG_ERRQUEUE
MSG_NOSIGNAL = MsgFlag.MSG_NOSIGNAL
MSG_MORE = MsgFlag.MSG_MORE
MSG_FASTOPEN = MsgFlag.MSG_FASTOPEN
MSG_CMSG_CLOEXEC = MsgFlag.MSG_CMSG_CLOEXEC

class AddressInfo(IntFlag):
    AI_PASSIVE = 0x1
    AI_CANONNAME = 0x2
    AI_NUMERICHOST = 0x4
    AI_V4MAPPED = 0x8
    AI_ALL = 0x10
    AI_ADDRCONFIG = 0x20
    AI_NUMERICSERV = 0x400

AI_PASSIVE = AddressInfo.AI_PASSIVE
AI_CANONNAME = AddressInfo.AI_CANONNAME
AI_NUMERICHOST = AddressInfo.AI_NUMERICHOST
AI_V4MAPPED = AddressInfo.AI_V4MAPPED
AI_ALL = AddressInfo.AI_ALL
AI_ADDRCONFIG = AddressInfo.AI_ADDRCONFIG
AI_NUMERICSERV = AddressInfo.AI_NUMERICSERV

# No member of AddressFamily, for its name is not all upper case.
AF_DECnet: int

ALG_OP_DECRYPT: int
ALG_OP_ENCRYPT: int
ALG_OP_SIGN: int
ALG_OP_VERIFY: int
ALG_SET_AEAD_ASSOCLEN: int
ALG_SET_AEAD_AUTHSIZE: int
ALG_SET_IV: int
ALG_SET_KEY: int
ALG_SET_OP: int
ALG_SET_PUBKEY: int

BDADDR_ANY: str
BDADDR_BREDR: int
BDADDR_LE_PUBLIC: int
BDADDR_LE_RANDOM: int
BDADDR_LOCAL: str

BTPROTO_HCI: int
BTPROTO_L2CAP: int
BTPROTO_RFCOMM: int
BTPROTO_SCO: int

BT_CHANNEL_POLICY: int
BT_CHANNEL_POLICY_BREDR_ONLY: int
BT_CHANNEL_POLICY_BREDR_PREFERRED: int
BT_CODEC: int
BT_DEFER_SETUP: int
BT_FLUSHABLE: int
BT_FLUSHABLE_OFF: int
BT_FLUSHABLE_ON: int
BT_ISO_QOS: int
BT_MODE: int
BT_MODE_BASIC: int
BT_MODE_ERTM: int
BT_MODE_EXT_FLOWCTL: int
BT_MODE_LE_FLOWCTL: int
BT_MODE_STREAMING: int
BT_PHY: int
BT_PHY_BR_1M_1SLOT: int
BT_PHY_BR_1M_3SLOT: int
BT_PHY_BR_1M_5SLOT: int
BT_PHY_EDR_2M_1SLOT: int
BT_PHY_EDR_2M_3SLOT: int
BT_PHY_EDR_2M_5SLOT: int
BT_PHY_EDR_3M_1SLOT: int
BT_PHY_EDR_3M_3SLOT: int
BT_PHY_EDR_3M_5SLOT: int
BT_PHY_LE_1M_RX: int
BT_PHY_LE_1M_TX: int
BT_PHY_LE_2M_RX: int
BT_PHY_LE_2M_TX: int
BT_PHY_LE_CODED_RX: int
BT_PHY_LE_CODED_TX: int
BT_PKT_STATUS: int
BT_POWER: int
BT_POWER_FORCE_ACTIVE_OFF: int
BT_POWER_FORCE_ACTIVE_ON: int
BT_RCVMTU: int
BT_SECURITY: int
BT_SECURITY_FIPS: int
BT_SECURITY_HIGH: int
BT_SECURITY_LOW: int
BT_SECURITY_MEDIUM: int
BT_SECURITY_SDP: int
BT_SNDMTU: int
BT_VOICE: int
BT_VOICE_CVSD_16BIT: int
BT_VOICE_TRANSPARENT: int
BT_VOICE_TRANSPARENT_16BIT: int

CAN_BCM: int
CAN_BCM_CAN_FD_FRAME: int
CAN_BCM_RX_ANNOUNCE_RESUME: int
CAN_BCM_RX_CHANGED: int
CAN_BCM_RX_CHECK_DLC: int
CAN_BCM_RX_DELETE: int
CAN_BCM_RX_FILTER_ID: int
CAN_BCM_RX_NO_AUTOTIMER: int
CAN_BCM_RX_READ: int
CAN_BCM_RX_RTR_FRAME: int
CAN_BCM_RX_SETUP: int
CAN_BCM_RX_STATUS: int
CAN_BCM_RX_TIMEOUT: int
CAN_BCM_SETTIMER: int
CAN_BCM_STARTTIMER: int
CAN_BCM_TX_ANNOUNCE: int
CAN_BCM_TX_COUNTEVT: int
CAN_BCM_TX_CP_CAN_ID: int
CAN_BCM_TX_DELETE: int
CAN_BCM_TX_EXPIRED: int
CAN_BCM_TX_READ: int
CAN_BCM_TX_RESET_MULTI_IDX: int
CAN_BCM_TX_SEND: int
CAN_BCM_TX_SETUP: int
CAN_BCM_TX_STATUS: int
CAN_EFF_FLAG: int
CAN_EFF_MASK: int
CAN_ERR_FLAG: int
CAN_ERR_MASK: int
CAN_ISOTP: int
CAN_ISOTP_CHK_PAD_DATA: int
CAN_ISOTP_CHK_PAD_LEN: int
CAN_ISOTP_DEFAULT_EXT_ADDRESS: int
CAN_ISOTP_DEFAULT_FLAGS: int
CAN_ISOTP_DEFAULT_FRAME_TXTIME: int
CAN_ISOTP_DEFAULT_LL_MTU: int
CAN_ISOTP_DEFAULT_LL_TX_DL: int
CAN_ISOTP_DEFAULT_LL_TX_FLAGS: int
CAN_ISOTP_DEFAULT_PAD_CONTENT: int
CAN_ISOTP_DEFAULT_RECV_BS: int
CAN_ISOTP_DEFAULT_RECV_STMIN: int
CAN_ISOTP_DEFAULT_RECV_WFTMAX: int
CAN_ISOTP_EXTEND_ADDR: int
CAN_ISOTP_FORCE_RXSTMIN: int
CAN_ISOTP_FORCE_TXSTMIN: int
CAN_ISOTP_HALF_DUPLEX: int
CAN_ISOTP_LISTEN_MODE: int
CAN_ISOTP_LL_OPTS: int
CAN_ISOTP_OPTS: int
CAN_ISOTP_RECV_FC: int
CAN_ISOTP_RX_EXT_ADDR: int
CAN_ISOTP_RX_PADDING: int
CAN_ISOTP_RX_STMIN: int
CAN_ISOTP_SF_BROADCAST: int
CAN_ISOTP_TX_PADDING: int
CAN_ISOTP_TX_STMIN: int
CAN_ISOTP_WAIT_TX_DONE: int
CAN_J1939: int
CAN_RAW: int
CAN_RAW_ERR_FILTER: int
CAN_RAW_FD_FRAMES: int
CAN_RAW_FILTER: int
CAN_RAW_JOIN_FILTERS: int
CAN_RAW_LOOPBACK: int
CAN_RAW_RECV_OWN_MSGS: int
CAN_RTR_FLAG: int
CAN_SFF_MASK: int

EAI_ADDRFAMILY: int
EAI_AGAIN: int
EAI_BADFLAGS: int
EAI_FAIL: int
EAI_FAMILY: int
EAI_MEMORY: int
EAI_NODATA: int
EAI_NONAME: int
EAI_OVERFLOW: int
EAI_SERVICE: int
EAI_SOCKTYPE: int
EAI_SYSTEM: int

ETHERTYPE_ARP: int
ETHERTYPE_IP: int
ETHERTYPE_IPV6: int
ETHERTYPE_VLAN: int

HCI_CHANNEL_CONTROL: int
HCI_CHANNEL_LOGGING: int
HCI_CHANNEL_MONITOR: int
HCI_CHANNEL_RAW: int
HCI_CHANNEL_USER: int
HCI_DATA_DIR: int
HCI_DEV_NONE: int
HCI_FILTER: int
HCI_TIME_STAMP: int

INADDR_ALLHOSTS_GROUP: int
INADDR_ANY: int
INADDR_BROADCAST: int
INADDR_LOOPBACK: int
INADDR_MAX_LOCAL_GROUP: int
INADDR_NONE: int
INADDR_UNSPEC_GROUP: int

IPPORT_RESERVED: int
IPPORT_USERRESERVED: int

IPPROTO_AH: int
IPPROTO_DSTOPTS: int
IPPROTO_EGP: int
IPPROTO_ESP: int
IPPROTO_FRAGMENT: int
IPPROTO_GRE: int
IPPROTO_HOPOPTS: int
IPPROTO_ICMP: int
IPPROTO_ICMPV6: int
IPPROTO_IDP: int
IPPROTO_IGMP: int
IPPROTO_IP: int
IPPROTO_IPIP: int
IPPROTO_IPV6: int
IPPROTO_MPTCP: int
IPPROTO_NONE: int
IPPROTO_PIM: int
IPPROTO_PUP: int
IPPROTO_RAW: int
IPPROTO_ROUTING: int
IPPROTO_RSVP: int
IPPROTO_SCTP: int
IPPROTO_TCP: int
IPPROTO_TP: int
IPPROTO_UDP: int
IPPROTO_UDPLITE: int

IPV6_CHECKSUM: int
IPV6_DONTFRAG: int
IPV6_DSTOPTS: int
IPV6_HDRINCL: int
IPV6_HOPLIMIT: int
IPV6_HOPOPTS: int
IPV6_JOIN_GROUP: int
IPV6_LEAVE_GROUP: int
IPV6_MULTICAST_HOPS: int
IPV6_MULTICAST_IF: int
IPV6_MULTICAST_LOOP: int
IPV6_NEXTHOP: int
IPV6_PATHMTU: int
IPV6_PKTINFO: int
IPV6_RECVDSTOPTS: int
IPV6_RECVERR: int
IPV6_RECVHOPLIMIT: int
IPV6_RECVHOPOPTS: int
IPV6_RECVPATHMTU: int
IPV6_RECVPKTINFO: int
IPV6_RECVRTHDR: int
IPV6_RECVTCLASS: int
IPV6_RTHDR: int
IPV6_RTHDRDSTOPTS: int
IPV6_RTHDR_TYPE_0: int
IPV6_TCLASS: int
IPV6_UNICAST_HOPS: int
IPV6_V6ONLY: int

IP_ADD_MEMBERSHIP: int
IP_ADD_SOURCE_MEMBERSHIP: int
IP_BIND_ADDRESS_NO_PORT: int
IP_BLOCK_SOURCE: int
IP_DEFAULT_MULTICAST_LOOP: int
IP_DEFAULT_MULTICAST_TTL: int
IP_DROP_MEMBERSHIP: int
IP_DROP_SOURCE_MEMBERSHIP: int
IP_FREEBIND: int
IP_HDRINCL: int
IP_MAX_MEMBERSHIPS: int
IP_MULTICAST_IF: int
IP_MULTICAST_LOOP: int
IP_MULTICAST_TTL: int
IP_OPTIONS: int
IP_PKTINFO: int
IP_RECVERR: int
IP_RECVOPTS: int
IP_RECVORIGDSTADDR: int
IP_RECVRETOPTS: int
IP_RECVTOS: int
IP_RECVTTL: int
IP_RETOPTS: int
IP_TOS: int
IP_TRANSPARENT: int
IP_TTL: int
IP_UNBLOCK_SOURCE: int

J1939_EE_INFO_NONE: int
J1939_EE_INFO_TX_ABORT: int
J1939_FILTER_MAX: int
J1939_IDLE_ADDR: int
J1939_MAX_UNICAST_ADDR: int
J1939_NLA_BYTES_ACKED: int
J1939_NLA_PAD: int
J1939_NO_ADDR: int
J1939_NO_NAME: int
J1939_NO_PGN: int
J1939_PGN_ADDRESS_CLAIMED: int
J1939_PGN_ADDRESS_COMMANDED: int
J1939_PGN_MAX: int
J1939_PGN_PDU1_MAX: int
J1939_PGN_REQUEST: int

L2CAP_LM: int
L2CAP_LM_AUTH: int
L2CAP_LM_ENCRYPT: int
L2CAP_LM_MASTER: int
L2CAP_LM_RELIABLE: int
L2CAP_LM_SECURE: int
L2CAP_LM_TRUSTED: int

NETLINK_CRYPTO: int
NETLINK_DNRTMSG: int
NETLINK_FIREWALL: int
NETLINK_IP6_FW: int
NETLINK_NFLOG: int
NETLINK_ROUTE: int
NETLINK_USERSOCK: int
NETLINK_XFRM: int

NI_DGRAM: int
NI_IDN: int
NI_MAXHOST: int
NI_MAXSERV: int
NI_NAMEREQD: int
NI_NOFQDN: int
NI_NUMERICHOST: int
NI_NUMERICSERV: int

PACKET_BROADCAST: int
PACKET_FASTROUTE: int
PACKET_HOST: int
PACKET_LOOPBACK: int
PACKET_MULTICAST: int
PACKET_OTHERHOST: int
PACKET_OUTGOING: int

PF_CAN: int
PF_PACKET: int
PF_RDS: int

SCM_CREDENTIALS: int
SCM_J1939_DEST_ADDR: int
SCM_J1939_DEST_NAME: int
SCM_J1939_ERRQUEUE: int
SCM_J1939_PRIO: int
SCM_RIGHTS: int

SHUT_RD: int
SHUT_RDWR: int
SHUT_WR: int

SOL_ALG: int
SOL_BLUETOOTH: int
SOL_CAN_BASE: int
SOL_CAN_ISOTP: int
SOL_CAN_RAW: int
SOL_HCI: int
SOL_IP: int
SOL_L2CAP: int
SOL_RDS: int
SOL_RFCOMM: int
SOL_SCO: int
SOL_SOCKET: int
SOL_TCP: int
SOL_TIPC: int
SOL_UDP: int

SO_ACCEPTCONN: int
SO_BINDTODEVICE: int
SO_BINDTOIFINDEX: int
SO_BROADCAST: int
SO_DEBUG: int
SO_DOMAIN: int
SO_DONTROUTE: int
SO_ERROR: int
SO_INCOMING_CPU: int
SO_J1939_ERRQUEUE: int
SO_J1939_FILTER: int
SO_J1939_PROMISC: int
SO_J1939_SEND_PRIO: int
SO_KEEPALIVE: int
SO_LINGER: int
SO_MARK: int
SO_OOBINLINE: int
SO_ORIGINAL_DST: int
SO_PASSCRED: int
SO_PASSRIGHTS: int
SO_PASSSEC: int
SO_PEERCRED: int
SO_PEERSEC: int
SO_PRIORITY: int
SO_PROTOCOL: int
SO_RCVBUF: int
SO_RCVLOWAT: int
SO_RCVTIMEO: int
SO_REUSEADDR: int
SO_REUSEPORT: int
SO_SNDBUF: int
SO_SNDLOWAT: int
SO_SNDTIMEO: int
SO_TYPE: int
SO_VM_SOCKETS_BUFFER_MAX_SIZE: int
SO_VM_SOCKETS_BUFFER_MIN_SIZE: int
SO_VM_SOCKETS_BUFFER_SIZE: int

TCP_CC_INFO: int
TCP_CONGESTION: int
TCP_CORK: int
TCP_DEFER_ACCEPT: int
TCP_FASTOPEN: int
TCP_FASTOPEN_CONNECT: int
TCP_FASTOPEN_KEY: int
TCP_FASTOPEN_NO_COOKIE: int
TCP_INFO: int
TCP_INQ: int
TCP_KEEPCNT: int
TCP_KEEPIDLE: int
TCP_KEEPINTVL: int
TCP_LINGER2: int
TCP_MAXSEG: int
TCP_MD5SIG: int
TCP_MD5SIG_EXT: int
TCP_NODELAY: int
TCP_NOTSENT_LOWAT: int
TCP_QUEUE_SEQ: int
TCP_QUICKACK: int
TCP_REPAIR: int
TCP_REPAIR_OPTIONS: int
TCP_REPAIR_QUEUE: int
TCP_REPAIR_WINDOW: int
TCP_SAVED_SYN: int
TCP_SAVE_SYN: int
TCP_SYNCNT: int
TCP_THIN_DUPACK: int
TCP_THIN_LINEAR_TIMEOUTS: int
TCP_TIMESTAMP: int
TCP_TX_DELAY: int
TCP_ULP: int
TCP_USER_TIMEOUT: int
TCP_WINDOW_CLAMP: int
TCP_ZEROCOPY_RECEIVE: int

TIPC_ADDR_ID: int
TIPC_ADDR_NAME: int
TIPC_ADDR_NAMESEQ: int
TIPC_CFG_SRV: int
TIPC_CLUSTER_SCOPE: int
TIPC_CONN_TIMEOUT: int
TIPC_CRITICAL_IMPORTANCE: int
TIPC_DEST_DROPPABLE: int
TIPC_HIGH_IMPORTANCE: int
TIPC_IMPORTANCE: int
TIPC_LOW_IMPORTANCE: int
TIPC_MEDIUM_IMPORTANCE: int
TIPC_NODE_SCOPE: int
TIPC_PUBLISHED: int
TIPC_SRC_DROPPABLE: int
TIPC_SUBSCR_TIMEOUT: int
TIPC_SUB_CANCEL: int
TIPC_SUB_PORTS: int
TIPC_SUB_SERVICE: int
TIPC_TOP_SRV: int
TIPC_WAIT_FOREVER: int
TIPC_WITHDRAWN: int
TIPC_ZONE_SCOPE: int

UDPLITE_RECV_CSCOV: int
UDPLITE_SEND_CSCOV: int

VMADDR_CID_ANY: int
VMADDR_CID_HOST: int
VMADDR_CID_LOCAL: int
VMADDR_PORT_ANY: int

EAGAIN: int
EBADF: int
ETH_P_ALL: int
EWOULDBLOCK: int
IOCTL_VM_SOCKETS_GET_LOCAL_CID: int
SOMAXCONN: int
VM_SOCKETS_INVALID_VERSION: int
