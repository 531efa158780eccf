/*
 * join_table.c: the hash table of a join: from key values to rows.
 *
 * key      fixed-size keys are packed into 64-bit words, as many to a word as fit; strings stay slices. When all fit
 * into one word, a slot holds it and is compared by it alone; else a slot holds the hash, and rows are compared. table
 * open addressing, at most half full, slots by the top bits of the hash. For building by several threads it is cut into
 * parts that each one thread fills; a find goes on within its part. rows     a slot counts the rows of its key; then
 * rows are laid out key by key. Unique keys need no layout. find     hashes of a chunk first, then slots, fetched ahead
 * so that cache misses overlap
 */
#include "query/functions/functions.h"
#include "query/join.h"
#include "query/pipeline.h"

#include <stdatomic.h>
#include <xxhash.h>

#define TEXT_BYTES_MIN 17U /* fixed strings of this length and above are compared as texts */
#define AHEAD          16U
#define PARTS_MAX      16U
#define PARALLEL_ROWS  65536U

struct join_part {
    const struct type *type;
    bool is_text;
    bool null_safe;
    uint32_t place; /* word or text */
    uint32_t shift;
};

struct join_slot {
    uint64_t tag;   /* the word, or the hash */
    uint32_t first; /* while building: the key's first row */
    uint32_t count; /* 0: free */
};

/* Keys of row_count rows. */
struct join_packed {
    uint64_t *words;
    const struct slice **texts;
    uint64_t *hashes;        /* NULL: of the word alone */
    uint8_t *absent;         /* rows with a NULL that equals nothing; NULL: none */
    const uint8_t *left_out; /* rows that are absent anyway; or NULL */
};

static inline uint64_t mix(uint64_t word)
{
    word = (word ^ word >> 32) * 0x9E3779B97F4A7C15ULL;
    return (word ^ word >> 29) * 0xBF58476D1CE4E5B9ULL;
}

static uint32_t part_bits(const struct type *type)
{
    return type->kind == TYPE_NOTHING ? 8 : type->width * 8;
}

struct err *join_table_create(struct arena *arena, const struct type *const *types, const bool *null_safe,
                              uint32_t key_count, struct join_table **out)
{
    struct join_table *table = ARENA_NEW(arena, struct join_table);
    uint32_t used = 64;
    bool flags = false;

    if (table == NULL) {
        return arena_error(arena);
    }
    table->arena = arena;
    table->key_count = key_count;
    table->null_word = JOIN_NONE;
    table->parts = arena_zalloc(arena, (key_count + 1U) * sizeof(*table->parts));
    if (table->parts == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < key_count; k++) {
        struct join_part *part = &table->parts[k];
        const struct type *type = types[k];
        uint32_t bits = part_bits(type);
        if (type->kind >= TYPE_ARRAY) {
            struct slice name = type_name(arena, type);
            return err_new(ERR_NOT_IMPLEMENTED, "JOIN on a key of type %.*s is not implemented", SLICE_ARG(name));
        }
        part->type = type;
        part->null_safe = null_safe[k];
        part->is_text = type->kind == TYPE_STRING || (type->kind == TYPE_FIXED_STRING && type->width >= TEXT_BYTES_MIN);
        flags |= null_safe[k];
        if (part->is_text) {
            part->place = table->text_count++;
        } else if (bits > 64) {
            part->place = table->word_count;
            table->word_count += (bits + 63) / 64;
            used = 64;
        } else {
            if (used + bits > 64) {
                table->word_count++;
                used = 0;
            }
            part->place = table->word_count - 1;
            part->shift = used;
            used += bits;
        }
    }
    if (flags) {
        table->null_word = table->word_count++;
    }
    *out = table;
    return NULL;
}

static bool is_one_word(const struct join_table *table)
{
    return table->word_count == 1 && table->text_count == 0;
}

/* --- packing ----------------------------------------------------------------------------------------------------- */

#define PACK(ctype)                                                                                                    \
    {                                                                                                                  \
        const ctype *values = column->values;                                                                          \
        for (uint32_t i = begin; i < end; i++) {                                                                       \
            words[(size_t)i * stride] |= (uint64_t)values[i] << part->shift;                                           \
        }                                                                                                              \
    }                                                                                                                  \
    break

