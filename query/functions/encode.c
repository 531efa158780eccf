/*
 * encode.c: hashes, hexadecimal and base64, addresses as text.
 *
 * hashes   cityHash64, sipHash64, xxHash64, xxHash32, SHA256, intHash64: byte for byte ClickHouse's
 * thread   any, no shared state
 */
#include "query/functions/cast.h"
#include "query/functions/city_hash.h"

#include <arpa/inet.h>
#include <sodium.h>
#include <stdio.h>
#include <xxhash.h>

/* --- hashes ------------------------------------------------------------------------------------------------------ */

enum hash { HASH_CITY, HASH_SIP, HASH_XX64, HASH_XX32 };

static uint64_t mix64(uint64_t x)
{
    x ^= x >> 33;
    x *= 0xff51afd7ed558ccdULL;
    x ^= x >> 33;
    x *= 0xc4ceb9fe1a85ec53ULL;
    return x ^ (x >> 33);
}

static uint64_t sip_hash(struct slice bytes)
{
#define ROTATE(x, b) (((x) << (b)) | ((x) >> (64 - (b))))
#define SIP_ROUND                                                                                                      \
    do {                                                                                                               \
        v0 += v1;                                                                                                      \
        v1 = ROTATE(v1, 13) ^ v0;                                                                                      \
        v0 = ROTATE(v0, 32);                                                                                           \
        v2 += v3;                                                                                                      \
        v3 = ROTATE(v3, 16) ^ v2;                                                                                      \
        v0 += v3;                                                                                                      \
        v3 = ROTATE(v3, 21) ^ v0;                                                                                      \
        v2 += v1;                                                                                                      \
        v1 = ROTATE(v1, 17) ^ v2;                                                                                      \
        v2 = ROTATE(v2, 32);                                                                                           \
    } while (0)
    uint64_t v0 = 0x736f6d6570736575ULL;
    uint64_t v1 = 0x646f72616e646f6dULL;
    uint64_t v2 = 0x6c7967656e657261ULL;
    uint64_t v3 = 0x7465646279746573ULL;
    size_t at = 0;
    for (; at + 8 <= bytes.length; at += 8) {
        uint64_t word;
        memcpy(&word, bytes.data + at, 8);
        v3 ^= word;
        SIP_ROUND;
        SIP_ROUND;
        v0 ^= word;
    }
    uint64_t last = (uint64_t)bytes.length << 56;
    for (size_t i = 0; at + i < bytes.length; i++) {
        last |= (uint64_t)(unsigned char)bytes.data[at + i] << (i * 8);
    }
    v3 ^= last;
    SIP_ROUND;
    SIP_ROUND;
    v0 ^= last;
    v2 ^= 0xff;
    SIP_ROUND;
    SIP_ROUND;
    SIP_ROUND;
    SIP_ROUND;
    return v0 ^ v1 ^ v2 ^ v3;
#undef SIP_ROUND
#undef ROTATE
}

static uint64_t hash_value(enum hash hash, const struct type *type, const void *value)
{
    struct slice bytes = type->kind == TYPE_STRING ? *(const struct slice *)value : slice_of(value, type->width);
    const char *data = bytes.length == 0 ? "" : bytes.data;
    switch (hash) {
    case HASH_CITY:
        if (type->kind == TYPE_STRING || type->kind == TYPE_FIXED_STRING || type->width > 8) {
            return city_hash(slice_of(data, bytes.length));
        } else {
            uint64_t word = 0;
            memcpy(&word, value, type->width);
            return mix64(word ^ 0x4CF2D2BAAE6DA887ULL);
        }
    case HASH_SIP:
        return sip_hash(slice_of(data, bytes.length));
    case HASH_XX64:
        return XXH64(data, bytes.length, 0);
    default:
        return XXH32(data, bytes.length, 0);
    }
}

