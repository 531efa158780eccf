/*
 * state_wire.c: states of aggregate functions in Native and RowBinary, as ClickHouse has them.
 *
 * flow     format/state_wire.h → here → read_state, write_state of the function
 * bytes    of most functions below the column's are ClickHouse's too. Of those that are converted the wire's form goes
 *          through write_state and read_state with the flag `wire`
 * refused  by name: functions whose states keep other things than ClickHouse's (other hashes, other sketches), and
 *          arguments with which ClickHouse writes another form
 * thread   one at a time per opened function
 */
#include "format/state_wire.h"

#include "base/timezone.h"
#include "query/aggregate_state.h"

/* Kinds of arguments. */
enum {
    INT = 1, /* 8 to 64 bits, Bool and enums */
    FLOAT = 2,
    DATE = 4, /* and DateTime */
    STRING = 8,
    WIDE = 16,  /* 128 bits */
    WIDER = 32, /* 256 bits */
    DECIMAL = 64,
    DATE32 = 128,
    TICKS = 256, /* DateTime64 */
    FIXED = 512,
    UUID = 1024,
    IPV4 = 2048,
    IPV6 = 4096,
    INTERVAL = 8192,
    NULLS = 1 << 14,   /* Nullable ones */
    CONVERT = 1 << 15, /* the forms differ */
    ONE = 1 << 16,     /* with a single argument alone */
    MAPS = 1 << 17,    /* maps, or arrays of keys and of values */
};
#define NUMBERS (INT | FLOAT)
#define SCALARS                                                                                                        \
    (NUMBERS | DATE | STRING | WIDE | WIDER | DECIMAL | DATE32 | TICKS | FIXED | UUID | IPV4 | IPV6 | INTERVAL)
#define SUMMED (NUMBERS | WIDE | WIDER | DECIMAL | INTERVAL)
#define LISTED (NUMBERS | DATE | STRING | WIDE | WIDER | IPV4)
#define RANKED (NUMBERS | DATE | NULLS)

static const struct {
    const char *name;
    unsigned allowed;
} functions[] = {
    {"count", SCALARS | NULLS},
    {"sum", SUMMED | NULLS},
    {"sumWithOverflow", SUMMED | NULLS},
    {"sumKahan", NUMBERS | NULLS},
    {"sumMap", NUMBERS | STRING | MAPS | CONVERT},
    {"avg", NUMBERS | DECIMAL | NULLS},
    {"min", SCALARS | NULLS},
    {"max", SCALARS | NULLS},
    {"any", SCALARS | NULLS},
    {"anyLast", SCALARS | NULLS},
    {"anyHeavy", SCALARS | NULLS},
    {"argMin", SCALARS | NULLS},
    {"argMax", SCALARS | NULLS},
    {"groupBitAnd", INT | NULLS},
    {"groupBitOr", INT | NULLS},
    {"groupBitXor", INT | NULLS},
    {"groupBitmap", INT},
    {"varPop", NUMBERS | NULLS},
    {"varSamp", NUMBERS | NULLS},
    {"stddevPop", NUMBERS | NULLS},
    {"stddevSamp", NUMBERS | NULLS},
    {"varPopStable", NUMBERS | NULLS},
    {"varSampStable", NUMBERS | NULLS},
    {"stddevPopStable", NUMBERS | NULLS},
    {"stddevSampStable", NUMBERS | NULLS},
    {"skewPop", NUMBERS | NULLS},
    {"skewSamp", NUMBERS | NULLS},
    {"kurtPop", NUMBERS | NULLS},
    {"kurtSamp", NUMBERS | NULLS},
    {"covarPop", NUMBERS | NULLS},
    {"covarSamp", NUMBERS | NULLS},
    {"corr", NUMBERS | NULLS},
    {"simpleLinearRegression", NUMBERS},
    {"uniq", NUMBERS | DATE | STRING | WIDE | WIDER | DATE32 | FIXED | IPV4 | IPV6 | NULLS | ONE},
    {"uniqExact", NUMBERS | DATE | DATE32 | WIDE | UUID | IPV4 | NULLS | ONE},
    {"groupArray", LISTED},
    {"groupUniqArray", LISTED},
    {"quantile", NUMBERS | DATE | TICKS | NULLS | CONVERT},
    {"quantiles", NUMBERS | DATE | TICKS | CONVERT},
    {"quantileExact", RANKED},
    {"quantilesExact", NUMBERS | DATE},
    {"quantileExactLow", RANKED},
    {"quantilesExactLow", NUMBERS | DATE},
    {"quantileExactHigh", RANKED},
    {"quantilesExactHigh", NUMBERS | DATE},
    {"quantileExactInclusive", NUMBERS | NULLS},
    {"quantilesExactInclusive", NUMBERS},
    {"quantileExactExclusive", NUMBERS | NULLS},
    {"quantilesExactExclusive", NUMBERS},
    {"quantileTDigest", RANKED},
    {"quantilesTDigest", NUMBERS | DATE},
    {"topK", INT | STRING | DATE | CONVERT},
    {"topKWeighted", INT | STRING | DATE | CONVERT},
};

