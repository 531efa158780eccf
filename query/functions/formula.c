/*
 * formula.c: functions that are a formula of others: divideOrNull, ifNotFinite, timeDiff, mapContainsKeyLike, …
 *
 * thread   any: constant
 */
#include "query/functions/compose.h"
#include "query/functions/row.h"

#include <strings.h>

static struct err *resolve_formula(const struct function_bind *bind, struct function *out);
static struct err *resolve_or_null(const struct function_bind *bind, struct function *out);

#define FORMULA(name, count, formula, about)                                                                           \
    {                                                                                                                  \
        {name, false, count, count, FUNCTION_NULLS | FUNCTION_CAN_FAIL, resolve_formula, 0}, formula, TYPE_NOTHING, 0, \
            NULL, about                                                                                                \
    }
#define OR_NULL(name, of, about)                                                                                       \
    {                                                                                                                  \
        {name, false, 2, 2, FUNCTION_NULLS | FUNCTION_CAN_FAIL, resolve_or_null, 0}, of, TYPE_NOTHING, 0, NULL, about  \
    }
/* The formula stands where functions of one row have the shape of their arguments. */
static const struct row_function rows[] = {
    FORMULA("divideOrNull", 2, "divide($0, nullIf($1, 0))", "The quotient; NULL where the divisor is 0."),
    OR_NULL("intDivOrNull", "intDiv", "The whole part of a quotient; NULL where there is none."),
    OR_NULL("moduloOrNull", "modulo", "The remainder; NULL where there is none."),
    OR_NULL("positiveModuloOrNull", "positiveModulo", "The remainder, never negative; NULL where there is none."),
    FORMULA("ifNotFinite", 2, "if(isFinite($0), $0, $1)", "The first number, or the second where it is not finite."),
    FORMULA("sqr", 1, "multiply($0, $0)", "The square."),
    FORMULA("timeDiff", 2, "dateDiff('second', $0, $1)", "How many borders of seconds lie between two times."),
    FORMULA("notHas", 2, "not(has($0, $1))", "Is the value none of the array's elements?"),
    FORMULA("mapContainsValue", 2, "has(mapValues($0), $1)", "Has the map such a value?"),
    FORMULA("mapContainsKeyLike", 2, "arrayExists(@like(mapKeys($0), $1))", "Has the map a key like a pattern?"),
    FORMULA("mapContainsValueLike", 2, "arrayExists(@like(mapValues($0), $1))", "Has the map a value like a pattern?"),
    FORMULA("mapExtractKeyLike", 2,
            "mapFromArrays(arrayFilter(@like(mapKeys($0), $1), mapKeys($0)), arrayFilter(@like(mapKeys($0), $1), "
            "mapValues($0)))",
            "The map's pairs whose keys are like a pattern."),
    FORMULA("mapExtractValueLike", 2,
            "mapFromArrays(arrayFilter(@like(mapValues($0), $1), mapKeys($0)), arrayFilter(@like(mapValues($0), $1), "
            "mapValues($0)))",
            "The map's pairs whose values are like a pattern."),
    FORMULA("arrayRemove", 2, "arrayFilter(@isDistinctFrom($0, $1), $0)", "The array without the elements of a value."),
    FORMULA("arrayFlattenedLength", 1, "length(arrayFlatten($0))", "How many elements arrays of arrays have in all."),
    FORMULA("arrayJaccardIndex", 2, "divide(length(arrayIntersect($0, $1)), length(arrayUnion($0, $1)))",
            "How many elements two arrays share, as a part of all they have."),
    FORMULA("bitmaskToList", 1, "arrayStringConcat(bitmaskToArray($0), ',')",
            "The powers of two that a number is made of, with commas."),
    FORMULA("indexOfAssumeSorted", 2, "indexOf($0, $1)", "As indexOf, of an array in order."),
    FORMULA("initialQueryID", 0, "queryID()", "The query's identifier."),
    FORMULA("initialQueryStartTime", 0, "now()", "The time when the query began."),
    FORMULA("connectionId", 0, "toUInt64(0)", "The number of a MySQL connection: 0, as there are none."),
    FORMULA("displayName", 0, "hostName()", "The server's name."),
    FORMULA("shardNum", 0, "toUInt32(0)", "The number of this part of a distributed query: 0, as none is."),
    FORMULA("shardCount", 0, "toUInt32(0)", "How many parts a distributed query has: 0, as none is."),
    FORMULA("authenticatedUser", 0, "currentUser()", "The user."),
    FORMULA("currentSchemas", 1, "array(currentDatabase())", "The session's databases."),
    FORMULA("UTCTimestamp", 0, "now('UTC')", "The time when the query began, in UTC."),
};

