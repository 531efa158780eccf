/*
 * native_json.c: columns of the types JSON and Dynamic in the format Native, as servers send them to clients that know
 * no newer revision than 54460: an object's paths are columns, each a Dynamic; a Dynamic is a column per type that
 * stands in it.
 *
 * flow     native_writer.c → here. What a column is made of is said in front of all values, so that values are sorted
 *          by path and by type first (objects and dynamics), then said, then written.
 * paths    max_dynamic_paths of a block, those that come first; values at others go, with their types, into each row's
 *          map of shared data
 * types    what dynamicType says; of arrays, Array(JSON) where all elements are objects
 * input    texts that json_paths_read made: no spaces, well formed, at most JSON_DEPTH_MAX deep
 */
#include "format/native_block.h"

#include "base/checksum.h"
#include "base/interrupt.h"
#include "base/number.h"
#include "format/binary.h"
#include "format/json_paths.h"

#include <stdlib.h>

#define OBJECT_VERSION  0U
#define DYNAMIC_VERSION 1U
#define PATHS_MAX       1024U
#define NESTED_NAME     "JSON(max_dynamic_types=16, max_dynamic_paths=256)"
#define NESTED_MAX      256U
#define NO_PATH         UINT32_MAX
#define NULL_MARK       255

/* In the order of the types' names, which is that of the marks in front of the values. */
enum kind {
    KIND_ARRAY_DYNAMIC,
    KIND_ARRAY_JSON,
    KIND_ARRAY_BOOL,
    KIND_ARRAY_FLOAT64,
    KIND_ARRAY_INT64,
    KIND_ARRAY_STRING,
    KIND_ARRAY_UINT64,
    KIND_BOOL,
    KIND_FLOAT64,
    KIND_INT64,
    KIND_JSON,
    KIND_SHARED, /* stands in every Dynamic, without values */
    KIND_STRING,
    KIND_UINT64,
    KINDS,
};

static const struct {
    const char *name;
    uint8_t binary; /* in shared data: the type's number, of arrays that of the elements */
} kinds[KINDS] = {
    [KIND_ARRAY_DYNAMIC] = {"Array(Dynamic)", 0},
    [KIND_ARRAY_JSON] = {"Array(" NESTED_NAME ")", 0},
    [KIND_ARRAY_BOOL] = {"Array(Nullable(Bool))", 0x2d},
    [KIND_ARRAY_FLOAT64] = {"Array(Nullable(Float64))", 0x0e},
    [KIND_ARRAY_INT64] = {"Array(Nullable(Int64))", 0x0a},
    [KIND_ARRAY_STRING] = {"Array(Nullable(String))", 0x15},
    [KIND_ARRAY_UINT64] = {"Array(Nullable(UInt64))", 0x04},
    [KIND_BOOL] = {"Bool", 0x2d},
    [KIND_FLOAT64] = {"Float64", 0x0e},
    [KIND_INT64] = {"Int64", 0x0a},
    [KIND_JSON] = {"JSON", 0},
    [KIND_SHARED] = {"SharedVariant", 0},
    [KIND_STRING] = {"String", 0x15},
    [KIND_UINT64] = {"UInt64", 0x04},
};
#define BINARY_ARRAY    0x1e
#define BINARY_NULLABLE 0x23
#define BINARY_STRING   0x15

/* A value's text, and where it stands. */
struct entry {
    struct slice path;
    struct slice text;
    uint32_t row;
    uint32_t number; /* of the path */
};

struct entries {
    struct entry *list; /* by row, ascending */
    uint32_t count;
    uint32_t capacity;
};

struct dynamic {
    uint32_t rows;
    const struct entry *entries; /* of the rows that are not NULL */
    uint32_t count;
    uint8_t *kinds; /* of each entry */
    uint32_t counts[KINDS];
    struct dynamic *elements; /* of KIND_ARRAY_DYNAMIC */
    struct object *objects;   /* of KIND_ARRAY_JSON */
    struct object *nested;    /* of KIND_JSON */
};

