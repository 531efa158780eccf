/*
 * value_fold.h: values of rows that are combined by a table's engine, by aggregate functions. What storage calls
 * through table_functions.h.
 */
#ifndef QUERY_VALUE_FOLD_H
#define QUERY_VALUE_FOLD_H

#include "base/arena.h"
#include "base/err.h"
#include "storage/column.h"

struct folder;

/* See struct table_functions. */
struct err *folder_create(struct arena *arena, const char *function, const struct type *const *types,
                          uint32_t key_count, uint32_t count, struct folder **out);
struct err *folder_fold(const struct folder *folder, struct arena *arena, const struct column *const *columns,
                        const uint32_t *groups, uint32_t row_count, uint32_t group_count, struct column **out);

#endif