static struct err *resolve_formula(const struct function_bind *bind, struct function *out)
{
    const struct row_function *row = (const struct row_function *)(const void *)bind->definition;
    struct err *err = NULL;
    bool looks = strstr(row->shape, "like") != NULL; /* into a map: of NULL, or for it, is NULL */
    if (looks && compose_null(bind, out, &err)) {
        return err;
    }
    struct compose compose = compose_begin(bind);
    uint32_t value = compose_formula(&compose, row->shape);
    return compose_end(&compose, value, out);
}

/* The function with a divisor that is NULL where it is 0, or where it is -1 and the dividend the least of its type,
 * whose quotient is none of its numbers: then intDivOrZero, which never fails of integers, gives 0. */
static struct err *resolve_or_null(const struct function_bind *bind, struct function *out)
{
    const struct row_function *row = (const struct row_function *)(const void *)bind->definition;
    const struct type *a = bind->arguments[0].type, *b = bind->arguments[1].type;
    struct compose compose = compose_begin(bind);
    bool both = type_is_integer(a) && type_is_signed(a) && type_is_integer(b) && type_is_signed(b);
    uint32_t divisor = compose_formula(
        &compose, both ? "nullIf($1, if(and(equals($1, negate(1)), and(notEquals($0, 0), equals(intDivOrZero($0, $1), "
                         "0))), $1, 0))"
                       : "nullIf($1, 0)");
    return compose_end(&compose, compose_call2(&compose, row->shape, 0, divisor), out);
}

/* --- maps --------------------------------------------------------------------------------------------------------- */

/* mapConcat: the pairs of all maps. mapUpdate: of two, the second's where both have a key. */
static struct err *resolve_maps(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    bool update = bind->tag != 0;
    uint32_t keys[COMPOSE_CALL_MAX], values[COMPOSE_CALL_MAX];
    if (bind->count > COMPOSE_CALL_MAX) {
        return err_new(ERR_TOO_MANY_ARGUMENTS, "function %s takes at most %u maps", bind->name, COMPOSE_CALL_MAX);
    }
    if (compose_null(bind, out, &err)) {
        return err;
    }
    struct compose compose = compose_begin(bind);
    for (uint32_t a = 0; a < bind->count; a++) {
        if (bind->arguments[a].type->kind != TYPE_MAP) {
            return argument_error(bind, a, "a map is needed");
        }
        if (update && !type_equal(bind->arguments[0].type, bind->arguments[a].type)) {
            return argument_error(bind, a, "a map of the same types as the first is needed");
        }
        keys[a] = compose_call1(&compose, "mapKeys", a);
        values[a] = compose_call1(&compose, "mapValues", a);
    }
    ASSERT(bind->count > 0);
    if (update) {
        uint32_t kept = compose_formula(&compose, "@@notHas(mapKeys($1), mapKeys($0))");
        keys[0] = compose_call2(&compose, "arrayFilter", kept, keys[0]);
        values[0] = compose_call2(&compose, "arrayFilter", kept, values[0]);
    }
    uint32_t all_keys = compose_call(&compose, "arrayConcat", keys, bind->count);
    uint32_t all_values = compose_call(&compose, "arrayConcat", values, bind->count);
    return compose_end(&compose, compose_call2(&compose, "mapFromArrays", all_keys, all_values), out);
}

/* arraySymmetricDifference: what an array has, but not all have. */
static struct err *resolve_symmetric(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    uint32_t all[COMPOSE_CALL_MAX];
    if (bind->count > COMPOSE_CALL_MAX) {
        return err_new(ERR_TOO_MANY_ARGUMENTS, "function %s takes at most %u arrays", bind->name, COMPOSE_CALL_MAX);
    }
    if (compose_null(bind, out, &err)) {
        return err;
    }
    struct compose compose = compose_begin(bind);
    for (uint32_t a = 0; a < bind->count; a++) {
        if (bind->arguments[a].type->kind != TYPE_ARRAY) {
            return argument_error(bind, a, "an array is needed");
        }
        all[a] = a;
    }
    uint32_t either = compose_call(&compose, "arrayUnion", all, bind->count);
    uint32_t common = compose_call(&compose, "arrayIntersect", all, bind->count);
    return compose_end(&compose, compose_call2(&compose, "arrayExcept", either, common), out);
}

/* --- toInterval --------------------------------------------------------------------------------------------------- */

