/*
 * sort_word.c: the words of a whole column at once, and the rows that can still be among the first n: a heap of the n
 * smallest words so far tells.
 *
 * flow     sort.c, scan.c → here
 * thread   any, no shared state
 */
#include "query/aggregates.h"
#include "query/sort.h"

#include <stdatomic.h>

#define SIGN_BIT ((uint64_t)1 << 63)

#define FILL(ctype, expression)                                                                                        \
    do {                                                                                                               \
        const ctype *values = column->values;                                                                          \
        for (uint32_t i = 0; i < row_count; i++) {                                                                     \
            words[i] = (expression) ^ flip;                                                                            \
        }                                                                                                              \
    } while (0)

static inline uint64_t float_word(double number, uint64_t flip, uint64_t after)
{
    uint64_t bits;
    number = number == 0 ? 0 : number;
    memcpy(&bits, &number, 8);
    bits ^= (uint64_t)((int64_t)bits >> 63) | SIGN_BIT;
    return number != number ? after : bits ^ flip;
}

/* The first eight bytes, the first one highest; zeros where there are fewer. */
static inline uint64_t text_word(struct slice text)
{
    uint64_t word = 0;
    if (text.length >= 8) {
        memcpy(&word, text.data, 8);
        return __builtin_bswap64(word);
    }
    for (size_t i = 0; i < text.length; i++) {
        word |= (uint64_t)(unsigned char)text.data[i] << (56 - 8 * i);
    }
    return word;
}

/* Of a FLAT column; false: a type that is not known here. */
static bool fill_flat(const struct type *type, const struct plan_sort_key *key, const struct column *column,
                      uint32_t row_count, uint64_t *words)
{
    const uint64_t flip = key->descending ? UINT64_MAX : 0;
    const uint64_t after = key->nulls_first ? 0 : UINT64_MAX;
    if (type->kind == TYPE_STRING) {
        FILL(struct slice, text_word(values[i]));
    } else if (type_is_nested(type) || type->width > 8 || type->kind == TYPE_FIXED_STRING) {
        return false;
    } else {
        switch ((int)type_physical(type)) {
        case TYPE_INT8:
            FILL(int8_t, (uint64_t)(int64_t)values[i] ^ SIGN_BIT);
            break;
        case TYPE_INT16:
            FILL(int16_t, (uint64_t)(int64_t)values[i] ^ SIGN_BIT);
            break;
        case TYPE_INT32:
            FILL(int32_t, (uint64_t)(int64_t)values[i] ^ SIGN_BIT);
            break;
        case TYPE_INT64:
            FILL(int64_t, (uint64_t)values[i] ^ SIGN_BIT);
            break;
        case TYPE_UINT8:
            FILL(uint8_t, (uint64_t)values[i]);
            break;
        case TYPE_UINT16:
            FILL(uint16_t, (uint64_t)values[i]);
            break;
        case TYPE_UINT32:
            FILL(uint32_t, (uint64_t)values[i]);
            break;
        case TYPE_UINT64:
            FILL(uint64_t, values[i]);
            break;
        case TYPE_FLOAT32:
            for (uint32_t i = 0; i < row_count; i++) {
                words[i] = float_word((double)((const float *)column->values)[i], flip, after);
            }
            break;
        case TYPE_FLOAT64:
            for (uint32_t i = 0; i < row_count; i++) {
                words[i] = float_word(((const double *)column->values)[i], flip, after);
            }
            break;
        default:
            return false;
        }
    }
    for (uint32_t i = 0; column->nulls != NULL && i < row_count; i++) {
        words[i] = column->nulls[i] != 0 ? after : words[i];
    }
    return true;
}

struct err *sort_key_words(struct arena *scratch, const struct type *type, const struct plan_sort_key *key,
                           const struct column *column, uint32_t row_count, uint64_t *words)
{
    if (column->form == COLUMN_FLAT && fill_flat(type, key, column, row_count, words)) {
        return NULL;
    }
    if (column->form == COLUMN_CONST && !type_is_nested(type)) {
        uint64_t word = row_count == 0 ? 0 : sort_key_word(type, key, column, 0);
        for (uint32_t i = 0; i < row_count; i++) {
            words[i] = word;
        }
        return NULL;
    }
    if (column->form == COLUMN_DICT && column->dictionary->row_count <= row_count) {
        uint32_t entries = column->dictionary->row_count;
        uint64_t *of_entries = ARENA_ARRAY(scratch, uint64_t, entries + 1U);
        if (of_entries == NULL) {
            return arena_error(scratch);
        }
        struct err *err = sort_key_words(scratch, type, key, column->dictionary, entries, of_entries);
        for (uint32_t i = 0; err == NULL && i < row_count; i++) {
            words[i] = of_entries[column->codes[i]];
        }
        return err;
    }
    for (uint32_t i = 0; i < row_count; i++) {
        words[i] = sort_key_word(type, key, column, i);
    }
    return NULL;
}

struct err *sort_bound_rows(const struct sort_bound *bound, struct arena *scratch, const struct column *column,
                            uint32_t row_count, uint32_t **positions, uint32_t *count)
{
    uint64_t max = atomic_load_explicit(&bound->word, memory_order_relaxed);
    uint64_t *words = ARENA_ARRAY(scratch, uint64_t, row_count + 1U);
    uint32_t *kept = ARENA_ARRAY(scratch, uint32_t, row_count + 1U);
    uint32_t found = 0;

    if (words == NULL || kept == NULL) {
        return arena_error(scratch);
    }
    struct err *err = sort_key_words(scratch, bound->type, bound->key, column, row_count, words);
    if (err != NULL) {
        return err;
    }
    if (*count == row_count) {
        for (uint32_t i = 0; i < row_count; i++) {
            kept[found] = i;
            found += words[i] <= max;
        }
    } else {
        for (uint32_t i = 0; i < *count; i++) {
            kept[found] = (*positions)[i];
            found += words[kept[found]] <= max;
        }
    }
    *positions = kept;
    *count = found;
    return NULL;
}

static void sift_down(uint64_t *words, uint32_t count, uint32_t at)
{
    uint64_t word = words[at];
    for (uint32_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        child += child + 1 < count && words[child + 1] > words[child];
        if (words[child] <= word) {
            break;
        }
        words[at] = words[child];
        at = child;
    }
    words[at] = word;
}

void sort_heap_add(uint64_t *words, uint32_t *count, uint64_t limit, uint64_t word)
{
    if (*count < limit) {
        words[(*count)++] = word;
        for (uint32_t at = *count == limit ? *count / 2 : 0; at > 0; at--) {
            sift_down(words, *count, at - 1); /* the last one came: the heap is made */
        }
    } else if (word < words[0]) {
        words[0] = word;
        sift_down(words, *count, 0);
    }
}

uint64_t sort_smallest_add(struct sort_smallest *heap, uint64_t limit, const uint64_t *words, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        sort_heap_add(heap->words, &heap->count, limit, words[i]);
    }
    return heap->count == limit ? heap->words[0] : UINT64_MAX;
}
