/*
 * gather.h: rows of many chunks, in a given order, as one column.
 *
 * Coded strings stay codes: the dictionaries of the chunks are unified once into one sorted dictionary, and gathering
 * maps codes through a small table. Rows are numbered as in storage/sort.h. Strings that are not coded keep pointing
 * to the chunks' bytes.
 * thread   a unifier is immutable once made
 */
#ifndef STORAGE_GATHER_H
#define STORAGE_GATHER_H

#include "base/arena.h"
#include "base/err.h"
#include "storage/column.h"

#include <stdint.h>

/* One sorted dictionary over several. */
struct unifier;

/*
 * columns  DICT columns (others are passed over), count of them
 * order    only entries that these rows use are taken over (row_count of them, numbered as in sort.h); NULL: all
 *          entries: the columns stand for others of the same dictionaries (merges)
 * *out     NULL when no column is DICT, or too many entries are used for codes to pay; in the arena
 */
struct err *unifier_create(struct arena *arena, const struct column *const *columns, uint32_t count,
                           const uint32_t *order, uint64_t row_count, struct unifier **out);

/*
 * Where most rows of a String column are DICT, the chunks that are not become so (with a dictionary of their own) when
 * their values repeat: the small chunks that a batch begins with are plain, and one of them makes a whole segment
 * plain. columns[i] is replaced; what is made lives in the arena.
 */
struct err *gather_code(struct arena *arena, const struct column **columns, uint32_t count);

/* The sorted dictionary; lives as long as the unifier. */
const struct column *unifier_dictionary(const struct unifier *unifier, uint64_t *id);
/* Codes into it, for a column of any form whose values are all in it; ERR_CORRUPT: one is not. */
struct err *unifier_codes(struct arena *arena, const struct unifier *unifier, const struct column *column,
                          uint32_t **codes);

/*
 * columns  one per chunk, of equal types, any form; order[i] >> 13 is an index into it
 * unifier  NULL, or one made over these columns' dictionaries: the result is DICT when all columns are (a CONST one is
 *          not), otherwise FLAT
 */
struct err *gather_rows(struct arena *arena, const struct unifier *unifier, const struct column *const *columns,
                        uint32_t column_count, const uint32_t *order, uint32_t row_count, struct column **out);

#endif
