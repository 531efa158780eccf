/*
 * source.c: the list of sources: creating, dropping, pausing, listing.
 *
 * flow     server/ddl.c → here → consume.c (a thread per source)
 */
#include "ingest/source_private.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/number.h"
#include "base/pool.h"
#include "format/reader.h"
#include "sql/parser.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <time.h>

#define CREATE_WAIT_US 5000000U
#define SEAL_WAIT_US   5000000U
#define AHEAD_MS_MAX   31622400000U /* a year */

void source_set_phase(struct source *source, enum source_phase phase, const char *error)
{
    lock_take(&source->lock);
    source->phase = phase;
    source->tried = true;
    (void)snprintf(source->last_error, sizeof(source->last_error), "%s", error == NULL ? "" : error);
    condition_broadcast(&source->moved);
    lock_give(&source->lock);
    if (phase == PHASE_STOPPED) {
        LOG_ERROR("source stopped", LOG_TEXT("source", source->name), LOG_TEXT("reason", error == NULL ? "" : error));
    }
}

struct err *source_record_state(struct source *source, enum source_state state, const char *reason)
{
    struct catalogue *catalogue = source->sources->store->catalogue;
    struct source_def *def = NULL;
    struct err *err = catalogue_source(catalogue, source->database, source->name, &def);
    if (err == NULL) {
        struct source_def changed = *def;
        changed.state = state;
        changed.reason = reason;
        err = catalogue_alter_source(catalogue, &changed, NULL);
    }
    source_def_unref(def);
    return err;
}

static struct err *read_settings(const struct source_setting *settings, uint32_t count, struct source_settings *out)
{
    *out = (struct source_settings){.commit_interval_us = 5000000, .event_time_ahead_us = 60000000};
    for (uint32_t k = 0; k < count; k++) {
        struct slice name = settings[k].name, value = settings[k].value;
        uint64_t number = 0;
        bool good = true;
        if (slice_equal(name, slice_text("start"))) {
            out->start_latest = slice_equal(value, slice_text("latest"));
            good = out->start_latest || slice_equal(value, slice_text("earliest"));
        } else if (slice_equal(name, slice_text("commit_interval_ms"))) {
            good = number_parse_u64(value, &number) && number >= 10 && number <= 3600000;
            out->commit_interval_us = number * 1000;
        } else if (slice_equal(name, slice_text("max_event_time_ahead_ms"))) {
            good = number_parse_u64(value, &number) && number <= AHEAD_MS_MAX;
            out->event_time_ahead_us = (int64_t)number * 1000;
        } else if (slice_equal(name, slice_text("unknown_fields"))) {
            out->refuse_unknown_fields = slice_equal(value, slice_text("error"));
            good = out->refuse_unknown_fields || slice_equal(value, slice_text("ignore"));
        } else {
            return err_new(
                ERR_UNKNOWN_SETTING,
                "Unknown setting '%.*s' of a source; there are start ('earliest', 'latest'), commit_interval_ms, "
                "max_event_time_ahead_ms and unknown_fields ('ignore', 'error')",
                SLICE_ARG(name));
        }
        if (!good) {
            return err_new(ERR_BAD_ARGUMENTS, "the setting %.*s of a source cannot be '%.*s'", SLICE_ARG(name),
                           SLICE_ARG(value));
        }
    }
    return NULL;
}

void source_free(struct source *source)
{
    if (source != NULL) {
        condition_deinit(&source->wake);
        condition_deinit(&source->moved);
        lock_deinit(&source->lock);
        free(source->views);
        late_rows_deinit(&source->late);
        arena_destroy(source->arena);
        free(source);
    }
}

