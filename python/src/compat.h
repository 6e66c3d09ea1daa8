/*
 * Differences between interpreters and between compilers, and every use of interpreters' internals.
 *
 * Everything here was checked on CPython 3.11, 3.12, 3.13, 3.13 without a GIL, 3.14 and 3.15. Each
 * piece says what happens on a version that was not checked.
 */
#ifndef EXT_COMPAT_H
#define EXT_COMPAT_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef Py_GIL_DISABLED
#define HAS_GIL false
#else
#define HAS_GIL true
#endif

/*
 * Fields that one thread changes while another reads them.
 *
 * RELAXED is for fields whose order does not matter. ORDERED is for a pair of fields: one thread
 * changes the first and then reads the second, while another changes the second and then reads the
 * first. At least one of the two threads sees the other's change. EXCHANGE returns the former
 * value.
 *
 * With a GIL, plain accesses are enough, because the GIL keeps the threads apart. Atomic accesses
 * would be as fast, but the compiler generates more instructions around them.
 */
#ifdef Py_GIL_DISABLED
#define RELAXED_LOAD(place) __atomic_load_n((place), __ATOMIC_RELAXED)
#define RELAXED_STORE(place, value) __atomic_store_n((place), (value), __ATOMIC_RELAXED)
#define ORDERED_LOAD(place) __atomic_load_n((place), __ATOMIC_SEQ_CST)
#define ORDERED_STORE(place, value) __atomic_store_n((place), (value), __ATOMIC_SEQ_CST)
#define EXCHANGE(place, value) __atomic_exchange_n((place), (value), __ATOMIC_ACQ_REL)
#else
#define RELAXED_LOAD(place) (*(place))
#define RELAXED_STORE(place, value) ((void)(*(place) = (value)))
#define ORDERED_LOAD(place) RELAXED_LOAD(place)
#define ORDERED_STORE(place, value) RELAXED_STORE(place, value)
#define EXCHANGE(place, value)                                                                     \
	({                                                                                         \
		__typeof__(*(place)) former_value = *(place);                                      \
		*(place) = (value);                                                                \
		former_value;                                                                      \
	})
#endif

/* Drops the stack protector, which is measurable in the shortest calls (docs/architecture.md). */
#if __has_attribute(no_stack_protector)
#define UNGUARDED __attribute__((no_stack_protector))
#else
#define UNGUARDED
#endif

/*
 * Identifies the calling thread, in one instruction if the build found that the compiler knows it
 * for the processor (python/meson.build). To find a thread-local variable would take a call, or
 * static TLS, of which libraries that are loaded late get little.
 */
static inline const void *this_thread(void)
{
#ifdef HAVE_THREAD_POINTER
	return __builtin_thread_pointer();
#else
	return (const void *)(uintptr_t)PyThread_get_thread_ident();
#endif
}

/*
 * The slots that declare support for subinterpreters with a GIL of their own (3.12), and for
 * running without a GIL (3.13). A later version has both slots.
 */
#if PY_VERSION_HEX >= 0x030d0000
#define COMPAT_MODULE_SLOTS                                                                        \
	{Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},                      \
		{Py_mod_gil, Py_MOD_GIL_NOT_USED},
#elif PY_VERSION_HEX >= 0x030c0000
#define COMPAT_MODULE_SLOTS {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#else
#define COMPAT_MODULE_SLOTS
#endif

/* Clears the exception that is set, and returns it: a new reference, or NULL if none was set. */
static inline PyObject *exception_take(void)
{
#if PY_VERSION_HEX >= 0x030c0000
	return PyErr_GetRaisedException();
#else
	PyObject *type, *exception, *traceback;

	PyErr_Fetch(&type, &exception, &traceback);
	PyErr_NormalizeException(&type, &exception, &traceback);
	if (traceback)
		(void)PyException_SetTraceback(exception, traceback);
	Py_XDECREF(type);
	Py_XDECREF(traceback);
	return exception;
#endif
}

