/*
 * The walker between Python objects and the values of an address.
 */
#include "address.h"

#include <stdbool.h>
#include <string.h>

#include "call.h"
#include "errors.h"

/* The longest label of a domain name (RFC 1035). */
#define LABEL_MAX 63

/* What a value borrows from while an address is being encoded. */
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

/* True for ASCII names that IDNA leaves as they are: labels of 1 to 63, the last may be empty. */
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

static PyObject *encode_host(PyObject *name)
{
	if (is_plain_name(name))
		return PyUnicode_AsASCIIString(name);
	return PyUnicode_AsEncodedString(name, "idna", NULL);
}

int host_from_python(PyObject *object, PyObject **owner, const char **text)
{
	*owner = NULL;
	*text = NULL;
	if (object == Py_None)
		return 0;
	if (PyUnicode_Check(object))
		*owner = encode_host(object);
	else if (PyBytes_Check(object))
		*owner = Py_NewRef(object);
	else if (PyByteArray_Check(object))
		*owner = PyBytes_FromObject(object);
	else
		PyErr_Format(PyExc_TypeError, "host must be str, bytes, bytearray or None, not %s",
			     Py_TYPE(object)->tp_name);
	if (!*owner)
		return -1;
	*text = PyBytes_AS_STRING(*owner);
	return 0;
}

/* In an address an ASCII name is not looked at: it is the resolver's to refuse. */
static PyObject *address_host(PyObject *object)
{
	PyObject *owner = NULL;
	const char *text;

	if (PyUnicode_Check(object) && PyUnicode_IS_ASCII(object))
		return PyUnicode_AsASCIIString(object);
	if (object == Py_None)
		PyErr_SetString(PyExc_TypeError,
				"host must be str, bytes or bytearray, not NoneType");
	else if (host_from_python(object, &owner, &text) < 0 &&
		 PyErr_ExceptionMatches(PyExc_UnicodeError))
		PyErr_Format(PyExc_TypeError, "host %R cannot be encoded by IDNA", object);
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
	PyErr_Format(PyExc_TypeError, "host %R has a null character in it", object);
	return -1;
}

static int integer_value(const struct csock_field *field, const char *caller, PyObject *object,
			 struct csock_value *value)
{
	PyObject *index = PyNumber_Index(object);
	int overflow = 0;

	if (!index)
		return -1;
	value->kind = CSOCK_VALUE_INTEGER;
	value->integer = PyLong_AsLongLongAndOverflow(index, &overflow);
	/* The field may reach beyond the signed range: then the value is its two's complement. */
	if (overflow > 0 && field->maximum > INT64_MAX) {
		value->integer = (int64_t)PyLong_AsUnsignedLongLong(index);
		overflow = PyErr_Occurred() != NULL;
		PyErr_Clear();
	}
	Py_DECREF(index);
	if (!overflow)
		return 0;
	PyErr_Format(PyExc_OverflowError, "%s(): %s must be %lld-%llu, not %S", caller, field->name,
		     (long long)field->minimum, (unsigned long long)field->maximum, object);
	return -1;
}

/* str as the file system encodes it. */
static int text_value(PyObject *object, struct part *part, struct csock_value *value)
{
	if (!PyUnicode_Check(object)) {
		PyErr_Format(PyExc_TypeError, "a str is required, not '%s'",
			     Py_TYPE(object)->tp_name);
		return -1;
	}
	part->owner = PyUnicode_EncodeFSDefault(object);
	if (!part->owner)
		return -1;
	value->kind = CSOCK_VALUE_TEXT;
	value->data = PyBytes_AS_STRING(part->owner);
	value->length = (size_t)PyBytes_GET_SIZE(part->owner);
	return 0;
}

static int bytes_value(PyObject *object, struct part *part, struct csock_value *value)
{
	if (PyObject_GetBuffer(object, &part->view, PyBUF_SIMPLE) < 0)
		return -1;
	value->kind = CSOCK_VALUE_BYTES;
	value->data = part->view.buf;
	value->length = (size_t)part->view.len;
	return 0;
}

static int value_from_python(const struct csock_field *field, const char *caller, PyObject *object,
			     struct part *part, struct csock_value *value)
{
	switch (field->kind) {
	case CSOCK_FIELD_HOST:
		return host_value(object, part, value);
	case CSOCK_FIELD_INTEGER:
		return integer_value(field, caller, object, value);
	case CSOCK_FIELD_TEXT:
		return text_value(object, part, value);
	case CSOCK_FIELD_PATH:
		if (PyUnicode_Check(object))
			return text_value(object, part, value);
		return bytes_value(object, part, value);
	case CSOCK_FIELD_BYTES:
		return bytes_value(object, part, value);
	}
	Py_UNREACHABLE();
}

struct encode_work {
	const struct csock_family *family;
	const struct csock_value *values;
	size_t count;
	struct csock_addr *addr;
};

static int encode_patiently(void *arguments)
{
	struct encode_work *work = arguments;

	return csock_addr_encode(work->family, work->values, work->count, CSOCK_NEVER, work->addr);
}

