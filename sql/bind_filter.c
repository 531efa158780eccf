/*
 * bind_filter.c: conditions that come beside the statement: the settings additional_table_filters and
 * additional_result_filter.
 *
 * tables   a filter names a table as "database.table", as "table" of the current database, or by its alias in FROM; the
 *          first of the map that does counts. It stands on the table wherever the query reads it, in subqueries, CTEs,
 *          joins and views too; of a view it is a condition on what the view gives.
 * names    those of the table, under their own names: aliases of the SELECT and column aliases in FROM are not seen
 * before   bind_options.before_us is such a filter, too: of the event time of each table that has one
 * late     and so is ALLOWED LATENESS: of the rows of the SELECT's first table by how late they came
 * where    a filter right above the scan, below WHERE: zones, indexes and the partial-result cache take it as WHERE's;
 *          FINAL combines rows first
 */
#include "sql/binder.h"

#include "query/completeness.h"
#include "sql/parser.h"
#include "sql/printer.h"
#include "storage/table.h"

struct err *bind_filters(struct arena *arena, struct slice text, const struct bind_filter **out, uint32_t *count)
{
    struct err *err = NULL;
    struct ast *map = NULL;
    struct bind_filter *filters = NULL;

    *out = NULL;
    *count = 0;
    if (text.length == 0) {
        return NULL;
    }
    OR_DONE(parse_map_literal(arena, text, &map));
    filters = ARENA_ARRAY(arena, struct bind_filter, map->arguments.count / 2 + 1);
    if (filters == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t i = 0; i < map->arguments.count / 2; i++) {
        filters[i] = (struct bind_filter){.table = map->arguments.items[2 * (size_t)i]->text,
                                          .condition = map->arguments.items[2 * (size_t)i + 1]->text};
    }
    *out = filters;
    *count = map->arguments.count / 2;
done:
    return err_while(err, "reading additional_table_filters, a map {'database.table': 'condition', …}");
}

/* The condition over the scope's columns; the scope has nothing but them. */
static struct err *bind_text(struct binder *binder, struct scope *scope, struct slice text, const char *setting,
                             const struct expression **out)
{
    static const struct ast_select nothing;
    struct err *err = NULL;
    const struct bind_options *options = binder->options;
    struct bind_options inner = *options;
    struct lambda_frame *lambda = binder->lambda;
    struct ast *condition = NULL;

    inner.text = text;
    inner.parameters = NULL;
    inner.parameter_count = 0;
    binder->options = &inner;
    binder->lambda = NULL;
    scope->select = &nothing;
    scope->with_all = true;
    scope->no_aggregates = scope->no_windows = setting;
    OR_DONE(parse_expression_text(binder->arena, text, &condition));
    OR_DONE(bind_node(binder, scope, condition, out));
    OR_DONE(bind_boolean(binder, condition->offset, setting, *out));
    if (expression_has_array_join(*out)) {
        err = bind_refuse(binder, condition->offset, "arrayJoin in %s", setting);
    }
done:
    binder->options = options;
    binder->lambda = lambda;
    return err;
}

/* And this one, too. */
static struct err *bind_more(struct binder *binder, struct scope *scope, const struct ast_table *table,
                             struct slice text, const char *setting, const struct expression **condition)
{
    struct err *err = NULL;
    const struct expression *both[2] = {*condition, NULL};
    OR_DONE(bind_text(binder, scope, text, setting, &both[1]));
    *condition = both[1];
    if (both[0] != NULL) {
        err = bind_call(binder, table->offset, "and", both, 2, condition);
    }
done:
    return err;
}

static bool is_meant(const struct binder *binder, const struct scope *scope, const struct ast_table *table,
                     struct slice name)
{
    struct slice database = scope->database, own = scope->table_name;

    if (table->alias.length > 0 && slice_equal(name, table->alias)) {
        return true;
    }
    if (database.length == 0) { /* temporary tables and table functions have none */
        return false;
    }
    if (slice_equal(name, own)) {
        return slice_equal(database, binder->options->context->database);
    }
    return name.length == database.length + 1 + own.length && memcmp(name.data, database.data, database.length) == 0 &&
           name.data[database.length] == '.' && slice_equal(slice_of(name.data + database.length + 1, own.length), own);
}

/* "`ts` < …", in the arena, with the constant in the column's own type where it has whole seconds, as zones have them;
 * data NULL: the table has no event time, or all of its rows are seen. */
