/*
 * live_result.c: see live_result.h.
 *
 * rows     in a hash table by key, and in a list, those that changed last at its end: what changed since a version is
 *          the list's end. Keys that are gone have a list of their own.
 */
#include "server/live_result.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define CACHED_EVENTS 8U

struct live_row {
    struct live_row *chain; /* of its bucket */
    struct live_row *next;  /* in its list: changed later */
    struct live_row *before;
    uint64_t hash;
    uint64_t version; /* with which it changed, or left */
    uint64_t run;     /* that had it last */
    uint32_t position;
    uint32_t row_bytes, row_capacity;
    uint32_t key_bytes;
    char *row; /* NULL: it is gone */
    char key[];
};

struct list {
    struct live_row *first, *last;
    uint64_t count;
};

struct cached_event {
    uint64_t since;
    struct live_bytes *bytes;
};

struct live_result {
    struct budget *budget;
    uint64_t charged;
    uint64_t seed; /* of the hashes: keys are what somebody sent */
    uint64_t version, run;
    uint64_t known_from; /* what changed since an older version is not known */
    /* of a keyed answer */
    struct live_row **buckets;
    uint64_t bucket_count;
    struct list rows, gone;
    /* of others: the rows' text */
    struct buffer text;
    uint64_t text_rows;
    bool repeats; /* keys do: there are none any more */
    struct buffer shape_text;
    struct live_shape shape; /* points into shape_text */
    char data_time[40], complete_through[40];
    struct cached_event cached[CACHED_EVENTS];
    uint32_t cached_at;
};

/* ---- bytes */

struct live_bytes *live_bytes_new(struct budget *budget, struct slice text)
{
    size_t size = sizeof(struct live_bytes) + text.length;
    if (!budget_take(budget, size)) {
        return NULL;
    }
    struct live_bytes *bytes = malloc(size);
    if (bytes == NULL) {
        budget_give(budget, size);
        return NULL;
    }
    atomic_init(&bytes->references, 1);
    bytes->budget = budget;
    bytes->charged = size;
    bytes->length = text.length;
    memcpy(bytes->data, text.length == 0 ? "" : text.data, text.length);
    return bytes;
}

struct live_bytes *live_bytes_ref(struct live_bytes *bytes)
{
    atomic_fetch_add_explicit(&bytes->references, 1, memory_order_relaxed);
    return bytes;
}

void live_bytes_unref(struct live_bytes *bytes)
{
    if (bytes != NULL && atomic_fetch_sub_explicit(&bytes->references, 1, memory_order_acq_rel) == 1) {
        budget_give(bytes->budget, bytes->charged);
        free(bytes);
    }
}

/* ---- rows of a run */

/* The next line, without its end; false: there is none. */
static bool next_line(struct slice *text, struct slice *line)
{
    const char *end = text->length == 0 ? NULL : memchr(text->data, '\n', text->length);
    if (end == NULL) {
        return false;
    }
    *line = slice_of(text->data, (size_t)(end - text->data));
    *text = slice_of(end + 1, text->length - line->length - 1);
    return true;
}

struct err *live_rows_add(struct live_rows *rows, struct slice lines, bool keyed, struct slice keys)
{
    struct slice line, key = {0};
    if (rows->text.length + lines.length + keys.length > LIVE_ANSWER_BYTES_MAX) {
        return err_new(ERR_LIMIT_EXCEEDED,
                       "the answer of a live query has more than %zu bytes; narrow it with WHERE, GROUP BY or LIMIT",
                       LIVE_ANSWER_BYTES_MAX);
    }
    while (next_line(&lines, &line)) {
        if (keyed && !next_line(&keys, &key)) {
            return err_new(ERR_LOGICAL, "a live query's rows have fewer keys than rows");
        }
        if (rows->count == rows->capacity) {
            uint32_t capacity = rows->capacity == 0 ? 16 : 2 * rows->capacity;
            struct live_rows_place *grown = realloc(rows->places, capacity * sizeof(*grown));
            if (grown == NULL) {
                return err_oom();
            }
            rows->places = grown;
            rows->capacity = capacity;
        }
        struct live_rows_place *place = &rows->places[rows->count++];
        *place = (struct live_rows_place){.row = (uint32_t)rows->text.length, .row_bytes = (uint32_t)line.length};
        buffer_slice(&rows->text, line);
        place->key = (uint32_t)rows->text.length;
        place->key_bytes = (uint32_t)key.length;
        buffer_slice(&rows->text, key);
    }
    return rows->text.failed ? err_oom() : NULL;
}

