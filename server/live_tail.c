/*
 * live_tail.c: see live_tail.h.
 *
 * rows     text has them one behind the other, a comma behind each; places[k] is where row first + k begins. The oldest
 *          ones are passed over at first, and moved away when they are half of the text.
 */
#include "server/live_tail.h"

#include "storage/snapshot.h"
#include "storage/tail.h"

#include <stdlib.h>
#include <string.h>

#define CACHED_EVENTS 4U

struct cached_event {
    uint64_t since;
    struct live_bytes *bytes;
};

struct live_tail {
    struct budget *budget;
    struct table_tail *followed; /* NULL: no table is */
    struct snapshot *taken;      /* by the run that goes on, which may ask more than once */
    uint64_t missed;             /* rows that came before it and are lost */
    uint64_t last;               /* LAST n; 0 */
    struct snapshot *past;       /* what was there when it began, until it is read; or NULL */
    bool reads_past;
    bool since; /* SINCE */
    bool anew;  /* the table was not followed before: what came meanwhile is not known */
    /* ---- under the group's lock */
    uint64_t version; /* number of the last row */
    uint64_t began;   /* who has seen less begins with the columns */
    bool pending;     /* what was there is not told yet: as if it had not begun */
    struct buffer columns;
    struct buffer text;
    uint32_t places[LIVE_TAIL_ROWS]; /* a ring */
    uint32_t at, count;              /* the oldest row's place */
    uint64_t charged;
    struct cached_event cached[CACHED_EVENTS];
    uint32_t cached_at;
};

/* ---- rows */

static uint32_t place_of(const struct live_tail *tail, uint32_t k)
{
    return tail->places[(tail->at + k) % LIVE_TAIL_ROWS];
}

static void forget_rows(struct live_tail *tail)
{
    buffer_deinit(&tail->text);
    tail->at = tail->count = 0;
    budget_give(tail->budget, tail->charged);
    tail->charged = 0;
}

static void forget_oldest(struct live_tail *tail)
{
    tail->at = (tail->at + 1) % LIVE_TAIL_ROWS;
    if (--tail->count == 0) {
        tail->text.length = 0;
    }
}

/* Room for so many bytes behind the last row, the budget's too. */
static bool make_room(struct live_tail *tail, size_t bytes)
{
    struct buffer *text = &tail->text;
    size_t gone = tail->count == 0 ? 0 : place_of(tail, 0);
    if (gone > text->length / 2) {
        memmove(text->data, text->data + gone, text->length - gone);
        text->length -= gone;
        for (uint32_t k = 0; k < tail->count; k++) {
            tail->places[(tail->at + k) % LIVE_TAIL_ROWS] -= (uint32_t)gone;
        }
    }
    if (!buffer_reserve(text, bytes) ||
        (text->capacity > tail->charged && !budget_take(tail->budget, text->capacity - tail->charged))) {
        return false;
    }
    tail->charged = text->capacity;
    return true;
}

static void add_row(struct live_tail *tail, struct slice row)
{
    tail->version++;
    while (tail->count == LIVE_TAIL_ROWS ||
           (tail->count > 0 && tail->text.length - place_of(tail, 0) + row.length + 1 > LIVE_TAIL_BYTES)) {
        forget_oldest(tail);
    }
    if (row.length + 1 > LIVE_TAIL_BYTES || !make_room(tail, row.length + 1)) { /* it is dropped, as are those before */
        forget_rows(tail);
        return;
    }
    tail->places[(tail->at + tail->count++) % LIVE_TAIL_ROWS] = (uint32_t)tail->text.length;
    buffer_slice(&tail->text, row);
    buffer_char(&tail->text, ',');
}

static void drop_cached(struct live_tail *tail)
{
    for (uint32_t k = 0; k < CACHED_EVENTS; k++) {
        live_bytes_unref(tail->cached[k].bytes);
        tail->cached[k] = (struct cached_event){0};
    }
}

/* ---- life */

struct err *live_tail_create(struct budget *budget, uint64_t last, struct live_tail **out)
{
    struct live_tail *tail = budget_take(budget, sizeof(*tail)) ? calloc(1, sizeof(*tail)) : NULL;
    if (tail == NULL) {
        return budget_error(budget, sizeof(*tail));
    }
    tail->budget = budget;
    tail->last = last;
    *out = tail;
    return NULL;
}

void live_tail_destroy(struct live_tail *tail)
{
    if (tail != NULL) {
        live_tail_rest(tail);
        forget_rows(tail);
        drop_cached(tail);
        buffer_deinit(&tail->columns);
        budget_give(tail->budget, sizeof(*tail));
        free(tail);
    }
}

struct err *live_tail_snapshot(struct live_tail *tail, struct table *table, struct snapshot **out)
{
    struct err *err = NULL;
    uint64_t missed = 0;
    if (tail->followed != NULL && table_tail_table(tail->followed) != table) { /* another has its name */
        live_tail_end(tail, false);
        live_tail_rest(tail);
    }
    if (tail->reads_past && tail->past != NULL) {
        *out = snapshot_ref(tail->past);
        return NULL;
    }
    if (tail->taken != NULL) {
        *out = snapshot_ref(tail->taken);
        return NULL;
    }
    if (tail->followed == NULL) {
        OR_DONE(table_tail_open(table, tail->last > 0 ? &tail->past : NULL, &tail->followed));
        tail->anew = true;
    }
    OR_DONE(table_tail_take(tail->followed, out, &missed));
    tail->missed += missed;
    tail->taken = snapshot_ref(*out);
done:
    return err;
}

