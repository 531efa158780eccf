/*
 * arrow_words.h: the values of one column of LowCardinality, numbered as they come: Arrow's dictionary of a result.
 *
 * memory   the arena's, whose budget bounds it
 * thread   one at a time
 */
#ifndef FORMAT_ARROW_WORDS_H
#define FORMAT_ARROW_WORDS_H

#include "format/arrow_type.h"
#include "storage/column.h"

#define ARROW_NO_WORD UINT32_MAX

struct arrow_word {
    struct slice bytes; /* of the value */
    uint64_t hash;
};

struct arrow_words {         /* begins as zeros, with its type */
    const struct type *type; /* of the values, not nullable */
    struct arrow_field field;
    struct arrow_word *entries;
    uint32_t count, capacity;
    uint32_t *places; /* by hash: of entries, or ARROW_NO_WORD */
    uint32_t mask;
    uint32_t written; /* entries that the reader has */
};

/* The number of a row's value, which is no NULL; ARROW_NO_WORD: memory is out. */
uint32_t arrow_words_find(struct arena *arena, struct arrow_words *words, const struct column *column, uint32_t row);

#endif
