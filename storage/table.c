/*
 * table.c: versions of tables: which segments and heads are live.
 *
 * flow     storage/catalogue.c opens tables through table_hooks → here ← drafts, merges, snapshots
 * owns     the current version of each table; old ones belong to the snapshots that took them
 */
#include "storage/snapshot.h"
#include "storage/table.h"

#include "base/log.h"
#include "storage/block_cache.h"
#include "storage/combining.h"
#include "storage/draft_private.h"
#include "storage/tail.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- expressions from above */
static const struct table_functions *functions;

void table_functions_register(const struct table_functions *registered)
{
    functions = registered;
}

const struct table_functions *table_functions(void)
{
    return functions;
}

/* ---- what the tables of one store share */
static pthread_mutex_t tables_mutex = PTHREAD_MUTEX_INITIALIZER; /* the list; before all ranks, taken alone */
static struct tables *tables_first;
static _Atomic uint64_t cache_bytes = (uint64_t)64 << 20;

void tables_cache_bytes(uint64_t bytes)
{
    atomic_store(&cache_bytes, bytes);
}

static void (*rows_gone)(void *user, uint64_t high, uint64_t low);
static void *rows_gone_user;

void tables_on_rows_gone(void (*gone)(void *user, uint64_t high, uint64_t low), void *user)
{
    rows_gone = gone;
    rows_gone_user = user;
}

void tables_rows_gone(uint64_t high, uint64_t low)
{
    if (rows_gone != NULL) {
        rows_gone(rows_gone_user, high, low);
    }
}

static void (*on_change)(void *user);
static void *on_change_user;

void tables_on_change(void (*changed)(void *user), void *user)
{
    on_change_user = user;
    on_change = changed;
}

uint64_t table_changes(const struct table *table)
{
    return atomic_load_explicit(&((struct table *)(uintptr_t)table)->changes, memory_order_acquire);
}

void table_changed(struct table *table)
{
    atomic_fetch_add_explicit(&table->changes, 1, memory_order_release);
    if (on_change != NULL) {
        on_change(on_change_user);
    }
}

struct block_cache *tables_cache(struct store *store)
{
    (void)pthread_mutex_lock(&tables_mutex);
    struct tables *tables = tables_first;
    while (tables != NULL && tables->store != store) {
        tables = tables->next;
    }
    struct block_cache *cache = tables == NULL ? NULL : tables->cache;
    (void)pthread_mutex_unlock(&tables_mutex);
    return cache;
}

struct tables *tables_of(struct store *store)
{
    (void)pthread_mutex_lock(&tables_mutex);
    struct tables *tables = tables_first;
    while (tables != NULL && tables->store != store) {
        tables = tables->next;
    }
    if (tables == NULL) {
        tables = calloc(1, sizeof(*tables));
        if (tables != NULL && (tables->cache = block_cache_create(atomic_load(&cache_bytes))) == NULL) {
            free(tables);
            tables = NULL;
        }
        if (tables != NULL) {
            tables->store = store;
            shared_lock_init(&tables->commits, LOCK_COMMIT);
            lock_init(&tables->lock, LOCK_TABLE);
            lock_init(&tables->views, LOCK_VIEWS);
            lock_init(&tables->readers.lock, LOCK_READERS);
            condition_init(&tables->changed);
            tables->next = tables_first;
            tables_first = tables;
        }
    }
    if (tables != NULL) {
        tables->references++;
    }
    (void)pthread_mutex_unlock(&tables_mutex);
    return tables;
}

void tables_unref(struct tables *tables)
{
    if (tables == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&tables_mutex);
    if (--tables->references == 0) {
        struct tables **link = &tables_first;
        while (*link != tables) {
            link = &(*link)->next;
        }
        *link = tables->next;
        block_cache_destroy(tables->cache);
        condition_deinit(&tables->changed);
        lock_deinit(&tables->lock);
        lock_deinit(&tables->views);
        shared_lock_deinit(&tables->commits);
        free(tables);
    }
    (void)pthread_mutex_unlock(&tables_mutex);
}

