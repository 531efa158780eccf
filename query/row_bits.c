/*
 * row_bits.c: see row_bits.h.
 *
 * how      conditions of one byte per row, which nearly all are, become bits 16 rows at a time by SSE2's byte mask
 */
#include "query/row_bits.h"

#include "base/byte_mask.h"
#include "base/vector.h"

/* Is a number not 0? -0. is. */
static bool is_true(const struct type *type, const void *value)
{
    const unsigned char *bytes = value;
    bool yes = false;
    if (type->kind == TYPE_FLOAT64) {
        return *(const double *)value != 0;
    }
    if (type->kind == TYPE_FLOAT32) {
        return *(const float *)value != 0;
    }
    for (uint32_t b = 0; b < type->width; b++) {
        yes |= bytes[b] != 0;
    }
    return yes;
}

static void bits_of_bytes(const uint8_t *bytes, uint32_t row_count, uint64_t *bits)
{
    uint32_t whole = row_count / 64;
    for (uint32_t w = 0; w < whole; w++) {
        bits[w] = byte_mask(bytes + (size_t)w * 64);
    }
    if (row_count % 64 > 0) {
        uint8_t last[64] = {0};
        memcpy(last, bytes + (size_t)whole * 64, row_count % 64);
        bits[whole] = byte_mask(last);
    }
}

static void bits_all(uint64_t *bits, uint32_t row_count)
{
    memset(bits, 0xff, row_count / 64 * sizeof(*bits));
    if (row_count % 64 > 0) {
        bits[row_count / 64] = ((uint64_t)1 << row_count % 64) - 1;
    }
}

struct err *row_bits_of(struct arena *arena, const struct column *condition, uint32_t row_count, uint64_t *bits,
                        uint32_t *count)
{
    const struct type *type = condition->type;
    *count = 0;
    memset(bits, 0, ROW_BITS_WORDS(row_count) * sizeof(*bits));
    if (type->kind == TYPE_NOTHING) {
        return NULL;
    }
    if (condition->form == COLUMN_CONST) {
        if (is_true(type, condition->values) && (condition->nulls == NULL || condition->nulls[0] == 0)) {
            bits_all(bits, row_count);
            *count = row_count;
        }
        return NULL;
    }
    const struct column *flat = column_flat(arena, condition);
    if (flat == NULL) {
        return arena_error(arena);
    }
    if (type->width == 1) {
        bits_of_bytes(flat->values, row_count, bits);
    } else {
        for (uint32_t row = 0; row < row_count; row++) {
            bool yes = is_true(type, (const char *)flat->values + (size_t)row * type->width);
            bits[row / 64] |= (uint64_t)yes << row % 64;
        }
    }
    if (flat->nulls != NULL) {
        uint64_t *nulls = ARENA_ARRAY(arena, uint64_t, ROW_BITS_WORDS(row_count));
        if (nulls == NULL) {
            return arena_error(arena);
        }
        bits_of_bytes(flat->nulls, row_count, nulls);
        for (size_t w = 0; w < ROW_BITS_WORDS(row_count); w++) {
            bits[w] &= ~nulls[w];
        }
    }
    *count = row_bits_count(bits, row_count);
    return NULL;
}

VECTORISED uint32_t row_bits_and(uint64_t *bits, const uint64_t *with, uint32_t row_count)
{
    uint64_t count = 0;
    for (size_t w = 0; w < ROW_BITS_WORDS(row_count); w++) {
        bits[w] &= with[w];
        count += (uint64_t)__builtin_popcountll(bits[w]);
    }
    return (uint32_t)count;
}

VECTORISED uint32_t row_bits_count(const uint64_t *bits, uint32_t row_count)
{
    uint64_t count = 0;
    for (size_t w = 0; w < ROW_BITS_WORDS(row_count); w++) {
        count += (uint64_t)__builtin_popcountll(bits[w]);
    }
    return (uint32_t)count;
}

VECTORISED void row_bits_positions(const uint64_t *bits, uint32_t row_count, uint32_t *positions)
{
    uint32_t count = 0;
    for (uint32_t w = 0; w < ROW_BITS_WORDS(row_count); w++) {
        if (bits[w] == UINT64_MAX) {
            for (uint32_t k = 0; k < 64; k++) {
                positions[count + k] = w * 64 + k;
            }
            count += 64;
            continue;
        }
        for (uint64_t word = bits[w]; word != 0; word &= word - 1) {
            positions[count++] = w * 64 + (uint32_t)__builtin_ctzll(word);
        }
    }
}

void row_bits_from_positions(const uint32_t *positions, uint32_t count, uint32_t row_count, uint64_t *bits)
{
    memset(bits, 0, ROW_BITS_WORDS(row_count) * sizeof(*bits));
    for (uint32_t k = 0; k < count; k++) {
        bits[positions[k] / 64] |= (uint64_t)1 << positions[k] % 64;
    }
}
