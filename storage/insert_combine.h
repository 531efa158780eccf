/*
 * insert_combine.h: rows of one INSERT with one sorting key become one before they are stored (optimize_on_insert).
 */
#ifndef STORAGE_INSERT_COMBINE_H
#define STORAGE_INSERT_COMBINE_H

#include "base/arena.h"
#include "base/err.h"
#include "storage/table.h"

/*
 * As the table's engine combines them in merges, within one partition; nothing changes for engines that do not.
 *
 * chunks   of all stored columns, in the order of insertion; replaced by others in the arena, which may be none
 */
struct err *insert_combine(struct arena *arena, struct table *table, const struct table_def *def,
                           struct chunk ***chunks, uint32_t *count);

#endif