static struct err *evaluate_hash(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    enum hash hash = (enum hash)(intptr_t)function->data;
    struct column *made;
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        uint64_t result = 0;
        for (uint32_t a = 0; a < function->argument_count; a++) {
            const struct column *column = arguments[a];
            uint32_t width = column->type->width;
            const void *value = (const char *)column->values + (size_t)i * column_step(column) * width;
            uint64_t one = hash_value(hash, function->argument_types[a], value);
            if (a == 0) {
                result = one;
            } else {
                result = city_hash_pair(result, one);
            }
        }
        if (function->inner->width == 4) {
            ((uint32_t *)made->values)[i] = (uint32_t)result;
        } else {
            ((uint64_t *)made->values)[i] = result;
        }
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_hash(const struct function_bind *bind, struct function *out)
{
    for (uint32_t i = 0; i < bind->count; i++) {
        if (bind->arguments[i].type->kind >= TYPE_ARRAY) {
            return argument_error(bind, i, "arrays, tuples and maps are not implemented");
        }
    }
    out->inner = type_simple(bind->tag == HASH_XX32 ? TYPE_UINT32 : TYPE_UINT64);
    out->evaluate = evaluate_hash;
    out->data = (const void *)(intptr_t)bind->tag;
    return NULL;
}

static struct err *evaluate_int_hash(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column *numbers = column_numbers(arena, arguments[0], TYPE_UINT64);
    struct column *made;
    if (numbers == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        ((uint64_t *)made->values)[i] = mix64(VALUE_AT(numbers, uint64_t, i) ^ 0x4CF2D2BAAE6DA887ULL);
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_int_hash(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    OR_DONE(argument_integer(bind, 0));
    out->inner = type_simple(TYPE_UINT64);
    out->evaluate = evaluate_int_hash;
done:
    return err;
}

/* --- bytes as text ----------------------------------------------------------------------------------------------- */

enum code { CODE_HEX, CODE_UNHEX, CODE_BASE64, CODE_FROM_BASE64, CODE_TRY_BASE64, CODE_SHA256 };

static uint32_t hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
           : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
           : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
                                  : 16;
}

static struct err *code_row(enum code code, struct text_buffer *buffer, struct slice text, struct slice *out)
{
    static const char hex[] = "0123456789ABCDEF";
    char *to = text_room(buffer, text.length * 2 + 40);
    size_t length = 0;
    if (to == NULL) {
        return arena_error(buffer->arena);
    }
    switch (code) {
    case CODE_HEX:
        for (size_t i = 0; i < text.length; i++) {
            to[length++] = hex[(unsigned char)text.data[i] >> 4];
            to[length++] = hex[text.data[i] & 15];
        }
        break;
    case CODE_UNHEX:
        for (size_t i = text.length % 2; i <= text.length && text.length > 0; i += 2) {
            if (i == 0) {
                continue;
            }
            uint32_t high = i >= 2 ? hex_digit(text.data[i - 2]) : 0;
            to[length++] = (char)((high & 15) << 4 | (hex_digit(text.data[i - 1]) & 15));
        }
        break;
    case CODE_BASE64:
        to = text_room(buffer, sodium_base64_encoded_len(text.length, sodium_base64_VARIANT_ORIGINAL));
        if (to == NULL) {
            return arena_error(buffer->arena);
        }
        sodium_bin2base64(to, sodium_base64_encoded_len(text.length, sodium_base64_VARIANT_ORIGINAL),
                          (const unsigned char *)(text.length == 0 ? "" : text.data), text.length,
                          sodium_base64_VARIANT_ORIGINAL);
        length = strlen(to);
        break;
    case CODE_SHA256: {
        unsigned char digest[crypto_hash_sha256_BYTES];
        crypto_hash_sha256(digest, (const unsigned char *)(text.length == 0 ? "" : text.data), text.length);
        memcpy(to, digest, sizeof(digest));
        length = sizeof(digest);
        break;
    }
    default: {
        size_t used = 0;
        const char *end = NULL;
        if (sodium_base642bin((unsigned char *)to, text.length + 1, text.length == 0 ? "" : text.data, text.length,
                              NULL, &used, &end, sodium_base64_VARIANT_ORIGINAL) != 0 ||
            (end != NULL && text.length > 0 && end != text.data + text.length)) {
            if (code == CODE_FROM_BASE64) {
                return err_new(ERR_INCORRECT_DATA, "Failed to base64Decode input '%.*s'",
                               (int)(text.length > 200 ? 200 : text.length), text.data);
            }
            used = 0;
        }
        length = used;
    }
    }
    *out = text_taken(buffer, length);
    return NULL;
}

static struct err *evaluate_code(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    enum code code = (enum code)(intptr_t)function->data;
    const struct type *type = function->argument_types[0];
    struct text_buffer buffer = {arena, NULL, 0};
    struct column *made;
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        const char *value = (const char *)arguments[0]->values + (size_t)i * column_step(arguments[0]) * type->width;
        struct slice text =
            type->kind == TYPE_STRING ? *(const struct slice *)(const void *)value : slice_of(value, type->width);
        struct slice result;
        char turned[16];
        if (code == CODE_HEX && !type_is_string(type)) {
            /* numbers: the highest byte first, without leading zero bytes; floats and the like byte by byte */
            if (type_is_integer(type) || type_is_time(type) || type->kind == TYPE_BOOL || type->kind == TYPE_IPV4) {
                size_t count = type->width;
                while (count > 1 && value[count - 1] == 0) {
                    count--;
                }
                for (size_t b = 0; b < count; b++) {
                    turned[b] = value[count - 1 - b];
                }
                text = slice_of(turned, count);
            } else if (type->kind == TYPE_UUID) { /* as in its text: two halves, the highest byte of each first */
                for (size_t b = 0; b < sizeof(turned); b++) {
                    turned[b] = value[b < 8 ? 7 - b : 23 - b];
                }
                text = slice_of(turned, sizeof(turned));
            }
        }
        OR_DONE(code_row(code, &buffer, text, &result));
        if (function->inner->kind == TYPE_FIXED_STRING) {
            memcpy((char *)made->values + (size_t)i * 32, result.data, 32);
        } else {
            ((struct slice *)made->values)[i] = result;
        }
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_code(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    if (bind->tag != CODE_HEX) {
        OR_DONE(argument_string(bind, 0));
    } else if (bind->arguments[0].type->kind >= TYPE_ARRAY) {
        return argument_error(bind, 0, "a number or a string is needed");
    }
    out->inner = bind->tag == CODE_SHA256 ? type_fixed_string(bind->arena, 32) : type_simple(TYPE_STRING);
    out->evaluate = evaluate_code;
    out->data = (const void *)(intptr_t)bind->tag;
    if (out->inner == NULL) {
        return arena_error(bind->arena);
    }
done:
    return err;
}

/* --- addresses --------------------------------------------------------------------------------------------------- */

enum address { ADDRESS_IS_V4, ADDRESS_IS_V6, ADDRESS_TO_TEXT };

static struct err *evaluate_address(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    enum address address = (enum address)(intptr_t)function->data;
    struct text_buffer buffer = {arena, NULL, 0};
    struct column *made;
    const struct column *in = address == ADDRESS_TO_TEXT ? column_numbers(arena, arguments[0], TYPE_UINT32)
                                                         : column_strings(arena, arguments[0]);
    if (in == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        if (address == ADDRESS_TO_TEXT) {
            uint32_t number = VALUE_AT(in, uint32_t, i);
            char *to = text_room(&buffer, 16);
            if (to == NULL) {
                return arena_error(arena);
            }
            int length = sprintf(to, "%u.%u.%u.%u", number >> 24, number >> 16 & 255, number >> 8 & 255, number & 255);
            ((struct slice *)made->values)[i] = text_taken(&buffer, (size_t)length);
            continue;
        }
        struct slice text = VALUE_AT(in, struct slice, i);
        char copy[64] = {0};
        unsigned char bytes[16];
        bool ok = text.length > 0 && text.length < sizeof(copy);
        if (ok) {
            memcpy(copy, text.data, text.length);
            ok = inet_pton(address == ADDRESS_IS_V4 ? AF_INET : AF_INET6, copy, bytes) == 1;
        }
        ((uint8_t *)made->values)[i] = ok;
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_address(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    bool to_text = bind->tag == ADDRESS_TO_TEXT;
    if (to_text) {
        if (bind->arguments[0].type->kind != TYPE_IPV4) {
            OR_DONE(argument_integer(bind, 0));
        }
    } else {
        OR_DONE(argument_string(bind, 0));
    }
    out->inner = type_simple(to_text ? TYPE_STRING : TYPE_UINT8);
    out->evaluate = evaluate_address;
    out->data = (const void *)(intptr_t)bind->tag;
done:
    return err;
}

static const struct function_definition definitions[] = {
    {"cityHash64", false, 1, ANY_COUNT, 0, resolve_hash, HASH_CITY},
    {"sipHash64", false, 1, 1, 0, resolve_hash, HASH_SIP},
    {"xxHash64", false, 1, 1, 0, resolve_hash, HASH_XX64},
    {"xxHash32", false, 1, 1, 0, resolve_hash, HASH_XX32},
    {"intHash64", false, 1, 1, 0, resolve_int_hash, 0},
    {"SHA256", false, 1, 1, 0, resolve_code, CODE_SHA256},
    {"hex", true, 1, 1, 0, resolve_code, CODE_HEX},
    {"unhex", true, 1, 1, 0, resolve_code, CODE_UNHEX},
    {"base64Encode", false, 1, 1, 0, resolve_code, CODE_BASE64},
    {"base64Decode", false, 1, 1, FUNCTION_CAN_FAIL, resolve_code, CODE_FROM_BASE64},
    {"tryBase64Decode", false, 1, 1, 0, resolve_code, CODE_TRY_BASE64},
    {"isIPv4String", false, 1, 1, 0, resolve_address, ADDRESS_IS_V4},
    {"isIPv6String", false, 1, 1, 0, resolve_address, ADDRESS_IS_V6},
    {"IPv4NumToString", false, 1, 1, 0, resolve_address, ADDRESS_TO_TEXT},
};
static const struct function_alias aliases[] = {
    {"TO_BASE64", true, "base64Encode"},
    {"FROM_BASE64", true, "base64Decode"},
    {"INET_NTOA", true, "IPv4NumToString"},
};
const struct function_group functions_encode = GROUP_OF(definitions, aliases);
