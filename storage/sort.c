/*
 * sort.c: rows of many chunks in the order of their sort keys.
 *
 * flow     storage/flush.c, storage/merge.c → here
 * source   LSD radix sort with skipped constant digits; ENGINE notes, "Columns → segments"
 */
#include "storage/sort.h"

#include <stdlib.h>

#define DIGIT_BITS  11U
#define DIGIT_COUNT (1U << DIGIT_BITS)

/* One integer per row: bits ≤ 64. Rows of all chunks one after the other. */
struct word {
    uint64_t *values;
    uint32_t bits;
};

struct sorting {
    struct arena *arena;
    const struct sort_chunk *chunks;
    uint32_t chunk_count;
    uint64_t row_count;
    struct word *words; /* most significant first */
    uint32_t word_count;
};

static uint32_t bits_of(uint64_t max)
{
    return max == 0 ? 0 : 64 - (uint32_t)__builtin_clzll(max);
}

static uint64_t float_order(double value)
{
    uint64_t bits;
    if (value != value) {
        return UINT64_MAX;
    }
    value += 0.0; /* -0 is 0 */
    memcpy(&bits, &value, sizeof(bits));
    return (bits >> 63) != 0 ? ~bits : bits | (uint64_t)1 << 63;
}

/* How many words a key of this type takes; 0: by rank. */
static uint32_t words_of(const struct type *type)
{
    switch (type->kind) {
    case TYPE_STRING:
        return 0;
    case TYPE_FIXED_STRING:
        return type->length <= 8 ? 1 : type->length <= 16 ? 2 : 0;
    case TYPE_UUID:
    case TYPE_IPV6:
    case TYPE_INT128:
    case TYPE_UINT128:
        return 2;
    case TYPE_INT256:
    case TYPE_UINT256:
        return 4;
    case TYPE_DECIMAL:
        return type->width == 16 ? 2 : 1;
    default:
        return 1;
    }
}

static uint64_t big_endian(const char *data, uint32_t length)
{
    uint64_t value = 0;
    for (uint32_t i = 0; i < 8; i++) {
        value = value << 8 | (i < length ? (uint8_t)data[i] : 0);
    }
    return value;
}

/* An unsigned integer in the order of the values; part 0 is the most significant one of them. */
static uint64_t value_order(const struct type *type, const void *value, uint32_t part)
{
    const uint64_t sign = (uint64_t)1 << 63;
    switch (type->kind) {
    case TYPE_FLOAT32: {
        float number;
        memcpy(&number, value, sizeof(number));
        return float_order((double)number);
    }
    case TYPE_FLOAT64: {
        double number;
        memcpy(&number, value, sizeof(number));
        return float_order(number);
    }
    case TYPE_FIXED_STRING: {
        uint32_t skip = part * 8;
        return big_endian((const char *)value + skip, type->length - skip);
    }
    case TYPE_IPV6:
        return big_endian((const char *)value + (size_t)part * 8, 8);
    case TYPE_INT256:
    case TYPE_UINT256: {
        uint64_t number;
        memcpy(&number, (const char *)value + (size_t)(3 - part) * 8, sizeof(number));
        return part == 0 && type->kind == TYPE_INT256 ? number ^ sign : number;
    }
    case TYPE_UUID:
    case TYPE_UINT128: {
        unsigned __int128 number;
        memcpy(&number, value, sizeof(number));
        return part == 0 ? (uint64_t)(number >> 64) : (uint64_t)number;
    }
    default:
        break;
    }
    bool is_signed = type_is_signed(type) || type->kind == TYPE_DECIMAL || type->kind == TYPE_DATE32 ||
                     type->kind == TYPE_DATETIME64 || type->kind == TYPE_ENUM8 || type->kind == TYPE_ENUM16 ||
                     type->kind == TYPE_INTERVAL || type->kind == TYPE_INT128;
    switch (type->width) {
    case 1:
        return is_signed ? (uint64_t)(int64_t) * (const int8_t *)value ^ sign : *(const uint8_t *)value;
    case 2: {
        uint16_t number;
        memcpy(&number, value, sizeof(number));
        return is_signed ? (uint64_t)(int64_t)(int16_t)number ^ sign : number;
    }
    case 4: {
        uint32_t number;
        memcpy(&number, value, sizeof(number));
        return is_signed ? (uint64_t)(int64_t)(int32_t)number ^ sign : number;
    }
    case 16: {
        unsigned __int128 number;
        memcpy(&number, value, sizeof(number));
        return part == 0 ? (uint64_t)(number >> 64) ^ sign : (uint64_t)number;
    }
    default: {
        uint64_t number;
        memcpy(&number, value, sizeof(number));
        return is_signed ? number ^ sign : number;
    }
    }
}

