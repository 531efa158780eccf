/*
 * extremes.c: see extremes.h.
 *
 * Of each column the row of a chunk that is least is found first, and then compared with what is kept. What is kept is
 * copied; copies that were replaced lie in the arena until it is made anew.
 */
#include "query/extremes.h"

#include "base/interrupt.h"

#include <stdlib.h>

#define STALE_BYTES_MAX ((uint64_t)1 << 20) /* of copies that were replaced */

/* Of one column, or one element of a tuple: a row each, or those of a tuple's elements. */
struct pair {
    const struct column *least, *greatest;
    struct pair *elements;
};

struct extremes {
    struct budget *budget;
    struct arena *arena; /* of the pairs and what they hold */
    struct pair *pairs;  /* NULL: no rows came */
    const struct type *const *types;
    uint32_t count;
    uint64_t stale; /* bytes */
};

struct err *extremes_create(struct budget *budget, const struct type *const *types, uint32_t count,
                            struct extremes **out)
{
    struct extremes *extremes = calloc(1, sizeof(*extremes));
    if (extremes == NULL) {
        return err_oom();
    }
    extremes->budget = budget;
    extremes->types = types;
    extremes->count = count;
    extremes->arena = arena_create(budget);
    if (extremes->arena == NULL) {
        free(extremes);
        return err_oom();
    }
    *out = extremes;
    return NULL;
}

void extremes_destroy(struct extremes *extremes)
{
    if (extremes != NULL) {
        arena_destroy(extremes->arena);
        free(extremes);
    }
}

/* The others' values have no order: constants stay, else it is the type's default, as in ClickHouse. */
static bool has_order(const struct type *type)
{
    return !type_is_state(type) && type->view == TYPE_VIEW_NONE && type->kind != TYPE_NOTHING;
}

static bool is_tuple(const struct type *type)
{
    return type->kind == TYPE_TUPLE && type->view == TYPE_VIEW_NONE && !type->nullable;
}

static struct pair *pairs_new(struct arena *arena, uint32_t count)
{
    return arena_zalloc(arena, ((size_t)count + 1) * sizeof(struct pair));
}

/* A row of the column by itself, with all that it holds. */
static struct err *keep(struct extremes *extremes, const struct type *type, const struct column *column, uint32_t row,
                        const struct column **to)
{
    struct arena *scratch = arena_create(extremes->budget);
    const struct column *one = scratch == NULL ? NULL : column_take(scratch, column, &row, 1);
    one = one == NULL ? NULL : column_flat(scratch, one);
    struct column *own = one == NULL ? NULL : column_copy(extremes->arena, one);
    struct err *err = scratch == NULL ? err_oom()
                      : one == NULL   ? arena_error(scratch)
                      : own == NULL   ? arena_error(extremes->arena)
                                      : NULL;
    if (err == NULL) {
        column_own_types(own, type); /* the chunk's may go with it */
        extremes->stale += *to == NULL ? 0 : column_bytes(*to) + sizeof(*own);
        *to = own;
    }
    arena_destroy(scratch);
    return err;
}

static struct err *keep_default(struct extremes *extremes, struct pair *pair, const struct type *type)
{
    if (pair->least == NULL) {
        pair->least = pair->greatest = column_default(extremes->arena, type, 1);
    }
    return pair->least == NULL ? arena_error(extremes->arena) : NULL;
}

