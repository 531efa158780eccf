/*
 * pages.c: big buffers from mmap, with a bounded pool of freed ones.
 *
 * classes  4 per power of two from 64 KiB to 1 GiB: a request wastes at most a quarter; larger ones are exact
 * huge     buffers of 4 MiB and more begin at a multiple of 2 MiB and ask the kernel for huge pages: filling them takes
 *          a fault per 2 MiB then, not one per 4 KiB
 * thread   any; one mutex, held for a few instructions (a buffer is 64 KiB at least, so it is taken rarely)
 */
#include "base/pages.h"

#include "base/err.h"

#include <pthread.h>
#include <stdbool.h>
#include <sys/mman.h>

#define PAGE_BYTES    ((size_t)4096)
#define HUGE_BYTES    ((size_t)2 << 20)
#define AGE_US        1000000U
#define CLASS_SHIFT   16U /* log2 of the smallest class */
#define CLASS_OCTAVES 14U
#define CLASS_COUNT   (CLASS_OCTAVES * 4 + 1)

/* A freed buffer holds the link to the next one of its class in its first bytes. */
struct kept {
    struct kept *next;
};

enum age { FRESH, STALE, AGES }; /* freed since the last pages_age, or before */

static struct {
    pthread_mutex_t mutex;
    struct kept *kept[AGES][CLASS_COUNT];
    uint64_t kept_bytes;
    uint64_t kept_bytes_max;
    uint64_t fresh_bytes_max; /* above kept_bytes_max, until they are stale */
    uint64_t mapped_bytes;
    uint64_t aged_at_us;
} pool = {.mutex = PTHREAD_MUTEX_INITIALIZER, .kept_bytes_max = (uint64_t)32 << 20};

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
        (void)pthread_mutex_lock(&pool.mutex);
        enum age age = pool.kept[FRESH][class_index] != NULL ? FRESH : STALE;
        struct kept *kept = pool.kept[age][class_index];
        if (kept != NULL) {
            pool.kept[age][class_index] = kept->next;
            pool.kept_bytes -= real;
        }
        (void)pthread_mutex_unlock(&pool.mutex);
        if (kept != NULL) {
            return kept;
        }
    }
    void *pages = map(real);
    if (pages == NULL) {
        return NULL;
    }
    (void)pthread_mutex_lock(&pool.mutex);
    pool.mapped_bytes += real;
    (void)pthread_mutex_unlock(&pool.mutex);
    return pages;
}

void pages_free(void *pages, size_t bytes)
{
    if (pages == NULL) {
        return;
    }
    size_t class_index = class_of(bytes);
    ASSERT(class_index == CLASS_COUNT || class_bytes(class_index) == bytes);
    (void)pthread_mutex_lock(&pool.mutex);
    bool keep = class_index < CLASS_COUNT && pool.kept_bytes + bytes <= pool.kept_bytes_max + pool.fresh_bytes_max;
    if (keep) {
        struct kept *kept = pages;
        kept->next = pool.kept[FRESH][class_index];
        pool.kept[FRESH][class_index] = kept;
        pool.kept_bytes += bytes;
    } else {
        pool.mapped_bytes -= bytes;
    }
    (void)pthread_mutex_unlock(&pool.mutex);
    if (!keep) {
        ASSERT(munmap(pages, bytes) == 0);
    }
}

void pages_usage(uint64_t *mapped_bytes, uint64_t *kept_bytes)
{
    (void)pthread_mutex_lock(&pool.mutex);
    *mapped_bytes = pool.mapped_bytes;
    *kept_bytes = pool.kept_bytes;
    (void)pthread_mutex_unlock(&pool.mutex);
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
    (void)pthread_mutex_lock(&pool.mutex);
    pool.kept_bytes_max = bytes;
    pool.fresh_bytes_max = fresh_bytes;
    for (size_t index = CLASS_COUNT; index-- > 0;) {
        unmap_all(pool_shrink(STALE, index, bytes), class_bytes(index));
        unmap_all(pool_shrink(FRESH, index, bytes), class_bytes(index));
    }
    (void)pthread_mutex_unlock(&pool.mutex);
}

void pages_age(uint64_t now_us)
{
    struct kept *gone[CLASS_COUNT];
    (void)pthread_mutex_lock(&pool.mutex);
    if (now_us < pool.aged_at_us + AGE_US) {
        (void)pthread_mutex_unlock(&pool.mutex);
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
    (void)pthread_mutex_unlock(&pool.mutex);
    for (size_t index = 0; index < CLASS_COUNT; index++) {
        unmap_all(gone[index], class_bytes(index));
    }
}
