/*
 * define.c: CREATE TABLE → a definition for the catalogue. See define.h; CREATE SOURCE: define_source.c.
 */
#include "sql/define.h"

#include "sql/column_names.h"
#include "sql/define_codec.h"
#include "sql/define_engine.h"
#include "sql/define_index.h"
#include "sql/define_ttl.h"
#include "sql/define_watermark.h"
#include "sql/parser.h"
#include "sql/print.h"

#define TYPE_NAME_MAX 60000U /* segments have two bytes for its length */

struct definer {
    struct binder binder;
    struct arena *arena;
    const struct ast_create_table *create;
    struct ast_create_table canonical; /* what is printed: types spelled out, columns found elsewhere */
    struct table_def *def;
    struct column_def *columns;
    struct source_column *names; /* those that are stored, for binding expressions over rows */
    uint32_t name_count;
};

static const char *text_of(struct arena *arena, struct slice text)
{
    return text.length == 0 ? "" : arena_text(arena, text);
}

/* ---- columns */

/* A column without a type has that of its expression; *out NULL: that reads one whose type is not known yet. */
static struct err *column_type(struct definer *definer, const struct ast_column *column,
                               const struct source_column *known, uint32_t known_count, const struct type **out)
{
    struct err *err = NULL;
    struct binder *binder = &definer->binder;

    if (column->type.length == 0) {
        const struct expression *expression = NULL;
        if (column->default_expression == NULL) {
            err = bind_error(binder, column->offset, ERR_SYNTAX, "column %.*s has no type", SLICE_ARG(column->name));
            goto done;
        }
        OR_DONE(bind_expression(definer->arena, binder->options, column->default_expression, known, known_count,
                                &expression));
        *out = expression->type;
    } else {
        err = bind_type(binder, column->type_offset, column->type, out);
        if (err != NULL) {
            err = err_while(err, "column %.*s", SLICE_ARG(column->name));
            goto done;
        }
    }
    if (column->null) {
        *out = type_nullable(definer->arena, *out, true);
        if (*out == NULL) {
            err = arena_error(definer->arena);
        }
    }
done:
    return err;
}

/* All columns' types: first those that say theirs, then, as far as they go, those of expressions over these. */
static struct err *column_types(struct definer *definer, struct source_column *known)
{
    struct err *err = NULL;
    const struct ast_create_table *create = &definer->canonical;
    uint32_t known_count = 0, before;

    for (uint32_t i = 0; i < create->column_count; i++) {
        if (create->columns[i].type.length > 0) {
            OR_DONE(column_type(definer, &create->columns[i], NULL, 0, &definer->columns[i].type));
            known[known_count++] = (struct source_column){create->columns[i].name, definer->columns[i].type};
        }
    }
    do {
        before = known_count;
        err_free(err);
        err = NULL;
        for (uint32_t i = 0; i < create->column_count; i++) {
            struct err *failed = NULL;
            if (definer->columns[i].type != NULL) {
                continue;
            }
            failed = column_type(definer, &create->columns[i], known, known_count, &definer->columns[i].type);
            definer->binder.positioned = false;
            if (failed == NULL) {
                known[known_count++] = (struct source_column){create->columns[i].name, definer->columns[i].type};
            } else {
                err_keep_first(&err, failed);
            }
        }
    } while (err != NULL && known_count > before);
done:
    return err;
}

static struct err *define_defaults(struct definer *definer, const struct source_column *known)
{
    struct err *err = NULL;
    const struct ast_create_table *create = &definer->canonical;

    for (uint32_t i = 0; i < create->column_count; i++) {
        const struct ast *node = create->columns[i].default_expression;
        const struct expression *expression = NULL;
        if (node == NULL) {
            continue;
        }
        err = bind_expression(definer->arena, definer->binder.options, node, known, create->column_count, &expression);
        if (err == NULL && expression_value(expression) != NULL) {
            struct column *value = NULL; /* a constant that the type cannot hold is found here, not by an INSERT */
            err = bind_at(&definer->binder, node->offset,
                          function_cast(definer->arena, definer->binder.options->context, expression_value(expression),
                                        known[i].type, &value));
        }
        if (err == NULL && !type_equal(expression->type, known[i].type)) {
            err = bind_at(&definer->binder, node->offset,
                          expression_cast(definer->arena, definer->binder.options->context, expression, known[i].type,
                                          &expression));
        }
        if (err != NULL) {
            err = err_while(err, "the DEFAULT of column %.*s", SLICE_ARG(create->columns[i].name));
            goto done;
        }
        definer->columns[i].default_text = ast_print(definer->arena, node).data;
        if (definer->columns[i].default_text == NULL) {
            err = arena_error(definer->arena);
            goto done;
        }
    }
done:
    return err;
}

