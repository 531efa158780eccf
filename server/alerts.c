/*
 * alerts.c: the rules that are, their start and end, and what others see of them.
 */
#include "server/alerts_private.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/pool.h"
#include "ingest/source.h"

#include <stdio.h>
#include <stdlib.h>

#define FILES_LOOK_US 1000000U
#define NOT_ASKED     "it was not asked yet"

const char *const rule_healths[] = {[RULE_UNKNOWN] = "unknown", [RULE_OK] = "ok", [RULE_ERR] = "err"};

struct rule_state *rule_state_create(struct rule *rule)
{
    struct rule_state *state = calloc(1, sizeof(*state));
    if (state != NULL) {
        state->rule = rule;
        state->waits = state->scans = NOT_ASKED;
        state->t_us = state->checkpoint_t_us = state->last_evaluation_us = TIME_NONE;
        state->instances = instances_create();
        if (state->instances == NULL) {
            free(state);
            state = NULL;
        }
    }
    return state;
}

void rule_state_free(struct rule_state *state)
{
    if (state != NULL) {
        rule_unref(state->rule);
        rule_panes_deinit(&state->panes);
        rule_panes_deinit(&state->early_panes);
        instances_destroy(state->instances);
        arena_destroy(state->tables_arena);
        free(state->required);
        free(state);
    }
}

/* ---- WeirSourceLag */

static struct err *builtin_rule(struct rule **out)
{
    struct label label = {slice_text("severity"), slice_text("warning")};
    struct label annotation = {slice_text("summary"),
                               slice_text("{{ $labels.source }} is {{ $value | humanizeDuration }} behind: rules over "
                                          "{{ $labels.table }} wait for it")};
    const struct rule draft = {
        .kind = RULE_ALERT,
        .file = slice_text(""),
        .group = slice_text("builtin"),
        .database = slice_text("system"),
        .name = slice_text("WeirSourceLag"),
        .query = slice_text("sources whose data time stands more than alert_max_wait_s behind the wall clock"),
        .interval_us = 1000000,
        .labels = {&label, 1},
        .annotations = {&annotation, 1}};
    return rule_make(&draft, out);
}

/* ---- all rules */

static struct err *add_stored(struct server *server, struct rule_list *out)
{
    struct err *err = NULL;
    struct object_def **objects = NULL;
    uint32_t count = 0;
    struct arena *arena = arena_create(NULL);
    if (arena == NULL) {
        return err_oom();
    }
    OR_DONE(catalogue_objects(server->store->catalogue, arena, &objects, &count));
    for (uint32_t k = 0; k < count; k++) {
        struct rule *rule = NULL;
        if (objects[k]->kind != OBJECT_ALERT) {
            continue;
        }
        OR_DONE(alert_define_rule(objects[k], &rule));
        if (!rule_list_add(out, rule)) {
            rule_unref(rule);
            err = err_oom();
            goto done;
        }
    }
done:
    arena_destroy(arena);
    return err;
}

static struct err *all_rules(struct alerts *alerts, struct rule_list *out)
{
    struct err *err = NULL;
    struct rule *builtin = NULL;
    *out = (struct rule_list){0};
    OR_DONE(builtin_rule(&builtin));
    if (!rule_list_add(out, builtin)) {
        rule_unref(builtin);
        err = err_oom();
        goto done;
    }
    for (uint32_t k = 0; k < alerts->file_rules.count; k++) {
        if (!rule_list_add(out, alerts->file_rules.items[k])) {
            err = err_oom();
            goto done;
        }
        (void)rule_ref(alerts->file_rules.items[k]);
    }
    err = add_stored(alerts->server, out);
done:
    if (err != NULL) {
        rule_list_deinit(out);
    }
    return err;
}

static struct rule_state *find_state(const struct alerts *alerts, uint64_t id)
{
    for (uint32_t k = 0; k < alerts->count; k++) {
        if (alerts->states[k]->rule->id == id) {
            return alerts->states[k];
        }
    }
    return NULL;
}

static bool is_listed(const struct rule_list *list, uint64_t id)
{
    for (uint32_t k = 0; k < list->count; k++) {
        if (list->items[k]->id == id) {
            return true;
        }
    }
    return false;
}

/* A rule goes on with its instances when only what it says has changed. Under the lock. */
static void change_rule(struct rule_state *state, struct rule *rule)
{
    bool same = rule_equal(state->rule, rule);
    rule_unref(state->rule);
    state->rule = rule_ref(rule);
    if (!same) {
        if (!state->busy) { /* who is busy finds out at its next query */
            state->tables_known = false;
            state->early_asked = false;
        }
        state->look_at_us = 0;
        state->waits = state->scans = NOT_ASKED;
    }
}

