/*
 * answer_completeness.c: how complete an answer is: through which event time, what its sources have not read yet, what
 * came late. In a header of HTTP, and in the statistics of JSON formats.
 *
 * several  of several tables, and of several sources of one: the smallest time, all rows, the longest lag
 * shown    only for tables that sources feed: others are complete when an INSERT was acknowledged
 * thread   the request's query thread
 */
#include "format/json_paths.h"
#include "ingest/source.h"
#include "server/completeness.h"
#include "server/data_time.h"
#include "server/execute.h"
#include "storage/table.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

struct noted_table {
    struct noted_table *next;
    struct slice database, name;
    struct completeness complete;
    struct source_completeness *sources;
};

struct err *completeness_note(struct execution *execution, const struct table_def *def, struct completeness *out)
{
    struct err *err = NULL;
    struct arena *arena = execution->arena;
    for (const struct noted_table *noted = execution->noted_tables; noted != NULL; noted = noted->next) {
        if (slice_equal(noted->database, slice_text(def->database)) &&
            slice_equal(noted->name, slice_text(def->name))) {
            *out = noted->complete;
            return NULL;
        }
    }
    struct noted_table *noted = ARENA_NEW(arena, struct noted_table);
    if (noted == NULL) {
        return arena_error(arena);
    }
    OR_DONE(server_completeness(execution->server, arena, def, &noted->complete, &noted->sources));
    noted->database = arena_slice(arena, slice_text(def->database));
    noted->name = arena_slice(arena, slice_text(def->name));
    noted->next = execution->noted_tables;
    execution->noted_tables = noted;
    *out = noted->complete;
done:
    return err;
}

/* 2026-11-22T08:00:00.123456Z, or null, as JSON; returns its length. */
static int print_time(const struct completeness *complete, char *out, size_t size)
{
    int64_t seconds = complete->complete_us / 1000000, rest = complete->complete_us % 1000000;
    struct tm civil;
    if (rest < 0) {
        rest += 1000000;
        seconds--;
    }
    const time_t time = seconds;
    if (!complete->known || gmtime_r(&time, &civil) == NULL) {
        return snprintf(out, size, "null");
    }
    return snprintf(out, size, "\"%04d-%02d-%02dT%02d:%02d:%02d.%06dZ\"", civil.tm_year + 1900, civil.tm_mon + 1,
                    civil.tm_mday, civil.tm_hour, civil.tm_min, civil.tm_sec, (int)rest);
}

/* "complete_through":…,"lag_rows":…,"lag_seconds":…,"late_rows":… */
static void print_members(const struct completeness *complete, char *out, size_t size)
{
    char time[48];
    (void)print_time(complete, time, sizeof(time));
    (void)snprintf(out, size, "\"complete_through\":%s,\"lag_rows\":%llu,\"lag_seconds\":%.3f,\"late_rows\":%llu", time,
                   (unsigned long long)complete->lag_rows, complete->lag_s, (unsigned long long)complete->late_rows);
}

#define MEMBERS_MAX 192U

/* False: no source feeds any of them. */
static bool together(const struct execution *execution, struct completeness *out)
{
    *out = (struct completeness){.known = true, .complete_us = INT64_MAX};
    for (const struct noted_table *noted = execution->noted_tables; noted != NULL; noted = noted->next) {
        const struct completeness *one = &noted->complete;
        if (one->source_count == 0) {
            continue;
        }
        out->source_count += one->source_count;
        out->known = out->known && one->known;
        out->complete_us = one->complete_us < out->complete_us ? one->complete_us : out->complete_us;
        out->lag_rows += one->lag_rows;
        out->lag_s = fmax(out->lag_s, one->lag_s);
        out->late_rows += one->late_rows;
    }
    return out->source_count > 0;
}

void completeness_head(const struct execution *execution, char *out, size_t size)
{
    struct completeness all;
    char members[MEMBERS_MAX];
    out[0] = 0;
    if (together(execution, &all)) {
        print_members(&all, members, sizeof(members));
        (void)snprintf(out, size, "{%s}", members);
    }
}

void completeness_through(const struct execution *execution, char *out, size_t size)
{
    struct completeness all;
    if (!together(execution, &all)) {
        all.known = false;
    }
    (void)print_time(&all, out, size);
}

static void put_name(struct buffer *out, const char *key, struct slice database, struct slice name)
{
    struct buffer text = {0};
    buffer_slice(&text, database);
    buffer_char(&text, '.');
    buffer_slice(&text, name);
    out->failed = out->failed || text.failed;
    buffer_text(out, key);
    json_string_text(out, buffer_all(&text));
    buffer_deinit(&text);
}

struct err *completeness_text(const struct execution *execution, struct slice *out)
{
    struct completeness all;
    char members[MEMBERS_MAX];
    struct buffer text = {0};
    const char *separator = "";
    *out = slice_text("");
    if (!together(execution, &all)) {
        return NULL;
    }
    print_members(&all, members, sizeof(members));
    buffer_printf(&text, "{%s,\"sources\":[", members);
    for (const struct noted_table *noted = execution->noted_tables; noted != NULL; noted = noted->next) {
        for (uint32_t k = 0; k < noted->complete.source_count; k++) {
            const struct source_completeness *source = &noted->sources[k];
            buffer_text(&text, separator);
            put_name(&text, "{\"source\":", source->database, source->source);
            put_name(&text, ",\"table\":", noted->database, noted->name);
            print_members(&source->complete, members, sizeof(members));
            buffer_printf(&text, ",%s}", members);
            separator = ",";
        }
    }
    buffer_text(&text, "]}");
    struct err *err = text.failed ? err_oom() : NULL;
    if (err == NULL) {
        *out = arena_slice(execution->arena, buffer_all(&text));
        err = out->data == NULL ? arena_error(execution->arena) : NULL;
    }
    buffer_deinit(&text);
    return err;
}

struct err *completeness_tables(const struct execution *execution, struct arena *arena, struct data_table **out,
                                uint32_t *count)
{
    uint32_t room = 1;
    for (const struct noted_table *noted = execution->noted_tables; noted != NULL; noted = noted->next) {
        room++;
    }
    struct data_table *list = ARENA_ARRAY(arena, struct data_table, room);
    *out = list;
    *count = 0;
    if (list == NULL) {
        return arena_error(arena);
    }
    for (const struct noted_table *noted = execution->noted_tables; noted != NULL; noted = noted->next) {
        struct data_table *table = &list[(*count)++];
        *table = (struct data_table){arena_slice(arena, noted->database), arena_slice(arena, noted->name)};
        if (table->database.data == NULL || table->name.data == NULL) {
            return arena_error(arena);
        }
    }
    return NULL;
}