static struct word *word_add(struct sorting *sorting)
{
    struct word *word = &sorting->words[sorting->word_count];
    word->values = ARENA_ARRAY(sorting->arena, uint64_t, sorting->row_count + 1);
    if (word->values == NULL) {
        return NULL;
    }
    sorting->word_count++;
    return word;
}

/* Offsets from the minimum; NULLs (marked) one above the maximum. Where no number is left above it, a word of one bit
 * goes before and says which are NULL. */
static struct err *word_finish(struct sorting *sorting, const uint8_t *nulls)
{
    struct word *word = &sorting->words[sorting->word_count - 1];
    uint64_t min = UINT64_MAX, max = 0;
    bool any_null = false;
    for (uint64_t i = 0; i < sorting->row_count; i++) {
        if (nulls != NULL && nulls[i] != 0) {
            any_null = true;
            continue;
        }
        min = word->values[i] < min ? word->values[i] : min;
        max = word->values[i] > max ? word->values[i] : max;
    }
    if (min > max) {
        min = max = 0;
    }
    bool full = any_null && max - min == UINT64_MAX;
    uint64_t of_null = full ? 0 : max - min + 1;
    for (uint64_t i = 0; i < sorting->row_count; i++) {
        word->values[i] = nulls != NULL && nulls[i] != 0 ? of_null : word->values[i] - min;
    }
    word->bits = bits_of(max - min + (any_null && !full ? 1 : 0));
    if (full) {
        struct word *mark = word_add(sorting);
        if (mark == NULL) {
            return arena_error(sorting->arena);
        }
        for (uint64_t i = 0; i < sorting->row_count; i++) {
            mark->values[i] = nulls[i] != 0;
        }
        mark->bits = 1;
        struct word swap = *word;
        *word = *mark;
        *mark = swap;
    }
    return NULL;
}

/* ---- keys that are values of fixed width */
static void words_fill(const struct column *column, uint32_t row_count, uint32_t part, uint64_t *out, uint8_t *nulls)
{
    const struct type *type = column->type;
    if (column->form == COLUMN_FLAT) {
        const char *values = column->values;
        if (type->width == 4 && (type->kind == TYPE_DATETIME || type->kind == TYPE_UINT32)) {
            for (uint32_t i = 0; i < row_count; i++) {
                out[i] = ((const uint32_t *)(const void *)values)[i];
            }
        } else if (type->kind == TYPE_DATETIME64 || type->kind == TYPE_INT64) {
            for (uint32_t i = 0; i < row_count; i++) {
                out[i] = ((const uint64_t *)(const void *)values)[i] ^ (uint64_t)1 << 63;
            }
        } else {
            for (uint32_t i = 0; i < row_count; i++) {
                out[i] = value_order(type, values + (size_t)i * type->width, part);
            }
        }
        if (nulls != NULL) {
            if (column->nulls != NULL) {
                memcpy(nulls, column->nulls, row_count);
            } else {
                memset(nulls, 0, row_count);
            }
        }
        return;
    }
    for (uint32_t i = 0; i < row_count; i++) {
        bool null = nulls != NULL && column_is_null(column, i);
        out[i] = null ? 0 : value_order(type, column_value(column, i), part);
        if (nulls != NULL) {
            nulls[i] = null;
        }
    }
}

