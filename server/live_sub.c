/*
 * live_sub.c: a viewer's subscriptions: they join groups, are marked when there is something to send, end with errors.
 *
 * thread   `live`
 */
#include "server/live_private.h"

#include "format/json_paths.h"

#include <stdlib.h>

struct live_bytes *live_error_bytes(struct live *live, const struct err *err, bool final)
{
    struct buffer text = {0};
    struct live_bytes *bytes;
    buffer_printf(&text, "\"type\":\"error\",\"code\":%d,\"message\":", (int)err_code(err));
    struct slice message = slice_text(err_message(err));
    json_string_text(&text, message);
    buffer_printf(&text, ",\"final\":%s}", final ? "true" : "false");
    bytes = text.failed ? NULL : live_bytes_new(&live->budget, buffer_all(&text));
    buffer_deinit(&text);
    return bytes;
}

void live_viewer_mark(struct live_viewer *viewer)
{
    if (!viewer->ready) {
        viewer->ready = true;
        viewer->ready_next = viewer->live->ready;
        viewer->live->ready = viewer;
    }
}

void live_sub_mark(struct live_sub *sub)
{
    if (!sub->dirty) {
        sub->dirty = true;
        sub->viewer->dirty_count++;
    }
    live_viewer_mark(sub->viewer);
}

static void join(struct live_group *group, struct live_sub *sub)
{
    sub->group = group;
    sub->next = group->subs;
    if (sub->next != NULL) {
        sub->next->before = sub;
    }
    group->subs = sub;
    group->sub_count++;
}

static void leave(struct live_sub *sub)
{
    struct live_group *group = sub->group;
    *(sub->before == NULL ? &group->subs : &sub->before->next) = sub->next;
    if (sub->next != NULL) {
        sub->next->before = sub->before;
    }
    sub->next = sub->before = NULL;
    sub->group = NULL;
    if (--group->sub_count == 0) {
        group->idle_from_us = 0; /* the next look sets it */
        group->live->look_wanted = true;
        if (group->running && group->tail == NULL) { /* for nobody */
            query_cancel(&group->progress);
        }
    }
}

static struct live_sub *create(struct live_viewer *viewer, const char *id)
{
    struct live_sub *sub = calloc(1, sizeof(*sub) + strlen(id) + 1);
    struct buffer prefix = {0};
    if (sub == NULL) {
        return NULL;
    }
    memcpy(sub->id, id, strlen(id) + 1);
    buffer_text(&prefix, "{\"id\":");
    json_string_text(&prefix, slice_text(id));
    buffer_char(&prefix, ',');
    sub->prefix = prefix.failed ? NULL : malloc(prefix.length);
    if (sub->prefix != NULL) {
        memcpy(sub->prefix, prefix.data, prefix.length);
        sub->prefix_bytes = (uint32_t)prefix.length;
        sub->viewer = viewer;
    } else {
        free(sub);
        sub = NULL;
    }
    buffer_deinit(&prefix);
    return sub;
}

/* A place among the viewer's. */
static bool place(struct live_viewer *viewer, struct live_sub *sub)
{
    for (uint32_t i = 0; i < viewer->sub_count; i++) {
        if (viewer->subs[i] == NULL && viewer->socket) {
            viewer->subs[i] = sub;
            return true;
        }
    }
    if (viewer->sub_count == viewer->sub_capacity) {
        uint32_t capacity = viewer->sub_capacity == 0 ? 1 : 2 * viewer->sub_capacity;
        struct live_sub **grown = realloc(viewer->subs, capacity * sizeof(struct live_sub *));
        if (grown == NULL) {
            return false;
        }
        viewer->subs = grown;
        viewer->sub_capacity = capacity;
    }
    viewer->subs[viewer->sub_count++] = sub;
    return true;
}

static uint32_t count_of(const struct live_viewer *viewer)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < viewer->sub_count; i++) {
        count += viewer->subs[i] != NULL;
    }
    return count;
}

static struct err *check(const struct live_viewer *viewer, const char *id)
{
    const struct live *live = viewer->live;
    const struct config *config = &live->server->config;
    for (uint32_t i = 0; i < viewer->sub_count; i++) {
        if (viewer->subs[i] != NULL && strcmp(viewer->subs[i]->id, id) == 0) {
            return err_new(ERR_BAD_ARGUMENTS, "the connection has a subscription \"%s\" already", id);
        }
    }
    if (count_of(viewer) >= config->live_subscriptions_per_viewer_max) {
        return err_new(ERR_SERVER_OVERLOADED,
                       "one connection may have %u subscriptions (live_subscriptions_per_viewer_max)",
                       config->live_subscriptions_per_viewer_max);
    }
    if (atomic_load(&((struct live *)(uintptr_t)live)->sub_count) >= config->live_subscriptions_max) {
        return err_new(
            ERR_SERVER_OVERLOADED,
            "the server has %u subscriptions of live queries (live_subscriptions_max); end some, or raise it",
            config->live_subscriptions_max);
    }
    return NULL;
}

struct err *live_sub_add(struct live_viewer *viewer, struct live_wish *wish)
{
    struct err *err = NULL;
    struct live *live = viewer->live;
    struct live_group *group;
    struct live_sub *sub = NULL;
    OR_DONE(check(viewer, wish->id));
    sub = create(viewer, wish->id);
    if (sub == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(live_group_find(live, &wish->spec, &group));
    if (!place(viewer, sub)) {
        err = err_oom();
        goto done;
    }
    bool fresh = group->sub_count > 0 && !group->failed; /* its answer is kept up to date */
    join(group, sub);
    atomic_fetch_add(&live->sub_count, 1);
    lock_take(&group->lock);
    uint64_t version = live_group_version(group);
    if (wish->resume_group == group->number && live_group_knows(group, wish->resume_version)) {
        sub->seen = wish->resume_version;
    }
    lock_give(&group->lock);
    if (fresh && version > 0 && sub->seen != version) {
        live_sub_mark(sub);
    } else if (!fresh) {
        group->wanted = true;
        live->look_wanted = true;
    }
    sub = NULL;
done:
    if (sub != NULL) {
        free(sub->prefix);
        free(sub);
    }
    return err;
}

void live_sub_end(struct live_sub *sub)
{
    if (sub->group != NULL) {
        leave(sub);
        atomic_fetch_sub(&sub->viewer->live->sub_count, 1);
    }
}

void live_sub_free(struct live_sub *sub)
{
    if (sub->dirty) {
        sub->viewer->dirty_count--;
    }
    live_sub_end(sub);
    live_bytes_unref(sub->error);
    free(sub->prefix);
    free(sub);
}
