/*
 * tail.c: see tail.h.
 *
 * flow     table_change_apply → table_tails_note; server/live_tail.c → table_tail_take → snapshot.h's scans
 */
#include "storage/tail.h"

#include "storage/combining.h"
#include "storage/scan_private.h"
#include "storage/views.h"

#include <stdlib.h>

/* How far a head was seen. */
struct seen {
    uint64_t number;
    head_mark mark;
};

struct table_tail {
    struct table_tail *next; /* of the table, as is what follows: under its lock */
    struct table *table;
    struct seen *seen;
    uint32_t seen_count;
    struct version_head left[TAIL_HEADS_MAX]; /* became segments since; skip: what was seen of them */
    uint32_t left_count;
    struct table_segment *came[TAIL_SEGMENTS_MAX];
    uint32_t came_count;
    uint64_t missed;
    bool disturbed; /* since the last look */
    bool exact;     /* it was not before that; the owner's, as is */
    uint32_t schema_version;
};

/* From where on rows of the head are new. */
static head_mark seen_of(const struct table_tail *tail, const struct version_head *entry)
{
    for (uint32_t i = 0; i < tail->seen_count; i++) {
        if (tail->seen[i].number == entry->head->number) {
            return tail->seen[i].mark > entry->skip ? tail->seen[i].mark : entry->skip;
        }
    }
    return entry->skip;
}

static head_mark visible_of(const struct head *head)
{
    return atomic_load_explicit(&head->visible, memory_order_acquire);
}

/* The head's rows are in a segment from now on. */
static void leave(struct table_tail *tail, const struct version_head *entry)
{
    head_mark from = seen_of(tail, entry);
    uint64_t rows = head_rows_between(entry->head, from, visible_of(entry->head));
    if (rows > 0 && tail->left_count == TAIL_HEADS_MAX) {
        tail->missed += rows;
    } else if (rows > 0) {
        tail->left[tail->left_count++] = (struct version_head){head_ref(entry->head), from};
    }
}

static void come(struct table_tail *tail, struct table_segment *segment)
{
    if (tail->came_count == TAIL_SEGMENTS_MAX) {
        tail->missed += ledger_segment_live_rows(&segment->info);
    } else {
        tail->came[tail->came_count++] = table_segment_ref(segment);
    }
}

/* Do segments expire, or values in them, when they are merged? */
static bool expires(const struct table_def *def)
{
    return def->ttl[0] != '\0';
}

/* Are the table's rows after the change those that were there before, and those that came with it? */
static bool keeps_rows(const struct table *table, const struct table_change *change)
{
    const struct table_version *version = table->version;
    uint64_t added = 0, gone = 0;
    if (change->truncate || version->def != table->def) {
        return false;
    }
    for (uint32_t i = 0; i < change->add_count; i++) {
        added += ledger_segment_live_rows(&change->add[i]->info);
    }
    for (uint32_t i = 0; i < change->remove_count; i++) {
        gone += ledger_segment_live_rows(&change->remove[i]->info);
    }
    for (uint32_t i = 0; i < version->head_count; i++) {
        const struct version_head *entry = &version->heads[i];
        for (uint32_t k = 0; k < change->head_remove_count; k++) {
            gone += change->heads_remove[k] == entry->head
                        ? head_rows_between(entry->head, entry->skip, visible_of(entry->head))
                        : 0;
        }
    }
    if (change->remove_count > 0) {
        return change->merges && change->head_remove_count == 0 && added == gone && !expires(version->def);
    }
    return change->head_remove_count > 0 ? added == gone : added > 0 || change->head_add != NULL;
}

