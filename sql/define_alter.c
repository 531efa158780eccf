/*
 * define_alter.c: see define_alter.h.
 *
 * keys     columns of ORDER BY, PRIMARY KEY and PARTITION BY cannot be renamed (ClickHouse's rule, its code 524)
 * names    a column that is renamed is renamed in the expressions of the others and of the TTL
 */
#include "sql/define_alter.h"

#include "sql/column_names.h"
#include "sql/define.h"
#include "sql/define_engine.h"
#include "sql/define_alter_private.h"
#include "sql/define_index.h"
#include "sql/parser.h"

/* ---- looking */

static struct err *check_key(struct alterer *alterer, const struct ast_alter *action, const char *verb)
{
    struct err *err = NULL;
    bool found = false;
    const struct ast_create_table *create = &alterer->create;
    OR_DONE(column_names_find(alterer->arena, create->order_by, action->name, slice_text(""), &found));
    OR_DONE(column_names_find(alterer->arena, create->primary_key, action->name, slice_text(""), &found));
    OR_DONE(column_names_find(alterer->arena, create->partition_by, action->name, slice_text(""), &found));
    OR_DONE(check_engine_column(&alterer->binder, action, create->engine, verb));
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
        OR_DONE(
            column_names_find(alterer->arena, create->columns[i].default_expression, action->name, action->to, &found));
    }
    for (uint32_t i = 0; i < create->index_count; i++) {
        OR_DONE(column_names_find(alterer->arena, create->indexes[i].expression, action->name, action->to, &found));
    }
    OR_DONE(alter_ttl_names(alterer, action->name, action->to));
    if (slice_equal(create->watermark_column, action->name)) {
        create->watermark_column = action->to;
        OR_DONE(column_names_find(alterer->arena, create->watermark, action->name, action->to, &found));
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

/* ---- columns come and go */

/* Is it the column, or (Nested) a part of it? */
static bool is_column_or_part(struct slice column, struct slice name)
{
    return slice_equal(column, name) || (column.length > name.length && column.data[name.length] == '.' &&
                                         slice_equal(slice_of(column.data, name.length), name));
}

/* Where a column that says FIRST or AFTER goes. */
static struct err *find_place(struct alterer *alterer, const struct ast_alter *action, uint32_t *place)
{
    *place = action->first ? 0 : alterer->create.column_count;
    if (action->after.length > 0) {
        *place = column_index(alterer, action->after);
        if (*place == alterer->create.column_count) {
            return bind_error(&alterer->binder, action->offset, ERR_NO_SUCH_COLUMN,
                              "Wrong column name. Cannot find column %.*s to insert after", SLICE_ARG(action->after));
        }
        (*place)++;
    }
    return NULL;
}

static struct err *insert_column(struct alterer *alterer, uint32_t place, const struct ast_column *column, uint32_t id)
{
    struct ast_create_table *create = &alterer->create;
    uint32_t count = create->column_count, behind = count - place;
    struct ast_column *columns = arena_array(alterer->arena, count + 1U, sizeof(*columns));
    uint32_t *ids = ARENA_ARRAY(alterer->arena, uint32_t, count + 2U);
    if (columns == NULL || ids == NULL) {
        return arena_error(alterer->arena);
    }
    memcpy(columns, create->columns, place * sizeof(*columns));
    memcpy(ids, alterer->ids, place * sizeof(*ids));
    columns[place] = *column;
    ids[place] = id;
    if (behind > 0) {
        memcpy(columns + place + 1, create->columns + place, behind * sizeof(*columns));
        memcpy(ids + place + 1, alterer->ids + place, behind * sizeof(*ids));
    }
    create->columns = columns;
    alterer->ids = ids;
    create->column_count++;
    alterer->changed = true;
    return NULL;
}

static void remove_column(struct alterer *alterer, uint32_t index)
{
    struct ast_create_table *create = &alterer->create;
    uint32_t behind = create->column_count - index - 1;
    memmove(create->columns + index, create->columns + index + 1, behind * sizeof(*create->columns));
    memmove(alterer->ids + index, alterer->ids + index + 1, behind * sizeof(*alterer->ids));
    create->column_count--;
    alterer->changed = true;
}

static struct err *add_column(struct alterer *alterer, const struct ast_alter *action)
{
    struct err *err = NULL;
    uint32_t place = 0;
    if (column_index(alterer, action->name) < alterer->create.column_count) {
        return action->if_not_exists ? NULL
                                     : bind_error(&alterer->binder, action->offset, ERR_DUPLICATE_COLUMN,
                                                  "Cannot add column `%.*s`: column with this name already exists",
                                                  SLICE_ARG(action->name));
    }
    if (action->column->type.length == 0) {
        return bind_error(&alterer->binder, action->offset, ERR_BAD_ARGUMENTS,
                          "Data type have to be specified for column `%.*s` to add", SLICE_ARG(action->name));
    }
    OR_DONE(find_place(alterer, action, &place));
    err = insert_column(alterer, place, action->column, 0);
done:
    return err;
}

/* Of those that stay, which one's expression needs the column? */
static struct err *check_dependents(struct alterer *alterer, const struct ast_alter *action, uint32_t index)
{
    struct err *err = NULL;
    const struct ast_create_table *create = &alterer->create;
    for (uint32_t i = 0; i < create->column_count; i++) {
        bool found = false;
        if (i != index) {
            OR_DONE(column_names_find(alterer->arena, create->columns[i].default_expression,
                                      create->columns[index].name, slice_text(""), &found));
        }
        if (found) {
            err = bind_error(&alterer->binder, action->offset, ERR_ILLEGAL_COLUMN,
                             "Cannot drop column `%.*s`, because column `%.*s` depends on it",
                             SLICE_ARG(create->columns[index].name), SLICE_ARG(create->columns[i].name));
            goto done;
        }
    }
done:
    return err;
}

static bool is_computed(const struct ast_column *column)
{
    return column->default_kind == AST_ALIAS || column->default_kind == AST_EPHEMERAL;
}

static uint32_t stored_count(const struct alterer *alterer)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < alterer->create.column_count; i++) {
        count += is_computed(&alterer->create.columns[i]) ? 0 : 1;
    }
    return count;
}