struct object {
    uint32_t rows;
    uint32_t path_count;
    struct slice *names; /* ascending */
    struct dynamic **paths;
    struct entries shared;
};

struct maker {
    struct arena *arena;
    const struct type *json; /* without declared paths: of objects in arrays */
    struct buffer packed;
    uint64_t steps;
};

static struct dynamic *make_dynamic(struct maker *maker, const struct entry *list, uint32_t count, uint32_t rows);
static struct object *make_object(struct maker *maker, struct entries *entries, uint32_t rows, uint32_t paths_max);

/* ---- texts */

/* The next element of an array, *at behind its opening bracket or a comma; false: there is none. */
static bool next_element(const char **at, const char *end, struct slice *element)
{
    const char *begin = *at, *p = begin;
    uint32_t depth = 0;
    if (p >= end || *p == ']') {
        return false;
    }
    for (; p < end; p++) {
        if (*p == '"') {
            for (p++; p < end && *p != '"'; p++) {
                p += *p == '\\';
            }
        } else if (*p == '[' || *p == '{') {
            depth++;
        } else if (depth == 0 && (*p == ',' || *p == ']')) {
            break;
        } else if (*p == ']' || *p == '}') {
            depth--;
        }
    }
    p = p < end ? p : end;
    *element = slice_of(begin, (size_t)(p - begin));
    *at = p < end && *p == ',' ? p + 1 : p;
    return true;
}

static bool is_null_text(struct slice text)
{
    return slice_equal(text, slice_text("null"));
}

static enum kind scalar_kind(struct slice text)
{
    static const enum kind of[] = {[JSON_INT64] = KIND_INT64,
                                   [JSON_UINT64] = KIND_UINT64,
                                   [JSON_FLOAT64] = KIND_FLOAT64,
                                   [JSON_BOOL] = KIND_BOOL,
                                   [JSON_STRING] = KIND_STRING};
    return of[json_kind_of(text)];
}

static enum kind array_kind(struct slice text)
{
    static const enum kind of[KINDS] = {
        [KIND_BOOL] = KIND_ARRAY_BOOL,     [KIND_FLOAT64] = KIND_ARRAY_FLOAT64, [KIND_INT64] = KIND_ARRAY_INT64,
        [KIND_STRING] = KIND_ARRAY_STRING, [KIND_UINT64] = KIND_ARRAY_UINT64,   [KIND_JSON] = KIND_ARRAY_JSON};
    enum kind all = KINDS;
    struct slice element;
    const char *at = text.data + 1, *end = text.data + text.length;
    bool has_null = false;
    while (next_element(&at, end, &element)) {
        if (is_null_text(element)) {
            has_null = true;
            continue;
        }
        char first = element.length == 0 ? '[' : element.data[0];
        enum kind kind = first == '{' ? KIND_JSON : first == '[' ? KIND_ARRAY_DYNAMIC : scalar_kind(element);
        bool numbers = (kind == KIND_INT64 || kind == KIND_UINT64 || kind == KIND_FLOAT64) &&
                       (all == KIND_INT64 || all == KIND_UINT64 || all == KIND_FLOAT64);
        if (kind == KIND_ARRAY_DYNAMIC || (all != KINDS && all != kind && !numbers)) {
            return KIND_ARRAY_DYNAMIC;
        }
        all = all == KINDS || all == kind ? kind : KIND_FLOAT64;
    }
    if (all == KIND_JSON && has_null) {
        return KIND_ARRAY_DYNAMIC;
    }
    return all == KINDS ? KIND_ARRAY_STRING : of[all];
}

static enum kind kind_of(struct slice text)
{
    char first = text.length == 0 ? '"' : text.data[0];
    return first == '[' ? array_kind(text) : first == '{' ? KIND_JSON : scalar_kind(text);
}

/* ---- what a block's column is made of; NULL or false: memory is out, or the query is to end */