void tables_wait_drop(struct tables *tables)
{
    lock_take(&tables->lock);
    (void)condition_wait_for(&tables->changed, &tables->lock, 10000);
    lock_give(&tables->lock);
}

/* ---- columns */
const struct type *hidden_column_type(enum hidden_column column)
{
    static const enum type_kind kinds[COLUMN_HIDDEN_COUNT] = {TYPE_UINT64, TYPE_INT32, TYPE_INT64};
    return type_simple(kinds[column]);
}

const char *hidden_column_name(enum hidden_column column)
{
    static const char *const names[COLUMN_HIDDEN_COUNT] = {"_stream", "_partition", "_offset"};
    return names[column];
}

uint32_t table_column_count(const struct table_def *def)
{
    return def->column_count + COLUMN_HIDDEN_COUNT;
}

const struct type *table_column_type(const struct table_def *def, uint32_t index)
{
    return index < def->column_count         ? def->columns[index].type
           : index < table_column_count(def) ? hidden_column_type((enum hidden_column)(index - def->column_count))
           : index < table_column_count(def) + SCAN_PLACE_COUNT
               ? type_simple(TYPE_UINT64)
               : def->computed[index - table_column_count(def) - SCAN_PLACE_COUNT].type;
}

uint32_t table_column_id(const struct table_def *def, uint32_t index)
{
    return index < def->column_count         ? def->columns[index].id
           : index < table_column_count(def) ? COLUMN_ID_HIDDEN + (index - def->column_count)
                                             : COLUMN_ID_COMPUTED;
}

int table_column_find(const struct table_def *def, struct slice name)
{
    for (uint32_t i = 0; i < def->column_count; i++) {
        if (slice_equal(slice_text(def->columns[i].name), name)) {
            return (int)i;
        }
    }
    for (uint32_t i = 0; i < COLUMN_HIDDEN_COUNT; i++) {
        if (slice_equal(slice_text(hidden_column_name((enum hidden_column)i)), name)) {
            return (int)(def->column_count + i);
        }
    }
    return -1;
}

/* A column named by a key's text, which may be quoted: a, `a`, "a". −1: an expression. */
int table_plain_column(const struct table_def *def, const char *text)
{
    struct slice name = slice_text(text);
    if (name.length >= 2 && (name.data[0] == '`' || name.data[0] == '"') &&
        name.data[name.length - 1] == name.data[0]) {
        name = slice_of(name.data + 1, name.length - 2);
    }
    int found = table_column_find(def, name);
    return found >= 0 && (uint32_t)found < def->column_count ? found : -1;
}

int table_time_column(const struct table_def *def)
{
    if (def->watermark_column != NULL && def->watermark_column[0] != 0) {
        int found = table_column_find(def, slice_text(def->watermark_column));
        if (found >= 0 && type_is_time(def->columns[found].type)) {
            return found;
        }
    }
    for (uint32_t i = 0; i < def->order_by_count; i++) {
        int found = table_plain_column(def, def->order_by[i]);
        if (found >= 0 && type_is_time(def->columns[found].type)) {
            return found;
        }
    }
    for (uint32_t i = 0; i < def->column_count; i++) {
        if (type_is_time(def->columns[i].type)) {
            return (int)i;
        }
    }
    return -1;
}

static bool is_set(const char *text)
{
    return text != NULL && text[0] != 0;
}

/* A column whose values as text need nobody: others are shown as SQL does, dates as dates. */
static bool has_plain_text(const struct table_def *def, int column)
{
    const struct type *type = column < 0 ? NULL : def->columns[column].type;
    return type != NULL && (type->kind == TYPE_STRING || (type->kind <= TYPE_UINT64 && type->kind != TYPE_BOOL));
}