void live_rows_deinit(struct live_rows *rows)
{
    buffer_deinit(&rows->text);
    free(rows->places);
    *rows = (struct live_rows){0};
}

static struct slice row_of(const struct live_rows *rows, uint32_t i)
{
    return slice_of(rows->text.data + rows->places[i].row, rows->places[i].row_bytes);
}

static struct slice key_of(const struct live_rows *rows, uint32_t i)
{
    return slice_of(rows->text.data + rows->places[i].key, rows->places[i].key_bytes);
}

/* ---- lists */

static void list_add(struct list *list, struct live_row *row)
{
    row->next = NULL;
    row->before = list->last;
    *(list->last == NULL ? &list->first : &list->last->next) = row;
    list->last = row;
    list->count++;
}

static void list_remove(struct list *list, struct live_row *row)
{
    *(row->before == NULL ? &list->first : &row->before->next) = row->next;
    *(row->next == NULL ? &list->last : &row->next->before) = row->before;
    list->count--;
}

/* ---- the table */

static void charge(struct live_result *result, uint64_t bytes)
{
    result->charged += bytes; /* taken before */
}

static void give(struct live_result *result, uint64_t bytes)
{
    result->charged -= bytes;
    budget_give(result->budget, bytes);
}

static struct live_row *find(const struct live_result *result, uint64_t hash, struct slice key)
{
    struct live_row *row = result->bucket_count == 0 ? NULL : result->buckets[hash & (result->bucket_count - 1)];
    while (row != NULL && (row->hash != hash || !slice_equal(slice_of(row->key, row->key_bytes), key))) {
        row = row->chain;
    }
    return row;
}

static void unchain(struct live_result *result, struct live_row *row)
{
    struct live_row **place = &result->buckets[row->hash & (result->bucket_count - 1)];
    while (*place != row) {
        place = &(*place)->chain;
    }
    *place = row->chain;
}

static bool grow(struct live_result *result, uint64_t rows)
{
    uint64_t count = result->bucket_count == 0 ? 16 : result->bucket_count;
    while (count < rows) {
        count *= 2;
    }
    if (count == result->bucket_count) {
        return true;
    }
    struct live_row **buckets = calloc(count, sizeof(struct live_row *));
    if (buckets == NULL || !budget_take(result->budget, count * sizeof(struct live_row *))) {
        free(buckets);
        return false;
    }
    charge(result, count * sizeof(struct live_row *));
    for (uint64_t i = 0; i < result->bucket_count; i++) {
        for (struct live_row *row = result->buckets[i], *next; row != NULL; row = next) {
            next = row->chain;
            row->chain = buckets[row->hash & (count - 1)];
            buckets[row->hash & (count - 1)] = row;
        }
    }
    give(result, result->bucket_count * sizeof(struct live_row *));
    free(result->buckets);
    result->buckets = buckets;
    result->bucket_count = count;
    return true;
}

static void free_row(struct live_result *result, struct list *list, struct live_row *row)
{
    list_remove(list, row);
    unchain(result, row);
    give(result, sizeof(*row) + row->key_bytes + row->row_capacity);
    free(row->row);
    free(row);
}

static void free_list(struct live_result *result, struct list *list)
{
    for (struct live_row *row = list->first, *next; row != NULL; row = next) {
        next = row->next;
        unchain(result, row);
        give(result, sizeof(*row) + row->key_bytes + row->row_capacity);
        free(row->row);
        free(row);
    }
    *list = (struct list){0};
}

static void free_all(struct live_result *result)
{
    free_list(result, &result->rows);
    free_list(result, &result->gone);
    give(result, result->text.capacity);
    buffer_deinit(&result->text);
    result->text_rows = 0;
}

static void drop_cached(struct live_result *result)
{
    for (uint32_t k = 0; k < CACHED_EVENTS; k++) {
        live_bytes_unref(result->cached[k].bytes);
        result->cached[k] = (struct cached_event){0};
    }
}