void table_tails_note(struct table *table, const struct table_change *change)
{
    const struct table_version *version = table->version;
    bool disturbs = table->tails != NULL && !keeps_rows(table, change);
    bool flush = change->add_count > 0 && change->head_remove_count > 0;
    bool arrival = change->add_count > 0 && change->head_remove_count == 0 && change->remove_count == 0;
    for (struct table_tail *tail = table->tails; tail != NULL; tail = tail->next) {
        tail->disturbed = tail->disturbed || disturbs;
        for (uint32_t i = 0; flush && i < version->head_count; i++) {
            for (uint32_t k = 0; k < change->head_remove_count; k++) {
                if (change->heads_remove[k] == version->heads[i].head) {
                    leave(tail, &version->heads[i]);
                }
            }
        }
        for (uint32_t i = 0; arrival && i < change->add_count; i++) {
            come(tail, change->add[i]);
        }
    }
}

/* Takes the references of what it has noted. */
static void put(const struct table_tail *tail, struct snapshot *snapshot)
{
    struct table_version *version = snapshot->version;
    for (uint32_t i = 0; i < tail->came_count; i++) {
        version->segments[version->segment_count++] = tail->came[i];
        snapshot->rows += ledger_segment_live_rows(&tail->came[i]->info);
    }
    for (uint32_t i = 0; i < version->head_count; i++) {
        const struct version_head *entry = &version->heads[i];
        snapshot->head_rows += head_rows_between(entry->head, entry->skip, snapshot->marks[i]);
    }
    snapshot->rows += snapshot->head_rows;
}

/* Heads that have something new: those that left first. snapshot NULL: what is there is seen. */
static void look(struct table_tail *tail, const struct table_version *now, struct seen *seen, struct snapshot *snapshot)
{
    struct table_version *version = snapshot == NULL ? NULL : snapshot->version;
    for (uint32_t i = 0; version != NULL && i < tail->left_count; i++) {
        snapshot->marks[version->head_count] = visible_of(tail->left[i].head);
        version->heads[version->head_count++] = tail->left[i];
    }
    for (uint32_t i = 0; i < now->head_count; i++) {
        const struct version_head *entry = &now->heads[i];
        head_mark from = seen_of(tail, entry), to = visible_of(entry->head);
        if (version != NULL && to > from) {
            snapshot->marks[version->head_count] = to;
            version->heads[version->head_count++] = (struct version_head){head_ref(entry->head), from};
        }
        seen[i] = (struct seen){entry->head->number, to > from ? to : from};
    }
    if (version != NULL) {
        put(tail, snapshot);
    }
    free(tail->seen);
    tail->seen = seen;
    tail->seen_count = now->head_count;
    tail->left_count = tail->came_count = 0;
    tail->exact = !tail->disturbed;
    tail->disturbed = false;
    tail->schema_version = now->def->schema_version;
}

/* Without rows; room for those of the tail. */
static struct snapshot *snapshot_new(const struct table_tail *tail, const struct table_version *now)
{
    uint32_t heads = now->head_count + tail->left_count;
    struct snapshot *snapshot = calloc(1, sizeof(*snapshot));
    struct table_version *version = calloc(1, sizeof(*version));
    if (snapshot == NULL || version == NULL) {
        free(snapshot);
        free(version);
        return NULL;
    }
    snapshot->references = version->references = 1;
    snapshot->table = table_ref(tail->table);
    snapshot->version = version;
    snapshot->in_order = true;
    snapshot->marks = calloc((size_t)heads + 1, sizeof(head_mark));
    version->def = table_def_ref(now->def);
    version->heads = calloc((size_t)heads + 1, sizeof(*version->heads));
    version->segments = calloc((size_t)tail->came_count + 1, sizeof(struct table_segment *));
    if (snapshot->marks == NULL || version->heads == NULL || version->segments == NULL) {
        snapshot_unref(snapshot);
        return NULL;
    }
    return snapshot;
}

