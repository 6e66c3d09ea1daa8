/*
 * Objects and memory that nearly every call needs, kept by a module for reuse.
 *
 * Each kind has a file here and a row in docs/reuse.md, which says what it gains and how long it
 * lives. Without a GIL only memory and addresses are kept: nobody can tell there who else has an
 * object, and a table that all threads change costs more than it saves.
 *
 * The module does not show these objects to the garbage collector. They are bytes, str, int and
 * tuples of those, which no cycle can contain, and gc.get_referents() would hand them out.
 */
#ifndef EXT_REUSE_H
#define EXT_REUSE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdbool.h>

/* The environment variable CSOCKET_REUSE takes their names. */
enum reuse_kind {
	REUSE_ADDRESSES,
	REUSE_BYTES,
	REUSE_DATAGRAMS,
	REUSE_INTS,
	REUSE_SCRATCH,
	REUSE_SOCKETS,
	REUSE_TUPLES,
	REUSE_KINDS
};

/* addresses.h: an address in both its forms. */
struct reuse_address {
	PyObject *object;
	unsigned char bytes[16];
};

#define REUSE_ADDRESS_BITS 6
#define REUSE_ADDRESS_SLOTS (1 << REUSE_ADDRESS_BITS)

struct reuse_addresses {
	struct reuse_address objects[REUSE_ADDRESS_SLOTS]; /* by bytes */
	struct reuse_address addrs[REUSE_ADDRESS_SLOTS];   /* by object */
	PyObject *hosts[REUSE_ADDRESS_SLOTS];              /* by text */
	bool in_use;                                       /* without a GIL */
};

/* bytes.h: what was received last, and for each of the datagrams that come at once. */
#define REUSE_BYTES_COUNT 4
#define REUSE_DATAGRAMS_AT_ONCE 64
#define REUSE_BYTES_PER_DATAGRAM 2

/* ints.h: modulo this prime the powers of two are far from each other. */
#define REUSE_INTS_COUNT 11

struct reuse_int {
	Py_ssize_t value;
	PyObject *object; /* NULL for none */
};

/* sockets.h */
#define REUSE_SOCKETS_MAX 8

/* tuples.h: the longest one. */
#define REUSE_TUPLE_MAX 3

/* In the order in which calls look at it, in few cache lines. */
struct reuse {
	unsigned kinds; /* a bit for each kind that is kept */
	int socket_count;
	char *scratch; /* NULL while it is lent */
	PyObject *bytes[REUSE_BYTES_COUNT];
	struct reuse_int ints[REUSE_INTS_COUNT];
	PyObject *tuples[REUSE_TUPLE_MAX + 1]; /* by length */
	PyObject *sockets[REUSE_SOCKETS_MAX];
	PyObject *datagrams[REUSE_DATAGRAMS_AT_ONCE][REUSE_BYTES_PER_DATAGRAM];
	struct reuse_addresses addresses;
};

/* Whether things of this kind are kept. Only asked before one is put away. */
static inline bool reuse_keeps(const struct reuse *reuse, enum reuse_kind kind)
{
	return (reuse->kinds & 1U << kind) != 0;
}

/* Keeps all kinds from now on. */
void reuse_begin(struct reuse *reuse);

/*
 * Keeps only the kinds that a str names: "bytes,ints"; or "none". 1, 0 if it does not know one of
 * them, or -1 with an exception.
 */
int reuse_choose(struct reuse *reuse, PyObject *text);

/* Gives up all that is kept, while there still is the type of the sockets. */
void reuse_clear(struct reuse *reuse);

#endif
