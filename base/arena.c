/*
 * arena.c: bump allocation under a byte budget.
 *
 * blocks   the first block is small (4 KiB, malloc); each next one doubles up to 1 MiB, and in large arenas on to an
 *          eighth of the arena, 16 MiB at most; larger requests get a block of their own. Blocks of 64 KiB and more
 *          come from pages.h. Every block's size is taken from the budget.
 * asan     each allocation is a malloc of its own, so that an overrun shows
 * thread   one at a time
 */
#include "base/arena.h"

#include "base/failpoint.h"
#include "base/interrupt.h"
#include "base/pages.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#define BLOCK_BYTES_FIRST ((size_t)4096)
#define BLOCK_BYTES_MAX   ((size_t)1 << 20)
#define BLOCK_BYTES_LARGE ((size_t)16 << 20)
#define HEADER_BYTES      ((size_t)64)

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_MALLOC 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_MALLOC 1
#endif
#endif
#ifndef ARENA_MALLOC
#define ARENA_MALLOC 0
#endif

FAILPOINT(arena_block); /* a block of an arena that has a budget */

struct block {
    struct block *next;
    size_t bytes; /* of the block, this header included */
};
static_assert(sizeof(struct block) <= HEADER_BYTES, "a block's header has 64 bytes");

struct cleanup {
    struct cleanup *next;
    void (*run)(void *object);
    void *object;
};

struct arena {
    struct budget *budget;
    struct block *blocks; /* newest first */
    char *free_begin;
    char *free_end;
    size_t block_bytes_next;
    struct cleanup *cleanups;
    uint64_t bytes;
    uint64_t charged;      /* of bytes: arena_charge */
    uint64_t bytes_wanted; /* by the allocation that failed */
    bool budget_failed;
};

void budget_init(struct budget *budget, const char *name, uint64_t bytes_max, struct budget *parent)
{
    budget->name = name;
    budget->bytes_max = bytes_max;
    budget->parent = parent;
    atomic_init(&budget->bytes, 0);
    atomic_init(&budget->bytes_peak, 0);
}

bool budget_take(struct budget *budget, uint64_t bytes)
{
    for (struct budget *level = budget; level != NULL; level = level->parent) {
        uint64_t after = atomic_fetch_add_explicit(&level->bytes, bytes, memory_order_relaxed) + bytes;
        if (level->bytes_max != 0 && after > level->bytes_max) {
            for (struct budget *taken = budget;; taken = taken->parent) {
                atomic_fetch_sub_explicit(&taken->bytes, bytes, memory_order_relaxed);
                if (taken == level) {
                    return false;
                }
            }
        }
        uint64_t peak = atomic_load_explicit(&level->bytes_peak, memory_order_relaxed);
        while (after > peak && !atomic_compare_exchange_weak_explicit(&level->bytes_peak, &peak, after,
                                                                      memory_order_relaxed, memory_order_relaxed)) {
        }
    }
    return true;
}

void budget_give(struct budget *budget, uint64_t bytes)
{
    for (struct budget *level = budget; level != NULL; level = level->parent) {
        uint64_t before = atomic_fetch_sub_explicit(&level->bytes, bytes, memory_order_relaxed);
        ASSERT(before >= bytes);
    }
}

struct err *budget_error(const struct budget *budget, uint64_t bytes)
{
    const struct budget *full = budget;
    while (full->parent != NULL &&
           (full->bytes_max == 0 || atomic_load(&((struct budget *)full)->bytes) + bytes <= full->bytes_max)) {
        full = full->parent;
    }
    return err_new(ERR_MEMORY_LIMIT,
                   "memory limit of %s exceeded: would use %llu bytes (%llu more are wanted), limit %llu bytes",
                   full->name, (unsigned long long)(atomic_load(&((struct budget *)full)->bytes) + bytes),
                   (unsigned long long)bytes, (unsigned long long)full->bytes_max);
}

struct arena *arena_create(struct budget *budget)
{
    struct arena *arena = calloc(1, sizeof(*arena));
    if (arena != NULL) {
        arena->budget = budget;
        arena->block_bytes_next = BLOCK_BYTES_FIRST;
    }
    return arena;
}

struct arena *arena_beside(const struct arena *arena)
{
    return arena_create(arena->budget);
}

static void block_free(struct block *block)
{
    if (!ARENA_MALLOC && block->bytes >= PAGES_BYTES_MIN) {
        pages_free(block, block->bytes);
    } else {
        free(block);
    }
}

static void run_cleanups(struct arena *arena)
{
    while (arena->cleanups != NULL) {
        struct cleanup *cleanup = arena->cleanups;
        arena->cleanups = cleanup->next;
        cleanup->run(cleanup->object);
    }
}

