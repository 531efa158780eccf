/*
 * dictionary.c: dictGet, dictGetOrDefault, dictGetOrNull, their forms per type, dictHas, dictGetHierarchy, dictIsIn.
 *
 * A dictionary is loaded when a call of it is bound; what stands in it is looked up chunk by chunk, so that a source
 * that runs for days sees what was loaded since. Results refer to the dictionary's rows and pin them in their arena.
 */
#include "query/lexicon.h"

#include "query/functions/functions.h"

enum get_mode { GET, GET_DEFAULT, GET_NULL };

struct call {
    struct lexicon *dictionary;
    enum get_mode mode;
    const uint32_t *attributes; /* indexes into the shape's */
    uint32_t attribute_count;
    bool is_tuple;                   /* attributes were given as a tuple */
    uint32_t key;                    /* index of the argument; the range's follows */
    uint32_t fallback;               /* of the default */
    bool key_nullable;               /* the result is NULL where the key is */
    const struct type *const *types; /* of the results, one per attribute */
};

static struct err *bind_dictionary(const struct function_bind *bind, struct lexicon **out)
{
    struct err *err = NULL;
    const struct function_argument *name = &bind->arguments[0];
    struct lexicon_data *data = NULL;

    if (name->type->kind != TYPE_STRING || name->constant == NULL) {
        return err_new(ERR_ARGUMENT_TYPE, "function %s: the first argument is a dictionary's name, a constant string",
                       bind->name);
    }
    OR_DONE(lexicon_named(bind->arena, bind->context, *(const struct slice *)column_value(name->constant, 0), out));
    OR_DONE(lexicon_take(*out, &data));
done:
    lexicon_data_unref(data);
    return err;
}

/* ---- keys */

