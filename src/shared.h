/*
 * Fields that threads share. Each read or write is atomic, in relaxed order. Code that needs
 * another order calls the builtin itself.
 */
#ifndef CSI_SHARED_H
#define CSI_SHARED_H

#define CSI_LOAD(field) __atomic_load_n(&(field), __ATOMIC_RELAXED)
#define CSI_STORE(field, value) __atomic_store_n(&(field), (value), __ATOMIC_RELAXED)

#endif
