/*
 * expire.c: see expire.h: which tables are looked at, and when.
 *
 * flow     the thread, ddl.c, alter.c → here → expire_rows.c
 * settled  of a segment whose rows have all expired and were seen to, nothing is read again: GROUP BY and the TTLs of
 *          columns keep old rows for good. It is forgotten with the server, and found out anew.
 * owns     what the thread knows of tables; statements know nothing of it and look at everything
 */
#include "server/expire_private.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/pool.h"
#include "storage/compactor.h"
#include "storage/insert.h"
#include "storage/retention.h"
#include "storage/snapshot.h"
#include "storage/table.h"

#include <stdlib.h>
#include <string.h>

#define LOOK_US           ((uint64_t)1000000)
#define FIRST_US          ((uint64_t)60 * 1000000) /* after the start */
#define TIMEOUT_S_DEFAULT ((uint64_t)14400)        /* merge_with_ttl_timeout, as for ClickHouse */

METRIC_COUNTER(expired_rows, "weir_expired_rows_total",
               "rows that left, were combined or lost values by TTL, without their segments");

/* A segment, and how many of its rows had expired by each rule when they were last seen to; 0 once rows left it. */
struct seen {
    struct segment_name name;
    uint64_t live_rows;
    uint64_t *counts; /* one per rule */
    bool settled;
};

struct known_table {
    uint64_t id;
    uint32_t schema_version;
    uint64_t next_us;  /* clock_monotonic_us */
    struct seen *seen; /* ascending */
    uint32_t seen_count;
    uint32_t rule_count;
    bool there; /* still */
};

struct expiry {
    struct server *server;
    struct query_progress progress; /* of what goes on */
    pthread_t thread;
    bool started;
    struct lock sleep;
    struct condition wake;
    _Atomic bool stopping;
    struct known_table *tables;
    uint32_t count, capacity;
    struct err *said; /* the last error that was logged */
};

/* ---- for a statement */

struct in_partition {
    struct slice partition;
};

static bool is_in_partition(void *user, const struct ledger_segment *segment)
{
    return slice_equal(segment->partition, ((const struct in_partition *)user)->partition);
}

/* The kind of each of the table's TTLs, in the arena. */
static struct err *rule_kinds(struct expire_work *work, struct arena *arena, enum expire_kind **kinds, uint32_t *count)
{
    struct err *err = NULL;
    struct table_def *def = table_definition(work->table);
    struct expire_rule *rules = NULL;
    struct function_context context = {.now_us = work->now_us, .zone = work->server->zone};

    OR_DONE(expire_rules(arena, &context, def, work->now_us, &rules, count));
    *kinds = ARENA_ARRAY(arena, enum expire_kind, *count + 1U);
    if (*kinds == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t i = 0; i < *count; i++) {
        (*kinds)[i] = rules[i].kind;
    }
done:
    table_def_unref(def);
    return err;
}

struct err *expire_now(struct execution *execution, struct table *table, const struct slice *partition, bool told)
{
    struct err *err = NULL;
    struct in_partition in = {partition == NULL ? slice_text("") : *partition};
    struct expire_work work = {.server = execution->server,
                               .table = table,
                               .progress = &execution->process->progress,
                               .now_us = clock_wall_us(),
                               .threads = (uint32_t)execution->settings.max_threads,
                               .wanted = partition == NULL ? NULL : is_in_partition,
                               .user = &in};
    struct interrupt interrupt;
    enum expire_kind *kinds = NULL;
    uint32_t count = 0;
    bool recompresses = false;