/* Frees all blocks but `keep`, which may be NULL. */
static void free_blocks(struct arena *arena, struct block *keep)
{
    struct block *block = arena->blocks;
    uint64_t given = arena->charged;
    arena->charged = 0;
    while (block != NULL) {
        struct block *next = block->next;
        if (block != keep) {
            given += block->bytes;
            block_free(block);
        }
        block = next;
    }
    arena->bytes -= given;
    if (arena->budget != NULL) {
        budget_give(arena->budget, given);
    }
    arena->blocks = keep;
    if (keep != NULL) {
        keep->next = NULL;
    }
}

void arena_destroy(struct arena *arena)
{
    if (arena != NULL) {
        run_cleanups(arena);
        free_blocks(arena, NULL);
        free(arena);
    }
}

void arena_reset(struct arena *arena)
{
    run_cleanups(arena);
    struct block *keep = NULL;
    if (!ARENA_MALLOC) {
        /* the newest block is about as large as the last round needed */
        keep = arena->blocks;
        while (keep != NULL && keep->bytes > BLOCK_BYTES_MAX) {
            keep = keep->next;
        }
    }
    free_blocks(arena, keep);
    arena->free_begin = keep == NULL ? NULL : (char *)keep + HEADER_BYTES;
    arena->free_end = keep == NULL ? NULL : (char *)keep + keep->bytes;
    arena->bytes_wanted = 0;
    arena->budget_failed = false;
    if (arena->block_bytes_next > BLOCK_BYTES_MAX) {
        arena->block_bytes_next = BLOCK_BYTES_MAX;
    }
}

uint64_t arena_bytes(const struct arena *arena)
{
    return arena->bytes;
}

/* The next block may be larger: twice the one before, but no more than is well used. */
static void blocks_widen(struct arena *arena)
{
    size_t wide = arena->block_bytes_next * 2;
    if (wide <= BLOCK_BYTES_MAX || (wide <= BLOCK_BYTES_LARGE && wide <= arena->bytes / 8)) {
        arena->block_bytes_next = wide;
    }
}

/* A block of at least `bytes`, header included, linked in; NULL when the budget or memory is out. */
static struct block *block_add(struct arena *arena, size_t bytes)
{
    size_t real = bytes;
    struct block *block = NULL;
    if (arena->budget != NULL && (failpoint_hit(&failpoint_arena_block) != FAILPOINT_NONE || interrupted())) {
        arena->bytes_wanted = bytes;
        arena->budget_failed = true;
        return NULL;
    }
    if (!ARENA_MALLOC && bytes >= PAGES_BYTES_MIN) {
        block = pages_alloc(bytes, &real);
    } else {
        void *memory = NULL;
        block = posix_memalign(&memory, 64, bytes) == 0 ? memory : NULL;
    }
    if (block == NULL) {
        arena->bytes_wanted = bytes;
        arena->budget_failed = false;
        return NULL;
    }
    block->bytes = real;
    if (arena->budget != NULL && !budget_take(arena->budget, real)) {
        block_free(block);
        arena->bytes_wanted = bytes;
        arena->budget_failed = true;
        return NULL;
    }
    block->next = arena->blocks;
    arena->blocks = block;
    arena->bytes += real;
    return block;
}

void *arena_alloc_aligned(struct arena *arena, size_t bytes, size_t alignment)
{
    if (bytes > SIZE_MAX / 2) {
        arena->bytes_wanted = bytes;
        arena->budget_failed = arena->budget != NULL;
        return NULL;
    }
    if (ARENA_MALLOC) {
        struct block *block = block_add(arena, bytes + HEADER_BYTES);
        return block == NULL ? NULL : (char *)block + HEADER_BYTES;
    }
    uintptr_t begin = ((uintptr_t)arena->free_begin + alignment - 1) & ~(uintptr_t)(alignment - 1);
    if (arena->free_begin != NULL && begin <= (uintptr_t)arena->free_end &&
        bytes <= (size_t)((uintptr_t)arena->free_end - begin)) {
        char *result = arena->free_begin + (begin - (uintptr_t)arena->free_begin);
        arena->free_begin = result + bytes;
        return result;
    }
    size_t small = arena->block_bytes_next < BLOCK_BYTES_MAX ? arena->block_bytes_next : BLOCK_BYTES_MAX;
    if (bytes + HEADER_BYTES > small / 2 && arena->blocks != NULL) {
        /* a block of its own; the current one stays in use, behind it in the list */
        char *free_begin = arena->free_begin, *free_end = arena->free_end;
        struct block *block = block_add(arena, bytes + HEADER_BYTES);
        if (block == NULL) {
            return NULL;
        }
        arena->free_begin = free_begin;
        arena->free_end = free_end;
        blocks_widen(arena);
        return (char *)block + HEADER_BYTES;
    }
    size_t wanted = bytes + HEADER_BYTES > arena->block_bytes_next ? bytes + HEADER_BYTES : arena->block_bytes_next;
    struct block *block = block_add(arena, wanted);
    if (block == NULL) {
        return NULL;
    }
    blocks_widen(arena);
    char *result = (char *)block + HEADER_BYTES;
    arena->free_begin = result + bytes;
    arena->free_end = (char *)block + block->bytes;
    return result;
}