static bool add_entry(struct maker *maker, struct entries *entries, struct slice path, struct slice text, uint32_t row)
{
    if (entries->count == entries->capacity) {
        uint32_t room = entries->capacity == 0 ? 64 : entries->capacity * 2;
        struct entry *grown = ARENA_ARRAY(maker->arena, struct entry, room);
        if (grown == NULL) {
            return false;
        }
        if (entries->count > 0) {
            memcpy(grown, entries->list, entries->count * sizeof(*grown));
        }
        entries->list = grown;
        entries->capacity = room;
    }
    entries->list[entries->count++] = (struct entry){.path = path, .text = text, .row = row};
    return !interrupted_at(maker->steps++);
}

static bool take_packed(const char **at, struct slice *out)
{
    uint32_t length;
    memcpy(&length, *at, sizeof(length));
    *out = slice_of(*at + sizeof(length), length);
    *at += sizeof(length) + length;
    return true;
}

/* The paths of an object's text. */
static bool add_object(struct maker *maker, struct entries *entries, struct slice text, uint32_t row)
{
    maker->packed.length = 0;
    struct err *err = json_paths_read(text, maker->json, timezone_utc(), &maker->packed);
    struct slice packed =
        err != NULL || maker->packed.failed ? (struct slice){0} : arena_slice(maker->arena, buffer_all(&maker->packed));
    err_free(err);
    if (packed.data == NULL) {
        return false;
    }
    uint32_t count;
    const char *at = packed.data + sizeof(count);
    memcpy(&count, packed.data, sizeof(count));
    for (uint32_t k = 0; k < count; k++) {
        struct slice path, value;
        if (!take_packed(&at, &path) || !take_packed(&at, &value) || !add_entry(maker, entries, path, value, row)) {
            return false;
        }
    }
    return true;
}

/* What lies below the values of a Dynamic: elements of arrays of several kinds, objects. */
static bool make_below(struct maker *maker, struct dynamic *dynamic)
{
    struct entries elements = {0}, objects = {0}, nested = {0};
    uint32_t element_rows = 0, object_rows = 0, nested_rows = 0;
    for (uint32_t i = 0; i < dynamic->count; i++) {
        struct slice text = dynamic->entries[i].text, element;
        const char *at = text.data + 1, *end = text.data + text.length;
        if (dynamic->kinds[i] == KIND_ARRAY_DYNAMIC) {
            for (; next_element(&at, end, &element); element_rows++) {
                if (!is_null_text(element) && !add_entry(maker, &elements, (struct slice){0}, element, element_rows)) {
                    return false;
                }
            }
        } else if (dynamic->kinds[i] == KIND_ARRAY_JSON) {
            for (; next_element(&at, end, &element); object_rows++) {
                if (!add_object(maker, &objects, element, object_rows)) {
                    return false;
                }
            }
        } else if (dynamic->kinds[i] == KIND_JSON && !add_object(maker, &nested, text, nested_rows++)) {
            return false;
        }
    }
    if (dynamic->counts[KIND_ARRAY_DYNAMIC] > 0) {
        dynamic->elements = make_dynamic(maker, elements.list, elements.count, element_rows);
    }
    if (dynamic->counts[KIND_ARRAY_JSON] > 0) {
        dynamic->objects = make_object(maker, &objects, object_rows, NESTED_MAX);
    }
    if (dynamic->counts[KIND_JSON] > 0) {
        dynamic->nested = make_object(maker, &nested, nested_rows, PATHS_MAX);
    }
    return (dynamic->elements != NULL || dynamic->counts[KIND_ARRAY_DYNAMIC] == 0) &&
           (dynamic->objects != NULL || dynamic->counts[KIND_ARRAY_JSON] == 0) &&
           (dynamic->nested != NULL || dynamic->counts[KIND_JSON] == 0);
}