void live_tail_since_count(struct live_tail *tail, uint64_t count, uint64_t added)
{
    tail->since = true;
    tail->version += count > added ? count - added : 0;
}

void live_tail_past_added(struct live_tail *tail)
{
    tail->pending = false;
}

void live_tail_rest(struct live_tail *tail)
{
    table_tail_close(tail->followed);
    tail->followed = NULL;
    snapshot_unref(tail->past);
    tail->past = NULL;
}

bool live_tail_has_past(const struct live_tail *tail)
{
    return tail->past != NULL;
}

void live_tail_read_past(struct live_tail *tail, bool on)
{
    tail->reads_past = on;
    if (!on) {
        snapshot_unref(tail->past);
        tail->past = NULL;
    }
}

/* ---- a run */

struct err *live_tail_begin(struct live_tail *tail, struct slice columns)
{
    if (tail->anew || tail->began == 0 || !slice_equal(columns, buffer_all(&tail->columns))) {
        struct buffer copy = {0};
        buffer_slice(&copy, columns);
        if (copy.failed) {
            return err_oom();
        }
        buffer_deinit(&tail->columns);
        tail->columns = copy;
        forget_rows(tail);
        drop_cached(tail);
        tail->began = ++tail->version;
        tail->pending = tail->past != NULL;
        tail->anew = false;
    }
    if (tail->missed > 0) { /* between the rows that are there and those that follow */
        forget_rows(tail);
        drop_cached(tail);
        tail->version += tail->missed;
        tail->missed = 0;
    }
    return NULL;
}

void live_tail_add(struct live_tail *tail, struct slice lines)
{
    drop_cached(tail);
    while (lines.length > 0) {
        const char *end = memchr(lines.data, '\n', lines.length);
        size_t length = end == NULL ? lines.length : (size_t)(end - lines.data);
        size_t taken = end == NULL ? length : length + 1;
        add_row(tail, slice_of(lines.data, length));
        lines = slice_of(lines.data + taken, lines.length - taken);
    }
}

void live_tail_end(struct live_tail *tail, bool well)
{
    if (tail->taken != NULL && !well) {
        tail->missed += snapshot_rows(tail->taken);
    }
    snapshot_unref(tail->taken);
    tail->taken = NULL;
    tail->reads_past = false;
    if (!well && tail->past != NULL) { /* what was there has not been read: the next run begins with it */
        live_tail_rest(tail);
        tail->missed = 0;
    }
}

/* ---- events */

uint64_t live_tail_version(const struct live_tail *tail)
{
    return tail->began == 0 || tail->pending ? 0 : tail->version;
}

uint64_t live_tail_rows(const struct live_tail *tail)
{
    return tail->count;
}

uint64_t live_tail_bytes(const struct live_tail *tail)
{
    return sizeof(*tail) + tail->charged;
}

bool live_tail_knows(const struct live_tail *tail, uint64_t version)
{
    return !tail->pending && tail->began > 0 && version >= tail->began && version <= tail->version;
}

static void put_event(const struct live_tail *tail, uint64_t since, struct buffer *out)
{
    uint64_t first = tail->version - tail->count + 1, dropped = 0;
    struct slice rows = slice_text("");
    if (since > 0 || tail->last > 0) {
        uint64_t skip = since == 0       ? (tail->count > tail->last ? tail->count - tail->last : 0)
                        : since >= first ? since - first + 1
                                         : 0;
        dropped = since > 0 && since + 1 < first ? first - since - 1 : 0;
        if (since == 0 && tail->since) {
            dropped = tail->version - tail->began - tail->count;
        }
        if (skip < tail->count) {
            uint32_t from = place_of(tail, (uint32_t)skip);
            rows = slice_of(tail->text.data + from, tail->text.length - from - 1); /* without the last comma */
        }
    }
    buffer_printf(out, "\"type\":\"rows\",\"seq\":%llu", (unsigned long long)tail->version);
    if (since == 0) {
        buffer_text(out, ",\"columns\":");
        buffer_slice(out, buffer_all(&tail->columns));
    }
    buffer_text(out, ",\"rows\":[");
    buffer_slice(out, rows);
    buffer_printf(out, "],\"dropped\":%llu}", (unsigned long long)dropped);
}

struct err *live_tail_since(struct live_tail *tail, uint64_t version, struct live_bytes **out)
{
    struct err *err = NULL;
    struct buffer text = {0};
    *out = NULL;
    if (live_tail_version(tail) == 0 || version == tail->version) {
        return NULL;
    }
    uint64_t since = live_tail_knows(tail, version) ? version : 0;
    for (uint32_t k = 0; k < CACHED_EVENTS; k++) {
        if (tail->cached[k].bytes != NULL && tail->cached[k].since == since) {
            *out = live_bytes_ref(tail->cached[k].bytes);
            return NULL;
        }
    }
    put_event(tail, since, &text);
    struct live_bytes *bytes = text.failed ? NULL : live_bytes_new(tail->budget, buffer_all(&text));
    if (bytes == NULL) {
        err = text.failed ? err_oom() : budget_error(tail->budget, text.length);
        goto done;
    }
    struct cached_event *place = &tail->cached[tail->cached_at++ % CACHED_EVENTS];
    live_bytes_unref(place->bytes);
    *place = (struct cached_event){.since = since, .bytes = bytes};
    *out = live_bytes_ref(bytes);
done:
    buffer_deinit(&text);
    return err;
}
