/*
 * answer_etag.h: ETag of what a GET of a SELECT answers, so that who asks again and again hears in a word that nothing
 * has changed (If-None-Match, 304; docs/HTTP.md).
 *
 * tag      of all that the answer depends on: what identical queries have in common (select.c), how often each table
 *          that it reads, and each that feeds one, has changed, how often definitions have; and this start of the server
 * none     where the answer depends on more: the time, chance, dictionaries, system tables, functions of tables,
 *          temporary tables, completeness (window_state, incomplete_buckets), damage that is passed over, a time limit
 *          that cuts it off
 * usage    begin; bind, with execution->watch as begin left it; end. Changes are counted before rows are seen, so that an
 *          answer may be newer than its tag, never older.
 */
#ifndef SERVER_ANSWER_ETAG_H
#define SERVER_ANSWER_ETAG_H

#include "query/plan.h"
#include "query/plan_digest.h"
#include "server/execute.h"
#include "server/live_private.h"

struct answer_etag {
    struct live_watch watch;
    uint64_t definitions;
};

/* May answers of this request have one? */
bool etag_is_wanted(const struct execution *execution);
void etag_begin(struct answer_etag *etag, struct execution *execution);
/* Behind the binding, also after an error (plan NULL). The tag is the request's, or "". */
void etag_end(struct answer_etag *etag, struct execution *execution, const struct query_plan *plan,
              const struct function_marks *marks, struct digest key);
/* Does the client have this answer? */
bool etag_is_known(const struct execution *execution);

#endif