static struct dynamic *make_dynamic(struct maker *maker, const struct entry *list, uint32_t count, uint32_t rows)
{
    struct dynamic *dynamic = arena_zalloc(maker->arena, sizeof(*dynamic));
    uint8_t *of = ARENA_ARRAY(maker->arena, uint8_t, (size_t)count + 1);
    if (dynamic == NULL || of == NULL) {
        return NULL;
    }
    dynamic->rows = rows;
    dynamic->entries = list;
    dynamic->count = count;
    dynamic->kinds = of;
    for (uint32_t i = 0; i < count; i++) {
        of[i] = (uint8_t)kind_of(list[i].text);
        dynamic->counts[of[i]]++;
        if (interrupted_at(maker->steps++)) {
            return NULL;
        }
    }
    return make_below(maker, dynamic) ? dynamic : NULL;
}

/* Numbers the paths in the order in which they come; *count of them. */
static bool number_paths(struct maker *maker, struct entries *entries, struct slice **names, uint32_t *count)
{
    uint32_t places = 64;
    while (places < entries->count && places < 1U << 30) {
        places *= 2;
    }
    places *= 2;
    uint32_t *known = ARENA_ARRAY(maker->arena, uint32_t, places);
    *names = ARENA_ARRAY(maker->arena, struct slice, (size_t)entries->count + 1);
    *count = 0;
    if (known == NULL || *names == NULL) {
        return false;
    }
    memset(known, 0xff, places * sizeof(*known));
    for (uint32_t i = 0; i < entries->count; i++) {
        struct entry *entry = &entries->list[i];
        uint32_t place = (uint32_t)checksum(entry->path.data, entry->path.length) & (places - 1);
        while (known[place] != NO_PATH && !slice_equal((*names)[known[place]], entry->path)) {
            place = (place + 1) & (places - 1);
        }
        if (known[place] == NO_PATH) {
            known[place] = *count;
            (*names)[(*count)++] = entry->path;
        }
        entry->number = known[place];
    }
    return true;
}

struct named {
    struct slice name;
    uint32_t number;
};

static int order_names(const void *a, const void *b)
{
    return slice_compare(((const struct named *)a)->name, ((const struct named *)b)->name);
}

static struct object *make_object(struct maker *maker, struct entries *entries, uint32_t rows, uint32_t paths_max)
{
    struct object *object = arena_zalloc(maker->arena, sizeof(*object));
    struct slice *names = NULL;
    uint32_t all = 0;
    if (object == NULL || !number_paths(maker, entries, &names, &all)) {
        return NULL;
    }
    uint32_t count = all < paths_max ? all : paths_max;
    uint32_t *starts = ARENA_ARRAY(maker->arena, uint32_t, (size_t)count + 2);
    struct entry *sorted = ARENA_ARRAY(maker->arena, struct entry, (size_t)entries->count + 1);
    struct named *order = ARENA_ARRAY(maker->arena, struct named, (size_t)count + 1);
    object->names = ARENA_ARRAY(maker->arena, struct slice, (size_t)count + 1);
    object->paths = ARENA_ARRAY(maker->arena, struct dynamic *, (size_t)count + 1);
    object->rows = rows;
    object->path_count = count;
    if (starts == NULL || sorted == NULL || order == NULL || object->names == NULL || object->paths == NULL) {
        return NULL;
    }
    memset(starts, 0, ((size_t)count + 2) * sizeof(*starts));
    for (uint32_t i = 0; i < entries->count; i++) {
        const struct entry *entry = &entries->list[i];
        if (entry->number < count) {
            starts[entry->number + 1]++;
        } else if (!add_entry(maker, &object->shared, entry->path, entry->text, entry->row)) {
            return NULL;
        }
    }
    for (uint32_t k = 0; k < count; k++) {
        starts[k + 1] += starts[k];
        order[k] = (struct named){names[k], k};
    }
    uint32_t *next = ARENA_ARRAY(maker->arena, uint32_t, (size_t)count + 1);
    if (next == NULL) {
        return NULL;
    }
    memcpy(next, starts, (size_t)count * sizeof(*next));
    for (uint32_t i = 0; i < entries->count; i++) {
        if (entries->list[i].number < count) {
            sorted[next[entries->list[i].number]++] = entries->list[i];
        }
    }
    if (count > 0) {
        qsort(order, count, sizeof(*order), order_names);
    }
    for (uint32_t k = 0; k < count; k++) {
        uint32_t number = order[k].number;
        object->names[k] = order[k].name;
        object->paths[k] = make_dynamic(maker, sorted + starts[number], starts[number + 1] - starts[number], rows);
        if (object->paths[k] == NULL) {
            return NULL;
        }
    }
    return object;
}

