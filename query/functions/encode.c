/*
 * encode.c: hexadecimal and base64, addresses as text.
 *
 * thread   any, no shared state
 */
#include "base/hex.h"
#include "query/functions/functions.h"

#include <arpa/inet.h>
#include <sodium.h>
#include <stdio.h>

#define PIECE_BYTES ((size_t)3 << 18) /* of a long text, between two looks; whole groups of base64 */

/* --- bytes as text ----------------------------------------------------------------------------------------------- */

enum code { CODE_HEX, CODE_UNHEX, CODE_BASE64, CODE_FROM_BASE64, CODE_TRY_BASE64 };

/* to has room for text.length bytes. False: it is no base64. */
static bool from_base64(struct slice text, char *to, size_t *length)
{
    size_t at = 0, bytes, used;
    for (; at < text.length && !interrupted(); at += bytes) {
        bytes = text.length - at < PIECE_BYTES ? text.length - at : PIECE_BYTES;
        const char *end = NULL;
        if (sodium_base642bin((unsigned char *)to + *length, bytes, text.data + at, bytes, NULL, &used, &end,
                              sodium_base64_VARIANT_ORIGINAL) != 0 ||
            end != text.data + at + bytes || (at + bytes < text.length && used < bytes / 4 * 3)) {
            return false;
        }
        *length += used;
    }
    return true;
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
        for (size_t i = 0; i < text.length && !interrupted_at(i); i++) {
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
        to[0] = 0;
        for (size_t at = 0, bytes; at < text.length && !interrupted(); at += bytes, length += (bytes + 2) / 3 * 4) {
            bytes = text.length - at < PIECE_BYTES ? text.length - at : PIECE_BYTES;
            sodium_bin2base64(to + length, sodium_base64_encoded_len(bytes, sodium_base64_VARIANT_ORIGINAL),
                              (const unsigned char *)text.data + at, bytes, sodium_base64_VARIANT_ORIGINAL);
        }
        break;
    default: {
        if (!from_base64(text, to, &length)) {
            if (code == CODE_FROM_BASE64) {
                return err_new(ERR_INCORRECT_DATA, "Failed to base64Decode input '%.*s'",
                               (int)(text.length > 200 ? 200 : text.length), text.data);
            }
            length = 0;
        }
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
        char turned[32];
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
                for (size_t b = 0; b < type->width; b++) {
                    turned[b] = value[b < 8 ? 7 - b : 23 - b];
                }
                text = slice_of(turned, type->width);
            }
        }
        OR_DONE(code_row(code, &buffer, text, &result));
        ((struct slice *)made->values)[i] = result;
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
    } else if (type_is_nested(bind->arguments[0].type)) {
        return argument_error(bind, 0, "a number or a string is needed");
    }
    out->inner = type_simple(TYPE_STRING);
    out->evaluate = evaluate_code;
    out->data = (const void *)(intptr_t)bind->tag;
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