/* A source object from its definition; not started. */
static struct err *make(struct sources *sources, const struct source_definition *definition, struct slice database,
                        struct source **out)
{
    struct err *err = NULL;
    struct source *source = calloc(1, sizeof(*source));
    if (source == NULL) {
        return err_oom();
    }
    lock_init(&source->lock, LOCK_SOURCE);
    source->complete_us = INT64_MIN;
    condition_init(&source->wake);
    condition_init(&source->moved);
    source->sources = sources;
    source->arena = arena_create(NULL);
    if (source->arena == NULL) {
        source_free(source);
        return err_oom();
    }
    source->database = arena_text(source->arena, database);
    source->name = arena_text(source->arena, definition->name);
    source->table_database = arena_text(source->arena, definition->database);
    source->table_name = arena_text(source->arena, definition->table);
    source->sql = arena_text(source->arena, definition->sql);
    source->format = arena_text(source->arena, definition->format);
    struct source_setting *properties = ARENA_ARRAY(source->arena, struct source_setting, definition->property_count);
    if (source->database == NULL || source->name == NULL || source->table_database == NULL ||
        source->table_name == NULL || source->sql == NULL || source->format == NULL || properties == NULL) {
        err = arena_error(source->arena);
        goto done;
    }
    for (uint32_t k = 0; k < definition->property_count; k++) {
        properties[k].name = arena_slice(source->arena, definition->properties[k].name);
        properties[k].value = arena_slice(source->arena, definition->properties[k].value);
        properties[k].offset = 0;
        if (properties[k].name.data == NULL || properties[k].value.data == NULL) {
            err = arena_error(source->arena);
            goto done;
        }
    }
    OR_DONE(kafka_options_read(source->arena, properties, definition->property_count, &source->options));
    OR_DONE(read_settings(definition->settings, definition->setting_count, &source->settings));
    if (!slice_equal(definition->format, slice_text("JSONEachRow"))) {
        err = err_new(ERR_NOT_IMPLEMENTED, "sources read FORMAT JSONEachRow; %.*s is not supported yet",
                      SLICE_ARG(definition->format));
        goto done;
    }
    *out = source;
    source = NULL;
done:
    source_free(source);
    return err;
}

/* The source's definition read back from its statement. */
static struct err *define(struct arena *arena, const struct function_context *context, struct slice sql,
                          struct slice database, struct source_definition *out)
{
    struct err *err = NULL;
    struct ast_statement *statement = NULL;
    struct bind_options options = {.text = sql, .context = context};
    OR_DONE(parse_query(arena, sql, (uint32_t)sql.length + 1, &statement));
    if (statement->create_source == NULL) {
        err = err_new(ERR_LOGICAL, "the definition of a source is no CREATE SOURCE");
        goto done;
    }
    err = define_source(arena, &options, statement->create_source, database, out);
done:
    return err;
}

struct err *source_of(struct sources *sources, struct arena *arena, const struct source_def *def, struct source **out)
{
    struct err *err = NULL;
    struct source_definition definition = {0};
    struct slice database = slice_text(def->database);
    const struct function_context context = {
        .now_us = clock_wall_us(), .zone = sources->zone, .database = slice_text("default")};
    OR_DONE(define(arena, &context, slice_text(def->definition), database, &definition));
    OR_DONE(make(sources, &definition, database, out));
    (*out)->id = def->id;
    (*out)->table_id = def->table_id;
done:
    return err_while(err, "source %s", def->name);
}

static struct err *start(struct source *source)
{
    char name[32];
    (void)snprintf(name, sizeof(name), "source/%s", source->name);
    struct err *err = thread_start(&source->thread, name, source_thread, source);
    source->thread_started = err == NULL;
    return err;
}

static void list_add(struct sources *sources, struct source *source)
{
    lock_take(&sources->lock);
    source->next = sources->first;
    sources->first = source;
    lock_give(&sources->lock);
}

static void stop_thread(struct source *source)
{
    lock_take(&source->lock);
    source->stop = true;
    condition_broadcast(&source->wake);
    lock_give(&source->lock);
    while (source->thread_started) {
        struct timespec until;
        (void)clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec++;
        if (pthread_timedjoin_np(source->thread, NULL, &until) == 0) {
            source->thread_started = false;
            break;
        }
        /* it may wait behind commits that fail again and again: Kafka still has those messages */
        lock_take(&source->lock);
        struct err *err = source->lane == NULL ? NULL : lane_error(source->lane);
        if (err != NULL) {
            lane_give_up(source->lane);
            err_free(err);
        }
        lock_give(&source->lock);
    }
}

