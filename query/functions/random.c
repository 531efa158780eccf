/*
 * random.c: numbers of common distributions, texts of random bytes, UUIDs of version 7, Snowflake IDs.
 *
 * sources  Marsaglia and Tsang, "A simple method for generating gamma variables" (2000); Devroye, "Non-Uniform Random
 *          Variate Generation" (1986), X.4.4 (binomial by medians); Ahrens and Dieter (1974) (Poisson by gammas)
 * thread   any; generators belong to threads
 */
#include "base/text.h"
#include "query/functions/random.h"
#include "query/functions/row.h"

#include <math.h>
#include <time.h>

#define RANDOM_BYTES_MAX (1 << 24)

enum distribution {
    UNIFORM,
    NORMAL,
    LOG_NORMAL,
    EXPONENTIAL,
    CHI_SQUARED,
    STUDENT_T,
    FISHER_F,
    BERNOULLI,
    BINOMIAL,
    NEGATIVE_BINOMIAL,
    POISSON,
};

/* In (0, 1]. */
static double unit(void)
{
    return ((double)(random_word() >> 11) + 1) * 0x1p-53;
}

static double normal(void)
{
    return sqrt(-2 * log(unit())) * cos(2 * M_PI * unit());
}

static double gamma_of(double shape)
{
    if (shape < 1) {
        return gamma_of(shape + 1) * pow(unit(), 1 / shape);
    }
    double d = shape - 1.0 / 3;
    double c = 1 / sqrt(9 * d);
    for (;;) {
        double x = normal();
        double v = 1 + c * x;
        if (v > 0) {
            v = v * v * v;
            if (log(unit()) < 0.5 * x * x + d - d * v + d * log(v)) {
                return d * v;
            }
        }
    }
}

static double chi_squared(double freedom)
{
    return 2 * gamma_of(freedom / 2);
}

static uint64_t binomial(uint64_t n, double p)
{
    uint64_t count = 0;
    while (n > 40) { /* where the median of n draws lies says how many are on its side */
        uint64_t half = (n + 1) / 2;
        double a = gamma_of((double)half);
        double median = a / (a + gamma_of((double)(n + 1 - half)));
        if (median >= p) {
            n = half - 1;
            p /= median;
        } else {
            count += half;
            n -= half;
            p = (p - median) / (1 - median);
        }
    }
    for (; n > 0; n--) {
        count += unit() <= p;
    }
    return count;
}

static uint64_t poisson(double mean)
{
    uint64_t count = 0;
    while (mean > 30) {
        double part = floor(mean * 7 / 8);
        double reached = gamma_of(part);
        if (reached > mean) {
            return count + binomial((uint64_t)part - 1, mean / reached);
        }
        count += (uint64_t)part;
        mean -= reached;
    }
    double least = exp(-mean);
    double product = unit();
    while (product > least) {
        product *= unit();
        count++;
    }
    return count;
}

static struct err *check(const struct row_call *call, double a, double b)
{
    bool ok = isfinite(a) && isfinite(b);
    switch (call->tag) {
    case EXPONENTIAL:
    case CHI_SQUARED:
    case STUDENT_T:
        ok = ok && a > 0;
        break;
    case FISHER_F:
        ok = ok && a > 0 && b > 0;
        break;
    case BERNOULLI:
        ok = ok && a >= 0 && a <= 1;
        break;
    case BINOMIAL:
    case NEGATIVE_BINOMIAL:
        ok = ok && a >= 0 && a <= 1e15 && b >= (call->tag == BINOMIAL ? 0 : 1e-12) && b <= 1;
        break;
    case POISSON:
        ok = ok && a >= 0 && a <= 1e15;
        break;
    case NORMAL:
    case LOG_NORMAL:
        ok = ok && b >= 0;
        break;
    default:
        break;
    }
    return ok ? NULL
              : err_new(ERR_BAD_ARGUMENTS, "the parameters of function %s are outside its range", call->function->name);
}

