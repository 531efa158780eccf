/*
 * dictionary_union.h: one sorted dictionary for a segment out of the dictionaries of its input chunks.
 *
 * Fed with the DICT columns that the segment will hold (any number of dictionaries: heads, segments that are merged),
 * it notes the entries that occur, sorts them, and translates codes through a table: values are never compared per row.
 * One per string column of a segment. thread: one at a time.
 */
#ifndef STORAGE_DICTIONARY_UNION_H
#define STORAGE_DICTIONARY_UNION_H

#include "base/arena.h"
#include "base/err.h"
#include "storage/column.h"

#include <stdbool.h>
#include <stdint.h>

struct dictionary_union;

/* Lives in the arena. */
struct dictionary_union *dictionary_union_create(struct arena *arena);
/* Notes the entries that the column uses. FLAT and CONST columns are noted as "not coded": the result is not coded. */
struct err *dictionary_union_add(struct dictionary_union *dictionaries, const struct column *column);
/*
 * Sorts. *coded: whether coding pays: all columns were DICT, and the entries are at most a quarter of the rows or few.
 * Afterwards dictionary_union_column translates.
 */
struct err *dictionary_union_finish(struct dictionary_union *dictionaries, bool *coded);
/* The column with codes of the union when coded, else FLAT. The column must have been added. */
struct err *dictionary_union_column(struct dictionary_union *dictionaries, struct arena *arena,
                                    const struct column *column, struct column **out);
/* The sorted dictionary, in the arena of the union; NULL: not coded. */
const struct column *dictionary_union_entries(const struct dictionary_union *dictionaries);
/* Position in the sorted union for each code of a dictionary that was added (UINT32_MAX: not used): sort keys. */
const uint32_t *dictionary_union_ranks(const struct dictionary_union *dictionaries, const struct column *dictionary);

#endif
