/*
 * define_ttl.c: see define_ttl.h.
 *
 * group    keys are the beginning of the primary key. What SET says is bound as the SELECT that will compute it, over
 *          no table, so that its errors are those of CREATE TABLE.
 * wraps    a DateTime ends in 2106: ts + INTERVAL 100 YEAR lies in the past then, and rows would leave at once. What
 *          lies ahead for a time of 1970 and behind for now is refused; a table cannot say more.
 */
#include "sql/define_ttl.h"

#include "base/clock.h"
#include "query/aggregate.h"
#include "query/expression.h"
#include "sql/column_names.h"
#include "sql/define_codec.h"
#include "sql/parser.h"
#include "sql/printer.h"
#include "storage/combining.h"
#include "storage/ledger.h"

#define DAY_S ((int64_t)86400)

struct ttl_definer {
    struct binder *binder;
    struct arena *arena;
    const struct ast_create_table *create;
    const struct source_column *names;
    uint32_t name_count;
    struct table_def *def;
};

/* ---- times */

static struct err *check_settled(struct ttl_definer *definer, const struct ast *node, const char *what)
{
    struct slice changing = ast_volatile(node);
    return changing.length == 0
               ? NULL
               : bind_error(definer->binder, node->offset, ERR_BAD_ARGUMENTS,
                            "%s must not depend on when it is computed, as %.*s does", what, SLICE_ARG(changing));
}

struct read_columns {
    uint32_t first;
    uint32_t count; /* different ones, 2 for more */
};

static struct err *note_column(void *user, const struct expression *expression)
{
    struct read_columns *read = user;
    if (expression->kind == EXPRESSION_COLUMN && (read->count == 0 || expression->column_index != read->first)) {
        read->first = read->count == 0 ? expression->column_index : read->first;
        read->count = read->count == 0 ? 1 : 2;
    }
    return NULL;
}

/* Seconds since 1970 of a Date's or DateTime's row. */
static int64_t seconds_of(const struct column *column, uint32_t row)
{
    const void *value = column_value(column, row);
    switch (column->type->kind) {
    case TYPE_DATE:
        return *(const uint16_t *)value * DAY_S;
    case TYPE_DATE32:
        return *(const int32_t *)value * DAY_S;
    case TYPE_DATETIME:
        return *(const uint32_t *)value;
    default: /* of 64 bits: far enough */
        return INT64_MAX;
    }
}

/* A time of 1970 and of now, of a Date's or DateTime's type. */
static struct column *two_times(struct arena *arena, const struct type *type, int64_t now_s)
{
    struct column *column = column_new(arena, type, 2);
    if (column != NULL && type->kind == TYPE_DATE) {
        ((uint16_t *)column->values)[0] = 2;
        ((uint16_t *)column->values)[1] = (uint16_t)(now_s / DAY_S);
    } else if (column != NULL) {
        ((uint32_t *)column->values)[0] = (uint32_t)(2 * DAY_S);
        ((uint32_t *)column->values)[1] = (uint32_t)now_s;
    }
    return column;
}

static struct err *check_wraps(struct ttl_definer *definer, const struct ast *node, const struct expression *expression)
{
    struct err *err = NULL;
    struct arena *arena = definer->arena;
    struct read_columns read = {0};
    struct program *program = NULL;
    struct evaluator *evaluator = NULL;
    struct column *result = NULL;
    int64_t now_s = clock_wall_us() / 1000000;

    OR_DONE(expression_walk(expression, note_column, &read));
    if (read.count != 1 || read.first >= definer->name_count || now_s <= 0 || now_s > UINT32_MAX) {
        goto done;
    }
    const struct type *type = definer->names[read.first].type;
    if ((type->kind != TYPE_DATE && type->kind != TYPE_DATETIME) || type->nullable) {
        goto done;
    }
    const struct column **inputs = ARENA_ARRAY(arena, const struct column *, definer->name_count);
    struct column *times = two_times(arena, type, now_s);
    if (inputs == NULL || times == NULL) {
        err = arena_error(arena);
        goto done;
    }
    inputs[read.first] = times;
    OR_DONE(program_compile(arena, &expression, 1, &program));
    OR_DONE(evaluator_create(arena, program, &evaluator));
    OR_DONE(evaluator_run(evaluator, arena, inputs, 2, &result));
    if (seconds_of(result, 0) > 2 * DAY_S && seconds_of(result, 1) < now_s / DAY_S * DAY_S) {
        err =
            bind_error(definer->binder, node->offset, ERR_BAD_TTL,
                       "the TTL of a row of now would lie in the past: %.*s cannot hold a time so far ahead, and rows "
                       "would leave at once; make it shorter, or of a DateTime64",
                       SLICE_ARG(type_name(arena, expression->type)));
    }
done:
    return err;
}