static struct err *run_draw(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    double a = call->arguments[0].real;
    bool has_second =
        call->tag <= LOG_NORMAL || call->tag == FISHER_F || call->tag == BINOMIAL || call->tag == NEGATIVE_BINOMIAL;
    double b = has_second ? call->arguments[1].real : 0;
    OR_DONE(check(call, a, b));
    switch (call->tag) {
    case UNIFORM:
        out->real = a + (b - a) * (1 - unit());
        break;
    case NORMAL:
        out->real = a + b * normal();
        break;
    case LOG_NORMAL:
        out->real = exp(a + b * normal());
        break;
    case EXPONENTIAL:
        out->real = -log(unit()) / a;
        break;
    case CHI_SQUARED:
        out->real = chi_squared(a);
        break;
    case STUDENT_T:
        out->real = normal() / sqrt(chi_squared(a) / a);
        break;
    case FISHER_F:
        out->real = chi_squared(a) / a / (chi_squared(b) / b);
        break;
    case BERNOULLI:
        out->natural = a > 0 && unit() <= a;
        break;
    case BINOMIAL:
        out->natural = binomial((uint64_t)a, b);
        break;
    case NEGATIVE_BINOMIAL:
        out->natural = a >= 1 && b < 1 ? poisson(gamma_of(a) * (1 - b) / b) : 0;
        break;
    default:
        out->natural = poisson(a);
    }
done:
    return err;
}

/* --- texts ------------------------------------------------------------------------------------------------------- */

enum text { ANY_BYTES, PRINTABLE, POINTS };

static void fill(char *to, size_t length)
{
    for (size_t i = 0; i < length; i += 8) {
        uint64_t word = random_word();
        memcpy(to + i, &word, length - i < 8 ? length - i : 8);
    }
}

/* A code point that is assigned to something or may be, no surrogate and none of the last two of a plane. */
static size_t put_random_point(char *to)
{
    uint32_t point;
    do {
        point = (uint32_t)(random_word() % 0x110000);
    } while ((point >= 0xd800 && point < 0xe000) || (point & 0xfffe) == 0xfffe || point == 0);
    return utf8_put(point, to);
}

static struct err *run_text(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    int64_t length = call->arguments[0].integer;
    if (length < 0 || length > RANDOM_BYTES_MAX) {
        return err_new(ERR_STRING_TOO_LARGE, "Too large string size in function %s", call->function->name);
    }
    char *to = row_room(call, (size_t)length * (call->tag == POINTS ? 4 : 1), &err);
    if (to == NULL) {
        return err;
    }
    size_t bytes = (size_t)length;
    if (call->tag == POINTS) {
        bytes = 0;
        for (int64_t i = 0; i < length; i++) {
            bytes += put_random_point(to + bytes);
        }
    } else {
        fill(to, bytes);
        for (size_t i = 0; call->tag == PRINTABLE && i < bytes; i++) {
            to[i] = (char)(32 + (unsigned char)to[i] * 95 / 256);
        }
    }
    out->text = text_taken(&call->buffer, bytes);
    return NULL;
}

static struct err *run_fixed(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    uint32_t length = call->function->inner->length;
    char *to = row_room(call, length, &err);
    if (to != NULL) {
        fill(to, length);
        out->text = slice_of(to, length); /* copied at once */
    }
    return err;
}

static struct err *resolve_fixed(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    int64_t length;
    OR_DONE(row_resolve(bind, out));
    OR_DONE(argument_constant_int(bind, 0, &length));
    if (length < 1 || length > RANDOM_BYTES_MAX) {
        return err_new(ERR_SIZE_OUT_OF_BOUND, "function %s makes texts of 1 to %d bytes", bind->name, RANDOM_BYTES_MAX);
    }
    out->inner = type_fixed_string(bind->arena, (uint32_t)length);
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
done:
    return err;
}

