/*
 * intern.c: strings as numbers.
 */
#include "query/intern.h"

#include "base/interrupt.h"

static struct err *entries_grow(struct interner *interner, uint32_t capacity)
{
    struct arena *arena = interner->arena;
    size_t used = interner->count, room = interner->capacity;
    struct slice *entries = arena_grow(arena, interner->entries, used * sizeof(*entries), room * sizeof(*entries),
                                       capacity * sizeof(*entries));
    if (entries == NULL) {
        return arena_error(arena);
    }
    interner->entries = entries;
    uint64_t *hashes =
        arena_grow(arena, interner->hashes, used * sizeof(*hashes), room * sizeof(*hashes), capacity * sizeof(*hashes));
    if (hashes == NULL) {
        return arena_error(arena);
    }
    interner->hashes = hashes;
    interner->capacity = capacity;
    return NULL;
}

static struct err *slots_grow(struct interner *interner, uint32_t slot_count)
{
    struct err *err = NULL;
    uint32_t *slots = arena_zalloc(interner->arena, (size_t)slot_count * sizeof(*slots));
    if (slots == NULL) {
        return arena_error(interner->arena);
    }
    for (uint32_t i = 0; i < interner->count; i++) {
        OR_DONE(interrupt_at(i));
        uint32_t slot = (uint32_t)interner->hashes[i] & (slot_count - 1);
        while (slots[slot] != 0) {
            slot = (slot + 1) & (slot_count - 1);
        }
        slots[slot] = i + 1;
    }
    arena_release(interner->arena, interner->slots, interner->slot_count * sizeof(*slots));
    interner->slots = slots;
    interner->slot_count = slot_count;
done:
    return err;
}

static inline struct err *interner_grow(struct interner *interner)
{
    struct err *err = NULL;
    if (interner->count == interner->capacity) {
        OR_DONE(entries_grow(interner, next_room(interner->capacity)));
    }
    if (interner->count * 2U >= interner->slot_count) {
        OR_DONE(slots_grow(interner, interner->slot_count == 0 ? 128 : interner->slot_count * 2));
    }
done:
    return err;
}

struct err *interner_reserve(struct interner *interner, uint32_t count)
{
    struct err *err = NULL;
    uint32_t slot_count = interner->slot_count == 0 ? 128 : interner->slot_count;
    while (slot_count / 2 <= count && slot_count <= UINT32_MAX / 2) {
        slot_count *= 2;
    }
    if (count > interner->capacity) {
        OR_DONE(entries_grow(interner, count));
    }
    if (slot_count > interner->slot_count) {
        OR_DONE(slots_grow(interner, slot_count));
    }
done:
    return err;
}

struct err *intern_new(struct interner *interner, struct slice text, uint64_t hash, uint32_t *out)
{
    struct err *err = NULL;
    OR_DONE(interner_grow(interner));
    struct slice copy = {"", 0};
    if (interner->texts == NULL) {
        copy = text;
    } else if (text.length > 0) {
        copy = arena_slice(interner->texts, text);
        if (copy.data == NULL) {
            return arena_error(interner->texts);
        }
    }
    uint32_t mask = interner->slot_count - 1;
    uint32_t slot = (uint32_t)hash & mask;
    while (interner->slots[slot] != 0) {
        slot = (slot + 1) & mask;
    }
    interner->slots[slot] = interner->count + 1;
    interner->entries[interner->count] = copy;
    interner->hashes[interner->count] = hash;
    *out = interner->count++;
done:
    return err;
}

static inline struct err *intern_hashed(struct interner *interner, struct slice text, uint64_t hash, uint32_t *out)
{
    uint32_t mask = interner->slot_count - 1;
    if (interner->slot_count > 0) {
        for (uint32_t slot = (uint32_t)hash & mask; interner->slots[slot] != 0; slot = (slot + 1) & mask) {
            uint32_t entry = interner->slots[slot] - 1;
            if (interner->hashes[entry] == hash && slice_equal(interner->entries[entry], text)) {
                *out = entry;
                return NULL;
            }
        }
    }
    return intern_new(interner, text, hash, out);
}

struct err *intern(struct interner *interner, struct slice text, uint32_t *out)
{
    return intern_hashed(interner, text, text_hash(text), out);
}

struct err *intern_texts(struct interner *interner, const struct slice *texts, uint32_t row_count, uint32_t *numbers)
{
    struct err *err = NULL;
    uint64_t hashes[BATCH];
    for (uint32_t begin = 0; begin < row_count; begin += BATCH) {
        uint32_t count = row_count - begin < BATCH ? row_count - begin : BATCH;
        uint32_t mask = interner->slot_count - 1;
        for (uint32_t i = 0; i < count; i++) {
            hashes[i] = text_hash(texts[begin + i]);
            if (interner->slot_count > 0) {
                __builtin_prefetch(&interner->slots[(uint32_t)hashes[i] & mask]);
            }
        }
        if (interner->slot_count > SLOTS_CACHED) {
            for (uint32_t i = 0; i < count; i++) {
                uint32_t entry = interner->slots[(uint32_t)hashes[i] & mask];
                if (entry != 0) {
                    __builtin_prefetch(&interner->hashes[entry - 1]);
                    __builtin_prefetch(&interner->entries[entry - 1]);
                }
            }
            for (uint32_t i = 0; i < count; i++) {
                uint32_t entry = interner->slots[(uint32_t)hashes[i] & mask];
                if (entry != 0) {
                    __builtin_prefetch(interner->entries[entry - 1].data);
                }
            }
        }
        for (uint32_t i = 0; i < count; i++) {
            OR_DONE(intern_hashed(interner, texts[begin + i], hashes[i], &numbers[begin + i]));
        }
    }
done:
    return err;
}

void interner_clear(struct interner *interner)
{
    if (interner->slot_count > 0) {
        memset(interner->slots, 0, interner->slot_count * sizeof(*interner->slots));
    }
    interner->count = 0;
}