/* ---- what is said in front of the values */

static void put_u64(struct buffer *out, uint64_t value)
{
    buffer_append(out, &value, sizeof(value));
}

static void say_object(struct buffer *out, const struct object *object, const struct type *type);

static void say_dynamic(struct buffer *out, const struct dynamic *dynamic)
{
    uint32_t count = 0;
    for (uint32_t k = 0; k < KINDS; k++) {
        count += dynamic->counts[k] > 0;
    }
    put_u64(out, DYNAMIC_VERSION);
    binary_put_length(out, count); /* at most, */
    binary_put_length(out, count);
    for (uint32_t k = 0; k < KINDS; k++) {
        if (dynamic->counts[k] > 0) {
            binary_put_text(out, slice_text(kinds[k].name));
        }
    }
    put_u64(out, 0); /* a mark per row */
    if (dynamic->elements != NULL) {
        say_dynamic(out, dynamic->elements);
    }
    if (dynamic->objects != NULL) {
        say_object(out, dynamic->objects, NULL);
    }
    if (dynamic->nested != NULL) {
        say_object(out, dynamic->nested, NULL);
    }
}

/* type: with declared paths, or NULL. */
static void say_object(struct buffer *out, const struct object *object, const struct type *type)
{
    put_u64(out, OBJECT_VERSION);
    binary_put_length(out, object->path_count); /* at most, */
    binary_put_length(out, object->path_count);
    for (uint32_t k = 0; k < object->path_count; k++) {
        binary_put_text(out, object->names[k]);
    }
    for (uint32_t k = 0; type != NULL && k + 1 < type->child_count; k++) {
        native_put_prefixes(out, type->children[k]);
    }
    for (uint32_t k = 0; k < object->path_count; k++) {
        say_dynamic(out, object->paths[k]);
    }
}

/* ---- values */

static void put_scalar(struct buffer *out, enum kind kind, struct slice text)
{
    int64_t integer = 0;
    uint64_t natural = 0;
    double number = 0;
    switch (kind) {
    case KIND_BOOL:
        buffer_char(out, text.length > 0 && text.data[0] == 't');
        break;
    case KIND_INT64:
        (void)number_parse_i64(text, &integer);
        buffer_append(out, &integer, sizeof(integer));
        break;
    case KIND_UINT64:
        (void)number_parse_u64(text, &natural);
        buffer_append(out, &natural, sizeof(natural));
        break;
    case KIND_FLOAT64:
        (void)number_parse_double(text, &number);
        buffer_append(out, &number, sizeof(number));
        break;
    default: {
        struct buffer plain = {0};
        if (text.length > 0 && text.data[0] == '"') {
            json_plain_text(&plain, text);
        } else {
            buffer_slice(&plain, text);
        }
        binary_put_text(out, plain.length == 0 ? slice_text("") : buffer_all(&plain));
        out->failed |= plain.failed;
        buffer_deinit(&plain);
    }
    }
}

static enum kind element_kind(enum kind array)
{
    static const enum kind of[KINDS] = {[KIND_ARRAY_BOOL] = KIND_BOOL,
                                        [KIND_ARRAY_FLOAT64] = KIND_FLOAT64,
                                        [KIND_ARRAY_INT64] = KIND_INT64,
                                        [KIND_ARRAY_STRING] = KIND_STRING,
                                        [KIND_ARRAY_UINT64] = KIND_UINT64};
    return of[array];
}

