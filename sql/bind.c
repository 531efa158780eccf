/*
 * bind.c: the binder's entry points, its errors, settings and constants. See bind.h, binder.h.
 *
 * flow     server, ingest → here → bind_select.c → bind_from.c, bind_star.c, bind_expression.c, … → query/plan.h
 */
#include "sql/binder.h"

#include "base/interrupt.h"
#include "query/plan_rewrite.h"
#include "sql/lexer.h"
#include "sql/parser.h"

#include <inttypes.h>
#include <stdio.h>
#include <strings.h>

/* ---- errors */

struct err *bind_at(struct binder *binder, uint32_t offset, struct err *err)
{
    if (err == NULL || binder->positioned || binder->options->text.data == NULL || err_code(err) == ERR_MEMORY_LIMIT ||
        err_code(err) == ERR_OOM) {
        return err;
    }
    uint32_t line;
    uint32_t column;
    text_position(binder->options->text, offset, &line, &column);
    struct err *positioned = err_new(err_code(err), "%s (line %u, col %u)", err_message(err), line, column);
    err_free(err);
    binder->positioned = true;
    return positioned;
}

struct err *bind_error(struct binder *binder, uint32_t offset, enum err_code code, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    struct err *err = err_newv(code, format, list);
    va_end(list);
    return bind_at(binder, offset, err);
}

struct err *bind_refuse(struct binder *binder, uint32_t offset, const char *format, ...)
{
    char text[256];
    va_list list;
    va_start(list, format);
    (void)vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    return bind_error(binder, offset, ERR_NOT_IMPLEMENTED, "%s is not supported yet", text);
}

void *bind_array_add(struct arena *arena, void *array_pointer, uint32_t *count, size_t size)
{
    char **array = array_pointer;
    if ((*count & (*count - 1)) == 0) { /* full: 0, 1, 2, 4, … */
        uint32_t capacity = *count == 0 ? 1 : *count * 2;
        char *grown = arena_array(arena, capacity, size);
        if (grown == NULL) {
            return NULL;
        }
        if (*count > 0) {
            memcpy(grown, *array, *count * size);
        }
        memset(grown + *count * size, 0, (capacity - *count) * size);
        *array = grown;
    }
    return *array + (*count)++ * size;
}

bool slice_is_text(struct slice text, const char *word)
{
    return slice_equal(text, slice_text(word));
}

bool slice_is_any_case(struct slice text, const char *word)
{
    return strlen(word) == text.length && strncasecmp(word, text.data, text.length) == 0;
}

/* Edits from a to b; UINT32_MAX when they are too long to be worth it. */
static uint32_t edits(struct slice a, struct slice b)
{
    enum { MAX = 64 };
    uint32_t row[MAX + 1];

    if (a.length > MAX || b.length > MAX) {
        return UINT32_MAX;
    }
    for (uint32_t j = 0; j <= b.length; j++) {
        row[j] = j;
    }
    for (uint32_t i = 1; i <= a.length; i++) {
        uint32_t diagonal = row[0];
        row[0] = i;
        for (uint32_t j = 1; j <= b.length; j++) {
            uint32_t best = diagonal + ((a.data[i - 1] | 0x20) != (b.data[j - 1] | 0x20));
            best = row[j] + 1 < best ? row[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            diagonal = row[j];
            row[j] = best;
        }
    }
    return row[b.length];
}

void nearest_offer(struct nearest *nearest, struct slice name)
{
    uint32_t distance = edits(nearest->wanted, name);
    uint32_t most = nearest->wanted.length <= 3 ? 1 : nearest->wanted.length <= 6 ? 2 : 3;

    if (distance <= most && (nearest->best.length == 0 || distance < nearest->distance)) {
        nearest->best = name;
        nearest->distance = distance;
    }
}

struct slice ast_volatile(const struct ast *node)
{
    static const char *const names[] = {"now",
                                        "now64",
                                        "nowInBlock",
                                        "today",
                                        "yesterday",
                                        "current_date",
                                        "curdate",
                                        "current_timestamp",
                                        "UTCTimestamp",
                                        "utc_timestamp",
                                        "rand",
                                        "rand32",
                                        "rand64",
                                        "randConstant",
                                        "randCanonical",
                                        "generateUUIDv4",
                                        "generateUUIDv7",
                                        "uptime",
                                        "rowNumberInAllBlocks",
                                        "rowNumberInBlock",
                                        "queryID",
                                        "hostName"};
    if (node->kind == AST_FUNCTION) {
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
            if (slice_is_any_case(node->parts[0], names[i])) {
                return node->parts[0];
            }
        }
    }
    for (uint32_t i = 0; i < node->arguments.count; i++) {
        struct slice name = ast_volatile(node->arguments.items[i]);
        if (name.length > 0) {
            return name;
        }
    }
    return slice_text("");
}

