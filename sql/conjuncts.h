/*
 * conjuncts.h: conditions as what AND joins.
 *
 * thread   those of the binder that owns the arena
 */
#ifndef SQL_CONJUNCTS_H
#define SQL_CONJUNCTS_H

#include "sql/binder.h"

struct conjuncts {
    const struct expression **items; /* none of them is an AND */
    uint32_t count;
};

/* Adds those of a condition; NULL: it has none. */
struct err *conjuncts_add(struct arena *arena, const struct expression *condition, struct conjuncts *out);
/* One condition of them again; NULL when there are none. */
struct err *conjuncts_join(struct binder *binder, const struct conjuncts *conjuncts, const struct expression **out);

/*
 * What every branch of an OR demands comes out of it: (a AND b) OR (a AND c) becomes a AND (b OR c), of which a can be
 * a key of a join or go to a table. Both are the same for TRUE, FALSE and NULL. Volatile calls are left where they are.
 */
struct err *conjuncts_factor(struct binder *binder, const struct expression **condition);

#endif
