/*
 * combining.c: what a table's engine says of its columns. See combining.h.
 *
 * flow     merge.c, final.c, sql/define_engine.c → here
 */
#include "storage/combining.h"

#include "storage/table_private.h"

static const struct {
    const char *name;
    enum combining_kind kind;
} engines[] = {
    {"ReplacingMergeTree", COMBINING_REPLACING},           {"SummingMergeTree", COMBINING_SUMMING},
    {"AggregatingMergeTree", COMBINING_AGGREGATING},       {"CollapsingMergeTree", COMBINING_COLLAPSING},
    {"VersionedCollapsingMergeTree", COMBINING_VERSIONED},
};

struct slice engine_name(const char *engine)
{
    return slice_of(engine, strcspn(engine, "("));
}

const char *engine_combining(uint32_t index)
{
    return index < sizeof(engines) / sizeof(engines[0]) ? engines[index].name : NULL;
}

bool engine_combines(const char *engine, enum combining_kind *kind)
{
    struct slice name = engine_name(engine);
    for (size_t i = 0; i < sizeof(engines) / sizeof(engines[0]); i++) {
        if (slice_equal(name, slice_text(engines[i].name))) {
            *kind = engines[i].kind;
            return true;
        }
    }
    return false;
}

struct err *engine_arguments(struct arena *arena, const char *engine, struct slice **out, uint32_t *count)
{
    const char *at = strchr(engine, '(');
    *count = 0;
    *out = ARENA_ARRAY(arena, struct slice, strlen(engine) + 1);
    if (*out == NULL) {
        return arena_error(arena);
    }
    while (at != NULL && *at != 0) {
        at += strspn(at, "(), ");
        const char *begin = at;
        if (*at == '`') { /* names are written as identifiers, with back quotes where that is needed */
            at++;
            while (*at != 0 && *at != '`') {
                at += *at == '\\' && at[1] != 0 ? 2 : 1;
            }
            at += *at == '`';
        } else {
            at += strcspn(at, "(), ");
        }
        if (at > begin) {
            (*out)[(*count)++] = slice_of(begin, (size_t)(at - begin));
        }
    }
    return NULL;
}

static int column_named(struct arena *arena, const struct table_def *def, struct slice name)
{
    char *text = arena_text(arena, name);
    return text == NULL ? -1 : table_plain_column(def, text);
}

static bool is_summable(const struct type *type)
{
    return type_is_number(type) && !type->low_cardinality;
}

/* Is the column part of the sorting or the partition key? */
static bool is_key(const struct table *table, const struct table_def *def, uint32_t column)
{
    struct table_program *program = table_program_of(table, def);
    bool found = table_plain_column(def, def->partition_by) == (int)column ||
                 (program != NULL && table_functions()->key_reads(program, column));
    for (uint32_t k = 0; k < def->order_by_count && !found; k++) {
        found = table_plain_column(def, def->order_by[k]) == (int)column;
    }
    return found;
}

/* ---- maps */

static struct slice nested_of(const struct column_def *column, struct slice *element)
{
    const char *point = strchr(column->name, '.');
    *element = slice_text(point == NULL ? "" : point + 1);
    return point == NULL ? slice_text("") : slice_of(column->name, (size_t)(point - column->name));
}

static bool ends_with(struct slice text, const char *end)
{
    size_t length = strlen(end);
    return text.length >= length && memcmp(text.data + text.length - length, end, length) == 0;
}

static bool is_map_key(const struct type *type)
{
    return !type->nullable && (type_is_integer(type) || type_is_string(type) || type_is_time(type) ||
                               type->kind == TYPE_ENUM8 || type->kind == TYPE_ENUM16 || type->kind == TYPE_BOOL);
}

/* The map that the column is the first key of; *count 0: it is none. */
static void map_at(const struct table_def *def, uint32_t first, struct combining_map *map)
{
    struct slice element, nested = nested_of(&def->columns[first], &element);
    uint32_t values[COMBINING_MAP_COLUMNS_MAX], value_count = 0;
    *map = (struct combining_map){.count = 0};
    if (!ends_with(nested, "Map")) {
        return;
    }
    for (uint32_t c = 0; c < def->column_count; c++) {
        const struct type *type = def->columns[c].type;
        if (!slice_equal(nested_of(&def->columns[c], &element), nested)) {
            continue;
        }
        bool key = map->key_count + value_count == 0 || ends_with(element, "ID") || ends_with(element, "Key") ||
                   ends_with(element, "Type");
        bool fits = type->kind == TYPE_ARRAY && map->key_count + value_count < COMBINING_MAP_COLUMNS_MAX &&
                    (key ? is_map_key(type->children[0]) : is_summable(type->children[0]));
        if (!fits || (c < first)) {
            return;
        }
        if (key) {
            map->columns[map->key_count++] = c;
        } else {
            values[value_count++] = c;
        }
    }
    if (value_count == 0) {
        return;
    }
    memcpy(map->columns + map->key_count, values, value_count * sizeof(values[0]));
    map->count = map->key_count + value_count;
}

/* ---- columns */

static void fold(struct combining *combining, uint32_t column, const char *function)
{
    combining->columns[column].way = COMBINING_FOLD;
    combining->columns[column].function = function;
}