/* What a column's values, or their elements, may be. */
static struct err *check_stored(struct definer *definer, const struct ast_column *column, const struct type *type)
{
    struct err *err = NULL;
    if (type->kind == TYPE_NOTHING) {
        err = bind_error(&definer->binder, column->offset, ERR_TYPE_NOT_STORABLE,
                         "column %.*s: values of type Nothing cannot be stored", SLICE_ARG(column->name));
        goto done;
    }
    if (type->kind == TYPE_INTERVAL || (type->kind == TYPE_TUPLE && type->child_count == 0)) {
        err = bind_refuse(&definer->binder, column->type_offset, "a column of type %.*s (%.*s)",
                          SLICE_ARG(type_name(definer->arena, type)), SLICE_ARG(column->name));
        goto done;
    }
    for (uint32_t k = 0; k < type->child_count; k++) {
        if (type->children[k]->view == TYPE_VIEW_JSON) {
            err = bind_refuse(&definer->binder, column->type_offset, "JSON inside another type (%.*s)",
                              SLICE_ARG(column->name));
            goto done;
        }
        OR_DONE(check_stored(definer, column, type->children[k]));
    }
done:
    return err;
}

/* Nested(a T, b U) of a column n: arrays n.a and n.b, or with flatten_nested = 0 one array of tuples; others stay. */
static struct err *flatten_nested(struct definer *definer)
{
    struct err *err = NULL;
    struct ast_create_table *create = &definer->canonical;
    struct ast_column *columns = NULL;
    uint32_t count = 0;

    for (uint32_t i = 0; i < create->column_count; i++) {
        struct ast_column *column = &create->columns[i];
        struct slice inner = column->type;
        const struct type *tuple = NULL;
        if (!type_text_is_nested(column->type, &inner)) {
            struct ast_column *place = bind_array_add(definer->arena, &columns, &count, sizeof(*columns));
            if (place == NULL) {
                return arena_error(definer->arena);
            }
            *place = *column;
            continue;
        }
        if (definer->binder.options->keep_nested) {
            struct ast_column *place = bind_array_add(definer->arena, &columns, &count, sizeof(*columns));
            char *array = arena_format(definer->arena, "Array(Tuple%.*s)", SLICE_ARG(inner));
            if (place == NULL || array == NULL) {
                return arena_error(definer->arena);
            }
            *place = *column;
            place->type = slice_text(array);
            continue;
        }
        if (column->default_expression != NULL || column->null) {
            return bind_refuse(&definer->binder, column->offset, "a DEFAULT or NULL of a Nested column (%.*s)",
                               SLICE_ARG(column->name));
        }
        struct slice text = slice_text(arena_format(definer->arena, "Tuple%.*s", SLICE_ARG(inner)));
        err = bind_type(&definer->binder, column->type_offset, text, &tuple);
        if (err == NULL && tuple->names == NULL) {
            err = bind_error(&definer->binder, column->type_offset, ERR_BAD_ARGUMENTS, "Nested needs names");
        }
        if (err != NULL) {
            err = err_while(err, "column %.*s", SLICE_ARG(column->name));
            goto done;
        }
        for (uint32_t k = 0; k < tuple->child_count; k++) {
            struct ast_column *place = bind_array_add(definer->arena, &columns, &count, sizeof(*columns));
            const struct type *array = type_array(definer->arena, tuple->children[k]);
            char *name = arena_format(definer->arena, "%.*s.%.*s", SLICE_ARG(column->name), SLICE_ARG(tuple->names[k]));
            if (place == NULL || array == NULL || name == NULL) {
                return arena_error(definer->arena);
            }
            *place = *column;
            place->name = slice_text(name);
            place->type = type_name(definer->arena, array);
        }
    }
    create->columns = columns;
    create->column_count = count;
done:
    return err;
}

