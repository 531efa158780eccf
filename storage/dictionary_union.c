/*
 * dictionary_union.c: used entries of several dictionaries, sorted and joined.
 */
#include "storage/dictionary_union.h"

#include <stdlib.h>

/* Dictionaries of so many entries are coded however few rows there are. */
#define ENTRIES_FREE 256U

struct input {
    struct input *next;
    const struct column *dictionary;
    uint8_t *used;   /* one per entry, then */
    uint32_t *ranks; /* one per entry */
    uint32_t entry_count;
};

struct dictionary_union {
    struct arena *arena;
    struct input *inputs;
    struct input *last; /* found by the last look-up */
    const struct type *type;
    uint64_t row_count;
    bool all_coded;
    struct column *entries;
};

struct entry_ref {
    const struct column *dictionary;
    uint32_t code;
    struct input *input;
};

struct dictionary_union *dictionary_union_create(struct arena *arena)
{
    struct dictionary_union *dictionaries = ARENA_NEW(arena, struct dictionary_union);
    if (dictionaries != NULL) {
        dictionaries->arena = arena;
        dictionaries->all_coded = true;
    }
    return dictionaries;
}

static struct input *find(struct dictionary_union *dictionaries, const struct column *dictionary)
{
    if (dictionaries->last != NULL && dictionaries->last->dictionary->values == dictionary->values) {
        return dictionaries->last;
    }
    struct input *input = dictionaries->inputs;
    while (input != NULL && input->dictionary->values != dictionary->values) {
        input = input->next;
    }
    dictionaries->last = input == NULL ? dictionaries->last : input;
    return input;
}

struct err *dictionary_union_add(struct dictionary_union *dictionaries, const struct column *column)
{
    dictionaries->type = column->type;
    dictionaries->row_count += column->row_count;
    if (column->form != COLUMN_DICT) {
        dictionaries->all_coded = false;
        return NULL;
    }
    struct input *input = find(dictionaries, column->dictionary);
    uint32_t entry_count = column->dictionary->row_count;
    if (input == NULL) {
        input = ARENA_NEW(dictionaries->arena, struct input);
        if (input == NULL) {
            return arena_error(dictionaries->arena);
        }
        input->dictionary = column->dictionary;
        input->next = dictionaries->inputs;
        dictionaries->inputs = input;
        dictionaries->last = input;
    }
    if (entry_count > input->entry_count) { /* a growing dictionary: its later views have more entries */
        uint8_t *used = arena_array(dictionaries->arena, entry_count, 1);
        if (used == NULL) {
            return arena_error(dictionaries->arena);
        }
        memset(used, 0, entry_count);
        if (input->entry_count > 0) {
            memcpy(used, input->used, input->entry_count);
        }
        input->used = used;
        input->entry_count = entry_count;
        input->dictionary = column->dictionary;
    }
    for (uint32_t k = 0; k < column->row_count; k++) {
        input->used[column->codes[k]] = 1;
    }
    return NULL;
}

static int compare_refs(const void *a, const void *b)
{
    const struct entry_ref *x = a, *y = b;
    return column_compare(x->dictionary, x->code, y->dictionary, y->code);
}

struct err *dictionary_union_finish(struct dictionary_union *dictionaries, bool *coded)
{
    struct arena *arena = dictionaries->arena;
    uint64_t count = 0;
    for (struct input *input = dictionaries->inputs; input != NULL; input = input->next) {
        for (uint32_t k = 0; k < input->entry_count; k++) {
            count += input->used[k];
        }
    }
    *coded = dictionaries->all_coded && count > 0 && (count <= ENTRIES_FREE || count <= dictionaries->row_count / 4) &&
             count <= UINT32_MAX / 2;
    if (count == 0) {
        return NULL;
    }
    /* ranks are made in any case: sort keys want them */
    struct entry_ref *refs = ARENA_ARRAY(arena, struct entry_ref, count);
    if (refs == NULL) {
        return arena_error(arena);
    }
    uint64_t at = 0;
    for (struct input *input = dictionaries->inputs; input != NULL; input = input->next) {
        input->ranks = ARENA_ARRAY(arena, uint32_t, input->entry_count);
        if (input->ranks == NULL) {
            return arena_error(arena);
        }
        for (uint32_t k = 0; k < input->entry_count; k++) {
            input->ranks[k] = UINT32_MAX;
            if (input->used[k]) {
                refs[at++] = (struct entry_ref){input->dictionary, k, input};
            }
        }
    }
    qsort(refs, count, sizeof(*refs), compare_refs);
    uint32_t distinct = 0;
    struct entry_ref *kept = refs; /* refs[0..distinct) */
    for (uint64_t k = 0; k < count; k++) {
        if (k > 0 && compare_refs(&refs[k], &kept[distinct - 1]) == 0) {
            refs[k].input->ranks[refs[k].code] = distinct - 1;
            continue;
        }
        refs[k].input->ranks[refs[k].code] = distinct;
        kept[distinct++] = refs[k];
    }
    if (!*coded) {
        return NULL;
    }
    struct column *entries = column_new(arena, dictionaries->type, distinct);
    if (entries == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < distinct; k++) {
        memcpy((char *)entries->values + (size_t)k * entries->type->width,
               column_value(kept[k].dictionary, kept[k].code), entries->type->width);
        if (column_is_null(kept[k].dictionary, kept[k].code)) {
            entries->nulls[k] = 1;
        }
    }
    dictionaries->entries = entries;
    return NULL;
}

struct err *dictionary_union_column(struct dictionary_union *dictionaries, struct arena *arena,
                                    const struct column *column, struct column **out)
{
    if (dictionaries->entries == NULL) {
        *out = (struct column *)column_flat(arena, column);
        return *out == NULL ? arena_error(arena) : NULL;
    }
    const uint32_t *ranks = dictionary_union_ranks(dictionaries, column->dictionary);
    ASSERT(ranks != NULL);
    uint32_t *codes = ARENA_ARRAY(arena, uint32_t, column->row_count);
    if (codes == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < column->row_count; k++) {
        codes[k] = ranks[column->codes[k]];
    }
    *out = column_dict(arena, column->type, codes, column->row_count, dictionaries->entries, 0);
    return *out == NULL ? arena_error(arena) : NULL;
}

const struct column *dictionary_union_entries(const struct dictionary_union *dictionaries)
{
    return dictionaries->entries;
}

const uint32_t *dictionary_union_ranks(const struct dictionary_union *dictionaries, const struct column *dictionary)
{
    const struct input *input = find((struct dictionary_union *)dictionaries, dictionary);
    return input == NULL ? NULL : input->ranks;
}
