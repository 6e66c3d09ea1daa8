/*
 * Chooses the kinds that a module keeps for reuse, and frees them at its end.
 */
#include "reuse/reuse.h"

#include "compat.h"

static const char *const kind_names[REUSE_KINDS] = {
	[REUSE_ADDRESSES] = "addresses", [REUSE_BYTES] = "bytes",
	[REUSE_DATAGRAMS] = "datagrams", [REUSE_INTS] = "ints",
	[REUSE_SCRATCH] = "scratch",     [REUSE_SOCKETS] = "sockets",
	[REUSE_TUPLES] = "tuples",
};

#define ALL_KINDS ((1U << REUSE_KINDS) - 1)
/* The other kinds rely on reference counts, which prove nothing without a GIL. */
#define SAFE_KINDS (HAS_GIL ? ALL_KINDS : 1U << REUSE_ADDRESSES | 1U << REUSE_SCRATCH)

/* The bit of the kind with this name; 0 for none. */
static unsigned find_kind(PyObject *name)
{
	for (unsigned i = 0; i < REUSE_KINDS; i++)
		if (PyUnicode_CompareWithASCIIString(name, kind_names[i]) == 0)
			return 1U << i;
	return 0;
}

/* The kinds of a list of names; 0 if one of them is unknown. */
static unsigned find_kinds(PyObject *names)
{
	unsigned kinds = 0;

	for (Py_ssize_t i = 0; i < PyList_GET_SIZE(names); i++) {
		unsigned kind = find_kind(PyList_GET_ITEM(names, i));
		if (!kind)
			return 0;
		kinds |= kind;
	}
	return kinds;
}

void reuse_begin(struct reuse *reuse)
{
	reuse->kinds = SAFE_KINDS;
}

int reuse_choose(struct reuse *reuse, PyObject *text)
{
	if (PyUnicode_CompareWithASCIIString(text, "none") == 0) {
		reuse->kinds = 0;
		return 1;
	}
	PyObject *comma = PyUnicode_FromString(",");
	PyObject *names = comma ? PyUnicode_Split(text, comma, -1) : NULL;
	unsigned kinds = names ? find_kinds(names) : 0;
	int result = names ? kinds != 0 : -1;

	if (kinds)
		reuse->kinds = kinds & SAFE_KINDS;
	Py_XDECREF(names);
	Py_XDECREF(comma);
	return result;
}

static void clear(PyObject **objects, int count)
{
	for (int i = 0; i < count; i++)
		Py_CLEAR(objects[i]);
}

static void clear_addresses(struct reuse_addresses *addresses)
{
	for (int i = 0; i < REUSE_ADDRESS_SLOTS; i++) {
		Py_CLEAR(addresses->objects[i].object);
		Py_CLEAR(addresses->addrs[i].object);
	}
	clear(addresses->hosts, REUSE_ADDRESS_SLOTS);
}

void reuse_clear(struct reuse *reuse)
{
	while (reuse->socket_count > 0)
		PyObject_GC_Del(reuse->sockets[--reuse->socket_count]);
	clear(reuse->bytes, REUSE_BYTES_COUNT);
	for (int i = 0; i < REUSE_DATAGRAMS_AT_ONCE; i++)
		clear(reuse->datagrams[i], REUSE_BYTES_PER_DATAGRAM);
	for (int i = 0; i < REUSE_INTS_COUNT; i++)
		Py_CLEAR(reuse->ints[i].object);
	clear(reuse->tuples, REUSE_TUPLE_MAX + 1);
	clear_addresses(&reuse->addresses);
	PyMem_RawFree(reuse->scratch);
	reuse->scratch = NULL;
}
