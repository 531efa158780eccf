/*
 * function_evaluate.c: what all functions share when they run: NULLs, constants, dictionaries.
 *
 * flow     evaluator → function_evaluate → query/functions/…
 * thread   any; a cache belongs to one worker
 */
#include "base/interrupt.h"
#include "query/functions/functions.h"

#include <stdatomic.h>

struct cached {
    const struct function *function;
    uint64_t dictionary_id;
    uint32_t dictionary_rows;
    const struct column *
        *constants;            /* the other arguments: a column may be CONST in one chunk, and differ in the next */
    struct column *mapped;     /* one row per entry of the argument's dictionary; or */
    struct column *dictionary; /* distinct results, with */
    uint32_t *remap;           /* code → code */
    uint64_t result_id;
};

struct function_cache {
    struct arena *arena;
    uint32_t count;
    uint32_t capacity;
    struct cached *entries;
};

#define CACHE_ENTRIES_MAX 512U

struct function_cache *function_cache_create(struct arena *arena)
{
    struct function_cache *cache = ARENA_NEW(arena, struct function_cache);
    if (cache != NULL) {
        cache->arena = arena;
    }
    return cache;
}

static _Atomic uint64_t derived_dictionaries = (uint64_t)1 << 63; /* storage numbers its own from 1 */

/* Evaluates over FLAT and CONST columns of the bare types, no NULLs among them unless the function wants them. */
static struct err *evaluate_bare(const struct function *function, struct arena *arena,
                                 const struct column *const *arguments, uint32_t row_count, struct column **out)
{
    struct err *err = NULL;
    OR_DONE(monotonic_evaluate(function, arena, arguments, row_count, out));
    if (*out == NULL) {
        OR_DONE(function->evaluate(function, arena, arguments, row_count, out));
    }
done:
    return err;
}

static struct column *column_bare(struct arena *arena, const struct column *column, const struct type *type)
{
    struct column *copy = ARENA_NEW(arena, struct column);
    if (copy != NULL) {
        *copy = *column;
        copy->type = type;
        if (!type->nullable) {
            copy->nulls = NULL;
        }
    }
    return copy;
}

/* NULL rows: evaluate the others, then spread the results. */
static struct err *evaluate_selected(const struct function *function, struct arena *arena,
                                     const struct column *const *arguments, const uint8_t *nulls, uint32_t row_count,
                                     struct column **out)
{
    struct err *err = NULL;
    uint32_t *positions = ARENA_ARRAY(arena, uint32_t, row_count);
    const struct column **taken = ARENA_ARRAY(arena, const struct column *, function->argument_count + 1);
    if (positions == NULL || taken == NULL) {
        return arena_error(arena);
    }
    uint32_t count = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        positions[count] = i;
        count += nulls[i] == 0;
    }
    struct column *result = column_default(arena, function->type, row_count);
    if (count > 0) {
        struct column *some = NULL;
        for (uint32_t a = 0; a < function->argument_count; a++) {
            struct column *column = column_take(arena, arguments[a], positions, count);
            if (column == NULL) {
                return arena_error(arena);
            }
            taken[a] = column;
        }
        OR_DONE(evaluate_bare(function, arena, taken, count, &some));
        some = column_bare(arena, some, function->type);
        result = some == NULL ? NULL : column_spread(arena, some, positions, row_count);
    }
    *out = result;
    return result == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

