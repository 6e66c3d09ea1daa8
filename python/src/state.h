/*
 * The module's state: one per interpreter, and all that outlives a call.
 */
#ifndef EXT_STATE_H
#define EXT_STATE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdbool.h>
#include <stdint.h>

#include "gil_sharing.h"
#include "relaxed.h"

/* What the interpreter's _ssl takes from the capsule _socket.CAPI. */
struct socket_capi {
	PyTypeObject *socket_type;
	PyObject *error;
	PyObject *timeout_error;
};

/* The enums of the socket module. They are made when one is first asked for. */
enum enum_id {
	ENUM_ADDRESS_FAMILY,
	ENUM_SOCKET_KIND,
	ENUM_MSG_FLAG,
	ENUM_ADDRESS_INFO,
	ENUM_COUNT
};

/* An address in both its forms: see address_cache.h. */
struct cached_address {
	PyObject *object;
	unsigned char bytes[16];
};

/*
 * Whether objects are kept to be given out again. Without a GIL nobody can tell who else has one,
 * and a table that all threads change costs more than it saves.
 */
#ifdef Py_GIL_DISABLED
#define OBJECTS_ARE_KEPT false
#else
#define OBJECTS_ARE_KEPT true
#endif

/* So many bytes objects are kept, of datagrams that come at once for each: see received.h. */
#define RECEIVED_KEPT 4
#define RECEIVED_KEPT_OF_EACH 2
#define RECEIVED_AT_ONCE 64

/* The longest tuple that is kept. */
#define TUPLE_KEPT_MAX 3

/* See free_list.h. */
#define FREE_SOCKETS_MAX 8

/* The int for a number of bytes: see counts.h. */
struct kept_count {
	Py_ssize_t count;
	PyObject *object; /* NULL for none */
};

/* Modulo this prime the powers of two are far from each other. */
#define COUNTS_KEPT 11

#define ADDRESS_CACHE_BITS 6
#define ADDRESS_CACHE_SLOTS (1 << ADDRESS_CACHE_BITS)

struct address_cache {
	struct cached_address objects[ADDRESS_CACHE_SLOTS]; /* by bytes */
	struct cached_address addrs[ADDRESS_CACHE_SLOTS];   /* by object */
	PyObject *hosts[ADDRESS_CACHE_SLOTS];               /* by text */
	bool in_use;                                        /* without a GIL */
};

/* The names that are looked up on the way of many calls, interned; see objects.h for others. */
#define HOT_NAMES(X)                                                                               \
	X(_accept)                                                                                 \
	X(_closed)                                                                                 \
	X(_decref_socketios)                                                                       \
	X(_io_refs)                                                                                \
	X(_mode)                                                                                   \
	X(_reading)                                                                                \
	X(_real_close)                                                                             \
	X(_sendfile_use_sendfile)                                                                  \
	X(_sock)                                                                                   \
	X(_timeout_occurred)                                                                       \
	X(_writing)                                                                                \
	X(close)                                                                                   \
	X(closed)                                                                                  \
	X(connect)                                                                                 \
	X(fileno)                                                                                  \
	X(getaddrinfo)                                                                             \
	X(mode)                                                                                    \
	X(recv_into)                                                                               \
	X(recvmsg)                                                                                 \
	X(seek)                                                                                    \
	X(send)                                                                                    \
	X(sendmsg)                                                                                 \
	X(settimeout)                                                                              \
	X(socket)

#define HOT_NAME_MEMBER(name) PyObject *name;

struct hot_names {
	HOT_NAMES(HOT_NAME_MEMBER)
};

/* The numbers of a type under which its methods were looked at: see type_watch.h. */
struct type_watch {
	unsigned int own;   /* with the methods that it was made with; 0 for none */
	unsigned int other; /* with another one */
};

struct module_state {
	PyObject *module;          /* borrowed: it owns this */
	PyTypeObject *base_type;   /* _socket.socket: immutable */
	PyTypeObject *socket_type; /* socket.socket */
	PyTypeObject *io_type;     /* SocketIO */
	PyTypeObject *method_type; /* see any_method.h */
	PyObject *herror;
	PyObject *gaierror;
	PyObject *giveup_on_sendfile;
	PyObject *default_timeout_marker; /* _GLOBAL_DEFAULT_TIMEOUT */
	PyObject *public_name;            /* the __module__ of exceptions and enums */
	/* The globals of the package that publishes the interface. What programs replace there
	 * (socket, getaddrinfo, ...) is what create_connection and its like use. */
	PyObject *namespace;
	PyObject *under_way; /* descriptors on their way into a socket: see handover.h */
	struct hot_names names;
	PyObject *enums[ENUM_COUNT]; /* see enum_entry() */
	bool is_prepared_to_import;  /* see package_prepare_to_import() */
	int64_t default_timeout;     /* ns; -1 for none */
	/* What most calls look at, in few cache lines. */
	struct gil_sharing gil; /* when calls release it */
	char *scratch;          /* see scratch.h; NULL while it is lent */
	PyObject *received[RECEIVED_KEPT];
	struct kept_count counts[COUNTS_KEPT];
	PyObject *tuples[TUPLE_KEPT_MAX + 1]; /* by length: see kept_tuple_of() */
	PyObject *free_sockets[FREE_SOCKETS_MAX];
	int free_count; /* of them */
	PyObject *received_at_once[RECEIVED_AT_ONCE][RECEIVED_KEPT_OF_EACH];
	struct address_cache addresses;
	struct type_watch socket_watch;
	struct type_watch io_watch;
	struct socket_capi capi;
};

extern struct PyModuleDef csocket_module;

/* From the module object that a function gets as its self. */
static inline struct module_state *module_state(PyObject *module)
{
	return PyModule_GetState(module);
}

/*
 * What now stands under a name in the published namespace, as a new reference. Falls back
 * on the module itself where nothing was published; NameError where there is nothing.
 */
PyObject *published(struct module_state *state, const char *name);
PyObject *published_as(struct module_state *state, PyObject *name);

#endif
