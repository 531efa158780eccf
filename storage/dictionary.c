/*
 * dictionary.c: growing dictionaries of strings that readers may watch.
 *
 * flow     storage/builder.c → here → snapshots, flush
 * layout   entries: slices in one mapping of full size, so that they never move; bytes: heap pieces; slots: open
 *          addressing with the whole hash kept beside the code, at most half full, the writer's alone
 * hash     short strings by two overlapping words and a 64 × 64 → 128 bit product, seeded once per process so that
 *          nobody outside can aim at collisions; long ones by XXH3
 */
#include "storage/dictionary.h"

#include "base/pages.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <time.h>
#include <xxhash.h>

/* A chunk that began below the limits may add all its rows, and a NULL. */
#define ENTRIES_ROOM ((size_t)DICTIONARY_ENTRIES_MAX + CHUNK_ROWS_MAX + 64)

struct slot {
    uint64_t hash;
    uint32_t code;
    uint32_t length;
};

struct piece {
    struct piece *next;
    size_t bytes;
};

struct dictionary {
    _Atomic uint32_t references;
    _Atomic uint32_t count; /* released by the chunk that uses the codes */
    struct slice *entries;
    uint8_t *nulls; /* or NULL */
    size_t mapped_bytes;
    struct slot *slots;
    uint32_t slot_count; /* power of two */
    uint32_t null_code;
    uint64_t number;
    struct piece *pieces;
    char *heap;
    char *heap_end;
    uint64_t heap_bytes;
};

static _Atomic uint64_t dictionary_numbers;
static pthread_once_t seed_once = PTHREAD_ONCE_INIT;
static uint64_t seed;

static void seed_make(void)
{
    if (getrandom(&seed, sizeof(seed), 0) != (ssize_t)sizeof(seed)) {
        seed = (uint64_t)time(NULL) * 0x9e3779b97f4a7c15ULL;
    }
}

static inline uint64_t load64(const char *data)
{
    uint64_t word;
    memcpy(&word, data, sizeof(word));
    return word;
}

static inline uint64_t load32(const char *data)
{
    uint32_t word;
    memcpy(&word, data, sizeof(word));
    return word;
}