struct err *sources_start(struct store *store, const struct sources_options *options, struct sources **out)
{
    struct err *err = NULL;
    struct source_def **defs;
    uint32_t count;
    struct sources *sources = calloc(1, sizeof(*sources));
    struct arena *arena = arena_create(NULL);
    if (sources == NULL || arena == NULL) {
        free(sources);
        arena_destroy(arena);
        return err_oom();
    }
    sources->store = store;
    sources->budget = options->budget;
    sources->zone = options->zone;
    lock_init(&sources->lock, LOCK_SOURCES);
    OR_DONE(catalogue_sources(store->catalogue, arena, &defs, &count));
    for (uint32_t k = 0; k < count; k++) {
        struct source *source = NULL;
        OR_DONE(source_of(sources, arena, defs[k], &source));
        source->want_pause = defs[k]->state == SOURCE_PAUSED;
        if (defs[k]->state != SOURCE_RUNNING) {
            source->phase = defs[k]->state == SOURCE_PAUSED ? PHASE_PAUSED : PHASE_STOPPED;
            (void)snprintf(source->last_error, sizeof(source->last_error), "%s", defs[k]->reason);
        }
        list_add(sources, source);
        OR_DONE(start(source));
    }
    *out = sources;
    sources = NULL;
done:
    arena_destroy(arena);
    sources_stop(sources);
    return err;
}

void sources_stop(struct sources *sources)
{
    if (sources == NULL) {
        return;
    }
    /* all at once, then one after the other: each seals and commits */
    for (struct source *source = sources->first; source != NULL; source = source->next) {
        lock_take(&source->lock);
        source->stop = true;
        condition_broadcast(&source->wake);
        lock_give(&source->lock);
    }
    while (sources->first != NULL) {
        struct source *source = sources->first;
        sources->first = source->next;
        stop_thread(source);
        source_free(source);
    }
    lock_deinit(&sources->lock);
    free(sources);
}

/* The expressions and columns of a definition, before anything is stored. */
static struct err *check(struct sources *sources, const struct source *source, struct table **table)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct table_def *def = NULL;
    struct transform *transform = NULL;
    struct function_context context = {
        .now_us = clock_wall_us(), .zone = sources->zone, .database = slice_text(source->database)};
    if (arena == NULL) {
        return err_oom();
    }
    OR_DONE(catalogue_table(sources->store->catalogue, source->table_database, source->table_name, table));
    def = table_definition(*table);
    if (def->internal) {
        err = err_new(ERR_ACCESS_DENIED, "the table %s.%s is written by the server alone", def->database, def->name);
        goto done;
    }
    OR_DONE(transform_create(arena, &context, slice_text(source->sql), def, &transform));
done:
    table_def_unref(def);
    arena_destroy(arena);
    return err;
}

/* paused: why it is, or NULL: it runs. note: may be NULL when it is. */
static struct err *create(struct sources *sources, struct arena *arena, const struct source_definition *definition,
                          const char *paused, struct slice *note)
{
    struct err *err = NULL;
    struct source *source = NULL;
    struct table *table = NULL;
    struct source_def *recorded = NULL;
    rd_kafka_t *trial = NULL;
    bool created = false;
    OR_DONE(make(sources, definition, definition->database, &source));
    OR_DONE(check(sources, source, &table));
    /* properties that librdkafka refuses are errors now, not states later */
    OR_DONE(kafka_consumer(&source->options, "weir-check", 1 << 20, NULL, NULL, &trial));
    rd_kafka_destroy(trial);
    source->table_id = table_id(table);
    struct source_def def = {.database = source->database,
                             .name = source->name,
                             .table_id = source->table_id,
                             .definition = source->sql,
                             .state = paused == NULL ? SOURCE_RUNNING : SOURCE_PAUSED,
                             .reason = paused == NULL ? "" : paused};
    const char **streams = arena_array(arena, source->options.topic_count, sizeof(*streams));
    if (streams == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t k = 0; k < source->options.topic_count; k++) {
        /* the cluster's id is not known yet: brokers and topic stand for it, to refuse a second source on the same */
        streams[k] = arena_format(arena, "%s/%s", source->options.brokers, source->options.topics[k]);
        if (streams[k] == NULL) {
            err = arena_error(arena);
            goto done;
        }
    }
    def.streams = streams;
    def.stream_count = source->options.topic_count;
    OR_DONE(catalogue_create_source(sources->store->catalogue, &def, definition->if_not_exists, &recorded, &created));
    if (!created) {
        goto done;
    }
    source->id = recorded->id;
    if (paused != NULL) {
        source->want_pause = true;
        source->phase = PHASE_PAUSED;
        (void)snprintf(source->last_error, sizeof(source->last_error), "%s", paused);
    }
    struct source *started = source;
    list_add(sources, source);
    source = NULL;
    OR_DONE(start(started));
    if (paused != NULL) {
        goto done;
    }
    ASSERT(note != NULL); /* who does not pause it wants to know */
    lock_take(&started->lock);
    uint64_t until = clock_monotonic_us() + CREATE_WAIT_US;
    while (!started->tried && clock_monotonic_us() < until) {
        (void)condition_wait_for(&started->moved, &started->lock, 100000);
    }
    if (started->phase != PHASE_RUNNING && note != NULL) {
        char *text = arena_format(arena, "the source waits: %s",
                                  started->last_error[0] == 0 ? "no broker has answered yet" : started->last_error);
        *note = text == NULL ? (struct slice){0} : slice_text(text);
    }
    lock_give(&started->lock);
done:
    source_def_unref(recorded);
    table_unref(table);
    source_free(source);
    return err;
}

