/*
 * view_cache.c: see view_cache.h.
 */
#include "storage/view_cache.h"

#include "storage/flush.h"
#include "storage/scan_private.h"

#include <stdlib.h>
#include <string.h>

/* A copy has references to the heads. */
static struct err *piece_copy(const struct view_piece *piece, struct view_piece *out)
{
    struct head **heads = calloc((size_t)piece->rows.head_count + 1, sizeof(struct head *));
    if (heads == NULL) {
        return err_oom();
    }
    *out = *piece;
    for (uint32_t i = 0; i < piece->rows.head_count; i++) {
        heads[i] = head_ref(piece->rows.heads[i]);
    }
    out->rows.heads = heads;
    out->rows.target = table_ref(piece->rows.target);
    return NULL;
}

static void pieces_deinit(struct view_piece *pieces, uint32_t count)
{
    for (uint32_t i = 0; pieces != NULL && i < count; i++) {
        view_rows_deinit(&pieces[i].rows);
    }
    free(pieces);
}

void view_cache_deinit(struct view_cache *cache)
{
    pieces_deinit(cache->pieces, cache->count);
    *cache = (struct view_cache){0};
}

static bool has_head(const struct table_version *version, uint64_t number)
{
    bool has = false;
    for (uint32_t i = 0; i < version->head_count && !has; i++) {
        has = version->heads[i].head->number == number;
    }
    return has;
}

/* Pieces of other heads than the version's leave; into `gone`, which has room for all. Under tables->views. */
static uint32_t take_gone(struct view_cache *cache, const struct table_version *version, struct view_piece *gone)
{
    uint32_t kept = 0, count = 0;
    for (uint32_t i = 0; i < cache->count; i++) {
        if (has_head(version, cache->pieces[i].head)) {
            cache->pieces[kept++] = cache->pieces[i];
        } else {
            gone[count++] = cache->pieces[i];
        }
    }
    cache->count = kept;
    return count;
}

static void prune(struct tables *tables, struct view_cache *cache, const struct table_version *version)
{
    lock_take(&tables->views);
    struct view_piece *gone = calloc((size_t)cache->count + 1, sizeof(*gone));
    uint32_t count = gone == NULL ? 0 : take_gone(cache, version, gone); /* or the next time */
    lock_give(&tables->views);
    pieces_deinit(gone, count);
}

void view_cache_prune(struct tables *tables, struct view_set *set)
{
    for (uint32_t i = 0; set != NULL && i < set->count; i++) {
        const struct view_feed *feed = set->feeds[i];
        lock_take(&tables->views);
        bool any = set->caches[i].count > 0;
        lock_give(&tables->views);
        struct table *base = any ? view_feed_base(tables, feed) : NULL;
        if (base != NULL) {
            struct table_version *version = table_version_take(base);
            prune(tables, &set->caches[i], version);
            table_version_unref(version);
        }
        table_unref(base);
    }
}

/* ---- reading */

/* One head's rows that a reader sees. */
struct reading {
    struct head *head; /* borrowed */
    head_mark from, to;
    struct view_piece *pieces; /* in order, from `from` on */
    uint32_t count;
};

/* The pieces that the reading has; those that are to be made anew with what is behind them are not. */
static struct err *take_pieces(struct tables *tables, const struct view_cache *cache, struct reading *reading)
{
    struct err *err = NULL;
    lock_take(&tables->views);
    reading->pieces = calloc((size_t)cache->count + 2, sizeof(struct view_piece)); /* one more may come */
    if (reading->pieces == NULL) {
        err = err_oom();
    }
    head_mark at = reading->from;
    for (uint32_t i = 0; err == NULL && i < cache->count; i++) {
        const struct view_piece *piece = &cache->pieces[i];
        if (piece->head == reading->head->number && piece->from == at && piece->to <= reading->to) {
            err = piece_copy(piece, &reading->pieces[reading->count]);
            reading->count += err == NULL;
            at = piece->to;
        }
    }
    lock_give(&tables->views);
    uint64_t rows = err == NULL ? head_rows_between(reading->head, at, reading->to) : 0;
    while (rows > 0 && reading->count > 0 && reading->pieces[reading->count - 1].row_count <= rows) {
        struct view_piece *last = &reading->pieces[--reading->count];
        rows += last->row_count;
        view_rows_deinit(&last->rows);
    }
    return err;
}