static bool can_be_null(const struct sorting *sorting, uint32_t key)
{
    for (uint32_t i = 0; i < sorting->chunk_count; i++) {
        const struct column *column = sorting->chunks[i].keys[key];
        const struct column *values = column->form == COLUMN_DICT ? column->dictionary : column;
        if (values->nulls != NULL) {
            return true;
        }
    }
    return false;
}

static struct err *key_fixed(struct sorting *sorting, uint32_t key, uint32_t word_count)
{
    struct err *err = NULL;
    uint8_t *nulls = NULL;
    if (can_be_null(sorting, key)) {
        nulls = arena_alloc(sorting->arena, sorting->row_count + 1);
        if (nulls == NULL) {
            return arena_error(sorting->arena);
        }
    }
    for (uint32_t part = 0; part < word_count; part++) {
        struct word *word = word_add(sorting);
        if (word == NULL) {
            return arena_error(sorting->arena);
        }
        uint64_t row = 0;
        for (uint32_t i = 0; i < sorting->chunk_count; i++) {
            uint32_t rows = sorting->chunks[i].row_count;
            words_fill(sorting->chunks[i].keys[key], rows, part, word->values + row,
                       nulls == NULL ? NULL : nulls + row);
            row += rows;
        }
        OR_DONE(word_finish(sorting, nulls));
    }
done:
    return err;
}

/* ---- keys by rank: strings */
struct entry {
    uint64_t prefix; /* first eight bytes, big endian */
    struct slice text;
    uint32_t *rank; /* where the rank goes: of a dictionary's entry … */
    uint64_t *word; /* … or of a row */
};

static int entry_order(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    if (a->prefix != b->prefix) {
        return a->prefix < b->prefix ? -1 : 1;
    }
    return slice_compare(a->text, b->text);
}

static struct slice text_of(const struct column *column, uint32_t row)
{
    if (column->type->kind == TYPE_FIXED_STRING) {
        return slice_of((const char *)column->values + (size_t)row * column->type->length, column->type->length);
    }
    return ((const struct slice *)column->values)[row];
}

struct ranks { /* of one dictionary */
    const struct column *dictionary;
    uint32_t *rank; /* UINT32_MAX: NULL */
};

static struct err *key_ranked(struct sorting *sorting, uint32_t key)
{
    struct err *err = NULL;
    struct arena *arena = sorting->arena;
    struct word *word = word_add(sorting);
    struct ranks *ranks = ARENA_ARRAY(arena, struct ranks, sorting->chunk_count + 1);
    uint32_t *of_chunk = ARENA_ARRAY(arena, uint32_t, sorting->chunk_count + 1); /* index into ranks */
    uint32_t ranks_count = 0;
    uint64_t entry_max = 0, entry_count = 0;
    struct entry *entries = NULL;