struct err *source_create(struct sources *sources, struct arena *arena, const struct source_definition *definition,
                          struct slice *note)
{
    return create(sources, arena, definition, NULL, note);
}

struct err *source_create_paused(struct sources *sources, struct arena *arena,
                                 const struct source_definition *definition, const char *reason)
{
    return create(sources, arena, definition, reason, NULL);
}

/* The source, with the list locked; or the error, with it unlocked. */
static struct err *find_locked(struct sources *sources, struct slice database, struct slice name, struct source **out)
{
    lock_take(&sources->lock);
    for (struct source *source = sources->first; source != NULL; source = source->next) {
        if (slice_equal(slice_text(source->name), name) && slice_equal(slice_text(source->database), database)) {
            *out = source;
            return NULL;
        }
    }
    lock_give(&sources->lock);
    return err_new(ERR_UNKNOWN_SOURCE, "Source %.*s.%.*s does not exist", SLICE_ARG(database), SLICE_ARG(name));
}

struct err *source_drop(struct sources *sources, struct slice database, struct slice name, bool if_exists)
{
    struct source *source = NULL;
    struct err *err = find_locked(sources, database, name, &source);
    if (err != NULL) {
        if (if_exists) {
            err_free(err);
            return NULL;
        }
        return err;
    }
    struct source **link = &sources->first;
    while (*link != source) {
        link = &(*link)->next;
    }
    *link = source->next;
    lock_give(&sources->lock);
    stop_thread(source); /* it seals and commits first */
    err = catalogue_drop_source(sources->store->catalogue, source->database, source->name, true);
    source_free(source);
    return err;
}

/* Waits until the source's thread has reached the phase or says why not. */
static struct err *change(struct sources *sources, struct slice database, struct slice name, bool pause, bool accept)
{
    struct source *source = NULL;
    struct err *err = find_locked(sources, database, name, &source);
    if (err != NULL) {
        return err;
    }
    lock_take(&source->lock);
    if (accept && source->phase != PHASE_STOPPED) {
        lock_give(&source->lock);
        lock_give(&sources->lock);
        return err_new(ERR_BAD_ARGUMENTS, "source %.*s is not stopped: there is no new topic to accept",
                       SLICE_ARG(name));
    }
    source->want_pause = pause;
    source->want_accept = accept;
    source->tried = false;
    if (!pause && source->phase != PHASE_RUNNING) {
        source->phase = PHASE_WAITING;
    }
    condition_broadcast(&source->wake);
    uint64_t until = clock_monotonic_us() + CREATE_WAIT_US;
    while (pause && source->phase == PHASE_RUNNING && clock_monotonic_us() < until) {
        (void)condition_wait_for(&source->moved, &source->lock, 100000);
    }
    while (!pause && !source->tried && source->phase != PHASE_RUNNING && clock_monotonic_us() < until) {
        (void)condition_wait_for(&source->moved, &source->lock, 100000);
    }
    lock_give(&source->lock);
    lock_give(&sources->lock);
    return NULL;
}

static bool is_one_of(const struct source *source, const uint64_t *table_ids, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (table_ids[i] == source->table_id) {
            return true;
        }
    }
    return false;
}