static struct err *resolve_to_interval(const struct function_bind *bind, struct function *out)
{
    static const char *const units[] = {"Nanosecond", "Microsecond", "Millisecond", "Second",  "Minute", "Hour",
                                        "Day",        "Week",        "Month",       "Quarter", "Year"};
    struct err *err = NULL;
    struct slice unit;
    if (compose_null(bind, out, &err)) {
        return err;
    }
    OR_DONE(argument_constant_text(bind, 1, &unit));
    for (size_t u = 0; u < sizeof(units) / sizeof(units[0]); u++) {
        if (strlen(units[u]) == unit.length && strncasecmp(units[u], unit.data, unit.length) == 0) {
            const char *name = arena_format(bind->arena, "toInterval%s", units[u]);
            if (name == NULL) {
                return arena_error(bind->arena);
            }
            struct compose compose = compose_begin(bind);
            uint32_t value = compose_call1(&compose, name, 0);
            return compose_end(&compose, value, out);
        }
    }
    err = err_new(ERR_BAD_ARGUMENTS, "%.*s doesn't look like an interval unit in toInterval",
                  (int)(unit.length > 50 ? 50 : unit.length), unit.data);
done:
    return err;
}

/* --- tumble, hop -------------------------------------------------------------------------------------------------- */

enum window_part { WINDOW_BOTH, WINDOW_START, WINDOW_END };

static struct err *check_interval(const struct function_bind *bind, uint32_t index)
{
    if (bind->arguments[index].type->kind != TYPE_INTERVAL) {
        return argument_error(bind, index, "an interval is needed");
    }
    if (bind->arguments[index].constant != NULL && column_int(bind->arguments[index].constant, 0) <= 0) {
        return err_new(ERR_SIZE_OUT_OF_BOUND, "the interval of function %s must be positive", bind->name);
    }
    return NULL;
}

static struct err *check_time(const struct function_bind *bind)
{
    bool fits = bind->arguments[0].type->kind == TYPE_DATETIME || bind->arguments[0].type->kind == TYPE_DATETIME64;
    return fits ? NULL : argument_error(bind, 0, "a DateTime is needed");
}

/* The window itself is given: …_start and …_end of it are its elements. */
static bool is_window(const struct function_bind *bind)
{
    const struct type *type = bind->arguments[0].type;
    return bind->count == 1 && type->kind == TYPE_TUPLE && type->child_count == 2;
}

/* session(time, gap[, longest]): of a row alone. */
static struct err *resolve_session(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    enum window_part part = (enum window_part)bind->tag;
    if (compose_null(bind, out, &err)) {
        return err;
    }
    struct compose compose = compose_begin(bind);
    if (is_window(bind) && part != WINDOW_BOTH) {
        return compose_end(&compose, compose_element(&compose, 0, part == WINDOW_START ? 0 : 1), out);
    }
    OR_DONE(check_time(bind));
    if (bind->count < 2) {
        return err_new(ERR_ARGUMENT_COUNT, "function %s takes a time, the gap and the longest session", bind->name);
    }
    for (uint32_t a = 1; a < bind->count; a++) {
        OR_DONE(check_interval(bind, a));
    }
    uint32_t end = compose_call2(&compose, "plus", 0, 1);
    const struct type *type = compose_type(&compose, end), *from = bind->arguments[0].type;
    if (compose.err == NULL && (type->kind != from->kind || type->scale != from->scale)) {
        return argument_error(bind, 1, "an interval that the times can tell is needed");
    }
    OR_DONE(compose_end(&compose,
                        part == WINDOW_START ? 0
                        : part == WINDOW_END ? end
                                             : compose_call2(&compose, "tuple", 0, end),
                        out));
done:
    return err;
}

/* Step and size of hop: of one unit, or of units such that windows begin where smaller ones do. */
static struct err *check_steps(const struct function_bind *bind)
{
    static const int64_t seconds[] = {0, 0, 0, 1, 60, 3600, 86400, 604800, 2592000, 7776000, 31104000};
    enum interval_unit step = bind->arguments[1].type->unit, size = bind->arguments[2].type->unit;
    const struct column *amounts[2] = {bind->arguments[1].constant, bind->arguments[2].constant};
    bool months = step >= INTERVAL_MONTH && size >= INTERVAL_MONTH;
    bool days = step == INTERVAL_DAY && size == INTERVAL_WEEK;
    bool clock = step >= INTERVAL_SECOND && step <= INTERVAL_HOUR && size >= INTERVAL_SECOND && size <= INTERVAL_WEEK;
    if (step != size && !months && !days && !clock) {
        return err_new(ERR_ARGUMENT_TYPE, "the intervals of function %s are of units that do not go together",
                       bind->name);
    }
    if (step >= INTERVAL_SECOND && amounts[0] != NULL && amounts[1] != NULL &&
        (double)column_int(amounts[0], 0) * (double)seconds[step] >
            (double)column_int(amounts[1], 0) * (double)seconds[size]) {
        return err_new(ERR_SIZE_OUT_OF_BOUND,
                       "the step of function %s must not be longer than its windows: some rows "
                       "would be in none",
                       bind->name);
    }
    return NULL;
}