/* Stored columns and the others apart, in order. */
static struct err *split_columns(struct definer *definer)
{
    const struct ast_create_table *create = &definer->canonical;
    struct column_def *stored = arena_zalloc(definer->arena, (create->column_count + 1U) * sizeof(*stored));
    struct column_def *computed = arena_zalloc(definer->arena, (create->column_count + 1U) * sizeof(*computed));
    struct table_def *def = definer->def;

    definer->names = arena_zalloc(definer->arena, (create->column_count + 1U) * sizeof(*definer->names));
    if (stored == NULL || computed == NULL || definer->names == NULL) {
        return arena_error(definer->arena);
    }
    for (uint32_t i = 0; i < create->column_count; i++) {
        struct column_def *column = &definer->columns[i];
        if (column->default_kind == COLUMN_DEFAULT_ALIAS || column->default_kind == COLUMN_DEFAULT_EPHEMERAL) {
            column->place = def->column_count;
            computed[def->computed_count++] = *column;
            continue;
        }
        definer->names[definer->name_count++] = (struct source_column){create->columns[i].name, column->type};
        stored[def->column_count++] = *column;
    }
    def->columns = stored;
    def->computed = computed;
    return def->column_count > 0 ? NULL
                                 : bind_error(&definer->binder, create->name_offset, ERR_NO_COLUMNS,
                                              "Cannot CREATE table without physical columns");
}

static struct err *define_columns(struct definer *definer)
{
    struct err *err = NULL;
    struct ast_create_table *create = &definer->canonical;
    struct binder *binder = &definer->binder;

    OR_DONE(flatten_nested(definer));
    definer->columns = arena_zalloc(definer->arena, (create->column_count + 1U) * sizeof(*definer->columns));
    struct source_column *known = arena_zalloc(definer->arena, (create->column_count + 1U) * sizeof(*known));
    if (definer->columns == NULL || known == NULL) {
        return arena_error(definer->arena);
    }
    for (uint32_t i = 0; i < create->column_count; i++) {
        struct ast_column *column = &create->columns[i];
        for (uint32_t j = 0; j < i; j++) {
            if (slice_equal(create->columns[j].name, column->name)) {
                err = bind_error(binder, column->offset, ERR_DUPLICATE_COLUMN, "there are two columns %.*s",
                                 SLICE_ARG(column->name));
                goto done;
            }
        }
    }
    OR_DONE(column_names_check_cycles(binder, create->columns, create->column_count));
    OR_DONE(column_types(definer, known));
    for (uint32_t i = 0; i < create->column_count; i++) {
        struct ast_column *column = &create->columns[i];
        const struct type *type = definer->columns[i].type;
        OR_DONE(check_stored(definer, column, type));
        struct slice codec;
        OR_DONE(define_codec(binder, column, type, &codec));
        column->codec = codec;
        column->type = type_name(definer->arena, type);
        column->null = false;
        if (column->type.length > TYPE_NAME_MAX) {
            err = bind_error(binder, column->offset, ERR_BAD_ARGUMENTS,
                             "column %.*s: the name of its type has %zu bytes; the limit is %u",
                             SLICE_ARG(column->name), column->type.length, TYPE_NAME_MAX);
            goto done;
        }
        known[i] = (struct source_column){.name = column->name, .type = type};
        definer->columns[i] = (struct column_def){.name = text_of(definer->arena, column->name),
                                                  .type = type,
                                                  .default_kind = (enum column_default_kind)column->default_kind,
                                                  .default_text = "",
                                                  .codec = text_of(definer->arena, column->codec),
                                                  .comment = text_of(definer->arena, column->comment)};
        if (column->default_kind == AST_EPHEMERAL && column->default_expression == NULL) {
            struct slice quoted = sql_string(definer->arena, column->type);
            definer->columns[i].default_text =
                arena_format(definer->arena, "defaultValueOfTypeName(%.*s)", SLICE_ARG(quoted));
        }
        if (column->type.data == NULL || definer->columns[i].name == NULL || definer->columns[i].codec == NULL ||
            definer->columns[i].comment == NULL || definer->columns[i].default_text == NULL) {
            err = arena_error(definer->arena);
            goto done;
        }
    }
    OR_DONE(define_defaults(definer, known));
    err = split_columns(definer);
done:
    return err;
}

/* CREATE TABLE a AS b: columns (with DEFAULTs) and, where nothing else is said, keys of b. */
static struct err *parse_stored(struct definer *definer, const char *text, struct ast **out)
{
    return text[0] == '\0' ? NULL : parse_expression_text(definer->arena, slice_text(text), out);
}

