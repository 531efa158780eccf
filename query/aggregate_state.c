/*
 * aggregate_state.c: states of aggregate functions as values: the combinators -State, -SimpleState and -Merge, and
 * states that are written as they lie.
 *
 * State    its result are the bytes of the function's state
 * Merge    its argument are such bytes; each row's are added to the function's state
 * thread   bound aggregates are immutable
 */
#include "query/aggregate_combine.h"
#include "query/aggregate_state.h"
#include "query/state_type.h"

/* --- bytes ------------------------------------------------------------------------------------------------------- */

struct err *raw_write(WRITE_ARGUMENTS)
{
    state_put(writer, state, aggregate->raw_bytes);
    return state_writer_error(writer);
}

struct err *raw_read(READ_ARGUMENTS)
{
    (void)scratch;
    _Alignas(16) char read[256] = {0};
    ASSERT(aggregate->state_bytes <= sizeof(read));
    struct err *err = state_take(reader, read, aggregate->raw_bytes);
    return err == NULL ? aggregate->merge(aggregate, arena, into, read) : err;
}

struct err *aggregate_merge_bytes(const struct aggregate *aggregate, struct arena *arena, void *into, void *from)
{
    struct err *err = NULL;
    struct arena *scratch = arena_beside(arena);
    struct state_writer writer = {.arena = scratch};
    if (scratch == NULL) {
        return err_oom();
    }
    OR_DONE(aggregate->write_state(aggregate, from, &writer));
    if (writer.length == 0) { /* a -Resample of no steps holds nothing */
        goto done;
    }
    struct state_reader reader = {.at = writer.data, .end = writer.data + writer.length};
    OR_DONE(aggregate->read_state(aggregate, arena, scratch, &reader, into));
    OR_DONE(aggregate_read_end(&reader));
done:
    arena_destroy(scratch);
    return err;
}

struct err *aggregate_add_bytes(const struct aggregate *aggregate, struct arena *arena, struct arena *scratch,
                                struct slice bytes, void *into)
{
    struct err *err = NULL;
    if (bytes.length == 0) {
        return NULL;
    }
    struct state_reader reader = {.at = bytes.data, .end = bytes.data + bytes.length};
    OR_DONE(aggregate->read_state(aggregate, arena, scratch, &reader, into));
    OR_DONE(aggregate_read_end(&reader));
done:
    return err;
}

struct err *aggregate_read_end(const struct state_reader *reader)
{
    return reader->at == reader->end
               ? NULL
               : err_new(ERR_BAD_ARGUMENTS, "the state of an aggregate function has %zu bytes too many",
                         state_left(reader));
}

struct err *aggregate_bytes(const struct aggregate *aggregate, struct arena *arena, char *states, uint32_t stride,
                            uint32_t count, struct slice *out)
{
    struct err *err = NULL;
    struct state_writer writer = {.arena = arena};
    for (uint32_t i = 0; i < count; i++) {
        size_t begin = writer.length;
        OR_DONE(aggregate->write_state(aggregate, states + (size_t)i * stride, &writer));
        out[i].length = writer.length - begin;
    }
    const char *at = writer.data;
    for (uint32_t i = 0; i < count; i++) {
        out[i].data = at;
        at += out[i].length;
    }
done:
    return err;
}

/* --- State ------------------------------------------------------------------------------------------------------- */

static struct err *state_add(ADD_ARGUMENTS)
{
    return aggregate->nested->add(aggregate->nested, arena, scratch, states, stride, groups, arguments, row_count);
}

static struct err *state_finish(FINISH_ARGUMENTS)
{
    return aggregate_bytes(aggregate->nested, arena, states, stride, count, out->values);
}

struct err *combine_state_resolve(const struct combine_bind *bind, struct slice canonical, bool of_merge,
                                  struct aggregate **out)
{
    struct err *err = NULL;
    struct aggregate *nested = NULL;
    OR_DONE(bind->resolve(bind, bind->rest, bind->parameter_count, bind->arguments, bind->argument_count, &nested));
    *out = nested;
    for (uint32_t i = 0; i < bind->argument_count; i++) {
        if (bind->arguments[i].type->kind == TYPE_NOTHING) { /* of NULL alone there is no state, as in ClickHouse */
            return NULL;
        }
    }
    struct aggregate *made = ARENA_NEW(bind->arena, struct aggregate);
    if (made == NULL) {
        return arena_error(bind->arena);
    }
    *made = *nested;
    made->nested = nested;
    made->data = NULL;
    made->add = state_add;
    made->merge = combine_array_merge;
    made->finish = state_finish;
    made->write_state = combine_array_write;
    made->read_state = combine_array_read;
    bool bitmaps =
        nested->argument_count == 1 && type_is_state(nested->argument_types[0]) &&
        (slice_equal(canonical, slice_text("groupBitmapAnd")) || slice_equal(canonical, slice_text("groupBitmapOr")) ||
         slice_equal(canonical, slice_text("groupBitmapXor")));
    if (bitmaps) { /* they make states of groupBitmap out of states of groupBitmap */
        made->finish = aggregate_bitmap_bytes;
    }
    if (of_merge || bitmaps) { /* a state as it came */
        made->type = bind->arguments[0].type;
    } else {
        OR_DONE(state_type_of(bind, canonical, &made->type));
    }
    *out = made;
done:
    return err;
}

struct err *combine_simple_resolve(const struct combine_bind *bind, struct slice canonical, struct aggregate **out)
{
    struct err *err = NULL;
    OR_DONE(bind->resolve(bind, bind->rest, bind->parameter_count, bind->arguments, bind->argument_count, out));
    OR_DONE(simple_type_of(bind, canonical, (*out)->type, &(*out)->type));
done:
    return err;
}

/* --- Merge ------------------------------------------------------------------------------------------------------- */

static struct err *merge_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    const struct aggregate *nested = aggregate->nested;
    const struct column *bytes = arguments[0];
    EACH_ROW(char, {
        if (!column_is_null(bytes, i)) {
            OR_DONE(aggregate_add_bytes(nested, arena, scratch, *(const struct slice *)column_value(bytes, i), state));
        }
    })
done:
    return err;
}

struct err *combine_merge_resolve(const struct combine_bind *bind, struct slice canonical, struct aggregate **out)
{
    struct err *err = NULL;
    struct aggregate *nested = NULL;
    if (bind->argument_count != 1) {
        return err_new(ERR_ARGUMENT_COUNT, "aggregate function %.*s takes one argument, a state",
                       SLICE_ARG(bind->name));
    }
    const struct type *type = bind->arguments[0].type;
    OR_DONE(state_type_matches(bind, canonical, type, NULL));
    const struct type_function *function = type->function;
    struct function_argument *arguments =
        ARENA_ARRAY(bind->arena, struct function_argument, function->argument_count + 1U);
    struct aggregate *made = ARENA_NEW(bind->arena, struct aggregate);
    if (arguments == NULL || made == NULL) {
        return arena_error(bind->arena);
    }
    for (uint32_t i = 0; i < function->argument_count; i++) {
        arguments[i] = (struct function_argument){function->arguments[i], NULL};
    }
    OR_DONE(bind->resolve(bind, bind->rest, bind->parameter_count, arguments, function->argument_count, &nested));
    OR_DONE(state_type_matches(bind, canonical, type, nested));
    *made = *nested;
    made->nested = nested;
    made->data = NULL;
    made->add = merge_add;
    made->merge = combine_array_merge;
    made->finish = combine_array_finish;
    made->write_state = combine_array_write;
    made->read_state = combine_array_read;
    *out = made;
done:
    return err;
}
