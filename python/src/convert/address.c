/*
 * The walker: converts between Python objects and the values of an address.
 */
#include "convert/address.h"
#include "reuse/tuples.h"

#include <stdbool.h>
#include <string.h>

#include "convert/errors.h"
#include "convert/objects.h"
#include "gil/release.h"
#include "reuse/addresses.h"

/* The longest label of a domain name (RFC 1035). */
#define LABEL_MAX 63

/* The objects that a value borrows from while an address is being encoded. */
struct part {
	PyObject *owner;
	Py_buffer view; /* in use if view.obj is set */
};

static void release_parts(struct part *parts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		Py_CLEAR(parts[i].owner);
		PyBuffer_Release(&parts[i].view);
	}
}

/*
 * Whether a name is ASCII, with labels of 1 to 63 (the last may be empty): IDNA leaves it as it is.
 */
static bool is_plain_name(PyObject *name)
{
	if (!PyUnicode_IS_ASCII(name))
		return false;
	const char *text = (const char *)PyUnicode_1BYTE_DATA(name);
	const char *end = text + PyUnicode_GET_LENGTH(name);
	for (;;) {
		const char *dot = memchr(text, '.', (size_t)(end - text));
		ptrdiff_t length = (dot ? dot : end) - text;
		if (length > LABEL_MAX || (dot && length == 0))
			return false;
		if (!dot)
			return true;
		text = dot + 1;
	}
}

int host_from_python(PyObject *object, PyObject **owner, const char **text)
{
	*owner = NULL;
	*text = NULL;
	if (object == Py_None)
		return 0;
	if (PyUnicode_Check(object))
		*owner = is_plain_name(object) ? Py_NewRef(object)
					       : PyUnicode_AsEncodedString(object, "idna", NULL);
	else if (PyBytes_Check(object))
		*owner = Py_NewRef(object);
	else if (PyByteArray_Check(object))
		*owner = PyBytes_FromObject(object);
	else
		PyErr_Format(PyExc_TypeError, "str, bytes or bytearray expected, not %s",
			     Py_TYPE(object)->tp_name);
	if (!*owner)
		return -1;
	*text = PyBytes_Check(*owner) ? PyBytes_AS_STRING(*owner)
				      : (const char *)PyUnicode_1BYTE_DATA(*owner);
	return 0;
}

/* In an address an ASCII name is not checked: the resolver refuses a bad one. */
static PyObject *address_host(PyObject *object)
{
	PyObject *owner = NULL;
	const char *text;

	if (PyUnicode_Check(object) && PyUnicode_IS_ASCII(object))
		return PyUnicode_AsASCIIString(object);
	if (object == Py_None) {
		PyErr_SetString(PyExc_TypeError, "str, bytes or bytearray expected, not NoneType");
	} else if (host_from_python(object, &owner, &text) < 0 &&
		   PyErr_ExceptionMatches(PyExc_UnicodeError)) {
		PyErr_SetString(PyExc_TypeError, "encoding of hostname failed");
		error_note("IDNA cannot encode %R", object);
	}
	return owner;
}

static int host_value(PyObject *object, struct part *part, struct csock_value *value)
{
	part->owner = address_host(object);
	if (!part->owner)
		return -1;
	value->kind = CSOCK_VALUE_TEXT;
	value->data = PyBytes_AS_STRING(part->owner);
	value->length = (size_t)PyBytes_GET_SIZE(part->owner);
	if (!memchr(value->data, '\0', value->length))
		return 0;
	PyErr_SetString(PyExc_TypeError, "host name must not contain null character");
	error_note("given %R", object);
	return -1;
}

/* The context of a conversion; caller is for messages. */
struct walk {
	struct module_state *state;
	const struct csock_family *family;
	struct csock_socket *sock;
	const char *caller;
};

/* Adds a note to the TypeError that is set: which field of the address is wrong. */
static int note_kind(const struct walk *walk, const struct csock_field *field, const char *expected)
{
	error_note("%s(): %s %s must be %s", walk->caller, walk->family->name, field->name,
		   expected);
	return -1;
}

static int integer_value(const struct walk *walk, const struct csock_field *field, PyObject *object,
			 struct csock_value *value)
{
	int overflow = 0;
	PyObject *index = PyNumber_Index(object);

	if (!index)
		return PyIndex_Check(object) ? -1 : note_kind(walk, field, "int");
	value->kind = CSOCK_VALUE_INTEGER;
	value->integer = PyLong_AsLongLongAndOverflow(index, &overflow);
	/* Beyond the signed range the value is the number's two's complement. */
	if (overflow > 0 && field->maximum > INT64_MAX) {
		value->integer = (int64_t)PyLong_AsUnsignedLongLong(index);
		overflow = PyErr_Occurred() != NULL;
		PyErr_Clear();
	} else if (value->integer < 0 && field->maximum > INT64_MAX) {
		overflow = -1;
	}
	Py_DECREF(index);
	if (!overflow)
		return 0;
	raise_out_of_range(field, walk->caller, object);
	return -1;
}

