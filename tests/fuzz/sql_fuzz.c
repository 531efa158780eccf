/*
 * sql_fuzz.c: any text as SQL: parsed, printed, parsed and printed again (the same), bound, defined.
 *
 * The input is cut at empty lines, so that the golden files are seeds as they are.
 */
#include "base/timezone.h"
#include "query/table_source.h"
#include "sql/bind.h"
#include "sql/define_dictionary.h"
#include "sql/materialize.h"
#include "sql/parser.h"
#include "sql/printer.h"

#include <stdio.h>
#include <stdlib.h>

#define BYTES_MAX      ((uint64_t)256 << 20)
#define INPUT_BYTES    65536U
#define STATEMENTS_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct source_column columns[16];
static uint32_t column_count;
static struct function_context context;

static struct err *generate_nothing(struct table_source *source, struct arena *arena,
                                    const struct source_request *request, struct source_output *output)
{
    (void)source;
    (void)arena;
    (void)request;
    (void)output;
    return NULL;
}

static struct err *find_table(void *user, struct arena *arena, struct slice database, struct slice table,
                              struct table_source **out)
{
    (void)user;
    (void)database;
    *out = NULL;
    if (slice_equal(table, slice_text("events"))) {
        *out = ARENA_NEW(arena, struct table_source);
        if (*out == NULL) {
            return arena_error(arena);
        }
        **out = (struct table_source){.database = slice_text("golden"),
                                      .name = slice_text("events"),
                                      .columns = columns,
                                      .column_count = column_count,
                                      .generate = generate_nothing};
    }
    return NULL;
}

static void start(void)
{
    static const char *const names_and_types[][2] = {{"id", "UInt32"},
                                                     {"ts", "DateTime('UTC')"},
                                                     {"day", "Date"},
                                                     {"origin", "LowCardinality(String)"},
                                                     {"dest", "String"},
                                                     {"delay", "Int32"},
                                                     {"price", "Float64"},
                                                     {"note", "Nullable(String)"},
                                                     {"tail", "Nullable(Int64)"},
                                                     {"cost", "Decimal(9, 2)"},
                                                     {"late", "Bool"},
                                                     {"uid", "UUID"}};
    static struct arena *arena; /* lives for ever */

    arena = arena_create(NULL);
    for (size_t i = 0; i < sizeof(names_and_types) / sizeof(names_and_types[0]); i++) {
        columns[i].name = slice_text(names_and_types[i][0]);
        err_free(type_parse(arena, slice_text(names_and_types[i][1]), &columns[i].type));
        column_count++;
    }
    context = (struct function_context){.now_us = 1764000000000000,
                                        .zone = timezone_utc(),
                                        .database = slice_text("golden"),
                                        .user = slice_text("default"),
                                        .query_id = slice_text("fuzz"),
                                        .host = slice_text("localhost")};
    source_register_builtin();
}

/* What was printed must read back as the same. */
static void check_printing(struct arena *arena, const struct ast_query *query)
{
    struct slice printed = ast_print_query(arena, query);
    struct ast_statement *again = NULL;

    if (printed.data == NULL || printed.length > SQL_TEXT_BYTES_MAX) {
        return;
    }
    struct err *err = parse_query(arena, printed, 0, &again);
    if (err != NULL) {
        if (err_code(err) == ERR_SYNTAX || err_code(err) == ERR_EMPTY_QUERY) {
            fprintf(stderr, "printed: %.*s\n%s\n", SLICE_ARG(printed), err_message(err));
            abort();
        }
        err_free(err); /* limits and memory */
        return;
    }
    struct slice second = again->query == NULL ? slice_text("") : ast_print_query(arena, again->query);
    if (second.data != NULL && !slice_equal(printed, second)) {
        fprintf(stderr, "printed:\n%.*s\nagain:\n%.*s\n", SLICE_ARG(printed), SLICE_ARG(second));
        abort();
    }
}

static struct err *find_view(void *user, struct arena *inner, struct slice database, struct slice name,
                             struct slice *out)
{
    static const char *const views[][2] = {
        {"v", "CREATE VIEW golden.v (id Int64, origin String) AS SELECT id, origin FROM golden.events"},
        {"pv", "CREATE VIEW golden.pv AS SELECT id FROM golden.events WHERE id = {p:UInt8}"},
        {"loop", "CREATE VIEW golden.loop (a UInt8) AS SELECT a FROM golden.loop"}};
    (void)user;
    (void)inner;
    (void)database;
    *out = (struct slice){0};
    for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++) {
        if (slice_equal(name, slice_text(views[i][0]))) {
            *out = slice_text(views[i][1]);
        }
    }
    return NULL;
}