void sources_seal(struct sources *sources, const uint64_t *table_ids, uint32_t count)
{
    uint64_t until = clock_monotonic_us() + SEAL_WAIT_US;
    lock_take(&sources->lock);
    for (struct source *source = sources->first; source != NULL; source = source->next) {
        lock_take(&source->lock);
        source->want_seal = source->phase == PHASE_RUNNING && is_one_of(source, table_ids, count);
        condition_broadcast(&source->wake);
        lock_give(&source->lock);
    }
    for (struct source *source = sources->first; source != NULL; source = source->next) {
        lock_take(&source->lock);
        while (source->want_seal && source->phase == PHASE_RUNNING && clock_monotonic_us() < until) {
            (void)condition_wait_for(&source->moved, &source->lock, 100000);
        }
        source->want_seal = false;
        lock_give(&source->lock);
    }
    lock_give(&sources->lock);
}

struct err *source_pause(struct sources *sources, struct slice database, struct slice name)
{
    struct source *source = NULL;
    struct err *err = find_locked(sources, database, name, &source);
    if (err != NULL) {
        return err;
    }
    err = source_record_state(source, SOURCE_PAUSED, "paused by ALTER SOURCE");
    lock_give(&sources->lock);
    return err != NULL ? err : change(sources, database, name, true, false);
}

static struct err *set_running(struct sources *sources, struct slice database, struct slice name, bool accept)
{
    struct source *source = NULL;
    struct err *err = find_locked(sources, database, name, &source);
    if (err != NULL) {
        return err;
    }
    err = source_record_state(source, SOURCE_RUNNING, "");
    lock_give(&sources->lock);
    return err != NULL ? err : change(sources, database, name, false, accept);
}

struct err *source_resume(struct sources *sources, struct slice database, struct slice name)
{
    return set_running(sources, database, name, false);
}

struct err *source_accept_new_topic(struct sources *sources, struct slice database, struct slice name)
{
    return set_running(sources, database, name, true);
}

/* Counts one source in. */
static void add_progress(struct source *source, uint64_t monotonic_us, int64_t wall_us, struct completeness *out)
{
    int64_t complete_us = source_complete_us(source, monotonic_us, wall_us);
    out->known = out->known && source->has_event_time && complete_us != INT64_MIN;
    out->complete_us = complete_us < out->complete_us ? complete_us : out->complete_us;
    for (uint32_t k = 0; k < source->view_count; k++) {
        const struct partition_view *view = &source->views[k];
        if (view->high_watermark > view->position) {
            int64_t lag_ms = view->newest_timestamp_ms > 0 ? wall_us / 1000 - view->newest_timestamp_ms : 0;
            double lag_s = (double)lag_ms * 1e-3;
            out->lag_rows += (uint64_t)(view->high_watermark - view->position);
            out->lag_s = lag_s > out->lag_s ? lag_s : out->lag_s;
        }
        out->late_rows += view->late_rows;
    }
}

static uint32_t feeding(const struct sources *sources, uint64_t table_id)
{
    uint32_t count = 0;
    for (const struct source *source = sources->first; source != NULL; source = source->next) {
        count += source->table_id == table_id;
    }
    return count;
}

struct err *sources_completeness(struct sources *sources, uint64_t table_id, struct arena *arena,
                                 struct completeness *out, struct source_completeness **each)
{
    struct err *err = NULL;
    uint64_t monotonic_us = clock_monotonic_us();
    int64_t wall_us = clock_wall_us();
    const struct completeness none = {.known = true, .complete_us = wall_us};
    struct source_completeness *list = NULL;
    *out = none;
    lock_take(&sources->lock);
    if (each != NULL) {
        *each = list = ARENA_ARRAY(arena, struct source_completeness, feeding(sources, table_id) + 1U);
        if (list == NULL) {
            err = arena_error(arena);
            goto done;
        }
    }
    for (struct source *source = sources->first; source != NULL; source = source->next) {
        if (source->table_id != table_id) {
            continue;
        }
        lock_take(&source->lock);
        add_progress(source, monotonic_us, wall_us, out);
        if (list != NULL) {
            struct source_completeness *one = &list[out->source_count];
            *one = (struct source_completeness){arena_slice(arena, slice_text(source->database)),
                                                arena_slice(arena, slice_text(source->name)), none};
            add_progress(source, monotonic_us, wall_us, &one->complete);
        }
        lock_give(&source->lock);
        out->source_count++;
    }
done:
    lock_give(&sources->lock);
    return err;
}