/* Tables are opened before dictionaries can be found. */
static struct err *refuse_dictionaries(struct binder *binder, const struct ast *node)
{
    struct err *err = NULL;
    if (node->kind == AST_FUNCTION && node->parts[0].length > 4 && memcmp(node->parts[0].data, "dict", 4) == 0) {
        return bind_refuse(binder, node->offset, "%.*s in the definition of a table", SLICE_ARG(node->parts[0]));
    }
    for (uint32_t i = 0; i < node->arguments.count; i++) {
        OR_DONE(refuse_dictionaries(binder, node->arguments.items[i]));
    }
done:
    return err;
}

/* ---- entry points */

/* max_columns_to_read: of the stored tables below the plan. */
static struct err *check_columns(const struct plan *plan, uint64_t columns_max)
{
    struct err *err = NULL;
    for (uint32_t i = 0; err == NULL && i < plan->input_count; i++) {
        err = check_columns(plan->inputs[i], columns_max);
    }
    if (err == NULL && plan->kind == PLAN_SCAN && plan->source->generate == NULL && plan->column_count > columns_max) {
        err =
            err_new(ERR_TOO_MANY_COLUMNS, "Limit for number of columns to read exceeded. Requested: %u, maximum: %llu",
                    plan->column_count, (unsigned long long)columns_max);
    }
    return err;
}

struct err *bind_query(struct arena *arena, const struct bind_options *options, const struct ast_query *query,
                       struct query_plan *out)
{
    struct binder binder = {.arena = arena, .options = options};
    struct view_frame defining = {NULL, options->defining_database, options->defining_name};
    struct plan *plan = NULL;

    const struct ast_query *inner = query;
    while (inner->part_count == 1 && inner->parts[0].query != NULL) {
        inner = inner->parts[0].query;
    }
    binder.outermost = inner->part_count == 1 ? inner->parts[0].select : NULL;
    binder.view = options->defining_name.length > 0 ? &defining : NULL;
    struct err *err = bind_query_plan(&binder, NULL, query, &plan);
    err = err == NULL && options->result_filter.length > 0 ? bind_result_filter(&binder, &plan) : err;
    err = err == NULL ? plan_rewrite(arena, plan, &plan) : err;
    for (uint32_t k = 0; err == NULL && k < binder.subquery_count; k++) {
        err = plan_rewrite(arena, binder.subqueries[k].plan, &binder.subqueries[k].plan);
    }
    if (err == NULL && options->limits != NULL && options->limits->max_columns_to_read != 0) {
        err = check_columns(plan, options->limits->max_columns_to_read);
        for (uint32_t k = 0; err == NULL && k < binder.subquery_count; k++) {
            err = check_columns(binder.subqueries[k].plan, options->limits->max_columns_to_read);
        }
    }

    *out = (struct query_plan){
        .plan = plan, .subqueries = binder.subqueries, .subquery_count = err == NULL ? binder.subquery_count : 0};
    return interrupt_over(err);
}

static struct err *setting_text(struct arena *arena, const struct ast *value, struct slice *out)
{
    if (value == NULL) {
        *out = slice_text("");
    } else if (value->kind == AST_LITERAL && value->literal == AST_STRING) {
        *out = value->text;
    } else if (value->kind == AST_LITERAL && value->literal == AST_BOOL) {
        *out = slice_text(value->number != 0 ? "1" : "0");
    } else if (value->kind == AST_LITERAL && value->literal == AST_FLOAT && value->text.length > 0) {
        *out = value->text;
    } else {
        *out = ast_print_setting(arena, value);
    }
    return out->data == NULL ? arena_error(arena) : NULL;
}

static struct err *add_settings(struct arena *arena, const struct ast_settings *settings, struct bind_setting **items,
                                uint32_t *count)
{
    struct err *err = NULL;

    for (uint32_t i = 0; i < settings->count; i++) {
        struct bind_setting *setting = bind_array_add(arena, items, count, sizeof(*setting));
        if (setting == NULL) {
            return arena_error(arena);
        }
        setting->name = settings->items[i].name;
        setting->offset = settings->items[i].offset;
        OR_DONE(setting_text(arena, settings->items[i].value, &setting->value));
    }
done:
    return err;
}

/* Of its last SELECT. */
static struct err *add_query_settings(struct arena *arena, const struct ast_query *query, struct bind_setting **items,
                                      uint32_t *count)
{
    const struct ast_query_part *part = &query->parts[query->part_count - 1];
    while (part->query != NULL) {
        part = &part->query->parts[part->query->part_count - 1];
    }
    return add_settings(arena, &part->select->settings, items, count);
}