/* DROP COLUMN, and CLEAR COLUMN: the same column, but of a new id, so that no stored row has it. */
static struct err *drop_column(struct alterer *alterer, const struct ast_alter *action)
{
    struct err *err = NULL;
    bool clear = action->kind == AST_ALTER_CLEAR_COLUMN, found = false;
    struct ast_create_table *create = &alterer->create;

    for (uint32_t i = create->column_count; i-- > 0;) {
        if (!is_column_or_part(create->columns[i].name, action->name)) {
            continue;
        }
        found = true;
        if (!clear) {
            OR_DONE(check_dependents(alterer, action, i));
        }
        if (create->watermark != NULL && slice_equal(create->columns[i].name, create->watermark_column)) {
            err = bind_error(&alterer->binder, action->offset, ERR_ILLEGAL_COLUMN,
                             "Cannot drop column `%.*s`, because the table's WATERMARK depends on it",
                             SLICE_ARG(create->watermark_column));
            goto done;
        }
        OR_DONE(check_key(alterer, action, clear ? "CLEAR" : "DROP"));
        if (clear) {
            alterer->ids[i] = 0;
            alterer->changed = true;
            continue;
        }
        remove_column(alterer, i);
        if (stored_count(alterer) == 0) {
            err = bind_error(&alterer->binder, action->offset, ERR_BAD_ARGUMENTS, "Cannot DROP or CLEAR all columns");
            goto done;
        }
    }
    if (!found && !action->if_exists) {
        err = bind_error(&alterer->binder, action->offset, ERR_NOT_FOUND_COLUMN,
                         "Wrong column name. Cannot find column `%.*s` to drop", SLICE_ARG(action->name));
    }
done:
    return err;
}

/* ---- MODIFY COLUMN */

/* Only more names for numbers, or the numbers themselves: the order of rows stays what it was. */
static bool same_representation(const struct type *from, const struct type *to)
{
    if (type_equal(from, to)) {
        return true;
    }
    bool numbers =
        (from->kind == TYPE_ENUM8 && to->kind == TYPE_INT8) || (from->kind == TYPE_ENUM16 && to->kind == TYPE_INT16);
    bool names = from->kind == to->kind && (from->kind == TYPE_ENUM8 || from->kind == TYPE_ENUM16);
    for (uint32_t i = 0; names && i < from->value_count; i++) {
        bool kept = false;
        for (uint32_t k = 0; k < to->value_count && !kept; k++) {
            kept =
                from->values[i].value == to->values[k].value && slice_equal(from->values[i].name, to->values[k].name);
        }
        names = kept;
    }
    return from->nullable == to->nullable && (numbers || names);
}