struct err *sources_list(struct sources *sources, struct arena *arena, struct source_row **out, uint32_t *count)
{
    static const char *const phases[] = {"waiting", "running", "paused", "stopped"};
    struct err *err = NULL;
    uint32_t capacity = 0, used = 0;
    lock_take(&sources->lock);
    for (struct source *source = sources->first; source != NULL; source = source->next) {
        lock_take(&source->lock);
        capacity += source->view_count == 0 ? 1 : source->view_count;
        lock_give(&source->lock);
    }
    capacity += 1024; /* partitions that come meanwhile */
    struct source_row *rows = ARENA_ARRAY(arena, struct source_row, capacity);
    for (struct source *source = sources->first; rows != NULL && source != NULL; source = source->next) {
        lock_take(&source->lock);
        struct slice error = arena_slice(arena, slice_text(source->last_error));
        for (uint32_t k = 0; k < (source->view_count == 0 ? 1 : source->view_count) && used < capacity; k++) {
            struct source_row *row = &rows[used++];
            const struct partition_view *view = source->view_count == 0 ? NULL : &source->views[k];
            memset(row, 0, sizeof(*row));
            row->database = arena_slice(arena, slice_text(source->database));
            row->name = arena_slice(arena, slice_text(source->name));
            row->table = arena_slice(arena, slice_text(source->table_name));
            row->topic = arena_slice(arena, slice_text(source->options.topics[view == NULL ? 0 : view->topic]));
            row->brokers = arena_slice(arena, slice_text(source->options.brokers));
            row->state = slice_text(phases[source->phase]);
            row->last_error = error;
            row->sql = arena_slice(arena, slice_text(source->sql));
            row->partition = view == NULL ? -1 : view->id;
            row->high_watermark = row->lag_rows = -1;
            row->last_commit_us = source->last_commit_us;
            row->event_time_max_us = INT64_MIN;
            row->complete_us =
                source->has_event_time ? source_complete_us(source, clock_monotonic_us(), clock_wall_us()) : INT64_MIN;
            if (view != NULL) {
                row->incarnation = view->incarnation;
                row->position = view->position;
                row->committed = view->committed;
                row->high_watermark = view->high_watermark;
                row->lag_rows = view->high_watermark < 0                ? -1
                                : view->high_watermark > view->position ? view->high_watermark - view->position
                                                                        : 0;
                int64_t now_ms = clock_wall_us() / 1000;
                row->lag_seconds = row->lag_rows > 0 && view->newest_timestamp_ms > 0
                                       ? (double)(now_ms - view->newest_timestamp_ms) * 1e-3
                                       : 0;
                row->rows_stored = view->rows_stored;
                row->rows_filtered = view->rows_filtered;
                row->rows_dead = view->rows_dead;
                row->event_time_max_us = view->event_time_max_us;
                row->rows_late = view->late_rows;
                row->rows_ahead = view->ahead_rows;
            }
        }
        lock_give(&source->lock);
    }
    lock_give(&sources->lock);
    if (rows == NULL) {
        err = arena_error(arena);
    }
    *out = rows;
    *count = used;
    return err;
}

struct err *sources_late(struct sources *sources, struct arena *arena, struct source_late **out, uint32_t *count)
{
    struct err *err = NULL;
    uint32_t capacity = 0;
    *count = 0;
    lock_take(&sources->lock);
    for (struct source *source = sources->first; source != NULL; source = source->next) {
        capacity += LATE_RUNS_MAX; /* as many as may come until they are copied */
    }
    *out = ARENA_ARRAY(arena, struct source_late, capacity + 1U);
    for (struct source *source = sources->first; *out != NULL && source != NULL; source = source->next) {
        lock_take(&source->lock);
        const struct slice names[4] = {
            arena_slice(arena, slice_text(source->database)), arena_slice(arena, slice_text(source->name)),
            arena_slice(arena, slice_text(source->table_database)), arena_slice(arena, slice_text(source->table_name))};
        for (uint32_t i = 0; i < source->late.count; i++) {
            const struct late_run *run = late_rows_run(&source->late, i);
            struct slice topic = arena_slice(arena, slice_text(source->options.topics[run->topic]));
            (*out)[(*count)++] = (struct source_late){names[0], names[1], names[2], names[3], topic, *run};
        }
        lock_give(&source->lock);
    }
    lock_give(&sources->lock);
    if (*out == NULL) {
        err = arena_error(arena);
    }
    return err;
}
