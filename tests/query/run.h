/*
 * run.h: for tests: runs one SELECT in this process and gives its result as text.
 */
#ifndef TESTS_QUERY_RUN_H
#define TESTS_QUERY_RUN_H

#include "base/text.h"
#include "base/timezone.h"
#include "query/execute.h"
#include "query/functions/value_text.h"
#include "sql/bind.h"
#include "sql/parser.h"

#include <stdio.h>
#include <stdlib.h>

static struct partial_cache *run_cache;    /* or NULL */
static struct query_progress run_progress; /* of the last one */

struct run {
    struct buffer text; /* rows: values with tabs between, \N for NULL, as TabSeparated but without escapes */
    const struct timezone *zone;
};

static inline struct err *run_sink(void *user, const struct chunk *chunk, bool *stop)
{
    struct run *run = user;
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct text_buffer buffer = {arena, NULL, 0};
    (void)stop;
    for (uint32_t i = 0; i < chunk->row_count; i++) {
        for (uint32_t c = 0; c < chunk->column_count; c++) {
            const struct column *column = chunk->columns[c];
            struct slice text = {"\\N", 2};
            if (column->type->kind != TYPE_NOTHING && !column_is_null(column, i)) {
                OR_DONE(value_text(&buffer, column->type, run->zone, column_value(column, i), &text));
            }
            buffer_append(&run->text, "\t", c > 0);
            buffer_append(&run->text, text.length > 0 ? text.data : "", text.length);
        }
        buffer_append(&run->text, "\n", 1);
    }
done:
    arena_destroy(arena);
    return err;
}

/* The result, or "Code: 62. message\n"; *types (may be NULL): names of the result's types with ", " between. Both to be
 * freed. */
static inline char *run_sql(const char *sql, const struct bind_catalogue *catalogue, char **types)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct run run = {{0}, timezone_utc()};
    struct function_context context = {.now_us = 1700000000000000, .zone = timezone_utc()};
    struct bind_options options = {.text = slice_text(sql), .context = &context, .catalogue = catalogue};
    struct ast_statement *statement = NULL;
    struct query_plan plan = {0};
    struct query_options limits = {.context = &context, .partial_cache = run_cache};
    struct buffer names = {0};

    context.database = slice_text("default");
    memset(&run_progress, 0, sizeof(run_progress));
    OR_DONE(parse_query(arena, slice_text(sql), 1 << 20, &statement));
    OR_DONE(bind_query(arena, &options, statement->query, &plan));
    for (uint32_t c = 0; c < plan.plan->column_count; c++) {
        struct slice name = type_name(arena, plan.plan->columns[c].type);
        buffer_append(&names, ", ", c > 0 ? 2 : 0);
        buffer_append(&names, name.data, name.length);
    }
    OR_DONE(query_execute(&plan, &limits, &run_progress, run_sink, &run));
done:
    if (err != NULL) {
        run.text.length = 0;
        buffer_printf(&run.text, "Code: %d. %s\n", (int)err_code(err), err_message(err));
        err_free(err);
    }
    buffer_append(&run.text, "", 1);
    buffer_append(&names, "", 1);
    if (types != NULL) {
        *types = strdup(names.data);
    }
    char *text = malloc(run.text.length);
    memcpy(text, run.text.data, run.text.length);
    buffer_deinit(&run.text);
    buffer_deinit(&names);
    arena_destroy(arena);
    return text;
}

#endif
