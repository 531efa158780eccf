/*
 * gather.c: rows of many chunks in a given order; dictionaries unified.
 *
 * flow     storage/sort.c gives the order → here → segment writer
 */
#include "storage/gather.h"

#include "storage/dictionary.h"
#include "storage/sort.h"

#include <stdatomic.h>
#include <stdlib.h>

#define FEW_ENTRIES 256U
#define ROW_MASK    (CHUNK_ROWS_MAX - 1)
#define PLAIN_SHARE 4U /* at most one row in so many is in a plain chunk that is coded late */

struct mapped {
    const void *values; /* of the dictionary: what identifies it */
    uint32_t count;
    uint32_t *map;
};

struct unifier {
    struct mapped *mapped;
    uint32_t mapped_count;
    struct column *dictionary;
    uint64_t id;
};

static _Atomic uint64_t unifier_ids;

struct entry {
    uint64_t prefix;
    const void *value;
    uint32_t *to;
};

static uint64_t prefix_of(const struct type *type, const void *value)
{
    uint64_t prefix = 0;
    if (type->kind == TYPE_STRING) {
        const struct slice *text = value;
        for (uint32_t i = 0; i < 8; i++) {
            prefix = prefix << 8 | (i < text->length ? (uint8_t)text->data[i] : 0);
        }
    }
    return prefix;
}

static int value_compare(const struct type *type, const void *a, const void *b)
{
    if (type->kind == TYPE_STRING) {
        return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
    }
    struct column left = {.type = type, .form = COLUMN_CONST, .row_count = 1, .values = (void *)(uintptr_t)a};
    struct column right = {.type = type, .form = COLUMN_CONST, .row_count = 1, .values = (void *)(uintptr_t)b};
    return column_compare(&left, 0, &right, 0);
}

static int entry_compare(const void *left, const void *right, void *user)
{
    const struct entry *a = left, *b = right;
    if (a->prefix != b->prefix) {
        return a->prefix < b->prefix ? -1 : 1;
    }
    return value_compare(user, a->value, b->value);
}

static const struct mapped *mapped_find(const struct unifier *unifier, const struct column *dictionary)
{
    for (uint32_t i = 0; i < unifier->mapped_count; i++) {
        if (unifier->mapped[i].values == dictionary->values && unifier->mapped[i].count >= dictionary->row_count) {
            return &unifier->mapped[i];
        }
    }
    return NULL;
}

