/*
 * bind_filter.c: conditions that come beside the statement: the settings additional_table_filters and
 * additional_result_filter.
 *
 * tables   a filter names a table as "database.table", as "table" of the current database, or by its alias in FROM; the
 *          first of the map that does counts. It stands on the table wherever the query reads it, in subqueries, CTEs,
 *          joins and views too; of a view it is a condition on what the view gives.
 * names    those of the table, under their own names: aliases of the SELECT and column aliases in FROM are not seen
 * where    a filter right above the scan, below WHERE: zones, indexes and the partial-result cache take it as WHERE's;
 *          FINAL combines rows first
 */
#include "sql/binder.h"

#include "sql/parser.h"

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

struct err *bind_table_filter(struct binder *binder, struct scope *scope, const struct ast_table *table)
{
    struct err *err = NULL;
    const struct bind_options *options = binder->options;
    const struct bind_filter *filter = NULL;
    const struct expression *condition = NULL;

    if (table->subquery != NULL || (scope->source == NULL && scope->database.length == 0)) { /* or a CTE */
        return NULL;
    }
    for (uint32_t i = 0; i < options->filter_count && filter == NULL; i++) {
        filter = is_meant(binder, scope, table, options->filters[i].table) ? &options->filters[i] : NULL;
    }
    if (filter == NULL) {
        return NULL;
    }
    struct scope own = {.database = scope->database,
                        .table = scope->table,
                        .table_name = scope->table_name,
                        .columns = scope->columns,
                        .column_count = scope->column_count,
                        .source = scope->source,
                        .input = scope->input};
    OR_DONE(bind_text(binder, &own, filter->condition, "additional_table_filters", &condition));
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
