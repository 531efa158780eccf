/*
 * statement_cache.c: a hash table of texts, their order of use, and a memory of texts that came once.
 *
 * locks    cache->lock (LOCK_STATEMENTS) guards lists and numbers; entries are made and freed without it
 */
#include "server/statement_cache.h"

#include "base/arena.h"
#include "base/checksum.h"
#include "base/lock.h"
#include "sql/parser.h"

#include <stdlib.h>
#include <string.h>

#define SLOT_COUNT 4096U
#define SEEN_COUNT 4096U /* hashes of texts that came once; others take their places */
/* Longer texts, and trees of more bytes, are not kept. */
#define TEXT_BYTES_MAX ((size_t)16 << 10)
#define TREE_BYTES_MAX ((uint64_t)256 << 10)

struct entry {
    struct kept_statement kept;
    struct entry *next; /* of its slot */
    struct entry *newer, *older;
    uint64_t hash;
    uint64_t bytes;
    _Atomic uint32_t references; /* the lists' and those of its users */
    struct budget budget;
    struct arena *arena;
};

struct statement_cache {
    struct lock lock;
    uint64_t bytes_max;
    struct entry *slots[SLOT_COUNT];
    uint64_t seen[SEEN_COUNT];
    struct entry *newest, *oldest;
    struct statement_cache_numbers numbers;
};

static void entry_unref(struct entry *entry)
{
    if (entry != NULL && atomic_fetch_sub_explicit(&entry->references, 1, memory_order_acq_rel) == 1) {
        arena_destroy(entry->arena);
        free(entry);
    }
}

void kept_statement_unref(const struct kept_statement *kept)
{
    entry_unref((struct entry *)(uintptr_t)kept); /* its first member */
}

struct statement_cache *statement_cache_create(uint64_t bytes_max)
{
    struct statement_cache *cache = calloc(1, sizeof(*cache));
    if (cache != NULL) {
        cache->bytes_max = bytes_max;
        lock_init(&cache->lock, LOCK_STATEMENTS);
    }
    return cache;
}

/* --- under the lock ---------------------------------------------------------------------------------------------- */

static struct entry **place_of(struct statement_cache *cache, uint64_t hash, struct slice text)
{
    struct entry **place = &cache->slots[hash % SLOT_COUNT];
    while (*place != NULL && ((*place)->hash != hash || !slice_equal((*place)->kept.text, text))) {
        place = &(*place)->next;
    }
    return place;
}

static void use_leave(struct statement_cache *cache, struct entry *entry)
{
    *(entry->newer == NULL ? &cache->newest : &entry->newer->older) = entry->older;
    *(entry->older == NULL ? &cache->oldest : &entry->older->newer) = entry->newer;
}

static void use_enter(struct statement_cache *cache, struct entry *entry)
{
    entry->newer = NULL;
    entry->older = cache->newest;
    *(cache->newest == NULL ? &cache->oldest : &cache->newest->newer) = entry;
    cache->newest = entry;
}

/* Takes the oldest out until the rest fits; a list of them by `next`. */
static struct entry *take_out(struct statement_cache *cache, uint64_t bytes_max)
{
    struct entry *out = NULL;
    while (cache->numbers.bytes > bytes_max) {
        struct entry *entry = cache->oldest;
        ASSERT(entry != NULL && entry != out); /* it has left the order of use */
        *place_of(cache, entry->hash, entry->kept.text) = entry->next;
        use_leave(cache, entry);
        cache->numbers.bytes -= entry->bytes;
        cache->numbers.entries--;
        entry->next = out;
        out = entry;
    }
    return out;
}

/* The entry, with a reference, or NULL. *again: then, the text has come before. */
static struct entry *find(struct statement_cache *cache, uint64_t hash, struct slice text, bool *again)
{
    struct entry *entry = *place_of(cache, hash, text);
    *again = false;
    if (entry == NULL) {
        uint64_t *seen = &cache->seen[hash / SLOT_COUNT % SEEN_COUNT];
        *again = *seen == hash;
        *seen = hash;
        cache->numbers.misses++;
        return NULL;
    }
    if (cache->newest != entry) {
        use_leave(cache, entry);
        use_enter(cache, entry);
    }
    cache->numbers.hits++;
    atomic_fetch_add_explicit(&entry->references, 1, memory_order_relaxed);
    return entry;
}

/* --- without it -------------------------------------------------------------------------------------------------- */

static void entries_unref(struct entry *entry)
{
    while (entry != NULL) {
        struct entry *next = entry->next;
        entry_unref(entry);
        entry = next;
    }
}

void statement_cache_destroy(struct statement_cache *cache)
{
    if (cache == NULL) {
        return;
    }
    entries_unref(take_out(cache, 0));
    lock_deinit(&cache->lock);
    free(cache);
}

/* NULL: the text is no statement that is kept. Whoever asked parses it again, and finds out why. */
static struct entry *entry_new(uint64_t hash, struct slice text)
{
    struct ast_statement *statement = NULL;
    struct entry *entry = calloc(1, sizeof(*entry));
    if (entry == NULL) {
        return NULL;
    }
    entry->hash = hash;
    atomic_init(&entry->references, 1);
    budget_init(&entry->budget, "a kept statement", TREE_BYTES_MAX, NULL);
    entry->arena = arena_create(&entry->budget);
    struct err *err = NULL;
    if (entry->arena == NULL) {
        err = err_oom();
        goto done;
    }
    entry->kept.text = arena_slice(entry->arena, text);
    if (entry->kept.text.data == NULL) {
        err = arena_error(entry->arena);
        goto done;
    }
    OR_DONE(parse_query(entry->arena, entry->kept.text, (uint32_t)text.length + 1, &statement));
    entry->kept.statement = statement;
    entry->bytes = sizeof(*entry) + arena_bytes(entry->arena);
done:
    if (err != NULL || (statement->kind != AST_SELECT && statement->kind != AST_EXPLAIN)) {
        err_free(err);
        entry_unref(entry);
        return NULL;
    }
    return entry;
}

const struct kept_statement *statement_cache_get(struct statement_cache *cache, struct slice text)
{
    bool again;
    struct entry *freed;
    if (text.length == 0 || text.length > TEXT_BYTES_MAX) {
        return NULL;
    }
    uint64_t hash = checksum(text.data, text.length);
    lock_take(&cache->lock);
    struct entry *entry = find(cache, hash, text, &again);
    lock_give(&cache->lock);
    if (entry != NULL || !again) {
        return entry == NULL ? NULL : &entry->kept;
    }
    entry = entry_new(hash, text);
    if (entry == NULL) {
        return NULL;
    }
    lock_take(&cache->lock);
    struct entry **place = place_of(cache, hash, text);
    if (*place == NULL && entry->bytes <= cache->bytes_max) { /* nobody else was faster */
        *place = entry;
        use_enter(cache, entry);
        atomic_fetch_add_explicit(&entry->references, 1, memory_order_relaxed);
        cache->numbers.bytes += entry->bytes;
        cache->numbers.entries++;
    }
    freed = take_out(cache, cache->bytes_max);
    lock_give(&cache->lock);
    entries_unref(freed);
    return &entry->kept;
}

void statement_cache_numbers(struct statement_cache *cache, struct statement_cache_numbers *out)
{
    lock_take(&cache->lock);
    *out = cache->numbers;
    lock_give(&cache->lock);
}