static void pack_words(const struct join_part *part, const struct column *column, uint32_t begin, uint32_t end,
                       uint64_t *words, size_t stride)
{
    uint32_t width = part->type->width;
    words += part->place;
    switch (width) {
    case 1:
        PACK(uint8_t);
    case 2:
        PACK(uint16_t);
    case 4:
        PACK(uint32_t);
    case 8:
        PACK(uint64_t);
    default:
        for (uint32_t i = begin; i < end; i++) {
            uint64_t pieces[4] = {0};
            memcpy(pieces, (const char *)column->values + (size_t)i * width, width);
            for (uint32_t p = 0; p * 8 < width; p++) {
                uint32_t bytes = width - p * 8 < 8 ? width - p * 8 : 8;
                words[(size_t)i * stride + p] |= pieces[p] << (bytes == 8 || width > 8 ? 0 : part->shift);
            }
        }
        break;
    }
}

/* NULLs: the row is absent, or the value is cleared and the flag set. */
static void pack_nulls(const struct join_table *table, uint32_t key, const struct column *column, uint32_t begin,
                       uint32_t end, struct join_packed *packed)
{
    const struct join_part *part = &table->parts[key];
    if (part->null_safe) {
        for (uint32_t i = begin; i < end && column->nulls != NULL; i++) {
            packed->words[(size_t)i * table->word_count + table->null_word] |= (uint64_t)(column->nulls[i] != 0)
                                                                               << key % 64;
        }
        return;
    }
    for (uint32_t i = begin; i < end; i++) {
        packed->absent[i] |= part->type->kind == TYPE_NOTHING || (column->nulls != NULL && column->nulls[i] != 0);
    }
}

static void pack_range(const struct join_table *table, const struct column *const *keys, uint32_t begin, uint32_t end,
                       struct join_packed *packed)
{
    size_t stride = table->word_count;
    if (stride > 0) {
        memset(packed->words + begin * stride, 0, (end - begin) * stride * sizeof(uint64_t));
    }
    if (packed->left_out != NULL) {
        memcpy(packed->absent + begin, packed->left_out + begin, end - begin);
    } else if (packed->absent != NULL) {
        memset(packed->absent + begin, 0, end - begin);
    }
    for (uint32_t k = 0; k < table->key_count; k++) {
        const struct join_part *part = &table->parts[k];
        if (part->is_text && part->type->kind == TYPE_FIXED_STRING) {
            struct slice *texts = (struct slice *)(uintptr_t)packed->texts[part->place];
            for (uint32_t i = begin; i < end; i++) {
                texts[i] = slice_of((const char *)keys[k]->values + (size_t)i * part->type->width, part->type->width);
            }
        } else if (!part->is_text) {
            pack_words(part, keys[k], begin, end, packed->words, stride);
        }
        if (packed->absent != NULL || part->null_safe) {
            pack_nulls(table, k, keys[k], begin, end, packed);
        }
    }
    for (uint32_t i = begin; packed->hashes != NULL && i < end; i++) {
        uint64_t hash = 0;
        for (size_t w = 0; w < stride; w++) {
            hash = mix(hash ^ packed->words[i * stride + w]);
        }
        for (uint32_t t = 0; t < table->text_count; t++) {
            struct slice text = packed->texts[t][i];
            hash = mix(hash ^ XXH3_64bits(text.length == 0 ? "" : text.data, text.length));
        }
        packed->hashes[i] = hash;
    }
}