    interrupt_begin(&interrupt, &execution->process->progress.cancelled);
    OR_DONE(rule_kinds(&work, execution->arena, &kinds, &count));
    if (count > 0) {
        OR_DONE(insert_log_flush(execution->server->store));
        if (partition != NULL) {
            OR_DONE(table_split_mixed(table));
        }
        OR_DONE(store_clock_guard(execution->server->store));
    }
    for (uint32_t i = 0; i < count; i++) {
        recompresses = recompresses || kinds[i] == EXPIRE_RECOMPRESS;
        if (kinds[i] != EXPIRE_RECOMPRESS) {
            OR_DONE(expire_apply(&work, i));
        }
    }
    if (recompresses) {
        err = expire_recompress(&work);
    }
done:
    if (!told && (err_code(err) == ERR_ABORTED || err_code(err) == ERR_TABLE_HELD)) {
        err_free(err);
        err = NULL;
    }
    metric_add(&metric_expired_rows, work.rows);
    err = interrupt_over(err);
    interrupt_end(&interrupt);
    return err;
}

/* ---- what the thread knows */

static int by_name(const void *left, const void *right)
{
    const struct segment_name *a = &((const struct seen *)left)->name, *b = &((const struct seen *)right)->name;
    return a->pack != b->pack ? (a->pack > b->pack) - (a->pack < b->pack)
                              : (a->offset > b->offset) - (a->offset < b->offset);
}

static struct seen *find_seen(const struct known_table *known, const struct segment_name *name)
{
    const struct seen key = {.name = *name};
    return known->seen_count == 0 ? NULL : bsearch(&key, known->seen, known->seen_count, sizeof key, by_name);
}

static void forget(struct known_table *known)
{
    for (uint32_t i = 0; i < known->seen_count; i++) {
        free(known->seen[i].counts);
    }
    free(known->seen);
    known->seen = NULL;
    known->seen_count = 0;
}

/* The table's segments as they are now, with what was known of them; those that cannot be read are left out. */
static struct err *renew(struct known_table *known, struct table *table, uint32_t rules)
{
    struct err *err = NULL;
    struct snapshot *snapshot = NULL;
    struct seen *list = NULL;
    uint32_t count = 0;

    OR_DONE(snapshot_take(table, &snapshot));
    uint32_t segments = snapshot_segment_count(snapshot);
    if (snapshot_def(snapshot)->schema_version != known->schema_version || known->rule_count != rules) {
        forget(known);
        known->schema_version = snapshot_def(snapshot)->schema_version;
        known->rule_count = rules;
    }
    list = calloc((size_t)segments + 1, sizeof(*list));
    if (list == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < segments; i++) {
        const struct ledger_segment *info = snapshot_segment(snapshot, i);
        struct seen *now = &list[count++];
        now->name = (struct segment_name){info->pack, info->offset};
        now->live_rows = ledger_segment_live_rows(info);
        struct seen *before = find_seen(known, &now->name);
        if (before != NULL) {
            bool same = before->live_rows == now->live_rows;
            now->counts = before->counts;
            now->settled = before->settled && same;
            if (!same) { /* rows left: as many others may expire as then */
                memset(now->counts, 0, ((size_t)rules + 1) * sizeof(*now->counts));
            }
            before->counts = NULL;
        } else {
            now->counts = calloc((size_t)rules + 1, sizeof(*now->counts));
        }
        if (now->counts == NULL) {
            err = err_oom();
            break;
        }
    }
    forget(known);
    qsort(list, count, sizeof(*list), by_name);
    known->seen = list;
    known->seen_count = count;
done:
    snapshot_unref(snapshot);
    return err;
}

/* ---- one table */

struct looking {
    struct known_table *known;
    const struct expire_count *due; /* ascending: segments with rows that newly expired */
    uint32_t due_count;
    struct slice *partitions; /* GROUP BY: theirs, ascending; NULL: not asked */
    uint32_t partition_count;
};

static bool is_unsettled(void *user, const struct ledger_segment *segment)
{
    const struct segment_name name = {segment->pack, segment->offset};
    const struct seen *seen = find_seen(((const struct looking *)user)->known, &name);
    return seen != NULL && !seen->settled;
}