static struct err *columns_of_table(struct definer *definer, const struct table_def *table)
{
    struct err *err = NULL;
    struct ast_create_table *create = &definer->canonical;

    struct ast_statement *of = NULL;
    OR_DONE(parse_query(definer->arena, slice_text(table->create_sql), (uint32_t)strlen(table->create_sql) + 1, &of));
    create->columns = of->create_table->columns;
    create->column_count = of->create_table->column_count;
    create->engine = create->engine == NULL ? of->create_table->engine : create->engine;
    if (create->partition_by == NULL) {
        OR_DONE(parse_stored(definer, table->partition_by, &create->partition_by));
    }
    if (table->index_count > 0) {
        struct ast_statement *made = NULL;
        OR_DONE(
            parse_query(definer->arena, slice_text(table->create_sql), (uint32_t)strlen(table->create_sql) + 1, &made));
        create->indexes = made->create_table->indexes;
        create->index_count = made->create_table->index_count;
    }
    if (create->order_by == NULL && create->primary_key == NULL && table->order_by_count > 0) {
        struct ast_list keys = {0};
        for (uint32_t i = 0; i < table->order_by_count; i++) {
            struct ast **place = bind_array_add(definer->arena, &keys.items, &keys.count, sizeof(struct ast *));
            if (place == NULL) {
                err = arena_error(definer->arena);
                goto done;
            }
            OR_DONE(parse_stored(definer, table->order_by[i], place));
        }
        struct ast *tuple = ARENA_NEW(definer->arena, struct ast);
        struct slice *name = ARENA_ARRAY(definer->arena, struct slice, 1);
        if (tuple == NULL || name == NULL) {
            err = arena_error(definer->arena);
            goto done;
        }
        *name = slice_text("tuple");
        *tuple = (struct ast){
            .kind = AST_FUNCTION, .parts = name, .part_count = 1, .arguments = keys, .is_operator = true, .depth = 2};
        create->order_by = keys.count == 1 ? keys.items[0] : tuple;
    }
    if (create->ttl_count == 0) {
        create->ttl = of->create_table->ttl;
        create->ttl_count = of->create_table->ttl_count;
    }
done:
    return err;
}

static struct err *columns_of_select(struct definer *definer, const struct source_column *columns, uint32_t count)
{
    struct ast_create_table *create = &definer->canonical;

    create->column_count = count;
    create->columns = arena_zalloc(definer->arena, (count + 1U) * sizeof(*create->columns));
    if (create->columns == NULL) {
        return arena_error(definer->arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        create->columns[i] =
            (struct ast_column){.name = columns[i].name, .type = type_name(definer->arena, columns[i].type)};
        if (create->columns[i].type.data == NULL) {
            return arena_error(definer->arena);
        }
    }
    return NULL;
}

/* ---- keys, partitions */

static bool is_tuple(const struct ast *node)
{
    return node->kind == AST_FUNCTION && !node->has_parameters && slice_is_text(node->parts[0], "tuple");
}

static struct err *bind_stored(struct definer *definer, const struct ast *node, const char *what,
                               const struct expression **out)
{
    struct err *err = NULL;
    struct slice changing = ast_volatile(node);

    if (changing.length > 0) {
        err = bind_error(&definer->binder, node->offset, ERR_BAD_ARGUMENTS,
                         "%s must not depend on when it is computed, as %.*s does", what, SLICE_ARG(changing));
        goto done;
    }
    OR_DONE(bind_expression(definer->arena, definer->binder.options, node, definer->names, definer->name_count, out));
done:
    return err == NULL ? NULL : err_while(err, "%s", what);
}

/* Is anything within the type Nullable, or JSON? */
static void look_inside(const struct type *type, bool *nullable, bool *json)
{
    *nullable |= type->nullable;
    *json |= type->view != TYPE_VIEW_NONE;
    for (uint32_t k = 0; k < type->child_count; k++) {
        look_inside(type->children[k], nullable, json);
    }
}

static struct err *define_order_by(struct definer *definer)
{
    struct err *err = NULL;
    struct ast_create_table *create = &definer->canonical;
    const struct ast *key = create->order_by != NULL ? create->order_by : create->primary_key;
    struct ast_list single = {.items = (struct ast **)&key, .count = key == NULL ? 0 : 1};
    struct ast_list keys = key != NULL && is_tuple(key) ? key->arguments : single;
    const char **texts = arena_array(definer->arena, keys.count + 1U, sizeof(char *));