/* Encodes a str as a file name. */
static int text_value(PyObject *object, struct part *part, struct csock_value *value)
{
	part->owner = PyUnicode_EncodeFSDefault(object);
	if (!part->owner)
		return -1;
	value->kind = CSOCK_VALUE_TEXT;
	value->data = PyBytes_AS_STRING(part->owner);
	value->length = (size_t)PyBytes_GET_SIZE(part->owner);
	return 0;
}

static int bytes_value(const struct walk *walk, const struct csock_field *field,
		       const char *expected, PyObject *object, struct part *part,
		       struct csock_value *value)
{
	if (PyObject_GetBuffer(object, &part->view, PyBUF_SIMPLE) < 0)
		return PyObject_CheckBuffer(object) ? -1 : note_kind(walk, field, expected);
	value->kind = CSOCK_VALUE_BYTES;
	value->data = part->view.buf;
	value->length = (size_t)part->view.len;
	return 0;
}

static int value_from_python(const struct walk *walk, const struct csock_field *field,
			     PyObject *object, struct part *part, struct csock_value *value)
{
	bool is_text = PyUnicode_Check(object);

	switch (field->kind) {
	case CSOCK_FIELD_HOST:
		return host_value(object, part, value);
	case CSOCK_FIELD_INTEGER:
		return integer_value(walk, field, object, value);
	case CSOCK_FIELD_TEXT:
	case CSOCK_FIELD_UUID:
		if (is_text)
			return text_value(object, part, value);
		raise_form(walk->family);
		return note_kind(walk, field, "str");
	case CSOCK_FIELD_NAME:
	case CSOCK_FIELD_PATH:
		if (is_text)
			return text_value(object, part, value);
		return bytes_value(walk, field, "str or bytes-like", object, part, value);
	case CSOCK_FIELD_BYTES:
		return bytes_value(walk, field, "bytes-like", object, part, value);
	}
	Py_UNREACHABLE();
}

struct encode_work {
	const struct walk *walk;
	const struct csock_value *values;
	size_t count;
	struct csock_addr *addr;
};

static int encode_until(const struct encode_work *work, int64_t deadline)
{
	const struct walk *walk = work->walk;

	return csock_addr_encode(walk->family, work->values, work->count, walk->sock, deadline,
				 work->addr);
}

static int encode_patiently(void *arguments)
{
	return encode_until(arguments, CSOCK_NEVER);
}

static int encode(const struct walk *walk, PyObject *object, const struct csock_value *values,
		  size_t count, struct csock_addr *addr)
{
	struct encode_work work = {walk, values, count, addr};
	int status = encode_until(&work, CSOCK_NOW);

	/* Without the resolver the result is always the same. */
	if (status == 0 && walk->family->cacheable)
		address_cache_keep_addr(&walk->state->reuse, object, addr);
	if (status < 0 && csock_status_would_wait(status))
		status = call_without_gil(encode_patiently, &work);
	return status < 0 ? raise_address(walk->state, status, walk->family, walk->caller, object)
			  : 0;
}

/* The ith item of a tuple, or the object itself if it is the whole address. Borrowed. */
static PyObject *part_of(PyObject *object, bool is_tuple, size_t i)
{
	return is_tuple ? PyTuple_GET_ITEM(object, (Py_ssize_t)i) : object;
}

/* Whether the object is a tuple of fields: 1 or 0, or -1 with an exception for a wrong form. */
static int check_form(const struct walk *walk, PyObject *object)
{
	const struct csock_family *family = walk->family;
	bool is_tuple = PyTuple_Check(object);

	if (family->shape == CSOCK_SHAPE_SCALAR ||
	    (family->shape == CSOCK_SHAPE_EITHER && !is_tuple))
		return 0;
	if (!is_tuple) {
		PyErr_Format(PyExc_TypeError, "%s(): %s address must be tuple, not %s",
			     walk->caller, family->name, Py_TYPE(object)->tp_name);
		error_note("must be %s", family->form);
		return -1;
	}
	size_t count = (size_t)PyTuple_GET_SIZE(object);
	if (count < family->required || count > family->field_count)
		return raise_address(walk->state, csock_status_refuse(CSOCK_REFUSED_COUNT, 0),
				     family, walk->caller, object);
	return 1;
}