static struct err *before_text(struct binder *binder, const struct scope *scope, struct slice *out)
{
    int64_t us = binder->options->before_us, seconds = us / 1000000 + (us % 1000000 > 0);
    *out = (struct slice){0};
    if (us == 0 || scope->source == NULL || scope->source->completeness == NULL ||
        scope->source->completeness->column.length == 0) {
        return NULL;
    }
    struct slice name = scope->source->completeness->column;
    const struct type *type = NULL;
    for (uint32_t i = 0; i < scope->column_count; i++) {
        type = slice_equal(scope->columns[i].name, name) ? scope->columns[i].type : type;
    }
    struct slice quoted = sql_identifier(binder->arena, name);
    int64_t unit = 1; /* of a DateTime64 with fewer digits: the next value that it can hold */
    for (uint32_t digits = type == NULL || type->kind != TYPE_DATETIME64 ? 6 : type->scale; digits < 6; digits++) {
        unit *= 10;
    }
    int64_t whole = (us / unit + (us % unit > 0)) * unit;
    const char *text =
        quoted.data == NULL || type == NULL ? NULL
        : type->kind == TYPE_DATETIME
            ? arena_format(binder->arena, "%.*s < toDateTime(%lld)", SLICE_ARG(quoted), (long long)seconds)
        : type->kind == TYPE_DATETIME64
            ? arena_format(binder->arena, "%.*s < toDateTime64(fromUnixTimestamp64Micro(%lld), %u)", SLICE_ARG(quoted),
                           (long long)whole, type->scale)
            : arena_format(binder->arena, "%.*s < fromUnixTimestamp64Micro(%lld)", SLICE_ARG(quoted), (long long)us);
    if (text == NULL) {
        return type == NULL && quoted.data != NULL ? NULL : arena_error(binder->arena);
    }
    *out = slice_text(text);
    return NULL;
}

/* "_lateness <= …", in the arena; data NULL: all rows count, however late they came. */
static struct err *late_text(struct binder *binder, const struct scope *scope, const struct ast_table *table,
                             struct slice *out)
{
    *out = (struct slice){0};
    if (!table->late_bounded) {
        return NULL;
    }
    if (table->subquery != NULL || scope->source == NULL || scope->database.length == 0) {
        return bind_error(binder, table->lateness_offset, ERR_BAD_ARGUMENTS,
                          "ALLOWED LATENESS is of rows of a stored table, which must stand first in FROM");
    }
    if (!bind_says_lateness(scope)) {
        return bind_error(binder, table->lateness_offset, ERR_BAD_ARGUMENTS,
                          "ALLOWED LATENESS: rows of %.*s.%.*s do not say how late they came; ALTER TABLE … ADD COLUMN "
                          "_lateness UInt64 MATERIALIZED 0, then those say so that come from there on",
                          SLICE_ARG(scope->database), SLICE_ARG(scope->table_name));
    }
    const char *text = arena_format(binder->arena, TABLE_LATENESS " <= %lld", (long long)table->lateness_us);
    *out = text == NULL ? *out : slice_text(text);
    return text == NULL ? arena_error(binder->arena) : NULL;
}

struct err *bind_table_filter(struct binder *binder, struct scope *scope, const struct ast_table *table)
{
    struct err *err = NULL;
    const struct bind_options *options = binder->options;
    const struct bind_filter *filter = NULL;
    const struct expression *condition = NULL;
    struct slice before = {0}, late = {0};

    err = late_text(binder, scope, table, &late);
    if (err != NULL) {
        return err;
    }
    if (table->subquery != NULL || (scope->source == NULL && scope->database.length == 0)) { /* or a CTE */
        return NULL;
    }
    for (uint32_t i = 0; i < options->filter_count && filter == NULL; i++) {
        filter = is_meant(binder, scope, table, options->filters[i].table) ? &options->filters[i] : NULL;
    }
    OR_DONE(before_text(binder, scope, &before));
    if (filter == NULL && before.data == NULL && late.data == NULL) {
        goto done;
    }
    struct scope own = {.database = scope->database,
                        .table = scope->table,
                        .table_name = scope->table_name,
                        .columns = scope->columns,
                        .column_count = scope->column_count,
                        .source = scope->source,
                        .input = scope->input};
    if (before.data != NULL) {
        OR_DONE(bind_more(binder, &own, table, before, "the rows before data time", &condition));
    }
    if (late.data != NULL) {
        OR_DONE(bind_more(binder, &own, table, late, "ALLOWED LATENESS", &condition));
    }
    if (filter != NULL) {
        OR_DONE(bind_more(binder, &own, table, filter->condition, "additional_table_filters", &condition));
    }
    scope->scan_columns = own.scan_columns; /* what it reads is read first */
    scope->scan_count = own.scan_count;
    if (scope->source != NULL) {
        scope->filter = condition;
    } else {
        OR_DONE(plan_filter(binder->arena, scope->input, condition, &scope->input));
    }
done:
    return err_while(err, "applying additional_table_filters to %.*s%s%.*s", SLICE_ARG(scope->database),
                     scope->database.length > 0 ? "." : "", SLICE_ARG(scope->table_name));
}

struct err *bind_result_filter(struct binder *binder, struct plan **plan)
{
    struct err *err = NULL;
    struct scope result = {.input = *plan, .column_count = (*plan)->column_count};
    const struct expression *condition = NULL;

    result.columns = ARENA_ARRAY(binder->arena, struct scope_column, result.column_count + 1);
    if (result.columns == NULL) {
        return arena_error(binder->arena);
    }
    for (uint32_t i = 0; i < result.column_count; i++) {
        result.columns[i] =
            (struct scope_column){.name = (*plan)->columns[i].name, .type = (*plan)->columns[i].type, .index = i};
    }
    OR_DONE(bind_text(binder, &result, binder->options->result_filter, "additional_result_filter", &condition));
    err = plan_filter(binder->arena, *plan, condition, plan);
done:
    return err_while(err, "applying additional_result_filter");
}