static struct err *add_column(struct extremes *extremes, struct pair *pair, const struct type *type,
                              const struct column *column, uint32_t row_count)
{
    struct err *err = NULL;
    uint32_t least = 0, greatest = 0;
    bool constant = column->form == COLUMN_CONST;

    if (is_tuple(type)) {
        uint32_t count = type->child_count;
        pair->elements = pair->elements == NULL ? pairs_new(extremes->arena, count) : pair->elements;
        if (pair->elements == NULL) {
            return arena_error(extremes->arena);
        }
        for (uint32_t k = 0; k < count; k++) {
            OR_DONE(add_column(extremes, &pair->elements[k], type->children[k], column->children[k],
                               constant ? 1 : row_count));
        }
        goto done;
    }
    if (!has_order(type) && !constant) {
        return keep_default(extremes, pair, type);
    }
    for (uint32_t row = 1; !constant && row < row_count && !interrupted_at(row); row++) {
        least = column_compare_extreme(column, row, column, least, false) < 0 ? row : least;
        greatest = column_compare_extreme(column, row, column, greatest, true) > 0 ? row : greatest;
    }
    if (pair->least == NULL || column_compare_extreme(column, least, pair->least, 0, false) < 0) {
        OR_DONE(keep(extremes, type, column, least, &pair->least));
    }
    if (pair->greatest == NULL || column_compare_extreme(column, greatest, pair->greatest, 0, true) > 0) {
        OR_DONE(keep(extremes, type, column, greatest, &pair->greatest));
    }
done:
    return err;
}

/* ---- an arena without what was replaced */

static bool copy_pair(struct arena *arena, const struct pair *from, const struct type *type, struct pair *to)
{
    bool copied = true;
    if (is_tuple(type)) {
        to->elements = pairs_new(arena, type->child_count);
        for (uint32_t k = 0; to->elements != NULL && copied && k < type->child_count; k++) {
            copied = copy_pair(arena, &from->elements[k], type->children[k], &to->elements[k]);
        }
        return copied && to->elements != NULL;
    }
    to->least = column_copy(arena, from->least);
    to->greatest = column_copy(arena, from->greatest);
    return to->least != NULL && to->greatest != NULL;
}

static struct err *make_anew(struct extremes *extremes)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(extremes->budget);
    if (arena == NULL) {
        return err_oom();
    }
    struct pair *pairs = pairs_new(arena, extremes->count);
    bool copied = pairs != NULL;
    for (uint32_t c = 0; copied && c < extremes->count; c++) {
        copied = copy_pair(arena, &extremes->pairs[c], extremes->types[c], &pairs[c]);
    }
    if (!copied) {
        err = arena_error(arena);
        arena_destroy(arena);
        return err;
    }
    arena_destroy(extremes->arena);
    extremes->arena = arena;
    extremes->pairs = pairs;
    extremes->stale = 0;
    return NULL;
}

struct err *extremes_add(struct extremes *extremes, const struct chunk *chunk)
{
    struct err *err = NULL;
    if (chunk->row_count == 0) {
        return NULL;
    }
    if (extremes->pairs == NULL) {
        extremes->pairs = pairs_new(extremes->arena, extremes->count);
    }
    if (extremes->pairs == NULL) {
        return arena_error(extremes->arena);
    }
    for (uint32_t c = 0; c < extremes->count; c++) {
        OR_DONE(add_column(extremes, &extremes->pairs[c], extremes->types[c], chunk->columns[c], chunk->row_count));
    }
    OR_DONE(interrupt_check());
    if (extremes->stale > STALE_BYTES_MAX) {
        err = make_anew(extremes);
    }
done:
    return err;
}

static struct column *rows_of(struct arena *arena, const struct pair *pair, const struct type *type)
{
    if (!is_tuple(type)) {
        const struct column *both[] = {pair->least, pair->greatest};
        return column_concat(arena, both, 2);
    }
    struct column *tuple = column_new(arena, type, 2);
    for (uint32_t k = 0; tuple != NULL && k < type->child_count; k++) {
        tuple->children[k] = rows_of(arena, &pair->elements[k], type->children[k]);
        tuple = tuple->children[k] == NULL ? NULL : tuple;
    }
    return tuple;
}

struct err *extremes_rows(struct extremes *extremes, const struct chunk **out)
{
    *out = NULL;
    if (extremes->pairs == NULL) {
        return NULL;
    }
    struct chunk *rows = chunk_new(extremes->arena, extremes->count, 2);
    if (rows == NULL) {
        return arena_error(extremes->arena);
    }
    for (uint32_t c = 0; c < extremes->count; c++) {
        rows->columns[c] = rows_of(extremes->arena, &extremes->pairs[c], extremes->types[c]);
        if (rows->columns[c] == NULL) {
            return arena_error(extremes->arena);
        }
    }
    *out = rows;
    return NULL;
}