/* Converts the object's parts, one for each field, and encodes the address. */
static int walk_object(const struct walk *walk, PyObject *object, struct csock_addr *addr)
{
	struct part parts[CSOCK_VALUES_MAX] = {0};
	struct csock_value values[CSOCK_VALUES_MAX] = {0};
	int is_tuple = check_form(walk, object);

	if (is_tuple < 0)
		return -1;
	size_t count = is_tuple ? (size_t)PyTuple_GET_SIZE(object) : 1;
	int result = 0;
	for (size_t i = 0; i < count && result == 0; i++)
		result = value_from_python(walk, &walk->family->fields[i],
					   part_of(object, is_tuple, i), &parts[i], &values[i]);
	if (result == 0)
		result = encode(walk, object, values, count, addr);
	release_parts(parts, count);
	return result;
}

/* Does address_from_python() for an address that is not in the cache. */
APART static int take_apart(struct module_state *state, struct csock_socket *sock,
			    const char *caller, PyObject *object, struct csock_addr *addr)
{
	struct walk walk = {
		.state = state,
		.family = csock_family_find(sock->family, sock->protocol),
		.sock = sock,
		.caller = caller,
	};

	if (!walk.family) {
		raise_no_form(sock->family, sock->protocol, caller);
		return -1;
	}
	if (walk_object(&walk, object, addr) == 0)
		return 0;
	conform_address_error(walk.family, caller);
	return -1;
}

int address_from_python(struct module_state *state, struct csock_socket *sock, const char *caller,
			PyObject *object, struct csock_addr *addr)
{
	if (address_cache_addr(&state->reuse, object, sock->family, addr))
		return 0;
	return take_apart(state, sock, caller, object, addr);
}

static PyObject *value_to_python(struct module_state *state, enum csock_field_kind kind,
				 const struct csock_value *value, bool is_unsigned)
{
	switch (value->kind) {
	case CSOCK_VALUE_NONE:
		Py_RETURN_NONE;
	case CSOCK_VALUE_INTEGER:
		if (is_unsigned)
			return PyLong_FromUnsignedLongLong((unsigned long long)value->integer);
		/* PyLong_FromLong() is faster than PyLong_FromLongLong(). */
		if (LIKELY(value->integer == (long)value->integer))
			return PyLong_FromLong((long)value->integer);
		return PyLong_FromLongLong(value->integer);
	case CSOCK_VALUE_TEXT:
		if (kind == CSOCK_FIELD_HOST)
			return host_cache_text(&state->reuse, value->data, value->length);
		return PyUnicode_DecodeFSDefaultAndSize(value->data, (Py_ssize_t)value->length);
	case CSOCK_VALUE_BYTES:
		return PyBytes_FromStringAndSize(value->data, (Py_ssize_t)value->length);
	}
	Py_UNREACHABLE();
}

static PyObject *field_to_python(struct module_state *state, const struct csock_family *family,
				 const struct csock_values *values, size_t i)
{
	const struct csock_field *field = &family->fields[i];

	return value_to_python(state, field->kind, &values->item[i], field->maximum > INT64_MAX);
}

static PyObject *tuple_to_python(struct module_state *state, const struct csock_family *family,
				 const struct csock_values *values)
{
	PyObject *tuple = PyTuple_New((Py_ssize_t)values->count);

	if (!tuple)
		return NULL;
	for (size_t i = 0; i < values->count; i++) {
		PyObject *item = field_to_python(state, family, values, i);
		if (!item) {
			Py_DECREF(tuple);
			return NULL;
		}
		PyTuple_SET_ITEM(tuple, (Py_ssize_t)i, item);
	}
	return tuple;
}

PyObject *address_to_python_uncached(struct module_state *state, const struct csock_addr *addr,
				     struct csock_socket *sock)
{
	struct csock_values values;

	if (addr->length == 0)
		Py_RETURN_NONE;

	if (csock_addr_decode(addr, sock, &values) < 0) {
		const unsigned char *bytes = addr->raw.bytes;
		uint32_t length =
			addr->length > CSOCK_ADDRESS_HEADER ? addr->length : CSOCK_ADDRESS_HEADER;
		return Py_BuildValue("(iy#)", csock_addr_family(addr), bytes + CSOCK_ADDRESS_HEADER,
				     (Py_ssize_t)(length - CSOCK_ADDRESS_HEADER));
	}
	const struct csock_family *family = csock_addr_form(addr, sock);
	return csock_family_stands_alone(family, values.count)
		       ? field_to_python(state, family, &values, 0)
		       : tuple_to_python(state, family, &values);
}

PyObject *address_to_python(struct module_state *state, const struct csock_addr *addr,
			    struct csock_socket *sock)
{
	PyObject *object = address_cache_object(&state->reuse, addr);

	if (object)
		return object;
	object = address_to_python_uncached(state, addr, sock);
	const struct csock_family *family = csock_addr_form(addr, sock);
	if (object && PyTuple_CheckExact(object))
		tuple_hide(object);
	if (object && family && family->cacheable)
		address_cache_keep_object(&state->reuse, addr, object);
	return object;
}
