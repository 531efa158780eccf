/*
 * join_table.c: the hash table of a join: from key values to rows.
 *
 * key      fixed-size keys are packed into 64-bit words, as many to a word as fit; strings stay slices; arrays, tuples
 *          and maps are their packed bytes. When all fit into one word, a slot holds it and is compared by it alone;
 *          else a slot holds the hash, and rows are compared.
 * near     keys of one word that lie close together need no hash: an array by their distance from the smallest
 * table    open addressing, at most half full, slots by the top bits of the hash. For building by several threads it
 *          is cut into parts that each one thread fills; a find goes on within its part.
 * rows     a slot counts the rows of its key; then rows are laid out key by key. Unique keys need no layout.
 */
#include "query/join_keys.h"

#include "query/nested_key.h"

#include <stdatomic.h>
#define XXH_INLINE_ALL /* keys are short */
#include <xxhash.h>

#define TEXT_BYTES_MIN 17U /* fixed strings of this length and above are compared as texts */
#define PARTS_MAX      16U
#define PARALLEL_ROWS  65536U
#define NEAR_WORDS     65536U /* an array of this length is always worth it, */
#define NEAR_PER_ROW   4U     /* or so many places a row */

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
        part->type = type;
        part->null_safe = null_safe[k];
        part->is_text = type->kind == TYPE_STRING || type_is_nested(type) ||
                        (type->kind == TYPE_FIXED_STRING && type->width >= TEXT_BYTES_MIN);
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

/* --- packing ----------------------------------------------------------------------------------------------------- */

#define WIDEN(ctype)                                                                                                   \
    for (uint32_t i = begin; i < end; i++) {                                                                           \
        words[i] = ((const ctype *)column->values)[i];                                                                 \
    }                                                                                                                  \
    return true

/* One key that is a word by itself; false: it is not of a plain width. */
static bool pack_one(const struct column *column, uint32_t begin, uint32_t end, uint64_t *words)
{
    switch (column->type->width) {
    case 1:
        WIDEN(uint8_t);
    case 2:
        WIDEN(uint16_t);
    case 4:
        WIDEN(uint32_t);
    case 8:
        WIDEN(uint64_t);
    default:
        return false;
    }
}

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

void join_pack(const struct join_table *table, const struct column *const *keys, uint32_t begin, uint32_t end,
               struct join_packed *packed)
{
    size_t stride = table->word_count;
    bool whole = table->key_count == 1 && join_is_one_word(table) && pack_one(keys[0], begin, end, packed->words);
    if (stride > 0 && !whole) {
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
        } else if (!part->is_text && !whole) {
            pack_words(part, keys[k], begin, end, packed->words, stride);
        }
        if (packed->absent != NULL || part->null_safe) {
            pack_nulls(table, k, keys[k], begin, end, packed);
        }
    }
    for (uint32_t i = begin; packed->hashes != NULL && i < end; i++) {
        uint64_t hash = 0;
        for (size_t w = 0; w < stride; w++) {
            hash = join_mix(hash ^ packed->words[i * stride + w]);
        }
        for (uint32_t t = 0; t < table->text_count; t++) {
            struct slice text = packed->texts[t][i];
            hash = join_mix(hash ^ XXH3_64bits(text.length == 0 ? "" : text.data, text.length));
        }
        packed->hashes[i] = hash;
    }
}

static struct err *pack_nested(struct arena *arena, const struct column *column, const struct slice **out)
{
    struct slice *texts = ARENA_ARRAY(arena, struct slice, column->row_count + 1U);
    *out = texts;
    return texts == NULL ? arena_error(arena) : nested_key_encode(arena, column, column->row_count, texts);
}