static int by_count_name(const void *left, const void *right)
{
    const struct segment_name *a = &((const struct expire_count *)left)->name;
    const struct segment_name *b = &((const struct expire_count *)right)->name;
    return a->pack != b->pack ? (a->pack > b->pack) - (a->pack < b->pack)
                              : (a->offset > b->offset) - (a->offset < b->offset);
}

static int by_text(const void *left, const void *right)
{
    return slice_compare(*(const struct slice *)left, *(const struct slice *)right);
}

static bool is_due(void *user, const struct ledger_segment *segment)
{
    const struct looking *looking = user;
    const struct expire_count key = {.name = {segment->pack, segment->offset}};
    if (looking->partitions != NULL) {
        return bsearch(&segment->partition, looking->partitions, looking->partition_count, sizeof(struct slice),
                       by_text) != NULL;
    }
    return bsearch(&key, looking->due, looking->due_count, sizeof key, by_count_name) != NULL;
}

/* Groups are those of a partition: all its segments may have rows of them. */
static struct err *due_partitions(struct looking *looking, struct table *table, struct arena *arena)
{
    struct snapshot *snapshot = NULL;
    struct err *err = snapshot_take(table, &snapshot);
    if (err != NULL) {
        return err;
    }
    uint32_t segments = snapshot_segment_count(snapshot);
    struct slice *list = ARENA_ARRAY(arena, struct slice, (size_t)segments + 1);
    for (uint32_t i = 0; list != NULL && i < segments; i++) {
        const struct ledger_segment *info = snapshot_segment(snapshot, i);
        looking->partitions = NULL;
        if (is_due(looking, info)) {
            list[looking->partition_count] = arena_slice(arena, info->partition);
            if (list[looking->partition_count++].data == NULL) {
                list = NULL;
                break;
            }
        }
    }
    snapshot_unref(snapshot);
    if (list == NULL) {
        return arena_error(arena);
    }
    qsort(list, looking->partition_count, sizeof(*list), by_text);
    looking->partitions = list;
    return NULL;
}

/* One rule: which segments have rows that newly expired, and these are seen to. */
static struct err *look_at_rule(struct expire_work *work, struct known_table *known, uint32_t rule, bool groups)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct looking looking = {.known = known};
    struct expire_count *counts = NULL;
    uint32_t count = 0, due = 0;

    if (arena == NULL) {
        return err_oom();
    }
    work->wanted = is_unsettled;
    work->user = &looking;
    OR_DONE(expire_counts(work, arena, rule, &counts, &count));
    for (uint32_t i = 0; i < count; i++) {
        struct seen *seen = find_seen(known, &counts[i].name);
        if (seen != NULL && seen->counts[rule] != counts[i].rows) {
            counts[due++] = counts[i];
        }
    }
    if (due == 0) {
        goto done;
    }
    qsort(counts, due, sizeof(*counts), by_count_name);
    looking.due = counts;
    looking.due_count = due;
    if (groups) {
        OR_DONE(due_partitions(&looking, work->table, arena));
    }
    OR_DONE(store_clock_guard(work->server->store));
    work->wanted = is_due;
    OR_DONE(expire_apply(work, rule));
    for (uint32_t i = 0; i < due; i++) {
        struct seen *seen = find_seen(known, &counts[i].name);
        seen->counts[rule] = counts[i].rows;
    }
done:
    arena_destroy(arena);
    return err;
}

/* Nothing is left to be done with a segment once all RECOMPRESS are over. */
static void note_recompressed(void *user, const struct segment_name *name, uint32_t rule, bool due)
{
    struct seen *seen = find_seen(((const struct looking *)user)->known, name);
    if (seen != NULL) {
        seen->counts[rule] = due ? seen->live_rows : 0;
    }
}

