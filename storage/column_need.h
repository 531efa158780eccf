/*
 * column_need.h: which parts of a column its reader looks at: the sizes of arrays without their elements, the keys of
 * maps without their values, some elements of a tuple, which rows are NULL without the values.
 *
 * A need follows the column's type. NULL: the part is not looked at, and what stands in its place is CONST of the
 * type's default. whole: all of it. Neither: of an array or map the offsets, and of its elements (children[0]) what is
 * said there; of a tuple the elements that are said; of any other type which rows are NULL.
 * owner    the arena that they were made in; immutable once handed on
 */
#ifndef STORAGE_COLUMN_NEED_H
#define STORAGE_COLUMN_NEED_H

#include "base/arena.h"
#include "base/err.h"
#include "storage/type.h"

#include <stdbool.h>

struct column_need {
    bool whole;
    const struct column_need **children; /* type->child_count; or NULL: none of them */
};

extern const struct column_need column_need_whole;
extern const struct column_need column_need_outline; /* sizes, or which rows are NULL */

/* Looks at one child alone. */
struct err *column_need_child(struct arena *arena, const struct type *type, uint32_t child,
                              const struct column_need *need, const struct column_need **out);
/* *into (NULL: nothing) is what looks at `more` too. */
struct err *column_need_add(struct arena *arena, const struct type *type, const struct column_need **into,
                            const struct column_need *more);
/* Is everything that b looks at looked at by a? */
bool column_need_covers(const struct type *type, const struct column_need *a, const struct column_need *b);

static inline const struct column_need *column_need_of(const struct column_need *need, uint32_t child)
{
    ASSERT(need != NULL);
    return need->whole ? need : need->children == NULL ? NULL : need->children[child];
}

#endif