static unsigned kind_of(const struct type *type)
{
    unsigned nulls = type->nullable ? NULLS : 0;
    if (type->view != TYPE_VIEW_NONE || type->function != NULL) {
        return UINT32_MAX;
    }
    switch (type->kind) {
    case TYPE_BOOL:
    case TYPE_INT8:
    case TYPE_INT16:
    case TYPE_INT32:
    case TYPE_INT64:
    case TYPE_UINT8:
    case TYPE_UINT16:
    case TYPE_UINT32:
    case TYPE_UINT64:
    case TYPE_ENUM8:
    case TYPE_ENUM16:
        return INT | nulls;
    case TYPE_FLOAT32:
    case TYPE_FLOAT64:
        return FLOAT | nulls;
    case TYPE_STRING:
        return STRING | nulls;
    case TYPE_FIXED_STRING:
        return FIXED | nulls;
    case TYPE_DATE:
    case TYPE_DATETIME:
        return DATE | nulls;
    case TYPE_DATE32:
        return DATE32 | nulls;
    case TYPE_DATETIME64:
        return TICKS | nulls;
    case TYPE_DECIMAL:
        return DECIMAL | nulls;
    case TYPE_UUID:
        return UUID | nulls;
    case TYPE_IPV4:
        return IPV4 | nulls;
    case TYPE_IPV6:
        return IPV6 | nulls;
    case TYPE_INTERVAL:
        return INTERVAL | nulls;
    case TYPE_INT128:
    case TYPE_UINT128:
        return WIDE | nulls;
    case TYPE_INT256:
    case TYPE_UINT256:
        return WIDER | nulls;
    default:
        return UINT32_MAX;
    }
}

static unsigned allowed_of(struct slice name)
{
    for (size_t k = 0; k < sizeof(functions) / sizeof(functions[0]); k++) {
        if (slice_equal(name, slice_text(functions[k].name))) {
            return functions[k].allowed;
        }
    }
    return 0;
}

static bool strip(struct slice *name, const char *suffix)
{
    size_t length = strlen(suffix);
    bool has = name->length > length && memcmp(name->data + name->length - length, suffix, length) == 0;
    name->length -= has ? length : 0;
    return has;
}

/* The function's name without combinators; *arrays: its arguments are elements of the type's. */
static struct slice base_of(const struct type_function *function, uint32_t *argument_count, uint32_t *arrays)
{
    struct slice name = function->name;
    bool stripped = true;
    *argument_count = function->argument_count;
    *arrays = 0;
    while (stripped && allowed_of(name) == 0) {
        stripped = false;
        if (strip(&name, "If")) {
            *argument_count -= *argument_count > 0;
            stripped = true;
        } else if (strip(&name, "Array") || strip(&name, "ForEach")) {
            ++*arrays;
            stripped = true;
        } else if (strip(&name, "OrNull") || strip(&name, "OrDefault")) {
            stripped = true;
        }
    }
    return name;
}

/* Of sumMap: a map, or the arrays, of what is summed. */
static bool map_is_allowed(const struct type *type, unsigned allowed)
{
    if (type->nullable || (type->kind != TYPE_MAP && type->kind != TYPE_ARRAY)) {
        return false;
    }
    const struct type *inner = type->children[0];
    if (type->kind == TYPE_ARRAY) {
        return (kind_of(inner) & ~allowed) == 0;
    }
    return (kind_of(inner->children[0]) & ~allowed) == 0 && (kind_of(inner->children[1]) & ~allowed) == 0;
}

