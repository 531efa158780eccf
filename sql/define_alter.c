/*
 * define_alter.c: see define_alter.h.
 *
 * keys     columns of ORDER BY, PRIMARY KEY and PARTITION BY cannot be renamed (ClickHouse's rule, its code 524)
 * names    a column that is renamed is renamed in the expressions of the others and of the TTL
 */
#include "sql/define_alter.h"

#include "sql/binder.h"
#include "sql/define.h"
#include "sql/parser.h"

struct alterer {
    struct binder binder;
    struct arena *arena;
    const struct table_def *current;
    struct ast_create_table create; /* as altered so far */
    uint32_t *ids;                  /* of its columns */
    bool changed;
};

/* ---- columns that expressions name */

/* `a`, or `n.a` for n.a; data NULL: memory is out. */
static struct slice identifier_name(struct arena *arena, const struct ast *node)
{
    struct slice name = node->parts[0];
    for (uint32_t i = 1; i < node->part_count && name.data != NULL; i++) {
        name = slice_text(arena_format(arena, "%.*s.%.*s", SLICE_ARG(name), SLICE_ARG(node->parts[i])));
    }
    return name;
}

static bool is_argument(const struct ast *lambda, struct slice name)
{
    for (uint32_t i = 0; i < lambda->part_count; i++) {
        if (slice_equal(lambda->parts[i], name)) {
            return true;
        }
    }
    return false;
}

/* Finds a column in an expression; to is its new name, or empty. */
static struct err *find_column(struct arena *arena, struct ast *node, struct slice name, struct slice to, bool *found)
{
    struct err *err = NULL;
    if (node == NULL || (node->kind == AST_LAMBDA && is_argument(node, name))) {
        return NULL;
    }
    if (node->kind == AST_IDENTIFIER) {
        struct slice text = identifier_name(arena, node);
        if (text.data == NULL) {
            return arena_error(arena);
        }
        if (slice_equal(text, name)) {
            *found = true;
            if (to.length > 0) {
                node->parts[0] = to;
                node->part_count = 1;
            }
        }
    }
    for (uint32_t i = 0; i < node->arguments.count; i++) {
        OR_DONE(find_column(arena, node->arguments.items[i], name, to, found));
    }
done:
    return err;
}

static struct err *check_key(struct alterer *alterer, const struct ast_alter *action, const char *verb)
{
    struct err *err = NULL;
    bool found = false;
    const struct ast_create_table *create = &alterer->create;
    OR_DONE(find_column(alterer->arena, create->order_by, action->name, slice_text(""), &found));
    OR_DONE(find_column(alterer->arena, create->primary_key, action->name, slice_text(""), &found));
    OR_DONE(find_column(alterer->arena, create->partition_by, action->name, slice_text(""), &found));
    if (found) {
        err = bind_error(&alterer->binder, action->offset, ERR_ALTER_OF_COLUMN,
                         "Trying to ALTER %s key %.*s column which is a part of key expression", verb,
                         SLICE_ARG(action->name));
    }
done:
    return err;
}

static uint32_t column_index(const struct alterer *alterer, struct slice name)
{
    uint32_t i = 0;
    while (i < alterer->create.column_count && !slice_equal(alterer->create.columns[i].name, name)) {
        i++;
    }
    return i;
}

/* The action's column; *out: the number of columns if there is none and IF EXISTS was said. */
static struct err *old_column(struct alterer *alterer, const struct ast_alter *action, const char *verb, uint32_t *out)
{
    *out = column_index(alterer, action->name);
    return *out < alterer->create.column_count || action->if_exists
               ? NULL
               : bind_error(&alterer->binder, action->offset, ERR_NOT_FOUND_COLUMN,
                            "Wrong column name. Cannot find column `%.*s` to %s", SLICE_ARG(action->name), verb);
}

/* ---- actions */

static struct err *rename_column(struct alterer *alterer, const struct ast_alter *action)
{
    struct err *err = NULL;
    struct ast_create_table *create = &alterer->create;
    uint32_t index;
    bool found = false;