static struct err *check_time(struct ttl_definer *definer, const struct ast *node)
{
    struct err *err = NULL;
    const struct expression *expression = NULL;

    OR_DONE(check_settled(definer, node, "the TTL"));
    OR_DONE(err_while(bind_expression(definer->arena, definer->binder->options, node, definer->names,
                                      definer->name_count, &expression),
                      "the TTL"));
    if (!type_is_time(expression->type) || expression->type->nullable) {
        err = bind_error(definer->binder, node->offset, ERR_BAD_TTL,
                         "TTL expression result column should have Date, Date32, DateTime or DateTime64 type, as ts + "
                         "INTERVAL 5 YEAR has, but has %.*s",
                         SLICE_ARG(type_name(definer->arena, expression->type)));
        goto done;
    }
    if (expression->kind == EXPRESSION_CONSTANT) {
        err = bind_error(definer->binder, node->offset, ERR_BAD_ARGUMENTS,
                         "TTL expression %.*s does not depend on any of the columns of the table",
                         SLICE_ARG(ast_print(definer->arena, node)));
        goto done;
    }
    err = check_wraps(definer, node, expression);
done:
    return err;
}

/* ---- WHERE, GROUP BY */

static struct err *check_where(struct ttl_definer *definer, const struct ast *node)
{
    struct err *err = NULL;
    const struct expression *expression = NULL;

    OR_DONE(check_settled(definer, node, "the condition of a TTL"));
    OR_DONE(err_while(bind_expression(definer->arena, definer->binder->options, node, definer->names,
                                      definer->name_count, &expression),
                      "the condition of a TTL"));
    if (!type_is_number(expression->type) && expression->type->kind != TYPE_BOOL &&
        expression->type->kind != TYPE_NOTHING) {
        err = bind_error(definer->binder, node->offset, ERR_FILTER_TYPE,
                         "the condition of a TTL must be a number, not %.*s",
                         SLICE_ARG(type_name(definer->arena, expression->type)));
    }
done:
    return err;
}

static bool has_aggregate(const struct ast *node)
{
    bool found = node->kind == AST_FUNCTION && node->part_count == 1 && aggregate_exists(node->parts[0]);
    for (uint32_t i = 0; i < node->arguments.count && !found; i++) {
        found = has_aggregate(node->arguments.items[i]);
    }
    return found;
}

static uint32_t primary_count(const struct ttl_definer *definer)
{
    const struct ast *key = definer->create->primary_key;
    bool tuple =
        key != NULL && key->kind == AST_FUNCTION && !key->has_parameters && slice_is_text(key->parts[0], "tuple");
    return key == NULL ? definer->def->order_by_count : tuple ? key->arguments.count : 1;
}

static struct err *check_keys(struct ttl_definer *definer, const struct ast_ttl *ttl)
{
    for (uint32_t i = 0; i < ttl->group_by.count; i++) {
        struct slice text = ast_print(definer->arena, ttl->group_by.items[i]);
        if (text.data == NULL) {
            return arena_error(definer->arena);
        }
        if (i >= primary_count(definer) || !slice_is_text(text, definer->def->order_by[i])) {
            return bind_error(definer->binder, ttl->offset, ERR_BAD_TTL,
                              "TTL Expression GROUP BY key should be a prefix of primary key; %.*s is not at its place",
                              SLICE_ARG(text));
        }
    }
    return NULL;
}

static const struct type *stored_type(const struct ttl_definer *definer, struct slice name)
{
    for (uint32_t i = 0; i < definer->name_count; i++) {
        if (slice_equal(definer->names[i].name, name)) {
            return definer->names[i].type;
        }
    }
    return NULL;
}