/* Are its states ClickHouse's? *converted: in another form. */
static bool is_allowed(const struct type_function *function, bool *converted)
{
    uint32_t count, arrays;
    struct slice name = base_of(function, &count, &arrays);
    unsigned allowed = allowed_of(name);
    bool combined = name.length != function->name.length;
    *converted = (allowed & CONVERT) != 0;
    bool good = allowed != 0 && ((allowed & ONE) == 0 || count == 1) && ((allowed & MAPS) == 0 || !combined);
    for (uint32_t k = 0; k < function->argument_count && good; k++) {
        const struct type *type = function->arguments[k];
        bool condition = k >= count; /* of -If */
        if ((allowed & MAPS) != 0) {
            good = map_is_allowed(type, allowed);
            continue;
        }
        for (uint32_t i = 0; i < arrays && good && !condition; i++) {
            good = type->kind == TYPE_ARRAY && !type->nullable;
            type = good ? type->children[0] : type;
        }
        unsigned kinds = kind_of(type);
        good = good && (kinds & ~(condition ? (unsigned)INT : allowed)) == 0 && !((kinds & NULLS) != 0 && combined);
        *converted |= (kinds & NULLS) != 0;
    }
    return good;
}

/* ---- for the formats */

struct state_wire {
    const struct aggregate *aggregate;
    struct arena *scratch;
    bool converted;
};

static void destroy_scratch(void *object)
{
    arena_destroy(object);
}

static struct err *wire_open(struct arena *arena, const struct type *type, struct state_wire **out)
{
    struct err *err = NULL;
    struct function_context context = {.zone = timezone_utc()};
    struct state_wire *wire = ARENA_NEW(arena, struct state_wire);
    bool converted = false;
    if (wire == NULL) {
        return arena_error(arena);
    }
    if (!is_allowed(type->function, &converted)) {
        struct slice name = type_name(arena, type);
        return err_new(ERR_NOT_IMPLEMENTED,
                       "states of type %.*s have another form than ClickHouse's, in binary formats they are not read "
                       "or written: finalizeAggregation gives values that are",
                       SLICE_ARG(name));
    }
    *wire = (struct state_wire){.scratch = arena_beside(arena), .converted = converted};
    if (wire->scratch == NULL) {
        return err_oom();
    }
    if (!arena_on_destroy(arena, destroy_scratch, wire->scratch)) {
        arena_destroy(wire->scratch);
        return arena_error(arena);
    }
    OR_DONE(aggregate_of_state(arena, &context, type, &wire->aggregate));
    *out = wire;
done:
    return err;
}

static struct err *wire_write(struct state_wire *wire, struct slice bytes, struct buffer *out)
{
    struct err *err = NULL;
    const struct aggregate *aggregate = wire->aggregate;
    struct state_writer writer = {.arena = wire->scratch, .wire = true};
    arena_reset(wire->scratch);
    char *state = arena_zalloc(wire->scratch, aggregate->state_bytes);
    if (state == NULL) {
        return arena_error(wire->scratch);
    }
    OR_DONE(aggregate_add_bytes(aggregate, wire->scratch, wire->scratch, bytes, state)); /* they may be anything */
    if (!wire->converted && bytes.length > 0) {
        buffer_slice(out, bytes);
        return NULL;
    }
    OR_DONE(aggregate->write_state(aggregate, state, &writer));
    buffer_append(out, writer.data, writer.length);
done:
    return err;
}

static struct err *wire_read(struct state_wire *wire, struct slice bytes, size_t *used, struct slice *out)
{
    struct err *err = NULL;
    const struct aggregate *aggregate = wire->aggregate;
    struct state_reader reader = {.at = bytes.data, .end = bytes.data + bytes.length, .wire = true};
    struct state_writer writer = {.arena = wire->scratch};
    *used = 0;
    arena_reset(wire->scratch);
    char *state = arena_zalloc(wire->scratch, aggregate->state_bytes);
    if (state == NULL) {
        return arena_error(wire->scratch);
    }
    err = aggregate->read_state(aggregate, wire->scratch, wire->scratch, &reader, state);
    if (err != NULL && (err_code(err) == ERR_CANNOT_READ_DATA || err_code(err) == ERR_READ_AFTER_EOF)) {
        err_free(err);
        return NULL;
    }
    OR_DONE(err);
    *out = slice_of(bytes.data, (size_t)(reader.at - bytes.data));
    if (wire->converted) {
        OR_DONE(aggregate->write_state(aggregate, state, &writer));
        *out = slice_of(writer.data, writer.length);
    }
    *used = (size_t)(reader.at - bytes.data);
done:
    return err;
}

void aggregate_wire_register(void)
{
    static const struct state_wire_functions wires = {.open = wire_open, .write = wire_write, .read = wire_read};
    state_wire_register(&wires);
}