/* FLAT and CONST arguments of any types. */
static struct err *evaluate_flat(const struct function *function, struct arena *arena,
                                 const struct column *const *arguments, uint32_t row_count, struct column **out)
{
    struct err *err = NULL;
    bool own_nulls = (function->flags & FUNCTION_NULLS) != 0;
    bool whole = type_is_nested(function->inner); /* never NULL: made of the default below a NULL argument */
    const struct column **bare = ARENA_ARRAY(arena, const struct column *, function->argument_count + 1);
    uint8_t *nulls = NULL;

    if (bare == NULL) {
        return arena_error(arena);
    }
    for (uint32_t a = 0; a < function->argument_count; a++) {
        const struct column *column = arguments[a];
        if (!own_nulls && !whole && column->nulls != NULL) {
            if (column->form == COLUMN_CONST) {
                if (column->nulls[0] != 0) {
                    *out = column_const_null(arena, function->type, row_count);
                    return *out == NULL ? arena_error(arena) : NULL;
                }
            } else if (memchr(column->nulls, 1, row_count) != NULL) {
                if (nulls == NULL) {
                    nulls = arena_alloc_aligned(arena, row_count, 64);
                    if (nulls == NULL) {
                        return arena_error(arena);
                    }
                    memcpy(nulls, column->nulls, row_count);
                } else {
                    for (uint32_t i = 0; i < row_count; i++) {
                        nulls[i] |= column->nulls[i];
                    }
                }
            }
        }
        if (column->type == function->argument_types[a] && (own_nulls || column->nulls == NULL)) {
            bare[a] = column;
        } else {
            bare[a] = column_bare(arena, column, function->argument_types[a]);
            if (bare[a] == NULL) {
                return arena_error(arena);
            }
        }
    }
    if (nulls != NULL && ((function->flags & FUNCTION_CAN_FAIL) != 0 || function->inner->nullable)) {
        return evaluate_selected(function, arena, bare, nulls, row_count, out);
    }
    struct column *result = NULL;
    OR_DONE(evaluate_bare(function, arena, bare, row_count, &result));
    if (result->type != function->type || nulls != NULL) {
        struct column *typed = column_bare(arena, result, function->type);
        if (typed == NULL) {
            return arena_error(arena);
        }
        if (nulls != NULL) {
            const struct column *flat = column_flat(arena, typed);
            if (flat == NULL) {
                return arena_error(arena);
            }
            typed = column_bare(arena, flat, function->type);
            if (typed == NULL) {
                return arena_error(arena);
            }
            size_t width = function->type->width;
            char *values = arena_alloc_aligned(arena, row_count * width + 1, 64);
            if (values == NULL) {
                return arena_error(arena);
            }
            memcpy(values, typed->values, row_count * width);
            for (uint32_t i = 0; i < row_count; i++) {
                if (nulls[i] != 0) {
                    memset(values + i * width, 0, width);
                }
            }
            typed->values = values;
            typed->nulls = nulls;
        }
        result = typed;
    }
    *out = result;
done:
    return err;
}

static uint64_t slice_hash(struct slice slice)
{
    uint64_t hash = 14695981039346656037ULL ^ slice.length;
    for (size_t i = 0; i < slice.length; i++) {
        hash = (hash ^ (unsigned char)slice.data[i]) * 1099511628211ULL;
    }
    return hash ^ (hash >> 29);
}

/* Distinct strings of a FLAT column and the code of each row. */
static struct err *dictionary_of(struct arena *arena, const struct column *strings, struct column **out,
                                 uint32_t **codes_out)
{
    uint32_t rows = strings->row_count;
    uint32_t slots = 16;
    while (slots < rows * 2U) {
        slots *= 2;
    }
    uint32_t *table_slots = arena_zalloc(arena, (size_t)slots * sizeof(uint32_t));
    uint32_t *codes = ARENA_ARRAY(arena, uint32_t, rows + 1);
    uint32_t *first = ARENA_ARRAY(arena, uint32_t, rows + 1);
    const struct slice *values = strings->values;
    uint32_t count = 0;
    uint32_t null_code = UINT32_MAX;
    if (table_slots == NULL || codes == NULL || first == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < rows; i++) {
        if (strings->nulls != NULL && strings->nulls[i] != 0) {
            if (null_code == UINT32_MAX) {
                null_code = count;
                first[count++] = i;
            }
            codes[i] = null_code;
            continue;
        }
        uint32_t slot = (uint32_t)slice_hash(values[i]) & (slots - 1);
        while (table_slots[slot] != 0 && !slice_equal(values[first[table_slots[slot] - 1]], values[i])) {
            slot = (slot + 1) & (slots - 1);
        }
        if (table_slots[slot] == 0) {
            first[count++] = i;
            table_slots[slot] = count;
        }
        codes[i] = table_slots[slot] - 1;
    }
    *out = column_take(arena, strings, first, count);
    *codes_out = codes;
    return *out == NULL ? arena_error(arena) : NULL;
}

