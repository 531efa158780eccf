/*
 * tuple_math.c: arithmetic, norms and distances of tuples as vectors: tuplePlus, dotProduct, L2Norm, cosineDistance, …
 *
 * how      each is made of functions of the elements (compose.h), whose types and NULLs theirs are; norms and distances
 *          of arrays go to vector.c
 * thread   any, no shared state
 */
#include "query/functions/compose.h"
#include "query/functions/vector.h"

/* What a definition's tag means: the function of the elements. */
static const char *const operations[] = {"plus",   "minus",        "multiply",       "divide", "modulo",
                                         "intDiv", "intDivOrZero", "positiveModulo", "negate", "notEquals"};
enum operation {
    OP_PLUS,
    OP_MINUS,
    OP_MULTIPLY,
    OP_DIVIDE,
    OP_MODULO,
    OP_INT_DIV,
    OP_INT_DIV_OR_ZERO,
    OP_POSITIVE_MODULO,
    OP_NEGATE,
    OP_NOT_EQUALS
};

static struct err *check_tuple(const struct function_bind *bind, uint32_t index)
{
    return bind->arguments[index].type->kind == TYPE_TUPLE ? NULL : argument_error(bind, index, "a tuple is needed");
}

static struct err *check_tuples(const struct function_bind *bind)
{
    struct err *err = NULL;
    OR_DONE(check_tuple(bind, 0));
    OR_DONE(check_tuple(bind, 1));
    if (bind->arguments[0].type->child_count != bind->arguments[1].type->child_count) {
        err = err_new(ERR_ARGUMENT_TYPE, "function %s needs tuples of the same size", bind->name);
    }
done:
    return err;
}

/* A tuple of values; the empty one is the number 0, as ClickHouse has it. */
static uint32_t tuple_of(struct compose *compose, const uint32_t *values, uint32_t count)
{
    return count == 0 ? compose_number(compose, 0) : compose_call(compose, "tuple", values, count);
}

/* Element by element: of two tuples, of a tuple and a number, of one tuple. */
enum sides { SIDES_TWO, SIDES_NUMBER, SIDES_ONE };

static uint32_t element_wise(struct compose *compose, const char *operation, enum sides sides, uint32_t a, uint32_t b)
{
    uint32_t values[COMPOSE_CALL_MAX];
    uint32_t count = compose_type(compose, a)->child_count;
    if (count > COMPOSE_CALL_MAX) {
        compose->err = err_new(ERR_TOO_MANY_ARGUMENTS, "function %s of tuples with more than %u elements",
                               compose->bind->name, COMPOSE_CALL_MAX);
        return 0;
    }
    for (uint32_t k = 0; k < count; k++) {
        uint32_t left = compose_element(compose, a, k);
        values[k] = sides == SIDES_ONE ? compose_call1(compose, operation, left)
                                       : compose_call2(compose, operation, left,
                                                       sides == SIDES_TWO ? compose_element(compose, b, k) : b);
    }
    return tuple_of(compose, values, count);
}

#define SIDES_OF(tag)     ((enum sides)((tag) >> 8))
#define OPERATION_OF(tag) (operations[(tag)&255])

static struct err *resolve_elements(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    if (compose_null(bind, out, &err)) {
        return err;
    }
    OR_DONE(SIDES_OF(bind->tag) == SIDES_TWO ? check_tuples(bind) : check_tuple(bind, 0));
    if (SIDES_OF(bind->tag) == SIDES_NUMBER && bind->arguments[1].type->nullable) {
        return err_new(ERR_NOT_IMPLEMENTED, "%s of a Nullable number is not implemented: it is a Nullable(Tuple)",
                       bind->name);
    }
    struct compose compose = compose_begin(bind);
    uint32_t result = element_wise(&compose, OPERATION_OF(bind->tag), SIDES_OF(bind->tag), 0, 1);
    OR_DONE(compose_end(&compose, result, out));
done:
    return err;
}

/* The function folded over the elements of a tuple; 0 of the empty one. */
static uint32_t folded(struct compose *compose, const char *fold, uint32_t tuple)
{
    uint32_t count = compose_type(compose, tuple)->child_count;
    uint32_t sum = count == 0 ? compose_number(compose, 0) : compose_element(compose, tuple, 0);
    for (uint32_t k = 1; k < count; k++) {
        sum = compose_call2(compose, fold, sum, compose_element(compose, tuple, k));
    }
    return sum;
}

static struct err *resolve_hamming(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    if (compose_null(bind, out, &err)) {
        return err;
    }
    OR_DONE(check_tuples(bind));
    struct compose compose = compose_begin(bind);
    OR_DONE(compose_end(&compose, folded(&compose, "plus", element_wise(&compose, "notEquals", SIDES_TWO, 0, 1)), out));
done:
    return err;
}

static uint32_t dot_product(struct compose *compose, uint32_t a, uint32_t b)
{
    return folded(compose, "plus", element_wise(compose, "multiply", SIDES_TWO, a, b));
}

