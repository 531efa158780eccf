/*
 * aggregate_number.c: count, sum, avg, bitwise groups.
 *
 * types    sums of integers are 64 bits wide (128 of wider ones) and wrap, of floats Float64, of decimals Decimal(38);
 *          averages are Float64
 * how      arguments become 64-bit numbers first (cheap, in cache), then one loop per kind of state runs
 */
#include "base/vector.h"
#include "base/int256.h"
#include "query/aggregates.h"

#include <math.h>

/* --- count ------------------------------------------------------------------------------------------------------- */

static struct err *count_add(ADD_ARGUMENTS)
{
    (void)aggregate;
    (void)arena;
    (void)scratch;
    (void)arguments;
    if (groups == NULL) {
        *(uint64_t *)(void *)states += row_count;
    } else {
        for (uint32_t i = 0; i < row_count; i++) {
            ++*(uint64_t *)(void *)(states + (size_t)groups[i] * stride);
        }
    }
    return NULL;
}

static struct err *words_merge(MERGE_ARGUMENTS)
{
    (void)aggregate;
    (void)arena;
    ((uint64_t *)into)[0] += ((uint64_t *)from)[0];
    return NULL;
}

static struct err *word_finish(FINISH_ARGUMENTS)
{
    (void)aggregate;
    (void)arena;
    for (uint32_t i = 0; i < count; i++) {
        memcpy((char *)out->values + (size_t)i * out->type->width, states + (size_t)i * stride, out->type->width);
    }
    return NULL;
}

static struct err *count_write(WRITE_ARGUMENTS)
{
    (void)aggregate;
    state_put_count(writer, *(const uint64_t *)state);
    return state_writer_error(writer);
}

static struct err *count_read(READ_ARGUMENTS)
{
    (void)aggregate, (void)arena, (void)scratch;
    uint64_t count;
    struct err *err = state_take_count(reader, &count);
    *(uint64_t *)into += err == NULL ? count : 0;
    return err;
}

static struct err *count_resolve(const struct aggregate_bind *bind, struct aggregate *out)
{
    (void)bind;
    out->type = type_simple(TYPE_UINT64);
    out->state_bytes = sizeof(uint64_t);
    out->add = count_add;
    out->merge = words_merge;
    out->finish = word_finish;
    out->write_state = count_write;
    out->read_state = count_read;
    return NULL;
}

/* --- sum and avg ------------------------------------------------------------------------------------------------- */

/* The sum; behind its sum_bytes(type), where it is needed, the number of values. */
union sum_state {
    uint64_t integer;
    double real;
    unsigned __int128 wide;
    struct int256 huge;
} __attribute__((packed, aligned(8))); /* those of 64 bits are aligned to 8 bytes alone */

enum { SUM, AVG, SUM_COUNT };

static enum type_kind sum_kind(const struct type *type)
{
    if (type->kind == TYPE_DECIMAL || type->kind == TYPE_INT128) {
        return TYPE_INT128;
    }
    if (type->kind == TYPE_UINT128 || type_is_256(type)) {
        return type->kind;
    }
    if (type->kind == TYPE_DATE32 || type->kind == TYPE_DATETIME64 || type->value_count > 0) {
        return TYPE_INT64;
    }
    return type_is_float(type) ? TYPE_FLOAT64 : type_is_signed(type) ? TYPE_INT64 : TYPE_UINT64;
}

static uint32_t sum_bytes(const struct type *type)
{
    enum type_kind kind = sum_kind(type);
    return kind == TYPE_INT256 || kind == TYPE_UINT256 ? 32 : kind == TYPE_INT128 || kind == TYPE_UINT128 ? 16 : 8;
}

static uint64_t sum_count(const struct aggregate *aggregate, const void *state)
{
    return *(const uint64_t *)(const void *)((const char *)state + sum_bytes(aggregate->argument_types[0]));
}

/* One state, integers of 64 bits at most: summed as they are. */
VECTORISED static bool sum_plain(const struct column *column, uint32_t row_count, uint64_t *out)
{
    uint64_t sum = 0;
    switch ((int)type_physical(column->type)) {
#define SUM_CASE(kind, ctype, utype)                                                                                   \
    case kind: {                                                                                                       \
        const ctype *values = column->values;                                                                          \
        for (uint32_t i = 0; i < row_count; i++) {                                                                     \
            sum += (uint64_t)values[i];                                                                                \
        }                                                                                                              \
        break;                                                                                                         \
    }
        INTEGER_KINDS(SUM_CASE)
#undef SUM_CASE
    default:
        return false;
    }
    *out = sum;
    return true;
}

