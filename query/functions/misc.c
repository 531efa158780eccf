/*
 * misc.c: toTypeName, version, currentDatabase and other facts about the query; rand; formatReadable…; throwIf.
 *
 * thread   any; rand draws from a generator per thread
 */
#include "query/functions/random.h"
#include "query/functions/nested.h"
#include "query/functions/value_text.h"

#include "base/city_hash.h"
#include "base/number.h"
#include "format/readable.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static struct err *evaluate_text(EVALUATE_ARGUMENTS)
{
    (void)arguments;
    *out = column_const(arena, function->inner, function->data, row_count);
    return *out == NULL ? arena_error(arena) : NULL;
}

enum fact { FACT_VERSION, FACT_DATABASE, FACT_USER, FACT_QUERY_ID, FACT_HOST };

static struct err *bind_text(const struct function_bind *bind, struct function *out, struct slice text)
{
    struct slice *kept = ARENA_NEW(bind->arena, struct slice);
    if (kept == NULL) {
        return arena_error(bind->arena);
    }
    *kept = text;
    out->inner = type_simple(TYPE_STRING);
    out->evaluate = evaluate_text;
    out->data = kept;
    return NULL;
}

static struct err *resolve_fact(const struct function_bind *bind, struct function *out)
{
    struct slice text = {"", 0};
    const struct function_context *context = bind->context;
    switch (bind->tag) {
    case FACT_VERSION:
        text = slice_text("26.7.1.1"); /* of the dialect: clients look at it to know what they may ask */
        break;
    case FACT_DATABASE:
        text = context == NULL ? text : context->database;
        break;
    case FACT_USER:
        text = context == NULL ? text : context->user;
        break;
    case FACT_QUERY_ID:
        text = context == NULL ? text : context->query_id;
        if (context != NULL && context->marks != NULL) {
            context->marks->asks_query = true;
        }
        break;
    default:
        text = context == NULL ? text : context->host;
    }
    return bind_text(bind, out, text);
}

static struct err *resolve_type_name(const struct function_bind *bind, struct function *out)
{
    struct slice name = type_name_lines(bind->arena, bind->arguments[0].type);
    if (name.data == NULL) {
        return arena_error(bind->arena);
    }
    return bind_text(bind, out, name);
}

static struct err *evaluate_number(EVALUATE_ARGUMENTS)
{
    uint64_t *value = ARENA_NEW(arena, uint64_t);
    (void)arguments;
    if (value == NULL) {
        return arena_error(arena);
    }
    *value = function->context == NULL ? 0 : function->context->uptime_s;
    *out = column_const(arena, function->inner, value, row_count);
    return *out == NULL ? arena_error(arena) : NULL;
}

static struct err *resolve_uptime(const struct function_bind *bind, struct function *out)
{
    if (bind->context != NULL && bind->context->marks != NULL) {
        bind->context->marks->asks_server = true;
    }
    out->inner = type_simple(TYPE_UINT32);
    out->evaluate = evaluate_number;
    return NULL;
}

/* What clients of the format Native and of the native protocol may expect: 54460. */
#define PROTOCOL_REVISION 54460U

static struct err *evaluate_revision(EVALUATE_ARGUMENTS)
{
    static const uint32_t revision = PROTOCOL_REVISION;
    (void)arguments;
    *out = column_const(arena, function->inner, &revision, row_count);
    return *out == NULL ? arena_error(arena) : NULL;
}

static struct err *resolve_revision(const struct function_bind *bind, struct function *out)
{
    (void)bind;
    out->inner = type_simple(TYPE_UINT32);
    out->evaluate = evaluate_revision;
    return NULL;
}

/* --- rand -------------------------------------------------------------------------------------------------------- */

uint64_t random_word(void)
{
    static _Thread_local uint64_t state;
    if (state == 0) {
        arc4random_buf(&state, sizeof(state));
        state |= 1;
    }
    state += 0x9E3779B97F4A7C15ULL;
    uint64_t x = state;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31);
}

