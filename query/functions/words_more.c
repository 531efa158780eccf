/*
 * words_more.c: small functions that other databases have: caseFoldUTF8, removeDiacriticsUTF8, reverseBySeparator,
 * compareSubstrings, keccak256, isProbablePrime, mortonEncode, mortonDecode.
 *
 * source   Unicode's case folding and decomposition as utf8proc has them; Bertoni et al., "The Keccak reference", 2011;
 *          Sorenson, Webster, "Strong pseudoprimes to twelve prime bases", 2015
 * thread   any, no shared state
 */
#include "query/functions/nested.h"
#include "query/functions/row.h"

#include <utf8proc.h>

/* --- texts ------------------------------------------------------------------------------------------------------- */

enum mapping { MAPPING_FOLD, MAPPING_STRIP };

static struct err *run_map(struct row_call *call, union row_value *out)
{
    static const unsigned options[] = {
        [MAPPING_FOLD] = UTF8PROC_CASEFOLD,
        [MAPPING_STRIP] = UTF8PROC_STABLE | UTF8PROC_STRIPMARK | UTF8PROC_COMPOSE,
    };
    struct err *err = NULL;
    struct slice text = call->arguments[0].text;
    utf8proc_option_t option = (utf8proc_option_t)options[call->tag];
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text.data;
    utf8proc_ssize_t length = (utf8proc_ssize_t)text.length;
    if (text.length == 0) {
        out->text = slice_of("", 0);
        return NULL;
    }
    utf8proc_ssize_t count = utf8proc_decompose(bytes, length, NULL, 0, option);
    if (count < 0) {
        return err_new(ERR_BAD_ARGUMENTS, "function %s: a string is not UTF-8", call->function->name);
    }
    utf8proc_int32_t *points = ARENA_ARRAY(call->buffer.arena, utf8proc_int32_t, (size_t)count + 1);
    if (points == NULL) {
        return arena_error(call->buffer.arena);
    }
    count = utf8proc_decompose(bytes, length, points, count, option);
    utf8proc_ssize_t made = count < 0 ? count : utf8proc_reencode(points, count, option);
    if (made < 0) {
        return err_new(ERR_BAD_ARGUMENTS, "function %s: %s", call->function->name, utf8proc_errmsg(made));
    }
    out->text = slice_of((const char *)points, (size_t)made);
    return err;
}

/* The parts between separators, the last one first. */
static struct err *run_reverse(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    struct slice text = call->arguments[0].text;
    struct slice separator = call->count > 1 ? call->arguments[1].text : slice_of(".", 1);
    char *to = row_room(call, text.length + 1, &err);
    size_t at = text.length, end = 0; /* `to` is filled from behind */
    if (to == NULL) {
        return err;
    }
    while (end < text.length) {
        const char *begin = text.data + end;
        size_t left = text.length - end;
        const char *found = separator.length == 0 ? NULL : memmem(begin, left, separator.data, separator.length);
        size_t part = separator.length == 0 ? 1 : found == NULL ? left : (size_t)(found - begin);
        at -= part;
        memcpy(to + at, begin, part);
        end += part;
        if (found != NULL) {
            at -= separator.length;
            memcpy(to + at, separator.data, separator.length);
            end += separator.length;
        }
    }
    out->text = text_taken(&call->buffer, text.length);
    return NULL;
}

static struct slice part_of(struct slice text, uint64_t offset, uint64_t bytes)
{
    if (offset >= text.length) {
        return slice_of("", 0);
    }
    uint64_t left = text.length - offset;
    return slice_of(text.data + offset, bytes < left ? bytes : left);
}

static struct err *run_compare(struct row_call *call, union row_value *out)
{
    const union row_value *given = call->arguments;
    struct slice a = part_of(given[0].text, given[2].natural, given[4].natural);
    struct slice b = part_of(given[1].text, given[3].natural, given[4].natural);
    int order = slice_compare(a, b);
    out->integer = (order > 0) - (order < 0);
    return NULL;
}

static struct err *resolve_strings(const struct function_bind *bind, struct function *out)
{
    for (uint32_t i = 0; i < 2 && i < bind->count; i++) {
        if (bind->arguments[i].type->kind == TYPE_FIXED_STRING) {
            return argument_error(bind, i, "a String is needed");
        }
    }
    for (uint32_t i = 2; i < bind->count; i++) {
        const struct type *type = bind->arguments[i].type;
        if (!type_is_integer(type) || type_is_signed(type) || type->width > 8) {
            return argument_error(bind, i, "an unsigned integer is needed");
        }
    }
    return row_resolve(bind, out);
}

/* --- keccak256 --------------------------------------------------------------------------------------------------- */

#define KECCAK_RATE 136U

