/*
 * kill.c: KILL QUERY WHERE condition [SYNC | ASYNC | TEST].
 *
 * answer   ClickHouse's: kill_status, query_id, user, query of each. ASYNC (the default): "waiting", it was told; SYNC:
 *          "finished", when it has ended; TEST: "unknown_status", nothing was done. The statement spares itself.
 * thread   a query thread
 */
#include "query/execute.h"
#include "server/execute.h"
#include "sql/printer.h"

#include <time.h>

#define POLL_US 2000

struct killed {
    struct killed *next;
    struct slice id;
    struct slice query_id; /* this and the others in quotes */
    struct slice user;
    struct slice query;
};

struct kill {
    struct execution *execution;
    struct killed *first;
    uint64_t count;
};

static struct err *take(void *user, const struct chunk *chunk, bool *stop)
{
    struct kill *kill = user;
    struct arena *arena = kill->execution->arena;
    (void)stop;
    for (uint32_t row = 0; row < chunk->row_count; row++) {
        struct killed *killed = ARENA_NEW(arena, struct killed);
        if (killed == NULL) {
            return arena_error(arena);
        }
        struct slice *const fields[] = {&killed->query_id, &killed->user, &killed->query};
        for (uint32_t c = 0; c < 3; c++) {
            *fields[c] = sql_string(arena, *(const struct slice *)column_value(chunk->columns[c], row));
            if (fields[c]->data == NULL) {
                return arena_error(arena);
            }
        }
        killed->id = slice_of(killed->query_id.data, 0);
        struct slice id = *(const struct slice *)column_value(chunk->columns[0], row);
        if (id.length > 0) {
            killed->id = arena_slice(arena, id);
            if (killed->id.data == NULL) {
                return arena_error(arena);
            }
        }
        if (slice_equal(id, slice_text(kill->execution->process->query_id))) {
            continue;
        }
        killed->next = kill->first;
        kill->first = killed;
        kill->count++;
    }
    return NULL;
}

static struct err *wait_for_all(const struct kill *kill)
{
    const struct timespec moment = {.tv_nsec = POLL_US * 1000};
    for (const struct killed *killed = kill->first; killed != NULL; killed = killed->next) {
        while (process_exists(kill->execution->server, killed->id)) {
            if (atomic_load(&kill->execution->process->progress.cancelled)) {
                return err_new(ERR_QUERY_CANCELLED, "Query was cancelled");
            }
            (void)nanosleep(&moment, NULL);
        }
    }
    return NULL;
}

static struct err *reply(const struct kill *kill, const char *status)
{
    struct err *err = NULL;
    struct buffer rows = {0};
    for (const struct killed *killed = kill->first; killed != NULL; killed = killed->next) {
        buffer_printf(&rows, ", (%.*s, %.*s, %.*s)", SLICE_ARG(killed->query_id), SLICE_ARG(killed->user),
                      SLICE_ARG(killed->query));
    }
    if (rows.failed) {
        err = err_oom();
    } else if (kill->count == 0) {
        err =
            execute_text(kill->execution, "SELECT '' AS kill_status, '' AS query_id, '' AS user, '' AS query WHERE 0");
    } else {
        err =
            execute_text(kill->execution,
                         "SELECT '%s' AS kill_status, query_id, user, query FROM values('query_id String, user String, "
                         "query String'%.*s)",
                         status, (int)rows.length, rows.data);
    }
    buffer_deinit(&rows);
    return err;
}

struct err *execute_kill(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct query_plan plan;
    struct kill kill = {.execution = execution};
    struct query_options options = {.budget = &execution->process->budget, .context = &execution->context};
    OR_DONE(bind_query(execution->arena, &execution->bind, statement->query, &plan));
    OR_DONE(query_execute(&plan, &options, &execution->process->progress, take, &kill));
    for (const struct killed *killed = kill.first; killed != NULL && !statement->test; killed = killed->next) {
        (void)process_kill(execution->server, killed->id);
    }
    if (statement->sync) {
        OR_DONE(wait_for_all(&kill));
    }
    err = reply(&kill, statement->test ? "unknown_status" : statement->sync ? "finished" : "waiting");
done:
    return err;
}