/* tumble(time, size[, zone]), hop(time, step, size[, zone]): of hop's windows the one that ends first. */
static struct err *resolve_window(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    enum window_part part = (enum window_part)(bind->tag & 3);
    bool hops = (bind->tag & 4) != 0;
    uint32_t zone = hops ? 3 : 2;
    if (compose_null(bind, out, &err)) {
        return err;
    }
    struct compose compose = compose_begin(bind);
    if (is_window(bind) && part != WINDOW_BOTH) {
        return compose_end(&compose, compose_element(&compose, 0, part == WINDOW_START ? 0 : 1), out);
    }
    OR_DONE(check_time(bind));
    if (bind->count < zone) {
        return err_new(ERR_ARGUMENT_COUNT, "function %s takes %u or %u arguments", bind->name, zone, zone + 1);
    }
    for (uint32_t a = 1; a < zone; a++) {
        OR_DONE(check_interval(bind, a));
    }
    if (hops) {
        OR_DONE(check_steps(bind));
    }
    uint32_t start = bind->count > zone ? compose_call3(&compose, "toStartOfInterval", 0, 1, zone)
                                        : compose_call2(&compose, "toStartOfInterval", 0, 1);
    uint32_t end = compose_call2(&compose, "plus", start, 1);
    start = hops ? compose_call2(&compose, "minus", end, 2) : start;
    OR_DONE(compose_end(&compose,
                        part == WINDOW_START ? start
                        : part == WINDOW_END ? end
                                             : compose_call2(&compose, "tuple", start, end),
                        out));
done:
    return err;
}

#define WINDOW(name, least, most, tag)                                                                                 \
    {                                                                                                                  \
        name, false, least, most, FUNCTION_NULLS | FUNCTION_CAN_FAIL, resolve_window, tag                              \
    }
static const struct function_definition definitions[] = {
    {"mapConcat", false, 1, ANY_COUNT, FUNCTION_NULLS, resolve_maps, 0},
    {"mapUpdate", false, 2, 2, FUNCTION_NULLS, resolve_maps, 1},
    {"arraySymmetricDifference", false, 1, ANY_COUNT, FUNCTION_NULLS, resolve_symmetric, 0},
    {"toInterval", false, 2, 2, FUNCTION_NULLS | FUNCTION_CAN_FAIL, resolve_to_interval, 0},
    WINDOW("tumble", 2, 3, WINDOW_BOTH),
    WINDOW("tumbleStart", 1, 3, WINDOW_START),
    WINDOW("tumbleEnd", 1, 3, WINDOW_END),
    WINDOW("hop", 3, 4, WINDOW_BOTH | 4),
    WINDOW("hopStart", 1, 4, WINDOW_START | 4),
    WINDOW("hopEnd", 1, 4, WINDOW_END | 4),
    {"session", false, 2, 3, FUNCTION_NULLS | FUNCTION_CAN_FAIL, resolve_session, WINDOW_BOTH},
    {"sessionStart", false, 1, 3, FUNCTION_NULLS | FUNCTION_CAN_FAIL, resolve_session, WINDOW_START},
    {"sessionEnd", false, 1, 3, FUNCTION_NULLS | FUNCTION_CAN_FAIL, resolve_session, WINDOW_END},
};
static const struct function_alias aliases[] = {
    {"initial_query_start_time", true, "initialQueryStartTime"},
    {"connection_id", true, "connectionId"},
    {"connectionID", false, "connectionId"},
    {"modOrNull", true, "moduloOrNull"},
    {"pmodOrNull", true, "positiveModuloOrNull"},
    {"positive_modulo_or_null", true, "positiveModuloOrNull"},
    {"array_remove", true, "arrayRemove"},
    {"current_schemas", true, "currentSchemas"},
    {"initial_query_id", true, "initialQueryID"},
    {"authUser", false, "authenticatedUser"},
    {"UTC_timestamp", true, "UTCTimestamp"},
    {"fullHostName", false, "hostName"},
    {"date_bin", true, "toStartOfInterval"},
};
const struct function_group functions_formula = {definitions, sizeof(definitions) / sizeof(definitions[0]),
                                                 aliases,     sizeof(aliases) / sizeof(aliases[0]),
                                                 rows,        sizeof(rows) / sizeof(rows[0])};
