/*
 * Recent addresses, as Python objects and as the kernel's structs.
 */
#include "reuse/addresses.h"

#include "compat.h"
#include "reuse/tuples.h"

#include <stdbool.h>
#include <string.h>

/* Without a GIL other threads may use the cache. A thread that finds it in use does without it. */
static bool lock(struct reuse_addresses *cache)
{
	return HAS_GIL || !__atomic_exchange_n(&cache->in_use, true, __ATOMIC_ACQUIRE);
}

static void unlock(struct reuse_addresses *cache)
{
	if (!HAS_GIL)
		__atomic_store_n(&cache->in_use, false, __ATOMIC_RELEASE);
}

/* 2**64 divided by the golden ratio: every bit of the key affects the highest bits. */
static size_t slot(uint64_t key)
{
	return (size_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> (64 - REUSE_ADDRESS_BITS));
}

/* Family, port and host of an IPv4 address are in its first eight bytes. */
static struct reuse_address *slot_of_addr(struct reuse_addresses *cache,
					  const struct csock_addr *addr)
{
	return &cache->objects[slot(addr->raw.align)];
}

static struct reuse_address *slot_of_object(struct reuse_addresses *cache, const PyObject *object)
{
	return &cache->addrs[slot((uintptr_t)object)];
}

static void keep(struct reuse *reuse, struct reuse_address *entry, const struct csock_addr *addr,
		 PyObject *object)
{
	struct reuse_addresses *cache = &reuse->addresses;

	if (addr->length != sizeof entry->bytes || !reuse_keeps(reuse, REUSE_ADDRESSES) ||
	    !lock(cache))
		return;
	memcpy(entry->bytes, addr->raw.bytes, sizeof entry->bytes);
	PyObject *former = entry->object;
	entry->object = Py_NewRef(object);
	unlock(cache);
	Py_XDECREF(former);
}

PyObject *address_cache_object(struct reuse *reuse, const struct csock_addr *addr)
{
	struct reuse_addresses *cache = &reuse->addresses;
	struct reuse_address *entry = slot_of_addr(cache, addr);
	PyObject *object = NULL;

	if (addr->length != sizeof entry->bytes || !lock(cache))
		return NULL;
	if (entry->object && memcmp(entry->bytes, addr->raw.bytes, sizeof entry->bytes) == 0)
		object = Py_NewRef(entry->object);
	unlock(cache);
	return object;
}

void address_cache_keep_object(struct reuse *reuse, const struct csock_addr *addr, PyObject *object)
{
	keep(reuse, slot_of_addr(&reuse->addresses, addr), addr, object);
}

bool address_cache_addr(struct reuse *reuse, PyObject *object, int family, struct csock_addr *addr)
{
	struct reuse_addresses *cache = &reuse->addresses;
	struct reuse_address *entry = slot_of_object(cache, object);

	if (!lock(cache))
		return false;
	bool found = entry->object == object;
	if (found) {
		addr->length = sizeof entry->bytes;
		memcpy(addr->raw.bytes, entry->bytes, sizeof entry->bytes);
	}
	unlock(cache);
	return found && csock_addr_family(addr) == family;
}

/* Whether the object stands for the same values as long as it lives. */
static bool is_constant(PyObject *object)
{
	if (!PyTuple_CheckExact(object))
		return false;
	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(object); i++) {
		PyObject *item = PyTuple_GET_ITEM(object, i);
		if (!PyUnicode_CheckExact(item) && !PyLong_CheckExact(item))
			return false;
	}
	return true;
}

void address_cache_keep_addr(struct reuse *reuse, PyObject *object, const struct csock_addr *addr)
{
	if (!is_constant(object))
		return;
	if (HAS_GIL)
		tuple_hide(object);
	keep(reuse, slot_of_object(&reuse->addresses, object), addr, object);
}

static PyObject **slot_of_text(struct reuse_addresses *cache, const char *text, size_t length)
{
	uint64_t key = length;

	/* Hosts differ mostly at their ends. */
	if (length >= sizeof key)
		memcpy(&key, text + length - sizeof key, sizeof key);
	return &cache->hosts[slot(key)];
}

static bool is_text(PyObject *object, const char *text, size_t length)
{
	return (size_t)PyUnicode_GET_LENGTH(object) == length &&
	       memcmp(PyUnicode_1BYTE_DATA(object), text, length) == 0;
}

PyObject *host_cache_text(struct reuse *reuse, const char *text, size_t length)
{
	struct reuse_addresses *cache = &reuse->addresses;
	PyObject **entry = slot_of_text(cache, text, length);
	PyObject *found = NULL;

	if (lock(cache)) {
		if (*entry && is_text(*entry, text, length))
			found = Py_NewRef(*entry);
		unlock(cache);
	}
	if (found)
		return found;
	PyObject *made = PyUnicode_FromStringAndSize(text, (Py_ssize_t)length);
	if (made && PyUnicode_IS_ASCII(made) && reuse_keeps(reuse, REUSE_ADDRESSES) &&
	    lock(cache)) {
		PyObject *former = *entry;
		*entry = Py_NewRef(made);
		unlock(cache);
		Py_XDECREF(former);
	}
	return made;
}