/* A value as UInt64: what does not fit is an error. */
static struct err *simple_key(struct arena *arena, const struct function_context *context, const struct column *key,
                              const struct type *type, const struct column **out)
{
    struct err *err = NULL;
    struct column *made = NULL;

    if (type_is_nested(key->type)) {
        struct slice name = type_name(arena, key->type);
        return err_new(ERR_ARGUMENT_TYPE, "a dictionary's key cannot be of type %.*s", SLICE_ARG(name));
    }
    if (type_is_number(key->type)) {
        OR_DONE(cast_accurate_or_null(arena, context, key, type, &made));
        const struct column *flat = column_flat(arena, made);
        if (flat == NULL) {
            return arena_error(arena);
        }
        for (uint32_t i = 0; i < flat->row_count; i++) {
            if (column_is_null(flat, i)) {
                struct slice name = type_name(arena, key->type);
                return err_new(ERR_CANNOT_CONVERT, "a value of type %.*s cannot be a key of type UInt64",
                               SLICE_ARG(name));
            }
        }
        made = column_retyped(arena, flat, type);
        if (made == NULL) {
            return arena_error(arena);
        }
        made->nulls = NULL;
    } else {
        OR_DONE(function_cast(arena, context, key, type, &made));
    }
    *out = column_flat(arena, made);
    err = *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

static struct err *find_keys(const struct function *function, struct arena *arena, const struct lexicon_shape *shape,
                             const struct column *key, const struct column ***out)
{
    struct err *err = NULL;
    const struct column **keys = ARENA_ARRAY(arena, const struct column *, shape->key_count + 1U);

    if (keys == NULL) {
        return arena_error(arena);
    }
    *out = keys;
    if (shape->layout != LEXICON_COMPLEX) {
        return simple_key(arena, function->context, key, shape->keys[0].type, &keys[0]);
    }
    const struct column *flat = key->type->kind == TYPE_TUPLE ? column_flat(arena, key) : key;
    if (flat == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < shape->key_count; k++) {
        struct column *cast = NULL;
        const struct column *part = flat->type->kind == TYPE_TUPLE ? flat->children[k] : flat;
        OR_DONE(function_cast(arena, function->context, part, shape->keys[k].type, &cast));
        keys[k] = column_flat(arena, cast);
        if (keys[k] == NULL) {
            err = arena_error(arena);
            goto done;
        }
    }
done:
    return err;
}

/* Types of the key and the range, known when the call is bound. */
static struct err *check_key(const struct function_bind *bind, const struct lexicon_shape *shape, uint32_t index)
{
    const struct type *key = bind->arguments[index].type;

    if (shape->layout == LEXICON_COMPLEX) {
        if (key->kind != TYPE_TUPLE && shape->key_count > 1) {
            return argument_error(bind, index, "a tuple of the dictionary's keys");
        }
        if (key->kind == TYPE_TUPLE && key->child_count != shape->key_count) {
            return err_new(ERR_TYPE_MISMATCH, "function %s: the dictionary %.*s.%.*s has %u keys, %u are given",
                           bind->name, SLICE_ARG(shape->database), SLICE_ARG(shape->name), shape->key_count,
                           key->child_count);
        }
        return NULL;
    }
    if (type_is_nested(key)) {
        return argument_error(bind, index, "a number");
    }
    if (shape->layout == LEXICON_RANGE) {
        const struct type *range = bind->arguments[index + 1].type;
        if (type_physical(range) == TYPE_NOTHING) {
            struct slice name = type_name(bind->arena, range);
            return err_new(ERR_ILLEGAL_COLUMN, "function %s: a range cannot be looked up by a value of type %.*s",
                           bind->name, SLICE_ARG(name));
        }
    }
    return NULL;
}

/* rows[i] of the arguments' keys. */
static struct err *find_rows(const struct function *function, struct arena *arena, struct lexicon *dictionary,
                             const struct lexicon_data *data, const struct column *const *arguments, uint32_t key,
                             uint32_t row_count, uint32_t **out)
{
    struct err *err = NULL;
    const struct lexicon_shape *shape = lexicon_shape(dictionary);
    const struct column **keys = NULL;
    int64_t *range = NULL;
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, row_count + 1U);

    if (rows == NULL) {
        return arena_error(arena);
    }
    OR_DONE(find_keys(function, arena, shape, arguments[key], &keys));
    if (shape->layout == LEXICON_RANGE) {
        struct column *cast = NULL;
        const struct type *bare = type_nullable(arena, shape->range[0].type, false);
        range = ARENA_ARRAY(arena, int64_t, row_count + 1U);
        if (range == NULL || bare == NULL) {
            return arena_error(arena);
        }
        OR_DONE(function_cast(arena, function->context, arguments[key + 1], bare, &cast));
        for (uint32_t i = 0; i < row_count; i++) {
            range[i] = column_int(cast, cast->form == COLUMN_CONST ? 0 : i);
        }
    }
    OR_DONE(lexicon_find(data, shape, arena, keys, range, row_count, rows));
    uint64_t found = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        found += rows[i] != data->row_count;
    }
    lexicon_count(dictionary, row_count, found);
    *out = rows;
done:
    return err;
}

/* ---- dictGet and its forms */

static struct err *take_attribute(struct arena *arena, const struct call *call, const struct lexicon_data *data,
                                  uint32_t which, const uint32_t *rows, const struct column *fallback,
                                  uint32_t row_count, struct column **out)
{
    const struct lexicon_shape *shape = lexicon_shape(call->dictionary);
    const struct column *column =
        data->columns[lexicon_column_count(shape) - shape->attribute_count + call->attributes[which]];

    if (call->mode == GET_DEFAULT) {
        const struct column *both[2] = {column, fallback};
        uint32_t *sources = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
        uint32_t *places = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
        if (sources == NULL || places == NULL) {
            return arena_error(arena);
        }
        for (uint32_t i = 0; i < row_count; i++) {
            bool missing = rows[i] == data->row_count;
            sources[i] = missing;
            places[i] = missing ? i : rows[i];
        }
        *out = column_pick(arena, column->type, both, 2, sources, places, row_count);
        return *out == NULL ? arena_error(arena) : NULL;
    }
    struct column *taken = column_take(arena, column, rows, row_count);
    if (taken != NULL && call->mode == GET_NULL && !type_is_nested(taken->type)) {
        struct column *nullable = column_retyped(arena, taken, call->types[which]);
        uint8_t *nulls = arena_zalloc(arena, row_count + 1U);
        if (nullable == NULL || nulls == NULL) {
            return arena_error(arena);
        }
        for (uint32_t i = 0; i < row_count; i++) {
            nulls[i] = rows[i] == data->row_count || column_is_null(taken, i);
        }
        nullable->nulls = nulls;
        taken = nullable;
    }
    *out = taken;
    return taken == NULL ? arena_error(arena) : NULL;
}