void arena_release(struct arena *arena, void *memory, size_t bytes)
{
    if (memory == NULL || bytes <= BLOCK_BYTES_MAX / 2) {
        return; /* so large ones have a block of their own, but for an arena's first */
    }
    struct block *given = (struct block *)(void *)((char *)memory - HEADER_BYTES);
    for (struct block **link = &arena->blocks; *link != NULL; link = &(*link)->next) {
        if (*link == given && arena->free_end != (char *)given + given->bytes) {
            *link = given->next;
            arena->bytes -= given->bytes;
            if (arena->budget != NULL) {
                budget_give(arena->budget, given->bytes);
            }
            block_free(given);
            return;
        }
    }
}

void *arena_alloc(struct arena *arena, size_t bytes)
{
    return arena_alloc_aligned(arena, bytes, 16);
}

void *arena_zalloc(struct arena *arena, size_t bytes)
{
    void *result = arena_alloc(arena, bytes);
    struct err *err = result == NULL ? NULL : interrupt_zero(result, bytes);
    if (err != NULL) {
        err_free(err); /* arena_error says it again */
        return NULL;
    }
    return result;
}

void *arena_grow(struct arena *arena, void *memory, size_t used_bytes, size_t bytes, size_t wanted_bytes)
{
    void *more = arena_alloc_aligned(arena, wanted_bytes, 64);
    struct err *err = more == NULL || used_bytes == 0 ? NULL : interrupt_copy(more, memory, used_bytes);
    if (err != NULL) {
        err_free(err);
        return NULL;
    }
    if (more != NULL) {
        arena_release(arena, memory, bytes);
    }
    return more;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        bytes = SIZE_MAX;
    }
    return arena_alloc_aligned(arena, bytes, 64);
}

struct slice arena_slice(struct arena *arena, struct slice bytes)
{
    char *copy = arena_alloc_aligned(arena, bytes.length, 1);
    if (copy != NULL && bytes.length > 0) {
        memcpy(copy, bytes.data, bytes.length);
    }
    return (struct slice){copy, copy == NULL ? 0 : bytes.length};
}

char *arena_text(struct arena *arena, struct slice bytes)
{
    char *copy = arena_alloc_aligned(arena, bytes.length + 1, 1);
    if (copy != NULL) {
        if (bytes.length > 0) {
            memcpy(copy, bytes.data, bytes.length);
        }
        copy[bytes.length] = 0;
    }
    return copy;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
    va_list list, again;
    va_start(list, format);
    va_copy(again, list);
    int length = vsnprintf(NULL, 0, format, list);
    va_end(list);
    char *text = length < 0 ? NULL : arena_alloc_aligned(arena, (size_t)length + 1, 1);
    if (text != NULL) {
        (void)vsnprintf(text, (size_t)length + 1, format, again);
    }
    va_end(again);
    return text;
}

struct err *arena_error(const struct arena *arena)
{
    struct err *err = interrupt_check();
    if (err != NULL) {
        return err;
    }
    /* no failure of its own: it was that of another arena of the same budget */
    if (arena->budget != NULL && (arena->budget_failed || arena->bytes_wanted == 0)) {
        return budget_error(arena->budget, arena->bytes_wanted);
    }
    return err_oom();
}

bool arena_charge(struct arena *arena, size_t bytes)
{
    if (arena->budget != NULL && !budget_take(arena->budget, bytes)) {
        arena->bytes_wanted = bytes;
        arena->budget_failed = true;
        return false;
    }
    arena->bytes += bytes;
    arena->charged += bytes;
    return true;
}

bool arena_on_destroy(struct arena *arena, void (*cleanup)(void *object), void *object)
{
    struct cleanup *entry = arena_alloc(arena, sizeof(*entry));
    if (entry == NULL) {
        return false;
    }
    entry->run = cleanup;
    entry->object = object;
    entry->next = arena->cleanups;
    arena->cleanups = entry;
    return true;
}

void *arena_newest(const struct arena *arena, void (*cleanup)(void *object))
{
    return arena->cleanups != NULL && arena->cleanups->run == cleanup ? arena->cleanups->object : NULL;
}
