"""twisted's reactor on the module under test: python twisted_program.py CASE"""

import random
import socket
import sys
import tempfile

import trustme
from twisted.internet import defer, endpoints, error, protocol, ssl, task
from twisted.names import client as names_client
from twisted.names import common, dns
from twisted.names import server as names_server
from twisted.web import client as web_client
from twisted.web import resource
from twisted.web import server as web_server
from under_test import assert_under_test

PATIENCE = 60
CLIENTS = 100
MESSAGES = 20
BIG = 4 << 20


class Echo(protocol.Protocol):
    def dataReceived(self, data):
        self.transport.write(data)


class Client(protocol.Protocol):
    """Waits for a number of bytes, and for the end of the connection."""

    def __init__(self):
        self.data = b""
        self.wanted = 0
        self.arrived = defer.Deferred()
        self.ended = defer.Deferred()

    def receive(self, size):
        self.wanted = size
        self.arrived = defer.Deferred()
        self.deliver()
        return self.arrived

    def deliver(self):
        if self.wanted and len(self.data) >= self.wanted:
            whole, self.data = self.data[: self.wanted], self.data[self.wanted :]
            self.wanted = 0
            self.arrived.callback(whole)

    def dataReceived(self, data):
        self.data += data
        self.deliver()

    def connectionLost(self, reason):
        self.ended.callback(reason.type)


async def converse(endpoint, n):
    """Talk to the echo server as one client."""
    client = await endpoints.connectProtocol(endpoint, Client())
    generator = random.Random(n)
    for _ in range(MESSAGES):
        data = generator.randbytes(generator.randrange(1, 20_000))
        client.transport.write(data)
        assert await client.receive(len(data)) == data
    client.transport.loseConnection()
    assert await client.ended is error.ConnectionDone


async def converse_all(endpoint_of):
    talks = [defer.ensureDeferred(converse(endpoint_of(n), n)) for n in range(CLIENTS)]
    await defer.gatherResults(talks, consumeErrors=True)


def listen(reactor, description, factory):
    return endpoints.serverFromString(reactor, description).listen(factory)


async def sockets_are_of_the_module_under_test(reactor):
    port = await listen(reactor, "tcp:0:interface=127.0.0.1", protocol.Factory.forProtocol(Echo))
    assert_under_test(port.socket)
    endpoint = endpoints.TCP4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port)
    client = await endpoints.connectProtocol(endpoint, Client())
    assert_under_test(client.transport.socket)
    client.transport.loseConnection()
    await client.ended
    await port.stopListening()


async def tcp(reactor):
    for interface, host in ("127.0.0.1", "127.0.0.1"), (r"\:\:1", "::1"):
        factory = protocol.Factory.forProtocol(Echo)
        port = await listen(reactor, f"tcp:0:interface={interface}:backlog={CLIENTS}", factory)
        number = port.getHost().port
        await converse_all(lambda n: endpoints.HostnameEndpoint(reactor, host, number))
        await port.stopListening()


async def unix(reactor):
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/socket"
        factory = protocol.Factory.forProtocol(Echo)
        port = await listen(reactor, f"unix:{path}:backlog={CLIENTS}", factory)
        await converse_all(lambda n: endpoints.UNIXClientEndpoint(reactor, path))
        await port.stopListening()


async def tls(reactor):
    authority = trustme.CA()
    pem = authority.issue_cert("localhost").private_key_and_cert_chain_pem.bytes()
    options = ssl.PrivateCertificate.loadPEM(pem).options()
    trusted = ssl.Certificate.loadPEM(authority.cert_pem.bytes())
    endpoint = endpoints.SSL4ServerEndpoint(
        reactor, 0, options, backlog=CLIENTS, interface="127.0.0.1"
    )
    port = await endpoint.listen(protocol.Factory.forProtocol(Echo))

    def endpoint_of(n):
        plain = endpoints.TCP4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port)
        return endpoints.wrapClientTLS(ssl.optionsForClientTLS("localhost", trusted), plain)

    await converse_all(endpoint_of)
    await port.stopListening()


