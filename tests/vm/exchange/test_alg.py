"""ALG: the kernel's cryptography, against published vectors."""

import errno
import signal
import struct

import pytest
from support import PATIENCE, assert_refused, os_error

import csocket

# FIPS 180-4's examples (csrc.nist.gov, "Secure Hash Standard" example values), and FIPS 202's.
DIGESTS_OF_ABC = {
    "sha1": "a9993e364706816aba3e25717850c26c9cd0d89d",
    "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "sha512": (
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
    ),
    "sha3-256": "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
}
ABC = bytes.fromhex(DIGESTS_OF_ABC["sha256"])
# SHA-256 of two blocks (FIPS 180-4), and of a million times "a" (FIPS 180-2, B.3).
TWO_BLOCKS = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
DIGEST_OF_TWO_BLOCKS = "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
DIGEST_OF_A_MILLION = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"

# RFC 4231, test cases 1, 2, and 6, whose key is longer than a block.
RFC_4231 = {
    "case 1": (
        b"\x0b" * 20,
        b"Hi There",
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
        "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
    ),
    "case 2": (
        b"Jefe",
        b"what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
        "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
    ),
    "case 6": (
        b"\xaa" * 131,
        b"Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
        "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
    ),
}

# NIST SP 800-38A, appendix F: the same four blocks in each of the modes.
BLOCK = 16
KEY_128 = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
KEY_256 = bytes.fromhex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4")
IV = bytes(range(BLOCK))
COUNTER = bytes(range(0xF0, 0x100))
PLAIN = bytes.fromhex(
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
)
SP_800_38A = {
    "F.1.1 ECB-AES128": (
        "ecb(aes)",
        KEY_128,
        None,
        "3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf"
        "43b1cd7f598ece23881b00e3ed0306887b0c785e27e8ad3f8223207104725dd4",
    ),
    "F.2.1 CBC-AES128": (
        "cbc(aes)",
        KEY_128,
        IV,
        "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"
        "73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7",
    ),
    "F.2.5 CBC-AES256": (
        "cbc(aes)",
        KEY_256,
        IV,
        "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d"
        "39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b",
    ),
    "F.5.1 CTR-AES128": (
        "ctr(aes)",
        KEY_128,
        COUNTER,
        "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"
        "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee",
    ),
}

# McGrew and Viega, "The Galois/Counter Mode of Operation", which SP 800-38D specifies: the test
# cases for AES-128, as key, iv, associated data, plain text, cipher text and tag.
GCM = {
    "case 1": ("00" * 16, "00" * 12, "", "", "", "58e2fccefa7e3061367f1d57a4e7455a"),
    "case 2": (
        "00" * 16,
        "00" * 12,
        "",
        "00" * 16,
        "0388dace60b6a392f328c2b971b2fe78",
        "ab6e47d42cec13bdf53a67b21257bddf",
    ),
    "case 4": (
        "feffe9928665731c6d6a8f9467308308",
        "cafebabefacedbaddecaf888",
        "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
        "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091",
        "5bc94fbc3221a5db94fae95ae7121a47",
    ),
}
GCM = {name: [bytes.fromhex(part) for part in case] for name, case in GCM.items()}
TAG = 16

# CRYPTO_ALG_KERN_DRIVER_ONLY of linux/cryptouser.h, the only flag that is allowed.
KERNEL_DRIVER_ONLY = 0x1000

ENCRYPT, DECRYPT = csocket.ALG_OP_ENCRYPT, csocket.ALG_OP_DECRYPT


@pytest.fixture
def bounded():
    """A time limit for the test. A socket's timeout would need polling, which not every algorithm
    has."""

    def expire(number, frame):
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, expire)
    signal.alarm(PATIENCE)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def transform(open_socket, bounded):
    """A bound socket, with a key and a size of the tag if there are any."""

    def made(*address, key=None, tag=None):
        sock = open_socket(csocket.AF_ALG, csocket.SOCK_SEQPACKET, 0)
        sock.settimeout(None)
        sock.bind(address)
        if key is not None:
            sock.setsockopt(csocket.SOL_ALG, csocket.ALG_SET_KEY, key)
        if tag is not None:
            sock.setsockopt(csocket.SOL_ALG, csocket.ALG_SET_AEAD_AUTHSIZE, None, tag)
        return sock

    return made


@pytest.fixture
def operation(transform):
    """One of a transform's operations: the accepted socket."""
    opened = []

    def made(*address, **options):
        sock, peer = transform(*address, **options).accept()
        opened.append(sock)
        assert peer is None
        return sock

    yield made
    for sock in opened:
        sock.close()