static struct cached *cache_find(struct function_cache *cache, const struct function *function,
                                 const struct column *const *arguments, uint32_t dict_index)
{
    uint64_t dictionary_id = arguments[dict_index]->dictionary_id;
    for (uint32_t i = 0; cache != NULL && dictionary_id != 0 && i < cache->count; i++) {
        struct cached *entry = &cache->entries[i];
        bool same = entry->function == function && entry->dictionary_id == dictionary_id &&
                    entry->dictionary_rows == arguments[dict_index]->dictionary->row_count;
        for (uint32_t a = 0; same && a < function->argument_count; a++) {
            same = a == dict_index || column_identical(entry->constants[a], 0, arguments[a], 0);
        }
        if (same) {
            return entry;
        }
    }
    return NULL;
}

static struct cached *cache_add(struct function_cache *cache)
{
    if (cache->count == cache->capacity) {
        uint32_t capacity = cache->capacity == 0 ? 16 : cache->capacity * 2;
        if (capacity > CACHE_ENTRIES_MAX) {
            return NULL;
        }
        struct cached *entries = ARENA_ARRAY(cache->arena, struct cached, capacity);
        if (entries == NULL) {
            return NULL;
        }
        if (cache->count > 0) {
            memcpy(entries, cache->entries, cache->count * sizeof(*entries));
        }
        cache->entries = entries;
        cache->capacity = capacity;
    }
    return &cache->entries[cache->count++];
}