/* RFC 9562: milliseconds, then a counter from row to row, then random bits. */
static struct err *run_uuid7(struct row_call *call, union row_value *out)
{
    static _Thread_local uint64_t last_ms;
    static _Thread_local uint64_t counter; /* of 42 bits */
    struct timespec now;
    (void)call;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    uint64_t ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
    if (ms > last_ms) {
        last_ms = ms;
        counter = random_word() >> 23;
    } else if (++counter >> 42 != 0) {
        last_ms++;
        counter = random_word() >> 23;
    }
    uint64_t high = last_ms << 16 | 7U << 12 | counter >> 30;
    uint64_t low = (uint64_t)2 << 62 | (counter & 0x3fffffff) << 32 | (random_word() & 0xffffffff);
    out->wide = (unsigned __int128)low << 64 | high;
    return NULL;
}

/* RFC 9562 of a given second: a counter from row to row of the same one, then random bits. */
static struct err *run_uuid7_of(struct row_call *call, union row_value *out)
{
    static _Thread_local uint64_t last_ms;
    static _Thread_local uint64_t counter;
    uint64_t ms = call->arguments[0].natural * 1000;
    counter = ms == last_ms && (counter + 1) >> 42 == 0 ? counter + 1 : random_word() >> 23;
    last_ms = ms;
    uint64_t high = ms << 16 | 7U << 12 | counter >> 30;
    uint64_t low = (uint64_t)2 << 62 | (counter & 0x3fffffff) << 32 | (random_word() & 0xffffffff);
    out->wide = (unsigned __int128)low << 64 | high;
    return NULL;
}

static struct err *resolve_uuid7_of(const struct function_bind *bind, struct function *out)
{
    const struct type *type = bind->arguments[0].type;
    return type->kind != TYPE_DATETIME || type->nullable ? argument_error(bind, 0, "a DateTime is needed")
                                                         : row_resolve(bind, out);
}

/* --- Snowflake IDs ----------------------------------------------------------------------------------------------- */

#define MACHINE_BITS  10U
#define SEQUENCE_BITS 12U

/* 41 bits of milliseconds since 1970, the machine, and a number within the millisecond; every ID of this process is
 * greater than those before it. */
