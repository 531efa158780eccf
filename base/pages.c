/*
 * pages.c: big buffers from mmap, with a bounded pool of freed ones.
 *
 * classes  4 per power of two from 64 KiB to 64 MiB: a request wastes at most a quarter; larger ones are exact
 * thread   any; one mutex, held for a few instructions (a buffer is 64 KiB at least, so it is taken rarely)
 */
#include "base/pages.h"

#include "base/err.h"

#include <pthread.h>
#include <stdbool.h>
#include <sys/mman.h>

#define PAGE_BYTES    ((size_t)4096)
#define CLASS_SHIFT   16U /* log2 of the smallest class */
#define CLASS_OCTAVES 10U
#define CLASS_COUNT   (CLASS_OCTAVES * 4 + 1)

/* A freed buffer holds the link to the next one of its class in its first bytes. */
struct kept {
    struct kept *next;
};

static struct {
    pthread_mutex_t mutex;
    struct kept *kept[CLASS_COUNT];
    uint64_t kept_bytes;
    uint64_t kept_bytes_max;
    uint64_t mapped_bytes;
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
        struct kept *kept = pool.kept[class_index];
        if (kept != NULL) {
            pool.kept[class_index] = kept->next;
            pool.kept_bytes -= real;
        }
        (void)pthread_mutex_unlock(&pool.mutex);
        if (kept != NULL) {
            return kept;
        }
    }
    void *pages = mmap(NULL, real, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) {
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
    bool keep = class_index < CLASS_COUNT && pool.kept_bytes + bytes <= pool.kept_bytes_max;
    if (keep) {
        struct kept *kept = pages;
        kept->next = pool.kept[class_index];
        pool.kept[class_index] = kept;
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

void pages_keep_max(uint64_t bytes)
{
    (void)pthread_mutex_lock(&pool.mutex);
    pool.kept_bytes_max = bytes;
    for (size_t index = CLASS_COUNT; index-- > 0;) {
        while (pool.kept_bytes > bytes && pool.kept[index] != NULL) {
            struct kept *kept = pool.kept[index];
            pool.kept[index] = kept->next;
            pool.kept_bytes -= class_bytes(index);
            pool.mapped_bytes -= class_bytes(index);
            ASSERT(munmap(kept, class_bytes(index)) == 0);
        }
    }
    (void)pthread_mutex_unlock(&pool.mutex);
}
