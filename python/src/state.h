/*
 * The module's state: all that outlives a call. Each interpreter has its own.
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

/* The names that many calls look up, interned. convert/objects.h looks up all others. */
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

/* The version tags of a type for which its methods were checked: see socket/type_watch.h. */
struct type_watch {
	const struct own_method *methods; /* those to check */
	unsigned int own;                 /* all methods are csocket's; 0 for none */
	unsigned int other;               /* a method was replaced */
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
	/*
	 * The globals of the package that publishes the interface. Programs replace names there
	 * (socket, getaddrinfo, ...), and create_connection() and similar functions use the
	 * replacements.
	 */
	PyObject *namespace;
	PyObject *under_way; /* descriptors on their way into a socket: see socket/handover.h */
	struct hot_names names;
	PyObject *enums[ENUM_COUNT]; /* see enum_entry() */
	bool is_prepared_to_import;  /* see package_prepare_to_import() */
	int64_t default_timeout;     /* ns; -1 for none */
	/* Most calls read these fields, which share a few cache lines. */
	struct gil_sharing gil; /* whether calls release it */
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
