/*
 * Pairs of connected sockets, which the system makes.
 */
#include "functions/socketpair.h"

#include "csocket/csocket.h"

#include "convert/arguments.h"
#include "convert/errors.h"
#include "convert/objects.h"
#include "gil/release.h"
#include "published.h"
#include "reuse/tuples.h"
#include "socket/handover.h"
#include "socket/object.h"

/* Makes a socket around one end, which it takes over. The type is the published "socket". */
static PyObject *wrap(struct module_state *state, const struct pair *pair,
		      struct csock_socket *opened)
{
	if (sock_type_stands(state))
		return sock_wrap(state, state->socket_type, opened, pair->type);
	PyObject *fileno = handover_fileno(csock_detach(opened));
	if (!fileno)
		return NULL;
	return handover(state, fileno, published_as(state, state->names.socket),
			Py_BuildValue("(iiiO)", pair->family, pair->type, pair->protocol, fileno),
			NULL);
}

/* The same for the base type. */
static PyObject *wrap_raw(struct module_state *state, const struct pair *pair,
			  struct csock_socket *opened)
{
	return sock_wrap(state, state->base_type, opened, pair->type);
}

const char socketpair_doc[] =
	"socketpair(family=None, type=1, proto=0)\n--\n\n"
	"Two new sockets that are connected with each other, as a tuple.\n\n"
	"The arguments are those of socket(), except that the family is AF_UNIX by default.";

static int open_pair(const struct module_state *state, const struct pair *pair,
		     struct csock_socket *a, struct csock_socket *b)
{
	int status;

	if (sock_opens_promptly(state, pair->family, pair->protocol))
		return csock_open_pair(a, b, pair->family, pair->type, pair->protocol);
	Py_BEGIN_ALLOW_THREADS
	status = csock_open_pair(a, b, pair->family, pair->type, pair->protocol);
	Py_END_ALLOW_THREADS
	return status;
}

static PyObject *make_pair(struct module_state *state, const struct pair *pair,
			   PyObject *(*wrapper)(struct module_state *, const struct pair *,
						struct csock_socket *))
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	int status = open_pair(state, pair, &a, &b);

	if (status < 0)
		return raise_status(state, status);
	PyObject *first = wrapper(state, pair, &a);
	if (!first) {
		(void)call_close(&b);
		return NULL;
	}
	PyObject *second = wrapper(state, pair, &b);
	if (!second) {
		close_raised(first);
		return NULL;
	}
	return tuple_of(first, second);
}

PyObject *mod_socketpair(PyObject *module, PyObject *const *args, Py_ssize_t count, PyObject *names)
{
	struct pair pair = {AF_UNIX, SOCK_STREAM, 0};

	if (pair_parse("socketpair", args, count, names, &pair) < 0)
		return NULL;
	return make_pair(module_state(module), &pair, wrap);
}

static const char socketpair_raw_doc[] =
	"socketpair(family=AF_UNIX, type=SOCK_STREAM, proto=0, /)\n--\n\n"
	"Two new sockets of this module's own type that are connected with each other.";

static PyObject *mod_socketpair_raw(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
	struct pair pair = {AF_UNIX, SOCK_STREAM, 0};

	if (arguments_check("socketpair", count, 0, 3) < 0 ||
	    optional_int(count > 0 ? args[0] : NULL, &pair.family) < 0 ||
	    optional_int(count > 1 ? args[1] : NULL, &pair.type) < 0 ||
	    optional_int(count > 2 ? args[2] : NULL, &pair.protocol) < 0)
		return NULL;
	return make_pair(module_state(module), &pair, wrap_raw);
}

PyMethodDef socketpair_functions[] = {
	{"socketpair", FAST(mod_socketpair_raw), socketpair_raw_doc},
	{NULL, NULL, 0, NULL},
};
