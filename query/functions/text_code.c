/*
 * text_code.c: bytes as texts of other alphabets and back: base 2, 32, 58 and 64, XML; bytes made of numbers.
 *
 * broken   what does not decode is an error, or '' in the try… forms
 * thread   any, no shared state
 */
#include "base/hex.h"
#include "base/text.h"
#include "query/functions/row.h"

#include <sodium.h>
#include <stdio.h>

enum { TRY = 1 };

static struct err *undecodable(struct row_call *call, union row_value *out)
{
    struct slice text = call->arguments[0].text;
    if (call->tag == TRY) {
        out->text = slice_of("", 0);
        return NULL;
    }
    return err_new(ERR_INCORRECT_DATA, "function %s: '%.*s' is not such a text", call->function->name,
                   (int)(text.length > 200 ? 200 : text.length), text.data);
}

/* --- base 64 without padding, for URLs --------------------------------------------------------------------------- */

static struct err *run_base64_url(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    struct slice text = call->arguments[0].text;
    size_t room = sodium_base64_encoded_len(text.length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *to = row_room(call, room, &err);
    if (to != NULL) {
        sodium_bin2base64(to, room, (const unsigned char *)text.data, text.length,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING);
        out->text = text_taken(&call->buffer, strlen(to));
    }
    return err;
}

static uint32_t digit64(char c)
{
    return c >= 'A' && c <= 'Z'   ? (uint32_t)(c - 'A')
           : c >= 'a' && c <= 'z' ? (uint32_t)(c - 'a' + 26)
           : c >= '0' && c <= '9' ? (uint32_t)(c - '0' + 52)
           : c == '-'             ? 62
           : c == '_'             ? 63
                                  : 64;
}

static struct err *run_from_base64_url(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    struct slice text = call->arguments[0].text;
    size_t length = 0;
    uint32_t bits = 0;
    uint32_t count = 0;
    while (text.length > 0 && text.data[text.length - 1] == '=') {
        text.length--;
    }
    char *to = row_room(call, text.length, &err);
    if (to == NULL) {
        return err;
    }
    if (text.length % 4 == 1) {
        return undecodable(call, out);
    }
    for (size_t i = 0; i < text.length; i++) {
        uint32_t digit = digit64(text.data[i]);
        if (digit > 63) {
            return undecodable(call, out);
        }
        bits = bits << 6 | digit;
        count += 6;
        if (count >= 8) {
            count -= 8;
            to[length++] = (char)(bits >> count);
        }
    }
    out->text = text_taken(&call->buffer, length);
    return NULL;
}

/* --- base 58, Bitcoin's alphabet --------------------------------------------------------------------------------- */

static const char alphabet58[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/* Quadratic in the length, so bounded. */
#define BASE58_BYTES_MAX 65536U

static struct err *run_base58(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    struct slice text = call->arguments[0].text;
    if (text.length > BASE58_BYTES_MAX) {
        return err_new(ERR_STRING_TOO_LARGE, "base58Encode of %zu bytes: at most %u", text.length, BASE58_BYTES_MAX);
    }
    unsigned char *digits = (unsigned char *)row_room(call, text.length * 3 + 1, &err);
    size_t count = 0;
    size_t zeros = 0;
    if (digits == NULL) {
        return err;
    }
    while (zeros < text.length && text.data[zeros] == 0) {
        zeros++;
    }
    for (size_t i = zeros; i < text.length; i++) {
        uint32_t carry = (unsigned char)text.data[i];
        for (size_t d = 0; d < count; d++) {
            carry += (uint32_t)digits[d] << 8;
            digits[d] = (unsigned char)(carry % 58);
            carry /= 58;
        }
        for (; carry > 0; carry /= 58) {
            digits[count++] = (unsigned char)(carry % 58);
        }
    }
    for (size_t i = 0; i < zeros; i++) {
        digits[count++] = 0;
    }
    for (size_t i = 0; i < count / 2; i++) {
        unsigned char other = digits[i];
        digits[i] = digits[count - 1 - i];
        digits[count - 1 - i] = other;
    }
    for (size_t i = 0; i < count; i++) {
        digits[i] = (unsigned char)alphabet58[digits[i]];
    }
    out->text = text_taken(&call->buffer, count);
    return NULL;
}

static struct err *run_from_base58(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    struct slice text = call->arguments[0].text;
    if (text.length > BASE58_BYTES_MAX * 2) {
        return err_new(ERR_STRING_TOO_LARGE, "base58Decode of %zu bytes: at most %u", text.length,
                       BASE58_BYTES_MAX * 2);
    }
    unsigned char *bytes = (unsigned char *)row_room(call, text.length + 1, &err);
    size_t count = 0;
    size_t zeros = 0;
    if (bytes == NULL) {
        return err;
    }
    while (zeros < text.length && text.data[zeros] == '1') {
        zeros++;
    }
    for (size_t i = zeros; i < text.length; i++) {
        const char *at = memchr(alphabet58, text.data[i], 58);
        if (at == NULL) {
            return undecodable(call, out);
        }
        uint32_t carry = (uint32_t)(at - alphabet58);
        for (size_t b = 0; b < count; b++) {
            carry += (uint32_t)bytes[b] * 58;
            bytes[b] = (unsigned char)carry;
            carry >>= 8;
        }
        for (; carry > 0; carry >>= 8) {
            bytes[count++] = (unsigned char)carry;
        }
    }
    for (size_t i = 0; i < zeros; i++) {
        bytes[count++] = 0;
    }
    for (size_t i = 0; i < count / 2; i++) {
        unsigned char other = bytes[i];
        bytes[i] = bytes[count - 1 - i];
        bytes[count - 1 - i] = other;
    }
    out->text = text_taken(&call->buffer, count);
    return NULL;
}

/* --- base 32 of RFC 4648, padded --------------------------------------------------------------------------------- */

static struct err *run_base32(struct row_call *call, union row_value *out)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    struct err *err = NULL;
    struct slice text = call->arguments[0].text;
    char *to = row_room(call, (text.length + 4) / 5 * 8, &err);
    size_t length = 0;
    uint64_t bits = 0;
    uint32_t count = 0;
    if (to == NULL) {
        return err;
    }
    for (size_t i = 0; i < text.length; i++) {
        bits = bits << 8 | (unsigned char)text.data[i];
        for (count += 8; count >= 5; count -= 5) {
            to[length++] = alphabet[bits >> (count - 5) & 31];
        }
    }
    if (count > 0) {
        to[length++] = alphabet[bits << (5 - count) & 31];
    }
    while (length % 8 != 0) {
        to[length++] = '=';
    }
    out->text = text_taken(&call->buffer, length);
    return NULL;
}

static struct err *run_from_base32(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    struct slice text = call->arguments[0].text;
    char *to = row_room(call, text.length, &err);
    size_t length = 0;
    uint64_t bits = 0;
    uint32_t count = 0;
    size_t letters = text.length;
    if (to == NULL) {
        return err;
    }
    while (letters > 0 && text.data[letters - 1] == '=') {
        letters--;
    }
    uint32_t rest = letters % 8;
    if (text.length % 8 != 0 || text.length - letters > 6 || rest == 1 || rest == 3 || rest == 6) {
        return undecodable(call, out);
    }
    for (size_t i = 0; i < letters; i++) {
        char c = text.data[i];
        char big = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
        if (!((big >= 'A' && big <= 'Z') || (c >= '2' && c <= '7'))) {
            return undecodable(call, out);
        }
        bits = bits << 5 | (uint64_t)(big >= 'A' ? big - 'A' : big - '2' + 26);
        count += 5;
        if (count >= 8) {
            count -= 8;
            to[length++] = (char)(bits >> count);
        }
    }
    if ((bits & ((1U << count) - 1)) != 0) {
        return undecodable(call, out);
    }
    out->text = text_taken(&call->buffer, length);
    return NULL;
}

/* --- base 2 ------------------------------------------------------------------------------------------------------ */

static struct err *run_bin(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    const struct type *type = call->function->argument_types[0];
    const void *value = call->arguments[0].value;
    struct slice text = type->kind == TYPE_STRING ? *(const struct slice *)value : slice_of(value, type->width);
    char turned[32];
    if (type_is_integer(type) || type_is_time(type) || type->kind == TYPE_BOOL || type->kind == TYPE_IPV4 ||
        type->kind == TYPE_ENUM8 || type->kind == TYPE_ENUM16) {
        size_t count = type->width;
        while (count > 1 && text.data[count - 1] == 0) {
            count--;
        }
        for (size_t b = 0; b < count; b++) {
            turned[b] = text.data[count - 1 - b];
        }
        text = slice_of(turned, count);
    } else if (type->kind == TYPE_UUID) {
        for (size_t b = 0; b < type->width; b++) {
            turned[b] = text.data[b < 8 ? 7 - b : 23 - b];
        }
        text = slice_of(turned, type->width);
    }
    char *to = row_room(call, text.length * 8, &err);
    if (to == NULL) {
        return err;
    }
    for (size_t i = 0; i < text.length * 8; i++) {
        to[i] = (char)('0' + ((unsigned char)text.data[i / 8] >> (7 - i % 8) & 1));
    }
    out->text = text_taken(&call->buffer, text.length * 8);
    return NULL;
}

static struct err *run_unbin(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    struct slice text = call->arguments[0].text;
    size_t count = (text.length + 7) / 8;
    char *to = row_room(call, count, &err);
    if (to == NULL) {
        return err;
    }
    size_t lead = count * 8 - text.length; /* the first byte may have fewer digits */
    for (size_t b = 0; b < count; b++) {
        uint32_t byte = 0;
        for (size_t bit = 0; bit < 8; bit++) {
            size_t at = b * 8 + bit;
            byte = byte << 1 | (at >= lead && text.data[at - lead] != '0');
        }
        to[b] = (char)byte;
    }
    out->text = text_taken(&call->buffer, count);
    return NULL;
}

/* --- XML --------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *entity;
    char c;
} entities[] = {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}};
#define ENTITY_COUNT (sizeof(entities) / sizeof(entities[0]))

static struct err *run_encode_xml(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    struct slice text = call->arguments[0].text;
    char *to = row_room(call, text.length * 6, &err);
    size_t length = 0;
    if (to == NULL) {
        return err;
    }
    for (size_t i = 0; i < text.length; i++) {
        size_t e = 0;
        while (e < ENTITY_COUNT && entities[e].c != text.data[i]) {
            e++;
        }
        if (e == ENTITY_COUNT) {
            to[length++] = text.data[i];
        } else {
            size_t bytes = strlen(entities[e].entity);
            memcpy(to + length, entities[e].entity, bytes);
            length += bytes;
        }
    }
    out->text = text_taken(&call->buffer, length);
    return NULL;
}

/* "&#123;" or "&#x7b;" at text: bytes that it takes, 0: none. */
static size_t numeric_entity(struct slice text, uint32_t *point)
{
    size_t at = 2;
    bool hex = text.length > 3 && (text.data[2] == 'x' || text.data[2] == 'X');
    uint64_t value = 0;
    if (text.length < 4 || text.data[1] != '#') {
        return 0;
    }
    size_t first = at += hex;
    for (; at < text.length && text.data[at] != ';' && value <= 0x10ffff; at++) {
        uint32_t digit = hex_digit(text.data[at]);
        if (digit >= (hex ? 16U : 10U)) {
            return 0;
        }
        value = value * (hex ? 16 : 10) + digit;
    }
    if (at == first || at >= text.length || text.data[at] != ';' || value > 0x10ffff) {
        return 0;
    }
    *point = (uint32_t)value;
    return at + 1;
}

static struct err *run_decode_xml(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    struct slice text = call->arguments[0].text;
    char *to = row_room(call, text.length, &err);
    size_t length = 0;
    if (to == NULL) {
        return err;
    }
    for (size_t i = 0; i < text.length;) {
        uint32_t point;
        size_t e = 0;
        if (text.data[i] == '&') {
            size_t taken = numeric_entity(slice_of(text.data + i, text.length - i), &point);
            if (taken > 0) {
                length += utf8_put(point, to + length);
                i += taken;
                continue;
            }
            while (e < ENTITY_COUNT && !(text.length - i >= strlen(entities[e].entity) &&
                                         memcmp(text.data + i, entities[e].entity, strlen(entities[e].entity)) == 0)) {
                e++;
            }
            if (e < ENTITY_COUNT) {
                to[length++] = entities[e].c;
                i += strlen(entities[e].entity);
                continue;
            }
        }
        to[length++] = text.data[i++];
    }
    out->text = text_taken(&call->buffer, length);
    return NULL;
}

/* --- numbers and formats ----------------------------------------------------------------------------------------- */

static struct err *run_char(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    char *to = row_room(call, call->count, &err);
    if (to == NULL) {
        return err;
    }
    for (uint32_t a = 0; a < call->count; a++) {
        double code = call->arguments[a].real;
        bool below = code > -0x1p63 && code < 0, above = code >= 0 && code < 0x1p64;
        to[a] = above ? (char)(uint64_t)code : below ? (char)(int64_t)code : (char)(code == 0x1p64 ? -1 : 0);
    }
    out->text = text_taken(&call->buffer, call->count);
    return NULL;
}

/* The text of a number in one base, as one of another. */
static struct err *run_conv(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    struct slice text = call->arguments[0].text;
    int64_t from = call->arguments[1].integer;
    int64_t into = call->arguments[2].integer;
    uint64_t value = 0;
    size_t at = 0;
    if (from < 2 || from > 36 || into < 2 || into > 36) {
        return err_new(ERR_BAD_ARGUMENTS, "function conv: bases are from 2 to 36");
    }
    if (text.length == 0) {
        return err_new(ERR_BAD_ARGUMENTS, "function conv: the number is empty");
    }
    while (at < text.length && (text.data[at] == ' ' || text.data[at] == '\t')) {
        at++;
    }
    bool minus = at < text.length && text.data[at] == '-';
    at += at < text.length && (text.data[at] == '-' || text.data[at] == '+');
    for (; at < text.length; at++) {
        char c = text.data[at];
        int64_t digit = c >= '0' && c <= '9'                     ? c - '0'
                        : (c | 0x20) >= 'a' && (c | 0x20) <= 'z' ? (c | 0x20) - 'a' + 10
                                                                 : 99;
        if (digit >= from) {
            break;
        }
        if (__builtin_mul_overflow(value, (uint64_t)from, &value) ||
            __builtin_add_overflow(value, (uint64_t)digit, &value)) {
            value = UINT64_MAX;
            break;
        }
    }
    value = minus ? 0 - value : value;
    char *to = row_room(call, 70, &err);
    if (to == NULL) {
        return err;
    }
    char digits[70];
    size_t count = 0;
    do {
        digits[count++] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[value % (uint64_t)into];
        value /= (uint64_t)into;
    } while (value > 0);
    size_t length = 0;
    while (count > 0) {
        to[length++] = digits[--count];
    }
    out->text = text_taken(&call->buffer, length);
    return NULL;
}

#define TEXT(name, any_case, tag, run, about) ROW(name, any_case, 1, 1, tag, "s", TYPE_STRING, run, about)
#define DECODE(name, tag, run, about)                                                                                  \
    ROW_FULL(name, false, 1, 1, (tag) == TRY ? 0 : FUNCTION_CAN_FAIL, tag, "s", TYPE_STRING, 0, run, about)
static const struct row_function rows[] = {
    TEXT("base64URLEncode", false, 0, run_base64_url, "Base 64 with the alphabet of URLs, without padding."),
    DECODE("base64URLDecode", 0, run_from_base64_url, "The bytes of a base 64 text with the alphabet of URLs."),
    DECODE("tryBase64URLDecode", TRY, run_from_base64_url, "As base64URLDecode; '' for what is none."),
    TEXT("base58Encode", false, 0, run_base58, "Base 58 with Bitcoin's alphabet."),
    DECODE("base58Decode", 0, run_from_base58, "The bytes of a base 58 text."),
    DECODE("tryBase58Decode", TRY, run_from_base58, "As base58Decode; '' for what is none."),
    TEXT("base32Encode", false, 0, run_base32, "Base 32 of RFC 4648."),
    DECODE("base32Decode", 0, run_from_base32, "The bytes of a base 32 text."),
    DECODE("tryBase32Decode", TRY, run_from_base32, "As base32Decode; '' for what is none."),
    ROW("bin", true, 1, 1, 0, "v", TYPE_STRING, run_bin, "A value's bytes in base 2."),
    TEXT("unbin", true, 0, run_unbin, "The bytes of a text of zeros and ones."),
    TEXT("encodeXMLComponent", false, 0, run_encode_xml, "The text with <, >, &, \" and ' as XML entities."),
    TEXT("decodeXMLComponent", false, 0, run_decode_xml, "The text with XML's entities turned back."),
    ROW("char", true, 1, ANY_COUNT, 0, "f*", TYPE_STRING, run_char, "A text of bytes of given codes."),
    ROW_FULL("conv", false, 3, 3, FUNCTION_CAN_FAIL, 0, "sii", TYPE_STRING, 0, run_conv,
             "The text of a number in one base, as one of another."),
};
const struct function_group functions_text_code = {.rows = rows, .row_count = sizeof(rows) / sizeof(rows[0])};