static int encode(struct module_state *state, const struct csock_family *family, const char *caller,
		  PyObject *object, const struct csock_value *values, size_t count,
		  struct csock_addr *addr)
{
	struct encode_work work = {family, values, count, addr};
	int status = csock_addr_encode(family, values, count, CSOCK_NOW, addr);

	if (status < 0 && csock_status_would_wait(status))
		status = call_without_gil(encode_patiently, &work);
	return status < 0 ? raise_address(state, status, family, caller, object) : 0;
}

/* The parts of the object, one for each field, or an exception. */
static int collect_values(const struct csock_family *family, const char *caller, PyObject *object,
			  size_t count, struct part *parts, struct csock_value *values)
{
	for (size_t i = 0; i < count; i++) {
		PyObject *item = family->scalar ? object : PyTuple_GET_ITEM(object, (Py_ssize_t)i);
		if (value_from_python(&family->fields[i], caller, item, &parts[i], &values[i]) < 0)
			return -1;
	}
	return 0;
}

static int check_form(struct module_state *state, const struct csock_family *family,
		      const char *caller, PyObject *object)
{
	if (family->scalar)
		return 0;
	if (!PyTuple_Check(object)) {
		PyErr_Format(PyExc_TypeError, "%s(): %s address must be tuple %s, not %s", caller,
			     family->name, family->form, Py_TYPE(object)->tp_name);
		return -1;
	}
	size_t count = (size_t)PyTuple_GET_SIZE(object);
	if (count < family->required || count > family->field_count)
		return raise_address(state, csock_status_refuse(CSOCK_REFUSED_COUNT, 0), family,
				     caller, object);
	return 0;
}

int address_from_python(struct module_state *state, int family, int protocol, const char *caller,
			PyObject *object, struct csock_addr *addr)
{
	const struct csock_family *row = csock_family_find(family, protocol);
	struct part parts[CSOCK_VALUES_MAX] = {0};
	struct csock_value values[CSOCK_VALUES_MAX] = {0};

	if (!row) {
		PyErr_Format(PyExc_OSError, "%s(): no address form for family %d, protocol %d",
			     caller, family, protocol);
		return -1;
	}
	if (check_form(state, row, caller, object) < 0)
		return -1;
	size_t count = row->scalar ? 1 : (size_t)PyTuple_GET_SIZE(object);
	int result = collect_values(row, caller, object, count, parts, values);
	if (result == 0)
		result = encode(state, row, caller, object, values, count, addr);
	release_parts(parts, count);
	return result;
}

static PyObject *value_to_python(enum csock_field_kind kind, const struct csock_value *value,
				 bool is_unsigned)
{
	switch (value->kind) {
	case CSOCK_VALUE_NONE:
		Py_RETURN_NONE;
	case CSOCK_VALUE_INTEGER:
		if (is_unsigned)
			return PyLong_FromUnsignedLongLong((unsigned long long)value->integer);
		return PyLong_FromLongLong(value->integer);
	case CSOCK_VALUE_TEXT:
		if (kind == CSOCK_FIELD_HOST)
			return PyUnicode_FromStringAndSize(value->data, (Py_ssize_t)value->length);
		return PyUnicode_DecodeFSDefaultAndSize(value->data, (Py_ssize_t)value->length);
	case CSOCK_VALUE_BYTES:
		return PyBytes_FromStringAndSize(value->data, (Py_ssize_t)value->length);
	}
	Py_UNREACHABLE();
}

static PyObject *field_to_python(const struct csock_family *family,
				 const struct csock_values *values, size_t i)
{
	const struct csock_field *field = &family->fields[i];

	return value_to_python(field->kind, &values->item[i], field->maximum > INT64_MAX);
}

static PyObject *tuple_to_python(const struct csock_family *family,
				 const struct csock_values *values)
{
	PyObject *tuple = PyTuple_New((Py_ssize_t)values->count);

	if (!tuple)
		return NULL;
	for (size_t i = 0; i < values->count; i++) {
		PyObject *item = field_to_python(family, values, i);
		if (!item) {
			Py_DECREF(tuple);
			return NULL;
		}
		PyTuple_SET_ITEM(tuple, (Py_ssize_t)i, item);
	}
	return tuple;
}

PyObject *address_to_python(const struct csock_addr *addr, int protocol)
{
	struct csock_values values;

	if (addr->length == 0)
		Py_RETURN_NONE;
	int family = csock_addr_family(addr);
	if (csock_addr_decode(addr, protocol, &values) < 0) {
		const unsigned char *bytes = addr->raw.bytes;
		uint32_t length =
			addr->length > CSOCK_ADDRESS_HEADER ? addr->length : CSOCK_ADDRESS_HEADER;
		return Py_BuildValue("(iy#)", family, bytes + CSOCK_ADDRESS_HEADER,
				     (Py_ssize_t)(length - CSOCK_ADDRESS_HEADER));
	}
	const struct csock_family *row = csock_family_find(family, protocol);
	return row->scalar ? field_to_python(row, &values, 0) : tuple_to_python(row, &values);
}