    if (word == NULL || ranks == NULL || of_chunk == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t i = 0; i < sorting->chunk_count; i++) {
        const struct column *column = sorting->chunks[i].keys[key];
        if (column->form != COLUMN_DICT) {
            entry_max += column->form == COLUMN_CONST ? 1 : sorting->chunks[i].row_count;
            continue;
        }
        uint32_t known = 0;
        /* prefixes of one growing dictionary share their values: the longest one serves all */
        while (known < ranks_count && ranks[known].dictionary->values != column->dictionary->values) {
            known++;
        }
        of_chunk[i] = known;
        if (known == ranks_count) {
            ranks[ranks_count++] = (struct ranks){column->dictionary, NULL};
        } else if (ranks[known].dictionary->row_count < column->dictionary->row_count) {
            ranks[known].dictionary = column->dictionary;
        }
    }
    for (uint32_t i = 0; i < ranks_count; i++) {
        entry_max += ranks[i].dictionary->row_count;
    }
    entries = malloc((entry_max + 1) * sizeof(*entries));
    if (entries == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < ranks_count; i++) {
        const struct column *dictionary = ranks[i].dictionary;
        ranks[i].rank = ARENA_ARRAY(arena, uint32_t, dictionary->row_count + 1);
        if (ranks[i].rank == NULL) {
            err = arena_error(arena);
            goto done;
        }
        for (uint32_t j = 0; j < dictionary->row_count; j++) {
            if (dictionary->nulls != NULL && dictionary->nulls[j] != 0) {
                ranks[i].rank[j] = UINT32_MAX;
                continue;
            }
            struct slice text = text_of(dictionary, j);
            entries[entry_count++] = (struct entry){
                big_endian(text.data, (uint32_t)(text.length > 8 ? 8 : text.length)), text, &ranks[i].rank[j], NULL};
        }
    }
    uint64_t row = 0;
    for (uint32_t i = 0; i < sorting->chunk_count; i++) {
        const struct column *column = sorting->chunks[i].keys[key];
        uint32_t rows = sorting->chunks[i].row_count;
        for (uint32_t j = 0; column->form != COLUMN_DICT && j < rows; j++) {
            if (column_is_null(column, j)) {
                word->values[row + j] = UINT64_MAX;
            } else if (column->form == COLUMN_FLAT || j == 0) {
                struct slice text = text_of(column, column->form == COLUMN_FLAT ? j : 0);
                entries[entry_count++] =
                    (struct entry){big_endian(text.data, (uint32_t)(text.length > 8 ? 8 : text.length)), text, NULL,
                                   &word->values[row + j]};
            }
        }
        row += rows;
    }
    qsort(entries, entry_count, sizeof(*entries), entry_order);
    uint64_t rank = 0;
    for (uint64_t i = 0; i < entry_count; i++) {
        rank += i > 0 && entry_order(&entries[i - 1], &entries[i]) != 0 ? 1 : 0;
        if (entries[i].rank != NULL) {
            *entries[i].rank = (uint32_t)rank;
        } else {
            *entries[i].word = rank;
        }
    }
    bool any_null = false;
    row = 0;
    for (uint32_t i = 0; i < sorting->chunk_count; i++) {
        const struct column *column = sorting->chunks[i].keys[key];
        uint32_t rows = sorting->chunks[i].row_count;
        for (uint32_t j = 0; j < rows; j++) {
            uint64_t *value = &word->values[row + j];
            if (column->form == COLUMN_DICT) {
                uint32_t of = ranks[of_chunk[i]].rank[column->codes[j]];
                *value = of == UINT32_MAX ? UINT64_MAX : of;
            } else if (column->form == COLUMN_CONST && j > 0) {
                *value = word->values[row];
            }
            if (*value == UINT64_MAX) {
                *value = rank + 1;
                any_null = true;
            }
        }
        row += rows;
    }
    word->bits = bits_of(rank + (any_null ? 1 : 0));
done:
    free(entries);
    return err;
}

/* ---- keys by rank: arrays, tuples and maps */
struct place {
    const struct column *column;
    uint32_t row;
    uint64_t *word;
};

static int place_order(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    return column_compare(a->column, a->row, b->column, b->row);
}

static struct err *key_nested(struct sorting *sorting, uint32_t key)
{
    struct word *word = word_add(sorting);
    struct place *places = ARENA_ARRAY(sorting->arena, struct place, sorting->row_count + 1);
    uint64_t row = 0, rank = 0;
    if (word == NULL || places == NULL) {
        return arena_error(sorting->arena);
    }
    for (uint32_t i = 0; i < sorting->chunk_count; i++) {
        const struct column *column = column_flat(sorting->arena, sorting->chunks[i].keys[key]);
        if (column == NULL) {
            return arena_error(sorting->arena);
        }
        for (uint32_t j = 0; j < sorting->chunks[i].row_count; j++, row++) {
            places[row] = (struct place){column, j, &word->values[row]};
        }
    }
    qsort(places, sorting->row_count, sizeof(*places), place_order);
    for (uint64_t i = 0; i < sorting->row_count; i++) {
        rank += i > 0 && place_order(&places[i - 1], &places[i]) != 0 ? 1 : 0;
        *places[i].word = rank;
    }
    word->bits = bits_of(rank);
    return NULL;
}