static uint64_t count_elements(struct slice text)
{
    const char *at = text.data + 1, *end = text.data + text.length;
    struct slice element;
    uint64_t count = 0;
    while (next_element(&at, end, &element)) {
        count++;
    }
    return count;
}

/* All values of one kind of array: their ends, and but for those that are written as nodes, the elements. */
static void put_arrays(struct buffer *out, const struct dynamic *dynamic, enum kind kind, bool with_elements)
{
    enum kind inner = element_kind(kind);
    uint64_t end = 0;
    struct slice element;
    for (uint32_t i = 0; i < dynamic->count; i++) {
        if (dynamic->kinds[i] == kind) {
            end += count_elements(dynamic->entries[i].text);
            put_u64(out, end);
        }
    }
    for (uint32_t pass = 0; with_elements && pass < 2; pass++) { /* NULLs, then values */
        for (uint32_t i = 0; i < dynamic->count && !interrupted_at(i); i++) {
            struct slice text = dynamic->entries[i].text;
            const char *at = text.data + 1;
            while (dynamic->kinds[i] == kind && next_element(&at, text.data + text.length, &element)) {
                bool is_null = is_null_text(element);
                if (pass == 0) {
                    buffer_char(out, is_null);
                } else if (is_null) {
                    put_scalar(out, inner, slice_text(inner == KIND_STRING ? "" : "0"));
                } else {
                    put_scalar(out, inner, element);
                }
            }
        }
    }
}

static void put_object(struct arena *arena, struct buffer *out, const struct object *object,
                       const struct column *column);

static void put_dynamic(struct arena *arena, struct buffer *out, const struct dynamic *dynamic)
{
    uint8_t marks[KINDS], mark = 0;
    uint32_t i = 0;
    for (uint32_t k = 0; k < KINDS; k++) {
        marks[k] = mark;
        mark = (uint8_t)(mark + (k == KIND_SHARED || dynamic->counts[k] > 0));
    }
    for (uint32_t row = 0; row < dynamic->rows && !interrupted_at(row); row++) {
        bool is_null = i == dynamic->count || dynamic->entries[i].row != row;
        buffer_char(out, is_null ? (char)NULL_MARK : (char)marks[dynamic->kinds[i]]);
        i += !is_null;
    }
    for (uint32_t k = 0; k < KINDS; k++) {
        if (dynamic->counts[k] == 0) {
            continue;
        }
        if (k == KIND_JSON) {
            put_object(arena, out, dynamic->nested, NULL);
            continue;
        }
        if (k <= KIND_ARRAY_UINT64) {
            put_arrays(out, dynamic, k, k > KIND_ARRAY_JSON);
        }
        if (k == KIND_ARRAY_DYNAMIC) {
            put_dynamic(arena, out, dynamic->elements);
        } else if (k == KIND_ARRAY_JSON) {
            put_object(arena, out, dynamic->objects, NULL);
        }
        for (i = 0; k > KIND_ARRAY_UINT64 && i < dynamic->count && !interrupted_at(i); i++) {
            if (dynamic->kinds[i] == k) {
                put_scalar(out, k, dynamic->entries[i].text);
            }
        }
    }
}

/* A value with its type, as bytes: arrays of several kinds and objects as their texts. */
static void put_shared_value(struct buffer *out, struct slice text)
{
    struct buffer bytes = {0};
    enum kind kind = kind_of(text);
    if (kind <= KIND_ARRAY_JSON || kind == KIND_JSON) {
        buffer_char(&bytes, BINARY_STRING);
        binary_put_text(&bytes, text);
    } else if (kind <= KIND_ARRAY_UINT64) {
        const char *at = text.data + 1;
        struct slice element;
        buffer_char(&bytes, BINARY_ARRAY);
        buffer_char(&bytes, BINARY_NULLABLE);
        buffer_char(&bytes, (char)kinds[kind].binary);
        binary_put_length(&bytes, count_elements(text));
        while (next_element(&at, text.data + text.length, &element)) {
            bool is_null = is_null_text(element);
            buffer_char(&bytes, is_null);
            if (!is_null) {
                put_scalar(&bytes, element_kind(kind), element);
            }
        }
    } else {
        buffer_char(&bytes, (char)kinds[kind].binary);
        put_scalar(&bytes, kind, text);
    }
    binary_put_text(out, buffer_all(&bytes));
    out->failed |= bytes.failed;
    buffer_deinit(&bytes);
}