/* Memory for the keys of row_count rows; keys become FLAT. */
static struct err *packed_new(const struct join_table *table, struct arena *arena, const struct column **keys,
                              const uint8_t *left_out, uint32_t row_count, struct join_packed **out)
{
    struct join_packed *packed = ARENA_NEW(arena, struct join_packed);
    bool absent = left_out != NULL;

    if (packed == NULL) {
        return arena_error(arena);
    }
    packed->left_out = left_out;
    packed->texts = ARENA_ARRAY(arena, const struct slice *, table->text_count + 1U);
    packed->words = arena_array(arena, (size_t)row_count * table->word_count + 1U, sizeof(uint64_t));
    packed->hashes = is_one_word(table) ? NULL : ARENA_ARRAY(arena, uint64_t, row_count + 1U);
    if (packed->texts == NULL || packed->words == NULL || (packed->hashes == NULL && !is_one_word(table))) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < table->key_count; k++) {
        const struct join_part *part = &table->parts[k];
        keys[k] = column_flat(arena, keys[k]);
        if (keys[k] == NULL) {
            return arena_error(arena);
        }
        absent |= !part->null_safe && (part->type->kind == TYPE_NOTHING || keys[k]->nulls != NULL);
        if (part->is_text) {
            packed->texts[part->place] = part->type->kind == TYPE_STRING
                                             ? keys[k]->values
                                             : arena_array(arena, row_count + 1U, sizeof(struct slice));
            if (packed->texts[part->place] == NULL) {
                return arena_error(arena);
            }
        }
    }
    if (absent) {
        packed->absent = arena_alloc(arena, row_count + 1U);
        if (packed->absent == NULL) {
            return arena_error(arena);
        }
    }
    *out = packed;
    return NULL;
}

/* --- building ---------------------------------------------------------------------------------------------------- */

struct parallel {
    void (*task)(void *object, uint32_t k);
    void *object;
    uint32_t count;
    _Atomic uint32_t next;
};

static struct err *parallel_run(void *object, struct worker *worker)
{
    struct parallel *parallel = object;
    (void)worker;
    for (uint32_t k = atomic_fetch_add(&parallel->next, 1); k < parallel->count;
         k = atomic_fetch_add(&parallel->next, 1)) {
        parallel->task(parallel->object, k);
    }
    return NULL;
}

struct err *join_parallel(struct execution *execution, uint32_t count, void (*task)(void *object, uint32_t k),
                          void *object)
{
    struct parallel parallel = {.task = task, .object = object, .count = count};
    return execution_parallel(execution, count, parallel_run, &parallel);
}

struct building {
    struct join_table *table;
    struct execution *execution;
    const struct column *const *keys;
    uint32_t *slot_of; /* per row; UINT32_MAX: absent */
    uint32_t *grouped;
    uint32_t row_count;
    uint32_t count; /* of tasks, and of parts */
    uint32_t part_rows[PARTS_MAX];
    uint32_t longest[PARTS_MAX];
    _Atomic bool full; /* a part has no room: keys are spread badly */
    _Atomic bool stopped;
};

static inline bool rows_equal(const struct join_table *table, const struct join_packed *a, uint32_t row_a,
                              const struct join_packed *b, uint32_t row_b)
{
    size_t stride = table->word_count;
    for (size_t w = 0; w < stride; w++) {
        if (a->words[row_a * stride + w] != b->words[row_b * stride + w]) {
            return false;
        }
    }
    for (uint32_t t = 0; t < table->text_count; t++) {
        if (!slice_equal(a->texts[t][row_a], b->texts[t][row_b])) {
            return false;
        }
    }
    return true;
}

static inline uint64_t hash_of(const struct join_packed *packed, uint32_t row)
{
    return packed->hashes == NULL ? mix(packed->words[row]) : packed->hashes[row];
}

static inline uint64_t tag_of(const struct join_packed *packed, uint32_t row)
{
    return packed->hashes == NULL ? packed->words[row] : packed->hashes[row];
}

static void pack_task(void *object, uint32_t k)
{
    struct building *building = object;
    uint32_t begin = (uint32_t)((uint64_t)building->row_count * k / building->count);
    uint32_t end = (uint32_t)((uint64_t)building->row_count * (k + 1) / building->count);
    pack_range(building->table, building->keys, begin, end, building->table->packed);
}

/* Looks at the cancel flag now and then. */
static bool goes_on(struct building *building, uint32_t row)
{
    if (row % 65536 != 65535) {
        return true;
    }
    if (atomic_load_explicit(&building->execution->progress->cancelled, memory_order_relaxed)) {
        atomic_store(&building->stopped, true);
    }
    return !atomic_load(&building->stopped) && !atomic_load(&building->full);
}