async def big_stream_is_paced(reactor):
    """twisted tells the producer to pause and resume, and the reader pauses too."""
    data = random.Random(1).randbytes(BIG)

    class Sender(protocol.Protocol):
        def connectionMade(self):
            self.transport.write(data)
            self.transport.loseConnection()

    class Reader(Client):
        def dataReceived(self, piece):
            super().dataReceived(piece)
            self.transport.pauseProducing()
            reactor.callLater(0, self.transport.resumeProducing)

    factory = protocol.Factory.forProtocol(Sender)
    port = await listen(reactor, "tcp:0:interface=127.0.0.1", factory)
    endpoint = endpoints.TCP4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port)
    reader = await endpoints.connectProtocol(endpoint, Reader())
    assert await reader.receive(BIG) == data
    assert await reader.ended is error.ConnectionDone
    await port.stopListening()


async def udp(reactor):
    class Squares(protocol.DatagramProtocol):
        def datagramReceived(self, data, address):
            self.transport.write(b"%d" % int(data) ** 2, address)

    class Asking(protocol.ConnectedDatagramProtocol):
        def __init__(self, address, n):
            self.address, self.n = address, n
            self.answer = defer.Deferred()

        def startProtocol(self):
            self.transport.connect(*self.address)
            self.transport.write(b"%d" % self.n)

        def datagramReceived(self, data, address):
            self.answer.callback(int(data))

    server = reactor.listenUDP(0, Squares(), interface="127.0.0.1")
    address = ("127.0.0.1", server.getHost().port)
    for n in range(CLIENTS):
        asking = Asking(address, n)
        port = reactor.listenUDP(0, asking, interface="127.0.0.1")
        assert_under_test(port.socket)
        assert await asking.answer == n * n
        await port.stopListening()
    await server.stopListening()


async def names(reactor):
    """The system's resolver in threads, and twisted's own DNS client and server on loopback."""
    assert await reactor.resolve("localhost") == "127.0.0.1"

    class Zone(common.ResolverBase):
        def _lookup(self, name, kind, kind_type, timeout):
            number = int(name.removeprefix(b"host").partition(b".")[0])
            record = dns.Record_A(f"10.0.0.{number}")
            return defer.succeed(([dns.RRHeader(name, dns.A, payload=record)], [], []))

    factory = names_server.DNSServerFactory(clients=[Zone()])
    port = reactor.listenUDP(0, dns.DNSDatagramProtocol(factory), interface="127.0.0.1")
    resolver = names_client.Resolver(servers=[("127.0.0.1", port.getHost().port)], reactor=reactor)
    for n in range(100):
        answers, _, _ = await resolver.lookupAddress(f"host{n}.example")
        assert [answer.payload.dottedQuad() for answer in answers] == [f"10.0.0.{n}"]
    await port.stopListening()


async def web(reactor):
    class Square(resource.Resource):
        isLeaf = True

        def render_GET(self, request):
            return b"%d" % int(request.args[b"n"][0]) ** 2

    port = await listen(reactor, "tcp:0:interface=127.0.0.1", web_server.Site(Square()))
    pool = web_client.HTTPConnectionPool(reactor)
    agent = web_client.Agent(reactor, pool=pool)

    async def fetch(n):
        url = f"http://127.0.0.1:{port.getHost().port}/?n={n}".encode()
        body = Client()
        (await agent.request(b"GET", url)).deliverBody(body)
        assert await body.ended is web_client.ResponseDone
        return int(body.data)

    fetches = [defer.ensureDeferred(fetch(n)) for n in range(CLIENTS)]
    assert await defer.gatherResults(fetches) == [n * n for n in range(CLIENTS)]
    await pool.closeCachedConnections()
    await port.stopListening()


async def refusals(reactor):
    """A refused connection, a timeout and a port in use are reported."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        full, refusing = listener.getsockname()[1], bound.getsockname()[1]
        with socket.create_connection(listener.getsockname()):
            for number, timeout, kind in (
                (refusing, PATIENCE, error.ConnectionRefusedError),
                (full, 0.3, error.TimeoutError),
            ):
                endpoint = endpoints.TCP4ClientEndpoint(reactor, "127.0.0.1", number, timeout)
                try:
                    await endpoints.connectProtocol(endpoint, Client())
                    raise AssertionError("nobody accepts")
                except kind:
                    pass
        try:
            reactor.listenTCP(full, protocol.Factory(), interface="127.0.0.1")
            raise AssertionError("the port is taken")
        except error.CannotListenError as failure:
            assert isinstance(failure.socketError, OSError)


def main(case):
    def begin(reactor):
        return defer.ensureDeferred(case(reactor)).addTimeout(2 * PATIENCE, reactor)

    task.react(begin)


if __name__ == "__main__":
    main(globals()[sys.argv[1]])