# Hashes


@pytest.mark.parametrize("name", DIGESTS_OF_ABC)
def test_hash(operation, name):
    op = operation("hash", name)
    op.sendall(b"abc")
    assert op.recv(512).hex() == DIGESTS_OF_ABC[name]


def test_hash_by_every_call(operation):
    """Every call that sends, with every call that receives. No address is returned."""
    address = ("hash", "sha256")
    op = operation(*address)
    sends = (
        lambda: op.send(b"abc"),
        lambda: op.sendto(b"abc", address),
        lambda: op.sendto(b"abc", 0, address),
        lambda: op.sendmsg([b"a", bytearray(b"b"), memoryview(b"c")]),
        lambda: op.sendmsg([b"ab", b"c"], [], 0, address),
    )
    room = bytearray(len(ABC))
    for send in sends:
        assert send() == 3
        assert op.recv(512) == ABC
    op.send(b"abc")
    assert op.recvfrom(512) == (ABC, None)
    op.send(b"abc")
    assert op.recvfrom_into(room) == (len(ABC), None)
    assert room == ABC
    op.send(b"abc")
    assert op.recvmsg(512) == (ABC, [], 0, None)
    op.send(b"abc")
    assert op.recvmsg_into([room]) == (len(ABC), [], 0, None)
    assert room == ABC
    op.send(b"abc")
    assert op.recvmsg(8) == (ABC[:8], [], csocket.MSG_TRUNC, None)


def test_hash_in_parts(operation):
    op = operation("hash", "sha256")
    for part in b"a", b"b", b"c":
        assert op.send(part, csocket.MSG_MORE) == 1
    assert op.send(b"") == 0
    assert op.recv(512) == ABC
    op.send(TWO_BLOCKS[:20], csocket.MSG_MORE)
    op.sendmsg([TWO_BLOCKS[20:40], TWO_BLOCKS[40:]])
    assert op.recv(512).hex() == DIGEST_OF_TWO_BLOCKS


def test_hash_of_large_data(operation):
    op = operation("hash", "sha256")
    for _ in range(10):
        op.sendall(b"a" * 100_000, csocket.MSG_MORE)
    op.send(b"")
    assert op.recv(512).hex() == DIGEST_OF_A_MILLION