    if (texts == NULL) {
        return arena_error(definer->arena);
    }
    for (uint32_t i = 0; i < keys.count; i++) {
        const struct ast *node = keys.items[i];
        const struct expression *expression = NULL;
        OR_DONE(bind_stored(definer, node, "the sort key", &expression));
        if (expression->kind == EXPRESSION_CONSTANT) {
            err = bind_error(&definer->binder, node->offset, ERR_BAD_ARGUMENTS, "a sort key must not be a constant");
            goto done;
        }
        bool nullable = false, json = false;
        look_inside(expression->type, &nullable, &json);
        if (json) {
            err = bind_error(&definer->binder, node->offset, ERR_KEY_TYPE, "a sort key must not be of type JSON (%s)",
                             ast_print(definer->arena, node).data);
            goto done;
        }
        if (nullable) {
            err = bind_error(&definer->binder, node->offset, ERR_ILLEGAL_COLUMN, "a sort key must not be Nullable (%s)",
                             ast_print(definer->arena, node).data);
            goto done;
        }
        texts[i] = ast_print(definer->arena, node).data;
        if (texts[i] == NULL) {
            err = arena_error(definer->arena);
            goto done;
        }
    }
    definer->def->order_by = texts;
    definer->def->order_by_count = keys.count;
done:
    return err;
}

/* PRIMARY KEY (a) for ORDER BY (a, b): its beginning. */
static struct err *define_primary_key(struct definer *definer)
{
    const struct ast *key = definer->canonical.primary_key;
    struct ast_list single = {.items = (struct ast **)&key, .count = 1};
    struct printer printer = {.arena = definer->arena};

    definer->def->primary_key = "";
    if (key == NULL) {
        return NULL;
    }
    struct ast_list keys = is_tuple(key) ? key->arguments : single;
    for (uint32_t i = 0; i < keys.count; i++) {
        struct slice text = ast_print(definer->arena, keys.items[i]);
        if (text.data == NULL) {
            return arena_error(definer->arena);
        }
        if (i >= definer->def->order_by_count || !slice_is_text(text, definer->def->order_by[i])) {
            return bind_error(&definer->binder, key->offset, ERR_BAD_ARGUMENTS,
                              "PRIMARY KEY must be the beginning of ORDER BY; at place %u they differ", i + 1);
        }
        print_text(&printer, i > 0 ? ", " : "");
        print_slice(&printer, text);
    }
    definer->def->primary_key = print_end(&printer).data;
    return definer->def->primary_key == NULL ? arena_error(definer->arena) : NULL;
}

static struct err *define_partition_by(struct definer *definer)
{
    struct err *err = NULL;
    const struct ast *node = definer->canonical.partition_by;
    const struct expression *expression = NULL;

    definer->def->partition_by = "";
    if (node == NULL) {
        goto done;
    }
    if (is_tuple(node) && node->arguments.count == 0) {
        definer->canonical.partition_by = NULL; /* PARTITION BY tuple(): none */
        goto done;
    }
    if (is_tuple(node) && node->arguments.count > 1) {
        err = bind_refuse(&definer->binder, node->offset, "PARTITION BY of several expressions");
        goto done;
    }
    OR_DONE(bind_stored(definer, node, "PARTITION BY", &expression));
    if (type_is_nested(expression->type)) {
        err = bind_refuse(&definer->binder, node->offset, "PARTITION BY arrays, tuples or maps (%s)",
                          ast_print(definer->arena, node).data);
        goto done;
    }
    if (type_is_float(expression->type) || expression->type->nullable) {
        err = bind_error(&definer->binder, node->offset, ERR_BAD_ARGUMENTS,
                         "PARTITION BY must not be a float or Nullable");
        goto done;
    }
    definer->def->partition_by = ast_print(definer->arena, node).data;
    if (definer->def->partition_by == NULL) {
        err = arena_error(definer->arena);
    }
done:
    return err;
}

/* ---- settings */

static struct err *define_settings(struct definer *definer)
{
    const struct ast_settings *settings = &definer->canonical.settings;
    struct printer printer = {.arena = definer->arena};

