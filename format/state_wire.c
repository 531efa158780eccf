/* state_wire.c: what the layer above says of states. */
#include "format/state_wire.h"

static const struct state_wire_functions *registered;

void state_wire_register(const struct state_wire_functions *functions)
{
    registered = functions;
}

struct err *state_wire_open(struct arena *arena, const struct type *type, struct state_wire **out)
{
    return registered == NULL ? err_new(ERR_NOT_IMPLEMENTED, "there are no aggregate functions")
                              : registered->open(arena, type, out);
}

struct err *state_wire_write(struct state_wire *wire, struct slice state, struct buffer *out)
{
    return registered->write(wire, state, out);
}

struct err *state_wire_read(struct state_wire *wire, struct slice bytes, size_t *used, struct slice *state)
{
    size_t there = bytes.length < STATE_WIRE_BYTES_MAX ? bytes.length : STATE_WIRE_BYTES_MAX;
    struct err *err = registered->read(wire, slice_of(bytes.data, there), used, state);
    if (err == NULL && *used == 0 && there == STATE_WIRE_BYTES_MAX) {
        err = err_new(ERR_STRING_TOO_LARGE, "the state of an aggregate function has more than %zu bytes",
                      STATE_WIRE_BYTES_MAX);
    }
    return err;
}