static struct err *check_retyped(struct alterer *alterer, const struct ast_alter *action,
                                 const struct ast_column *column)
{
    struct err *err = NULL;
    struct ast_create_table *create = &alterer->create;
    const struct type *from = NULL, *to = NULL;
    const struct ast *key = create->order_by != NULL ? create->order_by : create->primary_key;
    bool sorted = false, partitioned = false, itself = key != NULL && key->kind == AST_IDENTIFIER;

    OR_DONE(bind_type(&alterer->binder, column->type_offset, column->type, &to));
    OR_DONE(type_parse(alterer->arena, create->columns[column_index(alterer, column->name)].type, &from));
    if (column->null) {
        to = type_nullable(alterer->arena, to, true);
    }
    if (to == NULL) {
        err = arena_error(alterer->arena);
        goto done;
    }
    OR_DONE(column_names_find(alterer->arena, create->order_by, column->name, slice_text(""), &sorted));
    OR_DONE(column_names_find(alterer->arena, create->primary_key, column->name, slice_text(""), &sorted));
    OR_DONE(column_names_find(alterer->arena, create->partition_by, column->name, slice_text(""), &partitioned));
    if (type_equal(from, to)) {
        goto done;
    }
    OR_DONE(check_engine_type(&alterer->binder, action, create->engine, from, to));
    if (from->nullable && !to->nullable && column->default_expression == NULL &&
        create->columns[column_index(alterer, column->name)].default_expression == NULL) {
        err =
            bind_error(&alterer->binder, action->offset, ERR_BAD_ARGUMENTS,
                       "Cannot convert column '%.*s' from nullable type %.*s to non-nullable type %.*s. Please specify "
                       "`DEFAULT` expression in ALTER MODIFY COLUMN statement",
                       SLICE_ARG(column->name), SLICE_ARG(type_name(alterer->arena, from)),
                       SLICE_ARG(type_name(alterer->arena, to)));
        goto done;
    }
    for (uint32_t i = 0; key != NULL && key->kind == AST_FUNCTION && i < key->arguments.count; i++) {
        const struct ast *item = key->arguments.items[i];
        itself |= item->kind == AST_IDENTIFIER && slice_equal(item->parts[item->part_count - 1], column->name);
    }
    if (partitioned || (sorted && !itself)) {
        err = bind_error(&alterer->binder, action->offset, ERR_ALTER_OF_COLUMN, "ALTER of key column %.*s is forbidden",
                         SLICE_ARG(column->name));
    } else if (sorted && !same_representation(from, to)) {
        err = bind_error(&alterer->binder, action->offset, ERR_ALTER_OF_COLUMN,
                         "ALTER of key column %.*s from type %.*s to type %.*s is not safe because it can change the "
                         "representation of primary key",
                         SLICE_ARG(column->name), SLICE_ARG(type_name(alterer->arena, from)),
                         SLICE_ARG(type_name(alterer->arena, to)));
    }
done:
    return err;
}

static struct err *modify_column(struct alterer *alterer, const struct ast_alter *action)
{
    struct err *err = NULL;
    struct ast_create_table *create = &alterer->create;
    const struct ast_column *given = action->column;
    uint32_t index = column_index(alterer, given->name), place = 0;

    if (index == create->column_count) {
        return action->if_exists
                   ? NULL
                   : bind_error(&alterer->binder, action->offset, ERR_NOT_FOUND_COLUMN,
                                "Wrong column. Cannot find column `%.*s` to modify", SLICE_ARG(given->name));
    }
    if (given->type.length == 0 && (given->null || given->not_null)) {
        return bind_error(&alterer->binder, action->offset, ERR_SYNTAX,
                          "NULL / NOT NULL modifier requires an explicit column type");
    }
    if (given->type.length > 0) {
        OR_DONE(check_retyped(alterer, action, given));
    }
    struct ast_column *column = &create->columns[index];
    if (given->type.length > 0) {
        column->type = given->type;
        column->null = given->null;
        column->not_null = given->not_null;
    }
    if (given->default_kind != AST_NO_DEFAULT) {
        column->default_kind = given->default_kind;
        column->default_expression = given->default_expression;
    }
    column->comment = given->comment.data != NULL ? given->comment : column->comment;
    column->codec = given->codec.length > 0 ? given->codec : column->codec;
    column->ttl = given->ttl != NULL ? given->ttl : column->ttl;
    alterer->changed = true;
    if (action->first || action->after.length > 0) {
        struct ast_column moved = *column;
        uint32_t id = alterer->ids[index];
        if (slice_equal(action->after, given->name)) {
            goto done;
        }
        remove_column(alterer, index);
        OR_DONE(find_place(alterer, action, &place));
        err = insert_column(alterer, place, &moved, id);
    }
done:
    return err;
}

