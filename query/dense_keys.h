/*
 * dense_keys.h: key columns of few combinations as one small number a row: an array takes the place of a hash table.
 */
#ifndef QUERY_DENSE_KEYS_H
#define QUERY_DENSE_KEYS_H

#include "storage/column.h"

/* codes[i] < *size ≤ size_max, equal only where all keys of the rows are (entries of one dictionary that are equal may
 * differ). false: there are too many combinations, or keys that are neither coded nor integers, or NULLs beside values.
 */
bool dense_keys(const struct column *const *keys, uint32_t key_count, uint32_t row_count, uint32_t size_max,
                uint32_t *codes, uint32_t *size);

#endif
