/*
 * evolve.h: rows that an older schema version wrote, as a newer one has them.
 *
 * ALTER TABLE rewrites nothing: a column that the rows do not have is what its DEFAULT expression gives over the
 * others, in rows of a Nested as long as its other arrays, or the type's default; one that was stored with another type
 * is cast, from version to version as the types followed each other. The values are the same whether they are computed
 * by a scan or were written by a merge in between.
 * (docs/ARCHITECTURE.md, "ALTER TABLE")
 *
 * thread   any; a struct evolution belongs to one
 */
#ifndef STORAGE_EVOLVE_H
#define STORAGE_EVOLVE_H

#include "storage/table_private.h"

struct evolution {
    const struct table *table;
    const struct table_def *def; /* the version that is wanted */
    uint32_t from_version;       /* the one that wrote the rows */
    uint32_t row_count;
    /* All rows of the column with this id, as it was written; *out NULL: the rows do not have it. */
    struct err *(*read)(void *user, struct arena *arena, uint32_t id, struct column **out);
    void *user;
    struct chunk *made; /* columns that were computed already; begins NULL */
};

/* Column `index` of evolution->def (no hidden one; a computed one behind the stored ones). errors: what CAST says, and
 * which column it was. */
struct err *evolve_column(struct evolution *evolution, struct arena *arena, uint32_t index, struct column **out);
/* Are values of the column those that rows of this version have stored, if they have it? Then zones hold too. */
bool evolve_is_stored(const struct column_def *column, uint32_t from_version);

#endif