static struct err *check_set(struct ttl_definer *definer, const struct ast_ttl *ttl)
{
    for (uint32_t i = 0; i < ttl->set_count; i++) {
        struct slice name = ttl->set[i].name;
        if (stored_type(definer, name) == NULL) {
            return bind_error(definer->binder, ttl->offset, ERR_NO_SUCH_COLUMN,
                              "There is no physical column %.*s in table", SLICE_ARG(name));
        }
        for (uint32_t k = 0; k < i; k++) {
            if (slice_equal(ttl->set[k].name, name)) {
                return bind_error(definer->binder, ttl->offset, ERR_BAD_TTL,
                                  "Multiple aggregations set for one column in TTL Expression");
            }
        }
        if (!has_aggregate(ttl->set[i].expression)) {
            return bind_error(definer->binder, ttl->offset, ERR_BAD_TTL,
                              "Invalid expression for assignment of column %.*s. Should contain an aggregate function",
                              SLICE_ARG(name));
        }
    }
    return NULL;
}

/* SELECT CAST(expression, 'type'), … FROM (SELECT a value of each column) GROUP BY the keys; data NULL: memory is out.
 */
static struct slice set_select(struct ttl_definer *definer, const struct ast_ttl *ttl)
{
    struct arena *arena = definer->arena;
    char *text = arena_format(arena, "SELECT 1");
    for (uint32_t i = 0; text != NULL && i < ttl->set_count; i++) {
        struct slice value = ast_print(arena, ttl->set[i].expression);
        struct slice type = sql_string(arena, type_name(arena, stored_type(definer, ttl->set[i].name)));
        text = value.data == NULL || type.data == NULL
                   ? NULL
                   : arena_format(arena, "%s, CAST(%.*s, %.*s)", text, SLICE_ARG(value), SLICE_ARG(type));
    }
    for (uint32_t i = 0; text != NULL && i < definer->name_count; i++) { /* what SET does not name has any value */
        struct slice name = sql_identifier(arena, definer->names[i].name);
        text = name.data == NULL ? NULL : arena_format(arena, "%s, any(%.*s)", text, SLICE_ARG(name));
    }
    for (uint32_t i = 0; text != NULL && i < definer->name_count; i++) {
        struct slice name = sql_identifier(arena, definer->names[i].name);
        struct slice type = sql_string(arena, type_name(arena, definer->names[i].type));
        text = name.data == NULL || type.data == NULL
                   ? NULL
                   : arena_format(arena, "%s%sdefaultValueOfTypeName(%.*s) AS %.*s", text,
                                  i == 0 ? " FROM (SELECT " : ", ", SLICE_ARG(type), SLICE_ARG(name));
    }
    for (uint32_t i = 0; text != NULL && i < ttl->group_by.count; i++) {
        struct slice key = ast_print(arena, ttl->group_by.items[i]);
        text = key.data == NULL ? NULL
                                : arena_format(arena, "%s%s%.*s", text, i == 0 ? ") GROUP BY " : ", ", SLICE_ARG(key));
    }
    return text == NULL ? (struct slice){0} : slice_text(text);
}

static struct err *check_group(struct ttl_definer *definer, const struct ast_ttl *ttl)
{
    struct err *err = NULL;
    struct ast_statement *statement = NULL;
    struct query_plan plan;
    struct bind_options options = *definer->binder->options;

    OR_DONE(check_keys(definer, ttl));
    OR_DONE(check_set(definer, ttl));
    for (uint32_t i = 0; i < ttl->set_count; i++) {
        OR_DONE(check_settled(definer, ttl->set[i].expression, "SET of a TTL"));
    }
    options.text = set_select(definer, ttl);
    if (options.text.data == NULL) {
        err = arena_error(definer->arena);
        goto done;
    }
    OR_DONE(parse_query(definer->arena, options.text, (uint32_t)options.text.length + 1, &statement));
    err = err_while(bind_query(definer->arena, &options, statement->query, &plan), "SET of a TTL");
done:
    return err;
}

/* A codec of RECOMPRESS is for columns of any type: it has to be right for one, as for ClickHouse. */
static struct err *check_codec(struct ttl_definer *definer, const struct ast_ttl *ttl)
{
    static const enum type_kind kinds[] = {TYPE_UINT64, TYPE_FLOAT64, TYPE_STRING};
    struct err *first = NULL;
    const struct ast_column column = {
        .name = slice_text("TTL … RECOMPRESS"), .codec = ttl->codec, .codec_offset = ttl->offset};