VECTORISED static double sum_reals(const double *values, uint32_t count)
{
    enum { LANES = 8 };
    double lanes[LANES] = {0};
    uint32_t whole = count / LANES * LANES;
    for (uint32_t i = 0; i < whole; i += LANES) {
        for (uint32_t lane = 0; lane < LANES; lane++) {
            lanes[lane] += values[i + lane];
        }
    }
    for (uint32_t i = whole; i < count; i++) {
        lanes[0] += values[i];
    }
    return ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
}

static struct err *sum_add(ADD_ARGUMENTS)
{
    (void)arena;
    enum type_kind kind = sum_kind(aggregate->argument_types[0]);
    uint64_t plain;
    if (groups == NULL && arguments[0]->form == COLUMN_FLAT && (kind == TYPE_INT64 || kind == TYPE_UINT64) &&
        sum_plain(arguments[0], row_count, &plain)) {
        ((union sum_state *)(void *)states)->integer += plain;
        if (aggregate->data != NULL) {
            *(uint64_t *)(void *)(states + sum_bytes(aggregate->argument_types[0])) += row_count;
        }
        return NULL;
    }
    const struct column *numbers = column_numbers(scratch, arguments[0], kind);
    if (numbers == NULL) {
        return arena_error(scratch);
    }
    size_t step = column_step(numbers);
    if (kind == TYPE_FLOAT64) {
        const double *values = numbers->values;
        if (groups == NULL) {
            union sum_state *state = (union sum_state *)(void *)states;
            state->real += step == 0 ? 0 : sum_reals(values, row_count);
            for (uint32_t i = 0; step == 0 && i < row_count; i++) {
                state->real += values[0];
            }
        } else {
            EACH_ROW(union sum_state, state->real += values[i * step])
        }
    } else if (kind == TYPE_INT128 || kind == TYPE_UINT128) {
        const unsigned __int128 *values = numbers->values;
        EACH_ROW(union sum_state, state->wide += values[i * step])
    } else if (kind == TYPE_INT256 || kind == TYPE_UINT256) {
        const struct int256 *values = numbers->values;
        EACH_ROW(union sum_state, state->huge = int256_add(state->huge, values[i * step]))
    } else {
        const uint64_t *values = numbers->values;
        if (groups == NULL) {
            uint64_t sum = 0;
            for (uint32_t i = 0; i < row_count; i++) {
                sum += values[i * step];
            }
            ((union sum_state *)(void *)states)->integer += sum;
        } else {
            EACH_ROW(union sum_state, state->integer += values[i * step])
        }
    }
    if (aggregate->data != NULL) {
        return count_add(aggregate, arena, scratch, states + sum_bytes(aggregate->argument_types[0]), stride, groups,
                         arguments, row_count);
    }
    return NULL;
}

static struct err *sum_merge(MERGE_ARGUMENTS)
{
    (void)arena;
    union sum_state *a = into;
    const union sum_state *b = from;
    enum type_kind kind = sum_kind(aggregate->argument_types[0]);
    if (kind == TYPE_FLOAT64) {
        a->real += b->real;
    } else if (kind == TYPE_INT128 || kind == TYPE_UINT128) {
        a->wide += b->wide;
    } else if (kind == TYPE_INT256 || kind == TYPE_UINT256) {
        a->huge = int256_add(a->huge, b->huge);
    } else {
        a->integer += b->integer;
    }
    if (aggregate->data != NULL) {
        size_t at = sum_bytes(aggregate->argument_types[0]);
        *(uint64_t *)(void *)((char *)into + at) += *(const uint64_t *)(const void *)((const char *)from + at);
    }
    return NULL;
}

