/*
 * views.c: the feeds of a store; the rows that they make of a snapshot's; tables as who reads a view sees them.
 *
 * flow     server/materialized.c → views_set; query's tables → views_snapshot → fold (the layer above) → heads
 * owns     the current set of feeds; the heads of rows that were made, until their snapshot or commit ends
 * locks    tables->views (LOCK_VIEWS) is held while a commit swaps versions of tables that feed each other, and while
 *          a reader takes these versions; never while SELECTs run
 */
#include "storage/views.h"

#include "storage/flush.h"
#include "storage/scan_private.h"
#include "storage/view_cache.h"

#include <stdlib.h>
#include <string.h>

/* ---- feeds */

struct view_feed *view_feed_ref(struct view_feed *feed)
{
    atomic_fetch_add_explicit(&feed->references, 1, memory_order_relaxed);
    return feed;
}

void view_feed_unref(struct view_feed *feed)
{
    if (feed != NULL && atomic_fetch_sub_explicit(&feed->references, 1, memory_order_acq_rel) == 1) {
        table_unref(feed->base);
        table_unref(feed->target);
        arena_destroy(feed->arena);
    }
}

static bool names_are(const struct table_def *def, const char *database, const char *table)
{
    return strcmp(def->database, database) == 0 && strcmp(def->name, table) == 0;
}

/* The table that was found when the feed was made, if it is there still. */
static struct table *known(struct table *table)
{
    return table != NULL && !atomic_load(&table->dropped) ? table : NULL;
}

bool view_feed_reads(const struct view_feed *feed, const struct table *table, const struct table_def *def)
{
    const struct table *base = known(feed->base);
    return base != NULL ? base == table : names_are(def, feed->base_database, feed->base_table);
}

bool view_feed_fills(const struct view_feed *feed, const struct table *table, const struct table_def *def)
{
    const struct table *target = known(feed->target);
    return target != NULL ? target == table : names_are(def, feed->target_database, feed->target_table);
}

struct table *view_feed_base(struct tables *tables, const struct view_feed *feed)
{
    struct table *base = known(feed->base);
    return base != NULL ? table_ref(base)
                        : catalogue_table_find(tables->store->catalogue, feed->base_database, feed->base_table);
}

struct table *view_feed_target(struct tables *tables, const struct view_feed *feed)
{
    struct table *target = known(feed->target);
    return target != NULL ? table_ref(target)
                          : catalogue_table_find(tables->store->catalogue, feed->target_database, feed->target_table);
}