static inline uint64_t fold(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t hash_of(const char *data, size_t length)
{
    uint64_t a, b;
    if (length >= 8) {
        if (length > 32) {
            return XXH3_64bits_withSeed(data, length, seed);
        }
        if (length > 16) {
            uint64_t front = fold(load64(data) ^ seed ^ 0x9e3779b97f4a7c15ULL, load64(data + 8) ^ seed);
            const char *back = data + length - 16;
            return front ^ fold(load64(back) ^ (seed + 0xd1b54a32d192ed03ULL),
                                load64(back + 8) ^ 0xa0761d6478bd642fULL ^ (uint64_t)length << 56);
        }
        a = load64(data);
        b = load64(data + length - 8);
    } else if (length >= 4) {
        a = load32(data);
        b = load32(data + length - 4);
    } else if (length > 0) {
        a = (uint64_t)(uint8_t)data[0] << 16 | (uint64_t)(uint8_t)data[length >> 1] << 8 | (uint8_t)data[length - 1];
        b = 0;
    } else {
        a = b = 0;
    }
    return fold(a ^ seed ^ 0x9e3779b97f4a7c15ULL, b ^ (seed + 0xd1b54a32d192ed03ULL) ^ (uint64_t)length << 56);
}

static inline bool same(const char *a, const char *b, size_t length)
{
    if (length < 8) {
        return length == 0 || memcmp(a, b, length) == 0;
    }
    for (size_t at = 0; at + 8 < length; at += 8) {
        if (load64(a + at) != load64(b + at)) {
            return false;
        }
    }
    return load64(a + length - 8) == load64(b + length - 8);
}

struct dictionary *dictionary_create(bool nullable)
{
    struct dictionary *dictionary = calloc(1, sizeof(*dictionary));
    size_t mapped = ENTRIES_ROOM * (sizeof(struct slice) + (nullable ? 1 : 0));

    pthread_once(&seed_once, seed_make);
    if (dictionary == NULL) {
        return NULL;
    }
    dictionary->references = 1;
    dictionary->slot_count = 256;
    dictionary->null_code = DICTIONARY_NO_CODE;
    dictionary->number = atomic_fetch_add(&dictionary_numbers, 1) + 1;
    dictionary->slots = calloc(dictionary->slot_count, sizeof(struct slot));
    dictionary->mapped_bytes = mapped;
    void *map = mmap(NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    dictionary->entries = map == MAP_FAILED ? NULL : map;
    if (dictionary->slots == NULL || dictionary->entries == NULL) {
        dictionary_unref(dictionary);
        return NULL;
    }
    if (nullable) {
        dictionary->nulls = (uint8_t *)(dictionary->entries + ENTRIES_ROOM);
    }
    return dictionary;
}

struct dictionary *dictionary_ref(struct dictionary *dictionary)
{
    atomic_fetch_add_explicit(&dictionary->references, 1, memory_order_relaxed);
    return dictionary;
}

void dictionary_unref(struct dictionary *dictionary)
{
    if (dictionary == NULL || atomic_fetch_sub_explicit(&dictionary->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    while (dictionary->pieces != NULL) {
        struct piece *piece = dictionary->pieces;
        dictionary->pieces = piece->next;
        if (piece->bytes >= PAGES_BYTES_MIN) {
            pages_free(piece, piece->bytes);
        } else {
            free(piece);
        }
    }
    if (dictionary->entries != NULL) {
        munmap(dictionary->entries, dictionary->mapped_bytes);
    }
    free(dictionary->slots);
    free(dictionary);
}

static char *bytes_room(struct dictionary *dictionary, size_t length)
{
    if (dictionary->heap == NULL || (size_t)(dictionary->heap_end - dictionary->heap) < length) {
        size_t bytes = dictionary->heap_bytes < (32 << 10) ? 4 << 10 : PAGES_BYTES_MIN;
        while (bytes < length + sizeof(struct piece)) {
            bytes *= 2;
        }
        struct piece *piece = bytes >= PAGES_BYTES_MIN ? pages_alloc(bytes, &bytes) : malloc(bytes);
        if (piece == NULL) {
            return NULL;
        }
        piece->bytes = bytes;
        piece->next = dictionary->pieces;
        dictionary->pieces = piece;
        dictionary->heap = (char *)(piece + 1);
        dictionary->heap_end = (char *)piece + bytes;
        dictionary->heap_bytes += bytes;
    }
    return dictionary->heap;
}

static bool slots_grow(struct dictionary *dictionary)
{
    uint32_t count = dictionary->slot_count * 2;
    struct slot *slots = calloc(count, sizeof(struct slot));
    if (slots == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < dictionary->slot_count; i++) {
        if (dictionary->slots[i].code != 0) {
            uint32_t at = (uint32_t)dictionary->slots[i].hash & (count - 1);
            while (slots[at].code != 0) {
                at = (at + 1) & (count - 1);
            }
            slots[at] = dictionary->slots[i];
        }
    }
    free(dictionary->slots);
    dictionary->slots = slots;
    dictionary->slot_count = count;
    return true;
}

static uint32_t entry_add(struct dictionary *dictionary, uint64_t hash, const char *data, size_t length, uint32_t at)
{
    uint32_t count = atomic_load_explicit(&dictionary->count, memory_order_relaxed);
    if (count >= ENTRIES_ROOM) {
        return DICTIONARY_NO_CODE;
    }
    char *bytes = bytes_room(dictionary, length);
    if (bytes == NULL) {
        return DICTIONARY_NO_CODE;
    }
    if (length > 0) {
        memcpy(bytes, data, length);
    }
    dictionary->heap += length;
    dictionary->entries[count] = slice_of(bytes, length);
    /* codes are stored plus one: a zero slot is empty */
    dictionary->slots[at] = (struct slot){hash, count + 1, (uint32_t)length};
    atomic_store_explicit(&dictionary->count, count + 1, memory_order_release);
    if ((count + 2) * 2 > dictionary->slot_count && !slots_grow(dictionary)) {
        return DICTIONARY_NO_CODE;
    }
    return count;
}

uint32_t dictionary_code(struct dictionary *dictionary, const char *data, size_t length)
{
    uint64_t hash = hash_of(data, length);
    uint32_t mask = dictionary->slot_count - 1;
    uint32_t at = (uint32_t)hash & mask;

    for (;;) {
        const struct slot *slot = &dictionary->slots[at];
        if (slot->code == 0) {
            return entry_add(dictionary, hash, data, length, at);
        }
        if (slot->hash == hash && slot->length == (uint32_t)length) {
            uint32_t code = slot->code - 1;
            if (dictionary->entries[code].length == length && same(dictionary->entries[code].data, data, length)) {
                return code;
            }
        }
        at = (at + 1) & mask;
    }
}

uint32_t dictionary_null(struct dictionary *dictionary)
{
    ASSERT(dictionary->nulls != NULL);
    if (dictionary->null_code == DICTIONARY_NO_CODE) {
        uint32_t count = atomic_load_explicit(&dictionary->count, memory_order_relaxed);
        if (count >= ENTRIES_ROOM) {
            return DICTIONARY_NO_CODE;
        }
        dictionary->entries[count] = slice_of("", 0);
        dictionary->nulls[count] = 1;
        dictionary->null_code = count;
        atomic_store_explicit(&dictionary->count, count + 1, memory_order_release);
    }
    return dictionary->null_code;
}

uint32_t dictionary_count(const struct dictionary *dictionary)
{
    return atomic_load_explicit(&dictionary->count, memory_order_acquire);
}

bool dictionary_is_full(const struct dictionary *dictionary)
{
    return dictionary_count(dictionary) >= DICTIONARY_ENTRIES_MAX || dictionary->heap_bytes >= DICTIONARY_BYTES_MAX;
}

struct column *dictionary_column(struct arena *arena, struct dictionary *dictionary, const struct type *type,
                                 uint32_t *codes, uint32_t row_count)
{
    struct column *entries = ARENA_NEW(arena, struct column);
    struct column *column = ARENA_NEW(arena, struct column);
    if (entries == NULL || column == NULL) {
        return NULL;
    }
    uint32_t count = dictionary_count(dictionary);
    entries->type = type;
    entries->form = COLUMN_FLAT;
    entries->row_count = count;
    entries->values = dictionary->entries;
    entries->nulls = dictionary->nulls;
    column->type = type;
    column->form = COLUMN_DICT;
    column->row_count = row_count;
    column->codes = codes;
    column->dictionary = entries;
    /* Grown means another id. The top bit keeps them apart from the ids of segments' dictionaries. */
    column->dictionary_id = (uint64_t)1 << 63 | dictionary->number << 20 | count;
    return column;
}
