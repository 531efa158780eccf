/*
 * address.c: IP addresses, MAC addresses and UUIDs as texts, numbers and bytes.
 *
 * thread   any, no shared state
 */
#include "base/hex.h"
#include "query/functions/row.h"

#include <arpa/inet.h>
#include <stdio.h>

enum { OR_FAIL, OR_NULL, OR_DEFAULT };

static bool parse_address(struct slice text, int family, void *bytes)
{
    char copy[64];
    if (text.length == 0 || text.length >= sizeof(copy)) {
        return false;
    }
    memcpy(copy, text.data, text.length);
    copy[text.length] = '\0';
    return strlen(copy) == text.length && inet_pton(family, copy, bytes) == 1;
}

static struct err *unreadable(struct row_call *call, enum err_code code)
{
    struct slice text = call->arguments[0].text;
    if (call->tag == OR_NULL) {
        call->null = true;
        return NULL;
    }
    if (call->tag == OR_DEFAULT) {
        return NULL;
    }
    return err_new(code, "function %s: '%.*s' is no such address", call->function->name,
                   (int)(text.length > 100 ? 100 : text.length), text.data);
}

static struct err *run_v4_number(struct row_call *call, union row_value *out)
{
    uint32_t net;
    if (!parse_address(call->arguments[0].text, AF_INET, &net)) {
        return unreadable(call, ERR_CANNOT_PARSE_IPV4);
    }
    out->natural = ntohl(net);
    return NULL;
}

static struct err *run_v4_class_c(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    uint32_t number = *(const uint32_t *)call->arguments[0].value;
    char *to = row_room(call, 20, &err);
    if (to != NULL) {
        int length = snprintf(to, 20, "%u.%u.%u.xxx", number >> 24, number >> 16 & 255, number >> 8 & 255);
        out->text = text_taken(&call->buffer, (size_t)length);
    }
    return err;
}

static struct err *resolve_v4_class_c(const struct function_bind *bind, struct function *out)
{
    enum type_kind kind = bind->arguments[0].type->kind;
    if (kind != TYPE_UINT32 && kind != TYPE_IPV4) {
        return argument_error(bind, 0, "UInt32 or IPv4 is needed");
    }
    return row_resolve(bind, out);
}

static struct err *run_v6_bytes(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    static const char zeros[16];
    struct slice text = call->arguments[0].text;
    char *to = row_room(call, 16, &err);
    uint32_t v4;
    if (to == NULL) {
        return err;
    }
    out->text = slice_of(zeros, 16);
    if (parse_address(text, AF_INET, &v4)) {
        memset(to, 0, 10);
        memset(to + 10, 0xff, 2);
        memcpy(to + 12, &v4, 4);
    } else if (!parse_address(text, AF_INET6, to)) {
        return unreadable(call, ERR_CANNOT_PARSE_IPV6);
    }
    out->text = slice_of(to, 16); /* copied at once */
    return NULL;
}

static struct err *put_v6(struct row_call *call, const void *bytes, union row_value *out)
{
    struct err *err = NULL;
    char *to = row_room(call, INET6_ADDRSTRLEN, &err);
    if (to != NULL) {
        (void)inet_ntop(AF_INET6, bytes, to, INET6_ADDRSTRLEN);
        out->text = text_taken(&call->buffer, strlen(to));
    }
    return err;
}

static struct err *run_v6_text(struct row_call *call, union row_value *out)
{
    return put_v6(call, call->arguments[0].value, out);
}

static struct err *resolve_v6_text(const struct function_bind *bind, struct function *out)
{
    const struct type *type = bind->arguments[0].type;
    if (type->kind != TYPE_IPV6 && !(type->kind == TYPE_FIXED_STRING && type->length == 16)) {
        return argument_error(bind, 0, "IPv6 or FixedString(16) is needed");
    }
    return row_resolve(bind, out);
}

static struct err *run_v4_to_v6(struct row_call *call, union row_value *out)
{
    uint32_t net = htonl(*(const uint32_t *)call->arguments[0].value);
    char *to = (char *)out;
    memset(to, 0, 10);
    memset(to + 10, 0xff, 2);
    memcpy(to + 12, &net, 4);
    return NULL;
}

