/*
 * Objects and memory that nearly every call needs, kept by a module for reuse.
 *
 * Each kind has a file here and a row in docs/reuse.md, which says what it gains and how long it
 * lives. Without a GIL only scratch memory and addresses are kept: the reference count does not
 * tell there whether another thread has an object, and a table that all threads change costs more
 * than it saves.
 *
 * The module does not show these objects to the garbage collector, because gc.get_referents() would
 * return them. They are bytes, str, int and tuples of those, so no cycle contains them.
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

/* bytes.h: the objects received last, and those for each of the datagrams of one call. */
#define REUSE_BYTES_COUNT 4
#define REUSE_DATAGRAMS_AT_ONCE 64
#define REUSE_BYTES_PER_DATAGRAM 2

/* ints.h: a prime, so that the powers of two fall into different slots. */
#define REUSE_INTS_COUNT 11

struct reuse_int {
	Py_ssize_t value;
	PyObject *object; /* NULL for none */
};

/* sockets.h */
#define REUSE_SOCKETS_MAX 8

/* tuples.h: the longest one. */
#define REUSE_TUPLE_MAX 3

/* Ordered so that a call needs few cache lines. */
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

/* Whether things of this kind are kept. To be asked before one is put away. */
static inline bool reuse_keeps(const struct reuse *reuse, enum reuse_kind kind)
{
	return (reuse->kinds & 1U << kind) != 0;
}

/* Keeps all kinds that are safe in this interpreter. */
void reuse_begin(struct reuse *reuse);

/*
 * Keeps only the kinds that a str names, such as "bytes,ints", or none of them ("none"). Returns 1;
 * 0 if a kind is unknown; -1 with an exception.
 */
int reuse_choose(struct reuse *reuse, PyObject *text);

/* Frees all that is kept. The socket type must still exist. */
void reuse_clear(struct reuse *reuse);

#endif
