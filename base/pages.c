/*
 * pages.c: big buffers from mmap, with a bounded pool of freed ones.
 *
 * classes  4 per power of two from 64 KiB to 1 GiB: a request wastes at most a quarter; larger ones are exact
 * huge     buffers of 4 MiB and more begin at a multiple of 2 MiB and ask the kernel for huge pages: filling them takes
 *          a fault per 2 MiB then, not one per 4 KiB
 * owed     what the system gets back costs it some 30 ms per GiB: a thread of its own pays that, so that whoever frees
 *          (a query that was killed, a merge) goes on. Piece by piece: an unmapping holds up all others' mmap.
 * thread   any; one lock, held for a few instructions (a buffer is 64 KiB at least, so it is taken rarely)
 */
#include "base/pages.h"

#include "base/lock.h"
#include "base/pool.h"

#include <pthread.h>
#include <stdbool.h>
#include <sys/mman.h>

#define PAGE_BYTES     ((size_t)4096)
#define HUGE_BYTES     ((size_t)2 << 20)
#define AGE_US         1000000U
#define OWED_BYTES_MIN ((size_t)1 << 20) /* smaller ones are unmapped at once */
#define PIECE_BYTES    ((size_t)16 << 20)
#define CLASS_SHIFT    16U /* log2 of the smallest class */
#define CLASS_OCTAVES  14U
#define CLASS_COUNT    (CLASS_OCTAVES * 4 + 1)

/* A freed buffer holds the link to the next one of its class in its first bytes. */
struct kept {
    struct kept *next;
};

/* A freed buffer that goes back to the system. */
struct owed {
    struct owed *next;
    size_t bytes;
};

enum age { FRESH, STALE, AGES }; /* freed since the last pages_age, or before */

static struct {
    struct lock lock;
    struct kept *kept[AGES][CLASS_COUNT];
    uint64_t kept_bytes;
    uint64_t kept_bytes_max;
    uint64_t fresh_bytes_max; /* above kept_bytes_max, until they are stale */
    uint64_t mapped_bytes;
    uint64_t aged_at_us;
    struct owed *owed;
    uint64_t owed_bytes;
    uint64_t owed_bytes_max; /* 0: no thread runs */
    struct condition owes;
    pthread_t thread;
} pool = {.lock = {.mutex = PTHREAD_MUTEX_INITIALIZER, .rank = LOCK_PAGES}, .kept_bytes_max = (uint64_t)32 << 20};

static size_t class_bytes(size_t class_index)
{
    size_t octave = (size_t)1 << (CLASS_SHIFT + class_index / 4);
    return octave + octave / 4 * (class_index % 4);
}

/* The smallest class that holds bytes; CLASS_COUNT when it is larger than all. */
static size_t class_of(size_t bytes)
{
    if (bytes <= PAGES_BYTES_MIN) {
        return 0;
    }
    size_t top = 63U - (size_t)__builtin_clzll(bytes);
    size_t index = (top - CLASS_SHIFT) * 4;
    while (index < CLASS_COUNT && class_bytes(index) < bytes) {
        index++;
    }
    return index < CLASS_COUNT ? index : CLASS_COUNT;
}

static void *map(size_t bytes)
{
    bool huge = bytes >= 2 * HUGE_BYTES;
    size_t mapped = huge ? bytes + HUGE_BYTES : bytes;
    char *pages = mmap(NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) {
        return NULL;
    }
    if (huge) {
        size_t before = -(uintptr_t)pages & (HUGE_BYTES - 1);
        size_t after = mapped - before - bytes;
        if (before > 0) {
            ASSERT(munmap(pages, before) == 0);
        }
        pages += before;
        if (after > 0) {
            ASSERT(munmap(pages + bytes, after) == 0);
        }
        (void)madvise(pages, bytes, MADV_HUGEPAGE); /* without it the same, slower */
    }
    return pages;
}

void *pages_alloc(size_t bytes, size_t *bytes_out)
{
    size_t class_index = class_of(bytes);
    if (bytes > SIZE_MAX - PAGE_BYTES) {
        return NULL;
    }
    size_t real = class_index < CLASS_COUNT ? class_bytes(class_index) : (bytes + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1);
    *bytes_out = real;
    if (class_index < CLASS_COUNT) {
        lock_take(&pool.lock);
        enum age age = pool.kept[FRESH][class_index] != NULL ? FRESH : STALE;
        struct kept *kept = pool.kept[age][class_index];
        if (kept != NULL) {
            pool.kept[age][class_index] = kept->next;
            pool.kept_bytes -= real;
        }
        lock_give(&pool.lock);
        if (kept != NULL) {
            return kept;
        }
    }
    void *pages = map(real);
    if (pages == NULL) {
        return NULL;
    }
    lock_take(&pool.lock);
    pool.mapped_bytes += real;
    lock_give(&pool.lock);
    return pages;
}