/* Gives every row of part k its slot, and counts. */
static void insert_task(void *object, uint32_t k)
{
    struct building *building = object;
    const struct join_table *table = building->table;
    const struct join_packed *packed = table->packed;
    bool exact = packed->hashes == NULL;
    uint32_t shift = 64 - table->slot_bits;
    uint64_t first_slot = k * (table->part_mask + 1);
    uint32_t keys = 0;
    uint32_t rows = 0;
    uint32_t longest = 0;

    for (uint32_t row = 0; row < building->row_count && goes_on(building, row); row++) {
        uint64_t slot = hash_of(packed, row) >> shift;
        if (slot - first_slot > table->part_mask) {
            continue;
        }
        if (packed->absent != NULL && packed->absent[row] != 0) {
            building->slot_of[row] = UINT32_MAX;
            continue;
        }
        uint64_t tag = tag_of(packed, row);
        struct join_slot *at = &table->slots[slot];
        while (at->count > 0 && (at->tag != tag || (!exact && !rows_equal(table, packed, at->first, packed, row)))) {
            slot = first_slot | ((slot + 1) & table->part_mask);
            at = &table->slots[slot];
        }
        if (at->count == 0) {
            if (building->count > 1 && ++keys > table->part_mask / 8 * 7) {
                atomic_store(&building->full, true);
                return;
            }
            at->tag = tag;
            at->first = row;
        }
        at->count++;
        rows++;
        longest = at->count > longest ? at->count : longest;
        building->slot_of[row] = (uint32_t)slot;
    }
    building->part_rows[k] = rows;
    building->longest[k] = longest;
}

/* Lays out the rows of part k, key by key. */
static void layout_task(void *object, uint32_t k)
{
    struct building *building = object;
    struct join_table *table = building->table;
    uint64_t first_slot = k * (table->part_mask + 1);
    uint32_t at = 0;

    for (uint32_t p = 0; p < k; p++) {
        at += building->part_rows[p];
    }
    for (uint64_t slot = first_slot; slot <= first_slot + table->part_mask; slot++) {
        at += table->slots[slot].count;
        table->slots[slot].first = at;
    }
    for (uint32_t row = building->row_count; row > 0 && goes_on(building, row - 1); row--) {
        uint64_t slot = building->slot_of[row - 1];
        if (slot - first_slot <= table->part_mask) {
            building->grouped[--table->slots[slot].first] = row - 1;
        }
    }
}

static struct err *insert_rows(struct building *building, struct arena *scratch)
{
    struct err *err = NULL;
    struct join_table *table = building->table;
    size_t slot_count = (size_t)1 << table->slot_bits;

    building->slot_of = ARENA_ARRAY(scratch, uint32_t, building->row_count);
    table->slots = arena_zalloc(table->arena, slot_count * sizeof(*table->slots));
    if (building->slot_of == NULL) {
        return arena_error(scratch);
    }
    if (table->slots == NULL) {
        return arena_error(table->arena);
    }
    table->part_mask = slot_count / building->count - 1;
    OR_DONE(join_parallel(building->execution, building->count, insert_task, building));
    if (atomic_load(&building->full)) { /* one part is never full: the table is at most half full */
        memset(table->slots, 0, slot_count * sizeof(*table->slots));
        building->count = 1;
        table->part_mask = slot_count - 1;
        atomic_store(&building->full, false);
        OR_DONE(join_parallel(building->execution, 1, insert_task, building));
    }
    OR_DONE(execution_check(building->execution));
    for (uint32_t k = 0; k < building->count; k++) {
        table->longest = building->longest[k] > table->longest ? building->longest[k] : table->longest;
    }
    if (table->longest > 1) {
        building->grouped = ARENA_ARRAY(table->arena, uint32_t, building->row_count);
        if (building->grouped == NULL) {
            return arena_error(table->arena);
        }
        OR_DONE(join_parallel(building->execution, building->count, layout_task, building));
        OR_DONE(execution_check(building->execution));
        table->rows = building->grouped;
    }
done:
    return err;
}

static void cleanup_arena(void *arena)
{
    arena_destroy(arena);
}