/* column: with declared paths, or NULL. */
static void put_object(struct arena *arena, struct buffer *out, const struct object *object,
                       const struct column *column)
{
    for (uint32_t k = 0; column != NULL && k + 1 < column->type->child_count; k++) {
        out->failed |= !native_put_data(arena, out, column->children[k], 0, column->row_count);
    }
    for (uint32_t k = 0; k < object->path_count; k++) {
        put_dynamic(arena, out, object->paths[k]);
    }
    const struct entries *shared = &object->shared;
    for (uint32_t row = 0, i = 0; row < object->rows && !interrupted_at(row); row++) {
        while (i < shared->count && shared->list[i].row == row) {
            i++;
        }
        put_u64(out, i);
    }
    for (uint32_t i = 0; i < shared->count && !interrupted_at(i); i++) {
        binary_put_text(out, shared->list[i].path);
    }
    for (uint32_t i = 0; i < shared->count && !interrupted_at(i); i++) {
        put_shared_value(out, shared->list[i].text);
    }
}

/* ---- columns */

static bool put_json_column(struct maker *maker, struct buffer *out, const struct column *column)
{
    const struct type *type = column->type;
    const struct column *map = column_flat(maker->arena, column->children[type->child_count - 1]);
    const struct column *keys = map == NULL ? NULL : column_flat(maker->arena, map->children[0]->children[0]);
    const struct column *values = map == NULL ? NULL : column_flat(maker->arena, map->children[0]->children[1]);
    struct entries entries = {0};
    uint32_t paths_max = type->json == NULL ? PATHS_MAX : type->json->max_dynamic_paths;
    if (keys == NULL || values == NULL) {
        return false;
    }
    for (uint32_t row = 0; row < column->row_count; row++) {
        for (uint32_t i = map->offsets[row]; i < map->offsets[row + 1]; i++) {
            if (!add_entry(maker, &entries, ((const struct slice *)keys->values)[i],
                           ((const struct slice *)values->values)[i], row)) {
                return false;
            }
        }
    }
    struct object *object = make_object(maker, &entries, column->row_count, paths_max);
    if (object == NULL) {
        return false;
    }
    say_object(out, object, type);
    put_object(maker->arena, out, object, column);
    return true;
}

static bool put_dynamic_column(struct maker *maker, struct buffer *out, const struct column *column)
{
    struct entries entries = {0};
    for (uint32_t row = 0; row < column->row_count; row++) {
        if (!column_is_null(column, row) &&
            !add_entry(maker, &entries, (struct slice){0}, ((const struct slice *)column->values)[row], row)) {
            return false;
        }
    }
    struct dynamic *dynamic = make_dynamic(maker, entries.list, entries.count, column->row_count);
    if (dynamic == NULL) {
        return false;
    }
    say_dynamic(out, dynamic);
    put_dynamic(maker->arena, out, dynamic);
    return true;
}

bool native_put_view(struct arena *arena, struct buffer *out, const struct column *column)
{
    struct maker maker = {.arena = arena};
    struct err *err = type_parse(arena, slice_text("JSON"), &maker.json);
    const struct column *flat = column_flat(arena, column);
    bool whole = err == NULL && flat != NULL &&
                 (column->type->view == TYPE_VIEW_JSON ? put_json_column(&maker, out, flat)
                                                       : put_dynamic_column(&maker, out, flat));
    err_free(err);
    buffer_deinit(&maker.packed);
    return whole;
}