struct err *live_result_create(struct budget *budget, struct live_result **out)
{
    struct live_result *result = calloc(1, sizeof(*result));
    *out = result;
    if (result == NULL) {
        return err_oom();
    }
    result->budget = budget;
    randombytes_buf(&result->seed, sizeof(result->seed));
    return NULL;
}

void live_result_destroy(struct live_result *result)
{
    if (result != NULL) {
        free_all(result);
        drop_cached(result);
        give(result, result->bucket_count * sizeof(struct live_row *));
        free(result->buckets);
        buffer_deinit(&result->shape_text);
        free(result);
    }
}

void live_result_forget(struct live_result *result)
{
    free_all(result);
    drop_cached(result);
    result->version++;
    result->known_from = UINT64_MAX; /* until the next run */
}

/* ---- a run */

static struct slice keep(struct buffer *text, struct slice from)
{
    size_t at = text->length;
    buffer_slice(text, from);
    return slice_of(text->failed ? "" : text->data + at, text->failed ? 0 : from.length);
}

static bool same_shape(const struct live_shape *a, const struct live_shape *b)
{
    return a->keyed == b->keyed && slice_equal(a->columns, b->columns) && slice_equal(a->key, b->key) &&
           slice_equal(a->order, b->order) && slice_equal(a->mode, b->mode);
}

static struct err *set_shape(struct live_result *result, const struct live_shape *shape)
{
    struct buffer text = {0};
    if (!buffer_reserve(&text, shape->columns.length + shape->key.length + shape->order.length + shape->mode.length)) {
        return err_oom();
    }
    buffer_deinit(&result->shape_text);
    result->shape = (struct live_shape){.columns = keep(&text, shape->columns),
                                        .key = shape->keyed ? keep(&text, shape->key) : slice_text("[]"),
                                        .order = shape->keyed ? keep(&text, shape->order) : slice_text(""),
                                        .mode = keep(&text, shape->mode),
                                        .keyed = shape->keyed};
    result->shape_text = text;
    return NULL;
}

/* Whatever is needed at the most, so that nothing fails half-way. */
static uint64_t bytes_needed(const struct live_rows *rows)
{
    return rows->text.length + rows->count * (uint64_t)(sizeof(struct live_row));
}

static struct live_row *add_row(struct live_result *result, uint64_t hash, struct slice key)
{
    struct live_row *row = calloc(1, sizeof(*row) + key.length);
    if (row == NULL) {
        return NULL;
    }
    charge(result, sizeof(*row) + key.length);
    row->hash = hash;
    row->key_bytes = (uint32_t)key.length;
    memcpy(row->key, key.data, key.length);
    row->chain = result->buckets[hash & (result->bucket_count - 1)];
    result->buckets[hash & (result->bucket_count - 1)] = row;
    list_add(&result->gone, row);
    return row;
}

/* The row becomes this; false: memory is out. */
static bool set_row(struct live_result *result, struct live_row *row, struct slice text, uint64_t *taken)
{
    if (row->row_capacity < text.length || row->row == NULL) {
        char *grown = realloc(row->row, text.length == 0 ? 1 : text.length);
        if (grown == NULL) {
            return false;
        }
        list_remove(row->row == NULL ? &result->gone : &result->rows, row);
        charge(result, text.length - row->row_capacity);
        *taken += text.length - row->row_capacity;
        row->row = grown;
        row->row_capacity = (uint32_t)text.length;
    } else {
        list_remove(&result->rows, row);
    }
    memcpy(row->row, text.data, text.length);
    row->row_bytes = (uint32_t)text.length;
    list_add(&result->rows, row);
    return true;
}

static void leave(struct live_result *result, struct live_row *row, uint64_t version)
{
    list_remove(&result->rows, row);
    give(result, row->row_capacity);
    free(row->row);
    row->row = NULL;
    row->row_bytes = row->row_capacity = 0;
    row->version = version;
    list_add(&result->gone, row);
}

