/*
 * column_need.c: joining and comparing what readers of a column look at.
 *
 * flow     query/scan_need.c → here; storage/codec_decode.c reads by it
 */
#include "storage/column_need.h"

const struct column_need column_need_whole = {true, NULL};
const struct column_need column_need_outline = {false, NULL};

static struct column_need *make(struct arena *arena, const struct type *type)
{
    struct column_need *need = ARENA_NEW(arena, struct column_need);
    if (need == NULL) {
        return NULL;
    }
    need->whole = false;
    need->children = ARENA_ARRAY(arena, const struct column_need *, type->child_count + 1U);
    for (uint32_t k = 0; need->children != NULL && k < type->child_count; k++) {
        need->children[k] = NULL;
    }
    return need->children == NULL ? NULL : need;
}

struct err *column_need_child(struct arena *arena, const struct type *type, uint32_t child,
                              const struct column_need *need, const struct column_need **out)
{
    ASSERT(child < type->child_count);
    struct column_need *made = make(arena, type);
    if (made == NULL) {
        return arena_error(arena);
    }
    made->children[child] = need;
    *out = made;
    return NULL;
}

struct err *column_need_add(struct arena *arena, const struct type *type, const struct column_need **into,
                            const struct column_need *more)
{
    struct err *err = NULL;
    const struct column_need *before = *into;
    if (more == NULL || column_need_covers(type, before, more)) {
        return NULL;
    }
    if (column_need_covers(type, more, before)) {
        *into = more;
        return NULL;
    }
    struct column_need *both = make(arena, type);
    if (both == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < type->child_count; k++) {
        both->children[k] = column_need_of(before, k);
        OR_DONE(column_need_add(arena, type->children[k], &both->children[k], column_need_of(more, k)));
    }
    *into = both;
done:
    return err;
}

bool column_need_covers(const struct type *type, const struct column_need *a, const struct column_need *b)
{
    if (b == NULL || (a != NULL && a->whole)) {
        return true;
    }
    if (a == NULL || b->whole) {
        return false;
    }
    for (uint32_t k = 0; k < type->child_count; k++) {
        if (!column_need_covers(type->children[k], column_need_of(a, k), column_need_of(b, k))) {
            return false;
        }
    }
    return true;
}
