/*
 * arena.h: memory that is freed at once, under a byte budget.
 *
 * budget   a limit in bytes that several arenas and pools share; budgets nest (query → all queries). Taking and giving
 *          is atomic; any thread.
 * arena    bump allocation out of blocks taken from pages.h; one thread at a time. arena_destroy frees everything,
 *          runs the registered cleanups (newest first) and gives the bytes back to the budget.
 *          Under the address sanitizer each allocation is a malloc of its own, so overruns show.
 * errors   arena_alloc returns NULL when the budget is exceeded or memory is out, and in an arena with a budget when
 *          the thread's work was interrupted (base/interrupt.h), as do arena_zalloc and arena_grow of more than a MiB
 *          in any arena: the caller returns arena_error(arena), which says which budget, its limit, and how much was
 *          asked for.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/err.h"
#include "base/slice.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct budget {
    const char *name;       /* "query", "queries", "ingest"; said in errors; static */
    uint64_t bytes_max;     /* 0: no limit */
    struct budget *parent;  /* or NULL; outlives this */
    _Atomic uint64_t bytes; /* taken now */
    _Atomic uint64_t bytes_peak;
};

void budget_init(struct budget *budget, const char *name, uint64_t bytes_max, struct budget *parent);
/* Takes bytes from this budget and all its parents, or from none. */
bool budget_take(struct budget *budget, uint64_t bytes);
void budget_give(struct budget *budget, uint64_t bytes);
/* "memory limit of the query exceeded: 10485760 bytes wanted, 1073741824 taken, limit 1073741824" ERR_MEMORY_LIMIT */
struct err *budget_error(const struct budget *budget, uint64_t bytes) __attribute__((returns_nonnull));

struct arena;

struct arena *arena_create(struct budget *budget);     /* budget may be NULL; NULL when memory is out */
struct arena *arena_beside(const struct arena *arena); /* a new one under the same budget */
void arena_destroy(struct arena *arena);               /* accepts NULL */
/* Frees every allocation and runs the cleanups, keeps the first block: for work in rounds. */
void arena_reset(struct arena *arena);
uint64_t arena_bytes(const struct arena *arena); /* taken from the budget now */

void *arena_alloc(struct arena *arena, size_t bytes);                           /* 16-byte aligned, not cleared */
void *arena_zalloc(struct arena *arena, size_t bytes);                          /* cleared */
void *arena_alloc_aligned(struct arena *arena, size_t bytes, size_t alignment); /* alignment: power of two ≤ 64 */
/* count × size, NULL on overflow of the product too; 64-byte aligned, not cleared. */
void *arena_array(struct arena *arena, size_t count, size_t size);
struct slice arena_slice(struct arena *arena, struct slice bytes); /* a copy; data NULL when it failed */
char *arena_text(struct arena *arena, struct slice bytes);         /* a NUL-terminated copy */
char *arena_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Gives an allocation of so many bytes back before the arena's end, when it is large (half a MiB and more); smaller
 * ones stay. For arrays that double. memory may be NULL. */
void arena_release(struct arena *arena, void *memory, size_t bytes);
/* An array of wanted_bytes in the place of one of `bytes` (memory may be NULL), of which used_bytes are copied; 64-byte
 * aligned. NULL: the old one is still there. */
void *arena_grow(struct arena *arena, void *memory, size_t used_bytes, size_t bytes, size_t wanted_bytes);
/* Why the last allocation failed. Never NULL. */
struct err *arena_error(const struct arena *arena) __attribute__((returns_nonnull));

/* Takes bytes from the budget for memory of a library, until the arena is destroyed or reset: a cleanup frees that.
 * False: the budget is exceeded. */
bool arena_charge(struct arena *arena, size_t bytes);
/* Runs cleanup(object) when the arena is destroyed or reset: files, pins, references. False when memory is out. */
bool arena_on_destroy(struct arena *arena, void (*cleanup)(void *object), void *object);
/* The object that was registered last, if it was with this cleanup; else NULL. */
void *arena_newest(const struct arena *arena, void (*cleanup)(void *object));

#define ARENA_NEW(arena, type)          ((type *)arena_zalloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_array((arena), (count), sizeof(type)))

#endif