/* Is the column, or the Nested that it is of, among the arguments? None: all are. */
static bool is_named(struct arena *arena, const struct table_def *def, uint32_t column, const struct slice *names,
                     uint32_t count)
{
    struct slice element, nested = nested_of(&def->columns[column], &element);
    bool found = count == 0;
    for (uint32_t i = 0; i < count && !found; i++) {
        found =
            column_named(arena, def, names[i]) == (int)column || (nested.length > 0 && slice_equal(names[i], nested));
    }
    return found;
}

static struct err *summing(struct arena *arena, const struct table *table, const struct table_def *def,
                           const struct slice *names, uint32_t count, struct combining *combining)
{
    combining->maps = arena_zalloc(arena, (def->column_count + 1U) * sizeof(*combining->maps));
    if (combining->maps == NULL) {
        return arena_error(arena);
    }
    combining->drops_zeros = true;
    bool some = false;
    for (uint32_t c = 0; c < def->column_count; c++) {
        const struct type *type = def->columns[c].type;
        struct combining_map map;
        if (combining->columns[c].way != COMBINING_FIRST || is_key(table, def, c)) {
            continue;
        }
        if (type_is_state(type)) {
            combining->has_states = true;
        }
        map_at(def, c, &map);
        if (map.count > 0 && is_named(arena, def, c, names, count)) {
            for (uint32_t i = 0; i < map.count; i++) {
                combining->columns[map.columns[i]] =
                    (struct combining_column){COMBINING_MAP, NULL, combining->map_count};
            }
            combining->maps[combining->map_count++] = map;
        } else if (type->function != NULL) {
            if (is_named(arena, def, c, names, count)) {
                fold(combining, c, NULL);
                some = true;
            }
        } else if (is_summable(type) && is_named(arena, def, c, names, count)) {
            /* true and true are true */
            fold(combining, c, type->kind == TYPE_BOOL ? "max" : "sumWithOverflow");
            some = true;
        }
    }
    combining->drops_zeros = some && combining->map_count == 0 && !combining->has_states;
    return NULL;
}

struct err *combining_of(struct arena *arena, const struct table *table, const struct table_def *def,
                         struct combining **out)
{
    struct err *err = NULL;
    struct slice *names = NULL;
    uint32_t count = 0;
    enum combining_kind kind;

    *out = NULL;
    if (!engine_combines(def->engine, &kind)) {
        return NULL;
    }
    struct combining *combining = arena_zalloc(arena, sizeof(*combining));
    if (combining == NULL) {
        return arena_error(arena);
    }
    *combining = (struct combining){.kind = kind, .version = -1, .deleted = -1, .sign = -1};
    combining->columns = arena_zalloc(arena, (def->column_count + 1U) * sizeof(*combining->columns));
    if (combining->columns == NULL) {
        return arena_error(arena);
    }
    OR_DONE(engine_arguments(arena, def->engine, &names, &count));
    int columns[2] = {-1, -1};
    for (uint32_t i = 0; i < 2 && i < count && kind != COMBINING_SUMMING; i++) {
        columns[i] = column_named(arena, def, names[i]);
        if (columns[i] < 0) {
            err = err_new(ERR_CORRUPT, "table %s.%s is %s and has no column %.*s", def->database, def->name,
                          def->engine, SLICE_ARG(names[i]));
            goto done;
        }
    }
    bool signs = kind == COMBINING_COLLAPSING || kind == COMBINING_VERSIONED;
    if (signs && (columns[0] < 0 || def->columns[columns[0]].type->kind != TYPE_INT8)) {
        err = err_new(ERR_CORRUPT, "table %s.%s is %s and has no such sign", def->database, def->name, def->engine);
        goto done;
    }
    switch (kind) {
    case COMBINING_REPLACING:
        combining->version = columns[0];
        combining->deleted = columns[1];
        break;
    case COMBINING_SUMMING:
        OR_DONE(summing(arena, table, def, names, count, combining));
        break;
    case COMBINING_AGGREGATING:
        for (uint32_t c = 0; c < def->column_count; c++) {
            if (def->columns[c].type->function != NULL && !is_key(table, def, c)) {
                fold(combining, c, NULL);
            }
        }
        break;
    case COMBINING_VERSIONED:
    case COMBINING_COLLAPSING:
        combining->sign = columns[0];
        break;
    }
    *out = combining;
done:
    return err;
}

void combining_reads(const struct combining *combining, uint32_t column_count, uint8_t *needed)
{
    const int named[3] = {combining->version, combining->deleted, combining->sign};
    for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
        if (named[i] >= 0) {
            needed[named[i]] = 1;
        }
    }
    /* a map's columns are read together; whether a row goes, all sums say */
    for (uint32_t c = 0; c < column_count; c++) {
        const struct combining_column *column = &combining->columns[c];
        if (column->way == COMBINING_FOLD && combining->drops_zeros) {
            needed[c] = 1;
        }
        if (column->way == COMBINING_MAP && needed[c]) {
            const struct combining_map *map = &combining->maps[column->map];
            for (uint32_t i = 0; i < map->count; i++) {
                needed[map->columns[i]] = 1;
            }
        }
    }
}