/* *repeats: two rows have one key. */
static struct err *apply_keyed(struct live_result *result, const struct live_rows *rows, bool *changed, bool *repeats)
{
    struct err *err = NULL;
    uint64_t version = result->version + 1, run = ++result->run, needed = bytes_needed(rows), taken = 0;
    if (!budget_take(result->budget, needed)) {
        return budget_error(result->budget, needed);
    }
    if (!grow(result, rows->count + result->rows.count + result->gone.count)) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < rows->count; i++) {
        struct slice key = key_of(rows, i), text = row_of(rows, i);
        uint64_t hash = XXH3_64bits_withSeed(key.data, key.length, result->seed);
        struct live_row *row = find(result, hash, key);
        if (row != NULL && row->run == run) {
            *repeats = true;
            goto done;
        }
        if (row == NULL) {
            row = add_row(result, hash, key);
            taken += sizeof(*row) + key.length;
        }
        if (row != NULL && (row->row == NULL || !slice_equal(slice_of(row->row, row->row_bytes), text))) {
            *changed = true;
            row->version = version;
            if (!set_row(result, row, text, &taken)) {
                row = NULL;
            }
        }
        if (row == NULL) { /* half of it is new: nobody may build on it */
            result->known_from = UINT64_MAX;
            err = err_oom();
            goto done;
        }
        row->run = run;
        row->position = i;
    }
    for (struct live_row *row = result->rows.first, *next; row != NULL; row = next) {
        next = row->next;
        if (row->run != run) {
            *changed = true;
            leave(result, row, version);
        }
    }
done:
    budget_give(result->budget, needed - taken);
    return err;
}

static struct err *apply_text(struct live_result *result, const struct live_rows *rows, bool *changed)
{
    struct buffer text = {0};
    for (uint32_t i = 0; i < rows->count; i++) {
        if (i > 0) {
            buffer_char(&text, ',');
        }
        buffer_slice(&text, row_of(rows, i));
    }
    if (text.failed || !budget_take(result->budget, text.capacity)) {
        struct err *err = text.failed ? err_oom() : budget_error(result->budget, text.capacity);
        buffer_deinit(&text);
        return err;
    }
    charge(result, text.capacity);
    *changed =
        *changed || result->text_rows != rows->count || !slice_equal(buffer_all(&text), buffer_all(&result->text));
    give(result, result->text.capacity);
    buffer_deinit(&result->text);
    result->text = text;
    result->text_rows = rows->count;
    return NULL;
}

static void forget_gone(struct live_result *result)
{
    uint64_t most = result->rows.count > LIVE_GONE_MIN ? result->rows.count : LIVE_GONE_MIN;
    while (result->gone.count > most) {
        uint64_t version = result->gone.first->version; /* who has that knows it */
        result->known_from = result->known_from > version ? result->known_from : version;
        free_row(result, &result->gone, result->gone.first);
    }
}

struct err *live_result_apply(struct live_result *result, const struct live_shape *shape, const struct live_rows *rows,
                              const struct live_times *times, bool *changed)
{
    struct err *err = NULL;
    struct live_shape wanted = *shape;
    bool repeats = false, anew = result->version == 0 || result->known_from == UINT64_MAX;
    *changed = anew;
    wanted.keyed = shape->keyed && !result->repeats;
    if (!wanted.keyed) {
        wanted.key = slice_text("[]");
        wanted.order = slice_text("");
    }
    if (!same_shape(&wanted, &result->shape)) {
        OR_DONE(set_shape(result, &wanted));
        free_all(result);
        anew = *changed = true;
    }
    if (wanted.keyed) {
        OR_DONE(apply_keyed(result, rows, changed, &repeats));
        if (repeats) {
            result->repeats = true;
            err = live_result_apply(result, shape, rows, times, changed);
            goto done;
        }
    } else {
        OR_DONE(apply_text(result, rows, changed));
    }
    if (*changed) {
        result->version++;
        result->known_from = anew ? result->version : result->known_from;
        slice_copy(result->data_time, sizeof(result->data_time), times->data_time);
        slice_copy(result->complete_through, sizeof(result->complete_through), times->complete_through);
        drop_cached(result);
        forget_gone(result);
    }
done:
    return err;
}

/* ---- events */

uint64_t live_result_version(const struct live_result *result)
{
    return result->known_from == UINT64_MAX ? 0 : result->version;
}

uint64_t live_result_rows(const struct live_result *result)
{
    return result->rows.count + result->text_rows;
}

uint64_t live_result_bytes(const struct live_result *result)
{
    return result->charged;
}

bool live_result_knows(const struct live_result *result, uint64_t version)
{
    return version > 0 && version <= result->version && version >= result->known_from;
}