static struct err *avg_finish(FINISH_ARGUMENTS)
{
    (void)arena;
    enum type_kind kind = sum_kind(aggregate->argument_types[0]);
    double divisor =
        pow(10, aggregate->argument_types[0]->kind == TYPE_DECIMAL ? aggregate->argument_types[0]->scale : 0);
    for (uint32_t i = 0; i < count; i++) {
        const union sum_state *state = (const void *)(states + (size_t)i * stride);
        double sum = kind == TYPE_FLOAT64   ? state->real
                     : kind == TYPE_INT128  ? (double)(__int128)state->wide / divisor
                     : kind == TYPE_UINT128 ? (double)state->wide
                     : kind == TYPE_INT256  ? int256_to_double(state->huge, true)
                     : kind == TYPE_UINT256 ? int256_to_double(state->huge, false)
                     : kind == TYPE_INT64   ? (double)(int64_t)state->integer
                                            : (double)state->integer;
        ((double *)out->values)[i] = sum / (double)sum_count(aggregate, state);
    }
    return NULL;
}

/* The average of times is a time, the nearest; of none, 1970. */
static struct err *avg_time_finish(FINISH_ARGUMENTS)
{
    (void)arena;
    bool is_signed = sum_kind(aggregate->argument_types[0]) == TYPE_INT64;
    for (uint32_t i = 0; i < count; i++) {
        const union sum_state *state = (const void *)(states + (size_t)i * stride);
        long double sum = is_signed ? (long double)(int64_t)state->integer : (long double)state->integer;
        uint64_t values = sum_count(aggregate, state);
        int64_t mean = values == 0 ? 0 : llrintl(sum / (long double)values);
        memcpy((char *)out->values + (size_t)i * out->type->width, &mean, out->type->width);
    }
    return NULL;
}

static struct err *sum_count_finish(FINISH_ARGUMENTS)
{
    (void)aggregate;
    for (uint32_t f = 0; f < 2; f++) {
        struct column *field = column_new(arena, out->type->children[f], count);
        if (field == NULL) {
            return arena_error(arena);
        }
        for (uint32_t i = 0; i < count; i++) {
            const char *state = states + (size_t)i * stride + (f == 0 ? 0 : sum_bytes(aggregate->argument_types[0]));
            memcpy((char *)field->values + (size_t)i * field->type->width, state, field->type->width);
        }
        out->children[f] = field;
    }
    return NULL;
}

/* The sum, and behind it the number of values when it is needed. */
static struct err *sum_write(WRITE_ARGUMENTS)
{
    state_put(writer, state, sum_bytes(aggregate->argument_types[0]));
    if (aggregate->data != NULL) {
        state_put_count(writer, sum_count(aggregate, state));
    }
    return state_writer_error(writer);
}

static struct err *sum_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    (void)scratch;
    union sum_state read[2] = {{.huge = {{0, 0, 0, 0}}}, {.huge = {{0, 0, 0, 0}}}};
    size_t bytes = sum_bytes(aggregate->argument_types[0]);
    OR_DONE(state_take(reader, read, bytes));
    if (aggregate->data != NULL) {
        OR_DONE(state_take_count(reader, (uint64_t *)(void *)((char *)read + bytes)));
    }
    OR_DONE(sum_merge(aggregate, arena, into, read));
done:
    return err;
}

struct err *aggregate_sum_resolve(const struct aggregate_bind *bind, struct aggregate *out)
{
    const struct type *type = bind->types[0];
    bool time = bind->tag == AVG && type_is_time(type);
    bool names = bind->tag == SUM && type->value_count > 0; /* the numbers behind an enum's names */
    if (!type_is_number(type) && type->kind != TYPE_INTERVAL && !time && !names) {
        return aggregate_argument_error(bind, 0, "a number is needed");
    }
    out->state_bytes = sum_bytes(type) * (bind->tag == SUM ? 1U : 2U);
    out->add = sum_add;
    out->merge = sum_merge;
    out->write_state = sum_write;
    out->read_state = sum_read;
    if (bind->tag == AVG) {
        out->type = time ? type : type_simple(TYPE_FLOAT64);
        out->finish = time ? avg_time_finish : avg_finish;
        out->data = "avg";
    } else {
        out->type =
            type->kind == TYPE_DECIMAL ? type_decimal(bind->arena, 38, type->scale) : type_simple(sum_kind(type));
        out->finish = word_finish;
    }
    if (bind->tag == SUM_COUNT && out->type != NULL) {
        const struct type *fields[2] = {out->type, type_simple(TYPE_UINT64)};
        out->type = type_tuple(bind->arena, fields, NULL, 2);
        out->finish = sum_count_finish;
        out->data = "count";
    }
    return out->type == NULL ? arena_error(bind->arena) : NULL;
}

/* --- bits -------------------------------------------------------------------------------------------------------- */

