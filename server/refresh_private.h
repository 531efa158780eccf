/*
 * refresh_private.h: what the files of views with REFRESH share.
 */
#ifndef SERVER_REFRESH_PRIVATE_H
#define SERVER_REFRESH_PRIVATE_H

#include "base/lock.h"
#include "query/execute.h"
#include "server/refresh.h"
#include "sql/refresh.h"
#include "storage/catalogue.h"

#include <pthread.h>
#include <stdatomic.h>

#define REFRESH_THREADS 2U

struct refreshed_view {
    uint64_t id;
    uint32_t version; /* of the definition that was parsed */
    bool there;       /* still */
    bool refreshable; /* false: another materialized view */
    bool empty;       /* nothing was there at first, and nothing is due before the next moment */
    bool append;
    bool stopped; /* SYSTEM STOP */
    bool wanted;  /* SYSTEM REFRESH */
    bool running;
    bool leaves; /* it is being dropped: no attempt begins */
    struct refresh_schedule schedule;
    const struct ast_depends *depends; /* in the arena */
    uint32_t depend_count;
    struct arena *arena; /* of the definition */
    int64_t anchor_us;   /* the clock was put back behind the last refresh: it counts as one of this time; or 0 */
    int64_t done_slot_us,
        done_us;       /* the moment that was given up or refreshed last, and when; 0: none since the start */
    int64_t retry_us;  /* not before; wall clock */
    uint64_t failures; /* in a row, of one moment */
    uint64_t attempts; /* that ended, ever: who waits for one compares it */
    int64_t tried_us;  /* when the last one ended, or the one that runs began; 0: none */
    uint64_t rows;     /* written by the last one */
    uint64_t chance;
    struct query_progress progress; /* of the last one */
    char reason[1000];              /* of the last failure; "" */
};

struct refreshes {
    struct server *server;
    pthread_t threads[REFRESH_THREADS];
    uint32_t started;
    struct lock lock;
    struct condition changed;
    _Atomic bool stopping;
    bool all_stopped;
    struct refreshed_view **views; /* those that run stay */
    uint32_t count, capacity;
};

/* refresh.c: brings the list up to what the catalogue has. */
struct err *refresh_look(struct refreshes *refreshes);
/* refresh_when.c. All of them under the lock. */
struct refreshed_view *refresh_find(const struct refreshes *refreshes, uint64_t id);
/* When it is due by its schedule, and by what went wrong; INT64_MAX: never. *slot_us: the moment that it is for. */
int64_t refresh_due_us(const struct refreshes *refreshes, struct refreshed_view *view, const struct object_def *def,
                       int64_t now_us, int64_t *slot_us);
/* The first view that it DEPENDS ON that does not have the rows of that moment yet; NULL: none. *missing: there is no
 * such view. The catalogue's names are locked meanwhile. */
const struct ast_depends *refresh_waits_for(const struct refreshes *refreshes, const struct refreshed_view *view,
                                            const struct object_def *def, int64_t slot_us, bool *missing);
/* refresh_run.c: one attempt. *refreshed: all but its end. */
struct view_refreshed;
struct err *refresh_run(struct refreshes *refreshes, struct refreshed_view *view, const struct object_def *def,
                        struct view_refreshed *refreshed, uint64_t *rows);

#endif
