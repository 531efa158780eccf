/*
 * parquet_levels.c: rows of nested columns as entries of the leaves, with definition and repetition levels.
 *
 * how      Down from the column: an array or map makes of each entry one per element, or one that says that there is none;
 *          a tuple hands them on to all of its elements; NULL ends an entry where it stands.
 * source   Melnik and others, Dremel: Interactive Analysis of Web-Scale Datasets, 2010
 */
#include "format/parquet.h"

#include "base/interrupt.h"

static struct err *add(struct parquet *parquet, struct arena *arena, const struct parquet_node *node,
                       const struct column *column, const struct parquet_entries *entries);

static uint32_t row_of(const struct parquet_entries *entries, uint32_t i)
{
    return entries->rows == NULL ? i : entries->rows[i];
}

static uint8_t definition_of(const struct parquet_entries *entries, uint32_t i)
{
    return entries->definitions == NULL ? entries->definition : entries->definitions[i];
}

/* Room for the levels of `count` entries. */
static struct err *make(struct arena *arena, uint64_t count, uint32_t **rows, uint8_t **definitions,
                        uint8_t **repetitions)
{
    if (count > UINT32_MAX) {
        return err_new(ERR_TOO_LARGE_ARRAY, "arrays of a chunk have %llu elements in the format Parquet; at most %u",
                       (unsigned long long)count, UINT32_MAX);
    }
    *rows = ARENA_ARRAY(arena, uint32_t, count + 1);
    *definitions = ARENA_ARRAY(arena, uint8_t, count + 1);
    if (repetitions != NULL) {
        *repetitions = ARENA_ARRAY(arena, uint8_t, count + 1);
    }
    bool fine = *rows != NULL && *definitions != NULL && (repetitions == NULL || *repetitions != NULL);
    return fine ? NULL : arena_error(arena);
}

/* Entries that are NULL here end. */
static struct err *without_nulls(struct arena *arena, const struct column *column, uint8_t definition,
                                 struct parquet_entries *entries)
{
    struct err *err = NULL;
    uint32_t *rows;
    uint8_t *definitions;
    if (column->nulls == NULL && entries->rows == NULL) {
        entries->definition = definition;
        return NULL;
    }
    OR_DONE(make(arena, entries->count, &rows, &definitions, NULL));
    for (uint32_t i = 0; i < entries->count; i++) {
        uint32_t row = row_of(entries, i);
        bool missing = row == PARQUET_MISSING, null = !missing && column->nulls != NULL && column->nulls[row] != 0;
        rows[i] = null ? PARQUET_MISSING : row;
        definitions[i] = missing ? definition_of(entries, i) : (uint8_t)(definition - null);
    }
    entries->rows = rows;
    entries->definitions = definitions;
    entries->definition = definition;
done:
    return err;
}

/* An entry per element. The node's levels are those of elements. */
static struct err *elements(struct arena *arena, const struct parquet_node *node, const struct column *column,
                            const struct parquet_entries *entries, struct parquet_entries *out)
{
    struct err *err = NULL;
    uint64_t count = 0;
    uint32_t *rows, at = 0;
    uint8_t *definitions, *repetitions;
    for (uint32_t i = 0; i < entries->count; i++) {
        uint32_t row = row_of(entries, i);
        uint32_t length = row == PARQUET_MISSING ? 0 : column->offsets[row + 1] - column->offsets[row];
        count += length == 0 ? 1 : length;
    }
    OR_DONE(make(arena, count, &rows, &definitions, &repetitions));
    for (uint32_t i = 0; i < entries->count; i++) {
        OR_DONE(interrupt_at(i));
        uint32_t row = row_of(entries, i);
        uint8_t repetition = entries->repetitions == NULL ? 0 : entries->repetitions[i];
        uint32_t begin = row == PARQUET_MISSING ? 0 : column->offsets[row];
        uint32_t end = row == PARQUET_MISSING ? 0 : column->offsets[row + 1];
        if (begin == end) {
            rows[at] = PARQUET_MISSING;
            definitions[at] = row == PARQUET_MISSING ? definition_of(entries, i) : (uint8_t)(node->definition - 1);
            repetitions[at++] = repetition;
        }
        for (uint32_t element = begin; element < end; element++, at++) {
            rows[at] = element;
            definitions[at] = (uint8_t)node->definition;
            repetitions[at] = element == begin ? repetition : (uint8_t)node->repetition;
        }
    }
    *out = (struct parquet_entries){at, rows, definitions, repetitions, (uint8_t)node->definition};
done:
    return err;
}

static struct err *add_nested(struct parquet *parquet, struct arena *arena, const struct parquet_node *node,
                              const struct column *column, const struct parquet_entries *entries)
{
    struct err *err = NULL;
    struct parquet_entries inner = *entries;
    const struct column *tuple = column;
    if (node->type->kind != TYPE_TUPLE) {
        OR_DONE(elements(arena, node, column, entries, &inner));
    }
    if (node->type->kind == TYPE_ARRAY) {
        err = add(parquet, arena, node->children[0], column->children[0], &inner);
        goto done;
    }
    if (node->type->kind == TYPE_MAP) {
        tuple = column_flat(arena, column->children[0]);
        if (tuple == NULL) {
            err = arena_error(arena);
            goto done;
        }
    }
    for (uint32_t k = 0; k < node->child_count; k++) {
        OR_DONE(add(parquet, arena, node->children[k], tuple->children[k], &inner));
    }
done:
    return err;
}

static struct err *add(struct parquet *parquet, struct arena *arena, const struct parquet_node *node,
                       const struct column *column, const struct parquet_entries *entries)
{
    struct err *err = NULL;
    struct parquet_entries alive = *entries;
    bool is_list = node->leaf == NULL && node->type->kind != TYPE_TUPLE;
    column = column_flat(arena, column);
    if (column == NULL) {
        return arena_error(arena);
    }
    if (node->optional) {
        OR_DONE(without_nulls(arena, column, (uint8_t)(node->definition - is_list), &alive));
    }
    err = node->leaf == NULL ? add_nested(parquet, arena, node, column, &alive)
                             : parquet_leaf_add(parquet, arena, node->leaf, column, &alive);
done:
    return err;
}

struct err *parquet_add(struct parquet *parquet, struct arena *arena, const struct parquet_node *node,
                        const struct column *column)
{
    const struct parquet_entries entries = {.count = column->row_count};
    return add(parquet, arena, node, column, &entries);
}