    OR_DONE(old_column(alterer, action, "rename", &index));
    if (index == create->column_count) {
        goto done;
    }
    if (column_index(alterer, action->to) < create->column_count) {
        err = bind_error(&alterer->binder, action->offset, ERR_DUPLICATE_COLUMN,
                         "Cannot rename to `%.*s`: column with this name already exists", SLICE_ARG(action->to));
        goto done;
    }
    OR_DONE(check_key(alterer, action, "RENAME"));
    create->columns[index].name = action->to;
    for (uint32_t i = 0; i < create->column_count; i++) {
        OR_DONE(find_column(alterer->arena, create->columns[i].default_expression, action->name, action->to, &found));
    }
    for (uint32_t i = 0; i < create->ttl_count; i++) {
        OR_DONE(find_column(alterer->arena, create->ttl[i].expression, action->name, action->to, &found));
    }
    alterer->changed = true;
done:
    return err;
}

static struct err *comment_column(struct alterer *alterer, const struct ast_alter *action)
{
    struct err *err = NULL;
    uint32_t index;
    OR_DONE(old_column(alterer, action, "comment", &index));
    if (index < alterer->create.column_count) {
        alterer->create.columns[index].comment = action->text;
        alterer->changed = true;
    }
done:
    return err;
}

static struct err *apply(struct alterer *alterer, const struct ast_alter *action)
{
    switch (action->kind) {
    case AST_ALTER_RENAME_COLUMN:
        return rename_column(alterer, action);
    case AST_ALTER_COMMENT_COLUMN:
        return comment_column(alterer, action);
    case AST_ALTER_MODIFY_COMMENT:
        alterer->create.comment = action->text;
        alterer->changed = true;
        return NULL;
    default: /* not the definition's */
        return NULL;
    }
}

/* ---- the statement that made the table, and back */

static struct err *take_apart(struct alterer *alterer)
{
    struct err *err = NULL;
    struct ast_statement *create = NULL;
    const struct table_def *def = alterer->current;

    OR_DONE(parse_query(alterer->arena, slice_text(def->create_sql), (uint32_t)strlen(def->create_sql) + 1, &create));
    alterer->create = *create->create_table;
    alterer->ids = ARENA_ARRAY(alterer->arena, uint32_t, alterer->create.column_count + 1U);
    if (alterer->ids == NULL) {
        err = arena_error(alterer->arena);
        goto done;
    }
    for (uint32_t i = 0; i < alterer->create.column_count; i++) {
        for (uint32_t k = 0; k < def->column_count; k++) {
            if (slice_is_text(alterer->create.columns[i].name, def->columns[k].name)) {
                alterer->ids[i] = def->columns[k].id;
            }
        }
    }
done:
    return err;
}

struct err *define_alter(struct arena *arena, const struct bind_options *options, const struct table_def *current,
                         const struct ast_alter *actions, uint32_t count, struct table_def *out, bool *changed)
{
    struct err *err = NULL;
    struct alterer alterer = {.binder = {.arena = arena, .options = options}, .arena = arena, .current = current};
    struct bind_options no_text = *options; /* the tree is of two texts: errors have no position */

    *changed = false;
    OR_DONE(take_apart(&alterer));
    for (uint32_t i = 0; i < count; i++) {
        OR_DONE(apply(&alterer, &actions[i]));
    }
    if (!alterer.changed) {
        goto done;
    }
    no_text.text = (struct slice){0};
    OR_DONE(define_table(arena, &no_text, &alterer.create, slice_text(current->database), NULL, 0, NULL, out));
    out->id = current->id;
    out->schema_version = current->schema_version;
    for (uint32_t i = 0; i < out->column_count; i++) {
        ((struct column_def *)out->columns)[i].id = alterer.ids[i]; /* made by define_table just now */
    }
    *changed = true;
done:
    return err;
}