/* What the version has, as far as the tail has seen it. */
static struct snapshot *snapshot_seen(struct table *table, const struct seen *seen)
{
    struct table_version *version = table->version;
    struct snapshot *snapshot = calloc(1, sizeof(*snapshot));
    head_mark *marks = calloc((size_t)version->head_count + 1, sizeof(*marks));
    if (snapshot == NULL || marks == NULL) {
        free(snapshot);
        free(marks);
        return NULL;
    }
    atomic_fetch_add_explicit(&version->references, 1, memory_order_relaxed);
    snapshot->references = 1;
    snapshot->table = table_ref(table);
    snapshot->version = version;
    snapshot->marks = marks;
    for (uint32_t i = 0; i < version->head_count; i++) {
        const struct version_head *entry = &version->heads[i];
        marks[i] = seen[i].mark;
        snapshot->head_rows += head_rows_between(entry->head, entry->skip, marks[i]);
    }
    snapshot->rows = snapshot->head_rows;
    for (uint32_t i = 0; i < version->segment_count; i++) {
        snapshot->rows += ledger_segment_live_rows(&version->segments[i]->info);
    }
    return snapshot;
}

struct err *table_tail_open(struct table *table, struct snapshot **before, struct table_tail **out)
{
    struct table_tail *tail = calloc(1, sizeof(*tail));
    struct snapshot *past = NULL;
    if (tail == NULL) {
        return err_oom();
    }
    lock_take(&table->lock);
    struct seen *seen = calloc((size_t)table->version->head_count + 1, sizeof(*seen));
    bool made = seen != NULL;
    if (made) {
        look(tail, table->version, seen, NULL);
        past = before == NULL ? NULL : snapshot_seen(table, seen);
        made = before == NULL || past != NULL;
    }
    if (made) {
        tail->table = table_ref(table);
        tail->next = table->tails;
        table->tails = tail;
    }
    lock_give(&table->lock);
    if (!made) {
        free(seen);
        free(tail);
        return err_oom();
    }
    if (before != NULL) {
        *before = past;
    }
    *out = tail;
    return NULL;
}

/* The table's rows are those that its segments and heads have. */
static bool is_plain(struct table *table)
{
    enum combining_kind combining;
    struct table_def *def = table_definition(table);
    bool plain = def != NULL && !engine_combines(def->engine, &combining) && !views_fill(table);
    table_def_unref(def);
    return plain;
}

struct err *table_tail_follow(const struct snapshot *like, struct table_tail **out, struct snapshot **now)
{
    *out = NULL;
    *now = NULL;
    return is_plain(like->table) ? table_tail_open(like->table, now, out) : NULL;
}

bool table_tail_is_exact(const struct table_tail *tail)
{
    return tail->exact && !views_fill(tail->table);
}

bool table_tail_is_of(const struct table_tail *tail, const struct snapshot *snapshot)
{
    return snapshot->table == tail->table && snapshot->version->def->schema_version == tail->schema_version;
}

struct err *table_tail_take(struct table_tail *tail, struct snapshot **out, uint64_t *missed)
{
    struct table *table = tail->table;
    lock_take(&table->lock);
    struct seen *seen = calloc((size_t)table->version->head_count + 1, sizeof(*seen));
    struct snapshot *snapshot = seen == NULL ? NULL : snapshot_new(tail, table->version);
    if (snapshot != NULL) {
        look(tail, table->version, seen, snapshot);
        *missed = tail->missed;
        tail->missed = 0;
    }
    lock_give(&table->lock);
    if (snapshot == NULL) {
        free(seen);
        return err_oom();
    }
    *out = snapshot;
    return NULL;
}

const struct table *table_tail_table(const struct table_tail *tail)
{
    return tail->table;
}

void table_tail_close(struct table_tail *tail)
{
    if (tail == NULL) {
        return;
    }
    struct table *table = tail->table;
    lock_take(&table->lock);
    struct table_tail **place = &table->tails;
    while (*place != tail) {
        place = &(*place)->next;
    }
    *place = tail->next;
    lock_give(&table->lock);
    for (uint32_t i = 0; i < tail->left_count; i++) {
        head_unref(tail->left[i].head);
    }
    for (uint32_t i = 0; i < tail->came_count; i++) {
        table_segment_unref(tail->came[i]);
    }
    free(tail->seen);
    free(tail);
    table_unref(table);
}
