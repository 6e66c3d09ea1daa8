/*
 * Whether the methods of a type are still csocket's own.
 *
 * Subclasses and test tools may replace the methods that socket.py calls by attribute. A method
 * that nobody has replaced is called directly: a look-up costs as much as a short system call.
 *
 * The interpreter gives each type a version tag, for its own caches. Whenever an attribute of a
 * type or of one of its bases changes, the type loses its tag, and gets another one at the next
 * look-up. So the methods are checked once for each tag.
 */
#ifndef EXT_TYPE_WATCH_H
#define EXT_TYPE_WATCH_H

#include "compat.h"
#include "inlining.h"
#include "state.h"

struct own_method {
	const char *name;       /* NULL ends a list */
	void (*function)(void); /* from a PyMethodDef or a struct any_method; NULL for the base
				   type's own */
};

/* Casts the function of a method to the type of own_method.function. */
#define AS_OWN(function) (void (*)(void))(function)

/* Whether one method of a type, or of a subclass, is csocket's own. */
bool type_has_own(PyTypeObject *type, const struct own_method *method);

/* Checks the methods, and remembers the result for the version tag. */
APART bool type_look_through(PyTypeObject *type, struct type_watch *watch);

static inline bool type_is_own(PyTypeObject *type, struct type_watch *watch)
{
	unsigned int version = type_version(type);

	return LIKELY(version != 0 && version == RELAXED_LOAD(&watch->own)) ||
	       type_look_through(type, watch);
}

#endif