struct err *bind_settings(struct arena *arena, const struct ast_statement *statement, const struct bind_setting **out,
                          uint32_t *count)
{
    struct err *err = NULL;
    struct bind_setting *items = NULL;

    *count = 0;
    if (statement->query != NULL) {
        OR_DONE(add_query_settings(arena, statement->query, &items, count));
    }
    if (statement->insert != NULL) {
        OR_DONE(add_settings(arena, &statement->insert->settings, &items, count));
        if (statement->insert->select != NULL) {
            OR_DONE(add_query_settings(arena, statement->insert->select, &items, count));
        }
    }
    OR_DONE(add_settings(arena, &statement->settings, &items, count));
done:
    *out = items;
    return err;
}

/* The scope of an expression that stands alone over some columns. */
static struct err *rows_scope(struct arena *arena, struct scope *scope, const char *what,
                              const struct source_column *columns, uint32_t column_count)
{
    *scope = (struct scope){.rows_only = true, .rows_what = what, .with_all = true};
    scope->columns = arena_array(arena, column_count + 1U, sizeof(*scope->columns));
    if (scope->columns == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < column_count; i++) {
        scope->columns[i] =
            (struct scope_column){.name = columns[i].name, .type = columns[i].type, .index = i, .source = i};
    }
    scope->column_count = column_count;
    return NULL;
}

struct err *bind_expression(struct arena *arena, const struct bind_options *options, const struct ast *ast,
                            const struct source_column *columns, uint32_t column_count, const struct expression **out)
{
    struct err *err = NULL;
    struct binder binder = {.arena = arena, .options = options};
    struct scope scope;

    OR_DONE(refuse_dictionaries(&binder, ast));
    OR_DONE(rows_scope(arena, &scope, "such an expression", columns, column_count));
    OR_DONE(bind_node(&binder, &scope, ast, out));
done:
    return err;
}

struct err *bind_expression_text(struct arena *arena, const struct function_context *context, struct slice text,
                                 const struct source_column *columns, uint32_t column_count, const struct type *type,
                                 const struct expression **out)
{
    struct err *err = NULL;
    struct bind_options options = {.text = text, .context = context};
    struct ast *ast = NULL;

    OR_DONE(parse_expression_text(arena, text, &ast));
    OR_DONE(bind_expression(arena, &options, ast, columns, column_count, out));
    if (type != NULL && !type_equal((*out)->type, type)) {
        OR_DONE(expression_cast(arena, context, *out, type, out));
    }
done:
    return err;
}

/* ---- the SELECT of a source */

static struct err *refuse_row_clauses(struct binder *binder, const struct ast_select *select, struct slice from)
{
    const struct {
        bool stands;
        const char *what;
        uint32_t offset;
    } refused[] = {
        {select->with_count > 0 && select->with[0].query != NULL, "WITH name AS (SELECT …)", select->offset},
        {select->distinct || select->distinct_on.count > 0, "DISTINCT", select->offset},
        {select->grouped || select->with_totals, "GROUP BY", select->group_offset},
        {select->having != NULL, "HAVING", select->having == NULL ? 0 : select->having->offset},
        {select->window_count > 0 || select->qualify != NULL, "a window", select->offset},
        {select->order_count > 0, "ORDER BY", select->order_count == 0 ? 0 : select->order_by[0].offset},
        {select->limit != NULL || select->limit_offset != NULL || select->limit_by_count != NULL, "LIMIT",
         select->limit_position},
        {select->settings.count > 0, "SETTINGS (they stand before AS SELECT)",
         select->settings.count == 0 ? 0 : select->settings.items[0].offset},
        {select->table_count > 1, "JOIN", select->table_count > 1 ? select->tables[1].join_offset : 0},
    };
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        if (refused[i].stands) {
            return bind_error(binder, refused[i].offset, ERR_NOT_IMPLEMENTED,
                              "%s is not supported in a source's SELECT: it works row by row", refused[i].what);
        }
    }
    const struct ast_table *table = select->table_count == 1 ? &select->tables[0] : NULL;
    if (table == NULL || table->subquery != NULL || table->function != NULL || table->name_parameter != NULL ||
        table->database_parameter != NULL || table->database.length > 0 || !slice_equal(table->name, from)) {
        return bind_error(binder, table == NULL ? select->offset : table->offset, ERR_UNKNOWN_TABLE,
                          "a source's SELECT reads FROM %.*s and nothing else", SLICE_ARG(from));
    }
    if (table->final || table->sample != NULL) {
        return bind_refuse(binder, table->offset, "%s in a source", table->final ? "FINAL" : "SAMPLE");
    }
    return NULL;
}

