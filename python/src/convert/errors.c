/*
 * From statuses to exceptions.
 */
#include "convert/errors.h"

#include <errno.h>
#include <stdarg.h>

#include "convert/objects.h"
#include "convert/system.h"

#define TEXT_MAX 256

/* The type of exception for an argument that the library refused. */
static PyObject *refusal_type(enum csock_refusal refusal)
{
	switch (refusal) {
	case CSOCK_REFUSED_COUNT:
	case CSOCK_REFUSED_KIND:
	case CSOCK_REFUSED_UNKNOWN:
		return PyExc_TypeError;
	case CSOCK_REFUSED_RANGE:
	case CSOCK_REFUSED_SIZE:
		return PyExc_OverflowError;
	case CSOCK_REFUSED_NUL:
		return PyExc_ValueError;
	case CSOCK_REFUSED_NULL:
	case CSOCK_REFUSED_COPIED:
		return PyExc_SystemError; /* a defect of the extension */
	case CSOCK_REFUSED_FAMILY:
	case CSOCK_REFUSED_TOO_LONG:
	case CSOCK_REFUSED_SYNTAX:
	case CSOCK_REFUSED_AMBIGUOUS:
		break;
	}
	return PyExc_OSError;
}

static PyObject *raise_code(PyObject *type, int code, const char *text)
{
	PyObject *arguments = Py_BuildValue("(is)", code, text);

	if (arguments) {
		PyErr_SetObject(type, arguments);
		Py_DECREF(arguments);
	}
	return NULL;
}

/* A failure of a database: with one text for all of them, the failure's own text becomes a note. */
static PyObject *raise_database(PyObject *type, int status, const char *instead)
{
	char text[TEXT_MAX];

	csock_status_text(status, text, sizeof text);
	raise_code(type, csock_status_code(status), instead ? instead : text);
	if (instead)
		error_note("%s", text);
	return NULL;
}

/* Failures whose text comes from the library. */
static PyObject *raise_text(struct module_state *state, int status)
{
	char text[TEXT_MAX];
	int code = csock_status_code(status);

	csock_status_text(status, text, sizeof text);
	switch (csock_status_domain(status)) {
	case CSOCK_RESOLVER:
		return raise_database(state->gaierror, status, system_texts.resolver);
	case CSOCK_HOST_DATABASE:
		return raise_database(state->herror, status, system_texts.host_database);
	case CSOCK_TIMEOUT:
		PyErr_SetString(PyExc_TimeoutError, text);
		return NULL;
	case CSOCK_REFUSED:
		PyErr_SetString(refusal_type((enum csock_refusal)code), text);
		return NULL;
	default:
		PyErr_Format(PyExc_SystemError, "no failure in status %d", status);
		return NULL;
	}
}

PyObject *raise_status(struct module_state *state, ssize_t result)
{
	int status = (int)result;

	if (status == CALL_RAISED)
		return NULL;
	/* The interpreter makes the exception of a number. */
	switch (csock_status_domain(status)) {
	case CSOCK_SYSTEM:
		return system_raise(csock_status_code(status));
	case CSOCK_INTERRUPTED:
		return system_raise(system_code(EINTR));
	case CSOCK_WOULD_WAIT:
		return system_raise(system_code(EAGAIN));
	case CSOCK_IN_USE:
		return system_raise(system_code(EBUSY));
	default:
		return raise_text(state, status);
	}
}

void error_note(const char *format, ...)
{
	va_list arguments;
	PyObject *error = exception_take();

	va_start(arguments, format);
	PyObject *note = PyUnicode_FromFormatV(format, arguments);
	va_end(arguments);
	PyObject *done = note ? method_call("add_note", error, note) : NULL;
	/* The exception matters more than a failure to describe it. */
	if (!done)
		PyErr_Clear();
	Py_XDECREF(done);
	Py_XDECREF(note);
	exception_raise(error);
}

void error_name_address(PyObject *address)
{
	if (!PyErr_ExceptionMatches(PyExc_OSError))
		return;
	PyObject *error = exception_take();
	/* The exception matters more than a failure to describe it. */
	if (PyObject_SetAttrString(error, "address", address) < 0)
		PyErr_Clear();
	exception_raise(error);
}

PyObject *raise_status_for(struct module_state *state, ssize_t status, PyObject *address)
{
	raise_status(state, status);
	/* An exception of a signal handler has nothing to do with the address. */
	if (status != CALL_RAISED && address)
		error_name_address(address);
	return NULL;
}

PyObject *none_or_raise(struct module_state *state, ssize_t status)
{
	if (status < 0)
		return raise_status(state, status);
	Py_RETURN_NONE;
}

/* The part of the address that a refusal is about. Borrowed. */
static PyObject *refused_part(PyObject *given, unsigned int field)
{
	if (PyTuple_Check(given) && (Py_ssize_t)field < PyTuple_GET_SIZE(given))
		return PyTuple_GET_ITEM(given, (Py_ssize_t)field);
	return given;
}

static const char *kind_of_form(const struct csock_family *family)
{
	if (family->shape != CSOCK_SHAPE_TUPLE)
		return "";
	if (family->fields[0].kind == CSOCK_FIELD_UUID)
		return "a str tuple ";
	return family->required == 2 && family->field_count == 2 ? "a pair " : "a tuple ";
}

void raise_form(const struct csock_family *family)
{
	PyErr_Format(PyExc_TypeError, "%s address must be %s%s", family->name, kind_of_form(family),
		     family->form);
}

