/*
 * endpoint.c: requests that are no statements: their table, their bodies, what their answers' heads hold.
 *
 * flow     execute.c → here → dashboards.c, prometheus_api.c
 * logged   as queries are, under "METHOD path"; bodies are not
 */
#include "server/endpoint.h"

#include "base/timezone.h"
#include "server/access.h"
#include "server/dashboard_schema.h"
#include "server/dashboards.h"
#include "server/prometheus_api.h"

#include <stdio.h>
#include <string.h>

static const struct endpoint endpoints[] = {
    {"/dashboards", "GET, HEAD, PUT, DELETE", DASHBOARD_BYTES_MAX, dashboards_answer, false},
    {"/api/v1", "GET, HEAD, POST", PROMETHEUS_BODY_MAX, prometheus_api_answer, true},
    {"/prometheus/api/v1", "GET, HEAD, POST", PROMETHEUS_BODY_MAX, prometheus_api_answer, true},
};

const struct endpoint *endpoint_find(const char *path)
{
    for (size_t k = 0; k < sizeof(endpoints) / sizeof(endpoints[0]); k++) {
        size_t length = strlen(endpoints[k].path);
        if (strncmp(path, endpoints[k].path, length) == 0 && (path[length] == 0 || path[length] == '/')) {
            return &endpoints[k];
        }
    }
    return NULL;
}

bool endpoint_takes(const struct endpoint *endpoint, const char *method)
{
    size_t length = strlen(method);
    for (const char *at = strstr(endpoint->methods, method); at != NULL; at = strstr(at + 1, method)) {
        if ((at == endpoint->methods || at[-1] == ' ') && (at[length] == ',' || at[length] == 0)) {
            return length > 0;
        }
    }
    return false;
}

struct slice endpoint_rest(const struct execution *execution)
{
    const char *rest = execution->request->path + strlen(execution->request->endpoint->path);
    return slice_text(*rest == '/' ? rest + 1 : "");
}

bool endpoint_names_tag(struct slice header, const char *etag)
{
    size_t length = strlen(etag);
    for (size_t at = 0; at < header.length; at++) {
        if (header.data[at] == '*') {
            return true;
        }
        if (header.data[at] == '"') {
            const char *end = memchr(header.data + at + 1, '"', header.length - at - 1);
            if (end == NULL) {
                return false;
            }
            size_t bytes = (size_t)(end - header.data) - at - 1;
            if (bytes == length && memcmp(header.data + at + 1, etag, bytes) == 0) {
                return true;
            }
            at += bytes + 1;
        }
    }
    return false;
}

void endpoint_head(struct execution *execution, const char *content_type, const char *etag)
{
    const struct reply_head head = {.content_type = content_type,
                                    .format = "",
                                    .query_id = execution->process->query_id,
                                    .zone = timezone_name(execution->context.zone),
                                    .completeness = ""};
    request_head(execution->request, &head);
    (void)snprintf(execution->request->etag, sizeof(execution->request->etag), "%s", etag);
}

/* As a statement is, so that it stands in the list of processes and in the query log. */
static struct err *introduce(struct execution *execution)
{
    char *shown = arena_format(execution->arena, "%s %.500s", execution->request->method, execution->request->path);
    if (shown == NULL) {
        return arena_error(execution->arena);
    }
    process_text(execution->server, execution->process, slice_text(shown));
    execution->process->kind = PROCESS_OTHER;
    const struct access_used used = {.amounts = {[AST_QUOTA_QUERIES] = 1}};
    return access_use(execution->server->access, execution->access, execution->process->address, &used, true);
}

struct err *endpoint_step(struct execution *execution, bool *finished)
{
    struct err *err = NULL;
    const struct endpoint *endpoint = execution->request->endpoint;
    *finished = true;
    OR_DONE(request_take(execution->request, &execution->piece, &execution->body_end));
    if (execution->text.length + execution->piece.length > endpoint->body_bytes_max) {
        return err_new(ERR_BAD_ARGUMENTS, "the body of %s %.200s has more than %zu bytes", execution->request->method,
                       execution->request->path, endpoint->body_bytes_max);
    }
    if (!budget_take(&execution->process->budget, execution->piece.length)) {
        return budget_error(&execution->process->budget, execution->piece.length);
    }
    execution->bytes_taken += execution->piece.length;
    buffer_slice(&execution->text, buffer_all(&execution->piece));
    execution->piece.length = 0;
    if (execution->text.failed) {
        return err_oom();
    }
    *finished = execution->body_end;
    if (*finished) {
        OR_DONE(introduce(execution));
        err = endpoint->answer(execution, buffer_all(&execution->text));
    }
done:
    return err;
}
