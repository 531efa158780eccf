/*
 * group.c: from key columns to group numbers.
 *
 * key      every key column becomes some bits of one or more 64-bit words: numbers, dates and enums as they are (a NULL
 *          bit beside them), strings, wide values and (as bytes) nested ones as the number of an interned string. All
 *          shapes are compared as words, and a string is hashed once per dictionary entry, not once per row.
 * shapes   one string key: its interned number is the group. Otherwise word_table.h has the numbers of the words.
 * memory   the worker's arena; tables double. Bytes of keys: an arena of the table's own, emptied with it
 * thread   one at a time
 */
#include "query/dense_keys.h"
#include "query/functions/functions.h"
#include "query/intern.h"
#include "query/nested_key.h"
#include "query/pipeline.h"
#include "query/word_table.h"

#include <math.h>

#define NO_GROUP UINT32_MAX

/* The number of each entry of a dictionary, as far as it was asked for. */
struct remap {
    uint64_t dictionary_id;
    uint32_t count;
    uint32_t *numbers;
};

#define REMAPS_KEPT 64U

struct key_part {
    const struct type *type;
    uint32_t bits;
    uint32_t word;
    uint32_t shift;
    bool interned;
    struct interner interner; /* number 0 is NULL when the type is nullable */
    struct remap remaps[REMAPS_KEPT];
    uint32_t remap_next;
};

struct group_table {
    struct arena *arena;
    struct arena *texts; /* bytes of interned keys; or NULL */
    bool borrows;
    struct key_part *parts;
    uint32_t key_count;
    uint32_t word_count;
    bool is_direct; /* the group is the interned number */
    struct word_table keys;
    uint32_t sparse; /* chunks to come in which dense keys are not looked for */
};

static bool is_interned(const struct type *type)
{
    return type->kind == TYPE_STRING || type->kind == TYPE_FIXED_STRING || type->width > 8 || type_is_nested(type);
}

static void destroy_arena(void *arena)
{
    arena_destroy(arena);
}

struct err *group_table_create(struct arena *arena, const struct type *const *types, uint32_t key_count,
                               struct group_table **out)
{
    struct group_table *table = ARENA_NEW(arena, struct group_table);
    if (table == NULL) {
        return arena_error(arena);
    }
    table->arena = arena;
    table->key_count = key_count;
    table->parts = arena_zalloc(arena, (key_count + 1U) * sizeof(*table->parts));
    if (table->parts == NULL) {
        return arena_error(arena);
    }
    uint32_t word = 0;
    uint32_t used = 0;
    for (uint32_t k = 0; k < key_count && table->texts == NULL; k++) {
        if (is_interned(types[k])) {
            table->texts = arena_beside(arena);
            if (table->texts == NULL || !arena_on_destroy(arena, destroy_arena, table->texts)) {
                arena_destroy(table->texts);
                return arena_error(arena);
            }
        }
    }
    for (uint32_t k = 0; k < key_count; k++) {
        struct key_part *part = &table->parts[k];
        part->type = types[k];
        part->interned = is_interned(types[k]);
        part->interner.arena = arena;
        part->interner.texts = table->texts;
        part->bits = part->interned ? 32 : types[k]->width * 8;
        uint32_t need = part->bits + (!part->interned && types[k]->nullable ? 8 : 0);
        if (need > 64) {
            /* a nullable 64-bit number: the value in one word, the NULL in the next */
            word += used > 0;
            part->word = word;
            part->shift = 0;
            word++;
            used = 8;
            continue;
        }
        if (used + need > 64) {
            word++;
            used = 0;
        }
        part->word = word;
        part->shift = used;
        used += need;
    }
    table->word_count = word + 1;
    table->keys = (struct word_table){.arena = arena, .word_count = word + 1};
    table->is_direct = key_count == 1 && table->parts[0].interned && !types[0]->nullable;
    *out = table;
    return NULL;
}

/* --- keys as numbers ---------------------------------------------------------------------------------------------- */

/* The number of a NULL: an entry that no value can be, found by its place in the table's life. */
static struct err *intern_null(struct key_part *part, uint32_t *out)
{
    if (part->interner.count == 0) {
        struct err *err = intern_new(&part->interner, (struct slice){"", 0}, 0x6e756c6c6e756c6cULL, out);
        if (err != NULL) {
            return err;
        }
        part->interner.entries[0].data = NULL; /* what no string has */
        part->interner.entries[0].length = SIZE_MAX;
    }
    *out = 0;
    return NULL;
}

