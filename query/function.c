/*
 * function.c: the registry of functions, and what all functions share: NULLs, constants, dictionaries.
 *
 * flow     binder → function_resolve; evaluator → function_evaluate → query/functions/…
 * thread   the registry is built once, then read by any thread
 */
#include "query/functions/functions.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <strings.h>

static const struct function_group *const groups[] = {
    &functions_arithmetic, &functions_math, &functions_compare, &functions_logic,    &functions_condition,
    &functions_convert,    &functions_text, &functions_search,  &functions_calendar, &functions_clock,
    &functions_interval,   &functions_misc, &functions_encode,  &functions_json,
};
#define GROUP_COUNT (sizeof(groups) / sizeof(groups[0]))

struct entry {
    const char *name;
    bool any_case;
    const struct function_definition *definition;
};

#define TABLE_SLOTS 4096U /* a power of two, at least twice the number of names */
static struct entry table[TABLE_SLOTS];
static pthread_once_t table_once = PTHREAD_ONCE_INIT;

static uint32_t name_hash(const char *name, size_t length)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)name[i];
        hash = (hash ^ (c >= 'A' && c <= 'Z' ? c + 32U : c)) * 16777619U;
    }
    return hash;
}

static void table_add(const char *name, bool any_case, const struct function_definition *definition)
{
    uint32_t slot = name_hash(name, strlen(name)) & (TABLE_SLOTS - 1);
    while (table[slot].name != NULL) {
        slot = (slot + 1) & (TABLE_SLOTS - 1);
    }
    table[slot] = (struct entry){name, any_case, definition};
}

static const struct function_definition *table_find(struct slice name)
{
    for (uint32_t slot = name_hash(name.data, name.length) & (TABLE_SLOTS - 1); table[slot].name != NULL;
         slot = (slot + 1) & (TABLE_SLOTS - 1)) {
        const struct entry *entry = &table[slot];
        if (strlen(entry->name) == name.length &&
            (entry->any_case ? strncasecmp(entry->name, name.data, name.length) == 0
                             : memcmp(entry->name, name.data, name.length) == 0)) {
            return entry->definition;
        }
    }
    return NULL;
}

static void table_build(void)
{
    for (size_t g = 0; g < GROUP_COUNT; g++) {
        for (uint32_t i = 0; i < groups[g]->definition_count; i++) {
            const struct function_definition *definition = &groups[g]->definitions[i];
            table_add(definition->name, definition->case_insensitive, definition);
        }
    }
    for (size_t g = 0; g < GROUP_COUNT; g++) {
        for (uint32_t i = 0; i < groups[g]->alias_count; i++) {
            const struct function_alias *alias = &groups[g]->aliases[i];
            const struct function_definition *definition = table_find(slice_text(alias->of));
            ASSERT(definition != NULL);
            table_add(alias->name, alias->case_insensitive, definition);
        }
    }
}

void function_each(void (*visit)(void *user, const char *name, bool case_insensitive, const char *alias_of), void *user)
{
    for (size_t g = 0; g < GROUP_COUNT; g++) {
        for (uint32_t i = 0; i < groups[g]->definition_count; i++) {
            visit(user, groups[g]->definitions[i].name, groups[g]->definitions[i].case_insensitive, NULL);
        }
        for (uint32_t i = 0; i < groups[g]->alias_count; i++) {
            visit(user, groups[g]->aliases[i].name, groups[g]->aliases[i].case_insensitive, groups[g]->aliases[i].of);
        }
    }
}

bool function_exists(struct slice name)
{
    pthread_once(&table_once, table_build);
    return table_find(name) != NULL;
}

/* Levenshtein distance of short names, letters in any case. */
static uint32_t name_distance(struct slice a, const char *b)
{
    uint32_t row[64];
    size_t length = strlen(b);
    if (a.length >= 63 || length >= 63) {
        return UINT32_MAX;
    }
    for (uint32_t j = 0; j <= length; j++) {
        row[j] = j;
    }
    for (size_t i = 0; i < a.length; i++) {
        uint32_t diagonal = row[0];
        row[0] = (uint32_t)i + 1;
        for (size_t j = 0; j < length; j++) {
            uint32_t above = row[j + 1];
            uint32_t best = diagonal + (((a.data[i] ^ b[j]) & ~0x20) != 0);
            best = best < above + 1 ? best : above + 1;
            row[j + 1] = best < row[j] + 1 ? best : row[j] + 1;
            diagonal = above;
        }
    }
    return row[length];
}

struct nearest {
    struct slice name;
    const char *best;
    uint32_t distance;
};

static void nearest_visit(void *user, const char *name, bool case_insensitive, const char *alias_of)
{
    struct nearest *nearest = user;
    uint32_t distance = name_distance(nearest->name, name);
    (void)case_insensitive;
    (void)alias_of;
    if (distance < nearest->distance) {
        nearest->distance = distance;
        nearest->best = name;
    }
}

