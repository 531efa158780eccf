/*
 * runs.c: rows that follow each other with the same keys. What is sorted by a key, or by time and grouped by a bucket
 * of it, has few runs; a run is one lookup of its group and one call per aggregate over plain values.
 *
 * how      each row is compared with the one before it, a block at a time by memcmp
 */
#include "query/pipeline.h"

#define BLOCK_ROWS 64U

/* The fixed-width bytes that are equal when keys are; NULL: there are none. */
static const char *key_bytes(const struct column *key, size_t *width)
{
    if (key->form == COLUMN_DICT) {
        *width = sizeof(*key->codes); /* two codes may stand for one value: then a run is cut, no more */
        return (const char *)key->codes;
    }
    *width = key->type->width;
    return key->nulls != NULL || key->type->kind == TYPE_STRING || type_is_nested(key->type) ? NULL : key->values;
}

static bool differs(const char *a, const char *b, size_t width)
{
    switch (width) {
    case 1:
        return *a != *b;
    case 2:
        return memcmp(a, b, 2) != 0;
    case 4:
        return memcmp(a, b, 4) != 0;
    case 8:
        return memcmp(a, b, 8) != 0;
    default:
        return memcmp(a, b, width) != 0;
    }
}

bool key_runs(const struct column *const *keys, uint32_t key_count, uint32_t row_count, uint32_t *begins,
              uint32_t runs_max, uint32_t *run_count)
{
    const char *bytes[KEY_RUNS_KEYS_MAX];
    size_t widths[KEY_RUNS_KEYS_MAX];
    uint32_t varying = 0;
    for (uint32_t k = 0; k < key_count; k++) {
        if (keys[k]->form == COLUMN_CONST) {
            continue;
        }
        if (varying == KEY_RUNS_KEYS_MAX || (bytes[varying] = key_bytes(keys[k], &widths[varying])) == NULL) {
            return false;
        }
        varying++;
    }
    uint32_t count = 0;
    begins[count++] = 0;
    for (uint32_t begin = 1; begin < row_count; begin += BLOCK_ROWS) {
        uint32_t rows = row_count - begin < BLOCK_ROWS ? row_count - begin : BLOCK_ROWS;
        bool same = true;
        for (uint32_t k = 0; same && k < varying; k++) {
            const char *first = bytes[k] + begin * widths[k];
            same = memcmp(first, first - widths[k], rows * widths[k]) == 0;
        }
        for (uint32_t i = begin; !same && i < begin + rows; i++) {
            bool cut = false;
            for (uint32_t k = 0; !cut && k < varying; k++) {
                cut = differs(bytes[k] + i * widths[k], bytes[k] + (i - 1) * widths[k], widths[k]);
            }
            if (cut) {
                if (count == runs_max) {
                    return false;
                }
                begins[count++] = i;
            }
        }
    }
    *run_count = count;
    return true;
}