void pages_free(void *pages, size_t bytes)
{
    if (pages == NULL) {
        return;
    }
    size_t class_index = class_of(bytes);
    ASSERT(class_index == CLASS_COUNT || class_bytes(class_index) == bytes);
    lock_take(&pool.lock);
    bool keep = class_index < CLASS_COUNT && pool.kept_bytes + bytes <= pool.kept_bytes_max + pool.fresh_bytes_max;
    if (keep) {
        struct kept *kept = pages;
        kept->next = pool.kept[FRESH][class_index];
        pool.kept[FRESH][class_index] = kept;
        pool.kept_bytes += bytes;
    }
    bool owe = !keep && bytes >= OWED_BYTES_MIN && pool.owed_bytes + bytes <= pool.owed_bytes_max;
    if (owe) {
        struct owed *owed = pages;
        *owed = (struct owed){.next = pool.owed, .bytes = bytes};
        pool.owed = owed;
        pool.owed_bytes += bytes;
        condition_signal(&pool.owes);
    } else if (!keep) {
        pool.mapped_bytes -= bytes;
    }
    lock_give(&pool.lock);
    if (!keep && !owe) {
        ASSERT(munmap(pages, bytes) == 0);
    }
}

void pages_usage(uint64_t *mapped_bytes, uint64_t *kept_bytes)
{
    lock_take(&pool.lock);
    *mapped_bytes = pool.mapped_bytes;
    *kept_bytes = pool.kept_bytes;
    lock_give(&pool.lock);
}

/* Takes buffers of one age out of the pool while more than bytes are kept, the largest first. */
static struct kept *pool_shrink(enum age age, size_t class_index, uint64_t bytes)
{
    struct kept *out = NULL;
    while (pool.kept_bytes > bytes && pool.kept[age][class_index] != NULL) {
        struct kept *kept = pool.kept[age][class_index];
        pool.kept[age][class_index] = kept->next;
        pool.kept_bytes -= class_bytes(class_index);
        pool.mapped_bytes -= class_bytes(class_index);
        kept->next = out;
        out = kept;
    }
    return out;
}

static void unmap_all(struct kept *kept, size_t bytes)
{
    while (kept != NULL) {
        struct kept *next = kept->next;
        ASSERT(munmap(kept, bytes) == 0);
        kept = next;
    }
}

void pages_keep_max(uint64_t bytes, uint64_t fresh_bytes)
{
    lock_take(&pool.lock);
    pool.kept_bytes_max = bytes;
    pool.fresh_bytes_max = fresh_bytes;
    for (size_t index = CLASS_COUNT; index-- > 0;) {
        unmap_all(pool_shrink(STALE, index, bytes), class_bytes(index));
        unmap_all(pool_shrink(FRESH, index, bytes), class_bytes(index));
    }
    lock_give(&pool.lock);
}

void pages_age(uint64_t now_us)
{
    struct kept *gone[CLASS_COUNT];
    lock_take(&pool.lock);
    if (now_us < pool.aged_at_us + AGE_US) {
        lock_give(&pool.lock);
        return;
    }
    pool.aged_at_us = now_us;
    for (size_t index = CLASS_COUNT; index-- > 0;) {
        gone[index] = pool_shrink(STALE, index, pool.kept_bytes_max);
    }
    for (size_t index = 0; index < CLASS_COUNT; index++) {
        struct kept **end = &pool.kept[STALE][index];
        while (*end != NULL) {
            end = &(*end)->next;
        }
        *end = pool.kept[FRESH][index];
        pool.kept[FRESH][index] = NULL;
    }
    lock_give(&pool.lock);
    for (size_t index = 0; index < CLASS_COUNT; index++) {
        unmap_all(gone[index], class_bytes(index));
    }
}

static void unmap_in_pieces(char *pages, size_t bytes)
{
    for (size_t at = 0; at < bytes; at += PIECE_BYTES) {
        (void)madvise(pages + at, bytes - at < PIECE_BYTES ? bytes - at : PIECE_BYTES, MADV_DONTNEED);
    }
    ASSERT(munmap(pages, bytes) == 0);
}

/* Ends when nothing is owed and no more will be. */
static void *give_back(void *object)
{
    (void)object;
    lock_take(&pool.lock);
    for (;;) {
        struct owed *owed = pool.owed;
        if (owed != NULL) {
            size_t bytes = owed->bytes;
            pool.owed = owed->next;
            lock_give(&pool.lock);
            unmap_in_pieces((char *)owed, bytes);
            lock_take(&pool.lock);
            pool.owed_bytes -= bytes;
            pool.mapped_bytes -= bytes;
        } else if (pool.owed_bytes_max == 0) {
            break;
        } else {
            condition_wait(&pool.owes, &pool.lock);
        }
    }
    lock_give(&pool.lock);
    return NULL;
}

struct err *pages_give_back_start(uint64_t owed_bytes_max)
{
    ASSERT(owed_bytes_max > 0 && pool.owed_bytes_max == 0);
    condition_init(&pool.owes);
    lock_take(&pool.lock);
    pool.owed_bytes_max = owed_bytes_max; /* before the thread looks at it; what is owed until it runs waits */
    lock_give(&pool.lock);
    struct err *err = thread_start(&pool.thread, "pages", give_back, NULL);
    if (err != NULL) {
        lock_take(&pool.lock);
        pool.owed_bytes_max = 0;
        lock_give(&pool.lock);
        (void)give_back(NULL); /* itself, what is owed */
    }
    return err;
}

void pages_give_back_stop(void)
{
    lock_take(&pool.lock);
    bool runs = pool.owed_bytes_max != 0;
    pool.owed_bytes_max = 0;
    if (runs) {
        condition_signal(&pool.owes);
    }
    lock_give(&pool.lock);
    if (runs) {
        ASSERT(pthread_join(pool.thread, NULL) == 0);
        condition_deinit(&pool.owes);
    }
}