static struct err *resolve_dot(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    if (compose_null(bind, out, &err)) {
        return err;
    }
    if (bind->tag == VECTOR_DOT &&
        (bind->arguments[0].type->kind == TYPE_ARRAY || strcmp(bind->name, "dotProduct") != 0)) {
        return vector_resolve(bind, out);
    }
    OR_DONE(check_tuples(bind));
    struct compose compose = compose_begin(bind);
    OR_DONE(compose_end(&compose, dot_product(&compose, 0, 1), out));
done:
    return err;
}

/* power: the value that is p of LpNorm. */
static uint32_t norm_of(struct compose *compose, enum norm norm, uint32_t tuple, uint32_t power)
{
    switch (norm) {
    case NORM_L1:
        return folded(compose, "plus", element_wise(compose, "abs", SIDES_ONE, tuple, 0));
    case NORM_LINF: {
        uint32_t most = folded(compose, "greatest", element_wise(compose, "abs", SIDES_ONE, tuple, 0));
        return compose_type(compose, tuple)->child_count < 2 ? most : compose_call1(compose, "toFloat64", most);
    }
    case NORM_LP: {
        uint32_t sum = folded(
            compose, "plus",
            element_wise(compose, "pow", SIDES_NUMBER, element_wise(compose, "abs", SIDES_ONE, tuple, 0), power));
        return compose_call2(compose, "pow", sum, compose_call2(compose, "divide", compose_number(compose, 1), power));
    }
    default: {
        uint32_t sum = dot_product(compose, tuple, tuple);
        return norm == NORM_L2 ? compose_call1(compose, "sqrt", sum) : sum;
    }
    }
}

static struct err *check_power(const struct function_bind *bind, uint32_t index)
{
    struct err *err = NULL;
    OR_DONE(argument_number(bind, index));
    if (bind->arguments[index].constant == NULL) {
        return err_new(ERR_ILLEGAL_COLUMN, "argument %u of function %s must be a constant", index + 1, bind->name);
    }
    const struct column *number = column_numbers(bind->arena, bind->arguments[index].constant, TYPE_FLOAT64);
    if (number == NULL) {
        return arena_error(bind->arena);
    }
    double power = *(const double *)number->values;
    if (!(power >= 1) || power > 1e300) {
        return err_new(ERR_SIZE_OUT_OF_BOUND, "argument %u of function %s must be a finite number not less than one",
                       index + 1, bind->name);
    }
done:
    return err;
}

static struct err *resolve_norm(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    enum norm norm = (enum norm)(bind->tag & 15);
    enum norm_use use = (enum norm_use)(bind->tag >> 4);
    uint32_t vectors = use == USE_DISTANCE ? 2 : 1;
    if (compose_null(bind, out, &err)) {
        return err;
    }
    if (norm == NORM_LP) {
        OR_DONE(check_power(bind, vectors));
    }
    if (bind->arguments[0].type->kind == TYPE_ARRAY) {
        return vector_resolve(bind, out);
    }
    OR_DONE(vectors == 2 ? check_tuples(bind) : check_tuple(bind, 0));
    struct compose compose = compose_begin(bind);
    uint32_t tuple = vectors == 2 ? element_wise(&compose, "minus", SIDES_TWO, 0, 1) : 0;
    uint32_t result = compose_type(&compose, tuple)->kind == TYPE_TUPLE || compose.err != NULL
                          ? norm_of(&compose, norm, tuple, vectors)
                          : tuple;
    if (use == USE_NORMALIZE) {
        result = element_wise(&compose, "divide", SIDES_NUMBER, tuple, result);
    }
    OR_DONE(compose_end(&compose, result, out));
done:
    return err;
}

static struct err *resolve_cosine(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    if (compose_null(bind, out, &err)) {
        return err;
    }
    if (bind->arguments[0].type->kind == TYPE_ARRAY) {
        return vector_resolve(bind, out);
    }
    OR_DONE(check_tuples(bind));
    struct compose compose = compose_begin(bind);
    uint32_t norms =
        compose_call2(&compose, "multiply", norm_of(&compose, NORM_L2, 0, 0), norm_of(&compose, NORM_L2, 1, 0));
    uint32_t cosine = compose_call2(&compose, "divide", dot_product(&compose, 0, 1), norms);
    OR_DONE(compose_end(&compose, compose_call2(&compose, "minus", compose_number(&compose, 1), cosine), out));
done:
    return err;
}

/* plus or minus of a time and a tuple of intervals, one after the other. */
static struct err *resolve_intervals(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    if (compose_null(bind, out, &err)) {
        return err;
    }
    OR_DONE(argument_time(bind, 0));
    OR_DONE(check_tuple(bind, 1));
    struct compose compose = compose_begin(bind);
    uint32_t sum = 0;
    for (uint32_t k = 0; k < bind->arguments[1].type->child_count; k++) {
        sum = compose_call2(&compose, OPERATION_OF(bind->tag), sum, compose_element(&compose, 1, k));
    }
    OR_DONE(compose_end(&compose, sum, out));
done:
    return err;
}