struct err *unifier_create(struct arena *arena, const struct column *const *columns, uint32_t count,
                           const uint32_t *order, uint64_t row_count, struct unifier **out)
{
    struct err *err = NULL;
    struct unifier *unifier = ARENA_NEW(arena, struct unifier);
    struct entry *entries = NULL;
    const struct type *type = NULL;
    uint64_t room = 0, used = 0;
    bool has_null = false;

    *out = NULL;
    if (unifier == NULL || (unifier->mapped = ARENA_ARRAY(arena, struct mapped, count + 1)) == NULL) {
        err = arena_error(arena);
        goto done;
    }
    const struct column **dictionaries = ARENA_ARRAY(arena, const struct column *, count + 1);
    if (dictionaries == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (columns[i]->form != COLUMN_DICT) {
            continue;
        }
        const struct column *dictionary = columns[i]->dictionary;
        type = columns[i]->type;
        uint32_t at = 0;
        while (at < unifier->mapped_count && unifier->mapped[at].values != dictionary->values) {
            at++;
        }
        if (at == unifier->mapped_count) {
            unifier->mapped[unifier->mapped_count++] = (struct mapped){dictionary->values, 0, NULL};
        }
        if (unifier->mapped[at].count < dictionary->row_count) {
            unifier->mapped[at].count = dictionary->row_count;
            dictionaries[at] = dictionary;
        }
    }
    if (unifier->mapped_count == 0) {
        goto done;
    }
    ASSERT(type != NULL);
    for (uint32_t i = 0; i < unifier->mapped_count; i++) {
        struct mapped *mapped = &unifier->mapped[i];
        mapped->map = ARENA_ARRAY(arena, uint32_t, mapped->count + 1);
        if (mapped->map == NULL) {
            err = arena_error(arena);
            goto done;
        }
        memset(mapped->map, order == NULL ? 1 : 0, (mapped->count + 1) * sizeof(*mapped->map));
        room += mapped->count;
    }
    if (order != NULL) {
        uint32_t **maps = ARENA_ARRAY(arena, uint32_t *, count + 1);
        if (maps == NULL) {
            err = arena_error(arena);
            goto done;
        }
        for (uint32_t i = 0; i < count; i++) {
            maps[i] = columns[i]->form == COLUMN_DICT ? mapped_find(unifier, columns[i]->dictionary)->map : NULL;
        }
        for (uint64_t i = 0; i < row_count; i++) {
            uint32_t at = order[i] >> SORT_ROW_BITS;
            if (maps[at] != NULL) {
                maps[at][columns[at]->codes[order[i] & ROW_MASK]] = 1;
            }
        }
    }
    entries = malloc((room + 1) * sizeof(*entries));
    if (entries == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < unifier->mapped_count; i++) {
        const struct column *dictionary = dictionaries[i];
        for (uint32_t j = 0; j < unifier->mapped[i].count; j++) {
            if (unifier->mapped[i].map[j] == 0) {
                continue;
            }
            if (dictionary->nulls != NULL && dictionary->nulls[j] != 0) {
                has_null = true;
                continue;
            }
            const void *value = (const char *)dictionary->values + (size_t)j * type->width;
            entries[used++] = (struct entry){prefix_of(type, value), value, &unifier->mapped[i].map[j]};
        }
    }
    qsort_r(entries, used, sizeof(*entries), entry_compare, (void *)(uintptr_t)type);
    struct column *dictionary = ARENA_NEW(arena, struct column);
    if (dictionary == NULL || (dictionary->values = arena_array(arena, used + 1, type->width)) == NULL ||
        (has_null && (dictionary->nulls = arena_zalloc(arena, used + 1)) == NULL)) {
        err = arena_error(arena);
        goto done;
    }
    uint32_t next = 0;
    for (uint64_t i = 0; i < used; i++) {
        if (i == 0 || entry_compare(&entries[i - 1], &entries[i], (void *)(uintptr_t)type) != 0) {
            memcpy((char *)dictionary->values + (size_t)next * type->width, entries[i].value, type->width);
            next++;
        }
        *entries[i].to = next - 1;
    }
    if (has_null) {
        memset((char *)dictionary->values + (size_t)next * type->width, 0, type->width);
        dictionary->nulls[next] = 1;
        for (uint32_t i = 0; i < unifier->mapped_count; i++) {
            for (uint32_t j = 0; j < unifier->mapped[i].count; j++) {
                if (dictionaries[i]->nulls != NULL && dictionaries[i]->nulls[j] != 0) {
                    unifier->mapped[i].map[j] = next;
                }
            }
        }
        next++;
    }
    if (order != NULL && next > FEW_ENTRIES && (uint64_t)next * 4 > row_count) {
        goto done; /* coding does not pay */
    }
    dictionary->type = type;
    dictionary->form = COLUMN_FLAT;
    dictionary->row_count = next;
    unifier->dictionary = dictionary;
    unifier->id = (uint64_t)3 << 62 | (atomic_fetch_add(&unifier_ids, 1) + 1);
    *out = unifier;
done:
    free(entries);
    return err;
}

static void dictionary_drop(void *dictionary)
{
    dictionary_unref(dictionary);
}

/* The column's codes in the dictionary; *out NULL: its values do not repeat. */
static struct err *column_code(struct arena *arena, struct dictionary *dictionary, const struct column *column,
                               struct column **out)
{
    uint32_t count = column->row_count;
    uint32_t *codes = ARENA_ARRAY(arena, uint32_t, count + 1);

    *out = NULL;
    if (codes == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0 && column->form == COLUMN_CONST) {
            codes[i] = codes[0];
            continue;
        }
        const struct slice *text = column_value(column, i);
        codes[i] = column_is_null(column, i) ? dictionary_null(dictionary)
                                             : dictionary_code(dictionary, text->data, text->length);
        if (codes[i] == DICTIONARY_NO_CODE) {
            return err_oom();
        }
        if (dictionary_is_full(dictionary) || (i > FEW_ENTRIES * 2 && dictionary_count(dictionary) > i / 2)) {
            return NULL;
        }
    }
    *out = dictionary_column(arena, dictionary, column->type, codes, count);
    return *out == NULL ? arena_error(arena) : NULL;
}