    if (ttl->codec.length > SEGMENT_CODEC_BYTES_MAX) {
        return bind_error(definer->binder, ttl->offset, ERR_BAD_ARGUMENTS,
                          "CODEC(…) of RECOMPRESS has %zu bytes, at most %u", ttl->codec.length,
                          SEGMENT_CODEC_BYTES_MAX);
    }
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct slice text;
        struct err *err = define_codec(definer->binder, &column, type_simple(kinds[i]), &text);
        if (err == NULL) {
            err_free(first);
            return NULL;
        }
        err_keep_first(&first, err);
    }
    return first;
}

static struct err *check_element(struct ttl_definer *definer, const struct ast_ttl *ttl)
{
    struct err *err = NULL;
    OR_DONE(check_time(definer, ttl->expression));
    if (ttl->kind == AST_TTL_RECOMPRESS) {
        err = check_codec(definer, ttl);
        goto done;
    }
    if (ttl->where != NULL) {
        OR_DONE(check_where(definer, ttl->where));
    }
    if (ttl->kind == AST_TTL_GROUP) {
        enum combining_kind kind;
        if (engine_combines(definer->def->engine, &kind)) {
            err = bind_refuse(definer->binder, ttl->offset, "TTL … GROUP BY of engines that combine rows themselves");
            goto done;
        }
        err = check_group(definer, ttl);
    }
done:
    return err;
}

/* ---- TTLs of columns */

static struct err *in_key(struct ttl_definer *definer, const char *key, struct slice name, bool *found)
{
    struct ast *node = NULL;
    struct err *err = key == NULL || key[0] == 0 ? NULL : parse_expression_text(definer->arena, slice_text(key), &node);
    return err == NULL && node != NULL ? column_names_find(definer->arena, node, name, slice_text(""), found) : err;
}

static struct err *check_column(struct ttl_definer *definer, const struct ast_column *column)
{
    struct err *err = NULL;
    bool is_key = false;
    const struct type *type = stored_type(definer, column->name);

    if (type == NULL) {
        return bind_refuse(definer->binder, column->offset, "a TTL of a column that is not stored (%.*s)",
                           SLICE_ARG(column->name));
    }
    if (memchr(column->name.data, '.', column->name.length) != NULL) {
        return bind_refuse(definer->binder, column->offset, "a TTL of a Nested column (%.*s)", SLICE_ARG(column->name));
    }
    OR_DONE(in_key(definer, definer->def->partition_by, column->name, &is_key));
    for (uint32_t k = 0; k < definer->def->order_by_count; k++) {
        OR_DONE(in_key(definer, definer->def->order_by[k], column->name, &is_key));
    }
    if (is_key) {
        err = bind_error(definer->binder, column->offset, ERR_ILLEGAL_COLUMN, "Trying to set TTL for key column %.*s",
                         SLICE_ARG(column->name));
        goto done;
    }
    err = check_time(definer, column->ttl);
done:
    return err;
}

struct err *define_ttl(struct binder *binder, const struct ast_create_table *create, const struct source_column *names,
                       uint32_t name_count, struct table_def *def)
{
    struct err *err = NULL;
    struct ttl_definer definer = {binder, binder->arena, create, names, name_count, def};

    def->ttl = "";
    for (uint32_t i = 0; i < create->column_count; i++) {
        if (create->columns[i].ttl != NULL) {
            OR_DONE(check_column(&definer, &create->columns[i]));
        }
    }
    for (uint32_t i = 0; i < create->ttl_count; i++) {
        const struct ast_ttl *ttl = &create->ttl[i];
        bool drops = ttl->kind == AST_TTL_DELETE && ttl->where == NULL;
        if (drops && def->ttl[0] != '\0') {
            err = bind_error(binder, ttl->offset, ERR_BAD_TTL,
                             "More than one DELETE TTL expression without WHERE expression is not allowed");
            goto done;
        }
        OR_DONE(check_element(&definer, ttl));
        if (drops) {
            def->ttl = ast_print(binder->arena, ttl->expression).data;
            if (def->ttl == NULL) {
                err = arena_error(binder->arena);
                goto done;
            }
        }
    }
done:
    return err;
}
