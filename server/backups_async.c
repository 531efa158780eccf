/*
 * backups_async.c: BACKUP and RESTORE … ASYNC: a thread of its own for each, beside its answer.
 *
 * process  one of its own, whose query_id is the operation's id: system.processes shows it, KILL QUERY ends it
 * bounded  JOBS_MAX at a time
 * ends     the server's stop cancels all and waits for them
 */
#include "server/backups.h"

#include "base/pool.h"
#include "sql/parser.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JOBS_MAX 16U

struct backup_job {
    struct backup_job *next; /* under server->lock, as is */
    bool ended;
    pthread_t thread;
    struct execution execution;
    struct process process;
    struct slice text;
    backup_work work;
    struct backup_entry entry; /* texts in the execution's arena */
    uint64_t number;
};

static void wake(struct process *process)
{
    (void)process; /* its thread looks at the flag */
}

static void *run(void *object)
{
    struct backup_job *job = object;
    struct execution *execution = &job->execution;
    struct server *server = execution->server;
    struct ast_statement *statement = NULL;
    struct err *err = parse_query(execution->arena, job->text, (uint32_t)job->text.length + 1, &statement);

    if (err == NULL) {
        err = job->work(execution, statement->backup, &job->entry);
    }
    backups_finish(server, job->number, &job->entry, err);
    process_end(server, &job->process, err);
    err_free(err);
    lock_take(&server->lock);
    job->ended = true;
    lock_give(&server->lock);
    return NULL;
}

static void job_free(struct backup_job *job)
{
    arena_destroy(job->execution.arena);
    free(job);
}

/* Jobs that ended (all: every one) are waited for and go. *left: how many others there are. */
static void reap(struct server *server, bool all, uint32_t *left)
{
    struct backup_job *gone = NULL, **link = backups_jobs(server);

    *left = 0;
    lock_take(&server->lock);
    while (*link != NULL) {
        struct backup_job *job = *link;
        if (!all && !job->ended) {
            link = &job->next;
            ++*left;
            continue;
        }
        query_cancel(&job->process.progress);
        *link = job->next;
        job->next = gone;
        gone = job;
    }
    lock_give(&server->lock);
    while (gone != NULL) {
        struct backup_job *job = gone;
        gone = job->next;
        (void)pthread_join(job->thread, NULL);
        job_free(job);
    }
}

void backups_async_stop(struct server *server)
{
    uint32_t left = 0;
    if (server->backups != NULL) {
        reap(server, true, &left);
    }
}

static struct err *job_make(const struct execution *asked, const struct ast_statement *statement, backup_work work,
                            const struct backup_entry *entry, uint64_t number, struct backup_job **out)
{
    struct err *err = NULL;
    struct server *server = asked->server;
    struct backup_job *job = calloc(1, sizeof *job);

    if (job == NULL) {
        return err_oom();
    }
    budget_init(&job->process.budget, "the query", server->config.query_memory_max, &server->queries_budget);
    job->execution.arena = arena_create(&job->process.budget);
    struct arena *arena = job->execution.arena;
    if (arena == NULL) {
        free(job);
        return err_oom();
    }
    job->work = work;
    job->number = number;
    job->entry = *entry;
    job->entry.name = arena_text(arena, slice_text(entry->name));
    job->entry.folder = arena_text(arena, slice_text(entry->folder));
    job->entry.base_name = arena_text(arena, slice_text(entry->base_name));
    job->entry.base_folder = entry->base_folder == NULL ? NULL : arena_text(arena, slice_text(entry->base_folder));
    job->text = arena_slice(arena, statement->text);
    struct slice database = arena_slice(arena, asked->database);
    if (job->entry.name == NULL || job->entry.folder == NULL || job->entry.base_name == NULL ||
        (entry->base_folder != NULL && job->entry.base_folder == NULL) || job->text.data == NULL ||
        database.data == NULL) {
        err = arena_error(arena);
        job_free(job);
        return err;
    }
    execution_init(&job->execution, server, database);
    job->execution.process = &job->process;
    job->process.wake = wake;
    job->process.kind = PROCESS_OTHER;
    job->process.began = true;
    job->process.query_kind = statement->kind == AST_BACKUP ? "Backup" : "Restore";
    (void)snprintf(job->process.query_id, sizeof job->process.query_id, "%s", entry->id);
    (void)snprintf(job->process.user, sizeof job->process.user, "%s", asked->process->user);
    (void)snprintf(job->process.address, sizeof job->process.address, "%s", asked->process->address);
    (void)snprintf(job->process.database, sizeof job->process.database, "%s", asked->process->database);
    *out = job;
    return err;
}

struct err *backups_async(struct execution *execution, const struct ast_statement *statement, backup_work work,
                          const struct backup_entry *entry, uint64_t number)
{
    struct err *err = NULL;
    struct server *server = execution->server;
    struct backup_job *job = NULL;
    uint32_t others = 0;

    reap(server, false, &others);
    if (others >= JOBS_MAX) {
        return err_new(ERR_TOO_MANY_QUERIES, "%u backups and restores run already; wait for one", others);
    }
    OR_DONE(job_make(execution, statement, work, entry, number, &job));
    OR_DONE(process_begin(server, &job->process));
    process_text(server, &job->process, job->text);
    struct backup_job *started = job;
    err = thread_start(&started->thread, "backup", run, started);
    if (err != NULL) {
        process_end(server, &job->process, err);
        goto done;
    }
    job = NULL;
    lock_take(&server->lock);
    struct backup_job **jobs = backups_jobs(server);
    started->next = *jobs;
    *jobs = started;
    lock_give(&server->lock);
done:
    if (job != NULL) {
        job_free(job);
    }
    return err;
}
