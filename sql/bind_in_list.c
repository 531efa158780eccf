/*
 * bind_in_list.c: the rows of an AST_LITERALS into a value_set, some thousand at a time.
 *
 * types    A literal has the type that it has alone (the smallest one). Where the left side is an integer or a float,
 *          integers come as Int64, which says the same and changes less often: rows are collected while their types
 *          stay the same.
 */
#include "sql/binder.h"
#include "sql/literal_list.h"

#define BATCH_ROWS  4096U
#define VALUE_BYTES sizeof(struct slice) /* of the widest literal */

struct batch {
    struct binder *binder;
    struct value_set *set;
    const struct expression *const *left;
    struct column **columns; /* FLAT, room for BATCH_ROWS */
    uint32_t width;
    uint32_t row_count;
};

/* Texts are read as a cast reads them; that of an Enum which it does not have is in no set. */
static struct err *check_texts(struct binder *binder, struct arena *arena, const struct column *texts,
                               const struct type *left)
{
    struct column *made;
    const struct type *bare = type_low_cardinality(arena, left, false);
    bare = bare == NULL ? NULL : type_nullable(arena, bare, false);
    if (bare == NULL) {
        return arena_error(arena);
    }
    if (type_is_string(bare) || bare->kind == TYPE_ENUM8 || bare->kind == TYPE_ENUM16 || type_is_nested(bare)) {
        return NULL;
    }
    struct err *err = function_cast(arena, binder->options->context, texts, bare, &made);
    bool number = type_is_integer(bare) || bare->kind == TYPE_DECIMAL;
    if (err != NULL && number && err_code(err) != ERR_MEMORY_LIMIT && err_code(err) != ERR_QUERY_CANCELLED) {
        struct slice name = type_name(arena, bare);
        err_free(err);
        err = err_new(ERR_TYPE_MISMATCH, "IN: a text in the list is no %.*s", SLICE_ARG(name));
    }
    return err;
}

struct err *bind_check_texts(struct binder *binder, const struct column *const *columns,
                             const struct expression *const *left, uint32_t width)
{
    struct err *err = NULL;
    struct arena *arena = NULL;
    for (uint32_t c = 0; c < width; c++) {
        if (columns[c]->type->kind == TYPE_STRING && !type_is_string(left[c]->type)) {
            arena = arena == NULL ? arena_create(NULL) : arena;
            if (arena == NULL) {
                return err_oom();
            }
            OR_DONE(check_texts(binder, arena, columns[c], left[c]->type));
        }
    }
done:
    arena_destroy(arena);
    return err;
}

static struct err *flush(struct batch *batch)
{
    struct err *err = NULL;
    OR_DONE(interrupt_check());
    if (batch->row_count > 0) {
        for (uint32_t c = 0; c < batch->width; c++) {
            batch->columns[c]->row_count = batch->row_count;
        }
        const struct column *const *columns = (const struct column *const *)batch->columns;
        OR_DONE(bind_check_texts(batch->binder, columns, batch->left, batch->width));
        OR_DONE(value_set_add(batch->set, columns, batch->row_count));
    }
    batch->row_count = 0;
done:
    return err;
}

/* NULL: of a NULL. */
static const struct type *type_of(const struct ast *literal, const struct type *left)
{
    bool number = (type_is_integer(left) || type_is_float(left)) && left->kind != TYPE_BOOL;
    switch (literal->literal) {
    case AST_STRING:
        return type_simple(TYPE_STRING);
    case AST_FLOAT:
        return type_simple(TYPE_FLOAT64);
    case AST_BOOL:
        return type_simple(TYPE_BOOL);
    case AST_INT:
        return number ? type_simple(TYPE_INT64) : bind_type_of_int((int64_t)literal->number);
    case AST_UINT:
        return !number ? bind_type_of_uint(literal->number)
                       : type_simple(literal->number <= INT64_MAX ? TYPE_INT64 : TYPE_UINT64);
    case AST_NULL:
        break;
    }
    return NULL;
}