static inline struct slice text_of(const struct type *type, const void *value)
{
    return type->kind == TYPE_STRING ? *(const struct slice *)value : slice_of(value, type->width);
}

static struct err *intern_value(struct key_part *part, const struct column *column, uint32_t row, uint32_t *out)
{
    if (part->type->nullable) {
        uint32_t zero;
        struct err *err = intern_null(part, &zero); /* 0 is taken, whether or not there are NULLs */
        if (err != NULL) {
            return err;
        }
        if (column_is_null(column, row)) {
            *out = 0;
            return NULL;
        }
    }
    return intern(&part->interner, text_of(part->type, column_value(column, row)), out);
}

static struct err *remap_of(struct group_table *table, struct arena *scratch, struct key_part *part,
                            const struct column *column, uint32_t **out)
{
    uint32_t entries = column->dictionary->row_count;
    struct arena *home = column->dictionary_id == 0 ? scratch : table->arena;
    for (uint32_t i = 0; column->dictionary_id != 0 && i < REMAPS_KEPT; i++) {
        if (part->remaps[i].dictionary_id == column->dictionary_id && part->remaps[i].count >= entries) {
            *out = part->remaps[i].numbers;
            return NULL;
        }
    }
    uint32_t *numbers = ARENA_ARRAY(home, uint32_t, entries + 1U);
    if (numbers == NULL) {
        return arena_error(home);
    }
    memset(numbers, 0xff, entries * sizeof(*numbers));
    if (column->dictionary_id != 0) {
        part->remaps[part->remap_next++ % REMAPS_KEPT] = (struct remap){column->dictionary_id, entries, numbers};
    }
    *out = numbers;
    return NULL;
}

static struct err *intern_column(struct group_table *table, struct arena *scratch, struct key_part *part,
                                 const struct column *column, uint32_t row_count, uint32_t *numbers)
{
    struct err *err = NULL;
    if (type_is_nested(part->type)) {
        struct slice *keys = ARENA_ARRAY(scratch, struct slice, row_count);
        bool one = column->form == COLUMN_CONST;
        if (keys == NULL) {
            return arena_error(scratch);
        }
        OR_DONE(nested_key_encode(table->borrows ? table->arena : scratch, column, row_count, keys));
        OR_DONE(intern_texts(&part->interner, keys, one ? 1 : row_count, numbers));
        for (uint32_t i = 1; one && i < row_count; i++) {
            numbers[i] = numbers[0];
        }
    } else if (column->form == COLUMN_CONST) {
        OR_DONE(intern_value(part, column, 0, &numbers[0]));
        for (uint32_t i = 1; i < row_count; i++) {
            numbers[i] = numbers[0];
        }
    } else if (column->form == COLUMN_DICT &&
               (column->dictionary_id != 0 || column->dictionary->row_count <= row_count * 2)) {
        uint32_t *remap = NULL;
        OR_DONE(remap_of(table, scratch, part, column, &remap));
        const uint32_t *codes = column->codes;
        for (uint32_t i = 0; i < row_count; i++) {
            uint32_t number = remap[codes[i]];
            if (number == NO_GROUP) {
                OR_DONE(intern_value(part, column->dictionary, codes[i], &number));
                remap[codes[i]] = number;
            }
            numbers[i] = number;
        }
    } else if (column->form == COLUMN_FLAT && part->type->kind == TYPE_STRING && !part->type->nullable) {
        OR_DONE(intern_texts(&part->interner, column->values, row_count, numbers));
        table->keys.hashed += table->is_direct ? row_count : 0;
    } else {
        for (uint32_t i = 0; i < row_count; i++) {
            OR_DONE(intern_value(part, column, i, &numbers[i]));
        }
    }
done:
    return err;
}

/* --- words ------------------------------------------------------------------------------------------------------- */

#define PACK_LOOP(ctype)                                                                                               \
    {                                                                                                                  \
        const ctype *values = flat->values;                                                                            \
        for (uint32_t i = 0; i < row_count; i++) {                                                                     \
            at[(size_t)i * stride] |= (uint64_t)values[i * step] << shift;                                             \
        }                                                                                                              \
    }                                                                                                                  \
    break;