/* The default's column for attribute `which`, of its type. */
static struct err *fallback_of(const struct function *function, struct arena *arena, const struct call *call,
                               const struct column *given, uint32_t which, const struct type *type,
                               const struct column **out)
{
    struct err *err = NULL;
    struct column *cast = NULL;

    if (call->is_tuple) {
        const struct column *flat = column_flat(arena, given);
        if (flat == NULL) {
            return arena_error(arena);
        }
        given = flat->children[which];
    }
    OR_DONE(function_cast(arena, function->context, given, type, &cast));
    *out = column_flat(arena, cast);
    err = *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

/* Where the key is NULL the result is: its nulls are put on what was looked up for whatever stands there. */
static struct err *key_nulls(struct arena *arena, const struct column *key, const struct type *type, uint32_t row_count,
                             struct column **column)
{
    uint8_t *nulls = arena_zalloc(arena, row_count + 1U);
    const struct column *flat = column_flat(arena, *column);
    struct column *marked = flat == NULL ? NULL : column_retyped(arena, flat, type);

    if (nulls == NULL || marked == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        nulls[i] = null_at(key, i) || null_at(flat, i);
    }
    marked->nulls = nulls;
    *column = marked;
    return NULL;
}

/* The arguments with the key's nulls taken off. */
static struct err *bare_key(struct arena *arena, const struct call *call, uint32_t count,
                            const struct column *const *arguments, const struct column *const **out)
{
    const struct column **bare = ARENA_ARRAY(arena, const struct column *, count + 1U);
    const struct type *type = type_nullable(arena, arguments[call->key]->type, false);
    struct column *key = bare == NULL || type == NULL ? NULL : column_retyped(arena, arguments[call->key], type);

    if (key == NULL) {
        return arena_error(arena);
    }
    memcpy(bare, arguments, count * sizeof(*bare));
    key->nulls = NULL;
    bare[call->key] = key;
    *out = bare;
    return NULL;
}

static struct err *evaluate_get(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct call *call = function->data;
    struct lexicon_data *data = NULL;
    uint32_t *rows = NULL;
    const struct column *key = arguments[call->key];

    if (key->type->kind == TYPE_NOTHING) {
        *out = column_default(arena, function->type, row_count);
        return *out == NULL ? arena_error(arena) : NULL;
    }
    if (call->key_nullable) {
        OR_DONE(bare_key(arena, call, function->argument_count, arguments, &arguments));
    }
    struct column **parts = ARENA_ARRAY(arena, struct column *, call->attribute_count + 1U);

    if (parts == NULL) {
        return arena_error(arena);
    }
    OR_DONE(lexicon_take(call->dictionary, &data));
    OR_DONE(lexicon_data_pin(data, arena));
    OR_DONE(find_rows(function, arena, call->dictionary, data, arguments, call->key, row_count, &rows));
    for (uint32_t a = 0; a < call->attribute_count; a++) {
        const struct column *fallback = NULL;
        if (call->mode == GET_DEFAULT) {
            OR_DONE(fallback_of(function, arena, call, arguments[call->fallback], a, call->types[a], &fallback));
        }
        OR_DONE(take_attribute(arena, call, data, a, rows, fallback, row_count, &parts[a]));
    }
    if (!call->is_tuple) {
        *out = parts[0];
        if (call->key_nullable && function->inner->nullable) {
            err = key_nulls(arena, key, function->inner, row_count, out);
        } else if (!type_equal((*out)->type, function->inner)) {
            *out = column_retyped(arena, *out, function->inner);
            err = *out == NULL ? arena_error(arena) : NULL;
        }
        goto done;
    }
    *out = column_new(arena, function->inner, row_count);
    if (*out == NULL) {
        err = arena_error(arena);
        goto done;
    }
    (*out)->children = parts;
done:
    lexicon_data_unref(data);
    return err;
}

/* The attributes that the second argument names. */
static struct err *bind_attributes(const struct function_bind *bind, const struct lexicon_shape *shape,
                                   struct call *call)
{
    const struct function_argument *given = &bind->arguments[1];
    bool tuple = given->type->kind == TYPE_TUPLE;
    uint32_t count = tuple ? given->type->child_count : 1;
    uint32_t *attributes = ARENA_ARRAY(bind->arena, uint32_t, count + 1U);
    const struct column *flat = given->constant == NULL ? NULL : column_flat(bind->arena, given->constant);

    if (attributes == NULL || (given->constant != NULL && flat == NULL)) {
        return arena_error(bind->arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct column *name = flat == NULL ? NULL : tuple ? flat->children[i] : flat;
        if (name == NULL || name->type->kind != TYPE_STRING) {
            return err_new(ERR_ARGUMENT_TYPE,
                           "function %s: the second argument is an attribute's name, a constant string, or a tuple of "
                           "them",
                           bind->name);
        }
        struct slice text = *(const struct slice *)column_value(name, 0);
        attributes[i] = lexicon_attribute_find(shape, text);
        if (attributes[i] == UINT32_MAX) {
            return err_new(ERR_BAD_ARGUMENTS, "No such attribute '%.*s' in the dictionary %.*s.%.*s", SLICE_ARG(text),
                           SLICE_ARG(shape->database), SLICE_ARG(shape->name));
        }
    }
    call->attributes = attributes;
    call->attribute_count = count;
    call->is_tuple = tuple;
    return NULL;
}

static struct err *bind_types(const struct function_bind *bind, const struct lexicon_shape *shape, struct call *call,
                              const struct type **out)
{
    const struct type **types = ARENA_ARRAY(bind->arena, const struct type *, call->attribute_count + 1U);
    struct slice *names = ARENA_ARRAY(bind->arena, struct slice, call->attribute_count + 1U);

    if (types == NULL || names == NULL) {
        return arena_error(bind->arena);
    }
    for (uint32_t i = 0; i < call->attribute_count; i++) {
        const struct lexicon_attribute *attribute = &shape->attributes[call->attributes[i]];
        types[i] = attribute->type;
        names[i] = attribute->name;
        if (call->mode == GET_NULL && !type_is_nested(attribute->type)) {
            types[i] = type_nullable(bind->arena, attribute->type, true);
        }
        if (types[i] == NULL) {
            return arena_error(bind->arena);
        }
    }
    call->types = types;
    *out = call->is_tuple ? type_tuple(bind->arena, types, names, call->attribute_count) : types[0];
    return *out == NULL ? arena_error(bind->arena) : NULL;
}

/* tag: mode, and above it the kind that the attribute must have, or 0. */
static struct err *resolve_get(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct call *call = ARENA_NEW(bind->arena, struct call);
    enum type_kind wanted = (enum type_kind)(bind->tag >> 4);

    if (call == NULL) {
        return arena_error(bind->arena);
    }
    call->mode = (enum get_mode)(bind->tag & 15);
    OR_DONE(bind_dictionary(bind, &call->dictionary));
    const struct lexicon_shape *shape = lexicon_shape(call->dictionary);
    OR_DONE(bind_attributes(bind, shape, call));
    call->key = 2;
    uint32_t count = 3U + (shape->layout == LEXICON_RANGE) + (call->mode == GET_DEFAULT);
    if (bind->count != count) {
        err = err_new(ERR_ARGUMENT_COUNT, "function %s takes %u arguments for the dictionary %.*s.%.*s, %u given",
                      bind->name, count, SLICE_ARG(shape->database), SLICE_ARG(shape->name), bind->count);
        goto done;
    }
    call->fallback = count - 1;
    const struct type *key = bind->arguments[call->key].type;
    if (key->kind != TYPE_NOTHING) {
        OR_DONE(check_key(bind, shape, call->key));
    }
    OR_DONE(bind_types(bind, shape, call, &out->inner));
    call->key_nullable = key->nullable || key->kind == TYPE_NOTHING;
    if (bind->tag >> 4 != 0 && (call->is_tuple || call->types[0]->kind != wanted)) {
        struct slice name = type_name(bind->arena, out->inner);
        err = err_new(ERR_TYPE_MISMATCH, "function %s: the attribute is of type %.*s", bind->name, SLICE_ARG(name));
        goto done;
    }
    if (call->mode == GET_DEFAULT && bind->arguments[call->fallback].type->kind == TYPE_NOTHING &&
        !call->types[0]->nullable) {
        err = err_new(ERR_CANNOT_CONVERT, "function %s: the default is NULL, the attribute's type is not Nullable",
                      bind->name);
        goto done;
    }
    if (call->mode == GET_DEFAULT && call->is_tuple) {
        const struct type *given = bind->arguments[call->fallback].type;
        if (given->kind != TYPE_TUPLE || given->child_count != call->attribute_count) {
            err = argument_error(bind, call->fallback, "a tuple with a default for each attribute");
            goto done;
        }
    }
    if (bind->tag >> 4 != 0 && wanted == TYPE_DATETIME) { /* these forms know no time zone */
        out->inner = type_simple(TYPE_DATETIME);
    }
    if (bind->tag >> 4 != 0 && key->kind == TYPE_NOTHING) {
        out->inner = type_nullable(bind->arena, type_simple(TYPE_NOTHING), true);
    } else if (call->key_nullable && !type_is_nested(out->inner)) {
        out->inner = type_nullable(bind->arena, out->inner, true);
        err = out->inner == NULL ? arena_error(bind->arena) : NULL;
    }
    out->data = call;
    out->evaluate = evaluate_get;
done:
    return err;
}

/* ---- dictHas */

static struct err *evaluate_has(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct call *call = function->data;
    struct lexicon_data *data = NULL;
    uint32_t *rows = NULL;

    OR_DONE(lexicon_take(call->dictionary, &data));
    OR_DONE(find_rows(function, arena, call->dictionary, data, arguments, call->key, row_count, &rows));
    OR_DONE(result_new(arena, function->inner, row_count, out));
    for (uint32_t i = 0; i < row_count; i++) {
        ((uint8_t *)(*out)->values)[i] = rows[i] != data->row_count;
    }
done:
    lexicon_data_unref(data);
    return err;
}

static struct err *resolve_has(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct call *call = ARENA_NEW(bind->arena, struct call);

    if (call == NULL) {
        return arena_error(bind->arena);
    }
    OR_DONE(bind_dictionary(bind, &call->dictionary));
    const struct lexicon_shape *shape = lexicon_shape(call->dictionary);
    call->key = 1;
    uint32_t count = 2U + (shape->layout == LEXICON_RANGE);
    if (bind->count != count) {
        err = err_new(ERR_ARGUMENT_COUNT, "function %s takes %u arguments for the dictionary %.*s.%.*s, %u given",
                      bind->name, count, SLICE_ARG(shape->database), SLICE_ARG(shape->name), bind->count);
        goto done;
    }
    OR_DONE(check_key(bind, shape, 1));
    out->inner = type_simple(TYPE_UINT8);
    out->data = call;
    out->evaluate = evaluate_has;
done:
    return err;
}

/* ---- hierarchies */

/* The keys from this one up to its root, itself included; none when it is not there. */
static struct err *climb(const struct call *call, const struct lexicon_data *data, struct arena *scratch, uint64_t key,
                         uint64_t *path, uint32_t *count)
{
    struct err *err = NULL;
    const struct lexicon_shape *shape = lexicon_shape(call->dictionary);
    const struct column *parents = data->columns[shape->key_count + call->attributes[0]];
    uint64_t root = ((const uint64_t *)parents->values)[data->row_count];
    struct column column = {.type = shape->keys[0].type, .form = COLUMN_FLAT, .row_count = 1, .values = &key};
    const struct column *keys[1] = {&column};

    *count = 0;
    while (*count < LEXICON_DEPTH_MAX) {
        uint32_t row = 0;
        OR_DONE(lexicon_find(data, shape, scratch, keys, NULL, 1, &row));
        if (row == data->row_count) {
            break;
        }
        path[(*count)++] = key;
        key = ((const uint64_t *)parents->values)[row];
        if (key == root || (parents->nulls != NULL && parents->nulls[row] != 0)) {
            break;
        }
    }
done:
    return err;
}

static struct err *evaluate_hierarchy(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct call *call = function->data;
    const struct lexicon_shape *shape = lexicon_shape(call->dictionary);
    struct lexicon_data *data = NULL;
    const struct column *keys = NULL;
    uint64_t path[LEXICON_DEPTH_MAX];
    uint64_t *values = NULL;
    uint32_t length = 0, capacity = 0;

    OR_DONE(lexicon_take(call->dictionary, &data));
    OR_DONE(simple_key(arena, function->context, arguments[1], shape->keys[0].type, &keys));
    *out = column_new(arena, function->inner, row_count);
    if (*out == NULL) {
        err = arena_error(arena);
        goto done;
    }
    (*out)->offsets[0] = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t count = 0;
        OR_DONE(climb(call, data, arena, ((const uint64_t *)keys->values)[i], path, &count));
        if (length + count > capacity) {
            capacity = (length + count) * 2;
            uint64_t *grown = ARENA_ARRAY(arena, uint64_t, capacity + 1U);
            if (grown == NULL) {
                err = arena_error(arena);
                goto done;
            }
            if (length > 0) {
                memcpy(grown, values, length * sizeof(*values));
            }
            values = grown;
        }
        if (count > 0) {
            memcpy(values + length, path, count * sizeof(*values));
        }
        length += count;
        (*out)->offsets[i + 1] = length;
    }
    struct column *elements = column_new(arena, function->inner->children[0], length);
    if (elements == NULL) {
        err = arena_error(arena);
        goto done;
    }
    if (length > 0) {
        memcpy(elements->values, values, length * sizeof(*values));
    }
    (*out)->children[0] = elements;
done:
    lexicon_data_unref(data);
    return err;
}

static struct err *evaluate_is_in(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct call *call = function->data;
    const struct lexicon_shape *shape = lexicon_shape(call->dictionary);
    struct lexicon_data *data = NULL;
    const struct column *keys = NULL, *ancestors = NULL;
    uint64_t path[LEXICON_DEPTH_MAX];

    OR_DONE(lexicon_take(call->dictionary, &data));
    OR_DONE(simple_key(arena, function->context, arguments[1], shape->keys[0].type, &keys));
    OR_DONE(simple_key(arena, function->context, arguments[2], shape->keys[0].type, &ancestors));
    OR_DONE(result_new(arena, function->inner, row_count, out));
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t count = 0;
        uint8_t found = 0;
        OR_DONE(climb(call, data, arena, ((const uint64_t *)keys->values)[keys->row_count == 1 ? 0 : i], path, &count));
        for (uint32_t p = 0; p < count && !found; p++) {
            found = path[p] == ((const uint64_t *)ancestors->values)[ancestors->row_count == 1 ? 0 : i];
        }
        ((uint8_t *)(*out)->values)[i] = found;
    }
done:
    lexicon_data_unref(data);
    return err;
}