static struct err *look_at_rules(struct expire_work *work, struct known_table *known)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct table_def *def = table_definition(work->table);
    struct function_context context = {.now_us = work->now_us, .zone = work->server->zone};
    struct expire_rule *rules = NULL;
    uint32_t count = 0;
    bool recompresses = false;

    if (arena == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(expire_rules(arena, &context, def, work->now_us, &rules, &count));
    OR_DONE(renew(known, work->table, count));
    for (uint32_t i = 0; i < count && err_code(err) != ERR_ABORTED && err_code(err) != ERR_QUERY_CANCELLED; i++) {
        recompresses = recompresses || rules[i].kind == EXPIRE_RECOMPRESS;
        if (rules[i].kind != EXPIRE_RECOMPRESS && !work->held) {
            err_keep_first(&err, look_at_rule(work, known, i, rules[i].kind == EXPIRE_GROUPS));
        }
    }
    if (recompresses && err == NULL) {
        struct looking looking = {.known = known};
        work->wanted = is_unsettled;
        work->user = &looking;
        work->note = note_recompressed;
        OR_DONE(expire_recompress(work));
    }
    /* whose rows had all expired when they were last seen to, and still have */
    for (uint32_t i = 0; i < known->seen_count && err == NULL; i++) {
        struct seen *seen = &known->seen[i];
        seen->settled = count > 0;
        for (uint32_t k = 0; k < count; k++) {
            seen->settled = seen->settled && seen->counts[k] == seen->live_rows;
        }
    }
done:
    table_def_unref(def);
    arena_destroy(arena);
    return err;
}

static struct err *look_at_table(struct expiry *expiry, struct known_table *known, struct table *table,
                                 const struct table_def *def)
{
    struct expire_work work = {.server = expiry->server,
                               .table = table,
                               .progress = &expiry->progress,
                               .now_us = clock_wall_us(),
                               .threads = 1};
    struct interrupt interrupt;
    struct err *err = ledger_hold_check(expiry->server->store->ledger, known->id, "TTL");

    work.held = err != NULL; /* system.holds shows it */
    err_free(err);
    interrupt_begin(&interrupt, &expiry->progress.cancelled);
    err = interrupt_over(look_at_rules(&work, known));
    interrupt_end(&interrupt);
    if (err_code(err) == ERR_UNKNOWN_TABLE) { /* dropped meanwhile */
        err_free(err);
        err = NULL;
    }
    metric_add(&metric_expired_rows, work.rows);
    if (work.rows > 0) {
        LOG_INFO("rows' TTL", LOG_TEXT("database", def->database), LOG_TEXT("table", def->name),
                 LOG_UINT("rows", work.rows));
    }
    if (work.recompressed > 0) {
        LOG_INFO("segments compressed anew by TTL", LOG_TEXT("database", def->database), LOG_TEXT("table", def->name),
                 LOG_UINT("segments", work.recompressed));
    }
    return err_while(err, "the TTL of rows of %s.%s", def->database, def->name);
}

/* ---- all tables */

static uint64_t timeout_us(const struct table_def *def)
{
    uint64_t seconds = TIMEOUT_S_DEFAULT;
    (void)table_setting(def, "merge_with_ttl_timeout", &seconds);
    return (seconds > UINT32_MAX ? UINT32_MAX : seconds) * 1000000;
}

/* *out NULL: memory is out. Pointers before are void. */
static struct known_table *known_of(struct expiry *expiry, const struct table_def *def)
{
    for (uint32_t i = 0; i < expiry->count; i++) {
        if (expiry->tables[i].id == def->id) {
            return &expiry->tables[i];
        }
    }
    if (expiry->count == expiry->capacity) {
        uint32_t capacity = expiry->capacity == 0 ? 16 : expiry->capacity * 2;
        struct known_table *grown = realloc(expiry->tables, capacity * sizeof(*grown));
        if (grown == NULL) {
            return NULL;
        }
        expiry->tables = grown;
        expiry->capacity = capacity;
    }
    struct known_table *known = &expiry->tables[expiry->count++];
    uint64_t wait = timeout_us(def) < FIRST_US ? timeout_us(def) : FIRST_US;
    *known = (struct known_table){.id = def->id, .next_us = clock_monotonic_us() + wait};
    return known;
}

