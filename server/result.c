/*
 * result.c: rows of a query as the reply's bytes.
 *
 * flow     a bound plan → query/execute.h → chunks → format/writer.h → request_write (http_reply.c)
 * thread   query_execute calls the sink from its own threads, one at a time
 */
#include "base/clock.h"
#include "base/interrupt.h"
#include "base/number.h"
#include "format/writer.h"
#include "query/extremes.h"
#include "server/access_query.h"
#include "server/completeness.h"
#include "server/execute.h"
#include "server/flight.h"
#include "sql/parser.h"
#include "sql/printer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Text of strings that is written at once. */
#define WRITE_BYTES ((uint64_t)1 << 20)

struct sink {
    struct execution *execution;
    struct writer *writer;
    struct extremes *extremes; /* or NULL */
    struct buffer out;
    struct buffer packed; /* of a transport that speaks in blocks: what is sent */
};

static struct err *flush(struct sink *sink, enum block_kind kind)
{
    struct execution *execution = sink->execution;
    const struct buffer *out = &sink->out;
    struct err *err = NULL;
    OR_DONE(interrupt_check()); /* then rows may be half written */
    if (sink->out.failed) {
        err = writer_error(sink->writer);
        goto done;
    }
    if (request_has_blocks(execution->request)) {
        sink->packed.length = 0;
        OR_DONE(request_pack(execution->request, kind, buffer_all(&sink->out), &sink->packed));
        out = &sink->packed;
    }
    if (execution->flight != NULL) {
        flight_keep(execution->server->flights, execution->flight, buffer_all(out));
    }
    execution->process->bytes_result += sink->out.length;
    err = request_write(execution->request, buffer_all(out), execution->settings.wait_end_of_query);
done:
    sink->out.length = 0;
    return err;
}

uint64_t chunk_string_bytes(const struct chunk *chunk)
{
    uint64_t bytes = 0;
    for (uint32_t c = 0; c < chunk->column_count; c++) {
        const struct column *column = chunk->columns[c];
        for (uint32_t row = 0; column->type->kind == TYPE_STRING && row < chunk->row_count; row++) {
            bytes += ((const struct slice *)column_value(column, row))->length;
        }
    }
    return bytes;
}

/* Writes rows in parts whose text is of bounded size. */
static struct err *write_rows(struct sink *sink, const struct chunk *chunk)
{
    struct err *err = NULL;
    struct arena *arena = NULL;
    if (chunk->row_count > 1 && chunk_string_bytes(chunk) > WRITE_BYTES) {
        arena = arena_create(&sink->execution->process->budget);
        uint32_t middle = chunk->row_count / 2;
        struct chunk *first = arena == NULL ? NULL : chunk_part(arena, chunk, 0, middle);
        struct chunk *second = arena == NULL ? NULL : chunk_part(arena, chunk, middle, chunk->row_count);
        if (first == NULL || second == NULL) {
            err = arena == NULL ? err_oom() : arena_error(arena);
            goto done;
        }
        OR_DONE(write_rows(sink, first));
        err = write_rows(sink, second);
    } else {
        writer_chunk(sink->writer, chunk);
        if (sink->out.length >= ((size_t)64 << 10) || sink->out.failed ||
            request_has_blocks(sink->execution->request)) {
            err = flush(sink, BLOCK_ROWS);
        }
    }
done:
    arena_destroy(arena);
    return err;
}

static struct err *take_chunk(void *user, const struct chunk *chunk, bool *stop)
{
    struct sink *sink = user;
    struct err *err = NULL;
    (void)stop;
    if (sink->extremes != NULL) {
        OR_DONE(extremes_add(sink->extremes, chunk));
    }
    err = write_rows(sink, chunk);
done:
    return err;
}

static struct err *begin_extremes(struct sink *sink, const struct plan *plan)
{
    struct execution *execution = sink->execution;
    const struct type **types = ARENA_ARRAY(execution->arena, const struct type *, (size_t)plan->column_count + 1);
    if (types == NULL) {
        return arena_error(execution->arena);
    }
    for (uint32_t k = 0; k < plan->column_count; k++) {
        types[k] = plan->columns[k].type;
    }
    return extremes_create(&execution->process->budget, types, plan->column_count, &sink->extremes);
}

static struct err *write_extremes(struct sink *sink)
{
    struct err *err = NULL;
    const struct chunk *rows;
    OR_DONE(extremes_rows(sink->extremes, &rows));
    if (rows != NULL) {
        writer_extremes(sink->writer, rows);
        err = request_has_blocks(sink->execution->request) ? flush(sink, BLOCK_EXTREMES) : NULL;
    }
done:
    return err;
}

static struct err *take_totals(void *user, const struct chunk *row)
{
    struct sink *sink = user;
    writer_totals(sink->writer, row);
    return request_has_blocks(sink->execution->request) ? flush(sink, BLOCK_TOTALS) : NULL;
}

struct partial_cache *execution_partial_cache(const struct execution *execution)
{
    return execution->settings.use_partial_cache ? execution->server->partial_cache : NULL;
}

uint32_t execution_client_revision(const struct execution *execution)
{
    struct slice text = request_parameter(execution->request, "client_protocol_version");
    uint64_t revision = 0;
    if (execution->request->revision > 0) {
        return execution->request->revision;
    }
    return number_parse_u64(text, &revision) && revision <= UINT32_MAX ? (uint32_t)revision : 0;
}