static struct err *resolve_hierarchy(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct call *call = ARENA_NEW(bind->arena, struct call);
    uint32_t *parent = ARENA_NEW(bind->arena, uint32_t);

    if (call == NULL || parent == NULL) {
        return arena_error(bind->arena);
    }
    OR_DONE(bind_dictionary(bind, &call->dictionary));
    const struct lexicon_shape *shape = lexicon_shape(call->dictionary);
    *parent = 0;
    while (*parent < shape->attribute_count && !shape->attributes[*parent].hierarchical) {
        (*parent)++;
    }
    if (*parent == shape->attribute_count || shape->layout == LEXICON_COMPLEX || shape->layout == LEXICON_RANGE) {
        err = err_new(ERR_UNSUPPORTED_METHOD, "function %s: the dictionary %.*s.%.*s has no hierarchy", bind->name,
                      SLICE_ARG(shape->database), SLICE_ARG(shape->name));
        goto done;
    }
    call->attributes = parent;
    for (uint32_t i = 1; i < bind->count; i++) {
        if (type_is_nested(bind->arguments[i].type)) {
            return argument_error(bind, i, "a number");
        }
    }
    out->inner = bind->tag == 0 ? type_array(bind->arena, type_simple(TYPE_UINT64)) : type_simple(TYPE_UINT8);
    out->data = call;
    out->evaluate = bind->tag == 0 ? evaluate_hierarchy : evaluate_is_in;
    err = out->inner == NULL ? arena_error(bind->arena) : NULL;
done:
    return err;
}