    for (uint32_t i = 0; i < settings->count; i++) {
        struct nearest nearest = {.wanted = settings->items[i].name};
        bool known = false;
        for (const char *const *name = define_table_settings(); *name != NULL && !known; name++) {
            known = slice_is_text(settings->items[i].name, *name);
            nearest_offer(&nearest, slice_text(*name));
        }
        if (!known) {
            return bind_error(&definer->binder, settings->items[i].offset, ERR_UNKNOWN_SETTING,
                              "there is no table setting %.*s%s%.*s%s", SLICE_ARG(settings->items[i].name),
                              nearest.best.length > 0 ? "; did you mean " : "", SLICE_ARG(nearest.best),
                              nearest.best.length > 0 ? "?" : "");
        }
    }
    for (uint32_t i = 0; i < settings->count; i++) {
        const struct ast *value = settings->items[i].value;
        if (slice_is_text(settings->items[i].name, "retention_bytes") &&
            (value == NULL || value->kind != AST_LITERAL || value->literal != AST_UINT)) {
            return bind_error(&definer->binder, settings->items[i].offset, ERR_INVALID_SETTING,
                              "retention_bytes is a number of bytes; 0: no limit");
        }
    }
    print_settings(&printer, settings);
    definer->def->settings = print_end(&printer).data;
    return definer->def->settings == NULL ? arena_error(definer->arena) : NULL;
}

/* ---- CREATE TABLE */

struct err *define_table(struct arena *arena, const struct bind_options *options, const struct ast_create_table *create,
                         struct slice database, const struct source_column *select_columns,
                         uint32_t select_column_count, const struct table_def *as_table, struct table_def *out)
{
    struct err *err = NULL;
    struct definer definer = {.binder = {.arena = arena, .options = options},
                              .arena = arena,
                              .create = create,
                              .canonical = *create,
                              .def = out};

    *out = (struct table_def){.watermark = "", .watermark_column = ""};
    if (create->database.length == 0) {
        definer.canonical.database = database;
    }
    OR_DONE(check_engine(&definer.binder, create->engine));
    if (create->sample_by != NULL) {
        err = bind_refuse(&definer.binder, create->sample_by->offset, "SAMPLE BY");
        goto done;
    }
    if (create->column_count > 0) {
        /* a copy: the types in it are spelled out */
        definer.canonical.columns = arena_array(arena, create->column_count, sizeof(*create->columns));
        if (definer.canonical.columns == NULL) {
            err = arena_error(arena);
            goto done;
        }
        memcpy(definer.canonical.columns, create->columns, create->column_count * sizeof(*create->columns));
        for (uint32_t i = 0; i < create->column_count; i++) {
            if (create->columns[i].primary_key && create->primary_key == NULL) {
                err = bind_refuse(&definer.binder, create->columns[i].offset,
                                  "PRIMARY KEY behind a column (write ORDER BY %.*s behind ENGINE)",
                                  SLICE_ARG(create->columns[i].name));
                goto done;
            }
        }
    } else if (as_table != NULL) {
        OR_DONE(columns_of_table(&definer, as_table));
    } else if (select_columns != NULL) {
        OR_DONE(columns_of_select(&definer, select_columns, select_column_count));
    } else {
        err = bind_error(&definer.binder, create->name_offset, ERR_INCORRECT_QUERY,
                         "CREATE TABLE needs columns, AS SELECT or AS another table");
        goto done;
    }
    OR_DONE(define_columns(&definer));
    OR_DONE(define_order_by(&definer));
    OR_DONE(define_engine(&definer.binder, &definer.canonical, out));
    OR_DONE(define_primary_key(&definer));
    OR_DONE(define_engine_primary_key(&definer.binder, out));
    OR_DONE(define_partition_by(&definer));
    OR_DONE(define_ttl(&definer.binder, &definer.canonical, definer.names, definer.name_count, out));
    OR_DONE(define_watermark(&definer.binder, &definer.canonical, definer.names, definer.name_count, out));
    OR_DONE(define_settings(&definer));
    OR_DONE(define_indexes(&definer.binder, &definer.canonical, definer.names, out));
    out->database = text_of(arena, definer.canonical.database);
    out->name = text_of(arena, create->table);
    out->comment = text_of(arena, create->comment);
    out->create_sql = ast_print_create_table(arena, &definer.canonical).data;
    if (out->database == NULL || out->name == NULL || out->comment == NULL || out->create_sql == NULL) {
        err = arena_error(arena);
    }
done:
    return err;
}
