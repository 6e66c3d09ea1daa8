/*
 * From statuses to exceptions.
 */
#ifndef EXT_ERRORS_H
#define EXT_ERRORS_H

#include "inlining.h"
#include "state.h"

#include "csocket/csocket.h"

#include <limits.h>

/* Returned by a call in place of a status if a Python exception is set. */
#define CALL_RAISED INT_MIN

/*
 * Raises the exception for a failed status: OSError (the subclass for the errno), TimeoutError,
 * gaierror, herror; for a refused argument OverflowError, ValueError, TypeError or OSError.
 * CALL_RAISED leaves the exception that is set. Always returns NULL.
 */
ASIDE PyObject *raise_status(struct module_state *state, ssize_t status);

/* The same for an operation with an address (or NULL): an OSError has it as attribute address. */
ASIDE PyObject *raise_status_for(struct module_state *state, ssize_t status, PyObject *address);

/* Gives the exception that is set the attribute address, if it is an OSError. */
void error_name_address(PyObject *address);

/*
 * Adds a note to the exception that is set. Exceptions have the texts of CPython's socket module,
 * because programs compare them. The note tells the given value and the accepted ones; a traceback
 * shows it below the text. The format is that of PyErr_Format().
 */
ASIDE void error_note(const char *format, ...);

/* None for success, or raise_status: for methods that return nothing. */
PyObject *none_or_raise(struct module_state *state, ssize_t status);

/*
 * Raises for an address that encoding refused or could not resolve. The message names caller
 * ("connect") and the given object. Always returns -1.
 */
int raise_address(struct module_state *state, int status, const struct csock_family *family,
		  const char *caller, PyObject *given);

/* Raises a TypeError that tells the form of the family's addresses. */
void raise_form(const struct csock_family *family);

/* Raises OverflowError for an integer outside of its field's range. */
void raise_out_of_range(const struct csock_field *field, const char *caller, PyObject *part);

/* Raises an OSError for a family or protocol whose addresses csocket has no form for. */
void raise_no_form(int family, int protocol, const char *caller);

/* Turns the exception that an address was refused with into an OSError, if the family wants that
 * (misfit_is_syntax): so programs expect it of Bluetooth. The exception becomes its cause. */
void conform_address_error(const struct csock_family *family, const char *caller);

/* Adds the exceptions to the module: 0, or -1 with an exception. */
int errors_add(PyObject *module);

#endif