/* ---- packing and sorting */
/* Words of few bits share one: word i and those after it, as long as they fit. */
static void words_pack(struct sorting *sorting)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < sorting->word_count; i++) {
        struct word *word = &sorting->words[i];
        struct word *last = kept > 0 ? &sorting->words[kept - 1] : NULL;
        if (word->bits == 0) {
            continue;
        }
        if (last != NULL && last->bits + word->bits <= 64) {
            for (uint64_t row = 0; row < sorting->row_count; row++) {
                last->values[row] = last->values[row] << word->bits | word->values[row];
            }
            last->bits += word->bits;
        } else {
            sorting->words[kept++] = *word;
        }
    }
    sorting->word_count = kept;
}

struct pair {
    uint64_t key;
    uint32_t index;
};

/* Sorts items by bits [low, high) of their key, stably; the result ends in one of the two arrays. */
#define RADIX(name, item, KEY)                                                                                         \
    static item *name(item *from, item *to, uint64_t count, uint32_t low, uint32_t high)                               \
    {                                                                                                                  \
        uint64_t counts[DIGIT_COUNT];                                                                                  \
        for (uint32_t shift = low; shift < high; shift += DIGIT_BITS) {                                                \
            uint64_t mask = high - shift >= DIGIT_BITS ? DIGIT_COUNT - 1 : ((uint64_t)1 << (high - shift)) - 1;        \
            memset(counts, 0, sizeof(counts));                                                                         \
            for (uint64_t i = 0; i < count; i++) {                                                                     \
                counts[KEY(from[i]) >> shift & mask]++;                                                                \
            }                                                                                                          \
            if (counts[KEY(from[0]) >> shift & mask] == count) {                                                       \
                continue;                                                                                              \
            }                                                                                                          \
            uint64_t sum = 0;                                                                                          \
            for (uint32_t i = 0; i <= mask; i++) {                                                                     \
                uint64_t n = counts[i];                                                                                \
                counts[i] = sum;                                                                                       \
                sum += n;                                                                                              \
            }                                                                                                          \
            for (uint64_t i = 0; i < count; i++) {                                                                     \
                to[counts[KEY(from[i]) >> shift & mask]++] = from[i];                                                  \
            }                                                                                                          \
            item *swap = from;                                                                                         \
            from = to;                                                                                                 \
            to = swap;                                                                                                 \
        }                                                                                                              \
        return from;                                                                                                   \
    }
#define KEY_WORD(x) (x)
#define KEY_PAIR(x) ((x).key)
RADIX(radix_words, uint64_t, KEY_WORD)
RADIX(radix_pairs, struct pair, KEY_PAIR)

static bool rows_sorted(const struct sorting *sorting)
{
    for (uint64_t i = 1; i < sorting->row_count; i++) {
        for (uint32_t w = 0; w < sorting->word_count; w++) {
            const uint64_t *values = sorting->words[w].values;
            if (values[i - 1] != values[i]) {
                if (values[i - 1] > values[i]) {
                    return false;
                }
                break;
            }
        }
    }
    return true;
}

/* Row number (chunk, row) of each running number. */
static void numbers_fill(const struct sorting *sorting, uint32_t *numbers)
{
    uint64_t at = 0;
    for (uint32_t i = 0; i < sorting->chunk_count; i++) {
        for (uint32_t j = 0; j < sorting->chunks[i].row_count; j++) {
            numbers[at++] = i << SORT_ROW_BITS | j;
        }
    }
}