void view_set_unref(struct view_set *set)
{
    if (set == NULL || atomic_fetch_sub_explicit(&set->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    for (uint32_t i = 0; i < set->count; i++) {
        view_feed_unref(set->feeds[i]);
        view_cache_deinit(&set->caches[i]);
    }
    free(set->caches);
    free(set);
}

struct view_set *view_set_take(struct tables *tables)
{
    lock_take(&tables->views);
    struct view_set *set = tables->view_set;
    if (set != NULL) {
        atomic_fetch_add_explicit(&set->references, 1, memory_order_relaxed);
    }
    lock_give(&tables->views);
    return set;
}

bool view_set_is_current(struct tables *tables, const struct view_set *set)
{
    lock_take(&tables->views);
    bool is = tables->view_set == set;
    lock_give(&tables->views);
    return is;
}

bool view_set_has_base(const struct view_set *set, const struct table *table, const struct table_def *def)
{
    for (uint32_t i = 0; set != NULL && i < set->count; i++) {
        if (view_feed_reads(set->feeds[i], table, def)) {
            return true;
        }
    }
    return false;
}

static bool has_target(const struct view_set *set, const struct table *table, const struct table_def *def)
{
    for (uint32_t i = 0; set != NULL && i < set->count; i++) {
        if (view_feed_fills(set->feeds[i], table, def)) {
            return true;
        }
    }
    return false;
}

struct err *views_open(struct store *store, const struct view_functions *functions)
{
    struct tables *tables = tables_of(store);
    if (tables == NULL) {
        return err_oom();
    }
    tables->view_functions = functions;
    tables_unref(tables); /* who opened the store keeps it: its tables hold references */
    return NULL;
}

struct err *views_set(struct store *store, struct view_feed *const *feeds, uint32_t count)
{
    struct tables *tables = tables_of(store);
    struct view_set *set = calloc(1, sizeof(*set) + ((size_t)count + 1) * sizeof(struct view_feed *));
    struct view_cache *caches = calloc((size_t)count + 1, sizeof(*caches));

    if (tables == NULL || set == NULL || caches == NULL) {
        free(set);
        free(caches);
        tables_unref(tables);
        return err_oom();
    }
    set->references = 1;
    set->caches = caches;
    for (uint32_t i = 0; i < count; i++) {
        set->feeds[set->count++] = view_feed_ref(feeds[i]);
    }
    shared_lock_write(&tables->commits);
    lock_take(&tables->views);
    struct view_set *old = tables->view_set;
    tables->view_set = count == 0 ? NULL : set;
    lock_give(&tables->views);
    shared_lock_give(&tables->commits);
    view_set_unref(old);
    if (count == 0) {
        view_set_unref(set);
    }
    tables_unref(tables);
    return NULL;
}

void views_close(struct store *store)
{
    struct tables *tables = tables_of(store);
    if (tables != NULL) {
        lock_take(&tables->views);
        struct view_set *old = tables->view_set;
        tables->view_set = NULL;
        tables->view_functions = NULL;
        lock_give(&tables->views);
        view_set_unref(old);
    }
    tables_unref(tables);
}

static void set_release(void *set)
{
    view_set_unref(set);
}

struct err *views_list(struct store *store, struct arena *arena, struct view_feed ***out, uint32_t *count)
{
    struct err *err = NULL;
    static struct view_feed *none[1];
    struct tables *tables = tables_of(store);
    struct view_set *set = tables == NULL ? NULL : view_set_take(tables);

    *out = none;
    *count = 0;
    if (tables == NULL) {
        err = err_oom();
    } else if (set != NULL && !arena_on_destroy(arena, set_release, set)) {
        view_set_unref(set);
        err = arena_error(arena);
    } else if (set != NULL) {
        *out = set->feeds;
        *count = set->count;
    }
    tables_unref(tables);
    return err;
}

/* ---- snapshots of some rows */

static struct err *snapshot_new(struct table *table, uint32_t segments, uint32_t heads, struct snapshot **out)
{
    struct snapshot *snapshot = calloc(1, sizeof(*snapshot));
    struct table_version *version = calloc(1, sizeof(*version));
    if (snapshot == NULL || version == NULL) {
        free(snapshot);
        free(version);
        return err_oom();
    }
    snapshot->references = 1;
    snapshot->table = table_ref(table);
    snapshot->version = version;
    version->references = 1;
    version->def = table_definition(table);
    version->segments = calloc((size_t)segments + 1, sizeof(struct table_segment *));
    version->heads = calloc((size_t)heads + 1, sizeof(*version->heads));
    snapshot->marks = calloc((size_t)heads + 1, sizeof(head_mark));
    if (version->segments == NULL || version->heads == NULL || snapshot->marks == NULL) {
        snapshot_unref(snapshot);
        return err_oom();
    }
    *out = snapshot;
    return NULL;
}

static void put_head(struct snapshot *snapshot, struct head *head, head_mark from, head_mark to)
{
    struct table_version *version = snapshot->version;
    snapshot->marks[version->head_count] = to;
    version->heads[version->head_count++] = (struct version_head){head_ref(head), from};
    uint64_t rows = head_rows_between(head, from, to);
    snapshot->head_rows += rows;
    snapshot->rows += rows;
}

struct err *snapshot_of_heads(struct table *table, const struct flush_head *heads, uint32_t count,
                              struct snapshot **out)
{
    struct err *err = NULL;
    OR_DONE(snapshot_new(table, 0, count, out));
    for (uint32_t i = 0; i < count; i++) {
        put_head(*out, heads[i].head, heads[i].from, heads[i].to);
    }
done:
    return err;
}

struct err *snapshot_of_segments(struct table *table, struct table_segment *const *segments, uint32_t count,
                                 struct snapshot **out)
{
    struct err *err = NULL;
    OR_DONE(snapshot_new(table, count, 0, out));
    for (uint32_t i = 0; i < count; i++) {
        (*out)->version->segments[(*out)->version->segment_count++] = table_segment_ref(segments[i]);
        (*out)->rows += ledger_segment_live_rows(&segments[i]->info);
    }
done:
    return err;
}

struct err *snapshot_take_heads(struct table *table, struct snapshot **out)
{
    struct err *err = NULL;
    struct table_version *version = table_version_take(table);
    OR_DONE(snapshot_new(table, 0, version->head_count, out));
    for (uint32_t i = 0; i < version->head_count; i++) {
        struct head *head = version->heads[i].head;
        head_mark visible = atomic_load_explicit(&head->visible, memory_order_acquire);
        put_head(*out, head, version->heads[i].skip, visible);
    }
done:
    table_version_unref(version);
    return err;
}

struct err *views_pretend(struct table *table, const struct table_def *def, struct snapshot **out)
{
    struct err *err = NULL;
    struct table_def *copy = table_def_copy(def);
    if (copy == NULL) {
        return err_oom();
    }
    OR_DONE(snapshot_new(table, 0, 0, out));
    table_def_unref((*out)->version->def);
    (*out)->version->def = copy;
    copy = NULL; /* moved */
done:
    table_def_unref(copy);
    return err;
}

struct err *views_pause_mutations(struct table *table)
{
    return table_turn_take(table);
}

void views_resume_mutations(struct table *table)
{
    table_turn_give(table);
}

struct err *views_segments(struct table *table, struct snapshot **out, struct table *view, struct snapshot **view_out)
{
    struct err *err = NULL;
    struct tables *tables = table->tables;

    shared_lock_read(&tables->commits);
    lock_take(&tables->views);
    struct table_version *version = table_version_take(table);
    struct table_version *view_version = view == NULL ? NULL : table_version_take(view);
    lock_give(&tables->views);
    shared_lock_give(&tables->commits);
    OR_DONE(snapshot_of_segments(table, version->segments, version->segment_count, out));
    if (view != NULL) {
        err = snapshot_of_segments(view, view_version->segments, view_version->segment_count, view_out);
    }
done:
    table_version_unref(version);
    table_version_unref(view_version);
    return err;
}

struct err *snapshot_add_heads(struct snapshot *snapshot, struct head *const *heads, uint32_t count)
{
    struct err *err = NULL;
    struct snapshot *joined = NULL;
    const struct table_version *version = snapshot->version;

    OR_DONE(snapshot_new(snapshot->table, version->segment_count, version->head_count + count, &joined));
    for (uint32_t i = 0; i < version->segment_count; i++) {
        joined->version->segments[joined->version->segment_count++] = table_segment_ref(version->segments[i]);
    }
    table_def_unref(joined->version->def);
    joined->version->def = table_def_ref(version->def);
    for (uint32_t i = 0; i < version->head_count; i++) {
        put_head(joined, version->heads[i].head, version->heads[i].skip, snapshot->marks[i]);
    }
    for (uint32_t i = 0; i < count; i++) {
        put_head(joined, heads[i], 0, atomic_load_explicit(&heads[i]->visible, memory_order_relaxed));
    }
    uint64_t segment_rows = snapshot->rows - snapshot->head_rows;
    table_version_unref(snapshot->version);
    snapshot->version = joined->version;
    free(snapshot->marks);
    snapshot->marks = joined->marks;
    snapshot->head_rows = joined->head_rows;
    snapshot->rows = segment_rows + joined->head_rows;
    joined->version = NULL;
    joined->marks = NULL;
    table_unref(joined->table);
    free(joined);
done:
    return err;
}

/* ---- rows that are made */

void view_rows_deinit(struct view_rows *rows)
{
    for (uint32_t i = 0; i < rows->head_count; i++) {
        head_unref(rows->heads[i]);
    }
    free(rows->heads);
    table_unref(rows->target);
    *rows = (struct view_rows){0};
}

struct making {
    struct builder *builder;
    int64_t *offsets; /* zeros */
};

static struct err *take_chunk(void *user, const struct chunk *chunk)
{
    struct making *making = user;
    return builder_append(making->builder, chunk, making->offsets);
}

/* Chunks of the builder become heads that nobody writes to. */
static struct err *rows_seal(struct builder *builder, const struct table_def *def, struct view_rows *rows)
{
    struct err *err = NULL;
    struct row_chunk **chunks = NULL;
    uint32_t count = 0, at = 0;

    OR_DONE(builder_take(builder, &chunks, &count));
    rows->heads = calloc((size_t)count / HEAD_CHUNKS_MAX + 1, sizeof(struct head *));
    if (rows->heads == NULL) {
        err = err_oom();
        goto done;
    }
    while (at < count) {
        struct head *head = head_create(def);
        if (head == NULL) {
            err = err_oom();
            goto done;
        }
        rows->heads[rows->head_count++] = head;
        for (; at < count && head->chunk_count < HEAD_CHUNKS_MAX; at++) {
            rows->row_count += row_chunk_rows(chunks[at]);
            head->chunks[head->chunk_count++] = chunks[at]; /* moved */
            chunks[at] = NULL;
        }
        atomic_store_explicit(&head->visible, (uint64_t)head->chunk_count << 32, memory_order_release);
    }
done:
    for (; at < count; at++) {
        row_chunk_unref(chunks[at]);
    }
    free(chunks);
    return err;
}

struct err *view_rows_collect(struct table *target, const struct table_def *def, struct budget *budget,
                              view_rows_source source, void *user, struct view_rows *rows)
{
    struct err *err = NULL;
    const struct type **types = calloc((size_t)def->column_count + 1, sizeof(*types));
    struct making making = {.offsets = calloc(CHUNK_ROWS_MAX, sizeof(int64_t))};

    *rows = (struct view_rows){.target = table_ref(target)};
    if (making.offsets == NULL || types == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < def->column_count; i++) {
        types[i] = def->columns[i].type;
    }
    struct builder_options options = {.budget = budget, .first_capacity = 64, .addresses = true};
    OR_DONE(builder_create(types, def->column_count, &options, &making.builder));
    builder_stream(making.builder, 0, 0, PARTITION_VIEW);
    OR_DONE(source(user, take_chunk, &making));
    err = rows_seal(making.builder, def, rows);
done:
    builder_destroy(making.builder);
    free(types);
    free(making.offsets);
    if (err != NULL) {
        view_rows_deinit(rows);
    }
    return err;
}

struct folding {
    const struct view_functions *functions;
    const struct view_feed *feed;
    struct snapshot *from;
    struct table *target;
    const struct table_def *def;
    uint32_t threads;
    bool *repeats;
};

static struct err *fold(void *user, view_sink sink, void *sink_user)
{
    const struct folding *folding = user;
    return folding->functions->fold(folding->functions->user, folding->feed, folding->from, folding->target,
                                    folding->def, folding->threads, folding->repeats, sink, sink_user);
}

struct err *view_rows_make(struct tables *tables, const struct view_feed *feed, struct snapshot *from, uint32_t threads,
                           struct budget *budget, bool *repeats, struct view_rows *rows)
{
    struct err *err = NULL;
    struct folding folding = {
        .functions = tables->view_functions, .feed = feed, .from = from, .threads = threads, .repeats = repeats};
    struct table_def *def = NULL;

    *rows = (struct view_rows){0};
    folding.target = view_feed_target(tables, feed);
    if (folding.target == NULL) {
        OR_DONE(catalogue_table(tables->store->catalogue, feed->target_database, feed->target_table, &folding.target));
    }
    def = table_definition(folding.target);
    folding.def = def;
    err = view_rows_collect(folding.target, def, budget, fold, &folding, rows);
done:
    table_def_unref(def);
    table_unref(folding.target);
    return err_while(err, "in the materialized view %s.%s", feed->database, feed->name);
}

/* ---- reading */

/* A table that is read, and what feeds it. */
struct node {
    struct table *table;
    const struct view_feed *feed; /* into the node above; the root's NULL */
    struct view_cache *cache;     /* the feed's */
    struct snapshot *snapshot;
    struct node *children;
    uint32_t child_count;
};

static void node_deinit(struct node *node)
{
    for (uint32_t i = 0; i < node->child_count; i++) {
        node_deinit(&node->children[i]);
    }
    free(node->children);
    snapshot_unref(node->snapshot);
    table_unref(node->table);
}

/* Finds the tables that feed it; without locks. */
static struct err *node_find(struct tables *tables, const struct view_set *set, struct node *node, uint32_t depth)
{
    struct err *err = NULL;
    struct table_def *def = table_definition(node->table);

    node->children = calloc((size_t)set->count + 1, sizeof(*node->children));
    if (node->children == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; depth > 0 && i < set->count; i++) {
        const struct view_feed *feed = set->feeds[i];
        if (!view_feed_fills(feed, node->table, def) || atomic_load(&feed->stopped)) {
            continue;
        }
        struct table *base = view_feed_base(tables, feed);
        if (base == NULL) {
            continue; /* dropped: nothing comes any more */
        }
        struct node *child = &node->children[node->child_count++];
        *child = (struct node){.table = base, .feed = feed, .cache = &set->caches[i]};
        OR_DONE(node_find(tables, set, child, depth - 1));
    }
done:
    table_def_unref(def);
    return err;
}

/* All versions at one moment: tables->views is held. */
static struct err *node_take(struct node *node)
{
    struct err *err = NULL;
    OR_DONE(node->feed == NULL ? snapshot_take(node->table, &node->snapshot)
                               : snapshot_take_heads(node->table, &node->snapshot));
    for (uint32_t i = 0; i < node->child_count; i++) {
        OR_DONE(node_take(&node->children[i]));
    }
done:
    return err;
}

static struct err *node_fold(struct tables *tables, struct node *node, struct budget *budget)
{
    struct err *err = NULL;
    struct view_rows rows = {0};
    bool kept;

    for (uint32_t i = 0; i < node->child_count; i++) {
        struct node *child = &node->children[i];
        OR_DONE(node_fold(tables, child, budget));
        if (snapshot_head_rows(child->snapshot) == 0) {
            continue;
        }
        OR_DONE(
            view_cache_fold(tables, child->cache, child->feed, child->snapshot, &rows.heads, &rows.head_count, &kept));
        if (!kept) {
            OR_DONE(view_rows_make(tables, child->feed, child->snapshot, 0, budget, NULL, &rows));
        }
        OR_DONE(snapshot_add_heads(node->snapshot, rows.heads, rows.head_count));
        view_rows_deinit(&rows);
    }
done:
    view_rows_deinit(&rows);
    return err;
}

struct err *views_snapshot(struct table *table, struct budget *budget, struct snapshot **out)
{
    struct err *err = NULL;
    struct tables *tables = table->tables;
    struct view_set *set = view_set_take(tables);
    struct table_def *def = set == NULL ? NULL : table_definition(table);
    struct node root = {0};

    if (!has_target(set, table, def)) {
        err = snapshot_take(table, out);
        goto done;
    }
    root.table = table_ref(table);
    OR_DONE(node_find(tables, set, &root, VIEW_DEPTH_MAX));
    lock_take(&tables->views);
    err = node_take(&root);
    lock_give(&tables->views);
    OR_DONE(err);
    OR_DONE(node_fold(tables, &root, budget));
    *out = root.snapshot; /* moved */
    root.snapshot = NULL;
done:
    node_deinit(&root);
    table_def_unref(def);
    view_set_unref(set);
    return err;
}

bool views_fill(struct table *table)
{
    struct view_set *set = view_set_take(table->tables);
    struct table_def *def = set == NULL ? NULL : table_definition(table);
    bool filled = set != NULL && has_target(set, table, def);
    table_def_unref(def);
    view_set_unref(set);
    return filled;
}
