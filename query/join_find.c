/*
 * join_find.c: from the keys of a chunk to the rows of a join's hash table.
 *
 * batch    hashes of a chunk first, then slots, fetched ahead so that cache misses overlap
 * entries  of a dictionary are looked up once, those of a constant once a chunk
 */
#include "query/join_keys.h"

#define CACHED_BYTES 262144U

static void find_near(const struct join_table *table, const struct join_packed *packed, uint32_t row_count,
                      uint32_t *first, uint32_t *count)
{
    const uint64_t *words = packed->words;
    const uint32_t *near = table->near;
    uint64_t base = table->near_base;
    uint64_t places = table->near_count;
    bool far = places * sizeof(*near) > CACHED_BYTES;

    for (uint32_t i = 0; i < row_count; i++) {
        uint64_t place = words[i] - base;
        bool inside = place < places && (packed->absent == NULL || packed->absent[i] == 0);
        if (far && i + JOIN_AHEAD < row_count && words[i + JOIN_AHEAD] - base < places) {
            __builtin_prefetch(&near[words[i + JOIN_AHEAD] - base]);
        }
        if (table->rows == NULL) {
            uint32_t row = inside ? near[place] : 0;
            first[i] = row - 1;
            count[i] = row != 0;
        } else {
            first[i] = inside ? near[place] : 0;
            count[i] = inside ? near[place + 1] - near[place] : 0;
        }
    }
}

static inline void find_one(const struct join_table *table, const struct join_packed *packed, bool exact, uint32_t row,
                            uint64_t hash, uint32_t *first, uint32_t *count)
{
    uint64_t tag = join_tag_of(packed, row);
    uint64_t slot = hash >> (64 - table->slot_bits);
    uint64_t first_slot = slot & ~table->part_mask;
    const struct join_slot *at = &table->slots[slot];

    while (at->count > 0 &&
           (at->tag != tag ||
            (!exact && !join_rows_equal(table, table->packed, join_table_row(table, at->first), packed, row)))) {
        slot = first_slot | ((slot + 1) & table->part_mask);
        at = &table->slots[slot];
    }
    *first = at->first;
    *count = at->count;
}

static struct err *find_rows(const struct join_table *table, struct arena *scratch, const struct column *const *keys,
                             uint32_t row_count, uint32_t *first, uint32_t *count)
{
    struct err *err = NULL;
    struct join_packed *packed;
    const struct column **flat = ARENA_ARRAY(scratch, const struct column *, table->key_count);
    uint64_t *hashes = ARENA_ARRAY(scratch, uint64_t, row_count);
    uint32_t shift = 64 - table->slot_bits;
    bool exact = join_is_one_word(table);

    if (flat == NULL || hashes == NULL) {
        return arena_error(scratch);
    }
    memcpy(flat, keys, table->key_count * sizeof(*flat));
    OR_DONE(join_packed_new(table, scratch, flat, NULL, row_count, &packed));
    join_pack(table, flat, 0, row_count, packed);
    if (table->near != NULL) {
        find_near(table, packed, row_count, first, count);
        return NULL;
    }
    for (uint32_t i = 0; i < row_count; i++) {
        hashes[i] = join_hash_of(packed, i);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        if (i + JOIN_AHEAD < row_count) {
            __builtin_prefetch(&table->slots[hashes[i + JOIN_AHEAD] >> shift]);
        }
        if (packed->absent != NULL && packed->absent[i] != 0) {
            first[i] = 0;
            count[i] = 0;
        } else if (exact) {
            find_one(table, packed, true, i, hashes[i], &first[i], &count[i]);
        } else {
            find_one(table, packed, false, i, hashes[i], &first[i], &count[i]);
        }
    }
done:
    return err;
}

#define DICTIONARIES_KEPT 16U
#define ENTRIES_MAX       65536U

struct found_entries {
    uint64_t dictionary_id;
    uint32_t row_count;
    uint32_t *first;
    uint32_t *count;
};

struct join_finder {
    struct arena *arena;
    struct found_entries kept[DICTIONARIES_KEPT];
    uint32_t next;
};

struct join_finder *join_finder_create(struct arena *arena)
{
    struct join_finder *finder = ARENA_NEW(arena, struct join_finder);
    if (finder != NULL) {
        finder->arena = arena;
    }
    return finder;
}

/* A key column with a dictionary: entries are looked up once. */
static struct err *find_entries(const struct join_table *table, struct join_finder *finder, struct arena *scratch,
                                const struct column *key, uint32_t row_count, uint32_t *first, uint32_t *count)
{
    struct err *err = NULL;
    uint32_t entries = key->dictionary->row_count;
    struct found_entries found = {.dictionary_id = key->dictionary_id, .row_count = entries};

    for (uint32_t k = 0; key->dictionary_id != 0 && k < DICTIONARIES_KEPT; k++) {
        if (finder->kept[k].dictionary_id == key->dictionary_id && finder->kept[k].row_count >= entries) {
            found = finder->kept[k];
        }
    }
    if (found.first == NULL) {
        struct arena *home = key->dictionary_id == 0 ? scratch : finder->arena;
        found.first = ARENA_ARRAY(home, uint32_t, entries + 1U);
        found.count = ARENA_ARRAY(home, uint32_t, entries + 1U);
        if (found.first == NULL || found.count == NULL) {
            return arena_error(home);
        }
        OR_DONE(find_rows(table, scratch, &key->dictionary, entries, found.first, found.count));
        if (key->dictionary_id != 0) {
            finder->kept[finder->next++ % DICTIONARIES_KEPT] = found;
        }
    }
    for (uint32_t i = 0; i < row_count; i++) {
        first[i] = found.first[key->codes[i]];
        count[i] = found.count[key->codes[i]];
    }
done:
    return err;
}

struct err *join_table_find(const struct join_table *table, struct join_finder *finder, struct arena *scratch,
                            const struct column *const *keys, uint32_t row_count, uint32_t *first, uint32_t *count)
{
    struct err *err = NULL;
    bool constant = true;

    if (table->key_count == 0 || table->row_count == 0) {
        memset(first, 0, row_count * sizeof(*first));
        for (uint32_t i = 0; i < row_count; i++) {
            count[i] = table->row_count;
        }
        return NULL;
    }
    for (uint32_t k = 0; k < table->key_count; k++) {
        constant &= keys[k]->form == COLUMN_CONST;
    }
    if (constant) {
        const struct column **one = ARENA_ARRAY(scratch, const struct column *, table->key_count);
        for (uint32_t k = 0; one != NULL && k < table->key_count; k++) {
            one[k] = column_part(scratch, keys[k], 0, 1);
            if (one[k] == NULL) {
                return arena_error(scratch);
            }
        }
        if (one == NULL) {
            return arena_error(scratch);
        }
        OR_DONE(find_rows(table, scratch, one, 1, first, count));
        for (uint32_t i = 1; i < row_count; i++) {
            first[i] = first[0];
            count[i] = count[0];
        }
        return NULL;
    }
    const struct column *key = keys[0];
    if (table->key_count == 1 && key->form == COLUMN_DICT &&
        (key->dictionary->row_count <= row_count ||
         (key->dictionary_id != 0 && key->dictionary->row_count <= ENTRIES_MAX))) {
        return find_entries(table, finder, scratch, key, row_count, first, count);
    }
    OR_DONE(find_rows(table, scratch, keys, row_count, first, count));
done:
    return err;
}
