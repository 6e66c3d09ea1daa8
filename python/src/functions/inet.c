/*
 * IP addresses as text and bytes, and byte order.
 */
#include <stdbool.h>

#include "csocket/csocket.h"

#include "convert/arguments.h"
#include "convert/errors.h"
#include "functions/functions.h"

/* Raises an OSError without errno for a text that is no address; other failures unchanged. */
static PyObject *raise_no_address(PyObject *module, const char *function, int status,
				  PyObject *given, const char *wanted)
{
	if (csock_status_domain(status) != CSOCK_REFUSED)
		return raise_status(module_state(module), status);
	PyErr_Format(PyExc_OSError, "illegal IP address string passed to %s", function);
	error_note("given %R, must be %s", given, wanted);
	return NULL;
}

PyDoc_STRVAR(inet_aton_doc,
	     "inet_aton(ip_addr, /)\n--\n\n"
	     "The 4 bytes, in network order, of an IPv4 address given as a str.\n\n"
	     "Fewer than four parts and octal or hexadecimal ones are accepted too, as the\n"
	     "system's inet(3) has them: '127.1', '0x7f.1'. OSError for any other text.");

static PyObject *mod_inet_aton(PyObject *module, PyObject *address)
{
	unsigned char packed[CSOCK_INET_SIZE];
	const char *text = argument_text("inet_aton", "argument", address);

	if (!text)
		return NULL;
	int status = csock_inet_aton(text, packed);
	if (status < 0)
		return raise_no_address(module, "inet_aton", status, address,
					"an IPv4 address such as '127.0.0.1'");
	return PyBytes_FromStringAndSize((const char *)packed, sizeof packed);
}

static PyObject *text_of(PyObject *module, int family, const unsigned char *packed)
{
	char text[CSOCK_INET_TEXT_MAX];
	int status = csock_inet_ntop(family, packed, text);

	return status < 0 ? raise_status(module_state(module), status) : PyUnicode_FromString(text);
}

PyDoc_STRVAR(inet_ntoa_doc,
	     "inet_ntoa(packed_ip, /)\n--\n\n"
	     "The text, such as '127.0.0.1', of an IPv4 address given as a bytes-like object.\n\n"
	     "OSError unless there are exactly 4 bytes.");

static PyObject *mod_inet_ntoa(PyObject *module, PyObject *packed)
{
	Py_buffer view;
	PyObject *result = NULL;

	if (PyObject_GetBuffer(packed, &view, PyBUF_SIMPLE) < 0)
		return NULL;
	if (view.len == CSOCK_INET_SIZE) {
		result = text_of(module, AF_INET, view.buf);
	} else {
		PyErr_SetString(PyExc_OSError, "packed IP wrong length for inet_ntoa");
		error_note("given %zd bytes, must be %d", view.len, CSOCK_INET_SIZE);
	}
	PyBuffer_Release(&view);
	return result;
}

PyDoc_STRVAR(inet_pton_doc,
	     "inet_pton(address_family, ip_string, /)\n--\n\n"
	     "The bytes, in network order, of an address given as a str: 4 for AF_INET, 16 for\n"
	     "AF_INET6.\n\n"
	     "OSError for a text that is no such address, and for another family.");

static PyObject *mod_inet_pton(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
	unsigned char packed[CSOCK_INET6_SIZE];
	int family;

	if (arguments_check("inet_pton", count, 2, 2) < 0 || argument_int(args[0], &family) < 0)
		return NULL;
	const char *text = argument_text("inet_pton", "argument 2", args[1]);
	if (!text)
		return NULL;
	int status = csock_inet_pton(family, text, packed);
	if (status < 0)
		return raise_no_address(module, "inet_pton", status, args[1],
					family == AF_INET ? "an IPv4 address such as '127.0.0.1'"
							  : "an IPv6 address such as '::1'");
	return PyBytes_FromStringAndSize((const char *)packed, csock_inet_size(family));
}

PyDoc_STRVAR(inet_ntop_doc,
	     "inet_ntop(address_family, packed_ip, /)\n--\n\n"
	     "The text of an address given as a bytes-like object: 4 bytes for AF_INET, 16 for\n"
	     "AF_INET6.\n\n"
	     "ValueError for another number of bytes, and for another family.");

static PyObject *mod_inet_ntop(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
	Py_buffer view;
	PyObject *result = NULL;
	int family;

	if (arguments_check("inet_ntop", count, 2, 2) < 0 || argument_int(args[0], &family) < 0 ||
	    PyObject_GetBuffer(args[1], &view, PyBUF_SIMPLE) < 0)
		return NULL;
	int size = csock_inet_size(family);
	if (size < 0) {
		PyErr_Format(PyExc_ValueError, "unknown address family %d", family);
		error_note("must be AF_INET or AF_INET6");
	} else if (view.len != size) {
		PyErr_SetString(PyExc_ValueError, "invalid length of packed IP address string");
		error_note("given %zd bytes, must be %d", view.len, size);
	} else {
		result = text_of(module, family, view.buf);
	}
	PyBuffer_Release(&view);
	return result;
}

/* Whether numbers are stored with the lowest byte first, unlike in network order. */
static bool is_little_endian(void)
{
	const uint16_t one = 1;

	return *(const unsigned char *)&one == 1;
}

static PyObject *swap_short(PyObject *object)
{
	uint32_t number;

	if (argument_unsigned("uint16_t", object, UINT16_MAX, &number) < 0)
		return NULL;
	return PyLong_FromUnsignedLong(is_little_endian() ? __builtin_bswap16((uint16_t)number)
							  : number);
}

static PyObject *swap_long(PyObject *object)
{
	uint32_t number;

	if (argument_unsigned("uint32_t", object, UINT32_MAX, &number) < 0)
		return NULL;
	return PyLong_FromUnsignedLong(is_little_endian() ? __builtin_bswap32(number) : number);
}

PyDoc_STRVAR(ntohs_doc, "ntohs(integer, /)\n--\n\n"
			"A number of 16 bits from network to host byte order.");

static PyObject *mod_ntohs(PyObject *module, PyObject *integer)
{
	(void)module;
	return swap_short(integer);
}

PyDoc_STRVAR(htons_doc, "htons(integer, /)\n--\n\n"
			"A number of 16 bits from host to network byte order.");

static PyObject *mod_htons(PyObject *module, PyObject *integer)
{
	(void)module;
	return swap_short(integer);
}

PyDoc_STRVAR(ntohl_doc, "ntohl(integer, /)\n--\n\n"
			"A number of 32 bits from network to host byte order.");

static PyObject *mod_ntohl(PyObject *module, PyObject *integer)
{
	(void)module;
	return swap_long(integer);
}

PyDoc_STRVAR(htonl_doc, "htonl(integer, /)\n--\n\n"
			"A number of 32 bits from host to network byte order.");

static PyObject *mod_htonl(PyObject *module, PyObject *integer)
{
	(void)module;
	return swap_long(integer);
}

PyMethodDef inet_functions[] = {
	{"inet_aton", mod_inet_aton, METH_O, inet_aton_doc},
	{"inet_ntoa", mod_inet_ntoa, METH_O, inet_ntoa_doc},
	{"inet_pton", FAST(mod_inet_pton), inet_pton_doc},
	{"inet_ntop", FAST(mod_inet_ntop), inet_ntop_doc},
	{"ntohs", mod_ntohs, METH_O, ntohs_doc},
	{"htons", mod_htons, METH_O, htons_doc},
	{"ntohl", mod_ntohl, METH_O, ntohl_doc},
	{"htonl", mod_htonl, METH_O, htonl_doc},
	{NULL, NULL, 0, NULL},
};
