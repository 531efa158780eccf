/*
 * inner_query.c: see inner_query.h.
 */
#include "server/inner_query.h"

#include "server/access_query.h"
#include "sql/parser.h"

#include <stdlib.h>

struct err *inner_query_begin(struct inner_query *inner, struct server *server,
                              const struct inner_query_options *options)
{
    struct execution *execution = inner->execution = calloc(1, sizeof(*execution));
    if (execution == NULL) {
        return err_oom();
    }
    uint64_t most = server->config.query_memory_max;
    most = options->memory_max != 0 && (most == 0 || options->memory_max < most) ? options->memory_max : most;
    budget_init(&inner->process.budget, options->what, most,
                options->budget != NULL ? options->budget : &server->queries_budget);
    execution->arena = arena_create(&inner->process.budget);
    if (execution->arena == NULL) {
        return err_oom();
    }
    settings_init(&execution->settings);
    execution->process = &inner->process;
    execution->access = options->access;
    execution->settings.use_partial_cache = options->caches;
    execution->notes_completeness = options->notes_completeness;
    execution_init(execution, server, options->database);
    if (options->now_us != 0) {
        execution->context.now_us = options->now_us;
    }
    return NULL;
}

struct err *inner_query_bind(struct inner_query *inner, struct slice text)
{
    struct err *err = NULL;
    struct execution *execution = inner->execution;
    struct ast_statement *statement = NULL;
    const struct bind_setting *settings = NULL;
    uint32_t setting_count = 0;

    execution->bind.text = text;
    OR_DONE(parse_query(execution->arena, text, (uint32_t)text.length + 1, &statement));
    if (statement->kind != AST_SELECT) {
        err = err_new(ERR_BAD_ARGUMENTS, "a SELECT was expected, not %.*s", SLICE_ARG(slice_cut(text, 100)));
        goto done;
    }
    OR_DONE(bind_settings(execution->arena, statement, &settings, &setting_count));
    for (uint32_t k = 0; k < setting_count; k++) {
        OR_DONE(execution_set(execution, settings[k].name, settings[k].value));
    }
    if (setting_count > 0) {
        OR_DONE(execution_settings_changed(execution));
    }
    execution->bind.incomplete_buckets = execution->settings.incomplete_buckets;
    err = execution_bind(execution, statement->query, &inner->plan);
done:
    return err;
}

struct err *inner_query_run(struct inner_query *inner, uint32_t threads_max, struct query_progress *progress,
                            query_sink sink, void *user)
{
    struct execution *execution = inner->execution;
    const struct query_options options = {.budget = &inner->process.budget,
                                          .spill = &execution->server->spill,
                                          .limits = execution->settings.limits,
                                          .threads_max = threads_max,
                                          .context = &execution->context,
                                          .partial_cache = execution_partial_cache(execution)};
    return query_execute(&inner->plan, &options, progress == NULL ? &inner->process.progress : progress, sink, user);
}

void inner_query_end(struct inner_query *inner)
{
    if (inner->execution != NULL) {
        buffer_deinit(&inner->execution->changed.bytes);
        arena_destroy(inner->execution->arena);
        free(inner->execution);
    }
    inner->execution = NULL;
}