static struct err *order_make(struct sorting *sorting, uint32_t *order)
{
    uint64_t count = sorting->row_count;
    uint32_t *numbers = ARENA_ARRAY(sorting->arena, uint32_t, count + 1);
    if (numbers == NULL) {
        return arena_error(sorting->arena);
    }
    numbers_fill(sorting, numbers);
    uint32_t index_bits = bits_of(count - 1);
    if (sorting->word_count == 1 && sorting->words[0].bits + index_bits <= 64) {
        uint64_t *from = sorting->words[0].values;
        uint64_t *to = ARENA_ARRAY(sorting->arena, uint64_t, count);
        if (to == NULL) {
            return arena_error(sorting->arena);
        }
        for (uint64_t i = 0; i < count; i++) {
            from[i] = from[i] << index_bits | i;
        }
        from = radix_words(from, to, count, index_bits, index_bits + sorting->words[0].bits);
        uint64_t mask = index_bits == 0 ? 0 : UINT64_MAX >> (64 - index_bits);
        for (uint64_t i = 0; i < count; i++) {
            order[i] = numbers[from[i] & mask];
        }
        return NULL;
    }
    struct pair *from = ARENA_ARRAY(sorting->arena, struct pair, count);
    struct pair *to = ARENA_ARRAY(sorting->arena, struct pair, count);
    if (from == NULL || to == NULL) {
        return arena_error(sorting->arena);
    }
    for (uint64_t i = 0; i < count; i++) {
        from[i].index = (uint32_t)i;
    }
    for (uint32_t w = sorting->word_count; w-- > 0;) {
        for (uint64_t i = 0; i < count; i++) {
            from[i].key = sorting->words[w].values[from[i].index];
        }
        struct pair *result = radix_pairs(from, to, count, 0, sorting->words[w].bits);
        if (result != from) {
            to = from;
            from = result;
        }
    }
    for (uint64_t i = 0; i < count; i++) {
        order[i] = numbers[from[i].index];
    }
    return NULL;
}

struct err *sort_rows(struct arena *arena, const struct sort_chunk *chunks, uint32_t chunk_count, uint32_t key_count,
                      uint32_t **order, uint64_t *row_count, bool *sorted)
{
    struct err *err = NULL;
    /* what only the sort needs goes before the caller's next step */
    struct arena *work = arena_create(NULL);
    struct sorting sorting = {.arena = work, .chunks = chunks, .chunk_count = chunk_count};

    if (work == NULL) {
        err = err_oom();
        goto done;
    }
    ASSERT(chunk_count <= SORT_CHUNKS_MAX);
    for (uint32_t i = 0; i < chunk_count; i++) {
        sorting.row_count += chunks[i].row_count;
    }
    *row_count = sorting.row_count;
    *order = ARENA_ARRAY(arena, uint32_t, sorting.row_count + 1);
    sorting.words = ARENA_ARRAY(work, struct word, (size_t)key_count * 8 + 1); /* four and their marks */
    if (*order == NULL || sorting.words == NULL) {
        err = *order == NULL ? arena_error(arena) : arena_error(work);
        goto done;
    }
    for (uint32_t key = 0; key < key_count && chunk_count > 0; key++) {
        const struct type *type = chunks[0].keys[key]->type;
        if (type->child_count > 0) {
            OR_DONE(key_nested(&sorting, key));
            continue;
        }
        uint32_t words = words_of(type);
        OR_DONE(words == 0 ? key_ranked(&sorting, key) : key_fixed(&sorting, key, words));
    }
    words_pack(&sorting);
    bool in_order = sorting.row_count < 2 || rows_sorted(&sorting);
    if (sorted != NULL) {
        *sorted = in_order;
    }
    if (in_order) {
        numbers_fill(&sorting, *order);
    } else {
        err = order_make(&sorting, *order);
    }
done:
    arena_destroy(work);
    return err;
}