static bool needs_program(const struct table_def *def)
{
    bool needs = def->computed_count > 0 ||
                 (is_set(def->partition_by) && !has_plain_text(def, table_plain_column(def, def->partition_by))) ||
                 (is_set(def->ttl) && table_plain_column(def, def->ttl) < 0);
    for (uint32_t i = 0; i < def->order_by_count; i++) {
        needs = needs || table_plain_column(def, def->order_by[i]) < 0;
    }
    for (uint32_t i = 0; i < def->column_count; i++) {
        enum column_default_kind kind = def->columns[i].default_kind;
        needs = needs || kind == COLUMN_DEFAULT_DEFAULT || kind == COLUMN_DEFAULT_MATERIALIZED;
    }
    return needs;
}

struct err *table_evaluate(const struct table_def *def, struct table_program *program, struct arena *arena,
                           enum table_expression what, uint32_t index, const struct chunk *chunk, struct column **out)
{
    const char *text = what == TABLE_ORDER_BY       ? def->order_by[index]
                       : what == TABLE_PARTITION_BY ? def->partition_by
                       : what == TABLE_TTL          ? def->ttl
                                                    : "";
    int column = table_plain_column(def, text);
    if (column >= 0) {
        *out = chunk->columns[column];
        return NULL;
    }
    if (program == NULL) {
        return err_new(ERR_NOT_IMPLEMENTED, "the expression %s of table %s.%s cannot be evaluated here", text,
                       def->database, def->name);
    }
    uint32_t count = def->column_count + (what == TABLE_DEFAULT ? def->computed_count : 0);
    struct chunk view = {chunk->row_count, count, chunk->columns};
    return functions->evaluate(program, arena, what, index, &view, out);
}

struct err *table_partition_text(const struct table_def *def, struct table_program *program, struct arena *arena,
                                 const struct column *column, uint32_t row, struct slice *out)
{
    (void)def;
    if (program != NULL) {
        return functions->partition_text(program, arena, column, row, out);
    }
    char *text = NULL;
    const void *value = column_value(column, row);
    if (column_is_null(column, row)) {
        text = arena_format(arena, "NULL");
    } else if (column->type->kind == TYPE_STRING) {
        *out = arena_slice(arena, *(const struct slice *)value);
        return out->data == NULL ? arena_error(arena) : NULL;
    } else if (column->type->width <= 8 && !type_is_float(column->type)) {
        uint64_t number = 0;
        memcpy(&number, value, column->type->width);
        uint32_t shift = 64 - column->type->width * 8;
        text = type_is_signed(column->type) || column->type->kind == TYPE_DATE32
                   ? arena_format(arena, "%lld", (long long)((int64_t)(number << shift) >> shift))
                   : arena_format(arena, "%llu", (unsigned long long)number);
    } else {
        return err_new(ERR_NOT_IMPLEMENTED, "PARTITION BY a column of this type");
    }
    *out = text == NULL ? slice_of(NULL, 0) : slice_text(text);
    return text == NULL ? arena_error(arena) : NULL;
}

/* ---- versions */
static struct table_version *version_create(const struct table_def *def, uint32_t segment_room, uint32_t head_room)
{
    struct table_version *version = calloc(1, sizeof(*version));
    if (version == NULL) {
        return NULL;
    }
    version->references = 1;
    version->segments = calloc((size_t)segment_room + 1, sizeof(*version->segments));
    version->heads = calloc((size_t)head_room + 1, sizeof(*version->heads));
    if (version->segments == NULL || version->heads == NULL) {
        free(version->segments);
        free(version->heads);
        free(version);
        return NULL;
    }
    version->def = table_def_ref(def);
    return version;
}