static struct err *evaluate_snowflakes(EVALUATE_ARGUMENTS)
{
    static _Atomic uint64_t next; /* milliseconds and number; relaxed: only its own order matters */
    struct err *err = NULL;
    uint64_t machine = *(const uint64_t *)function->data;
    struct timespec now;
    struct column *made;
    (void)arguments;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    uint64_t least = ((uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000) << SEQUENCE_BITS;
    uint64_t first, seen = atomic_load_explicit(&next, memory_order_relaxed);
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    do {
        first = seen > least ? seen : least;
    } while (!atomic_compare_exchange_weak_explicit(&next, &seen, first + row_count, memory_order_relaxed,
                                                    memory_order_relaxed));
    for (uint32_t i = 0; i < row_count; i++) {
        uint64_t id = first + i;
        ((uint64_t *)made->values)[i] = id >> SEQUENCE_BITS << (MACHINE_BITS + SEQUENCE_BITS) |
                                        machine << SEQUENCE_BITS | (id & ((1U << SEQUENCE_BITS) - 1));
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_snowflakes(const struct function_bind *bind, struct function *out)
{
    static _Atomic uint64_t own; /* this process's machine, plus one */
    uint64_t *machine = ARENA_NEW(bind->arena, uint64_t);
    if (machine == NULL) {
        return arena_error(bind->arena);
    }
    uint64_t drawn = (random_word() & ((1U << MACHINE_BITS) - 1)) + 1, none = 0;
    *machine = (atomic_compare_exchange_strong(&own, &none, drawn) ? drawn : none) - 1;
    if (bind->count > 1) {
        const struct type *type = bind->arguments[1].type;
        if (!type_is_integer(type) || type_is_signed(type) || type->nullable || type->width > 8) {
            return argument_error(bind, 1, "a constant unsigned integer is needed");
        }
        if (bind->arguments[1].constant == NULL) {
            return err_new(ERR_ILLEGAL_COLUMN, "argument 2 of function %s must be a constant", bind->name);
        }
        *machine = (uint64_t)column_int(bind->arguments[1].constant, 0) & ((1U << MACHINE_BITS) - 1);
    }
    out->inner = type_simple(TYPE_UINT64);
    out->evaluate = evaluate_snowflakes;
    out->data = machine;
    return NULL;
}

static const struct function_definition definitions[] = {
    {"generateSnowflakeID", false, 0, 2, FUNCTION_VOLATILE | FUNCTION_NULLS, resolve_snowflakes, 0},
};

#define DRAW(name, least, tag, shape, result, about)                                                                   \
    ROW_FULL(name, false, least, (least) + 1, FUNCTION_VOLATILE, tag, shape, result, 0, run_draw, about)
static const struct row_function rows[] = {
    DRAW("randUniform", 2, UNIFORM, "FFv", TYPE_FLOAT64, "A number evenly from a to b."),
    DRAW("randNormal", 2, NORMAL, "FFv", TYPE_FLOAT64, "A normally distributed number of a mean and deviation."),
    DRAW("randLogNormal", 2, LOG_NORMAL, "FFv", TYPE_FLOAT64, "A number whose logarithm is normally distributed."),
    DRAW("randExponential", 1, EXPONENTIAL, "Fv", TYPE_FLOAT64, "An exponentially distributed number of a rate."),
    DRAW("randChiSquared", 1, CHI_SQUARED, "Fv", TYPE_FLOAT64, "A number of the chi-squared distribution."),
    DRAW("randStudentT", 1, STUDENT_T, "Fv", TYPE_FLOAT64, "A number of Student's distribution."),
    DRAW("randFisherF", 2, FISHER_F, "FFv", TYPE_FLOAT64, "A number of Fisher's distribution."),
    DRAW("randBernoulli", 1, BERNOULLI, "Fv", TYPE_UINT8, "1 with a probability, else 0."),
    DRAW("randBinomial", 2, BINOMIAL, "FFv", TYPE_UINT64, "How many of n tries of a probability succeed."),
    DRAW("randNegativeBinomial", 2, NEGATIVE_BINOMIAL, "FFv", TYPE_UINT64,
         "How many tries fail before n of a probability succeed."),
    DRAW("randPoisson", 1, POISSON, "Fv", TYPE_UINT64, "A number of Poisson's distribution of a mean."),
    ROW_FULL("randomString", false, 1, 2, FUNCTION_VOLATILE, ANY_BYTES, "iv", TYPE_STRING, 0, run_text,
             "A text of so many random bytes."),
    ROW_FULL("randomPrintableASCII", false, 1, 2, FUNCTION_VOLATILE, PRINTABLE, "iv", TYPE_STRING, 0, run_text,
             "A text of so many random printable ASCII characters."),
    ROW_FULL("randomStringUTF8", false, 1, 2, FUNCTION_VOLATILE, POINTS, "iv", TYPE_STRING, 0, run_text,
             "A text of so many random code points."),
    {{"randomFixedString", false, 1, 2, FUNCTION_VOLATILE, resolve_fixed, 0},
     "Iv",
     TYPE_STRING,
     0,
     run_fixed,
     "A FixedString of random bytes."},
    ROW_FULL("generateUUIDv7", false, 0, 1, FUNCTION_VOLATILE, 0, "v", TYPE_UUID, 0, run_uuid7,
             "A new UUID of version 7, ordered by time."),
    {{"dateTimeToUUIDv7", false, 1, 1, FUNCTION_VOLATILE | FUNCTION_NULLS, resolve_uuid7_of, 0},
     "n",
     TYPE_UUID,
     0,
     run_uuid7_of,
     "A new UUID of version 7 of a time."},
};
const struct function_group functions_random = {.definitions = definitions,
                                                .definition_count = sizeof(definitions) / sizeof(definitions[0]),
                                                .rows = rows,
                                                .row_count = sizeof(rows) / sizeof(rows[0])};