struct err *gather_code(struct arena *arena, const struct column **columns, uint32_t count)
{
    struct err *err = NULL;
    uint64_t plain = 0, all = 0;
    bool nullable = false;

    for (uint32_t i = 0; i < count; i++) {
        nullable = nullable || columns[i]->type->nullable;
        all += columns[i]->row_count;
        plain += columns[i]->form == COLUMN_DICT ? 0 : columns[i]->row_count;
    }
    if (count == 0 || columns[0]->type->kind != TYPE_STRING || plain == 0 || plain == all ||
        plain > all / PLAIN_SHARE) {
        return NULL;
    }
    struct dictionary *dictionary = dictionary_create(nullable);
    if (dictionary == NULL) {
        return err_oom();
    }
    if (!arena_on_destroy(arena, dictionary_drop, dictionary)) {
        dictionary_unref(dictionary);
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        struct column *coded = NULL;
        if (columns[i]->form == COLUMN_DICT) {
            continue;
        }
        OR_DONE(column_code(arena, dictionary, columns[i], &coded));
        if (coded == NULL) {
            break; /* the others' values will not repeat either */
        }
        columns[i] = coded;
    }
done:
    return err;
}

const struct column *unifier_dictionary(const struct unifier *unifier, uint64_t *id)
{
    *id = unifier->id;
    return unifier->dictionary;
}

/* Position of a value in the sorted dictionary; UINT32_MAX: it is not there. */
static uint32_t dictionary_search(const struct column *dictionary, const struct column *column, uint32_t row)
{
    uint32_t low = 0, high = dictionary->row_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = column_compare(dictionary, middle, column, row);
        if (order == 0) {
            return middle;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return UINT32_MAX;
}

struct err *unifier_codes(struct arena *arena, const struct unifier *unifier, const struct column *column,
                          uint32_t **codes)
{
    uint32_t count = column->row_count;
    uint32_t *out = ARENA_ARRAY(arena, uint32_t, count + 1);
    if (out == NULL) {
        return arena_error(arena);
    }
    *codes = out;
    const struct mapped *mapped = column->form == COLUMN_DICT ? mapped_find(unifier, column->dictionary) : NULL;
    for (uint32_t i = 0; i < count; i++) {
        if (mapped != NULL) {
            out[i] = mapped->map[column->codes[i]];
        } else {
            out[i] = i > 0 && column->form == COLUMN_CONST ? out[0] : dictionary_search(unifier->dictionary, column, i);
        }
        if (out[i] >= unifier->dictionary->row_count) {
            return err_new(ERR_CORRUPT, "a value of a coded column is not in the dictionary");
        }
    }
    return NULL;
}

#define GATHER_FIXED(c_type)                                                                                           \
    do {                                                                                                               \
        c_type *to = column->values;                                                                                   \
        for (uint32_t i = 0; i < row_count; i++) {                                                                     \
            to[i] = ((const c_type *)values[order[i] >> SORT_ROW_BITS])[order[i] & ROW_MASK];                          \
        }                                                                                                              \
    } while (0)

static void gather_values(struct column *column, const void *const *values, const uint32_t *order, uint32_t row_count)
{
    uint32_t width = column->type->width;
    switch (width) {
    case 1:
        GATHER_FIXED(uint8_t);
        break;
    case 2:
        GATHER_FIXED(uint16_t);
        break;
    case 4:
        GATHER_FIXED(uint32_t);
        break;
    case 8:
        GATHER_FIXED(uint64_t);
        break;
    case 16:
        GATHER_FIXED(struct slice);
        break;
    default:
        for (uint32_t i = 0; i < row_count; i++) {
            memcpy((char *)column->values + (size_t)i * width,
                   (const char *)values[order[i] >> SORT_ROW_BITS] + (size_t)(order[i] & ROW_MASK) * width, width);
        }
    }
}

static struct err *gather_codes(struct arena *arena, const struct unifier *unifier, const struct column *const *columns,
                                uint32_t column_count, const uint32_t *order, uint32_t row_count, struct column **out)
{
    const uint32_t **maps = ARENA_ARRAY(arena, const uint32_t *, column_count + 1);
    const uint32_t **from = ARENA_ARRAY(arena, const uint32_t *, column_count + 1);
    uint32_t *codes = ARENA_ARRAY(arena, uint32_t, row_count + 1);
    if (maps == NULL || from == NULL || codes == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < column_count; i++) {
        const struct mapped *mapped = mapped_find(unifier, columns[i]->dictionary);
        ASSERT(mapped != NULL);
        maps[i] = mapped->map;
        from[i] = columns[i]->codes;
    }
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t at = order[i] >> SORT_ROW_BITS;
        codes[i] = maps[at][from[at][order[i] & ROW_MASK]];
    }
    *out = column_dict(arena, columns[0]->type, codes, row_count, unifier->dictionary, unifier->id);
    return *out == NULL ? arena_error(arena) : NULL;
}