static void keccak_turn(uint64_t state[25])
{
    static const uint64_t rounds[24] = {0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
                                        0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
                                        0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
                                        0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
                                        0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
                                        0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};
    static const uint8_t turns[24] = {1,  3,  6,  10, 15, 21, 28, 36, 45, 55, 2,  14,
                                      27, 41, 56, 8,  25, 43, 62, 18, 39, 61, 20, 44};
    static const uint8_t lanes[24] = {10, 7,  11, 17, 18, 3, 5,  16, 8,  21, 24, 4,
                                      15, 23, 19, 13, 12, 2, 20, 14, 22, 9,  6,  1};
    for (int round = 0; round < 24; round++) {
        uint64_t column[5];
        for (int x = 0; x < 5; x++) {
            column[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20];
        }
        for (int x = 0; x < 5; x++) {
            uint64_t next = column[(x + 1) % 5];
            uint64_t mixed = column[(x + 4) % 5] ^ (next << 1 | next >> 63);
            for (int y = 0; y < 25; y += 5) {
                state[x + y] ^= mixed;
            }
        }
        uint64_t carried = state[1];
        for (int i = 0; i < 24; i++) {
            uint64_t kept = state[lanes[i]];
            state[lanes[i]] = carried << turns[i] | carried >> (64 - turns[i]);
            carried = kept;
        }
        for (int y = 0; y < 25; y += 5) {
            uint64_t row[5];
            memcpy(row, state + y, sizeof(row));
            for (int x = 0; x < 5; x++) {
                state[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
            }
        }
        state[0] ^= rounds[round];
    }
}

static void keccak_take(uint64_t state[25], const char *block)
{
    uint64_t words[KECCAK_RATE / 8];
    memcpy(words, block, sizeof(words));
    for (uint32_t i = 0; i < KECCAK_RATE / 8; i++) {
        state[i] ^= words[i];
    }
    keccak_turn(state);
}

static struct err *run_keccak(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    struct slice text = call->arguments[0].text;
    uint64_t state[25] = {0};
    char last[KECCAK_RATE] = {0};
    size_t at = 0;
    char *to = row_room(call, 32, &err);
    if (to == NULL) {
        return err;
    }
    for (; text.length - at >= KECCAK_RATE; at += KECCAK_RATE) {
        OR_DONE(interrupt_at(at / KECCAK_RATE));
        keccak_take(state, text.data + at);
    }
    if (text.length > at) {
        memcpy(last, text.data + at, text.length - at);
    }
    last[text.length - at] = 1;
    last[KECCAK_RATE - 1] = (char)(last[KECCAK_RATE - 1] | '\x80');
    keccak_take(state, last);
    memcpy(to, state, 32);
    out->text = text_taken(&call->buffer, 32);
done:
    return err;
}

/* --- isProbablePrime --------------------------------------------------------------------------------------------- */

static uint64_t multiply_modulo(uint64_t a, uint64_t b, uint64_t n)
{
    return (uint64_t)((unsigned __int128)a * b % n);
}

/* Miller's and Rabin's test to the bases that decide all numbers of 64 bits. */
static bool is_prime(uint64_t n)
{
    static const uint64_t bases[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37};
    for (size_t i = 0; i < 12; i++) {
        if (n % bases[i] == 0) {
            return n == bases[i];
        }
    }
    if (n < 2) {
        return false;
    }
    int twos = __builtin_ctzll(n - 1);
    for (size_t i = 0; i < 12; i++) {
        uint64_t power = 1, square = bases[i];
        for (uint64_t exponent = (n - 1) >> twos; exponent > 0; exponent >>= 1) {
            power = (exponent & 1) != 0 ? multiply_modulo(power, square, n) : power;
            square = multiply_modulo(square, square, n);
        }
        bool may_be = power == 1;
        for (int s = 0; s < twos && !may_be; s++) {
            may_be = power == n - 1;
            power = multiply_modulo(power, power, n);
        }
        if (!may_be) {
            return false;
        }
    }
    return true;
}

static struct err *run_prime(struct row_call *call, union row_value *out)
{
    out->natural = is_prime(call->arguments[0].natural);
    return NULL;
}

static struct err *resolve_prime(const struct function_bind *bind, struct function *out)
{
    const struct type *type = bind->arguments[0].type;
    if (!type_is_integer(type) || type_is_signed(type)) {
        return argument_error(bind, 0, "an unsigned integer is needed");
    }
    if (type->width > 8) {
        return err_new(ERR_NOT_IMPLEMENTED, "%s of more than 64 bits is not implemented", bind->name);
    }
    if (bind->count > 1) {
        const struct column *rounds = bind->arguments[1].constant;
        const struct type *given = bind->arguments[1].type;
        if (!type_is_integer(given) || type_is_signed(given)) {
            return argument_error(bind, 1, "an unsigned integer is needed");
        }
        if (rounds == NULL) {
            return err_new(ERR_ILLEGAL_COLUMN, "function %s: the number of rounds must be a constant", bind->name);
        }
        if (column_int(rounds, 0) == 0) {
            return err_new(ERR_BAD_ARGUMENTS, "function %s: the number of rounds must be above 0", bind->name);
        }
    }
    return row_resolve(bind, out);
}

/* --- mortonEncode, mortonDecode ---------------------------------------------------------------------------------- */

/* The bits of all numbers in turn, the first's lowest one first. */
static struct err *run_morton(struct row_call *call, union row_value *out)
{
    out->natural = 0;
    for (uint32_t bit = 0; bit < 64 / call->count * call->count; bit++) {
        uint64_t set = call->arguments[bit % call->count].natural >> (bit / call->count) & 1;
        out->natural |= set << bit;
    }
    return NULL;
}

#define MORTON_MAX 8U

static struct err *check_morton(const struct function_bind *bind, bool decodes)
{
    for (uint32_t i = 0; i < bind->count; i++) {
        const struct type *type = bind->arguments[i].type;
        if (type->kind == TYPE_TUPLE) {
            return err_new(ERR_NOT_IMPLEMENTED, "%s with a mask is not implemented", bind->name);
        }
        if (!type_is_integer(type) || type_is_signed(type) || type->width > 8) {
            const char *needed = "an unsigned integer of up to 64 bits is needed";
            return decodes && i > 0 ? err_new(ERR_ILLEGAL_COLUMN, "function %s: %s", bind->name, needed)
                                    : argument_error(bind, i, needed);
        }
    }
    return NULL;
}

static struct err *resolve_morton(const struct function_bind *bind, struct function *out)
{
    struct err *err = check_morton(bind, false);
    return err != NULL ? err : row_resolve(bind, out);
}

static struct err *evaluate_morton(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    uint32_t count = function->inner->child_count;
    const struct column *codes = column_numbers(arena, arguments[1], TYPE_UINT64);
    struct column *made = column_new(arena, function->inner, row_count);
    if (codes == NULL || made == NULL) {
        return arena_error(arena);
    }
    for (uint32_t c = 0; c < count; c++) {
        OR_DONE(result_new(arena, type_simple(TYPE_UINT64), row_count, &made->children[c]));
        uint64_t *numbers = made->children[c]->values;
        for (uint32_t i = 0; i < row_count; i++) {
            uint64_t code = VALUE_AT(codes, uint64_t, i);
            numbers[i] = 0;
            for (uint32_t bit = c; bit < 64 / count * count; bit += count) {
                numbers[i] |= (code >> bit & 1) << (bit / count);
            }
        }
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_decode(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    const struct type *fields[MORTON_MAX];
    int64_t count;
    OR_DONE(check_morton(bind, true));
    OR_DONE(argument_constant_int(bind, 0, &count));
    if (count < 1 || count > (int64_t)MORTON_MAX) {
        return err_new(ERR_SIZE_OUT_OF_BOUND, "function %s: the number of dimensions must be from 1 to %u", bind->name,
                       MORTON_MAX);
    }
    for (int64_t c = 0; c < count; c++) {
        fields[c] = type_simple(TYPE_UINT64);
    }
    out->inner = type_tuple(bind->arena, fields, NULL, (uint32_t)count);
    out->evaluate = evaluate_morton;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
done:
    return err;
}

static const struct function_definition definitions[] = {
    {"mortonDecode", false, 2, 2, 0, resolve_decode, 0},
};
static const struct row_function rows[] = {
    {{"caseFoldUTF8", false, 1, 1, FUNCTION_CAN_FAIL, row_resolve, MAPPING_FOLD},
     "s",
     TYPE_STRING,
     0,
     run_map,
     "The string with capitals and their like folded, for comparing."},
    {{"removeDiacriticsUTF8", false, 1, 1, FUNCTION_CAN_FAIL, row_resolve, MAPPING_STRIP},
     "s",
     TYPE_STRING,
     0,
     run_map,
     "The string without accents."},
    {{"reverseBySeparator", false, 1, 2, 0, resolve_strings, 0},
     "sS",
     TYPE_STRING,
     0,
     run_reverse,
     "The parts between separators, the last one first."},
    {{"compareSubstrings", false, 5, 5, 0, resolve_strings, 0},
     "ssUUU",
     TYPE_INT8,
     0,
     run_compare,
     "Is a part of the first string less (-1) or greater (1) than one of the second?"},
    {{"keccak256", false, 1, 1, FUNCTION_CAN_FAIL, row_resolve, 0},
     "s",
     TYPE_FIXED_STRING,
     32,
     run_keccak,
     "The Keccak-256 digest of a string."},
    {{"isProbablePrime", false, 1, 2, 0, resolve_prime, 0}, "uU", TYPE_UINT8, 0, run_prime, "Is the number a prime?"},
    {{"mortonEncode", false, 1, 8, 0, resolve_morton, 0},
     "u*",
     TYPE_UINT64,
     0,
     run_morton,
     "The bits of numbers in turn: their place on a Z-order curve."},
};
static const struct function_alias aliases[] = {
    {"removeAccentsUTF8", false, "removeDiacriticsUTF8"},
};
const struct function_group functions_words_more = {definitions, sizeof(definitions) / sizeof(definitions[0]),
                                                    aliases,     sizeof(aliases) / sizeof(aliases[0]),
                                                    rows,        sizeof(rows) / sizeof(rows[0])};
