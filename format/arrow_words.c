/*
 * arrow_words.c: see arrow_words.h. Linear probing, half full at most.
 */
#include "format/arrow_words.h"

#include "format/binary.h"

static bool grow(struct arena *arena, struct arrow_words *words)
{
    uint32_t capacity = words->capacity == 0 ? 64 : words->capacity * 2;
    if (capacity > INT32_MAX / 2) {
        return false;
    }
    struct arrow_word *entries =
        arena_grow(arena, words->entries, words->count * sizeof(struct arrow_word),
                   words->capacity * sizeof(struct arrow_word), capacity * sizeof(struct arrow_word));
    uint32_t *places = ARENA_ARRAY(arena, uint32_t, (size_t)capacity * 2);
    if (entries == NULL || places == NULL) {
        return false;
    }
    arena_release(arena, words->places, words->capacity * 2 * sizeof(uint32_t));
    words->entries = entries;
    words->capacity = capacity;
    words->places = places;
    words->mask = capacity * 2 - 1;
    memset(places, 0xff, (size_t)capacity * 2 * sizeof(*places));
    for (uint32_t k = 0; k < words->count; k++) {
        uint32_t place = (uint32_t)entries[k].hash & words->mask;
        while (places[place] != ARROW_NO_WORD) {
            place = (place + 1) & words->mask;
        }
        places[place] = k;
    }
    return true;
}

uint32_t arrow_words_find(struct arena *arena, struct arrow_words *words, const struct column *column, uint32_t row)
{
    uint64_t hash = column_hash(column, row);
    binary_resolve(&column, &row);
    struct slice bytes =
        words->type->kind == TYPE_STRING
            ? ((const struct slice *)column->values)[row]
            : slice_of((const char *)column->values + (size_t)row * words->type->width, words->type->width);
    if (words->count == words->capacity && !grow(arena, words)) {
        return ARROW_NO_WORD;
    }
    uint32_t place = (uint32_t)hash & words->mask;
    for (; words->places[place] != ARROW_NO_WORD; place = (place + 1) & words->mask) {
        const struct arrow_word *entry = &words->entries[words->places[place]];
        if (entry->hash == hash && slice_equal(entry->bytes, bytes)) {
            return words->places[place];
        }
    }
    bytes = bytes.length == 0 ? slice_of("", 0) : arena_slice(arena, bytes);
    if (bytes.data == NULL) {
        return ARROW_NO_WORD;
    }
    words->entries[words->count] = (struct arrow_word){bytes, hash};
    words->places[place] = words->count;
    return words->count++;
}