static struct err *pack_column(struct group_table *table, struct arena *scratch, struct key_part *part,
                               const struct column *column, uint32_t row_count, uint64_t *words)
{
    struct err *err = NULL;
    size_t stride = table->word_count;
    uint64_t *at = words + part->word;
    uint32_t shift = part->shift;
    if (part->interned) {
        uint32_t *numbers = ARENA_ARRAY(scratch, uint32_t, row_count);
        if (numbers == NULL) {
            return arena_error(scratch);
        }
        OR_DONE(intern_column(table, scratch, part, column, row_count, numbers));
        for (uint32_t i = 0; i < row_count; i++) {
            at[(size_t)i * stride] |= (uint64_t)numbers[i] << shift;
        }
        return NULL;
    }
    const struct column *flat = column->form == COLUMN_DICT ? column_flat(scratch, column) : column;
    if (flat == NULL) {
        return arena_error(scratch);
    }
    size_t step = column_step(flat);
    switch (part->type->width) {
    case 1:
        PACK_LOOP(uint8_t)
    case 2:
        PACK_LOOP(uint16_t)
    case 4:
        if (part->type->kind == TYPE_FLOAT32) {
            for (uint32_t i = 0; i < row_count; i++) {
                float value = ((const float *)flat->values)[i * step];
                uint32_t bits;
                value = value != value ? NAN : value; /* one NaN; 0 and -0 are two groups */
                memcpy(&bits, &value, 4);
                at[(size_t)i * stride] |= (uint64_t)bits << shift;
            }
            break;
        }
        PACK_LOOP(uint32_t)
    default:
        if (part->type->kind == TYPE_FLOAT64) {
            for (uint32_t i = 0; i < row_count; i++) {
                double value = ((const double *)flat->values)[i * step];
                uint64_t bits;
                value = value != value ? NAN : value; /* one NaN; 0 and -0 are two groups */
                memcpy(&bits, &value, 8);
                at[(size_t)i * stride] |= bits;
            }
            break;
        }
        PACK_LOOP(uint64_t)
    }
    if (part->type->nullable && flat->nulls != NULL) {
        uint32_t null_word = part->bits == 64 ? 1 : 0;
        uint32_t null_shift = part->bits == 64 ? 0 : shift + part->bits;
        for (uint32_t i = 0; i < row_count; i++) {
            if (flat->nulls[i * step] != 0) {
                at[(size_t)i * stride] &= ~((part->bits == 64 ? UINT64_MAX : ((uint64_t)1 << part->bits) - 1) << shift);
                at[(size_t)i * stride + null_word] |= (uint64_t)1 << null_shift;
            }
        }
    }
done:
    return err;
}

/* --- groups ------------------------------------------------------------------------------------------------------ */

#define DENSE_ROWS_MIN 512U
#define DENSE_SIZE_MAX 32768U
#define SPARSE_CHUNKS  16U

static struct err *find_packed(struct group_table *table, struct arena *scratch, const struct column *const *keys,
                               uint32_t row_count, uint32_t *groups)
{
    struct err *err = NULL;
    uint64_t *words = arena_zalloc(scratch, (size_t)row_count * table->word_count * sizeof(*words));
    if (words == NULL) {
        return arena_error(scratch);
    }
    for (uint32_t k = 0; k < table->key_count; k++) {
        OR_DONE(pack_column(table, scratch, &table->parts[k], keys[k], row_count, words));
    }
    OR_DONE(words_find(&table->keys, words, row_count, groups));
done:
    return err;
}

