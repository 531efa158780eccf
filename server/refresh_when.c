/*
 * refresh_when.c: when a view with REFRESH is due.
 *
 * A moment of the schedule is done when a commit has its rows (the catalogue knows), or when its retries are used up.
 * A view with DEPENDS ON waits until each of those is behind that moment itself.
 */
#include "server/refresh_private.h"

#include "server/server.h"

struct refreshed_view *refresh_find(const struct refreshes *refreshes, uint64_t id)
{
    for (uint32_t i = 0; i < refreshes->count; i++) {
        if (refreshes->views[i]->id == id) {
            return refreshes->views[i];
        }
    }
    return NULL;
}

static uint64_t mixed(uint64_t value)
{
    value = (value ^ (value >> 31)) * 0x9e3779b97f4a7c15ULL;
    return value ^ (value >> 29);
}

/* The moment that comes next, by the schedule alone; *due_us: with RANDOMIZE FOR. */
static int64_t next_slot(struct refreshed_view *view, const struct object_def *def, int64_t now_us, int64_t *due_us)
{
    int64_t slot = def->refreshed_us != 0 ? def->refreshed_slot_us : 0;
    int64_t ended = def->refreshed_us;
    if (view->done_us > ended) {
        slot = view->done_slot_us;
        ended = view->done_us;
    }
    if (ended == 0 && !view->empty) {
        *due_us = def->created_at_us;
        return view->schedule.after ? def->created_at_us : refresh_slot(&view->schedule, def->created_at_us);
    }
    if (ended == 0) {
        slot = refresh_slot(&view->schedule, def->created_at_us);
        ended = def->created_at_us;
    }
    if (ended > now_us && (view->anchor_us == 0 || view->anchor_us > now_us)) {
        view->anchor_us = now_us;
    } else if (ended <= now_us) {
        view->anchor_us = 0;
    }
    if (view->anchor_us != 0) { /* the clock was put back: it does not stand still until then */
        ended = view->anchor_us;
        slot = refresh_slot(&view->schedule, ended);
    }
    int64_t next = refresh_following(&view->schedule, view->schedule.after ? ended : slot);
    *due_us = next + refresh_spread(&view->schedule, mixed(view->chance ^ (uint64_t)slot));
    return next;
}

int64_t refresh_due_us(const struct refreshes *refreshes, struct refreshed_view *view, const struct object_def *def,
                       int64_t now_us, int64_t *slot_us)
{
    int64_t due = 0;
    if (!view->refreshable || view->running || view->leaves) {
        return INT64_MAX;
    }
    int64_t next = next_slot(view, def, now_us, &due);
    int64_t current = refresh_slot(&view->schedule, now_us); /* what was missed is made up for by one */
    *slot_us = due <= now_us && next > current ? next : current;
    if (view->wanted) {
        return 0;
    }
    if (view->stopped || refreshes->all_stopped) {
        return INT64_MAX;
    }
    return view->failures > 0 ? view->retry_us : due;
}

const struct ast_depends *refresh_waits_for(const struct refreshes *refreshes, const struct refreshed_view *view,
                                            const struct object_def *def, int64_t slot_us, bool *missing)
{
    *missing = false;
    for (uint32_t i = 0; i < view->depend_count && !view->wanted; i++) {
        const struct ast_depends *depends = &view->depends[i];
        char database[256], name[256]; /* longer ones are no names of views */
        slice_copy(database, sizeof(database), depends->database);
        slice_copy(name, sizeof(name), depends->name);
        struct object_def *other = catalogue_object_find(refreshes->server->store->catalogue, database, name);
        struct refreshed_view *known = other == NULL ? NULL : refresh_find(refreshes, other->id);
        bool waits = true;
        if (known == NULL || !known->refreshable) {
            *missing = true;
        } else if (known->schedule.after) { /* it has no moments: one of its refreshes for each of these */
            waits = other->refreshed_us == 0 || other->refreshed_us <= def->refreshed_us;
        } else { /* rows, not attempts: one that was given up does not count */
            waits = other->refreshed_us == 0 ||
                    refresh_following(&known->schedule, refresh_slot(&known->schedule, other->refreshed_slot_us)) <=
                        slot_us;
        }
        waits = waits || (known != NULL && known->running);
        object_def_unref(other);
        if (waits) {
            return depends;
        }
    }
    return NULL;
}
