/*
 * verify.c: VERIFY TABLE: storage/verify.h over SQL.
 *
 * flow     ddl.c → here → storage/verify.c; the row is a SELECT of constants, so that it takes every format
 * ends     with KILL QUERY and when the client hangs up
 */
#include "server/verify.h"

#include "base/checksum.h"
#include "base/interrupt.h"
#include "format/value.h"
#include "sql/printer.h"
#include "storage/verify.h"

#include <inttypes.h>
#include <string.h>

/* A time or a date in the session's zone; without one the bound stays as it is. */
static struct err *bound(const struct execution *execution, struct slice text, const char *which, int64_t *us)
{
    int32_t days = 0;
    int64_t ticks = 0;
    if (text.data == NULL) {
        return NULL;
    }
    if (value_parse_date(text, &days)) {
        text = arena_slice(execution->arena, text);
        char *midnight = text.data == NULL ? NULL : arena_format(execution->arena, "%.*s 00:00:00", SLICE_ARG(text));
        if (midnight == NULL) {
            return arena_error(execution->arena);
        }
        text = slice_text(midnight);
    }
    if (!value_parse_datetime(text, execution->context.zone, 6, &ticks)) {
        return err_new(ERR_CANNOT_PARSE_DATETIME, "VERIFY TABLE … %s '%.*s' is no time; write '2026-01-31 12:00:00'",
                       which, SLICE_ARG(slice_of(text.data, text.length > 60 ? 60 : text.length)));
    }
    *us = ticks;
    return NULL;
}

struct err *execute_verify(struct execution *execution, struct table *table, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct err *problem = NULL;
    struct verify_report report;
    struct interrupt interrupt;
    int64_t from_us = INT64_MIN, to_us = INT64_MAX;
    struct table_def *def = table_definition(table);

    OR_DONE(bound(execution, statement->from, "FROM", &from_us));
    OR_DONE(bound(execution, statement->to, "TO", &to_us));
    interrupt_begin(&interrupt, &execution->process->progress.cancelled);
    err = interrupt_over(table_verify(table, from_us, to_us, &report, &problem));
    interrupt_end(&interrupt);
    if (err != NULL) {
        goto done;
    }
    struct hash chain;
    char hash[65];
    memcpy(chain.bytes, report.ledger.hash, sizeof chain.bytes);
    hash_text(&chain, hash);
    struct slice database = sql_string(execution->arena, slice_text(def->database));
    struct slice name = sql_string(execution->arena, slice_text(def->name));
    struct slice broken = sql_string(execution->arena, slice_text(problem == NULL ? "" : err_message(problem)));
    if (database.data == NULL || name.data == NULL || broken.data == NULL) {
        err = arena_error(execution->arena);
        goto done;
    }
    err = execute_text(
        execution,
        "SELECT %.*s AS database, %.*s AS table, toUInt8(%d) AS is_whole, %.*s AS problem, "
        "toUInt64(%" PRIu64 ") AS segments, toUInt64(%" PRIu64 ") AS rows, toUInt64(%" PRIu64
        ") AS bytes, toUInt64(%" PRIu64 ") AS damaged, toUInt64(%" PRIu64 ") AS first_commit, toUInt64(%" PRIu64
        ") AS last_commit, toUInt8(%d) AS from_the_beginning, toUInt64(%" PRIu64 ") AS merges, '%s' AS chain",
        SLICE_ARG(database), SLICE_ARG(name), problem == NULL ? 1 : 0, SLICE_ARG(broken), report.segments, report.rows,
        report.bytes, report.damaged, report.ledger.commit_first, report.ledger.commit_last,
        report.ledger.to_genesis ? 1 : 0, report.ledger.merges_checked, hash);
done:
    err_free(problem);
    table_def_unref(def);
    return err;
}