/* The list becomes what is evaluated; under change. */
static struct err *apply(struct alerts *alerts, const struct rule_list *list)
{
    struct err *err = NULL;
    struct rule_state **states = calloc((size_t)list->count + 1, sizeof(struct rule_state *));
    struct rule_state **leaving = calloc((size_t)alerts->count + 1, sizeof(struct rule_state *));
    uint32_t leaving_count = 0, made = 0;
    if (states == NULL || leaving == NULL) {
        err = err_oom();
        goto done;
    }
    for (; made < list->count; made++) { /* new ones first: afterwards nothing fails */
        if (find_state(alerts, list->items[made]->id) == NULL) {
            states[made] = rule_state_create(rule_ref(list->items[made]));
            if (states[made] == NULL) {
                rule_unref(list->items[made]);
                err = err_oom();
                goto done;
            }
            states[made]->builtin =
                slice_equal(states[made]->rule->group, slice_text("builtin")) && states[made]->rule->file.length == 0;
        }
    }
    lock_take(&alerts->lock);
    for (uint32_t k = 0; k < alerts->count; k++) {
        struct rule_state *state = alerts->states[k];
        if (!is_listed(list, state->rule->id)) {
            state->gone = true;
            if (!state->busy) { /* who is busy with it retires it */
                leaving[leaving_count++] = state;
            }
        }
    }
    for (uint32_t k = 0; k < list->count; k++) {
        if (states[k] == NULL) {
            states[k] = find_state(alerts, list->items[k]->id);
            change_rule(states[k], list->items[k]);
        }
    }
    free(alerts->states);
    alerts->states = states;
    alerts->count = list->count;
    states = NULL;
    condition_broadcast(&alerts->wake);
    lock_give(&alerts->lock);
    for (uint32_t k = 0; k < leaving_count; k++) {
        alerts_retire(alerts, leaving[k]);
    }
done:
    for (uint32_t k = 0; states != NULL && k < made; k++) {
        rule_state_free(states[k]);
    }
    free(states);
    free(leaving);
    return err;
}

static struct err *reload(struct alerts *alerts, bool files)
{
    struct err *err = NULL;
    struct rule_list list = {0}, from_files = {0};
    pthread_mutex_lock(&alerts->change);
    if (files) {
        alerts->files_seen = alert_files_stamp(alerts->server);
        OR_DONE(alert_files_read(alerts->server, &from_files));
        rule_list_deinit(&alerts->file_rules);
        alerts->file_rules = from_files;
    }
    OR_DONE(all_rules(alerts, &list));
    err = apply(alerts, &list);
done:
    pthread_mutex_unlock(&alerts->change);
    rule_list_deinit(&list);
    return err;
}

struct err *alerts_reload(struct server *server)
{
    return server->alerts == NULL ? NULL : err_while(reload(server->alerts, true), "the rules are what they were");
}

void alerts_sync(struct server *server)
{
    struct err *err = server->alerts == NULL ? NULL : reload(server->alerts, false);
    if (err != NULL) {
        LOG_ERROR("rules are not up to date", LOG_ERR(err));
        err_free(err);
    }
}

void alerts_housekeeping(struct alerts *alerts)
{
    uint64_t now_us = clock_monotonic_us(), before_us = atomic_load(&alerts->files_seen_at_us);
    alerts_checkpoint(alerts, false);
    if (alerts->server->config.rule_files[0] == 0 || now_us - before_us < FILES_LOOK_US ||
        !atomic_compare_exchange_strong(&alerts->files_seen_at_us, &before_us, now_us)) {
        return;
    }
    pthread_mutex_lock(&alerts->change);
    uint64_t stamp = alert_files_stamp(alerts->server);
    bool changed = stamp != alerts->files_seen && stamp == alerts->files_settle;
    alerts->files_settle = stamp;
    pthread_mutex_unlock(&alerts->change);
    if (changed) {
        struct err *err = reload(alerts, true);
        if (err != NULL) {
            LOG_ERROR("rule files changed and cannot be read: the rules are what they were", LOG_ERR(err));
            err_free(err);
        } else {
            LOG_INFO("rule files were read again", LOG_UINT("rules", alerts->file_rules.count));
        }
    }
}

/* ---- start, stop */

struct err *alerts_start(struct server *server)
{
    struct err *err = NULL;
    struct alerts *alerts = calloc(1, sizeof(*alerts));
    if (alerts == NULL) {
        return err_oom();
    }
    server->alerts = alerts;
    alerts->server = server;
    lock_init(&alerts->lock, LOCK_ALERTS);
    condition_init(&alerts->wake);
    pthread_mutex_init(&alerts->change, NULL);
    atomic_store(&alerts->checkpointed_at_us, clock_monotonic_us());
    OR_DONE(alert_history_open(alerts));
    OR_DONE(alert_history_sequence(alerts));
    err = reload(alerts, true);
done:
    return err_while(err, "starting rules");
}