static void put_times(const struct live_result *result, struct buffer *out)
{
    buffer_printf(out, "],\"data_time\":%s,\"complete_through\":%s", result->data_time, result->complete_through);
}

static int by_position(const void *left, const void *right)
{
    uint32_t a = (*(struct live_row *const *)left)->position, b = (*(struct live_row *const *)right)->position;
    return a < b ? -1 : a > b;
}

static void put_all(const struct live_result *result, struct buffer *out)
{
    struct live_row **sorted = malloc((result->rows.count + 1) * sizeof(struct live_row *));
    uint64_t count = 0;
    if (sorted == NULL) {
        out->failed = true;
        return;
    }
    for (struct live_row *row = result->rows.first; row != NULL; row = row->next) {
        sorted[count++] = row;
    }
    qsort(sorted, count, sizeof(struct live_row *), by_position);
    for (uint64_t i = 0; i < count; i++) {
        if (i > 0) {
            buffer_char(out, ',');
        }
        buffer_append(out, sorted[i]->row, sorted[i]->row_bytes);
    }
    free(sorted);
}

static void put_snapshot(const struct live_result *result, struct buffer *out)
{
    const struct live_shape *shape = &result->shape;
    buffer_printf(out, "\"type\":\"snapshot\",\"seq\":%llu,\"columns\":", (unsigned long long)result->version);
    buffer_slice(out, shape->columns);
    buffer_text(out, ",\"key\":");
    buffer_slice(out, shape->key);
    if (shape->order.length > 0) {
        buffer_text(out, ",\"order\":");
        buffer_slice(out, shape->order);
    }
    buffer_text(out, ",\"rows\":[");
    if (shape->keyed) {
        put_all(result, out);
    } else {
        buffer_slice(out, buffer_all(&result->text));
    }
    put_times(result, out);
    buffer_text(out, ",\"mode\":\"");
    buffer_slice(out, shape->mode);
    buffer_text(out, "\"}");
}

static void put_change(const struct live_result *result, uint64_t since, struct buffer *out)
{
    const struct live_row *row = result->rows.last;
    buffer_printf(out, "\"type\":\"change\",\"seq\":%llu,\"upsert\":[", (unsigned long long)result->version);
    for (; row != NULL && row->version > since; row = row->before) {
        if (row != result->rows.last) {
            buffer_char(out, ',');
        }
        buffer_append(out, row->row, row->row_bytes);
    }
    buffer_text(out, "],\"delete\":[");
    for (row = result->gone.last; row != NULL && row->version > since; row = row->before) {
        if (row != result->gone.last) {
            buffer_char(out, ',');
        }
        buffer_append(out, row->key, row->key_bytes);
    }
    put_times(result, out);
    buffer_char(out, '}');
}

/* Keys that left since then, as far as more than there are rows. */
static bool many_left(const struct live_result *result, uint64_t since)
{
    uint64_t left = 0, most = result->rows.count + 16;
    for (const struct live_row *row = result->gone.last; row != NULL && row->version > since && left <= most;
         row = row->before) {
        left++;
    }
    return left > most;
}

struct err *live_result_since(struct live_result *result, uint64_t version, struct live_bytes **out)
{
    struct err *err = NULL;
    struct buffer text = {0};
    *out = NULL;
    if (live_result_version(result) == 0 || version == result->version) {
        return NULL;
    }
    bool change = result->shape.keyed && live_result_knows(result, version) && !many_left(result, version);
    uint64_t since = change ? version : 0;
    for (uint32_t k = 0; k < CACHED_EVENTS; k++) {
        if (result->cached[k].bytes != NULL && result->cached[k].since == since) {
            *out = live_bytes_ref(result->cached[k].bytes);
            return NULL;
        }
    }
    if (change) {
        put_change(result, since, &text);
    } else {
        put_snapshot(result, &text);
    }
    struct live_bytes *bytes = text.failed ? NULL : live_bytes_new(result->budget, buffer_all(&text));
    if (bytes == NULL) {
        err = text.failed ? err_oom() : budget_error(result->budget, text.length);
        goto done;
    }
    struct cached_event *place = &result->cached[result->cached_at++ % CACHED_EVENTS];
    live_bytes_unref(place->bytes);
    *place = (struct cached_event){.since = since, .bytes = bytes};
    *out = live_bytes_ref(bytes);
done:
    buffer_deinit(&text);
    return err;
}
