/*
 * join_keys.h: keys as words and texts: what building the hash table of a join (join_table.c) and finding in it
 * (join_find.c) share.
 */
#ifndef QUERY_JOIN_KEYS_H
#define QUERY_JOIN_KEYS_H

#include "query/join_operator.h"

#define JOIN_AHEAD 16U /* rows whose slot is fetched before it is needed */

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

static inline uint64_t join_mix(uint64_t word)
{
    word = (word ^ word >> 32) * 0x9E3779B97F4A7C15ULL;
    return (word ^ word >> 29) * 0xBF58476D1CE4E5B9ULL;
}

static inline bool join_is_one_word(const struct join_table *table)
{
    return table->word_count == 1 && table->text_count == 0;
}

static inline bool join_rows_equal(const struct join_table *table, const struct join_packed *a, uint32_t row_a,
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

static inline uint64_t join_hash_of(const struct join_packed *packed, uint32_t row)
{
    return packed->hashes == NULL ? join_mix(packed->words[row]) : packed->hashes[row];
}

static inline uint64_t join_tag_of(const struct join_packed *packed, uint32_t row)
{
    return packed->hashes == NULL ? packed->words[row] : packed->hashes[row];
}

/* Memory for the keys of row_count rows; keys become FLAT. left_out: rows that are absent anyway; or NULL. */
struct err *join_packed_new(const struct join_table *table, struct arena *arena, const struct column **keys,
                            const uint8_t *left_out, uint32_t row_count, struct join_packed **out);
/* Fills in rows [begin, end); keys are FLAT. */
void join_pack(const struct join_table *table, const struct column *const *keys, uint32_t begin, uint32_t end,
               struct join_packed *packed);

#endif
