/*
 * define_watermark.c: see define_watermark.h.
 *
 * units    of a fixed length, up to weeks: how long a month is depends on the row
 * follows  the clause of the same name in Flink's and RisingWave's SQL
 */
#include "sql/define_watermark.h"

#include "sql/parser.h"
#include "sql/printer.h"
#include "storage/table.h"

#define DELAY_US_MAX ((int64_t)366 * 86400 * 1000000)

/* n of toIntervalUnit(n) in microseconds; false: it is none, or of no fixed length, negative, or too long. */
static bool interval_us(const struct ast *node, int64_t *out)
{
    static const struct {
        const char *function;
        int64_t us;
    } units[] = {{"toIntervalMicrosecond", 1},     {"toIntervalMillisecond", 1000},
                 {"toIntervalSecond", 1000000},    {"toIntervalMinute", (int64_t)60 * 1000000},
                 {"toIntervalHour", 3600000000},   {"toIntervalDay", 86400000000},
                 {"toIntervalWeek", 604800000000}, {NULL, 0}};
    if (node->kind != AST_FUNCTION || node->arguments.count != 1) {
        return false;
    }
    const struct ast *number = node->arguments.items[0];
    for (size_t i = 0; units[i].function != NULL; i++) {
        if (slice_is_text(node->parts[0], units[i].function)) {
            if (number->kind != AST_LITERAL || number->literal != AST_UINT ||
                number->number > (uint64_t)(DELAY_US_MAX / units[i].us)) {
                return false;
            }
            *out = (int64_t)number->number * units[i].us;
            return true;
        }
    }
    return false;
}

static bool is_column(const struct ast *node, struct slice column)
{
    return node->kind == AST_IDENTIFIER && node->part_count == 1 && slice_equal(node->parts[0], column);
}

/* column, or column - INTERVAL n unit. */
static bool delay_of(const struct ast *node, struct slice column, int64_t *out)
{
    *out = 0;
    return is_column(node, column) ||
           (node->kind == AST_FUNCTION && slice_is_text(node->parts[0], "minus") && node->arguments.count == 2 &&
            is_column(node->arguments.items[0], column) && interval_us(node->arguments.items[1], out));
}

struct err *define_watermark(struct binder *binder, const struct ast_create_table *create,
                             const struct source_column *names, uint32_t name_count, struct table_def *def)
{
    const struct ast *node = create->watermark;
    struct slice column = create->watermark_column;
    uint32_t found = 0;
    int64_t delay_us;
    def->watermark = def->watermark_column = "";
    if (node == NULL) {
        return NULL;
    }
    while (found < name_count && !slice_equal(names[found].name, column)) {
        found++;
    }
    if (found == name_count) {
        return bind_error(binder, create->watermark_offset, ERR_UNKNOWN_IDENTIFIER,
                          "WATERMARK FOR %.*s: the table has no such column", SLICE_ARG(column));
    }
    if (!type_is_time(names[found].type) || names[found].type->nullable) {
        return bind_error(binder, create->watermark_offset, ERR_ARGUMENT_TYPE,
                          "WATERMARK FOR %.*s: an event time is a Date, Date32, DateTime or DateTime64, not Nullable; "
                          "this column is %.*s",
                          SLICE_ARG(column), SLICE_ARG(type_name(binder->arena, names[found].type)));
    }
    if (!delay_of(node, column, &delay_us)) {
        return bind_error(binder, node->offset, ERR_BAD_ARGUMENTS,
                          "WATERMARK FOR %.*s AS %.*s: write %.*s, or %.*s - INTERVAL n unit, with a whole number of "
                          "microseconds to weeks, a year at most",
                          SLICE_ARG(column), SLICE_ARG(ast_print(binder->arena, node)), SLICE_ARG(column),
                          SLICE_ARG(column));
    }
    def->watermark = ast_print(binder->arena, node).data;
    def->watermark_column = arena_text(binder->arena, column);
    return def->watermark == NULL || def->watermark_column == NULL ? arena_error(binder->arena) : NULL;
}

struct err *watermark_delay(struct arena *arena, const struct table_def *def, int64_t *delay_us)
{
    struct ast *node;
    *delay_us = 0;
    if (def->watermark[0] == 0) {
        return NULL;
    }
    struct err *err = parse_expression_text(arena, slice_text(def->watermark), &node);
    if (err == NULL && !delay_of(node, slice_text(def->watermark_column), delay_us)) {
        err = err_new(ERR_CORRUPT, "the watermark \"%s\" of a table is none", def->watermark);
    }
    return err;
}