struct err *execute_plan(struct execution *execution, const struct query_plan *plan)
{
    struct err *err = NULL;
    struct sink sink = {.execution = execution};
    bool blocks = request_has_blocks(execution->request);
    struct slice format = blocks                          ? slice_text("Native")
                          : execution->format.length == 0 ? slice_text("TabSeparated")
                                                          : execution->format;
    uint32_t column_count = plan->plan->column_count;
    struct writer_column *columns = ARENA_ARRAY(execution->arena, struct writer_column, column_count);
    if (columns == NULL) {
        return arena_error(execution->arena);
    }
    for (uint32_t k = 0; k < column_count; k++) {
        columns[k].name = plan->plan->columns[k].name;
        columns[k].type = plan->plan->columns[k].type;
    }
    struct writer_options writer_options = {.zone = execution->context.zone,
                                            .settings = &execution->settings.format,
                                            .client_revision = execution_client_revision(execution),
                                            .packets = blocks,
                                            .budget = &execution->process->budget};
    OR_DONE(writer_create(format, columns, column_count, &writer_options, &sink.out, &sink.writer));
    char *format_text = execution_text(execution, format);
    completeness_head(execution, execution->summary.completeness, sizeof(execution->summary.completeness));
    const struct reply_head head = {.content_type = writer_content_type(format),
                                    .format = format_text == NULL ? "" : format_text,
                                    .query_id = execution->process->query_id,
                                    .zone = timezone_name(execution->context.zone),
                                    .completeness = execution->summary.completeness};
    request_head(execution->request, &head);
    writer_begin(sink.writer);
    if (blocks) {
        OR_DONE(flush(&sink, BLOCK_ROWS));
    }
    process_plan(execution->process, plan);
    struct query_options options = {.budget = &execution->process->budget,
                                    .spill = &execution->server->spill,
                                    .limits = execution->settings.limits,
                                    .threads_max = (uint32_t)execution->settings.max_threads,
                                    .context = &execution->context,
                                    .partial_cache = execution_partial_cache(execution),
                                    .exact_rows_before_limit = execution->settings.exact_rows_before_limit,
                                    .totals = take_totals};
    if (execution->settings.extremes) {
        OR_DONE(begin_extremes(&sink, plan->plan));
    }
    OR_DONE(query_execute(plan, &options, &execution->process->progress, take_chunk, &sink));
    if (sink.extremes != NULL) {
        OR_DONE(write_extremes(&sink));
    }
    execution->summary.rows_result = writer_rows(sink.writer);
    atomic_store(&execution->process->progress.rows_result, writer_rows(sink.writer));
    struct writer_statistics statistics = {
        .elapsed_seconds = (double)(clock_monotonic_us() - execution->process->started_monotonic_us) * 1e-6,
        .rows_read = atomic_load(&execution->process->progress.rows_read),
        .bytes_read = atomic_load(&execution->process->progress.bytes_read),
        .rows_before_limit_known = atomic_load(&execution->process->progress.has_limit),
        .rows_before_limit = atomic_load(&execution->process->progress.rows_before_limit)};
    OR_DONE(completeness_text(execution, &statistics.completeness));
    writer_end(sink.writer, &statistics);
    if (sink.out.length > 0 || !blocks) {
        err = flush(&sink, BLOCK_ROWS);
    }
done:
    extremes_destroy(sink.extremes);
    writer_destroy(sink.writer);
    buffer_deinit(&sink.out);
    buffer_deinit(&sink.packed);
    return err;
}

struct err *execute_sample(struct execution *execution, const struct writer_column *columns, uint32_t column_count)
{
    struct err *err = NULL;
    struct sink sink = {.execution = execution};
    struct writer_options options = {
        .zone = execution->context.zone, .client_revision = execution_client_revision(execution), .packets = true};
    OR_DONE(writer_create(slice_text("Native"), columns, column_count, &options, &sink.out, &sink.writer));
    writer_begin(sink.writer);
    err = flush(&sink, BLOCK_ROWS);
done:
    writer_destroy(sink.writer);
    buffer_deinit(&sink.out);
    buffer_deinit(&sink.packed);
    return err;
}

struct err *execute_text(struct execution *execution, const char *format, ...)
{
    va_list list;
    char *text = NULL;
    va_start(list, format);
    int length = vasprintf(&text, format, list);
    va_end(list);
    if (length < 0) {
        return err_oom();
    }
    struct err *err = NULL;
    struct ast_statement *statement = NULL;
    struct query_plan plan;
    struct slice own = arena_slice(execution->arena, slice_of(text, (size_t)length));
    free(text);
    if (own.data == NULL) {
        return arena_error(execution->arena);
    }
    struct bind_options bind = execution->bind;
    bind.text = own;
    OR_DONE(parse_query(execution->arena, own, (uint32_t)own.length + 1, &statement));
    OR_DONE(access_bind(execution, &bind, statement->query, (struct slice){0}, (struct slice){0}, &plan));
    err = execute_plan(execution, &plan);
done:
    return err;
}

struct err *execute_constant(struct execution *execution, const char *name, struct slice value)
{
    struct slice quoted = sql_string(execution->arena, value);
    if (quoted.data == NULL) {
        return arena_error(execution->arena);
    }
    return execute_text(execution, "SELECT %.*s AS `%s`", SLICE_ARG(quoted), name);
}