/* Several keys of few combinations: each is looked up once a chunk. *done false: there are too many. */
static struct err *find_dense(struct group_table *table, struct arena *scratch, const struct column *const *keys,
                              uint32_t row_count, uint32_t *groups, bool *done)
{
    struct err *err = NULL;
    uint32_t size, count = 0;
    uint32_t *codes = groups; /* until they are groups */
    *done = false;
    if (table->sparse > 0) {
        table->sparse--;
        return NULL;
    }
    if (!dense_keys(keys, table->key_count, row_count, DENSE_SIZE_MAX, codes, &size)) {
        table->sparse = SPARSE_CHUNKS;
        return NULL;
    }
    uint32_t *group_of = ARENA_ARRAY(scratch, uint32_t, size); /* of each code; before: which of the new ones it is */
    uint32_t *rows = ARENA_ARRAY(scratch, uint32_t, size < row_count ? size : row_count);
    const struct column **firsts = ARENA_ARRAY(scratch, const struct column *, table->key_count);
    if (group_of == NULL || rows == NULL || firsts == NULL) {
        return arena_error(scratch);
    }
    memset(group_of, 0xff, size * sizeof(*group_of));
    for (uint32_t i = 0; i < row_count; i++) {
        if (group_of[codes[i]] == NO_GROUP) {
            group_of[codes[i]] = count;
            rows[count++] = i;
        }
    }
    for (uint32_t k = 0; k < table->key_count; k++) {
        firsts[k] = column_take(scratch, keys[k], rows, count);
        if (firsts[k] == NULL) {
            return arena_error(scratch);
        }
    }
    uint32_t *found = ARENA_ARRAY(scratch, uint32_t, count);
    if (found == NULL) {
        return arena_error(scratch);
    }
    OR_DONE(find_packed(table, scratch, firsts, count, found));
    for (uint32_t i = 0; i < row_count; i++) {
        groups[i] = found[group_of[codes[i]]];
    }
    table->sparse = count > row_count / 4 ? SPARSE_CHUNKS : 0;
    *done = true;
done:
    return err;
}

struct err *group_table_find(struct group_table *table, struct arena *scratch, const struct column *const *keys,
                             uint32_t row_count, uint32_t *groups, bool *single)
{
    struct err *err = NULL;
    *single = true;
    for (uint32_t k = 0; k < table->key_count; k++) {
        *single &= keys[k]->form == COLUMN_CONST;
    }
    uint32_t rows = *single ? 1 : row_count;
    if (table->is_direct) {
        return intern_column(table, scratch, &table->parts[0], keys[0], rows, groups);
    }
    bool done = false;
    if (table->key_count > 1 && rows >= DENSE_ROWS_MIN) {
        OR_DONE(find_dense(table, scratch, keys, rows, groups, &done));
    }
    if (!done) {
        OR_DONE(find_packed(table, scratch, keys, rows, groups));
    }
done:
    return err;
}

uint32_t group_table_count(const struct group_table *table)
{
    return table->is_direct ? table->parts[0].interner.count : table->keys.count;
}

struct err *group_table_merge(struct group_table *table, struct arena *scratch, const struct group_table *from,
                              uint32_t *map)
{
    struct err *err = NULL;
    uint32_t **numbers = ARENA_ARRAY(scratch, uint32_t *, table->key_count + 1U);
    uint64_t words[64];
    if (numbers == NULL) {
        return arena_error(scratch);
    }
    if (table->word_count > 64) {
        return err_new(ERR_NOT_IMPLEMENTED, "GROUP BY with keys of more than 512 bytes is not implemented");
    }
    for (uint32_t k = 0; k < table->key_count; k++) {
        struct key_part *part = &table->parts[k];
        const struct interner *theirs = &from->parts[k].interner;
        if (!part->interned) {
            continue;
        }
        numbers[k] = table->is_direct ? map : ARENA_ARRAY(scratch, uint32_t, theirs->count + 1U);
        if (numbers[k] == NULL) {
            return arena_error(scratch);
        }
        for (uint32_t i = 0; i < theirs->count; i++) {
            OR_DONE(interrupt_at(i));
            if (theirs->entries[i].length == SIZE_MAX) {
                OR_DONE(intern_null(part, &numbers[k][i]));
            } else {
                OR_DONE(intern(&part->interner, theirs->entries[i], &numbers[k][i]));
            }
        }
    }
    if (table->is_direct) {
        return NULL;
    }
    for (uint32_t g = 0; g < from->keys.count; g++) {
        OR_DONE(interrupt_at(g));
        memcpy(words, from->keys.words + (size_t)g * table->word_count, table->word_count * sizeof(*words));
        for (uint32_t k = 0; k < table->key_count; k++) {
            const struct key_part *part = &table->parts[k];
            if (part->interned) {
                uint32_t number = (uint32_t)(words[part->word] >> part->shift);
                words[part->word] &= ~((uint64_t)UINT32_MAX << part->shift);
                words[part->word] |= (uint64_t)numbers[k][number] << part->shift;
            }
        }
        OR_DONE(words_find_one(&table->keys, words, &map[g]));
    }
done:
    return err;
}

struct err *group_table_reserve(struct group_table *table, uint32_t count)
{
    return table->is_direct ? interner_reserve(&table->parts[0].interner, count) : words_reserve(&table->keys, count);
}

