/*
 * Fields that threads share. They are read and written whole, in no order. Code that needs an order
 * calls the builtin, which names it.
 */
#ifndef CSI_SHARED_H
#define CSI_SHARED_H

#define CSI_LOAD(field) __atomic_load_n(&(field), __ATOMIC_RELAXED)
#define CSI_STORE(field, value) __atomic_store_n(&(field), (value), __ATOMIC_RELAXED)

#endif