static void put(const struct column *column, uint32_t row, const struct ast *literal)
{
    char *to = (char *)column->values + (size_t)row * column->type->width;
    if (literal->literal == AST_STRING) {
        memcpy(to, &literal->text, sizeof(literal->text));
    } else if (literal->literal == AST_FLOAT) {
        memcpy(to, &literal->real, sizeof(literal->real));
    } else {
        memcpy(to, &literal->number, column->type->width); /* its lowest bytes */
    }
}

/* items: one for each column. */
static struct err *add_row(struct batch *batch, struct ast *const *items)
{
    struct err *err = NULL;
    bool same = true;
    for (uint32_t c = 0; c < batch->width; c++) {
        const struct type *type = type_of(items[c], batch->left[c]->type);
        if (type == NULL) {
            return NULL; /* what has a NULL in it equals nothing */
        }
        same = same && type == batch->columns[c]->type;
    }
    if (!same || batch->row_count == BATCH_ROWS) {
        OR_DONE(flush(batch));
    }
    for (uint32_t c = 0; c < batch->width; c++) {
        batch->columns[c]->type = type_of(items[c], batch->left[c]->type);
        put(batch->columns[c], batch->row_count, items[c]);
    }
    batch->row_count++;
done:
    return err;
}

/* Are the rows values where the left side is one, and tuples where it is several? The first says it for all. */
static bool is_plain(const struct literal_reader *reader, const struct expression *const *values, uint32_t width)
{
    bool plain = (reader->parser.token.kind == TOKEN_OPEN) == (width > 1);
    for (uint32_t i = 0; i < width; i++) {
        plain = plain && !type_is_nested(values[i]->type);
    }
    return plain;
}

struct err *bind_literals(struct binder *binder, const struct ast *list, const struct expression *const *values,
                          uint32_t width, struct value_set *set, bool *done_here)
{
    struct err *err = NULL;
    struct literal_reader reader;
    struct ast *row = NULL;
    struct arena *arena = arena_create(NULL); /* of BATCH_ROWS rows of a text that is there already */
    struct batch batch = {.binder = binder, .set = set, .left = values, .width = width};
    uint32_t read = 0;

    OR_DONE(literal_reader_init(&reader, list));
    *done_here = is_plain(&reader, values, width);
    if (!*done_here) {
        goto done;
    }
    batch.columns = arena_array(binder->arena, width, sizeof(struct column *));
    if (arena == NULL || batch.columns == NULL) {
        err = arena == NULL ? err_oom() : arena_error(binder->arena);
        goto done;
    }
    for (uint32_t c = 0; c < width; c++) {
        batch.columns[c] = column_new(binder->arena, type_simple(TYPE_STRING), BATCH_ROWS);
        if (batch.columns[c] == NULL) {
            err = arena_error(binder->arena);
            goto done;
        }
    }
    OR_DONE(value_set_reserve(set, list->number));
    while (true) {
        OR_DONE(bind_at(binder, list->offset, literal_reader_next(&reader, arena, &row)));
        if (row == NULL) {
            break;
        }
        bool tuple = row->kind == AST_FUNCTION;
        if (tuple && row->arguments.count != width) {
            err = bind_error(binder, list->offset + 1 + row->offset, ERR_SET_ELEMENT,
                             "IN: a tuple of %u values was expected, as on the left", width);
            goto done;
        }
        OR_DONE(bind_at(binder, list->offset, add_row(&batch, tuple ? row->arguments.items : &row)));
        if (++read % BATCH_ROWS == 0) {
            OR_DONE(bind_at(binder, list->offset, flush(&batch)));
            arena_reset(arena);
        }
    }
    OR_DONE(bind_at(binder, list->offset, flush(&batch)));
done:
    arena_destroy(arena);
    return err;
}