#define GET_FLAGS (FUNCTION_CHANGES | FUNCTION_FULL | FUNCTION_NULLS)

#define OF_TYPE(name, kind)                                                                                            \
    {"dictGet" name, false, 3, 4, GET_FLAGS, resolve_get, GET | (kind) << 4},                                          \
    {                                                                                                                  \
        "dictGet" name "OrDefault", false, 4, 5, GET_FLAGS, resolve_get, GET_DEFAULT | (kind) << 4                     \
    }

static const struct function_definition definitions[] = {
    {"dictGet", false, 3, 4, GET_FLAGS, resolve_get, GET},
    {"dictGetOrDefault", false, 4, 5, GET_FLAGS, resolve_get, GET_DEFAULT},
    {"dictGetOrNull", false, 3, 4, GET_FLAGS, resolve_get, GET_NULL},
    {"dictHas", false, 2, 3, FUNCTION_CHANGES | FUNCTION_FULL, resolve_has, 0},
    {"dictGetHierarchy", false, 2, 2, FUNCTION_CHANGES | FUNCTION_FULL, resolve_hierarchy, 0},
    {"dictIsIn", false, 3, 3, FUNCTION_CHANGES | FUNCTION_FULL, resolve_hierarchy, 1},
    OF_TYPE("UInt8", TYPE_UINT8),
    OF_TYPE("UInt16", TYPE_UINT16),
    OF_TYPE("UInt32", TYPE_UINT32),
    OF_TYPE("UInt64", TYPE_UINT64),
    OF_TYPE("Int8", TYPE_INT8),
    OF_TYPE("Int16", TYPE_INT16),
    OF_TYPE("Int32", TYPE_INT32),
    OF_TYPE("Int64", TYPE_INT64),
    OF_TYPE("Float32", TYPE_FLOAT32),
    OF_TYPE("Float64", TYPE_FLOAT64),
    OF_TYPE("Date", TYPE_DATE),
    OF_TYPE("DateTime", TYPE_DATETIME),
    OF_TYPE("UUID", TYPE_UUID),
    OF_TYPE("IPv4", TYPE_IPV4),
    OF_TYPE("IPv6", TYPE_IPV6),
    OF_TYPE("String", TYPE_STRING),
};

const struct function_group functions_dictionary = GROUP_WITHOUT_ALIASES(definitions);