struct bits_state {
    uint64_t bits; /* of AND: inverted, so that zero is the empty state */
    uint64_t unused;
};

enum { BITS_AND = 1, BITS_OR, BITS_XOR };

static struct err *bits_add(ADD_ARGUMENTS)
{
    (void)arena;
    const struct column *numbers = column_numbers(scratch, arguments[0], TYPE_UINT64);
    if (numbers == NULL) {
        return arena_error(scratch);
    }
    const uint64_t *values = numbers->values;
    size_t step = column_step(numbers);
    intptr_t tag = (intptr_t)aggregate->data;
    EACH_ROW(struct bits_state, {
        uint64_t value = values[i * step];
        state->bits = tag == BITS_XOR ? state->bits ^ value : state->bits | (tag == BITS_AND ? ~value : value);
    })
    return NULL;
}

static struct err *bits_merge(MERGE_ARGUMENTS)
{
    (void)arena;
    struct bits_state *a = into;
    const struct bits_state *b = from;
    a->bits = (intptr_t)aggregate->data == BITS_XOR ? a->bits ^ b->bits : a->bits | b->bits;
    return NULL;
}

static struct err *bits_finish(FINISH_ARGUMENTS)
{
    (void)arena;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t bits = ((const struct bits_state *)(const void *)(states + (size_t)i * stride))->bits;
        bits = (intptr_t)aggregate->data == BITS_AND ? ~bits : bits;
        memcpy((char *)out->values + (size_t)i * out->type->width, &bits, out->type->width);
    }
    return NULL;
}

/* The value itself. */
static struct err *bits_write(WRITE_ARGUMENTS)
{
    uint64_t bits = ((const struct bits_state *)state)->bits;
    bits = (intptr_t)aggregate->data == BITS_AND ? ~bits : bits;
    state_put(writer, &bits, aggregate->type->width);
    return state_writer_error(writer);
}

static struct err *bits_read(READ_ARGUMENTS)
{
    (void)scratch;
    struct bits_state read = {0, 0};
    struct err *err = state_take(reader, &read.bits, aggregate->type->width);
    read.bits = (intptr_t)aggregate->data == BITS_AND ? ~read.bits : read.bits;
    return err == NULL ? bits_merge(aggregate, arena, into, &read) : err;
}

static struct err *bits_resolve(const struct aggregate_bind *bind, struct aggregate *out)
{
    if (type_is_integer(bind->types[0]) && bind->types[0]->width > 8) {
        return err_new(ERR_NOT_IMPLEMENTED, "aggregate function %s of integers of more than 64 bits is not implemented",
                       bind->name);
    }
    if (!type_is_integer(bind->types[0]) || bind->types[0]->width > 8) {
        return aggregate_argument_error(bind, 0, "an integer of 64 bits at most is needed");
    }
    out->type = bind->types[0];
    out->state_bytes = STATE_BYTES(struct bits_state);
    out->add = bits_add;
    out->merge = bits_merge;
    out->finish = bits_finish;
    out->data = (const void *)(intptr_t)bind->tag;
    out->write_state = bits_write;
    out->read_state = bits_read;
    return NULL;
}

static const struct aggregate_definition definitions[] = {
    {"count", true, 0, 1, AGGREGATE_NOT_NULL | AGGREGATE_ANY_FORM | AGGREGATE_PLAIN, count_resolve, 0},
    {"sum", true, 1, 1, AGGREGATE_PLAIN, aggregate_sum_resolve, SUM},
    {"avg", true, 1, 1, AGGREGATE_PLAIN, aggregate_sum_resolve, AVG},
    {"sumCount", false, 1, 1, AGGREGATE_NOT_NULL | AGGREGATE_PLAIN, aggregate_sum_resolve, SUM_COUNT},
    {"groupBitAnd", false, 1, 1, AGGREGATE_PLAIN, bits_resolve, BITS_AND},
    {"groupBitOr", false, 1, 1, AGGREGATE_PLAIN, bits_resolve, BITS_OR},
    {"groupBitXor", false, 1, 1, AGGREGATE_PLAIN, bits_resolve, BITS_XOR},
};
static const struct aggregate_alias aliases[] = {
    {"BIT_AND", true, "groupBitAnd"},
    {"BIT_OR", true, "groupBitOr"},
    {"BIT_XOR", true, "groupBitXor"},
};
const struct aggregate_group aggregates_number = GROUP_OF(definitions, aliases);