/* Memory for the keys of row_count rows; keys become FLAT. */
struct err *join_packed_new(const struct join_table *table, struct arena *arena, const struct column **keys,
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
    packed->hashes = join_is_one_word(table) ? NULL : ARENA_ARRAY(arena, uint64_t, row_count + 1U);
    if (packed->texts == NULL || packed->words == NULL || (packed->hashes == NULL && !join_is_one_word(table))) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < table->key_count; k++) {
        const struct join_part *part = &table->parts[k];
        keys[k] = column_flat(arena, keys[k]);
        if (keys[k] == NULL) {
            return arena_error(arena);
        }
        absent |= !part->null_safe && (part->type->kind == TYPE_NOTHING || keys[k]->nulls != NULL);
        if (type_is_nested(part->type)) {
            struct err *err = pack_nested(arena, keys[k], &packed->texts[part->place]);
            if (err != NULL) {
                return err;
            }
        } else if (part->is_text) {
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

/* --- near keys --- */

/* The smallest word and the distance to the greatest; *count 0: no row is present. */
static void word_range(const struct join_packed *packed, uint32_t row_count, uint64_t *base, uint64_t *count)
{
    uint64_t min = UINT64_MAX;
    uint64_t max = 0;
    for (uint32_t row = 0; row < row_count; row++) {
        uint64_t word = packed->words[row];
        if (packed->absent == NULL || packed->absent[row] == 0) {
            min = word < min ? word : min;
            max = word > max ? word : max;
        }
    }
    *base = min;
    *count = min > max ? 0 : max - min == UINT64_MAX ? UINT64_MAX : max - min + 1;
}

#define LOOK_ROWS 65536U

static bool near_unique(struct join_table *table, const struct join_packed *packed, uint32_t row_count)
{
    for (uint32_t row = 0; row < row_count; row++) {
        if (interrupted_at(row)) {
            return false; /* near_grouped says why */
        }
        if (packed->absent == NULL || packed->absent[row] == 0) {
            uint32_t *place = &table->near[packed->words[row] - table->near_base];
            if (*place != 0) {
                return false;
            }
            *place = row + 1;
        }
    }
    return true;
}

/* Rows key by key: counted, summed up, laid out from the last on. */
static struct err *near_grouped(struct join_table *table, const struct join_packed *packed, uint32_t row_count)
{
    struct err *err = NULL;
    uint32_t *rows = ARENA_ARRAY(table->arena, uint32_t, row_count);
    uint32_t sum = 0;

    if (rows == NULL) {
        return arena_error(table->arena);
    }
    OR_DONE(interrupt_check());
    OR_DONE(interrupt_zero(table->near, (table->near_count + 1) * sizeof(*table->near)));
    for (uint32_t row = 0; row < row_count; row++) {
        OR_DONE(interrupt_at(row));
        if (packed->absent == NULL || packed->absent[row] == 0) {
            table->near[packed->words[row] - table->near_base]++;
        }
    }
    for (uint64_t place = 0; place <= table->near_count; place++) {
        OR_DONE(interrupt_at(place));
        table->longest = table->near[place] > table->longest ? table->near[place] : table->longest;
        sum += table->near[place];
        table->near[place] = sum;
    }
    for (uint32_t row = row_count; row > 0; row--) {
        OR_DONE(interrupt_at(row));
        if (packed->absent == NULL || packed->absent[row - 1] == 0) {
            rows[--table->near[packed->words[row - 1] - table->near_base]] = row - 1;
        }
    }
    table->rows = rows;
done:
    return err;
}

static struct err *near_build(struct join_table *table, const struct join_packed *packed, uint32_t row_count,
                              bool *done)
{
    struct err *err = NULL;
    uint64_t count;

    word_range(packed, row_count, &table->near_base, &count);
    if (count > NEAR_WORDS && count / NEAR_PER_ROW > row_count) {
        return NULL;
    }
    table->near_count = count;
    table->near = arena_zalloc(table->arena, (count + 1) * sizeof(*table->near));
    if (table->near == NULL) {
        return arena_error(table->arena);
    }
    table->longest = 1;
    if (!near_unique(table, packed, row_count)) {
        OR_DONE(near_grouped(table, packed, row_count));
    }
    *done = true;
done:
    return err;
}

/* --- slots --- */

static void pack_task(void *object, uint32_t k)
{
    struct building *building = object;
    uint32_t begin = (uint32_t)((uint64_t)building->row_count * k / building->count);
    uint32_t end = (uint32_t)((uint64_t)building->row_count * (k + 1) / building->count);
    for (; begin < end && !interrupted(); begin += LOOK_ROWS) {
        join_pack(building->table, building->keys, begin, end - begin < LOOK_ROWS ? end : begin + LOOK_ROWS,
                  building->table->packed);
    }
}

/* Looks now and then whether the query was cancelled or is out of time. */
static bool goes_on(struct building *building, uint32_t row)
{
    if (row % 65536 != 65535) {
        return true;
    }
    struct err *err = execution_check(building->execution); /* asked again, and returned, once the task has ended */
    if (err != NULL) {
        err_free(err);
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
        uint64_t slot = join_hash_of(packed, row) >> shift;
        if (row + JOIN_AHEAD < building->row_count) {
            uint64_t ahead = join_hash_of(packed, row + JOIN_AHEAD) >> shift;
            if (ahead - first_slot <= table->part_mask) {
                __builtin_prefetch(&table->slots[ahead], 1);
            }
        }
        if (slot - first_slot > table->part_mask) {
            continue;
        }
        if (packed->absent != NULL && packed->absent[row] != 0) {
            building->slot_of[row] = UINT32_MAX;
            continue;
        }
        uint64_t tag = join_tag_of(packed, row);
        struct join_slot *at = &table->slots[slot];
        while (at->count > 0 &&
               (at->tag != tag || (!exact && !join_rows_equal(table, packed, at->first, packed, row)))) {
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
        OR_DONE(interrupt_zero(table->slots, slot_count * sizeof(*table->slots)));
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
    struct arena *home = NULL; /* of the packed keys */
    OR_DONE(join_arena(execution, table->arena, &home));
    const struct column **flat = ARENA_ARRAY(home, const struct column *, table->key_count);
    if (scratch == NULL || flat == NULL) {
        err = scratch == NULL ? err_oom() : arena_error(home);
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
    OR_DONE(join_packed_new(table, home, flat, present == NULL ? NULL : present->nulls, row_count, &table->packed));
    OR_DONE(join_parallel(execution, building.count, pack_task, &building));
    OR_DONE(execution_check(execution));
    bool near = false;
    if (join_is_one_word(table)) {
        OR_DONE(near_build(table, table->packed, row_count, &near));
    }
    if (!near) {
        OR_DONE(insert_rows(&building, scratch));
    }
    if (join_is_one_word(table)) {
        table->packed = NULL;
        arena_reset(home);
    }
done:
    arena_destroy(scratch);
    return err;
}

uint64_t join_table_slots(const struct join_table *table)
{
    return table->near != NULL ? table->near_count : table->slots == NULL ? 0 : (uint64_t)1 << table->slot_bits;
}

void join_table_slot(const struct join_table *table, uint64_t slot, uint32_t *first, uint32_t *count)
{
    if (table->near != NULL) {
        ASSERT(table->rows != NULL);
        *first = table->near[slot];
        *count = table->near[slot + 1] - *first;
        return;
    }
    *first = table->slots[slot].first;
    *count = table->slots[slot].count;
}