struct word_table *group_table_words(struct group_table *table)
{
    return table->word_count == 1 && table->texts == NULL ? &table->keys : NULL;
}

void group_table_borrow(struct group_table *table)
{
    table->borrows = true;
    table->keys.spread = true;
    for (uint32_t k = 0; k < table->key_count; k++) {
        const struct type *type = table->parts[k].type;
        if (type->kind == TYPE_STRING || type_is_nested(type)) { /* wide values stand in the column itself: copied */
            table->parts[k].interner.texts = NULL;
        }
    }
}

/* The key part of groups [begin, end) into their hashes. */
static void part_hashes(const struct group_table *table, const struct key_part *part, uint32_t begin, uint32_t end,
                        uint64_t *hashes)
{
    uint64_t mask = part->bits == 64 ? UINT64_MAX : ((uint64_t)1 << part->bits) - 1;
    for (uint32_t g = begin; g < end; g++) {
        uint64_t value = g;
        if (!table->is_direct) {
            value = table->keys.words[(size_t)g * table->word_count + part->word] >> part->shift & mask;
        }
        value = part->interned ? part->interner.hashes[value] : value;
        hashes[g] = (hashes[g] ^ value) * 0x9E3779B97F4A7C15ULL;
        hashes[g] ^= hashes[g] >> 32;
    }
}

struct err *group_table_hashes(const struct group_table *table, uint64_t *hashes)
{
    struct err *err = NULL;
    uint32_t count = group_table_count(table);
    memset(hashes, 0, count * sizeof(*hashes));
    for (uint32_t k = 0; k < table->key_count; k++) {
        const struct key_part *part = &table->parts[k];
        for (uint32_t begin = 0, end; begin < count; begin = end) {
            end = interrupt_piece(begin, count);
            OR_DONE(interrupt_check());
            part_hashes(table, part, begin, end, hashes);
        }
    }
done:
    return err;
}

/* entries[i] is entry order[i] (order NULL: entry i) of another interner; copies: their bytes one after the other. */
static struct err *entries_copy(struct arena *arena, const struct interner *from, const uint32_t *order,
                                bool copies_texts, struct slice **out)
{
    struct err *err = NULL;
    uint32_t count = from->count;
    uint64_t bytes = 0;
    for (uint32_t i = 0; copies_texts && i < count;) {
        OR_DONE(interrupt_check());
        for (uint32_t end = interrupt_piece(i, count); i < end; i++) {
            bytes += from->entries[i].length == SIZE_MAX ? 0 : from->entries[i].length;
        }
    }
    struct slice *entries = ARENA_ARRAY(arena, struct slice, (size_t)count + 1);
    char *texts = arena_alloc_aligned(arena, bytes + 1, 1);
    if (entries == NULL || texts == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < count;) {
        OR_DONE(interrupt_check());
        for (uint32_t end = interrupt_piece(i, count); i < end; i++) {
            entries[i] = from->entries[order == NULL ? i : order[i]];
            if (copies_texts && entries[i].length != SIZE_MAX && entries[i].length > 0) {
                memcpy(texts, entries[i].data, entries[i].length);
                entries[i].data = texts;
                texts += entries[i].length;
            }
        }
    }
    *out = entries;
done:
    return err;
}

struct err *group_table_seal(struct group_table *table, struct arena *arena, const uint32_t *order, bool copies_texts,
                             struct group_table **out)
{
    struct err *err = NULL;
    uint32_t count = group_table_count(table);
    size_t word_count = table->word_count;
    struct group_table *sealed = ARENA_NEW(arena, struct group_table);
    struct key_part *parts = ARENA_ARRAY(arena, struct key_part, table->key_count + 1U);
    if (sealed == NULL || parts == NULL) {
        return arena_error(arena);
    }
    *sealed = (struct group_table){.arena = arena,
                                   .parts = parts,
                                   .key_count = table->key_count,
                                   .word_count = table->word_count,
                                   .is_direct = table->is_direct,
                                   .keys = {.word_count = table->word_count, .count = table->keys.count}};
    for (uint32_t k = 0; k < table->key_count; k++) {
        const struct key_part *part = &table->parts[k];
        parts[k] = (struct key_part){.type = part->type,
                                     .bits = part->bits,
                                     .word = part->word,
                                     .shift = part->shift,
                                     .interned = part->interned};
        if (part->interned) {
            parts[k].interner.count = part->interner.count;
            OR_DONE(entries_copy(arena, &part->interner, table->is_direct ? order : NULL, copies_texts,
                                 &parts[k].interner.entries));
        }
    }
    if (!table->is_direct) {
        sealed->keys.words = arena_array(arena, (size_t)count + 1, word_count * sizeof(*sealed->keys.words));
        if (sealed->keys.words == NULL) {
            return arena_error(arena);
        }
        for (uint32_t g = 0; g < count;) {
            OR_DONE(interrupt_check());
            for (uint32_t end = interrupt_piece(g, count); g < end; g++) {
                for (size_t w = 0; w < word_count; w++) {
                    sealed->keys.words[g * word_count + w] = table->keys.words[order[g] * word_count + w];
                }
            }
        }
    }
    *out = sealed;
done:
    return err;
}