static void drop_gone(struct expiry *expiry)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < expiry->count; i++) {
        if (expiry->tables[i].there) {
            expiry->tables[kept++] = expiry->tables[i];
        } else {
            forget(&expiry->tables[i]);
        }
    }
    expiry->count = kept;
}

/* Says an error once, until another comes or none; takes it. */
static void say(struct expiry *expiry, struct err *err)
{
    bool same = err != NULL && expiry->said != NULL && err_code(err) == err_code(expiry->said);
    if (err != NULL && !same) {
        LOG_ERROR("rows' TTL", LOG_ERR(err));
    }
    err_free(expiry->said);
    expiry->said = err;
}

static void look(struct expiry *expiry)
{
    struct arena *arena = arena_create(NULL);
    struct table **tables = NULL;
    struct table_def **defs = NULL;
    uint32_t count = 0;
    bool looked = false;
    struct err *err = arena == NULL
                          ? err_oom()
                          : catalogue_tables(expiry->server->store->catalogue, arena, NULL, &tables, &defs, &count);

    for (uint32_t i = 0; i < expiry->count; i++) {
        expiry->tables[i].there = err != NULL;
    }
    for (uint32_t i = 0; i < count && !atomic_load(&expiry->stopping); i++) {
        struct known_table *known = expire_has_ttl(defs[i]) ? known_of(expiry, defs[i]) : NULL;
        if (known == NULL) {
            continue;
        }
        known->there = true;
        if (clock_monotonic_us() >= known->next_us) {
            looked = true;
            struct err *own = look_at_table(expiry, known, tables[i], defs[i]);
            bool again = err_code(own) == ERR_ABORTED; /* altered meanwhile, or the clock: soon */
            known->next_us =
                clock_monotonic_us() + (again && timeout_us(defs[i]) > FIRST_US ? FIRST_US : timeout_us(defs[i]));
            err_keep_first(&err, own);
        }
    }
    if (!atomic_load(&expiry->stopping)) {
        drop_gone(expiry);
    }
    arena_destroy(arena);
    if (looked || err != NULL) {
        say(expiry, err);
    }
}

static void *expiry_run(void *object)
{
    struct expiry *expiry = object;

    while (!atomic_load(&expiry->stopping)) {
        look(expiry);
        lock_take(&expiry->sleep);
        if (!atomic_load(&expiry->stopping)) {
            (void)condition_wait_for(&expiry->wake, &expiry->sleep, LOOK_US);
        }
        lock_give(&expiry->sleep);
    }
    return NULL;
}

struct err *expiry_start(struct server *server)
{
    struct expiry *expiry = calloc(1, sizeof(*expiry));

    if (expiry == NULL) {
        return err_oom();
    }
    expiry->server = server;
    lock_init(&expiry->sleep, LOCK_POOL);
    condition_init(&expiry->wake);
    server->expiry = expiry;
    struct err *err = thread_start(&expiry->thread, "expiry", expiry_run, expiry);
    expiry->started = err == NULL;
    return err;
}

void expiry_stop(struct server *server)
{
    struct expiry *expiry = server->expiry;

    if (expiry == NULL) {
        return;
    }
    lock_take(&expiry->sleep);
    atomic_store(&expiry->stopping, true);
    condition_signal(&expiry->wake);
    lock_give(&expiry->sleep);
    query_cancel(&expiry->progress);
    if (expiry->started) {
        (void)pthread_join(expiry->thread, NULL);
    }
    for (uint32_t i = 0; i < expiry->count; i++) {
        forget(&expiry->tables[i]);
    }
    free(expiry->tables);
    err_free(expiry->said);
    condition_deinit(&expiry->wake);
    lock_deinit(&expiry->sleep);
    free(expiry);
    server->expiry = NULL;
}