void table_version_unref(struct table_version *version)
{
    if (version == NULL || atomic_fetch_sub_explicit(&version->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    for (uint32_t i = 0; i < version->segment_count; i++) {
        table_segment_unref(version->segments[i]);
    }
    for (uint32_t i = 0; i < version->head_count; i++) {
        head_unref(version->heads[i].head);
    }
    table_def_unref(version->def);
    free(version->segments);
    free(version->heads);
    free(version);
}

struct table_version *table_version_take(struct table *table)
{
    lock_take(&table->lock);
    struct table_version *version = table->version;
    atomic_fetch_add_explicit(&version->references, 1, memory_order_relaxed);
    lock_give(&table->lock);
    return version;
}

/* What stands for a segment from its first version on: one that is to leave may have lost rows in between. */
static struct table_segment *root_of(struct table_segment *segment)
{
    return segment->base == NULL ? segment : segment->base;
}

static bool listed(void *const *list, uint32_t count, const void *item)
{
    for (uint32_t i = 0; i < count; i++) {
        if (list[i] == item) {
            return true;
        }
    }
    return false;
}

void table_change_apply(struct table *table, const struct table_change *change)
{
    /* a flush: the rows are the same, but where the engine combines them */
    enum combining_kind combining;
    bool moved = change->head_remove_count > 0 && change->add_count > 0 && change->remove_count == 0 &&
                 change->head_add == NULL && !change->truncate;
    lock_take(&table->lock);
    moved = moved && !engine_combines(table->def->engine, &combining);
    table_tails_note(table, change);
    struct table_version *old = table->version;
    struct table_version *next =
        version_create(table->def, old->segment_count + change->add_count, old->head_count + 1);
    ASSERT(next != NULL); /* a few kilobytes; what is durable already must become visible */
    for (uint32_t i = 0; i < change->remove_count; i++) {
        root_of(change->remove[i])->leaving = true;
    }
    for (uint32_t i = 0; i < old->segment_count && !change->truncate; i++) {
        if (!root_of(old->segments[i])->leaving) {
            next->segments[next->segment_count++] = table_segment_ref(old->segments[i]);
        }
    }
    for (uint32_t i = 0; i < change->remove_count; i++) {
        root_of(change->remove[i])->leaving = false;
    }
    for (uint32_t i = 0; i < change->add_count; i++) {
        next->segments[next->segment_count++] = table_segment_ref(change->add[i]);
    }
    for (uint32_t i = 0; i < old->head_count; i++) {
        struct version_head entry = old->heads[i];
        if (!listed((void *const *)change->heads_remove, change->head_remove_count, entry.head)) {
            if (change->truncate) {
                entry.skip = atomic_load_explicit(&entry.head->visible, memory_order_acquire);
            }
            next->heads[next->head_count++] = (struct version_head){head_ref(entry.head), entry.skip};
        }
    }
    if (change->head_add != NULL) {
        next->heads[next->head_count++] = (struct version_head){head_ref(change->head_add), 0};
    }
    table->version = next;
    lock_give(&table->lock);
    table_version_unref(old);
    if (!moved) {
        table_changed(table);
    }
}

void tables_pack_gone(struct tables *tables, uint64_t pack)
{
    if (!ledger_pack_is_live(tables->store->ledger, pack)) {
        store_pack_retire(tables->store, pack);
        block_cache_forget(tables->cache, pack);
    }
}

void table_retire_packs(struct store *store, struct table_segment *const *segments, uint32_t count)
{
    (void)store;
    for (uint32_t i = 0; i < count; i++) {
        tables_pack_gone(segments[i]->tables, segments[i]->info.pack);
        if (segments[i]->info.deleted.row_count > 0) {
            tables_pack_gone(segments[i]->tables, segments[i]->info.deleted.pack);
        }
    }
}

/* ---- opening and dropping, by the catalogue */
struct table *table_ref(struct table *table)
{
    atomic_fetch_add_explicit(&table->references, 1, memory_order_relaxed);
    return table;
}

void table_unref(struct table *table)
{
    if (table == NULL || atomic_fetch_sub_explicit(&table->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    table_version_unref(table->version);
    table_def_unref(table->def);
    for (struct compiled *compiled = atomic_load(&table->compiled), *next; compiled != NULL; compiled = next) {
        next = compiled->next;
        if (compiled->program != NULL) {
            functions->destroy(compiled->program);
        }
        free(compiled);
    }
    lock_deinit(&table->lock);
    tables_unref(table->tables);
    free(table);
}

struct table_program *table_program_of(const struct table *table, const struct table_def *def)
{
    for (const struct compiled *compiled = atomic_load_explicit(&table->compiled, memory_order_acquire);
         compiled != NULL; compiled = compiled->next) {
        if (compiled->schema_version == def->schema_version) {
            return compiled->program;
        }
    }
    return NULL;
}

static struct err *program_compile(struct table *table, const struct table_def *def)
{
    struct err *err = NULL;
    struct compiled *compiled = calloc(1, sizeof(*compiled));

    if (compiled == NULL) {
        err = err_oom();
        goto done;
    }
    compiled->schema_version = def->schema_version;
    if (needs_program(def)) {
        if (functions == NULL) {
            err = err_new(ERR_NOT_IMPLEMENTED, "table %s.%s has expressions, and nothing here can evaluate them",
                          def->database, def->name);
            goto done;
        }
        OR_DONE(functions->compile(def, &compiled->program));
    }
    compiled->next = atomic_load_explicit(&table->compiled, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(&table->compiled, &compiled->next, compiled, memory_order_release,
                                                  memory_order_relaxed)) {
    }
    compiled = NULL;
done:
    free(compiled);
    return err;
}

struct err *table_program_need(struct table *table, const struct table_def *def)
{
    for (const struct compiled *compiled = atomic_load_explicit(&table->compiled, memory_order_acquire);
         compiled != NULL; compiled = compiled->next) {
        if (compiled->schema_version == def->schema_version) {
            return NULL;
        }
    }
    return program_compile(table, def);
}

static struct err *hook_open(struct store *store, const struct table_def *def, struct table **out)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct table *table = calloc(1, sizeof(*table));
    struct ledger_segment *segments = NULL;
    uint32_t count = 0;

    if (arena == NULL || table == NULL) {
        free(table);
        table = NULL;
        err = err_oom();
        goto done;
    }
    table->references = 1;
    table->store = store;
    table->id = def->id;
    lock_init(&table->lock, LOCK_TABLE);
    table->def = table_def_ref(def);
    table->tables = tables_of(store);
    if (table->tables == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(program_compile(table, def));
    OR_DONE(ledger_segments(store->ledger, arena, def->id, &segments, &count));
    table->version = version_create(def, count, 0);
    if (table->version == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct table_segment *segment = table_segment_create(table->tables, &segments[i]);
        if (segment == NULL) {
            err = err_oom();
            goto done;
        }
        table->version->segments[table->version->segment_count++] = segment;
    }
    *out = table;
    table = NULL;
done:
    table_unref(table);
    arena_destroy(arena);
    return err_while(err, "opening table %s.%s", def->database, def->name);
}

static void hook_altered(struct table *table, const struct table_def *def)
{
    struct err *err = program_compile(table, def);
    if (err != NULL) {
        LOG_ERROR("table_expressions", LOG_TEXT("database", def->database), LOG_TEXT("table", def->name), LOG_ERR(err));
        err_free(err);
        return; /* the old definition stays in use */
    }
    lock_take(&table->lock);
    struct table_def *old = table->def;
    table->def = table_def_ref(def);
    lock_give(&table->lock);
    table_change_apply(table, &(struct table_change){0});
    table_def_unref(old);
}

static struct err *hook_drop_begin(struct table *table)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct ledger_segment *detached = NULL;
    uint32_t count = 0;

    shared_lock_write(&table->tables->commits);
    if (arena == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(ledger_detached(table->store->ledger, arena, table->id, &detached, &count));
    table->detached_packs = calloc(2 * (size_t)count + 1, sizeof(*table->detached_packs));
    if (table->detached_packs == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < count; i++) {
        table->detached_packs[2 * i] = detached[i].pack;
        table->detached_packs[2 * i + 1] =
            detached[i].deleted.row_count > 0 ? detached[i].deleted.pack : detached[i].pack;
    }
    table->detached_pack_count = 2 * count;
    table->dropping = true;
done:
    shared_lock_give(&table->tables->commits);
    arena_destroy(arena);
    return err;
}

static void hook_drop_end(struct table *table, bool dropped)
{
    struct tables *tables = table->tables;
    shared_lock_write(&tables->commits);
    table->dropping = false;
    if (dropped) {
        struct table_version *old = table_version_take(table);
        table->dropped = true;
        table->epoch++;
        table_change_apply(table, &(struct table_change){.truncate = true});
        table_retire_packs(table->store, old->segments, old->segment_count);
        table_version_unref(old);
        for (uint32_t i = 0; i < table->detached_pack_count; i++) {
            tables_pack_gone(tables, table->detached_packs[i]);
        }
    }
    free(table->detached_packs);
    table->detached_packs = NULL;
    table->detached_pack_count = 0;
    shared_lock_give(&tables->commits);
    lock_take(&tables->lock);
    condition_broadcast(&tables->changed);
    lock_give(&tables->lock);
}

static void hook_ref(struct table *table)
{
    (void)table_ref(table);
}

const struct table_hooks table_hooks = {
    .open = hook_open,
    .altered = hook_altered,
    .drop_begin = hook_drop_begin,
    .drop_end = hook_drop_end,
    .ref = hook_ref,
    .unref = table_unref,
};

/* ---- what others ask */
uint64_t table_id(const struct table *table)
{
    return table->id;
}

struct table_def *table_definition(struct table *table)
{
    lock_take(&table->lock);
    struct table_def *def = table_def_ref(table->def);
    lock_give(&table->lock);
    return def;
}

void table_numbers(struct table *table, struct table_numbers *out)
{
    struct table_version *version = table_version_take(table);
    *out = (struct table_numbers){0};
    out->segments = version->segment_count;
    for (uint32_t i = 0; i < version->segment_count; i++) {
        out->rows += ledger_segment_live_rows(&version->segments[i]->info);
        out->segment_bytes += version->segments[i]->info.length;
    }
    for (uint32_t i = 0; i < version->head_count; i++) {
        struct head *head = version->heads[i].head;
        head_mark visible = atomic_load_explicit(&head->visible, memory_order_acquire);
        out->head_rows += head_rows_between(head, version->heads[i].skip, visible);
        uint32_t chunks = head_mark_chunks(visible);
        for (uint32_t c = 0; c < chunks; c++) {
            out->head_bytes += row_chunk_memory(head->chunks[c]);
        }
    }
    out->rows += out->head_rows;
    table_version_unref(version);
}

struct err *table_truncate(struct table *table)
{
    struct err *err = NULL;
    struct ledger_batch *batch = NULL;
    struct segment_name *names = NULL;
    struct table_version *version = NULL;

    shared_lock_write(&table->tables->commits);
    if (table->dropped || table->dropping) {
        err = err_new(ERR_UNKNOWN_TABLE, "the table is being dropped");
        goto done;
    }
    OR_DONE(ledger_hold_check(table->store->ledger, table->id, "TRUNCATE"));
    version = table_version_take(table);
    if (version->segment_count > 0) {
        batch = ledger_batch_create();
        names = calloc(version->segment_count, sizeof(*names));
        if (batch == NULL || names == NULL) {
            err = err_oom();
            goto done;
        }
        for (uint32_t i = 0; i < version->segment_count; i++) {
            names[i] = (struct segment_name){version->segments[i]->info.pack, version->segments[i]->info.offset};
        }
        struct segments_removed removed = {.table_id = table->id,
                                           .reason = REMOVE_TRUNCATE,
                                           .segments = names,
                                           .segment_count = version->segment_count};
        OR_DONE(ledger_batch_remove(batch, &removed));
        OR_DONE(ledger_commit(table->store->ledger, batch, NULL));
    }
    table->epoch++;
    table_change_apply(table, &(struct table_change){.truncate = true});
    table_retire_packs(table->store, version->segments, version->segment_count);
done:
    shared_lock_give(&table->tables->commits);
    table_version_unref(version);
    ledger_batch_destroy(batch);
    free(names);
    return err_while(err, "truncating table");
}