/* The address with its last bytes zero: so many of an IPv6 address, so many of an IPv4 one. */
static struct err *run_cut_v6(struct row_call *call, union row_value *out)
{
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    char bytes[16];
    memcpy(bytes, call->arguments[0].value, 16);
    uint64_t cut = memcmp(bytes, mapped, 12) == 0 ? call->arguments[2].natural : call->arguments[1].natural;
    if (cut > 16) {
        return err_new(ERR_SIZE_OUT_OF_BOUND, "function cutIPv6 cuts 16 bytes at most");
    }
    memset(bytes + 16 - cut, 0, cut);
    return put_v6(call, bytes, out);
}

/* Is the address, v4 or v6, in the range "address/bits"? */
static struct err *run_in_range(struct row_call *call, union row_value *out)
{
    const struct type *const *types = call->function->argument_types;
    unsigned char address[16];
    unsigned char network[16];
    struct slice range = call->arguments[1].text;
    bool v6 = true;
    if (types[0]->kind == TYPE_IPV4) {
        uint32_t net = htonl(*(const uint32_t *)call->arguments[0].value);
        memcpy(address, &net, 4);
        v6 = false;
    } else if (types[0]->kind == TYPE_IPV6) {
        memcpy(address, call->arguments[0].value, 16);
    } else {
        struct slice text = *(const struct slice *)call->arguments[0].value;
        v6 = !parse_address(text, AF_INET, address);
        if (v6 && !parse_address(text, AF_INET6, address)) {
            return err_new(ERR_CANNOT_PARSE_TEXT, "Neither IPv4 nor IPv6 address: '%.*s'",
                           (int)(text.length > 100 ? 100 : text.length), text.length > 0 ? text.data : "");
        }
    }
    const char *slash = memchr(range.data, '/', range.length);
    uint32_t bits = 0;
    bool fits = slash != NULL && slash + 1 < range.data + range.length;
    for (const char *at = fits ? slash + 1 : NULL; fits && at < range.data + range.length; at++) {
        fits = *at >= '0' && *at <= '9' && bits < 1000;
        bits = bits * 10 + (uint32_t)(*at - '0');
    }
    struct slice base = slice_of(range.data, slash == NULL ? 0 : (size_t)(slash - range.data));
    bool range_v6 = !parse_address(base, AF_INET, network);
    fits = fits && (!range_v6 || parse_address(base, AF_INET6, network)) && bits <= (range_v6 ? 128U : 32U);
    if (!fits) {
        return err_new(ERR_CANNOT_PARSE_TEXT, "'%.*s' is no range such as 10.0.0.0/8",
                       (int)(range.length > 100 ? 100 : range.length), range.data);
    }
    if (v6 != range_v6) {
        return NULL;
    }
    bool inside = memcmp(address, network, bits / 8) == 0;
    if (inside && bits % 8 != 0) {
        inside = ((address[bits / 8] ^ network[bits / 8]) >> (8 - bits % 8)) == 0;
    }
    out->natural = inside;
    return NULL;
}

static struct err *resolve_in_range(const struct function_bind *bind, struct function *out)
{
    enum type_kind kind = bind->arguments[0].type->kind;
    if (kind != TYPE_STRING && kind != TYPE_IPV4 && kind != TYPE_IPV6) {
        return argument_error(bind, 0, "an address is needed");
    }
    return row_resolve(bind, out);
}

/* --- MAC addresses ----------------------------------------------------------------------------------------------- */

static struct err *run_mac_text(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    uint64_t mac = call->arguments[0].natural;
    char *to = row_room(call, 20, &err);
    if (to != NULL) {
        int length = snprintf(to, 20, "%02X:%02X:%02X:%02X:%02X:%02X", (unsigned)(mac >> 40 & 255),
                              (unsigned)(mac >> 32 & 255), (unsigned)(mac >> 24 & 255), (unsigned)(mac >> 16 & 255),
                              (unsigned)(mac >> 8 & 255), (unsigned)(mac & 255));
        out->text = text_taken(&call->buffer, (size_t)length);
    }
    return err;
}

