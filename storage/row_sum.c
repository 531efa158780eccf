/*
 * row_sum.c: the order-independent sum of row hashes that merges must conserve.
 *
 * row hash   each value is hashed to 64 bits (XXH3 of a string's bytes; a mix of a fixed value's bits; a constant for
 *            NULL), the value hashes of a row are folded in column order into 128 bits; rows are added modulo 2^128
 * speed      columns are hashed one after the other into an array of row states, so that the loops stay tight, and
 *            strings of a dictionary are hashed once per entry
 * format     docs/FORMAT.md, "Row sum": the sum is stored, so this must never change
 */
#include "base/checksum.h"
#include "storage/column.h"

#define NULL_HASH 0x6e756c6c6e756c6cULL
#define MIX_A     0x9e3779b97f4a7c15ULL
#define MIX_B     0xc2b2ae3d27d4eb4fULL

static inline uint64_t mix(uint64_t value)
{
    value ^= value >> 32;
    value *= 0xd6e8feb86659fd93ULL;
    value ^= value >> 32;
    value *= 0xd6e8feb86659fd93ULL;
    return value ^ value >> 32;
}

/* Folds one value's hash into a row's state. */
static inline void fold(unsigned __int128 *state, uint64_t hash)
{
    uint64_t low = (uint64_t)*state, high = (uint64_t)(*state >> 64);
    low = (low ^ hash) * MIX_A;
    low ^= low >> 29;
    high = (high + hash) * MIX_B;
    high ^= high >> 31;
    *state = (unsigned __int128)high << 64 | low;
}

static uint64_t hash_value(const struct column *flat, uint32_t row);

static uint64_t hash_nested(const struct column *flat, uint32_t row)
{
    unsigned __int128 state = flat->type->kind;
    if (flat->offsets != NULL) {
        fold(&state, flat->offsets[row + 1] - flat->offsets[row]);
        for (uint32_t k = flat->offsets[row]; k < flat->offsets[row + 1]; k++) {
            fold(&state, hash_value(flat->children[0], k));
        }
    } else {
        for (uint32_t k = 0; k < flat->type->child_count; k++) {
            fold(&state, hash_value(flat->children[k], row));
        }
    }
    return (uint64_t)state ^ (uint64_t)(state >> 64);
}

/* Any form; the slow way, for nested values. */
static uint64_t hash_value(const struct column *column, uint32_t row)
{
    if (column_is_null(column, row)) {
        return NULL_HASH;
    }
    if (column->form == COLUMN_DICT) {
        row = column->codes[row];
        column = column->dictionary;
    } else if (column->form == COLUMN_CONST) {
        row = 0;
    }
    if (column->type->width == 0) {
        return hash_nested(column, row);
    }
    const void *value = column_value(column, row);
    switch (column->type->kind == TYPE_FIXED_STRING ? 0 : column->type->width) {
    case 1:
        return mix(*(const uint8_t *)value);
    case 2:
        return mix(*(const uint16_t *)value);
    case 4:
        return mix(*(const uint32_t *)value);
    case 8:
        return mix(*(const uint64_t *)value);
    default:
        if (column->type->kind == TYPE_STRING) {
            const struct slice *slice = value;
            return checksum(slice->data, slice->length);
        }
        return checksum(value, column->type->width);
    }
}

uint64_t column_hash(const struct column *column, uint32_t row)
{
    return hash_value(column, row);
}

#define FOLD_ALL(c_type)                                                                                               \
    for (uint32_t row = 0; row < row_count; row++) {                                                                   \
        uint64_t hash = mix(((const c_type *)column->values)[row]);                                                    \
        fold(&states[row], column->nulls != NULL && column->nulls[row] ? NULL_HASH : hash);                            \
    }                                                                                                                  \
    return true

static bool fold_column(struct arena *arena, const struct column *column, uint32_t row_count, unsigned __int128 *states)
{
    if (column->form == COLUMN_CONST) {
        uint64_t hash = hash_value(column, 0);
        for (uint32_t row = 0; row < row_count; row++) {
            fold(&states[row], hash);
        }
        return true;
    }
    if (column->form == COLUMN_DICT && column->dictionary->row_count <= row_count) {
        uint32_t entries = column->dictionary->row_count;
        uint64_t *hashes = ARENA_ARRAY(arena, uint64_t, entries);
        if (hashes == NULL) {
            return false;
        }
        for (uint32_t entry = 0; entry < entries; entry++) {
            hashes[entry] = hash_value(column->dictionary, entry);
        }
        for (uint32_t row = 0; row < row_count; row++) {
            fold(&states[row], hashes[column->codes[row]]);
        }
        return true;
    }
    if (column->form == COLUMN_FLAT && column->type->kind != TYPE_FIXED_STRING) {
        switch (column->type->width) {
        case 1:
            FOLD_ALL(uint8_t);
        case 2:
            FOLD_ALL(uint16_t);
        case 4:
            FOLD_ALL(uint32_t);
        case 8:
            FOLD_ALL(uint64_t);
        default:
            break;
        }
    }
    for (uint32_t row = 0; row < row_count; row++) {
        fold(&states[row], hash_value(column, row));
    }
    return true;
}

struct err *chunk_row_sum(struct arena *arena, const struct chunk *chunk, unsigned __int128 *sum)
{
    unsigned __int128 *states = ARENA_ARRAY(arena, unsigned __int128, chunk->row_count);
    if (states == NULL) {
        return arena_error(arena);
    }
    memset(states, 0, chunk->row_count * sizeof(*states));
    for (uint32_t k = 0; k < chunk->column_count; k++) {
        if (!fold_column(arena, chunk->columns[k], chunk->row_count, states)) {
            return arena_error(arena);
        }
    }
    for (uint32_t row = 0; row < chunk->row_count; row++) {
        *sum += states[row];
    }
    return NULL;
}