/* One DICT argument, the others CONST: evaluates once per entry. *out NULL: does not pay here. */
static struct err *evaluate_dictionary(const struct function *function, struct arena *arena,
                                       struct function_cache *cache, const struct column *const *arguments,
                                       uint32_t dict_index, uint32_t row_count, struct column **out)
{
    struct err *err = NULL;
    const struct column *coded = arguments[dict_index];
    const struct column *entries = coded->dictionary;
    struct cached made = {.function = function};
    struct cached *cached = cache_find(cache, function, arguments, dict_index);

    *out = NULL;
    if (cached == NULL) {
        bool keep = cache != NULL && coded->dictionary_id != 0 && cache->count < CACHE_ENTRIES_MAX;
        if (entries->row_count > row_count && !(keep && entries->row_count / 32 <= row_count)) {
            return NULL;
        }
        struct arena *home = keep ? cache->arena : arena;
        const struct column **over = ARENA_ARRAY(home, const struct column *, function->argument_count);
        if (over == NULL) {
            return arena_error(home);
        }
        for (uint32_t a = 0; a < function->argument_count; a++) {
            over[a] = arguments[a];
            if (a == dict_index) {
                over[a] = entries;
            } else {
                struct column *constant =
                    keep ? column_copy(home, arguments[a]) : column_bare(home, arguments[a], arguments[a]->type);
                if (constant == NULL) {
                    return arena_error(home);
                }
                constant->row_count = entries->row_count;
                over[a] = constant;
            }
        }
        made.constants = over;
        struct column *mapped = NULL;
        err = evaluate_flat(function, home, over, entries->row_count, &mapped);
        if (err != NULL) {
            if ((function->flags & FUNCTION_CAN_FAIL) != 0) {
                err_free(err); /* perhaps of an entry that no row has: row by row tells */
                err = NULL;
            }
            return err;
        }
        const struct column *flat = column_flat(home, mapped);
        if (flat == NULL) {
            return arena_error(home);
        }
        /* results may point into the dictionary's bytes, which go with the chunk: arrays of strings, too */
        bool own = keep && type_is_nested(flat->type);
        made.mapped = own ? column_copy(home, flat) : column_bare(home, flat, flat->type);
        if (made.mapped == NULL) {
            return arena_error(home);
        }
        if (function->inner->kind == TYPE_STRING) {
            OR_DONE(dictionary_of(home, flat, &made.dictionary, &made.remap));
            if (keep) {
                made.dictionary = column_copy(home, made.dictionary);
                if (made.dictionary == NULL) {
                    return arena_error(home);
                }
                made.result_id = atomic_fetch_add(&derived_dictionaries, 1);
            }
        }
        made.dictionary_id = coded->dictionary_id;
        made.dictionary_rows = entries->row_count;
        cached = &made;
        if (keep) {
            struct cached *entry = cache_add(cache);
            if (entry != NULL) {
                *entry = made;
                cached = entry;
            }
        }
    }
    if (cached->dictionary != NULL) {
        uint32_t *codes = ARENA_ARRAY(arena, uint32_t, row_count);
        if (codes == NULL) {
            return arena_error(arena);
        }
        for (uint32_t i = 0; i < row_count; i++) {
            codes[i] = cached->remap[coded->codes[i]];
        }
        *out = column_dict(arena, function->type, codes, row_count, cached->dictionary, cached->result_id);
    } else {
        *out = column_take(arena, cached->mapped, coded->codes, row_count);
    }
    return *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

struct err *function_evaluate(const struct function *function, struct arena *arena, struct function_cache *cache,
                              const struct column *const *arguments, uint32_t row_count, struct column **out)
{
    struct err *err = NULL;
    uint32_t count = function->argument_count;
    uint32_t const_count = 0;
    uint32_t dict_count = 0;
    uint32_t dict_index = 0;

    if (row_count == 0) {
        *out = column_empty(arena, function->type);
        return *out == NULL ? arena_error(arena) : NULL;
    }
    OR_DONE(interrupt_check());
    for (uint32_t a = 0; a < count; a++) {
        const_count += arguments[a]->form == COLUMN_CONST;
        if (arguments[a]->form == COLUMN_DICT) {
            dict_count++;
            dict_index = a;
        }
    }
    bool pure = (function->flags & FUNCTION_VOLATILE) == 0;
    cache = (function->flags & FUNCTION_CHANGES) != 0 ? NULL : cache;
    if (pure && const_count == count && (row_count > 1 || count == 0)) {
        struct column *one = NULL;
        const struct column **single = ARENA_ARRAY(arena, const struct column *, count + 1);
        if (single == NULL) {
            return arena_error(arena);
        }
        for (uint32_t a = 0; a < count; a++) {
            struct column *copy = column_bare(arena, arguments[a], arguments[a]->type);
            if (copy == NULL) {
                return arena_error(arena);
            }
            copy->row_count = 1;
            single[a] = copy;
        }
        OR_DONE(evaluate_flat(function, arena, single, 1, &one));
        const struct column *flat = column_flat(arena, one);
        if (flat == NULL) {
            return arena_error(arena);
        }
        *out = column_bare(arena, flat, function->type);
        if (*out == NULL) {
            return arena_error(arena);
        }
        (*out)->form = COLUMN_CONST;
        (*out)->row_count = row_count;
        return NULL;
    }
    if (pure && dict_count == 1 && const_count + 1 == count) {
        OR_DONE(evaluate_dictionary(function, arena, cache, arguments, dict_index, row_count, out));
        if (*out != NULL) {
            return NULL;
        }
    }
    if (dict_count > 0) {
        const struct column **flat = ARENA_ARRAY(arena, const struct column *, count);
        if (flat == NULL) {
            return arena_error(arena);
        }
        for (uint32_t a = 0; a < count; a++) {
            flat[a] = arguments[a]->form == COLUMN_DICT ? column_flat(arena, arguments[a]) : arguments[a];
            if (flat[a] == NULL) {
                return arena_error(arena);
            }
        }
        arguments = flat;
    }
    OR_DONE(evaluate_flat(function, arena, arguments, row_count, out));
done:
    return err;
}