void aggregate_each(void (*visit)(void *user, const char *name, bool case_insensitive, const char *alias_of),
                    void *user); /* query/aggregate.h */

static struct err *unknown_function(struct slice name)
{
    struct nearest nearest = {name, NULL, name.length < 4 ? 2 : 3};
    function_each(nearest_visit, &nearest);
    aggregate_each(nearest_visit, &nearest);
    if (nearest.best != NULL) {
        return err_new(ERR_UNKNOWN_FUNCTION, "Function with name `%.*s` does not exist. Maybe you meant: ['%s']",
                       SLICE_ARG(name), nearest.best);
    }
    return err_new(ERR_UNKNOWN_FUNCTION, "Function with name `%.*s` does not exist", SLICE_ARG(name));
}

/* Types that LowCardinality may wrap. */
static bool type_fits_low_cardinality(const struct type *type)
{
    return type_is_integer(type) || type_is_float(type) || type_is_string(type) || type->kind == TYPE_DATE ||
           type->kind == TYPE_DATETIME || type->kind == TYPE_BOOL || type->kind == TYPE_UUID ||
           type->kind == TYPE_DATE32 || type->kind == TYPE_IPV4 || type->kind == TYPE_IPV6;
}

static struct err *evaluate_null(EVALUATE_ARGUMENTS)
{
    (void)arguments;
    *out = column_const_null(arena, function->type, row_count);
    return *out == NULL ? arena_error(arena) : NULL;
}

/* The constant as a column of the bare type, or NULL when it is a NULL. */
static const struct column *constant_as(struct arena *arena, const struct column *constant, const struct type *type)
{
    if (constant == NULL) {
        return NULL;
    }
    struct column *copy = ARENA_NEW(arena, struct column);
    if (copy == NULL) {
        return NULL;
    }
    *copy = *constant;
    copy->type = type;
    copy->row_count = 1;
    if (!type->nullable) {
        copy->nulls = NULL;
    }
    return copy;
}

struct err *function_resolve(struct arena *arena, const struct function_context *context, struct slice name,
                             const struct function_argument *arguments, uint32_t argument_count,
                             const struct function **out)
{
    struct err *err = NULL;

    pthread_once(&table_once, table_build);
    const struct function_definition *definition = table_find(name);
    if (definition == NULL) {
        return unknown_function(name);
    }
    if (argument_count < definition->count_min || argument_count > definition->count_max) {
        if (definition->count_min == definition->count_max) {
            return err_new(ERR_ARGUMENT_COUNT, "function %s takes %u argument%s, %u given", definition->name,
                           definition->count_min, definition->count_min == 1 ? "" : "s", argument_count);
        }
        return err_new(ERR_ARGUMENT_COUNT, "function %s takes %s%u arguments, %u given", definition->name,
                       argument_count < definition->count_min ? "at least " : "at most ",
                       argument_count < definition->count_min ? definition->count_min : definition->count_max,
                       argument_count);
    }

    struct function *function = ARENA_NEW(arena, struct function);
    struct function_argument *bare = ARENA_ARRAY(arena, struct function_argument, argument_count + 1);
    const struct type **types = ARENA_ARRAY(arena, const struct type *, argument_count + 1);
    if (function == NULL || bare == NULL || types == NULL) {
        return arena_error(arena);
    }
    bool own_nulls = (definition->flags & FUNCTION_NULLS) != 0;
    bool nullable = false;
    bool nothing = false;
    bool is_low = false;
    uint32_t low_count = 0;
    uint32_t full_count = 0;
    for (uint32_t i = 0; i < argument_count; i++) {
        const struct type *type = arguments[i].type;
        is_low |= type->low_cardinality;
        if (type->low_cardinality) {
            low_count += arguments[i].constant == NULL;
        } else {
            full_count += arguments[i].constant == NULL;
        }
        nothing |= type->kind == TYPE_NOTHING;
        nullable |= type->nullable;
        type = (definition->flags & FUNCTION_RAW) != 0 ? type : type_low_cardinality(arena, type, false);
        if (type != NULL && !own_nulls && type->nullable && type->kind != TYPE_NOTHING) {
            type = type_nullable(arena, type, false);
        }
        if (type == NULL) {
            return arena_error(arena);
        }
        bare[i] = (struct function_argument){type, constant_as(arena, arguments[i].constant, type)};
        types[i] = type;
    }
    function->name = definition->name;
    function->flags = definition->flags;
    function->argument_count = argument_count;
    function->argument_types = types;
    function->context = context;
    if (nothing && !own_nulls) {
        function->type = function->inner = type_nullable(arena, type_simple(TYPE_NOTHING), true);
        function->evaluate = evaluate_null;
        function->flags |= FUNCTION_NULLS;
        *out = function;
        return function->type == NULL ? arena_error(arena) : NULL;
    }
    struct function_bind bind = {arena, context, definition->name, definition->tag, bare, argument_count};
    OR_DONE(definition->resolve(&bind, function));
    ASSERT(function->inner != NULL && function->evaluate != NULL);
    const struct type *type = function->inner;
    if (!own_nulls && nullable && !type->nullable && type->kind < TYPE_ARRAY) {
        type = type_nullable(arena, type, true);
    }
    if (type != NULL && is_low && low_count <= 1 && full_count == 0 &&
        (function->flags & (FUNCTION_FULL | FUNCTION_VOLATILE)) == 0 && type_fits_low_cardinality(type)) {
        type = type_low_cardinality(arena, type, true);
    }
    if (type == NULL) {
        return arena_error(arena);
    }
    function->type = type;
    *out = function;
done:
    return err;
}