struct err *bind_row_select(struct arena *arena, const struct bind_options *options, const struct ast_select *select,
                            struct slice from, const struct source_column *columns, uint32_t column_count,
                            struct bound_select *out)
{
    struct err *err = NULL;
    struct binder binder = {.arena = arena, .options = options};
    struct scope scope;
    struct items items = {0};
    const struct ast *conditions[2] = {select->prewhere, select->where};

    *out = (struct bound_select){0};
    OR_DONE(refuse_row_clauses(&binder, select, from));
    OR_DONE(rows_scope(arena, &scope, "a source", columns, column_count));
    scope.select = select;
    scope.table = select->tables[0].alias.length > 0 ? select->tables[0].alias : from;
    scope.table_name = from;
    OR_DONE(scope_collect_aliases(&binder, &scope));
    OR_DONE(bind_items(&binder, &scope, &select->columns, &items));
    struct source_column *results = arena_array(arena, items.count + 1U, sizeof(*results));
    const struct expression **expressions = arena_array(arena, items.count + 1U, sizeof(struct expression *));
    if (results == NULL || expressions == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t i = 0; i < items.count; i++) {
        results[i] = (struct source_column){.name = items.items[i].name, .type = items.items[i].expression->type};
        expressions[i] = items.items[i].expression;
    }
    out->columns = results;
    out->expressions = expressions;
    out->count = items.count;
    for (size_t i = 0; i < 2; i++) {
        const struct expression *condition = NULL;
        if (conditions[i] == NULL) {
            continue;
        }
        OR_DONE(bind_node(&binder, &scope, conditions[i], &condition));
        OR_DONE(bind_boolean(&binder, conditions[i]->offset, i == 0 ? "PREWHERE" : "WHERE", condition));
        if (out->condition != NULL) {
            const struct expression *both[2] = {out->condition, condition};
            OR_DONE(bind_call(&binder, conditions[i]->offset, "and", both, 2, &condition));
        }
        out->condition = condition;
    }
done:
    return err;
}

/* ---- which names a SELECT refers to */

struct name_list {
    struct arena *arena;
    bind_is_column *is_column;
    const void *user;
    struct slice *names;
    uint32_t count;
    bool all;
    bool failed;
};

static void note_name(struct name_list *list, struct slice name)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (slice_equal(list->names[i], name)) {
            return;
        }
    }
    struct slice *place = bind_array_add(list->arena, &list->names, &list->count, sizeof(*place));
    if (place == NULL || name.data == NULL) {
        list->failed = true;
        return;
    }
    *place = name;
}

#define COLUMN_PARTS_MAX 8U /* of a column's name, with points between them */

/* n.a, json.path, message.n.a: the most parts that are a column's name; none: the last part. */
static struct slice column_of(struct name_list *list, const struct ast *node)
{
    for (uint32_t begin = 0; begin < 2 && begin < node->part_count; begin++) {
        struct slice joined = node->parts[begin], found = {0};
        for (uint32_t end = begin + 1;; end++) {
            found = list->is_column(list->user, joined) ? joined : found;
            if (end == node->part_count || end == begin + COLUMN_PARTS_MAX) {
                break;
            }
            char *more = arena_format(list->arena, "%.*s.%.*s", SLICE_ARG(joined), SLICE_ARG(node->parts[end]));
            if (more == NULL) {
                return (struct slice){0};
            }
            joined = slice_text(more);
        }
        if (found.length > 0) {
            return found;
        }
    }
    return node->parts[node->part_count - 1];
}

static void note_names(struct name_list *list, const struct ast *node)
{
    if (node == NULL) {
        return;
    }
    if (node->kind == AST_STAR || node->kind == AST_COLUMNS) {
        list->all = true;
    }
    if (node->kind == AST_IDENTIFIER) {
        note_name(list, column_of(list, node));
    }
    for (uint32_t i = 0; i < node->arguments.count; i++) {
        note_names(list, node->arguments.items[i]);
    }
    for (const struct ast_transformer *next = node->transformers; next != NULL; next = next->next) {
        for (uint32_t i = 0; i < next->items.count; i++) {
            note_names(list, next->items.items[i]);
        }
    }
}

struct err *bind_row_select_columns(struct arena *arena, const struct ast_select *select, bind_is_column *is_column,
                                    const void *user, struct slice **names, uint32_t *count, bool *all)
{
    struct name_list list = {.arena = arena, .is_column = is_column, .user = user};

    for (uint32_t i = 0; i < select->with_count; i++) {
        note_names(&list, select->with[i].expression);
    }
    for (uint32_t i = 0; i < select->columns.count; i++) {
        note_names(&list, select->columns.items[i]);
    }
    note_names(&list, select->prewhere);
    note_names(&list, select->where);
    *names = list.names;
    *count = list.count;
    *all = list.all;
    return list.failed ? arena_error(arena) : NULL;
}