/* Once more with the conditions that the statement's settings put beside it. */
static void bind_filtered(struct arena *arena, struct bind_options options, const struct ast_statement *statement)
{
    const struct bind_setting *settings = NULL;
    struct query_plan plan;
    uint32_t count = 0;
    bool found = false;

    err_free(bind_settings(arena, statement, &settings, &count));
    for (uint32_t i = 0; i < count; i++) {
        if (slice_equal(settings[i].name, slice_text("additional_table_filters"))) {
            err_free(bind_filters(arena, settings[i].value, &options.filters, &options.filter_count));
            found = found || options.filter_count > 0;
        } else if (slice_equal(settings[i].name, slice_text("additional_result_filter"))) {
            options.result_filter = settings[i].value;
            found = true;
        }
    }
    if (found) {
        err_free(bind_query(arena, &options, statement->query, &plan));
    }
}

static void run(struct arena *arena, struct slice sql)
{
    static const struct bind_catalogue catalogue = {.find = find_table, .view = find_view};
    static const struct bind_parameter parameters[] = {{{"x", 1}, {"5", 1}}, {{"t", 1}, {"events", 6}}};
    struct bind_options options = {
        .text = sql, .context = &context, .catalogue = &catalogue, .parameters = parameters, .parameter_count = 2};
    struct ast_statement *statement = NULL;
    struct query_plan plan;
    struct table_def table;
    struct source_definition source;

    struct err *err = parse_query(arena, sql, 0, &statement);
    if (err != NULL) {
        err_free(err);
        return;
    }
    if (statement->query != NULL && statement->kind == AST_SELECT) {
        check_printing(arena, statement->query);
        err_free(bind_query(arena, &options, statement->query, &plan));
        bind_filtered(arena, options, statement);
    }
    if (statement->kind == AST_CREATE_DICTIONARY) {
        struct object_def dictionary;
        err_free(define_dictionary(arena, &options, statement->create_dictionary, slice_text("golden"), &dictionary));
    } else if (statement->kind == AST_CREATE_VIEW && statement->create_table->materialized) {
        static const uint8_t uuid[16];
        struct object_def view;
        struct table_def inner;
        struct materialized parts;
        struct slice text;
        err = define_materialized(arena, &options, statement->create_table, slice_text("golden"), uuid, &view, &inner,
                                  &parts);
        if (err == NULL && parts.states) {
            err = materialized_read(arena, &parts, slice_text("golden"), slice_text("inner"), &text);
        }
        err_free(err);
    } else if (statement->kind == AST_CREATE_VIEW) {
        struct object_def view;
        err_free(define_view(arena, &options, statement->create_table, slice_text("golden"), &view));
    } else if (statement->create_table != NULL) {
        err_free(define_table(arena, &options, statement->create_table, slice_text("golden"), columns, column_count,
                              NULL, &table));
    }
    if (statement->create_source != NULL) {
        err_free(define_source(arena, &options, statement->create_source, slice_text("golden"), &source));
        if (statement->create_source->select != NULL) {
            struct bound_select bound;
            err_free(bind_row_select(arena, &options, statement->create_source->select, slice_text("message"), columns,
                                     column_count, &bound));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool started;
    const char *at = (const char *)data;
    const char *end = at + (size > INPUT_BYTES ? INPUT_BYTES : size);

    if (!started) {
        start();
        started = true;
    }
    for (uint32_t i = 0; i < STATEMENTS_MAX && at < end; i++) {
        const char *next = memmem(at, (size_t)(end - at), "\n\n", 2);
        struct budget budget;
        budget_init(&budget, "query", BYTES_MAX, NULL);
        struct arena *arena = arena_create(&budget);
        if (arena == NULL) {
            return 0;
        }
        run(arena, slice_of(at, (size_t)((next == NULL ? end : next) - at)));
        arena_destroy(arena);
        at = next == NULL ? end : next + 2;
    }
    return 0;
}
