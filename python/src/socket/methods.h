/*
 * The methods of sockets: the files that hold them, and the tables in types/methods.c.
 */
#ifndef EXT_METHODS_H
#define EXT_METHODS_H

#include "socket/any_method.h"
#include "socket/object.h"

#define FAST_METHOD(name) PyObject *name(PyObject *self, PyObject *const *args, Py_ssize_t count)
#define KEYWORD_METHOD(name)                                                                       \
	PyObject *name(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *names)

/* types/methods.c: the methods of both types, and those that the socket type adds. */
extern PyMethodDef sock_base_methods[];
extern const struct any_method sock_methods[];

/* socket/object.c */
PyObject *sock_new(PyTypeObject *type, PyObject *args, PyObject *kwargs);
int sock_init(PyObject *object, PyObject *args, PyObject *kwargs);
PyObject *sock_vectorcall(PyObject *type, PyObject *const *args, size_t count, PyObject *names);
int sock_traverse(PyObject *self, visitproc visit, void *arg);
void sock_finalize(PyObject *object);
void sock_dealloc(PyObject *object);

/* types/repr.c */
PyObject *sock_base_repr(PyObject *object);
ANY_METHOD(sock_repr);

/* Puts the methods that are called most side by side, so that they share the processor's cache. */
#define HOT __attribute__((hot))

/* transfer/receive.c */
HOT FAST_METHOD(sock_recv);
HOT KEYWORD_METHOD(sock_recv_into);
HOT FAST_METHOD(sock_recvfrom);
KEYWORD_METHOD(sock_recvfrom_into);

/* transfer/send.c */
HOT FAST_METHOD(sock_send);
HOT FAST_METHOD(sock_sendall);
HOT FAST_METHOD(sock_sendto);

/* transfer/message.c */
FAST_METHOD(sock_recvmsg);
FAST_METHOD(sock_recvmsg_into);
FAST_METHOD(sock_sendmsg);
KEYWORD_METHOD(sock_sendmsg_afalg);

/* transfer/batch.c */
KEYWORD_METHOD(sock_recvmmsg);
KEYWORD_METHOD(sock_recvmmsg_into);
KEYWORD_METHOD(sock_sendmmsg);

/* transfer/segments.c */
KEYWORD_METHOD(sock_recv_segments);
KEYWORD_METHOD(sock_recv_segments_into);
KEYWORD_METHOD(sock_send_segments);

/* socket/connection.c */
PyObject *sock_accept_raw(PyObject *self, PyObject *ignored);
ANY_METHOD(sock_accept);
PyObject *sock_bind(PyObject *self, PyObject *address);
PyObject *sock_connect(PyObject *self, PyObject *address);
PyObject *sock_connect_ex(PyObject *self, PyObject *address);
PyObject *sock_getpeername(PyObject *self, PyObject *ignored);
PyObject *sock_getsockname(PyObject *self, PyObject *ignored);
FAST_METHOD(sock_listen);
PyObject *sock_shutdown(PyObject *self, PyObject *how);

/* socket/options.c */
FAST_METHOD(sock_getsockopt);
FAST_METHOD(sock_setsockopt);

/* socket/timeouts.c */
PyObject *sock_getblocking(PyObject *self, PyObject *ignored);
PyObject *sock_gettimeout(PyObject *self, PyObject *ignored);
PyObject *sock_setblocking(PyObject *self, PyObject *flag);
PyObject *sock_settimeout(PyObject *self, PyObject *value);
PyObject *sock_get_timeout(PyObject *self, void *closure);

/* socket/lifetime.c */
PyObject *sock_close_raw(PyObject *self, PyObject *ignored);
ANY_METHOD(sock_close);
ANY_METHOD(sock_real_close);
ANY_METHOD(sock_decref_socketios);
PyObject *sock_detach_raw(PyObject *self, PyObject *ignored);
ANY_METHOD(sock_detach);
ANY_METHOD(sock_dup);
PyObject *sock_fileno(PyObject *self, PyObject *ignored);
ANY_METHOD(sock_get_inheritable);
ANY_METHOD(sock_set_inheritable);
ANY_METHOD(sock_enter);
ANY_METHOD(sock_exit);

/* types/socket.c */
ANY_METHOD(sock_getstate);

/* types/other_process.c */
ANY_METHOD(sock_reduce_ex);

/* types/makefile.c */
ANY_METHOD(sock_makefile);

/* transfer/sendfile.c */
ANY_METHOD(sock_sendfile);
ANY_METHOD(sock_sendfile_use_sendfile);

/* transfer/sendfile_zerocopy.c */
ANY_METHOD(sock_sendfile_zerocopy);

/* transfer/sendfile_reading.c */
ANY_METHOD(sock_sendfile_use_send);

/* transfer/file_range.c */
ANY_METHOD(sock_check_sendfile_params);

#endif