/* Two constants with the same bytes; those that only compare equal (-0 and 0, NaNs) are different rows to the row sum.
 */
static bool same_bits(const struct column *a, const struct column *b)
{
    return column_identical(a, 0, b, 0);
}

static struct err *gather_nested(struct arena *arena, const struct column *const *columns, uint32_t column_count,
                                 const uint32_t *order, uint32_t row_count, struct column **out)
{
    uint32_t *sources = ARENA_ARRAY(arena, uint32_t, row_count), *rows = ARENA_ARRAY(arena, uint32_t, row_count);
    if (sources == NULL || rows == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        sources[i] = order[i] >> SORT_ROW_BITS;
        rows[i] = order[i] & ROW_MASK;
    }
    *out = column_pick(arena, columns[0]->type, columns, column_count, sources, rows, row_count);
    return *out == NULL ? arena_error(arena) : NULL;
}

struct err *gather_rows(struct arena *arena, const struct unifier *unifier, const struct column *const *columns,
                        uint32_t column_count, const uint32_t *order, uint32_t row_count, struct column **out)
{
    struct err *err = NULL;
    bool all_dict = unifier != NULL, all_flat = true, any_null = false, all_one = columns[0]->form == COLUMN_CONST;
    const struct type *type = columns[0]->type;

    for (uint32_t i = 0; i < column_count; i++) {
        all_dict = all_dict && columns[i]->form == COLUMN_DICT;
        all_flat = all_flat && columns[i]->form == COLUMN_FLAT;
        const struct column *from = columns[i]->form == COLUMN_DICT ? columns[i]->dictionary : columns[i];
        any_null = any_null || from->nulls != NULL;
    }
    for (uint32_t i = 0; i < column_count && all_one; i++) {
        all_one = columns[i]->form == COLUMN_CONST && same_bits(columns[0], columns[i]);
    }
    if (all_one) {
        *out = column_part(arena, columns[0], 0, 1);
        if (*out == NULL) {
            err = arena_error(arena);
        } else {
            (*out)->row_count = row_count;
        }
        goto done;
    }
    if (all_dict) {
        err = gather_codes(arena, unifier, columns, column_count, order, row_count, out);
        goto done;
    }
    if (type_is_nested(type)) {
        err = gather_nested(arena, columns, column_count, order, row_count, out);
        goto done;
    }
    struct column *column = ARENA_NEW(arena, struct column);
    if (column == NULL || (column->values = arena_array(arena, row_count + 1, type->width)) == NULL ||
        (any_null && (column->nulls = arena_alloc(arena, row_count + 1)) == NULL)) {
        err = arena_error(arena);
        goto done;
    }
    column->type = type;
    column->form = COLUMN_FLAT;
    column->row_count = row_count;
    if (all_flat) {
        const void **values = ARENA_ARRAY(arena, const void *, column_count + 1);
        if (values == NULL) {
            err = arena_error(arena);
            goto done;
        }
        for (uint32_t i = 0; i < column_count; i++) {
            values[i] = columns[i]->values;
        }
        gather_values(column, values, order, row_count);
        for (uint32_t i = 0; any_null && i < row_count; i++) {
            const struct column *from = columns[order[i] >> SORT_ROW_BITS];
            column->nulls[i] = from->nulls != NULL && from->nulls[order[i] & ROW_MASK] != 0;
        }
    } else {
        for (uint32_t i = 0; i < row_count; i++) {
            const struct column *from = columns[order[i] >> SORT_ROW_BITS];
            uint32_t row = order[i] & ROW_MASK;
            memcpy((char *)column->values + (size_t)i * type->width, column_value(from, row), type->width);
            if (any_null) {
                column->nulls[i] = column_is_null(from, row);
            }
        }
    }
    *out = column;
done:
    return err;
}