/* Others may have kept more of this head meanwhile: theirs stay. */
static struct err *keep_piece(struct tables *tables, struct view_cache *cache, const struct view_piece *piece)
{
    uint32_t at = 0, gone_count = 0;
    struct view_piece copy;
    struct err *err = piece_copy(piece, &copy);
    if (err != NULL) {
        return err;
    }
    lock_take(&tables->views);
    struct view_piece *gone = calloc((size_t)cache->count + 2, sizeof(*gone));
    bool fits = gone != NULL;
    for (uint32_t i = 0; i < cache->count; i++) {
        const struct view_piece *other = &cache->pieces[i];
        fits = fits && (other->head != piece->head || other->to <= piece->to);
    }
    if (fits && cache->count == cache->capacity) {
        uint32_t capacity = cache->capacity == 0 ? 8 : cache->capacity * 2;
        struct view_piece *grown = realloc(cache->pieces, capacity * sizeof(*grown));
        fits = grown != NULL;
        cache->pieces = fits ? grown : cache->pieces;
        cache->capacity = fits ? capacity : cache->capacity;
    }
    if (fits) {
        for (uint32_t i = 0; i < cache->count; i++) {
            if (cache->pieces[i].head == piece->head && cache->pieces[i].to > piece->from) {
                gone[gone_count++] = cache->pieces[i];
            } else {
                cache->pieces[at++] = cache->pieces[i];
            }
        }
        cache->pieces[at++] = copy;
        cache->count = at;
    }
    lock_give(&tables->views);
    if (!fits) {
        view_rows_deinit(&copy.rows);
    }
    pieces_deinit(gone, gone_count);
    return NULL;
}

/* What is behind the pieces becomes one. */
static struct err *make_last(struct tables *tables, struct view_cache *cache, const struct view_feed *feed,
                             struct table *base, struct reading *reading, bool *repeats)
{
    struct err *err = NULL;
    head_mark at = reading->count == 0 ? reading->from : reading->pieces[reading->count - 1].to;
    uint64_t rows = head_rows_between(reading->head, at, reading->to);
    const struct flush_head part = {reading->head, at, reading->to};
    struct view_piece piece = {.head = reading->head->number, .from = at, .to = reading->to, .row_count = rows};
    struct snapshot *snapshot = NULL;

    if (rows == 0) {
        return NULL;
    }
    OR_DONE(snapshot_of_heads(base, &part, 1, &snapshot));
    OR_DONE(view_rows_make(tables, feed, snapshot, 0, tables->view_functions->kept, repeats, &piece.rows));
    if (*repeats) {
        OR_DONE(keep_piece(tables, cache, &piece));
        reading->pieces[reading->count++] = piece;
        piece.rows = (struct view_rows){0}; /* moved */
    }
done:
    snapshot_unref(snapshot);
    view_rows_deinit(&piece.rows);
    return err;
}

static struct err *heads_of(const struct reading *readings, uint32_t count, struct head ***heads, uint32_t *head_count)
{
    uint32_t room = 1;
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t k = 0; k < readings[i].count; k++) {
            room += readings[i].pieces[k].rows.head_count;
        }
    }
    *heads = calloc(room, sizeof(struct head *));
    if (*heads == NULL) {
        return err_oom();
    }
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t k = 0; k < readings[i].count; k++) {
            const struct view_rows *rows = &readings[i].pieces[k].rows;
            for (uint32_t h = 0; h < rows->head_count; h++) {
                (*heads)[(*head_count)++] = head_ref(rows->heads[h]);
            }
        }
    }
    return NULL;
}

/* Too much for the budget: everything goes, and this many rows are not tried again. */
static void refuse(struct tables *tables, struct view_cache *cache, uint64_t rows)
{
    lock_take(&tables->views);
    struct view_cache old = *cache;
    *cache = (struct view_cache){.refused_rows = rows};
    lock_give(&tables->views);
    view_cache_deinit(&old);
}

struct err *view_cache_fold(struct tables *tables, struct view_cache *cache, const struct view_feed *feed,
                            struct snapshot *from, struct head ***heads, uint32_t *head_count, bool *done)
{
    struct err *err = NULL;
    const struct table_version *version = from->version;
    struct reading *readings = NULL;
    bool repeats = true;

    *done = false;
    *heads = NULL;
    *head_count = 0;
    lock_take(&tables->views);
    uint64_t refused = cache->refused_rows;
    lock_give(&tables->views);
    if (feed->states == NULL || tables->view_functions->kept == NULL ||
        (refused > 0 && snapshot_head_rows(from) > refused / 2)) {
        return NULL;
    }
    readings = calloc((size_t)version->head_count + 1, sizeof(*readings));
    if (readings == NULL) {
        return err_oom();
    }
    prune(tables, cache, version);
    for (uint32_t i = 0; i < version->head_count && repeats; i++) {
        readings[i] =
            (struct reading){.head = version->heads[i].head, .from = version->heads[i].skip, .to = from->marks[i]};
        OR_DONE(take_pieces(tables, cache, &readings[i]));
        OR_DONE(make_last(tables, cache, feed, from->table, &readings[i], &repeats));
    }
    if (!repeats) {
        refuse(tables, cache, 1); /* never: half of that are none */
        goto done;
    }
    OR_DONE(heads_of(readings, version->head_count, heads, head_count));
    *done = true;
done:
    if (err != NULL && (err_code(err) == ERR_MEMORY_LIMIT || err_code(err) == ERR_OOM)) {
        err_free(err); /* without keeping it may be possible */
        err = NULL;
        refuse(tables, cache, snapshot_head_rows(from));
    }
    for (uint32_t i = 0; readings != NULL && i < version->head_count; i++) {
        pieces_deinit(readings[i].pieces, readings[i].count);
    }
    free(readings);
    return err;
}
