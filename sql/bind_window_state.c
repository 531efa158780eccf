/*
 * bind_window_state.c: window_state(): is the window of GROUP BY open, complete, or corrected?
 *
 * open       it ends behind the time through which the table is complete, or that time is not known
 * complete   no row of it is expected any more
 * corrected  it is complete, and after it was, rows of it came. A table whose rows say how late they came (storage/table.h,
 *            table_lateness_column) is asked for the rows themselves: an aggregate like any other, whatever happened to
 *            them since. Of other tables it is known as far as late rows are remembered (system.late_rows). Rows that
 *            are later than ALLOWED LATENESS correct nothing
 * windows    of tumble, hop and session over the event time of a stored table
 */
#include "query/completeness.h"
#include "sql/join.h"
#include "sql/parser.h"
#include "sql/printer.h"
#include "sql/selection.h"
#include "storage/table.h"

/* The table of FROM whose event time the time rises with, and that column; NULL: there is none. */
static const struct scope *side_of(const struct scope *scope, const struct expression *time,
                                   const struct completeness **complete)
{
    uint32_t index = 0;
    if (time->kind == EXPRESSION_CONSTANT || !expression_rises(time, &index)) {
        return NULL;
    }
    for (uint32_t c = 0; c < scope->column_count; c++) {
        const struct scope_column *column = &scope->columns[c];
        if (column->index != index) {
            continue;
        }
        const struct scope *side = scope->join == NULL         ? scope
                                   : column->side == JOIN_NONE ? NULL
                                                               : &scope->join->sides[column->side].scope;
        const struct table_source *source = side == NULL ? NULL : side->source;
        *complete = source == NULL ? NULL : source->completeness;
        return *complete == NULL || !slice_equal((*complete)->column, column->name) ? NULL : side;
    }
    return NULL;
}

static void names_of(const struct scope *side, struct slice names[2])
{
    names[0] = side->database;
    names[1] = side->table_name.length > 0 ? side->table_name : side->table;
}

const struct completeness *bind_completeness(const struct scope *scope, const struct expression *time,
                                             struct slice names[2])
{
    const struct completeness *complete = NULL;
    const struct scope *side = side_of(scope, time, &complete);
    if (side == NULL) {
        return NULL;
    }
    names_of(side, names);
    return complete;
}

bool bind_says_lateness(const struct scope *scope)
{
    for (uint32_t i = 0; i < scope->column_count; i++) {
        const struct type *type = scope->columns[i].type;
        if (slice_is_text(scope->columns[i].name, TABLE_LATENESS) && type->kind == TYPE_UINT64 && !type->nullable) {
            return true;
        }
    }
    return false;
}

struct err *window_corrected(struct arena *arena, struct slice table, struct slice time, struct ast **out)
{
    struct slice prefix = table.length == 0 ? table : sql_identifier(arena, table);
    struct slice column = sql_identifier(arena, time);
    const char *dot = table.length == 0 ? "" : ".";
    char *text =
        prefix.data == NULL || column.data == NULL
            ? NULL
            : arena_format(arena,
                           "maxOrNullIf(toUnixTimestamp64Micro(toDateTime64(%.*s%s%.*s, 6, 'UTC')) + "
                           "toInt64(%.*s%s" TABLE_LATENESS "), %.*s%s" TABLE_LATENESS " > 0)",
                           SLICE_ARG(prefix), dot, SLICE_ARG(column), SLICE_ARG(prefix), dot, SLICE_ARG(prefix), dot);
    return text == NULL ? arena_error(arena) : parse_expression_text(arena, slice_text(text), out);
}

static struct err *constant_of(struct binder *binder, const struct type *type, const void *value,
                               const struct expression **out)
{
    const struct column *column = type == NULL    ? NULL
                                  : value == NULL ? column_const_null(binder->arena, type, 1)
                                                  : column_const(binder->arena, type, value, 1);
    return column == NULL ? arena_error(binder->arena) : expression_constant(binder->arena, column, out);
}

/* Of late rows those that count. False: none does, as they came later than ALLOWED LATENESS lets them. */
static bool counts(const struct ast_select *select, struct late_range *range)
{
    const struct ast_table *table = &select->tables[0];
    int64_t bound_us = 0;
    if (!table->late_bounded || __builtin_sub_overflow(range->complete_us, table->lateness_us, &bound_us)) {
        return true;
    }
    range->begin_us = range->begin_us < bound_us ? bound_us : range->begin_us;
    return range->begin_us <= range->end_us;
}