static struct err *run_mac_number(struct row_call *call, union row_value *out)
{
    struct slice text = call->arguments[0].text;
    uint32_t bytes = call->tag == 0 ? 6 : 3;
    uint64_t mac = 0;
    bool ok = text.length == 17 || (call->tag == 1 && text.length == 8);
    for (uint32_t i = 0; ok && i < bytes; i++) {
        uint32_t high = hex_digit(text.data[i * 3]);
        uint32_t low = hex_digit(text.data[i * 3 + 1]);
        ok = high < 16 && low < 16 && (i * 3 + 2 >= text.length || text.data[i * 3 + 2] == ':');
        mac = mac << 8 | (high << 4 | low);
    }
    out->natural = ok ? mac : 0;
    return NULL;
}

/* --- UUIDs ------------------------------------------------------------------------------------------------------- */

static const char dash_before[16] = {0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0};

static struct err *variant_of(struct row_call *call, uint32_t index, bool *microsoft)
{
    uint64_t variant = call->count > index ? call->arguments[index].natural : 1;
    if (variant != 1 && variant != 2) {
        return err_new(ERR_SIZE_OUT_OF_BOUND, "function %s: the variant is 1 (big-endian) or 2 (Microsoft)",
                       call->function->name);
    }
    *microsoft = variant == 2;
    return NULL;
}

/* Microsoft's order: the first three fields have their lowest byte first. */
static void swap_fields(char *bytes)
{
    static const unsigned char order[8] = {3, 2, 1, 0, 5, 4, 7, 6};
    char copy[8];
    memcpy(copy, bytes, 8);
    for (int i = 0; i < 8; i++) {
        bytes[i] = copy[order[i]];
    }
}

static struct err *run_uuid_number(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    bool microsoft;
    struct slice text = call->arguments[0].text;
    char *to = row_room(call, 16, &err);
    if (to == NULL) {
        return err;
    }
    OR_DONE(variant_of(call, 1, &microsoft));
    memset(to, 0, 16);
    out->text = slice_of(to, 16); /* copied at once */
    if (text.length != 36) {
        return NULL;
    }
    size_t at = 0;
    for (int i = 0; i < 16; i++) {
        at += (size_t)dash_before[i];
        to[i] = (char)((hex_digit(text.data[at]) & 15) << 4 | (hex_digit(text.data[at + 1]) & 15));
        at += 2;
    }
    if (microsoft) {
        swap_fields(to);
    }
done:
    return err;
}

static struct err *put_uuid(struct row_call *call, const char *bytes, union row_value *out)
{
    static const char hex[] = "0123456789abcdef";
    struct err *err = NULL;
    char *to = row_room(call, 36, &err);
    size_t at = 0;
    if (to == NULL) {
        return err;
    }
    for (int i = 0; i < 16; i++) {
        if (dash_before[i] != 0) {
            to[at++] = '-';
        }
        to[at++] = hex[(unsigned char)bytes[i] >> 4];
        to[at++] = hex[bytes[i] & 15];
    }
    out->text = text_taken(&call->buffer, 36);
    return NULL;
}

static struct err *run_uuid_text(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    bool microsoft;
    char bytes[16];
    OR_DONE(variant_of(call, 1, &microsoft));
    memcpy(bytes, call->arguments[0].value, 16);
    if (microsoft) {
        swap_fields(bytes);
    }
    OR_DONE(put_uuid(call, bytes, out));
done:
    return err;
}

static struct err *resolve_uuid_text(const struct function_bind *bind, struct function *out)
{
    const struct type *type = bind->arguments[0].type;
    if (type->kind != TYPE_FIXED_STRING || type->length != 16) {
        return argument_error(bind, 0, "FixedString(16) is needed");
    }
    return row_resolve(bind, out);
}

static struct err *run_uuid_to_number(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    bool microsoft;
    const char *value = call->arguments[0].value;
    char *to = row_room(call, 16, &err);
    if (to == NULL) {
        return err;
    }
    OR_DONE(variant_of(call, 1, &microsoft));
    for (size_t b = 0; b < 16; b++) {
        to[b] = value[b < 8 ? 7 - b : 23 - b];
    }
    if (microsoft) {
        swap_fields(to);
    }
    out->text = slice_of(to, 16); /* copied at once */
done:
    return err;
}

static struct err *resolve_uuid_to_number(const struct function_bind *bind, struct function *out)
{
    if (bind->arguments[0].type->kind != TYPE_UUID) {
        return argument_error(bind, 0, "UUID is needed");
    }
    return row_resolve(bind, out);
}

