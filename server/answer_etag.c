/*
 * answer_etag.c: see answer_etag.h.
 */
#include "server/answer_etag.h"

#include "server/endpoint.h"
#include "storage/table.h"

#include <stdio.h>

bool etag_is_wanted(const struct execution *execution)
{
    const struct settings *settings = &execution->settings;
    return execution->request->is_get && execution->request->method != NULL && !settings->skip_damaged_segments &&
           settings->incomplete_buckets == BUCKETS_KEEP && settings->limits.timeout_overflow_mode == OVERFLOW_THROW;
}

void etag_begin(struct answer_etag *etag, struct execution *execution)
{
    *etag = (struct answer_etag){.watch = {.server = execution->server},
                                 .definitions = live_definitions(execution->server)};
    execution->watch = &etag->watch;
}

static bool depends_on_them_alone(const struct query_plan *plan, const struct function_marks *marks)
{
    return !marks->is_volatile && !marks->asks_query && !marks->asks_time && !marks->asks_server && !marks->changes &&
           execution_reads_tables(plan);
}

void etag_end(struct answer_etag *etag, struct execution *execution, const struct query_plan *plan,
              const struct function_marks *marks, struct digest key)
{
    struct request *request = execution->request;
    struct buffer bytes = {0};
    execution->watch = NULL;
    request->etag[0] = 0;
    if (plan != NULL && etag->watch.count > 0 && depends_on_them_alone(plan, marks)) {
        const uint64_t common[] = {key.low, key.high, etag->definitions, live_nonce(execution->server),
                                   (uint64_t)execution->server->started_at_us};
        buffer_append(&bytes, common, sizeof(common));
        for (uint32_t i = 0; i < etag->watch.count; i++) {
            const uint64_t one[] = {table_id(etag->watch.items[i].table), etag->watch.items[i].changes};
            buffer_append(&bytes, one, sizeof(one));
        }
    }
    if (bytes.length > 0 && !bytes.failed) {
        struct digest digest = digest_of(bytes.data, bytes.length);
        (void)snprintf(request->etag, sizeof(request->etag), "%016llx%016llx", (unsigned long long)digest.high,
                       (unsigned long long)digest.low);
        request->etag_is_weak = true; /* rows without ORDER BY, statistics and encodings may differ */
    }
    buffer_deinit(&bytes);
    live_watch_deinit(&etag->watch);
}

bool etag_is_known(const struct execution *execution)
{
    const struct request *request = execution->request;
    return request->etag[0] != 0 && endpoint_names_tag(request_header(request, "If-None-Match"), request->etag);
}