/* The ranges of late rows as one array. */
static struct err *late_array(struct binder *binder, const struct scope *scope, uint32_t offset,
                              const struct slice names[2], const struct expression **out)
{
    struct err *err = NULL;
    struct late_range *ranges = NULL;
    uint32_t count = 0, used = 0;
    OR_DONE(completeness_late(names[0].length > 0 ? names[0] : binder->options->context->database, names[1],
                              binder->arena, &ranges, &count));
    const struct expression **numbers = arena_array(binder->arena, count * (size_t)3 + 1, sizeof(struct expression *));
    if (numbers == NULL) {
        return arena_error(binder->arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!counts(scope->select, &ranges[i])) {
            continue;
        }
        const int64_t three[3] = {ranges[i].begin_us, ranges[i].end_us, ranges[i].complete_us};
        for (uint32_t k = 0; k < 3; k++) {
            OR_DONE(constant_of(binder, type_simple(TYPE_INT64), &three[k], &numbers[used++]));
        }
    }
    OR_DONE(bind_call(binder, offset, used == 0 ? "emptyArrayInt64" : "array", numbers, used, out));
done:
    return err;
}

struct err *bind_window_state(struct binder *binder, struct scope *scope, const struct ast *node,
                              const struct expression **out)
{
    static const char *const kinds[] = {"tumble", "hop", "session"};
    struct err *err = NULL;
    const struct ast *call = NULL;
    const struct expression *key = NULL, *arguments[4] = {NULL, NULL, NULL, NULL};
    struct slice names[2] = {slice_text(""), slice_text("")};

    if (scope->no_aggregates != NULL || scope->in_aggregate) {
        return bind_error(binder, node->offset, ERR_ILLEGAL_AGGREGATION,
                          "window_state() is not allowed %s%s: the window is known once rows are grouped",
                          scope->in_aggregate ? "inside an aggregate function" : "in ",
                          scope->in_aggregate ? "" : scope->no_aggregates);
    }
    for (size_t k = 0; scope->select != NULL && k < sizeof(kinds) / sizeof(kinds[0]) && call == NULL; k++) {
        call = bind_window_call_of(scope, slice_text(kinds[k]));
    }
    if (call != NULL) {
        struct ast plain = *call;
        plain.alias = (struct slice){0};
        OR_DONE(bind_node(binder, scope, &plain, &key));
    }
    const struct completeness *complete = NULL;
    const struct scope *side =
        key == NULL || key->kind != EXPRESSION_CALL ? NULL : side_of(scope, key->children[0], &complete);
    if (side == NULL) {
        err = bind_error(binder, node->offset, ERR_BAD_ARGUMENTS,
                         "window_state() needs GROUP BY tumble, hop or session over the event time of a stored table");
        goto done;
    }
    names_of(side, names);
    if (binder->options->context->marks != NULL) {
        binder->options->context->marks->asks_server = true;
    }
    for (uint64_t element = 1; element <= 2; element++) {
        const struct ast number = {.kind = AST_LITERAL, .literal = AST_UINT, .number = element, .depth = 1};
        const struct expression *pair[2] = {key, NULL};
        OR_DONE(bind_literal(binder, &number, &pair[1]));
        OR_DONE(bind_call(binder, node->offset, "tupleElement", pair, 2, &arguments[element - 1]));
    }
    const struct type *type = type_datetime64(binder->arena, 6, NULL);
    type = type == NULL ? NULL : type_nullable(binder->arena, type, true);
    OR_DONE(constant_of(binder, type, complete->known ? &complete->complete_us : NULL, &arguments[2]));
    if (bind_says_lateness(side)) {
        struct ast *corrected = NULL;
        OR_DONE(window_corrected(binder->arena, side->table, complete->column, &corrected));
        OR_DONE(bind_node(binder, scope, corrected, &arguments[3]));
    } else {
        OR_DONE(late_array(binder, scope, node->offset, names, &arguments[3]));
    }
    OR_DONE(bind_call(binder, node->offset, "window_state", arguments, 4, out));
done:
    return err;
}