#define BOUND(name, least, most, flags, resolve, tag, shape, result, length, run, about)                               \
    {                                                                                                                  \
        {name, false, least, most, flags, resolve, tag}, shape, result, length, run, about                             \
    }
static const struct row_function rows[] = {
    ROW_FULL("IPv4StringToNum", false, 1, 1, FUNCTION_CAN_FAIL, OR_FAIL, "s", TYPE_UINT32, 0, run_v4_number,
             "The number of an IPv4 address's text."),
    ROW_FULL("IPv4StringToNumOrNull", false, 1, 1, 0, OR_NULL, "s", TYPE_UINT32, ROW_NULLS, run_v4_number,
             "As IPv4StringToNum; NULL for what is none."),
    ROW("IPv4StringToNumOrDefault", false, 1, 1, OR_DEFAULT, "s", TYPE_UINT32, run_v4_number,
        "As IPv4StringToNum; 0 for what is none."),
    BOUND("IPv4NumToStringClassC", 1, 1, 0, resolve_v4_class_c, 0, "v", TYPE_STRING, 0, run_v4_class_c,
          "The text of an IPv4 address with xxx for its last number."),
    ROW_FULL("IPv6StringToNum", false, 1, 1, FUNCTION_CAN_FAIL, OR_FAIL, "s", TYPE_FIXED_STRING, 16, run_v6_bytes,
             "The 16 bytes of an address's text."),
    ROW_FULL("IPv6StringToNumOrNull", false, 1, 1, 0, OR_NULL, "s", TYPE_FIXED_STRING, 16 | ROW_NULLS, run_v6_bytes,
             "As IPv6StringToNum; NULL for what is none."),
    ROW_FULL("IPv6StringToNumOrDefault", false, 1, 1, 0, OR_DEFAULT, "s", TYPE_FIXED_STRING, 16, run_v6_bytes,
             "As IPv6StringToNum; zeros for what is none."),
    BOUND("IPv6NumToString", 1, 1, 0, resolve_v6_text, 0, "v", TYPE_STRING, 0, run_v6_text,
          "The text of an IPv6 address."),
    BOUND("IPv4ToIPv6", 1, 1, 0, resolve_v4_class_c, 0, "v", TYPE_IPV6, 0, run_v4_to_v6,
          "The IPv6 address that stands for an IPv4 one."),
    BOUND("cutIPv6", 3, 3, FUNCTION_CAN_FAIL, resolve_v6_text, 0, "vUU", TYPE_STRING, 0, run_cut_v6,
          "The text of an address without its last bytes."),
    BOUND("isIPAddressInRange", 2, 2, FUNCTION_CAN_FAIL, resolve_in_range, 0, "vs", TYPE_UINT8, 0, run_in_range,
          "Is an address in a range such as 10.0.0.0/8?"),
    ROW("MACNumToString", false, 1, 1, 0, "u", TYPE_STRING, run_mac_text, "The text of a MAC address."),
    ROW("MACStringToNum", false, 1, 1, 0, "s", TYPE_UINT64, run_mac_number, "The number of a MAC address's text."),
    ROW("MACStringToOUI", false, 1, 1, 1, "s", TYPE_UINT64, run_mac_number,
        "The first three bytes of a MAC address's text, as a number."),
    ROW_FULL("UUIDStringToNum", false, 1, 2, FUNCTION_CAN_FAIL, 0, "sU", TYPE_FIXED_STRING, 16, run_uuid_number,
             "The 16 bytes of a UUID's text."),
    BOUND("UUIDNumToString", 1, 2, FUNCTION_CAN_FAIL, resolve_uuid_text, 0, "vU", TYPE_STRING, 0, run_uuid_text,
          "The text of a UUID's 16 bytes."),
    BOUND("UUIDToNum", 1, 2, FUNCTION_CAN_FAIL, resolve_uuid_to_number, 0, "vU", TYPE_FIXED_STRING, 16,
          run_uuid_to_number, "The 16 bytes of a UUID."),
};
static const struct function_alias aliases[] = {
    {"INET_ATON", true, "IPv4StringToNum"},
    {"INET6_ATON", true, "IPv6StringToNum"},
    {"INET6_NTOA", true, "IPv6NumToString"},
};
const struct function_group functions_address = ROW_GROUP(rows, aliases);