def test_state_of_a_hash_is_copied_by_accept(operation):
    op = operation("hash", "sha256")
    op.send(b"ab", csocket.MSG_MORE)
    copy, peer = op.accept()
    with copy:
        assert peer is None
        assert (copy.family, copy.type) == (csocket.AF_ALG, csocket.SOCK_SEQPACKET)
        copy.send(b"c")
        assert copy.recv(512) == ABC
    op.send(b"cdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
    assert op.recv(512).hex() == DIGEST_OF_TWO_BLOCKS


@pytest.mark.parametrize("case", RFC_4231.values(), ids=RFC_4231)
def test_hmac(operation, case):
    key, data, sha256, sha512 = case
    for name, expected in ("hmac(sha256)", sha256), ("hmac(sha512)", sha512):
        op = operation("hash", name, key=key)
        op.sendall(data)
        assert op.recv(512).hex() == expected


def test_hmac_without_a_key(operation):
    with os_error(errno.ENOKEY):
        operation("hash", "hmac(sha256)").send(b"x")


# Ciphers


@pytest.mark.parametrize("case", SP_800_38A.values(), ids=SP_800_38A)
def test_cipher(operation, case):
    name, key, iv, cipher = case
    cipher = bytes.fromhex(cipher)
    vector = {} if iv is None else {"iv": iv}
    op = operation("skcipher", name, key=key)
    assert op.sendmsg_afalg([PLAIN], op=ENCRYPT, **vector) == len(PLAIN)
    assert op.recvfrom(len(PLAIN)) == (cipher, None)
    op = operation("skcipher", name, key=key)
    halves = [cipher[: 2 * BLOCK], memoryview(cipher)[2 * BLOCK :]]
    assert op.sendmsg_afalg(msg=halves, op=DECRYPT, **vector) == len(PLAIN)
    assert op.recv(len(PLAIN)) == PLAIN


def test_operation_first_and_data_later(operation):
    name, key, iv, cipher = SP_800_38A["F.2.1 CBC-AES128"]
    op = operation("skcipher", name, key=key)
    more = csocket.MSG_MORE
    assert op.sendmsg_afalg(op=ENCRYPT, iv=bytearray(iv), flags=more) == 0
    op.sendall(PLAIN[:20], more)
    op.sendall(PLAIN[20:])
    assert op.recv(len(PLAIN)).hex() == cipher


def test_chained_over_several_messages(operation):
    """The vector continues from one message to the next, until a new one is set."""
    name, key, iv, cipher = SP_800_38A["F.2.1 CBC-AES128"]
    op = operation("skcipher", name, key=key)
    for _ in range(2):
        op.sendmsg_afalg([PLAIN[:BLOCK]], op=ENCRYPT, iv=iv, flags=csocket.MSG_MORE)
        assert op.recv(BLOCK).hex() == cipher[: 2 * BLOCK]
        op.send(PLAIN[BLOCK:])
        assert op.recv(len(PLAIN) - BLOCK).hex() == cipher[2 * BLOCK :]


def test_large_data(operation):
    """More than the kernel holds at a time, in several sends, encrypted and decrypted."""
    name, key, counter, _ = SP_800_38A["F.5.1 CTR-AES128"]
    plain = PLAIN * 3072
    chunk = 48 * 1024

    def translate(data, mode):
        op = operation("skcipher", name, key=key)
        op.sendmsg_afalg(op=mode, iv=counter, flags=csocket.MSG_MORE)
        result = b""
        for start in range(0, len(data), chunk):
            part = data[start : start + chunk]
            op.sendall(part, csocket.MSG_MORE)
            while len(result) < start + len(part):
                result += op.recv(start + len(part) - len(result))
        return result

    cipher = translate(plain, ENCRYPT)
    assert cipher[: len(PLAIN)].hex() == SP_800_38A["F.5.1 CTR-AES128"][3]
    assert cipher != plain
    assert translate(cipher, DECRYPT) == plain


def test_cipher_refuses(operation):
    name, key, iv, _ = SP_800_38A["F.2.1 CBC-AES128"]
    with os_error(errno.EINVAL):
        operation("skcipher", name, key=key[:-1])
    with os_error(errno.ENOKEY):
        operation("skcipher", name).sendmsg_afalg([PLAIN], op=ENCRYPT, iv=iv)
    for arguments in {"op": ENCRYPT, "iv": iv[:-1]}, {"op": 7, "iv": iv}:
        with os_error(errno.EINVAL):
            operation("skcipher", name, key=key).sendmsg_afalg([PLAIN], **arguments)
    op = operation("skcipher", name, key=key)
    op.sendmsg_afalg([PLAIN[:-1]], op=ENCRYPT, iv=iv)
    with os_error(errno.EINVAL):
        op.recv(len(PLAIN))


# Authenticated ciphers. A blocking receive waits until its buffer is full, so the sizes are exact.


@pytest.mark.parametrize("case", GCM.values(), ids=GCM)
def test_aead(operation, case):
    key, iv, assoc, plain, cipher, tag = case
    settings = {"iv": iv, "assoclen": len(assoc)}
    op = operation("aead", "gcm(aes)", key=key, tag=TAG)
    assert op.sendmsg_afalg([assoc, plain], op=ENCRYPT, **settings) == len(assoc + plain)
    expected = assoc + cipher + tag
    assert op.recvfrom(len(expected)) == (expected, None)
    op = operation("aead", "gcm(aes)", key=key, tag=TAG)
    op.sendmsg_afalg([assoc + cipher, tag], op=DECRYPT, **settings)
    assert op.recv(len(assoc + plain)) == assoc + plain


def test_aead_in_parts(operation):
    key, iv, assoc, plain, cipher, tag = GCM["case 4"]
    more = csocket.MSG_MORE
    op = operation("aead", "gcm(aes)", key=key, tag=TAG)
    assert op.sendmsg_afalg(op=ENCRYPT, iv=iv, assoclen=len(assoc), flags=more) == 0
    op.sendall(assoc, more)
    op.sendall(plain[:7], more)
    op.sendall(plain[7:])
    expected = assoc + cipher + tag
    assert op.recv(len(expected)) == expected


def test_aead_by_ancillary_data(operation):
    """sendmsg() with the ancillary data that sendmsg_afalg() makes."""
    key, iv, assoc, plain, cipher, tag = GCM["case 4"]
    op = operation("aead", "gcm(aes)", key=key, tag=TAG)
    ancillary = [
        (csocket.SOL_ALG, csocket.ALG_SET_OP, struct.pack("=I", ENCRYPT)),
        (csocket.SOL_ALG, csocket.ALG_SET_IV, struct.pack("=I", len(iv)) + iv),
        (csocket.SOL_ALG, csocket.ALG_SET_AEAD_ASSOCLEN, struct.pack("=I", len(assoc))),
    ]
    op.sendmsg([assoc, plain], ancillary)
    expected = assoc + cipher + tag
    assert op.recv(len(expected)) == expected


@pytest.mark.parametrize("size", [8, 12, 16])
def test_size_of_the_tag(operation, size):
    """A shorter tag is the beginning of the longest one (SP 800-38D, 5.2.1.2)."""
    key, iv, assoc, plain, cipher, tag = GCM["case 4"]
    settings = {"iv": iv, "assoclen": len(assoc)}
    op = operation("aead", "gcm(aes)", key=key, tag=size)
    op.sendmsg_afalg([assoc, plain], op=ENCRYPT, **settings)
    expected = assoc + cipher + tag[:size]
    assert op.recv(len(expected)) == expected
    op.sendmsg_afalg([assoc, cipher, tag[:size]], op=DECRYPT, **settings)
    assert op.recv(len(assoc + plain)) == assoc + plain


def test_sizes_of_a_tag_that_are_refused(transform):
    algorithm = transform("aead", "gcm(aes)")
    for size in 0, 3, TAG + 1:
        with os_error(errno.EINVAL):
            algorithm.setsockopt(csocket.SOL_ALG, csocket.ALG_SET_AEAD_AUTHSIZE, None, size)
    with pytest.raises(TypeError):
        algorithm.setsockopt(csocket.SOL_ALG, csocket.ALG_SET_AEAD_AUTHSIZE, None)
    with pytest.raises(TypeError):
        algorithm.setsockopt(csocket.SOL_ALG, csocket.ALG_SET_AEAD_AUTHSIZE, bytes(TAG), TAG)


@pytest.mark.parametrize("where", ["associated data", "cipher text", "tag", "iv"])
def test_failed_authentication(operation, where):
    key, iv, assoc, _, cipher, tag = GCM["case 4"]
    parts = {"associated data": assoc, "cipher text": cipher, "tag": tag, "iv": iv}
    parts[where] = bytes([parts[where][0] ^ 1]) + parts[where][1:]
    op = operation("aead", "gcm(aes)", key=key, tag=TAG)
    iv = parts.pop("iv")
    op.sendmsg_afalg(parts.values(), op=DECRYPT, iv=iv, assoclen=len(assoc))
    with os_error(errno.EBADMSG):
        op.recv(len(assoc + cipher))


# Random numbers


def test_random_numbers(operation):
    """A vector of NIST's RNGVS, B.2.9, for ANSI X9.31 with AES: the seed is V, the key and DT."""
    seed = bytes.fromhex(
        "80000000000000000000000000000000"
        "f3b1666d13607242ed061cabb8d46202"
        "e6b3be782a23fa62d71d4afbb0e922f9"
    )
    op = operation("rng", "ansi_cprng", key=seed)
    assert op.recvfrom(16) == (bytes.fromhex("59531ed13bb0c05584796685c12f7641"), None)
    with os_error(errno.EOPNOTSUPP):
        op.send(b"x")


def test_seeded_generator(operation):
    """SP 800-90A: at most 128 bytes at a time, and different ones each time."""
    op = operation("rng", "drbg_nopr_ctr_aes256", key=bytes(48))
    numbers = [op.recv(count) for count in (1, 128, 128)]
    assert [len(number) for number in numbers] == [1, 128, 128]
    assert numbers[1] != numbers[2]
    assert len(op.recv(1000)) == 128


# Addresses


@pytest.mark.parametrize("flags", [(), (0,), (KERNEL_DRIVER_ONLY,), (0, KERNEL_DRIVER_ONLY)])
def test_address_forms(operation, flags):
    op = operation("hash", "sha256", *flags)
    op.send(b"abc")
    assert op.recv(512) == ABC


def test_feat_and_mask_reach_the_kernel(transform):
    for flags in (1,), (0, 1), (0xFFFFFFFF,), (0, 0xFFFFFFFF):
        with os_error(errno.EINVAL):
            transform("hash", "sha256", *flags)
    with os_error(errno.ENOENT):
        transform("hash", "nonesuch", KERNEL_DRIVER_ONLY, KERNEL_DRIVER_ONLY)


def test_nobody_has_a_name(transform, operation):
    for sock in transform("hash", "sha256"), operation("hash", "sha256"):
        for name in sock.getsockname, sock.getpeername, sock.listen:
            with os_error(errno.EOPNOTSUPP):
                name()
        with os_error(errno.EOPNOTSUPP):
            sock.connect(("hash", "sha256"))


def test_transform_is_no_operation(transform, open_socket):
    sock = transform("hash", "sha256")
    for call in lambda: sock.send(b"x"), lambda: sock.recv(64):
        with os_error(errno.EOPNOTSUPP):
            call()
    unbound = open_socket(csocket.AF_ALG, csocket.SOCK_SEQPACKET, 0)
    unbound.settimeout(None)
    with os_error(errno.EINVAL):
        unbound.accept()


def test_longest_names(transform):
    """salg_type has 14 bytes, and salg_name has 64, with a zero at the end."""
    for address in ("t" * 13, "name"), ("type", "n" * 63), ("hash", "\xe9" * 31 + "n"):
        with os_error(errno.ENOENT):
            transform(*address)
    for address, message in (
        (("t" * 14, "name"), "type too long"),
        (("\xe9" * 7, "name"), "type too long"),
        (("type", "n" * 64), "name too long"),
        (("type", "\xe9" * 32), "name too long"),
    ):
        with pytest.raises(ValueError, match=message):
            transform(*address)
    with pytest.raises(ValueError, match="embedded null"):
        transform("ha\0sh", "sha256")


def test_unknown_names(transform):
    for address in ("nonesuch", "sha256"), ("hash", "nonesuch"), ("hash", ""):
        with os_error(errno.ENOENT):
            transform(*address)


@pytest.mark.parametrize(
    "address",
    [
        "hash",
        (),
        ("hash",),
        ("hash", "sha256", 0, 0, 0),
        ["hash", "sha256"],
        (b"hash", "sha256"),
        ("hash", b"sha256"),
        (None, "sha256"),
        ("hash", 1),
        ("hash", "sha256", "0"),
        ("hash", "sha256", 0, None),
        ("hash", "sha256", 0.0),
    ],
    ids=repr,
)
def test_refused_addresses(open_socket, address):
    sock = open_socket(csocket.AF_ALG, csocket.SOCK_SEQPACKET, 0)
    assert_refused(sock, address, TypeError)


# Arguments of sendmsg_afalg()


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"op": None},
        {"op": -1},
        {"op": 1.0},
        {"op": "1"},
        {"op": 1, "assoclen": None},
        {"op": 1, "assoclen": -1},
        {"op": 1, "assoclen": 1.5},
        {"op": 1, "iv": None},
        {"op": 1, "iv": "0123456789abcdef"},
        {"op": 1, "flags": None},
        {"op": 1, "msg": None},
        {"op": 1, "msg": 1},
        {"op": 1, "msg": b"ab"},
        {"op": 1, "msg": ["ab"]},
        {"op": 1, "address": ("hash", "sha256")},
    ],
    ids=repr,
)
def test_refused_arguments(operation, arguments):
    op = operation("skcipher", "ctr(aes)", key=KEY_128)
    with pytest.raises(TypeError):
        op.sendmsg_afalg(**arguments)
    # Nothing of the refused calls has reached the kernel.
    op.sendmsg_afalg([PLAIN], op=ENCRYPT, iv=COUNTER)
    assert op.recv(len(PLAIN)).hex() == SP_800_38A["F.5.1 CTR-AES128"][3]


def test_op_has_to_be_named(operation):
    op = operation("skcipher", "ctr(aes)", key=KEY_128)
    for arguments in (1,), ([PLAIN], ENCRYPT), ([PLAIN], ENCRYPT, COUNTER):
        with pytest.raises(TypeError):
            op.sendmsg_afalg(*arguments)


@pytest.mark.parametrize("timeout", [None, 0, PATIENCE])
def test_with_and_without_a_timeout(transform, timeout):
    """No call has to wait, whether or not the kernel supports polling here."""
    algorithm = transform("hash", "sha256")
    algorithm.settimeout(timeout)
    op, _ = algorithm.accept()
    with op:
        op.settimeout(timeout)
        op.send(b"abc")
        assert op.recv(512) == ABC
    algorithm = transform("skcipher", "ctr(aes)", key=KEY_128)
    algorithm.settimeout(timeout)
    op, _ = algorithm.accept()
    with op:
        op.settimeout(timeout)
        op.sendmsg_afalg([PLAIN], op=ENCRYPT, iv=COUNTER)
        assert op.recv(len(PLAIN)).hex() == SP_800_38A["F.5.1 CTR-AES128"][3]