void group_table_clear(struct group_table *table)
{
    for (uint32_t k = 0; k < table->key_count; k++) {
        struct key_part *part = &table->parts[k];
        if (part->interned) {
            interner_clear(&part->interner);
            for (uint32_t r = 0; r < REMAPS_KEPT && part->remaps[r].numbers != NULL; r++) {
                memset(part->remaps[r].numbers, 0xff, part->remaps[r].count * sizeof(*part->remaps[r].numbers));
            }
        }
    }
    if (table->texts != NULL) {
        arena_reset(table->texts);
    }
    words_clear(&table->keys);
}

void group_table_release(struct group_table *table)
{
    for (uint32_t k = 0; k < table->key_count; k++) {
        struct interner *interner = &table->parts[k].interner;
        arena_release(table->arena, interner->slots, interner->slot_count * sizeof(*interner->slots));
        arena_release(table->arena, interner->hashes, interner->capacity * sizeof(*interner->hashes));
        arena_release(table->arena, interner->entries, interner->capacity * sizeof(*interner->entries));
        *interner = (struct interner){.arena = interner->arena, .texts = interner->texts};
    }
    words_release(&table->keys);
    group_table_clear(table);
}

uint64_t group_table_hashed(const struct group_table *table)
{
    return table->keys.hashed;
}

struct err *group_table_key(const struct group_table *table, struct arena *arena, uint32_t k, uint32_t begin,
                            uint32_t end, struct column **out)
{
    const struct key_part *part = &table->parts[k];
    if (type_is_nested(part->type)) {
        struct slice *keys = ARENA_ARRAY(arena, struct slice, end - begin + 1U);
        if (keys == NULL) {
            return arena_error(arena);
        }
        for (uint32_t g = begin; g < end; g++) {
            const uint64_t *words = table->is_direct ? NULL : table->keys.words + (size_t)g * table->word_count;
            keys[g - begin] = part->interner.entries[words == NULL ? g : (uint32_t)(words[part->word] >> part->shift)];
        }
        return nested_key_decode(arena, part->type, keys, end - begin, out);
    }
    struct column *made = column_new(arena, part->type, end - begin);
    if (made == NULL) {
        return arena_error(arena);
    }
    size_t width = part->type->width;
    if (!part->interned && width == 8 && made->nulls == NULL && table->word_count == 1) {
        if (begin < end) { /* an empty table has no words */
            memcpy(made->values, table->keys.words + begin, (size_t)(end - begin) * 8);
        }
        *out = made;
        return NULL;
    }
    for (uint32_t g = begin; g < end; g++) {
        char *cell = (char *)made->values + (g - begin) * width;
        const uint64_t *words = table->is_direct ? NULL : table->keys.words + (size_t)g * table->word_count;
        if (part->interned) {
            uint32_t number = table->is_direct ? g : (uint32_t)(words[part->word] >> part->shift);
            struct slice text = part->interner.entries[number];
            if (text.length == SIZE_MAX) {
                memset(cell, 0, width);
                made->nulls[g - begin] = 1;
            } else if (part->type->kind == TYPE_STRING) {
                *(struct slice *)(void *)cell = text;
            } else {
                memcpy(cell, text.data, width);
            }
            continue;
        }
        ASSERT(words != NULL);
        uint64_t bits = words[part->word] >> part->shift;
        memcpy(cell, &bits, width);
        if (made->nulls != NULL) {
            uint64_t flag = part->bits == 64 ? words[part->word + 1] : words[part->word] >> (part->shift + part->bits);
            made->nulls[g - begin] = (uint8_t)(flag & 1);
        }
    }
    *out = made;
    return NULL;
}