#define TUPLES(name, sides, operation)                                                                                 \
    {                                                                                                                  \
        name, false, (sides) == SIDES_ONE ? 1 : 2, (sides) == SIDES_ONE ? 1 : 2, FUNCTION_NULLS | FUNCTION_CAN_FAIL,   \
            resolve_elements, (int)(sides) << 8 | (int)(operation)                                                     \
    }
#define NORMS(name, use, norm)                                                                                         \
    {                                                                                                                  \
        name, false, ((use) == USE_DISTANCE) + ((norm) == NORM_LP) + 1,                                                \
            ((use) == USE_DISTANCE) + ((norm) == NORM_LP) + 1, FUNCTION_NULLS | FUNCTION_CAN_FAIL, resolve_norm,       \
            NORM_TAG(use, norm)                                                                                        \
    }
static const struct function_definition definitions[] = {
    TUPLES("tuplePlus", SIDES_TWO, OP_PLUS),
    TUPLES("tupleMinus", SIDES_TWO, OP_MINUS),
    TUPLES("tupleMultiply", SIDES_TWO, OP_MULTIPLY),
    TUPLES("tupleDivide", SIDES_TWO, OP_DIVIDE),
    TUPLES("tupleModulo", SIDES_TWO, OP_MODULO),
    TUPLES("tupleIntDiv", SIDES_TWO, OP_INT_DIV),
    TUPLES("tupleIntDivOrZero", SIDES_TWO, OP_INT_DIV_OR_ZERO),
    TUPLES("tupleMultiplyByNumber", SIDES_NUMBER, OP_MULTIPLY),
    TUPLES("tupleDivideByNumber", SIDES_NUMBER, OP_DIVIDE),
    TUPLES("tupleModuloByNumber", SIDES_NUMBER, OP_MODULO),
    TUPLES("tuplePositiveModuloByNumber", SIDES_NUMBER, OP_POSITIVE_MODULO),
    TUPLES("tupleIntDivByNumber", SIDES_NUMBER, OP_INT_DIV),
    TUPLES("tupleIntDivOrZeroByNumber", SIDES_NUMBER, OP_INT_DIV_OR_ZERO),
    TUPLES("tupleNegate", SIDES_ONE, OP_NEGATE),
    {"tupleHammingDistance", false, 2, 2, FUNCTION_NULLS, resolve_hamming, 0},
    {"dotProduct", false, 2, 2, FUNCTION_NULLS | FUNCTION_CAN_FAIL, resolve_dot, VECTOR_DOT},
    {"arrayDotProduct", false, 2, 2, FUNCTION_NULLS | FUNCTION_CAN_FAIL, resolve_dot, VECTOR_DOT},
    {"cosineDistance", false, 2, 2, FUNCTION_NULLS | FUNCTION_CAN_FAIL, resolve_cosine, VECTOR_COSINE},
    NORMS("L1Norm", USE_NORM, NORM_L1),
    NORMS("L2Norm", USE_NORM, NORM_L2),
    NORMS("L2SquaredNorm", USE_NORM, NORM_L2_SQUARED),
    NORMS("LinfNorm", USE_NORM, NORM_LINF),
    NORMS("LpNorm", USE_NORM, NORM_LP),
    NORMS("L1Distance", USE_DISTANCE, NORM_L1),
    NORMS("L2Distance", USE_DISTANCE, NORM_L2),
    NORMS("L2SquaredDistance", USE_DISTANCE, NORM_L2_SQUARED),
    NORMS("LinfDistance", USE_DISTANCE, NORM_LINF),
    NORMS("LpDistance", USE_DISTANCE, NORM_LP),
    NORMS("L1Normalize", USE_NORMALIZE, NORM_L1),
    NORMS("L2Normalize", USE_NORMALIZE, NORM_L2),
    NORMS("LinfNormalize", USE_NORMALIZE, NORM_LINF),
    NORMS("LpNormalize", USE_NORMALIZE, NORM_LP),
    {"addTupleOfIntervals", false, 2, 2, FUNCTION_NULLS, resolve_intervals, OP_PLUS},
    {"subtractTupleOfIntervals", false, 2, 2, FUNCTION_NULLS, resolve_intervals, OP_MINUS},
};
static const struct function_alias aliases[] = {
    {"vectorSum", true, "tuplePlus"},
    {"vectorDifference", true, "tupleMinus"},
    {"scalarProduct", true, "dotProduct"},
    {"normL1", true, "L1Norm"},
    {"normL2", true, "L2Norm"},
    {"normL2Squared", true, "L2SquaredNorm"},
    {"normLinf", true, "LinfNorm"},
    {"normLp", true, "LpNorm"},
    {"distanceL1", true, "L1Distance"},
    {"distanceL2", true, "L2Distance"},
    {"distanceL2Squared", true, "L2SquaredDistance"},
    {"distanceLinf", true, "LinfDistance"},
    {"distanceLp", true, "LpDistance"},
    {"distanceCosine", true, "cosineDistance"},
    {"normalizeL1", true, "L1Normalize"},
    {"normalizeL2", true, "L2Normalize"},
    {"normalizeLinf", true, "LinfNormalize"},
    {"normalizeLp", true, "LpNormalize"},
};
const struct function_group functions_tuple_math = GROUP_OF(definitions, aliases);