struct err *alerts_begin(struct server *server)
{
    struct err *err = NULL;
    struct alerts *alerts = server->alerts;
    alerts_end_orphans(alerts);
    for (uint32_t k = 0; k < ALERT_THREADS; k++) {
        char name[16];
        (void)snprintf(name, sizeof(name), "alerts/%u", k);
        OR_DONE(thread_start(&alerts->threads[k], name, alerts_thread, alerts));
        alerts->thread_count++;
    }
done:
    return err;
}

void alerts_stop(struct server *server)
{
    struct alerts *alerts = server->alerts;
    if (alerts == NULL) {
        return;
    }
    atomic_store(&alerts->stop, true);
    lock_take(&alerts->lock);
    condition_broadcast(&alerts->wake);
    lock_give(&alerts->lock);
    for (uint32_t k = 0; k < alerts->thread_count; k++) {
        (void)pthread_join(alerts->threads[k], NULL);
    }
    if (alerts->thread_count == ALERT_THREADS) {
        alerts_checkpoint(alerts, true);
    }
    server->alerts = NULL;
    for (uint32_t k = 0; k < alerts->count; k++) {
        rule_state_free(alerts->states[k]);
    }
    free(alerts->states);
    rule_list_deinit(&alerts->file_rules);
    alert_history_close(alerts);
    lock_deinit(&alerts->lock);
    (void)pthread_mutex_destroy(&alerts->change);
    free(alerts);
}

/* ---- what others see */

static void give_back(void *rule)
{
    rule_unref(rule);
}

static bool copy_instances(struct arena *arena, const struct rule_state *state, bool resolved, struct alert_view *out)
{
    uint32_t all = instances_count(state->instances);
    struct instance *list = ARENA_ARRAY(arena, struct instance, (size_t)all + 1);
    out->state = INSTANCE_INACTIVE;
    for (uint32_t k = 0; list != NULL && k < all; k++) {
        const struct instance *from = instances_at(state->instances, k);
        out->state = from->state > out->state ? from->state : out->state;
        if (from->state == INSTANCE_INACTIVE && !resolved) {
            continue;
        }
        struct instance *to = &list[out->instance_count++];
        *to = *from;
        if (!labels_copy(arena, &from->labels, &to->labels) ||
            !labels_copy(arena, &from->annotations, &to->annotations)) {
            return false;
        }
    }
    out->instances = list;
    return list != NULL;
}

static int by_place(const void *a, const void *b)
{
    const struct rule *x = ((const struct alert_view *)a)->rule, *y = ((const struct alert_view *)b)->rule;
    int order = slice_compare(x->file, y->file);
    order = order != 0 ? order : slice_compare(x->group, y->group);
    return order != 0 ? order : (x->index > y->index) - (x->index < y->index);
}

struct err *alerts_list(struct server *server, struct arena *arena, bool resolved, struct alert_view **out,
                        uint32_t *count)
{
    struct err *err = NULL;
    struct alerts *alerts = server->alerts;
    *out = NULL;
    *count = 0;
    if (alerts == NULL) {
        return NULL;
    }
    lock_take(&alerts->lock);
    struct alert_view *list = ARENA_ARRAY(arena, struct alert_view, (size_t)alerts->count + 1);
    if (list == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t k = 0; k < alerts->count; k++) {
        struct rule_state *state = alerts->states[k];
        struct alert_view *view = &list[k];
        *view = (struct alert_view){.health = state->health,
                                    .stale = state->stale,
                                    .builtin = state->builtin,
                                    .last_error = arena_slice(arena, slice_text(state->last_error)),
                                    .t_us = state->t_us,
                                    .waits = state->waits,
                                    .scans = state->scans,
                                    .last_evaluation_us = state->last_evaluation_us,
                                    .duration_us = state->duration_us,
                                    .evaluations = state->evaluations,
                                    .skipped = state->skipped,
                                    .failures = state->failures};
        if (!arena_on_destroy(arena, give_back, state->rule)) {
            err = arena_error(arena);
            goto done;
        }
        view->rule = rule_ref(state->rule);
        if (view->last_error.data == NULL || !copy_instances(arena, state, resolved, view)) {
            err = arena_error(arena);
            goto done;
        }
    }
    *out = list;
    *count = alerts->count;
done:
    lock_give(&alerts->lock);
    if (*count > 1) {
        qsort(*out, *count, sizeof(**out), by_place);
    }
    return err;
}
