/*
 * kill.c: KILL QUERY and KILL MUTATION WHERE condition [SYNC | ASYNC | TEST].
 *
 * answer   ClickHouse's: kill_status, query_id, user, query of each; or database, table, mutation_id, command. ASYNC
 *          (the default): "waiting", it was told; SYNC: "finished", when it has ended; TEST: "unknown_status", nothing
 *          was done. The statement spares itself.
 * mutation the statement that waits for it is what runs, and is cancelled; those that ended are "finished"
 * thread   a query thread
 */
#include "query/execute.h"
#include "server/access_query.h"
#include "server/execute.h"
#include "sql/printer.h"

#include <time.h>

#define POLL_US 2000

#define FIELDS_MAX 4U

/* What the answer has of each, and where the query that chooses has it. */
struct fields {
    const char *structure, *names;
    uint32_t first, count;
    uint32_t finish_time; /* 0: it has none */
};
static const struct fields of_queries = {"query_id String, user String, query String", "query_id, user, query", 0, 3,
                                         0};
static const struct fields of_mutations = {"database String, table String, mutation_id String, command String",
                                           "database, table, mutation_id, command", 1, 4, 5};

struct killed {
    struct killed *next;
    struct slice id;
    struct slice fields[FIELDS_MAX]; /* in quotes */
    bool ended;
};

struct kill {
    struct execution *execution;
    const struct fields *fields;
    struct killed *first;
    uint64_t count;
    bool denied; /* some are not the user's to end */
};

/* One's own queries; others' with KILL QUERY. Mutations: with what began them. */
static bool may_kill(const struct kill *kill, const struct chunk *chunk, uint32_t row)
{
    const struct access_session *access = kill->execution->access;
    if (access_may(access, PRIVILEGE(MAY_KILL_QUERY), (struct right_on){0})) {
        return true;
    }
    if (kill->fields == &of_queries) {
        return slice_equal(*(const struct slice *)column_value(chunk->columns[1], row), access_session_user(access));
    }
    const struct right_on on = {.database = *(const struct slice *)column_value(chunk->columns[1], row),
                                .table = *(const struct slice *)column_value(chunk->columns[2], row)};
    return access_may(access, PRIVILEGE(MAY_ALTER_DELETE) | PRIVILEGE(MAY_ALTER_UPDATE), on);
}

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
        for (uint32_t c = 0; c < kill->fields->count; c++) {
            const struct column *column = chunk->columns[kill->fields->first + c];
            killed->fields[c] = sql_string(arena, *(const struct slice *)column_value(column, row));
            if (killed->fields[c].data == NULL) {
                return arena_error(arena);
            }
        }
        killed->id = slice_of(killed->fields[0].data, 0);
        killed->ended = kill->fields->finish_time > 0 &&
                        *(const uint32_t *)column_value(chunk->columns[kill->fields->finish_time], row) != 0;
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
        if (!may_kill(kill, chunk, row)) {
            kill->denied = true;
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
        while (!killed->ended && process_exists(kill->execution->server, killed->id)) {
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
    const struct fields *fields = kill->fields;
    for (const struct killed *killed = kill->first; killed != NULL; killed = killed->next) {
        buffer_printf(&rows, ", ('%s'", killed->ended ? "finished" : status);
        for (uint32_t c = 0; c < fields->count; c++) {
            buffer_printf(&rows, ", %.*s", SLICE_ARG(killed->fields[c]));
        }
        buffer_char(&rows, ')');
    }
    if (rows.failed) {
        err = err_oom();
    } else if (kill->count == 0) {
        err = execute_text(kill->execution, "SELECT * FROM null('kill_status String, %s')", fields->structure);
    } else {
        err = execute_text(kill->execution, "SELECT kill_status, %s FROM values('kill_status String, %s'%.*s)",
                           fields->names, fields->structure, (int)rows.length, rows.data);
    }
    buffer_deinit(&rows);
    return err;
}

struct err *execute_kill(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct query_plan plan;
    struct kill kill = {.execution = execution, .fields = statement->mutation ? &of_mutations : &of_queries};
    struct query_options options = {.budget = &execution->process->budget, .context = &execution->context};
    OR_DONE(execution_bind(execution, statement->query, &plan));
    OR_DONE(query_execute(&plan, &options, &execution->process->progress, take, &kill));
    if (kill.count == 0 && kill.denied) {
        err = access_check(execution->access, PRIVILEGE(MAY_KILL_QUERY), (struct right_on){0});
        goto done;
    }
    for (const struct killed *killed = kill.first; killed != NULL && !statement->test; killed = killed->next) {
        if (!killed->ended) {
            (void)process_kill(execution->server, killed->id);
        }
    }
    if (statement->sync) {
        OR_DONE(wait_for_all(&kill));
    }
    err = reply(&kill, statement->test ? "unknown_status" : statement->sync ? "finished" : "waiting");
done:
    return err;
}