struct err *join_table_build(struct join_table *table, struct execution *execution, const struct column *const *keys,
                             const struct column *present, uint32_t row_count)
{
    struct err *err = NULL;
    struct building building = {.table = table, .execution = execution, .row_count = row_count, .count = 1};
    struct arena *scratch = NULL;

    table->row_count = row_count;
    if (table->key_count == 0 || row_count == 0) {
        table->longest = row_count;
        return NULL;
    }
    if (row_count > (uint32_t)1 << 30) {
        return err_new(ERR_MEMORY_LIMIT, "more than 2^30 rows on the right side of a join");
    }
    scratch = arena_create(execution->options->budget);
    const struct column **flat = ARENA_ARRAY(table->arena, const struct column *, table->key_count);
    if (scratch == NULL || flat == NULL) {
        err = scratch == NULL ? err_oom() : arena_error(table->arena);
        goto done;
    }
    memcpy(flat, keys, table->key_count * sizeof(*flat));
    building.keys = flat;
    while (row_count >= PARALLEL_ROWS && building.count * 2 <= execution->worker_count &&
           building.count * 2 <= PARTS_MAX) {
        building.count *= 2;
    }
    table->slot_bits = 6;
    while ((uint64_t)1 << table->slot_bits < (uint64_t)row_count * 2) {
        table->slot_bits++;
    }
    if (present != NULL) {
        present = column_flat(scratch, present);
        if (present == NULL) {
            err = arena_error(scratch);
            goto done;
        }
    }
    OR_DONE(packed_new(table, table->arena, flat, present == NULL ? NULL : present->nulls, row_count, &table->packed));
    OR_DONE(join_parallel(execution, building.count, pack_task, &building));
    OR_DONE(insert_rows(&building, scratch));
done:
    cleanup_arena(scratch);
    return err;
}

uint64_t join_table_slots(const struct join_table *table)
{
    return table->slots == NULL ? 0 : (uint64_t)1 << table->slot_bits;
}

void join_table_slot(const struct join_table *table, uint64_t slot, uint32_t *first, uint32_t *count)
{
    *first = table->slots[slot].first;
    *count = table->slots[slot].count;
}

/* --- finding ----------------------------------------------------------------------------------------------------- */

static inline void find_one(const struct join_table *table, const struct join_packed *packed, bool exact, uint32_t row,
                            uint64_t hash, uint32_t *first, uint32_t *count)
{
    uint64_t tag = tag_of(packed, row);
    uint64_t slot = hash >> (64 - table->slot_bits);
    uint64_t first_slot = slot & ~table->part_mask;
    const struct join_slot *at = &table->slots[slot];

    while (at->count > 0 &&
           (at->tag != tag ||
            (!exact && !rows_equal(table, table->packed, join_table_row(table, at->first), packed, row)))) {
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
    bool exact = is_one_word(table);

    if (flat == NULL || hashes == NULL) {
        return arena_error(scratch);
    }
    memcpy(flat, keys, table->key_count * sizeof(*flat));
    OR_DONE(packed_new(table, scratch, flat, NULL, row_count, &packed));
    pack_range(table, flat, 0, row_count, packed);
    for (uint32_t i = 0; i < row_count; i++) {
        hashes[i] = hash_of(packed, i);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        if (i + AHEAD < row_count) {
            __builtin_prefetch(&table->slots[hashes[i + AHEAD] >> shift]);
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

struct err *join_table_find(const struct join_table *table, struct arena *scratch, const struct column *const *keys,
                            uint32_t row_count, uint32_t *first, uint32_t *count)
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
    if (table->key_count == 1 && key->form == COLUMN_DICT && key->dictionary->row_count <= row_count) {
        uint32_t entries = key->dictionary->row_count;
        uint32_t *entry_first = ARENA_ARRAY(scratch, uint32_t, entries + 1U);
        uint32_t *entry_count = ARENA_ARRAY(scratch, uint32_t, entries + 1U);
        if (entry_first == NULL || entry_count == NULL) {
            return arena_error(scratch);
        }
        OR_DONE(find_rows(table, scratch, &key->dictionary, entries, entry_first, entry_count));
        for (uint32_t i = 0; i < row_count; i++) {
            first[i] = entry_first[key->codes[i]];
            count[i] = entry_count[key->codes[i]];
        }
        return NULL;
    }
    OR_DONE(find_rows(table, scratch, keys, row_count, first, count));
done:
    return err;
}
