/*
 * state_fuzz.c: any bytes as the state of any aggregate function: read, read again into what is there, finished,
 * written; what was written is read without an error.
 *
 * Also as what binary formats carry: it may end anywhere, and what is written of it is read again, to the same end.
 *
 * An input is the name of an AggregateFunction type, a line's end, and the bytes.
 */
#include "base/timezone.h"
#include "format/state_wire.h"
#include "query/aggregate_state.h"
#include "query/table_source.h"

#define BYTES_MAX ((uint64_t)256 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct err *finish(const struct aggregate *aggregate, struct arena *arena, char *state)
{
    struct column *out = column_new(arena, aggregate->type, 1);
    return out == NULL ? arena_error(arena)
                       : aggregate->finish(aggregate, arena, state, aggregate->state_bytes, 1, out);
}

static struct err *try_state(struct arena *arena, struct slice name, struct slice bytes)
{
    struct err *err = NULL;
    const struct function_context context = {.zone = timezone_utc()};
    const struct type *type = NULL;
    const struct aggregate *aggregate = NULL;
    struct state_writer writer = {.arena = arena};
    OR_DONE(type_parse(arena, name, &type));
    if (!type_is_state(type)) {
        return NULL;
    }
    OR_DONE(aggregate_of_state(arena, &context, type, &aggregate));
    char *state = arena_zalloc(arena, aggregate->state_bytes * 2U + 1U);
    if (state == NULL) {
        return arena_error(arena);
    }
    char *again = state + aggregate->state_bytes;
    OR_DONE(aggregate_add_bytes(aggregate, arena, arena, bytes, state));
    OR_DONE(aggregate->write_state(aggregate, state, &writer));
    struct err *reading = aggregate_add_bytes(aggregate, arena, arena, slice_of(writer.data, writer.length), again);
    ASSERT(reading == NULL || err_code(reading) == ERR_MEMORY_LIMIT);
    OR_DONE(reading);
    OR_DONE(finish(aggregate, arena, again));
    OR_DONE(aggregate_add_bytes(aggregate, arena, arena, bytes, state));
    OR_DONE(finish(aggregate, arena, state));
done:
    return err;
}

static struct err *try_wire(struct arena *arena, struct slice name, struct slice bytes)
{
    struct err *err = NULL;
    const struct type *type = NULL;
    struct state_wire *wire = NULL;
    struct buffer written = {0};
    struct slice state;
    size_t used = 0;
    OR_DONE(type_parse(arena, name, &type));
    if (!type_is_state(type)) {
        return NULL;
    }
    OR_DONE(state_wire_open(arena, type, &wire));
    OR_DONE(state_wire_read(wire, bytes, &used, &state));
    if (used > 0) {
        state = arena_slice(arena, state);
        OR_DONE(state_wire_write(wire, state, &written));
        size_t again = 0;
        buffer_char(&written, 'x'); /* behind it */
        OR_DONE(state_wire_read(wire, buffer_all(&written), &again, &state));
        ASSERT(again == written.length - 1);
    }
done:
    ASSERT(written.length == 0 || err == NULL || err_code(err) == ERR_MEMORY_LIMIT);
    buffer_deinit(&written);
    return err;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool started;
    if (!started) {
        source_register_builtin();
        started = true;
    }
    const uint8_t *end = size == 0 ? NULL : memchr(data, '\n', size);
    if (end == NULL) {
        return 0;
    }
    struct budget budget;
    budget_init(&budget, "fuzz", BYTES_MAX, NULL);
    struct arena *arena = arena_create(&budget);
    ASSERT(arena != NULL);
    size_t length = (size_t)(end - data);
    struct slice name = slice_of((const char *)data, length);
    struct slice bytes = slice_of((const char *)end + 1, size - length - 1);
    err_free(try_state(arena, name, bytes));
    err_free(try_wire(arena, name, bytes));
    arena_destroy(arena);
    return 0;
}
