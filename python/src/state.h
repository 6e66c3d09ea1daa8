/*
 * The module's state: one per interpreter, and all that outlives a call.
 */
#ifndef EXT_STATE_H
#define EXT_STATE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdbool.h>
#include <stdint.h>

#include "gil/sharing.h"
#include "reuse/reuse.h"

/* The contents of the capsule _socket.CAPI, for the interpreter's _ssl. */
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

/* The names that are looked up on the way of many calls, interned; see convert/objects.h for
 * others. */
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

/* The numbers of a type under which its methods were looked at: see socket/type_watch.h. */
struct type_watch {
	const struct own_method *methods; /* those that are looked at */
	unsigned int own;                 /* with the methods that it was made with; 0 for none */
	unsigned int other;               /* with another one */
};

struct module_state {
	PyObject *module;          /* borrowed: it owns this */
	PyTypeObject *base_type;   /* _socket.socket: immutable */
	PyTypeObject *socket_type; /* socket.socket */
	PyTypeObject *io_type;     /* SocketIO */
	PyTypeObject *method_type; /* see socket/any_method.h */
	PyObject *herror;
	PyObject *gaierror;
	PyObject *giveup_on_sendfile;
	PyObject *default_timeout_marker; /* _GLOBAL_DEFAULT_TIMEOUT */
	PyObject *public_name;            /* the __module__ of exceptions and enums */
	/* The globals of the package that publishes the interface. What programs replace there
	 * (socket, getaddrinfo, ...) is what create_connection and its like use. */
	PyObject *namespace;
	PyObject *under_way; /* descriptors on their way into a socket: see socket/handover.h */
	struct hot_names names;
	PyObject *enums[ENUM_COUNT]; /* see enum_entry() */
	bool is_prepared_to_import;  /* see package_prepare_to_import() */
	int64_t default_timeout;     /* ns; -1 for none */
	/* Most calls read these fields, which share a few cache lines. */
	struct gil_sharing gil; /* when calls release it */
	struct reuse reuse;
	struct type_watch socket_watch;
	struct type_watch io_watch;
	unsigned io_calls; /* see io_let_others_run() */
	struct socket_capi capi;
};

extern struct PyModuleDef csocket_module;

/* From the module object that a function gets as its self. */
static inline struct module_state *module_state(PyObject *module)
{
	return PyModule_GetState(module);
}

/* From a type that the module has made, or from a subclass of it; NULL with an exception. */
static inline struct module_state *module_state_of_type(PyTypeObject *type)
{
	PyObject *module = PyType_GetModuleByDef(type, &csocket_module);

	return module ? module_state(module) : NULL;
}

#endif