/* --- evaluation -------------------------------------------------------------------------------------------------- */

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
    return function->evaluate(function, arena, arguments, row_count, out);
}

/* NULL rows: evaluate the others, then spread the results. */
static struct err *evaluate_selected(const struct function *function, struct arena *arena,
                                     const struct column *const *arguments, const uint8_t *nulls, uint32_t row_count,
                                     struct column **out)
{
    struct err *err = NULL;
    uint32_t *positions = ARENA_ARRAY(arena, uint32_t, row_count);
    const struct column **taken = ARENA_ARRAY(arena, const struct column *, function->argument_count + 1);
    struct column *result = column_new(arena, function->type, row_count);
    if (positions == NULL || taken == NULL || result == NULL) {
        return arena_error(arena);
    }
    uint32_t count = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        positions[count] = i;
        count += nulls[i] == 0;
    }
    memset(result->values, 0, (size_t)row_count * function->type->width);
    memcpy(result->nulls, nulls, row_count);
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
        const struct column *flat = column_flat(arena, some);
        if (flat == NULL) {
            return arena_error(arena);
        }
        size_t width = function->type->width;
        for (uint32_t i = 0; i < count; i++) {
            memcpy((char *)result->values + positions[i] * width, (const char *)flat->values + i * width, width);
            if (flat->nulls != NULL) {
                result->nulls[positions[i]] = flat->nulls[i];
            }
        }
    }
    *out = result;
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

/* FLAT and CONST arguments of any types. */
static struct err *evaluate_flat(const struct function *function, struct arena *arena,
                                 const struct column *const *arguments, uint32_t row_count, struct column **out)
{
    struct err *err = NULL;
    bool own_nulls = (function->flags & FUNCTION_NULLS) != 0;
    const struct column **bare = ARENA_ARRAY(arena, const struct column *, function->argument_count + 1);
    uint8_t *nulls = NULL;

    if (bare == NULL) {
        return arena_error(arena);
    }
    for (uint32_t a = 0; a < function->argument_count; a++) {
        const struct column *column = arguments[a];
        if (!own_nulls && column->nulls != NULL) {
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

static bool constants_equal(const struct column *a, const struct column *b)
{
    bool null = column_is_null(a, 0);
    if (null != column_is_null(b, 0)) {
        return false;
    }
    if (null) {
        return true;
    }
    if (a->type->kind == TYPE_STRING) {
        return slice_equal(*(const struct slice *)a->values, *(const struct slice *)b->values);
    }
    return a->type->kind < TYPE_ARRAY && memcmp(a->values, b->values, a->type->width) == 0;
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
            same = a == dict_index || constants_equal(entry->constants[a], arguments[a]);
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
        made.mapped = column_bare(home, flat, flat->type);
        if (function->inner->kind == TYPE_STRING) {
            OR_DONE(dictionary_of(home, flat, &made.dictionary, &made.remap));
            if (keep) {
                /* results may point into the dictionary's bytes, which go with the chunk */
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
        *out = column_new(arena, function->type, 0);
        return *out == NULL ? arena_error(arena) : NULL;
    }
    for (uint32_t a = 0; a < count; a++) {
        const_count += arguments[a]->form == COLUMN_CONST;
        if (arguments[a]->form == COLUMN_DICT) {
            dict_count++;
            dict_index = a;
        }
    }
    bool pure = (function->flags & FUNCTION_VOLATILE) == 0;
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
        if ((*out)->type->kind < TYPE_ARRAY) {
            (*out)->form = COLUMN_CONST;
            (*out)->row_count = row_count;
        } else {
            uint32_t *zeros = arena_zalloc(arena, row_count * sizeof(uint32_t));
            *out = zeros == NULL ? NULL : column_take(arena, *out, zeros, row_count);
            return *out == NULL ? arena_error(arena) : NULL;
        }
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
