/*
 * dense_keys.c: key columns of few combinations as one small number a row.
 *
 * how      a dictionary's codes, and integers less the least of them, are digits of a number; a digit's base is the
 *          size of the dictionary, or the range
 */
#include "query/dense_keys.h"

#include "base/vector.h"

/* least and greatest of unsigned integers; codes += (value - least) * scale */
#define DIGITS(bits)                                                                                                   \
    VECTORISED static void range_of##bits(const uint##bits##_t *values, uint32_t count, uint64_t *least,               \
                                          uint64_t *greatest)                                                          \
    {                                                                                                                  \
        uint##bits##_t low = values[0], high = values[0];                                                              \
        for (uint32_t i = 0; i < count; i++) {                                                                         \
            low = values[i] < low ? values[i] : low;                                                                   \
            high = values[i] > high ? values[i] : high;                                                                \
        }                                                                                                              \
        *least = low;                                                                                                  \
        *greatest = high;                                                                                              \
    }                                                                                                                  \
    VECTORISED static void add_digits##bits(const uint##bits##_t *values, uint32_t count, uint64_t least,              \
                                            uint32_t scale, uint32_t *codes)                                           \
    {                                                                                                                  \
        for (uint32_t i = 0; i < count; i++) {                                                                         \
            codes[i] += (uint32_t)(values[i] - (uint##bits##_t)least) * scale;                                         \
        }                                                                                                              \
    }
DIGITS(8)
DIGITS(16)
DIGITS(32)
DIGITS(64)

#define EACH_WIDTH(width, call)                                                                                        \
    switch (width) {                                                                                                   \
    case 1:                                                                                                            \
        call(8);                                                                                                       \
        break;                                                                                                         \
    case 2:                                                                                                            \
        call(16);                                                                                                      \
        break;                                                                                                         \
    case 4:                                                                                                            \
        call(32);                                                                                                      \
        break;                                                                                                         \
    default:                                                                                                           \
        call(64);                                                                                                      \
        break;                                                                                                         \
    }

static bool is_plain_integer(const struct column *key)
{
    const struct type *type = key->type;
    return key->form == COLUMN_FLAT && key->nulls == NULL && type->width <= 8 && type->width > 0 &&
           (type->width & (type->width - 1)) == 0 && !type_is_float(type) && type->kind != TYPE_STRING &&
           type->kind != TYPE_FIXED_STRING && !type_is_nested(type);
}

bool dense_keys(const struct column *const *keys, uint32_t key_count, uint32_t row_count, uint32_t size_max,
                uint32_t *codes, uint32_t *size)
{
    *size = 1;
    memset(codes, 0, row_count * sizeof(*codes));
    for (uint32_t k = 0; k < key_count; k++) {
        const struct column *key = keys[k];
        uint64_t least = 0, greatest = 0;
        if (key->form == COLUMN_CONST) {
            continue;
        }
        if (key->form == COLUMN_DICT) {
            greatest = key->dictionary->row_count - 1;
        } else if (is_plain_integer(key)) {
#define RANGE(bits) range_of##bits(key->values, row_count, &least, &greatest)
            EACH_WIDTH(key->type->width, RANGE)
        } else {
            return false;
        }
        if (greatest - least >= size_max / *size) {
            return false;
        }
        if (key->form == COLUMN_DICT) {
            add_digits32(key->codes, row_count, 0, *size, codes);
        } else {
#define ADD(bits) add_digits##bits(key->values, row_count, least, *size, codes)
            EACH_WIDTH(key->type->width, ADD)
        }
        *size *= (uint32_t)(greatest - least) + 1;
    }
    return true;
}
