"""dnspython against a name server on loopback: over UDP, TCP and TLS, with threads and with asyncio."""

import asyncio
import contextlib
import socket
import socketserver
import threading

import dns.asyncquery
import dns.asyncresolver
import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.resolver
import dns.rrset
import pytest

pytestmark = pytest.mark.usefixtures("no_lost_descriptors")

PATIENCE = 30
# More texts than fit into a datagram of 1232 bytes.
MANY = 200


def answer_to(wire, is_datagram):
    """The answer of the zone example. : hostN has N in its address, many has very many texts."""
    query = dns.message.from_wire(wire)
    question = query.question[0]
    label = question.name.labels[0].decode()
    response = dns.message.make_response(query)
    if label.startswith("host") and question.rdtype == dns.rdatatype.A:
        number = int(label.removeprefix("host"))
        address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        response.answer.append(dns.rrset.from_text(question.name, 60, "IN", "A", address))
    elif label == "many":
        if is_datagram:
            response.flags |= dns.flags.TC
        else:
            texts = [f'"text {number}"' for number in range(MANY)]
            response.answer.append(dns.rrset.from_text(question.name, 60, "IN", "TXT", *texts))
    else:
        response.set_rcode(dns.rcode.NXDOMAIN)
    return response.to_wire()


class Datagram(socketserver.BaseRequestHandler):
    def handle(self):
        wire, sock = self.request
        # A query for "silence" gets no answer.
        if b"silence" not in wire:
            sock.sendto(answer_to(wire, is_datagram=True), self.client_address)


class Stream(socketserver.StreamRequestHandler):
    timeout = PATIENCE

    def handle(self):
        while length := self.rfile.read(2):
            wire = answer_to(self.rfile.read(int.from_bytes(length)), is_datagram=False)
            self.wfile.write(len(wire).to_bytes(2) + wire)


class UDPServer(socketserver.ThreadingUDPServer):
    daemon_threads = False


class TCPServer(socketserver.ThreadingTCPServer):
    daemon_threads = False
    allow_reuse_address = True
    request_queue_size = 64
    # A context, for TLS on every connection.
    tls = None

    def finish_request(self, request, client_address):
        if self.tls:
            request.settimeout(PATIENCE)
            with self.tls.wrap_socket(request, server_side=True) as secured:
                super().finish_request(secured, client_address)
        else:
            super().finish_request(request, client_address)


@contextlib.contextmanager
def serving(server):
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    with server:
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join(PATIENCE)


def of_family(kind, family):
    return type(kind.__name__, (kind,), {"address_family": family})


@pytest.fixture(scope="module", params=["127.0.0.1", "::1"])
def server(request):
    """Host and port of a server for UDP and TCP, which have the same port."""
    host = request.param
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with (
        serving(of_family(TCPServer, family)((host, 0), Stream)) as port,
        serving(of_family(UDPServer, family)((host, port), Datagram)),
    ):
        yield host, port


@pytest.fixture(scope="module")
def tls_port(server_tls):
    tls_server = TCPServer(("127.0.0.1", 0), Stream)
    tls_server.tls = server_tls
    with serving(tls_server) as port:
        yield port


def resolver_of(kind, server):
    resolver = kind(configure=False)
    resolver.nameservers = [server[0]]
    resolver.port = server[1]
    resolver.lifetime = PATIENCE
    return resolver


def addresses(answer):
    return [record.address for record in answer]


def test_sockets_are_of_the_module_under_test(server, assert_under_test):
    family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
    with dns.query.make_socket(family, socket.SOCK_DGRAM) as sock:
        assert_under_test(sock)


def test_resolver(server):
    resolver = resolver_of(dns.resolver.Resolver, server)
    for number in range(200):
        assert addresses(resolver.resolve(f"host{number}.example.")) == [f"10.0.0.{number}"]
    with pytest.raises(dns.resolver.NXDOMAIN):
        resolver.resolve("nobody.example.")


def test_truncated_answer_is_asked_for_over_tcp(server):
    query = dns.message.make_query("many.example.", "TXT")
    answer, by_tcp = dns.query.udp_with_fallback(query, server[0], PATIENCE, server[1])
    assert by_tcp
    texts = {record.strings[0].decode() for record in answer.answer[0]}
    assert texts == {f"text {number}" for number in range(MANY)}
    resolved = resolver_of(dns.resolver.Resolver, server).resolve("many.example.", "TXT")
    assert len(resolved) == MANY


def test_many_queries_on_one_connection(server):
    family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
    with dns.query.make_socket(family, socket.SOCK_STREAM) as sock:
        with contextlib.suppress(BlockingIOError):
            sock.connect(server)
        for number in range(200):
            query = dns.message.make_query(f"host{number}.example.", "A")
            answer = dns.query.tcp(query, server[0], PATIENCE, sock=sock)
            assert answer.answer[0][0].address == f"10.0.0.{number}"


def test_no_answer_in_time(server):
    query = dns.message.make_query("silence.example.", "A")
    with pytest.raises(dns.exception.Timeout):
        dns.query.udp(query, server[0], 0.2, server[1])


def test_over_tls(tls_port, client_tls):
    query = dns.message.make_query("host70000.example.", "A")
    answer = dns.query.tls(
        query, "127.0.0.1", PATIENCE, tls_port, ssl_context=client_tls, server_hostname="localhost"
    )
    assert answer.answer[0][0].address == "10.1.17.112"


def test_asyncio(server):
    async def resolve_all():
        resolver = resolver_of(dns.asyncresolver.Resolver, server)
        names = [f"host{number}.example." for number in range(100)]
        answers = await asyncio.gather(*(resolver.resolve(name) for name in names))
        query = dns.message.make_query("many.example.", "TXT")
        by_tcp = await dns.asyncquery.tcp(query, server[0], PATIENCE, server[1])
        return [addresses(answer) for answer in answers], len(by_tcp.answer[0])

    resolved, texts = asyncio.run(resolve_all())
    assert resolved == [[f"10.0.0.{number}"] for number in range(100)]
    assert texts == MANY