void raise_out_of_range(const struct csock_field *field, const char *caller, PyObject *part)
{
	PyErr_Format(PyExc_OverflowError, "%s(): %s must be %lld-%llu.", caller, field->name,
		     (long long)field->minimum, (unsigned long long)field->maximum);
	error_note("given %S", part);
}

void raise_no_form(int family, int protocol, const char *caller)
{
	PyErr_Format(PyExc_OSError, "%s(): %s", caller, csock_family_missing_text(family));
	error_note("no address form for family %d, protocol %d", family, protocol);
}

/* A name that is too long for the system is an OSError; any other text or bytes, a ValueError. */
static void raise_too_long(const struct csock_family *family, const struct csock_field *field)
{
	bool is_name = field->kind == CSOCK_FIELD_NAME || field->kind == CSOCK_FIELD_PATH;

	PyErr_Format(is_name ? PyExc_OSError : PyExc_ValueError, "%s %s too long%s", family->name,
		     field->name, is_name ? "" : ".");
}

/* The words of CPython's socket module, where they differ from the library's. */
static const char *refusal_text(int status, const struct csock_family *family, char *buffer,
				size_t size)
{
	const struct csock_field *field = &family->fields[csock_status_field(status)];

	switch ((enum csock_refusal)csock_status_code(status)) {
	case CSOCK_REFUSED_FAMILY:
		return "address family mismatched";
	case CSOCK_REFUSED_NUL:
		return field->kind == CSOCK_FIELD_TEXT ? "embedded null character"
						       : "embedded null byte";
	case CSOCK_REFUSED_UNKNOWN:
		return "Invalid address type";
	case CSOCK_REFUSED_SYNTAX:
		if (family->bad_syntax)
			return family->bad_syntax;
		break;
	default:
		break;
	}
	return csock_status_text(status, buffer, size);
}

static void raise_refused_field(int status, const struct csock_family *family, const char *caller,
				PyObject *given)
{
	char text[TEXT_MAX];
	unsigned int index = csock_status_field(status);
	const struct csock_field *field = &family->fields[index];
	PyObject *part = refused_part(given, index);
	enum csock_refusal refusal = (enum csock_refusal)csock_status_code(status);

	if (refusal == CSOCK_REFUSED_RANGE) {
		raise_out_of_range(field, caller, part);
		return;
	}
	if (refusal == CSOCK_REFUSED_TOO_LONG)
		raise_too_long(family, field);
	else if (field->kind == CSOCK_FIELD_UUID)
		PyErr_Format(PyExc_ValueError, "%s(): %s address %s is not a valid UUID string",
			     caller, family->name, field->name);
	else
		PyErr_SetString(refusal_type(refusal),
				refusal_text(status, family, text, sizeof text));
	error_note("%s() was given %s %R", caller, field->name, part);
}

int raise_address(struct module_state *state, int status, const struct csock_family *family,
		  const char *caller, PyObject *given)
{
	if (csock_status_domain(status) != CSOCK_REFUSED) {
		raise_status(state, status);
	} else if (csock_status_code(status) == CSOCK_REFUSED_COUNT) {
		raise_form(family);
		error_note("%s() was given %R", caller, given);
	} else {
		raise_refused_field(status, family, caller, given);
	}
	return -1;
}

/*
 * Whether the exception that is set means a wrong form. A ValueError does not, if the address is
 * only a text.
 */
static bool is_bad_form(const struct csock_family *family)
{
	return PyErr_ExceptionMatches(PyExc_TypeError) ||
	       PyErr_ExceptionMatches(PyExc_OverflowError) ||
	       (family->shape != CSOCK_SHAPE_SCALAR && PyErr_ExceptionMatches(PyExc_ValueError));
}

void conform_address_error(const struct csock_family *family, const char *caller)
{
	if (!family->misfit_is_syntax || !is_bad_form(family))
		return;
	PyObject *reason = exception_take();
	PyErr_Format(PyExc_OSError, "%s(): wrong format", caller);
	PyObject *error = exception_take();
	PyException_SetCause(error, reason);
	exception_raise(error);
}

static PyObject *add_error(PyObject *module, const char *name, const char *qualified,
			   const char *doc)
{
	PyObject *type = PyErr_NewExceptionWithDoc(qualified, doc, PyExc_OSError, NULL);

	if (type && PyModule_AddObjectRef(module, name, type) < 0)
		Py_CLEAR(type);
	return type;
}

int errors_add(PyObject *module)
{
	struct module_state *state = module_state(module);

	state->herror = add_error(module, "herror", "csocket.herror",
				  "A failure of the host database: (h_errno, text).");
	state->gaierror = add_error(module, "gaierror", "csocket.gaierror",
				    "A failure of the resolver: (EAI_* number, text).");
	state->giveup_on_sendfile = PyErr_NewExceptionWithDoc(
		"csocket._GiveupOnSendfile", "sendfile(2) cannot serve this file.", NULL, NULL);
	if (!state->herror || !state->gaierror || !state->giveup_on_sendfile)
		return -1;
	if (PyModule_AddObjectRef(module, "error", PyExc_OSError) < 0 ||
	    PyModule_AddObjectRef(module, "timeout", PyExc_TimeoutError) < 0)
		return -1;
	return PyModule_AddObjectRef(module, "_GiveupOnSendfile", state->giveup_on_sendfile);
}