/* Sets an exception, and steals the reference. NULL clears the exception that is set. */
static inline void exception_raise(PyObject *exception)
{
#if PY_VERSION_HEX >= 0x030c0000
	PyErr_SetRaisedException(exception);
#else
	PyObject *type = exception ? Py_NewRef(Py_TYPE(exception)) : NULL;

	PyErr_Restore(type, exception, exception ? PyException_GetTraceback(exception) : NULL);
#endif
}

/*
 * Reads an int of one digit, as nearly every argument is, without a call. The value fits a C int:
 * compat_check() makes sure of that. 3.11 has no function for this; later versions have two that
 * are public, if unstable. On a version without them this does not compile.
 */
static inline bool int_is_small(PyObject *object, Py_ssize_t *value)
{
	if (!PyLong_Check(object))
		return false;
	const PyLongObject *number = (const PyLongObject *)object;
#if PY_VERSION_HEX >= 0x030c0000
	if (!PyUnstable_Long_IsCompact(number))
		return false;
	*value = PyUnstable_Long_CompactValue(number);
#else
	Py_ssize_t digits = Py_SIZE(object);
	if (digits < -1 || digits > 1)
		return false;
	*value = digits * (Py_ssize_t)number->ob_digit[0];
#endif
	return true;
}

/* Returns 0, or -1 with ImportError if int_is_small() accepts an int that does not fit a C int. */
static inline int compat_check(void)
{
	PyObject *number = PyLong_FromLongLong((long long)INT_MAX + 1);
	Py_ssize_t value;
	bool is_small = number && int_is_small(number, &value);

	Py_XDECREF(number);
	if (is_small)
		PyErr_SetString(PyExc_ImportError,
				"csocket does not know the ints of this interpreter");
	return number && !is_small ? 0 : -1;
}

/*
 * Resets the cached hash of a bytes object that no other thread has. The field is deprecated since
 * 3.11. On a version without it this does not compile.
 */
static inline void bytes_forget_hash(PyObject *bytes)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
	((PyBytesObject *)bytes)->ob_shash = -1;
#pragma GCC diagnostic pop
}

/* The same for a tuple, which caches its hash since 3.14. */
static inline void tuple_forget_hash(PyObject *tuple)
{
#if PY_VERSION_HEX >= 0x030e0000
	((PyTupleObject *)tuple)->ob_hash = -1;
#else
	(void)tuple;
#endif
}

/*
 * The version tag by which the interpreter's own caches know a type; 0 while it has none. It
 * changes whenever an attribute of the type or of one of its bases does. On a version without the
 * field this does not compile. On one that keeps the old tag, test_patching.py fails.
 */
static inline unsigned int type_version(const PyTypeObject *type)
{
#if PY_VERSION_HEX < 0x030c0000
	if (!PyType_HasFeature((PyTypeObject *)type, Py_TPFLAGS_VALID_VERSION_TAG))
		return 0;
#endif
	return (unsigned int)__atomic_load_n(&type->tp_version_tag, __ATOMIC_RELAXED);
}

/* Sets an attribute of a new type, which may be immutable: 0, or -1 with an exception. */
static inline int type_set(PyTypeObject *type, const char *name, PyObject *value)
{
	int result = PyDict_SetItemString(type->tp_dict, name, value);

	PyType_Modified(type);
	return result;
}

/*
 * Whether an object has no attributes in its dict, which stands in the object where its type says.
 * The answer is no if the interpreter itself manages the dict.
 */
static inline bool has_no_attributes(const PyTypeObject *type, PyObject *object)
{
	if (type->tp_dictoffset <= 0)
		return false;
	PyObject *attributes = *(PyObject **)(void *)((char *)object + type->tp_dictoffset);
	return !attributes || PyDict_GET_SIZE(attributes) == 0;
}

#endif