static struct err *remove_property(struct alterer *alterer, const struct ast_alter *action)
{
    struct err *err = NULL;
    static const struct {
        const char *name;
        enum ast_default_kind kind;
    } kinds[] = {{"DEFAULT", AST_DEFAULT},
                 {"MATERIALIZED", AST_MATERIALIZED},
                 {"ALIAS", AST_ALIAS},
                 {"EPHEMERAL", AST_EPHEMERAL}};
    bool had = false;
    uint32_t index;
    OR_DONE(old_column(alterer, action, "modify", &index));
    if (index == alterer->create.column_count) {
        goto done;
    }
    struct ast_column *column = &alterer->create.columns[index];
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (slice_is_text(action->text, kinds[i].name) && column->default_kind == kinds[i].kind) {
            had = true;
            column->default_kind = AST_NO_DEFAULT;
            column->default_expression = NULL;
        }
    }
    if (slice_is_text(action->text, "COMMENT") && column->comment.length > 0) {
        had = true;
        column->comment = slice_text("");
    }
    if (slice_is_text(action->text, "CODEC") && column->codec.length > 0) {
        had = true;
        column->codec = slice_text("");
    }
    if (slice_is_text(action->text, "TTL") && column->ttl != NULL) {
        had = true;
        column->ttl = NULL;
    }
    if (!had) {
        err = bind_error(&alterer->binder, action->offset, ERR_BAD_ARGUMENTS,
                         "Column `%.*s` doesn't have %.*s, cannot remove it", SLICE_ARG(column->name),
                         SLICE_ARG(action->text));
    }
    alterer->changed = true;
done:
    return err;
}

/* ---- all of them */

static struct err *apply(struct alterer *alterer, const struct ast_alter *action)
{
    switch (action->kind) {
    case AST_ALTER_ADD_COLUMN:
        return add_column(alterer, action);
    case AST_ALTER_DROP_COLUMN:
    case AST_ALTER_CLEAR_COLUMN:
        return drop_column(alterer, action);
    case AST_ALTER_MODIFY_COLUMN:
        return modify_column(alterer, action);
    case AST_ALTER_REMOVE_PROPERTY:
        return remove_property(alterer, action);
    case AST_ALTER_MODIFY_ORDER_BY:
        return alter_order_by(alterer, action);
    case AST_ALTER_MODIFY_TTL:
    case AST_ALTER_REMOVE_TTL:
        return alter_ttl(alterer, action);
    case AST_ALTER_MODIFY_SETTING:
        return alter_settings(alterer, action);
    case AST_ALTER_RESET_SETTING:
        return alter_settings_reset(alterer, action);
    case AST_ALTER_RENAME_COLUMN:
        return rename_column(alterer, action);
    case AST_ALTER_COMMENT_COLUMN:
        return comment_column(alterer, action);
    case AST_ALTER_MODIFY_COMMENT:
        alterer->create.comment = action->text;
        alterer->changed = true;
        return NULL;
    case AST_ALTER_ADD_INDEX:
        return define_add_index(&alterer->binder, &alterer->create, action, &alterer->changed);
    case AST_ALTER_DROP_INDEX:
        return define_drop_index(&alterer->binder, &alterer->create, action, &alterer->changed);
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
        for (uint32_t k = 0; k < def->column_count + def->computed_count; k++) {
            const struct column_def *column = table_def_column(def, k);
            if (slice_is_text(alterer->create.columns[i].name, column->name)) {
                alterer->ids[i] = column->id;
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
    for (uint32_t i = 0; i < count; i++) {
        if (actions[i].kind <= AST_ALTER_DEFINITION_LAST && current->internal) {
            err = bind_error(&alterer.binder, actions[i].offset, ERR_ACCESS_DENIED,
                             "Table %s.%s is kept by the server itself and cannot be altered", current->database,
                             current->name);
            goto done;
        }
    }
    if (current->internal) {
        goto done;
    }
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
    for (uint32_t i = 0, at = 0; i < out->column_count + out->computed_count; i++) {
        /* in the same order, but a new Nested is several columns now */
        struct column_def *column = (struct column_def *)table_def_column(out, i); /* made by define_table just now */
        const struct slice name = slice_text(column->name);
        uint32_t index = at < alterer.create.column_count && slice_equal(alterer.create.columns[at].name, name)
                             ? at
                             : column_index(&alterer, name);
        if (index < alterer.create.column_count) {
            column->id = alterer.ids[index];
            at = index + 1;
        }
    }
    *changed = true;
done:
    return err;
}