static struct err *evaluate_random(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    struct column *made;
    (void)arguments;
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        switch (function->inner->kind) {
        case TYPE_UINT32:
            ((uint32_t *)made->values)[i] = (uint32_t)random_word();
            break;
        case TYPE_UINT64:
            ((uint64_t *)made->values)[i] = random_word();
            break;
        case TYPE_FLOAT64:
            ((double *)made->values)[i] = (double)(random_word() >> 11) * 0x1p-53;
            break;
        default: { /* a UUID of version 4 */
            unsigned __int128 uuid = (unsigned __int128)random_word() << 64 | random_word();
            uuid = (uuid & ~(unsigned __int128)0xf000) | 0x4000;
            uuid = (uuid & ~((unsigned __int128)3 << 126)) | (unsigned __int128)2 << 126;
            memcpy((char *)made->values + (size_t)i * 16, &uuid, 16);
        }
        }
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_random(const struct function_bind *bind, struct function *out)
{
    out->inner = type_simple((enum type_kind)bind->tag);
    out->evaluate = evaluate_random;
    return NULL;
}

static uint64_t hash_constant(const struct column *constant, uint64_t hash)
{
    if (constant == NULL || constant->values == NULL || type_is_nested(constant->type)) {
        return hash;
    }
    struct slice bytes = type_is_string(constant->type) && constant->type->kind == TYPE_STRING
                             ? *(const struct slice *)constant->values
                             : slice_of(constant->values, constant->type->width);
    return city_hash_pair(hash, city_hash64(bytes));
}

/* One number for the whole query, the same for calls with the same arguments. */
static struct err *resolve_rand_constant(const struct function_bind *bind, struct function *out)
{
    static _Atomic uint64_t secret;
    const struct function_context *context = bind->context;
    uint32_t *value = ARENA_NEW(bind->arena, uint32_t);
    uint64_t hash = 0;
    if (value == NULL) {
        return arena_error(bind->arena);
    }
    uint64_t drawn = random_word() | 1;
    if (atomic_compare_exchange_strong(&secret, &hash, drawn)) {
        hash = drawn;
    }
    if (context != NULL) {
        hash = city_hash_pair(hash, (uint64_t)context->now_us);
        hash = city_hash_pair(hash, city_hash64(context->query_id));
    }
    for (uint32_t i = 0; i < bind->count; i++) {
        struct slice name = type_name(bind->arena, bind->arguments[i].type);
        if (name.data == NULL) {
            return arena_error(bind->arena);
        }
        hash = hash_constant(bind->arguments[i].constant, city_hash_pair(hash, city_hash64(name)));
    }
    if (context != NULL && context->marks != NULL) {
        context->marks->is_volatile = true;
    }
    *value = (uint32_t)(hash >> 32);
    out->inner = type_simple(TYPE_UINT32);
    out->evaluate = evaluate_text;
    out->data = value;
    return NULL;
}

/* --- readable numbers -------------------------------------------------------------------------------------------- */

#define READABLE_ROOM 256U

enum readable { READABLE_SIZE, READABLE_DECIMAL_SIZE, READABLE_QUANTITY, READABLE_TIME };

static size_t readable_time(double seconds, char *to, size_t room)
{
    static const struct {
        const char *name;
        uint64_t seconds;
    } units[] = {{"year", 31536000}, {"month", 2635200}, {"day", 86400}, {"hour", 3600}, {"minute", 60}, {"second", 1}};
    size_t length = 0;
    if (!isfinite(seconds)) {
        return number_print_double(seconds, to);
    }
    if (seconds < 0) {
        to[length++] = '-';
        seconds = -seconds;
    }
    if (seconds + 1 == seconds) { /* smaller units are beyond a double's digits */
        length += number_print_double(floor(seconds / (double)units[0].seconds), to + length);
        return length + (size_t)snprintf(to + length, room - length, " years");
    }
    uint64_t rest = (uint64_t)seconds;
    bool any = false;
    for (size_t u = 0; u < sizeof(units) / sizeof(units[0]); u++) {
        uint64_t count = rest / units[u].seconds;
        rest %= units[u].seconds;
        if (count > 0 || (u == 5 && !any)) {
            length += (size_t)snprintf(to + length, room - length, "%s%llu %s%s",
                                       any ? (u == 5 || rest == 0 ? " and " : ", ") : "", (unsigned long long)count,
                                       units[u].name, count == 1 ? "" : "s");
            any = true;
        }
    }
    return length;
}

static struct err *evaluate_readable(EVALUATE_ARGUMENTS)
{
    static const char *const binary[] = {" B", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB", " ZiB", " YiB"};
    static const char *const decimal[] = {" B", " KB", " MB", " GB", " TB", " PB", " EB", " ZB", " YB"};
    struct err *err = NULL;
    enum readable readable = (enum readable)(intptr_t)function->data;
    const struct column *in = column_numbers(arena, arguments[0], TYPE_FLOAT64);
    struct text_buffer buffer = {arena, NULL, 0};
    struct column *made;
    if (in == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        double value = VALUE_AT(in, double, i);
        char *to = text_room(&buffer, READABLE_ROOM);
        size_t length;
        if (to == NULL) {
            return arena_error(arena);
        }
        if (readable == READABLE_TIME) {
            length = readable_time(value, to, READABLE_ROOM);
        } else if (readable == READABLE_QUANTITY) {
            length = readable_quantity(value, to);
        } else {
            bool is_binary = readable == READABLE_SIZE;
            length = readable_print(value, is_binary ? 1024 : 1000, is_binary ? binary : decimal, 8, to);
        }
        ((struct slice *)made->values)[i] = text_taken(&buffer, length);
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_readable(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    OR_DONE(argument_number(bind, 0));
    out->inner = type_simple(TYPE_STRING);
    out->evaluate = evaluate_readable;
    out->data = (const void *)(intptr_t)bind->tag;
done:
    return err;
}

/* --- throwIf, identity, materialize ------------------------------------------------------------------------------ */

static struct err *evaluate_throw(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct slice *message = function->data;
    const struct column *in = column_numbers(arena, arguments[0], TYPE_INT64);
    struct column *made;
    if (in == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        if (VALUE_AT(in, int64_t, i) != 0) {
            return err_new(ERR_THROW_IF, "%.*s", SLICE_ARG(*message));
        }
        ((uint8_t *)made->values)[i] = 0;
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_throw(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct slice *message = ARENA_NEW(bind->arena, struct slice);
    if (message == NULL) {
        return arena_error(bind->arena);
    }
    OR_DONE(argument_integer(bind, 0));
    *message = slice_text("Value passed to 'throwIf' function is non-zero");
    if (bind->count > 1) {
        OR_DONE(argument_constant_text(bind, 1, message));
    }
    out->inner = type_simple(TYPE_UINT8);
    out->evaluate = evaluate_throw;
    out->data = message;
done:
    return err;
}

static struct err *evaluate_same(EVALUATE_ARGUMENTS)
{
    (void)function;
    (void)row_count;
    const struct column *flat = column_flat(arena, arguments[0]);
    *out = (struct column *)(uintptr_t)flat;
    return flat == NULL ? arena_error(arena) : NULL;
}

static struct err *resolve_same(const struct function_bind *bind, struct function *out)
{
    out->inner = bind->arguments[0].type;
    out->evaluate = evaluate_same;
    return NULL;
}

static const struct function_definition definitions[] = {
    {"toTypeName", false, 1, 1, FUNCTION_VIEWS | FUNCTION_NULLS | FUNCTION_FULL | FUNCTION_RAW | FUNCTION_OF_TYPES,
     resolve_type_name, 0},
    {"version", true, 0, 0, 0, resolve_fact, FACT_VERSION},
    {"currentDatabase", false, 0, 0, 0, resolve_fact, FACT_DATABASE},
    {"currentUser", false, 0, 0, 0, resolve_fact, FACT_USER},
    {"queryID", false, 0, 0, 0, resolve_fact, FACT_QUERY_ID},
    {"hostName", false, 0, 0, 0, resolve_fact, FACT_HOST},
    {"uptime", false, 0, 0, 0, resolve_uptime, 0},
    {"revision", true, 0, 0, 0, resolve_revision, 0},
    {"rand", true, 0, 1, FUNCTION_VOLATILE, resolve_random, TYPE_UINT32},
    {"rand64", false, 0, 1, FUNCTION_VOLATILE, resolve_random, TYPE_UINT64},
    {"randCanonical", false, 0, 1, FUNCTION_VOLATILE, resolve_random, TYPE_FLOAT64},
    {"randConstant", false, 0, 1, FUNCTION_NULLS | FUNCTION_FULL, resolve_rand_constant, 0},
    {"generateUUIDv4", false, 0, 1, FUNCTION_VOLATILE, resolve_random, TYPE_UUID},
    {"formatReadableSize", false, 1, 1, 0, resolve_readable, READABLE_SIZE},
    {"formatReadableDecimalSize", false, 1, 1, 0, resolve_readable, READABLE_DECIMAL_SIZE},
    {"formatReadableQuantity", false, 1, 1, 0, resolve_readable, READABLE_QUANTITY},
    {"formatReadableTimeDelta", false, 1, 1, 0, resolve_readable, READABLE_TIME},
    {"throwIf", false, 1, 2, FUNCTION_CAN_FAIL, resolve_throw, 0},
    {"identity", false, 1, 1, FUNCTION_NULLS, resolve_same, 0},
    {"materialize", false, 1, 1, FUNCTION_NULLS | FUNCTION_VOLATILE, resolve_same, 0},
};
static const struct function_alias aliases[] = {
    {"DATABASE", true, "currentDatabase"},
    {"current_database", true, "currentDatabase"},
    {"SCHEMA", true, "currentDatabase"},
    {"user", true, "currentUser"},
    {"current_user", true, "currentUser"},
    {"query_id", true, "queryID"},
    {"FQDN", true, "hostName"},
    {"rand32", false, "rand"},
    {"FORMAT_BYTES", true, "formatReadableSize"},
};
const struct function_group functions_misc = GROUP_OF(definitions, aliases);
