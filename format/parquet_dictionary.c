/*
 * parquet_dictionary.c: the distinct values of a column of a row group, found by their hash.
 */
#include "format/parquet.h"

#include <stdlib.h>
#include <xxhash.h>

#define SLOTS_FIRST       256U
#define TEXT_LENGTH_BYTES 4U

static uint32_t place_of(const struct parquet_dictionary *dictionary, uint32_t number)
{
    return ((const uint32_t *)(const void *)dictionary->places.data)[number];
}

static uint32_t hash_of_number(const struct parquet_dictionary *dictionary, uint32_t number)
{
    return ((const uint32_t *)(const void *)dictionary->hashes.data)[number];
}

struct slice parquet_dictionary_value(const struct parquet_dictionary *dictionary, uint32_t number)
{
    uint32_t begin = place_of(dictionary, number);
    size_t end = number + 1 < dictionary->count ? place_of(dictionary, number + 1) : dictionary->bytes.length;
    return slice_of(dictionary->bytes.data + begin, end - begin);
}

struct slice parquet_dictionary_bytes(const struct parquet_leaf *leaf, uint32_t number)
{
    struct slice value = parquet_dictionary_value(&leaf->dictionary, number);
    size_t prefix = leaf->width > 0 ? 0 : TEXT_LENGTH_BYTES;
    return slice_of(value.data + prefix, value.length - prefix);
}

/* Twice as many slots. */
static bool grow(struct parquet_dictionary *dictionary)
{
    uint32_t count = dictionary->slot_count == 0 ? SLOTS_FIRST : dictionary->slot_count * 2;
    uint32_t *slots = calloc(count, sizeof(*slots));
    if (slots == NULL) {
        return false;
    }
    for (uint32_t number = 0; number < dictionary->count; number++) {
        uint32_t at = hash_of_number(dictionary, number) & (count - 1);
        while (slots[at] != 0) {
            at = (at + 1) & (count - 1);
        }
        slots[at] = number + 1;
    }
    free(dictionary->slots);
    dictionary->slots = slots;
    dictionary->slot_count = count;
    return true;
}

bool parquet_dictionary_find(struct parquet_dictionary *dictionary, bool is_text, struct slice value, uint32_t *number)
{
    uint32_t hash = (uint32_t)XXH3_64bits(value.data, value.length), prefix = is_text ? TEXT_LENGTH_BYTES : 0;
    if (dictionary->count * 2 >= dictionary->slot_count && !grow(dictionary)) {
        return false;
    }
    uint32_t mask = dictionary->slot_count - 1, at = hash & mask;
    for (; dictionary->slots[at] != 0; at = (at + 1) & mask) {
        *number = dictionary->slots[at] - 1;
        if (hash_of_number(dictionary, *number) == hash) {
            struct slice known = parquet_dictionary_value(dictionary, *number);
            if (known.length == value.length + prefix &&
                (value.length == 0 || memcmp(known.data + prefix, value.data, value.length) == 0)) {
                return true;
            }
        }
    }
    uint32_t place = (uint32_t)dictionary->bytes.length, length = (uint32_t)value.length;
    buffer_append(&dictionary->bytes, &length, prefix);
    buffer_slice(&dictionary->bytes, value);
    buffer_append(&dictionary->places, &place, sizeof(place));
    buffer_append(&dictionary->hashes, &hash, sizeof(hash));
    if (dictionary->bytes.failed || dictionary->places.failed || dictionary->hashes.failed) {
        return false;
    }
    *number = dictionary->count++;
    dictionary->slots[at] = dictionary->count;
    return true;
}

void parquet_dictionary_reset(struct parquet_dictionary *dictionary)
{
    buffer_deinit(&dictionary->bytes);
    buffer_deinit(&dictionary->places);
    buffer_deinit(&dictionary->hashes);
    free(dictionary->slots);
    *dictionary = (struct parquet_dictionary){0};
}
