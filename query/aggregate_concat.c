/*
 * aggregate_concat.c: groupConcat(delimiter, limit)(x): values as texts, one behind the other.
 *
 * state    the text, doubling in the states' arena; with a limit also where each value ends
 */
#include "query/aggregates.h"

struct concat_state {
    char *text;
    uint64_t length;
    uint64_t capacity;
    uint64_t *ends; /* of values; with a limit only */
    uint64_t count;
    uint64_t unused;
};

struct concat {
    const struct function_context *context;
    struct slice delimiter;
    uint64_t limit; /* UINT64_MAX: none */
};

static struct err *concat_push(const struct concat *concat, struct concat_state *state, struct arena *arena,
                               struct slice text)
{
    size_t delimiter = state->count > 0 ? concat->delimiter.length : 0;
    uint64_t length = state->length + delimiter + text.length;
    if (length > state->capacity) {
        uint64_t capacity = length * 2 + 32;
        char *bytes = arena_alloc(arena, capacity);
        if (bytes == NULL) {
            return arena_error(arena);
        }
        if (state->length > 0) {
            memcpy(bytes, state->text, state->length);
        }
        state->text = bytes;
        state->capacity = capacity;
    }
    if (delimiter > 0) {
        memcpy(state->text + state->length, concat->delimiter.data, delimiter);
    }
    if (text.length > 0) {
        memcpy(state->text + state->length + delimiter, text.data, text.length);
    }
    state->length = length;
    state->count++;
    return NULL;
}

static struct err *concat_take(const struct concat *concat, struct concat_state *state, struct arena *arena,
                               struct slice text)
{
    struct err *err = NULL;
    if (state->count >= concat->limit) {
        return NULL;
    }
    if (concat->limit != UINT64_MAX && (state->count & (state->count - 1)) == 0) { /* room for 1, 2, 4, … ends */
        uint64_t *ends = ARENA_ARRAY(arena, uint64_t, state->count == 0 ? 1 : state->count * 2);
        if (ends == NULL) {
            return arena_error(arena);
        }
        if (state->count > 0) {
            memcpy(ends, state->ends, state->count * sizeof(*ends));
        }
        state->ends = ends;
    }
    OR_DONE(concat_push(concat, state, arena, text));
    if (concat->limit != UINT64_MAX) {
        state->ends[state->count - 1] = state->length;
    }
done:
    return err;
}

static struct err *concat_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    const struct concat *concat = aggregate->data;
    const struct column *flat;
    struct column *texts = NULL;
    OR_DONE(function_cast(scratch, concat->context, arguments[0], type_simple(TYPE_STRING), &texts));
    flat = column_flat(scratch, texts);
    if (flat == NULL) {
        return arena_error(scratch);
    }
    const struct slice *values = flat->values;
    EACH_ROW(struct concat_state, OR_DONE(concat_take(concat, state, arena, values[i])))
done:
    return err;
}

static struct err *concat_merge(MERGE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct concat *concat = aggregate->data;
    struct concat_state *a = into;
    const struct concat_state *b = from;
    if (a->count == 0) {
        *a = *b;
        return NULL;
    }
    if (b->count > 0 && concat->limit == UINT64_MAX) {
        OR_DONE(concat_push(concat, a, arena, slice_of(b->text, b->length)));
        a->count += b->count - 1;
        return NULL;
    }
    for (uint64_t i = 0; i < b->count; i++) {
        OR_DONE(interrupt_at(i));
        uint64_t begin = i == 0 ? 0 : b->ends[i - 1] + concat->delimiter.length;
        OR_DONE(concat_take(concat, a, arena, slice_of(b->text + begin, b->ends[i] - begin)));
    }
done:
    return err;
}

/* How many values, the text, and with a limit where each value ends. */
static struct err *concat_write(WRITE_ARGUMENTS)
{
    const struct concat *concat = aggregate->data;
    const struct concat_state *held = state;
    state_put_count(writer, held->count);
    state_put_text(writer, slice_of(held->text, held->length));
    for (uint64_t i = 0; concat->limit != UINT64_MAX && i < held->count; i++) {
        state_put_count(writer, held->ends[i]);
    }
    return state_writer_error(writer);
}

static struct err *concat_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    (void)scratch;
    const struct concat *concat = aggregate->data;
    struct concat_state *held = into;
    struct slice text;
    uint64_t count;
    uint64_t begin = 0;
    OR_DONE(state_take_count(reader, &count));
    OR_DONE(state_take_text(reader, &text));
    if (count == 0 ? text.length > 0
                   : count > UINT64_MAX / 4 || (count - 1) * (concat->delimiter.length > 0) > text.length) {
        return state_bad("a text is not that of so many values");
    }
    if (concat->limit == UINT64_MAX) {
        if (count > 0) {
            OR_DONE(concat_push(concat, held, arena, text));
            held->count += count - 1;
        }
        return NULL;
    }
    for (uint64_t i = 0; i < count; i++) {
        uint64_t end;
        OR_DONE(state_take_count(reader, &end));
        if (end < begin || end > text.length) {
            return state_bad("a value ends outside of the text");
        }
        OR_DONE(concat_take(concat, held, arena, slice_of(text.data + begin, end - begin)));
        begin = end + concat->delimiter.length;
    }
done:
    return err;
}

static struct err *concat_finish(FINISH_ARGUMENTS)
{
    (void)aggregate;
    (void)arena;
    for (uint32_t g = 0; g < count; g++) {
        const struct concat_state *state = (const void *)(states + (size_t)g * stride);
        ((struct slice *)out->values)[g] = state->length == 0 ? slice_text("") : slice_of(state->text, state->length);
    }
    return NULL;
}

static struct err *concat_resolve(const struct aggregate_bind *bind, struct aggregate *out)
{
    struct concat *concat = ARENA_NEW(bind->arena, struct concat);
    if (concat == NULL) {
        return arena_error(bind->arena);
    }
    if (bind->parameter_count > 2) {
        return err_new(ERR_ARGUMENT_COUNT, "aggregate function %s takes at most 2 parameters", bind->name);
    }
    concat->context = bind->context;
    concat->delimiter = slice_text("");
    concat->limit = UINT64_MAX;
    if (bind->parameter_count > 0) {
        if (bind->parameters[0]->type->kind != TYPE_STRING) {
            return err_new(ERR_ARGUMENT_TYPE, "the first parameter of aggregate function %s must be a String",
                           bind->name);
        }
        concat->delimiter = *(const struct slice *)column_value(bind->parameters[0], 0);
    }
    if (bind->parameter_count > 1) {
        const struct column *limit = bind->parameters[1];
        if (!type_is_integer(limit->type) || column_int(limit, 0) <= 0) {
            return err_new(ERR_BAD_ARGUMENTS, "the second parameter of aggregate function %s must be a positive number",
                           bind->name);
        }
        concat->limit = (uint64_t)column_int(limit, 0);
    }
    out->type = type_simple(TYPE_STRING);
    out->data = concat;
    out->state_bytes = STATE_BYTES(struct concat_state);
    out->add = concat_add;
    out->merge = concat_merge;
    out->write_state = concat_write;
    out->read_state = concat_read;
    out->finish = concat_finish;
    return NULL;
}

static const struct aggregate_definition definitions[] = {
    {"groupConcat", false, 1, 1, AGGREGATE_PARAMETERS, concat_resolve, 0},
};
static const struct aggregate_alias aliases[] = {{"group_concat", true, "groupConcat"},
                                                 {"string_agg", true, "groupConcat"}};
const struct aggregate_group aggregates_concat = GROUP_OF(definitions, aliases);
