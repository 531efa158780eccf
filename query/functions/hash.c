/*
 * hash.c: hashes of any scalars: city, sip, xx, murmur, java, …; checksums; message digests.
 *
 * rule     bit for bit ClickHouse's. A string is hashed by its bytes, a number by its bytes or, where `mixes` says so,
 *          by intHash64; several arguments are hashed one by one and combined as each hash has it
 * sources  Austin Appleby, MurmurHash2 and 3 (public domain); Aumasson and Bernstein, SipHash (2012);
 *          digests are OpenSSL's
 * thread   any, no shared state
 */
#include "base/city_hash.h"
#include "query/functions/farm_hash.h"
#include "query/functions/hash_mix.h"
#include "query/functions/nested.h"
#include "query/functions/row.h"
#include "query/functions/sip_hash.h"

#include <openssl/evp.h>
#include <xxhash.h>

enum hash {
    HASH_CITY,
    HASH_SIP,
    HASH_SIP128,
    HASH_SIP128_REFERENCE,
    HASH_XX32,
    HASH_XX64,
    HASH_XXH3,
    HASH_XXH3_128,
    HASH_MURMUR2_32,
    HASH_MURMUR2_64,
    HASH_MURMUR2_GCC,
    HASH_MURMUR2_KAFKA,
    HASH_MURMUR3_32,
    HASH_MURMUR3_64,
    HASH_MURMUR3_128,
    HASH_HALF_MD5,
    HASH_FARM,
    HASH_FARM_FINGERPRINT,
    HASH_METRO,
    HASH_WY,
};

static uint32_t mix32(uint32_t x)
{
    x ^= x >> 16;
    x *= 0x85ebca6b;
    x ^= x >> 13;
    x *= 0xc2b2ae35;
    return x ^ (x >> 16);
}

/* ClickHouse's intHash32. */
static uint32_t int_hash32(uint64_t key)
{
    return hash_mix32(key ^ 0x75D9543DE018BF45ULL);
}

static uint64_t int_hash64(uint64_t x)
{
    return hash_mix64(x ^ 0x4CF2D2BAAE6DA887ULL);
}

static uint64_t rotate64(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

static uint32_t rotate32(uint32_t x, int by)
{
    return x << by | x >> (32 - by);
}

static uint64_t load64(const char *at)
{
    uint64_t word;
    memcpy(&word, at, 8);
    return word;
}

static uint32_t load32(const char *at)
{
    uint32_t word;
    memcpy(&word, at, 4);
    return word;
}

/* --- MurmurHash -------------------------------------------------------------------------------------------------- */

static uint32_t murmur2_32(struct slice bytes, uint32_t seed)
{
    const uint32_t m = 0x5bd1e995;
    uint32_t h = seed ^ (uint32_t)bytes.length;
    size_t at = 0;
    for (; bytes.length - at >= 4; at += 4) {
        uint32_t k = load32(bytes.data + at) * m;
        k ^= k >> 24;
        h = h * m ^ k * m;
    }
    size_t rest = bytes.length - at;
    for (size_t i = rest; i-- > 0;) {
        h ^= (uint32_t)(unsigned char)bytes.data[at + i] << (8 * i);
    }
    h *= rest > 0 ? m : 1;
    h ^= h >> 13;
    h *= m;
    return h ^ h >> 15;
}

static uint64_t murmur2_64(struct slice bytes, uint64_t seed)
{
    const uint64_t m = 0xc6a4a7935bd1e995ULL;
    uint64_t h = seed ^ bytes.length * m;
    size_t at = 0;
    for (; bytes.length - at >= 8; at += 8) {
        uint64_t k = load64(bytes.data + at) * m;
        k ^= k >> 47;
        h = (h ^ k * m) * m;
    }
    size_t rest = bytes.length - at;
    for (size_t i = rest; i-- > 0;) {
        h ^= (uint64_t)(unsigned char)bytes.data[at + i] << (8 * i);
    }
    h *= rest > 0 ? m : 1;
    h ^= h >> 47;
    h *= m;
    return h ^ h >> 47;
}

static uint32_t murmur3_32(struct slice bytes)
{
    const uint32_t c1 = 0xcc9e2d51;
    const uint32_t c2 = 0x1b873593;
    uint32_t h = 0;
    uint32_t k = 0;
    size_t at = 0;
    for (; bytes.length - at >= 4; at += 4) {
        h ^= rotate32(load32(bytes.data + at) * c1, 15) * c2;
        h = rotate32(h, 13) * 5 + 0xe6546b64;
    }
    for (size_t i = bytes.length - at; i-- > 0;) {
        k ^= (uint32_t)(unsigned char)bytes.data[at + i] << (8 * i);
    }
    h ^= rotate32(k * c1, 15) * c2;
    return mix32(h ^ (uint32_t)bytes.length);
}

static unsigned __int128 murmur3_128(struct slice bytes)
{
    const uint64_t c1 = 0x87c37b91114253d5ULL;
    const uint64_t c2 = 0x4cf5ad432745937fULL;
    uint64_t h1 = 0;
    uint64_t h2 = 0;
    uint64_t k1 = 0;
    uint64_t k2 = 0;
    size_t at = 0;
    for (; bytes.length - at >= 16; at += 16) {
        h1 ^= rotate64(load64(bytes.data + at) * c1, 31) * c2;
        h1 = (rotate64(h1, 27) + h2) * 5 + 0x52dce729;
        h2 ^= rotate64(load64(bytes.data + at + 8) * c2, 33) * c1;
        h2 = (rotate64(h2, 31) + h1) * 5 + 0x38495ab5;
    }
    for (size_t i = bytes.length - at; i-- > 0;) {
        uint64_t byte = (unsigned char)bytes.data[at + i];
        if (i >= 8) {
            k2 ^= byte << (8 * (i - 8));
        } else {
            k1 ^= byte << (8 * i);
        }
    }
    h2 ^= rotate64(k2 * c2, 33) * c1;
    h1 ^= rotate64(k1 * c1, 31) * c2;
    h1 ^= bytes.length;
    h2 ^= bytes.length;
    h1 += h2;
    h2 += h1;
    h1 = hash_mix64(h1);
    h2 = hash_mix64(h2);
    h1 += h2;
    h2 += h1;
    return (unsigned __int128)h2 << 64 | h1;
}

/* --- any arguments ----------------------------------------------------------------------------------------------- */

static uint64_t half_md5(struct slice bytes)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    uint64_t word;
    EVP_Digest(bytes.data, bytes.length, digest, &length, EVP_md5(), NULL);
    memcpy(&word, digest, 8);
    return __builtin_bswap64(word);
}

static enum sip_form sip_form(enum hash hash)
{
    return hash == HASH_SIP ? SIP_64 : hash == HASH_SIP128 ? SIP_128 : SIP_128_REFERENCE;
}

static unsigned __int128 hash_bytes(enum hash hash, struct slice bytes)
{
    static const uint64_t no_key[2] = {0, 0};
    switch (hash) {
    case HASH_CITY:
        return city_hash64(bytes);
    case HASH_SIP:
    case HASH_SIP128:
    case HASH_SIP128_REFERENCE:
        return sip_hash(bytes, sip_form(hash), no_key);
    case HASH_XX32:
        return XXH32(bytes.data, bytes.length, 0);
    case HASH_XX64:
        return XXH64(bytes.data, bytes.length, 0);
    case HASH_XXH3:
        return XXH3_64bits(bytes.data, bytes.length);
    case HASH_XXH3_128: {
        XXH128_hash_t pair = XXH3_128bits(bytes.data, bytes.length);
        return (unsigned __int128)pair.high64 << 64 | pair.low64;
    }
    case HASH_MURMUR2_32:
        return murmur2_32(bytes, 0);
    case HASH_MURMUR2_64:
        return murmur2_64(bytes, 0);
    case HASH_MURMUR2_GCC:
        return murmur2_64(bytes, 0xc70f6907);
    case HASH_MURMUR2_KAFKA:
        return murmur2_32(bytes, 0x9747b28c) & 0x7fffffff;
    case HASH_MURMUR3_32:
        return murmur3_32(bytes);
    case HASH_MURMUR3_64: {
        unsigned __int128 wide = murmur3_128(bytes);
        return (uint64_t)wide ^ (uint64_t)(wide >> 64);
    }
    case HASH_MURMUR3_128:
        return murmur3_128(bytes);
    case HASH_FARM:
        return farm_hash(bytes);
    case HASH_FARM_FINGERPRINT:
        return farm_fingerprint(bytes);
    case HASH_METRO:
        return metro_hash(bytes);
    case HASH_WY:
        return wy_hash(bytes);
    default:
        return half_md5(bytes);
    }
}

static unsigned __int128 hash_value(enum hash hash, const struct type *type, const void *value)
{
    struct slice bytes = type->kind == TYPE_STRING ? *(const struct slice *)value : slice_of(value, type->width);
    if (bytes.length == 0) {
        bytes.data = "";
    }
    bool mixes = hash == HASH_CITY || hash == HASH_FARM || hash == HASH_FARM_FINGERPRINT || hash == HASH_METRO;
    if (mixes && !type_is_string(type) && type->kind != TYPE_DECIMAL && type->kind != TYPE_DATETIME64 &&
        type->kind != TYPE_INTERVAL && type->width <= 8) {
        uint64_t word = 0;
        memcpy(&word, value, type->width);
        return int_hash64(word);
    }
    return hash_bytes(hash, bytes);
}

static unsigned __int128 hash_pair(enum hash hash, unsigned __int128 a, unsigned __int128 b)
{
    unsigned __int128 both[2] = {a, b};
    uint64_t words[2] = {(uint64_t)a, (uint64_t)b};
    switch (hash) {
    case HASH_FARM_FINGERPRINT:
        return farm_fingerprint_pair(words[0], words[1]);
    case HASH_CITY:
    case HASH_FARM:
    case HASH_METRO:
    case HASH_XX64:
    case HASH_XXH3:
        return city_hash_pair(words[0], words[1]);
    case HASH_XX32:
    case HASH_MURMUR2_32:
    case HASH_MURMUR2_KAFKA:
    case HASH_MURMUR3_32:
        return int_hash32(words[0]) ^ (uint32_t)b;
    case HASH_MURMUR2_64:
    case HASH_MURMUR2_GCC:
    case HASH_MURMUR3_64:
        return int_hash64(words[0]) ^ words[1];
    case HASH_SIP128:
    case HASH_SIP128_REFERENCE:
    case HASH_MURMUR3_128:
    case HASH_XXH3_128:
        return hash_bytes(hash, slice_of((const char *)both, sizeof(both)));
    default:
        return hash_bytes(hash, slice_of((const char *)words, sizeof(words)));
    }
}

/* What a row is hashed with: the hash, and of keyed ones the key. */
struct hashing {
    enum hash hash;
    bool keyed;
    uint64_t key[2];
};

static unsigned __int128 hash_one(const struct hashing *hashing, const struct type *type, const void *value)
{
    if (!hashing->keyed) {
        return hash_value(hashing->hash, type, value);
    }
    struct slice bytes = type->kind == TYPE_STRING ? *(const struct slice *)value : slice_of(value, type->width);
    return sip_hash(bytes.length == 0 ? slice_of("", 0) : bytes, sip_form(hashing->hash), hashing->key);
}

static unsigned __int128 combine(const struct hashing *hashing, unsigned __int128 a, unsigned __int128 b)
{
    uint64_t words[2] = {(uint64_t)a, (uint64_t)b};
    unsigned __int128 both[2] = {a, b};
    if (!hashing->keyed) {
        return hash_pair(hashing->hash, a, b);
    }
    struct slice bytes = hashing->hash == HASH_SIP ? slice_of((const char *)words, sizeof(words))
                                                   : slice_of((const char *)both, sizeof(both));
    return sip_hash(bytes, sip_form(hashing->hash), hashing->key);
}

/* An array's length is hashed in 32 bits but by hashes of 64. */
static bool length_is_short(enum hash hash)
{
    return hash == HASH_XX32 || hash == HASH_MURMUR2_32 || hash == HASH_MURMUR2_KAFKA || hash == HASH_MURMUR3_32 ||
           hash == HASH_SIP128 || hash == HASH_SIP128_REFERENCE || hash == HASH_MURMUR3_128 || hash == HASH_XXH3_128;
}

static const unsigned __int128 hash_of_null = (unsigned __int128)0x5715f196cbea7a40ULL << 64 | 0xc58ad2da03d9a871ULL;
static const uint64_t hash_of_nothing = 0xe28dbde7fe22e41cULL;

/* Row i of a column, combined with what came before it: an array by its length and then its elements, a tuple by its
 * elements. */
static void hash_cell(const struct hashing *hashing, const struct column *column, uint32_t i, bool *first,
                      unsigned __int128 *result)
{
    const struct type *type = column->type;
    unsigned __int128 one;
    if (type->kind == TYPE_TUPLE) {
        uint32_t row = i * column_step(column);
        for (uint32_t c = 0; c < type->child_count; c++) {
            hash_cell(hashing, column->children[c], row, first, result);
        }
        if (type->child_count == 0) {
            *result = *first ? hash_of_nothing : combine(hashing, *result, hash_of_nothing);
            *first = false;
        }
        return;
    }
    if (type->kind == TYPE_ARRAY || type->kind == TYPE_MAP) {
        const struct arrays arrays = arrays_of(column);
        uint64_t length = array_length(&arrays, i);
        one = length_is_short(hashing->hash) ? int_hash32(length) : int_hash64(length);
        *result = *first ? one : combine(hashing, *result, one);
        *first = false;
        for (uint32_t e = array_begin(&arrays, i); e < array_end(&arrays, i); e++) {
            bool alone = true;
            unsigned __int128 element = 0;
            hash_cell(hashing, arrays.items, e, &alone, &element);
            *result = combine(hashing, *result, element);
        }
        return;
    }
    one = column_is_null(column, i) ? hash_of_null : hash_one(hashing, type, column_value(column, i));
    *result = *first ? one : combine(hashing, *result, one);
    *first = false;
}

/* Strings that farmHash64 cannot hash as ClickHouse does. */
static struct err *check_lengths(const struct column *column)
{
    struct err *err = NULL;
    const struct type *type = column->type;
    size_t longest = type->kind == TYPE_FIXED_STRING ? type->width : 0;
    for (uint32_t c = 0; column->children != NULL && c < (type->kind == TYPE_TUPLE ? type->child_count : 1); c++) {
        OR_DONE(check_lengths(column->children[c]));
    }
    for (uint32_t i = 0; type->kind == TYPE_STRING && i < column->row_count; i++) {
        size_t length = ((const struct slice *)column_value(column, i))->length;
        longest = length > longest ? length : longest;
    }
    if (longest > FARM_HASH_MAX) {
        err = err_new(ERR_NOT_IMPLEMENTED,
                      "farmHash64 of strings of more than %u bytes is not implemented: it depends on the processor; "
                      "farmFingerprint64 does not",
                      FARM_HASH_MAX);
    }
done:
    return err;
}

static struct err *evaluate_hash(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    struct hashing hashing = *(const struct hashing *)function->data;
    for (uint32_t a = 0; hashing.hash == HASH_FARM && a < function->argument_count; a++) {
        OR_DONE(check_lengths(arguments[a]));
    }
    uint32_t width_out = function->inner->width;
    uint32_t start = hashing.keyed ? 1 : 0;
    struct column *made;
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        unsigned __int128 result = 0;
        bool first = true;
        for (uint32_t k = 0; k < 2 && hashing.keyed && function->argument_count > 0; k++) {
            uint32_t row = i * column_step(arguments[0]);
            hashing.key[k] = *(const uint64_t *)column_value(arguments[0]->children[k], row);
        }
        for (uint32_t a = start; a < function->argument_count; a++) {
            const struct column *column = arguments[a];
            const struct type *type = function->argument_types[a];
            if (type_is_nested(type)) {
                hash_cell(&hashing, column, i, &first, &result);
                continue;
            }
            const void *value = (const char *)column->values + (size_t)i * column_step(column) * type->width;
            unsigned __int128 one = hash_one(&hashing, type, value);
            result = first ? one : combine(&hashing, result, one);
            first = false;
        }
        result = first ? hash_of_nothing : result;
        memcpy((char *)made->values + (size_t)i * width_out, &result, width_out);
    }
    *out = made;
done:
    return err;
}

#define KEYED        256               /* beside a hash */
#define DIGEST_BYTES ((size_t)1 << 20) /* of a long text, between two looks */

static struct err *check_key(const struct function_bind *bind)
{
    const struct type *type = bind->arguments[0].type;
    if (type->kind != TYPE_TUPLE || type->child_count != 2) {
        return err_new(ERR_BAD_ARGUMENTS, "The key must be of type Tuple(UInt64, UInt64)");
    }
    for (uint32_t k = 0; k < 2; k++) {
        if (type->children[k]->kind != TYPE_UINT64 || type->children[k]->nullable) {
            return err_new(ERR_BAD_ARGUMENTS, "Element %u of the key tuple is not of type UInt64", k + 1);
        }
    }
    return NULL;
}

/* JSON lies in memory in another way than in ClickHouse. */
static bool can_hash(const struct type *type)
{
    if (type->view != TYPE_VIEW_NONE || type_is_state(type)) {
        return false;
    }
    for (uint32_t c = 0; c < type->child_count; c++) {
        if (!can_hash(type->children[c])) {
            return false;
        }
    }
    return true;
}

static struct err *resolve_hash(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct hashing *hashing = arena_zalloc(bind->arena, sizeof(*hashing));
    if (hashing == NULL) {
        return arena_error(bind->arena);
    }
    hashing->keyed = (bind->tag & KEYED) != 0;
    hashing->hash = (enum hash)(bind->tag & ~KEYED);
    if (hashing->keyed && bind->count > 0) {
        OR_DONE(check_key(bind));
    }
    for (uint32_t i = hashing->keyed; i < bind->count; i++) {
        if (!can_hash(bind->arguments[i].type)) {
            return argument_error(bind, i, "JSON and states are not implemented");
        }
    }
    switch ((int)hashing->hash) {
    case HASH_XX32:
    case HASH_MURMUR2_32:
    case HASH_MURMUR2_KAFKA:
    case HASH_MURMUR3_32:
        out->inner = type_simple(TYPE_UINT32);
        break;
    case HASH_SIP128:
    case HASH_SIP128_REFERENCE:
    case HASH_MURMUR3_128:
        out->inner = type_fixed_string(bind->arena, 16);
        break;
    case HASH_XXH3_128:
        out->inner = type_simple(TYPE_UINT128);
        break;
    default:
        out->inner = type_simple(TYPE_UINT64);
    }
    out->evaluate = evaluate_hash;
    out->data = hashing;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
done:
    return err;
}

/* --- one argument ------------------------------------------------------------------------------------------------ */

static struct err *run_int_hash(struct row_call *call, union row_value *out)
{
    uint64_t x = call->arguments[0].natural;
    out->natural = call->tag == 64 ? int_hash64(x) : int_hash32(x);
    return NULL;
}

enum digest {
    DIGEST_MD5,
    DIGEST_SHA1,
    DIGEST_SHA224,
    DIGEST_SHA256,
    DIGEST_SHA384,
    DIGEST_SHA512,
    DIGEST_SHA512_256,
    DIGEST_RIPEMD160
};

static struct err *no_digest(const struct row_call *call)
{
    return err_new(ERR_NOT_IMPLEMENTED, "this system's libcrypto does not have %s", call->function->name);
}

/* In pieces, with looks. */
static struct err *digest_long(const struct row_call *call, const EVP_MD *kind, struct slice text, unsigned char *to,
                               unsigned int *length)
{
    struct err *err = NULL;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool ok = context != NULL && EVP_DigestInit_ex(context, kind, NULL) == 1;
    for (size_t at = 0; ok && at < text.length; at += DIGEST_BYTES) {
        OR_DONE(interrupt_check());
        ok = EVP_DigestUpdate(context, text.data + at,
                              text.length - at < DIGEST_BYTES ? text.length - at : DIGEST_BYTES) == 1;
    }
    if (!ok || EVP_DigestFinal_ex(context, to, length) != 1) {
        err = no_digest(call);
    }
done:
    EVP_MD_CTX_free(context);
    return err;
}

static struct err *run_digest(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    static const EVP_MD *(*const kinds[])(void) = {EVP_md5,    EVP_sha1,   EVP_sha224,     EVP_sha256,
                                                   EVP_sha384, EVP_sha512, EVP_sha512_256, EVP_ripemd160};
    struct slice text = call->arguments[0].text;
    char *to = row_room(call, EVP_MAX_MD_SIZE, &err);
    unsigned int length = 0;
    if (to == NULL) {
        return err;
    }
    if (text.length <= DIGEST_BYTES) {
        if (EVP_Digest(text.data, text.length, (unsigned char *)to, &length, kinds[call->tag](), NULL) != 1) {
            return no_digest(call);
        }
    } else {
        OR_DONE(digest_long(call, kinds[call->tag](), text, (unsigned char *)to, &length));
    }
    out->text = slice_of(to, length); /* copied at once: the room is used again */
done:
    return err;
}

/* Java's String.hashCode; of integers as Java's classes have it. UTF-16: of the code units. */
static struct err *run_java_hash(struct row_call *call, union row_value *out)
{
    const struct type *type = call->function->argument_types[0];
    uint32_t hash = 0;
    if (type->kind == TYPE_STRING || type->kind == TYPE_FIXED_STRING) {
        struct slice text = type->kind == TYPE_STRING ? *(const struct slice *)call->arguments[0].value
                                                      : slice_of(call->arguments[0].value, type->width);
        for (size_t i = 0; i < text.length; i++) {
            int32_t letter = (int8_t)text.data[i];
            hash = hash * 31 + (uint32_t)letter;
        }
    } else if (type->kind == TYPE_INT64) {
        uint64_t word = *(const uint64_t *)call->arguments[0].value;
        hash = (uint32_t)(word ^ word >> 32);
    } else if (type->kind == TYPE_INT8 || type->kind == TYPE_INT16 || type->kind == TYPE_INT32) {
        int32_t word = type->kind == TYPE_INT8    ? *(const int8_t *)call->arguments[0].value
                       : type->kind == TYPE_INT16 ? *(const int16_t *)call->arguments[0].value
                                                  : *(const int32_t *)call->arguments[0].value;
        hash = (uint32_t)word;
    } else {
        return err_new(ERR_NOT_IMPLEMENTED, "function %s takes strings and signed integers to Int64",
                       call->function->name);
    }
    out->natural = call->tag == 1 ? hash & 0x7fffffff : hash; /* hiveHash has no sign */
    return NULL;
}

static struct err *run_java_hash_utf16(struct row_call *call, union row_value *out)
{
    struct slice text = call->arguments[0].text;
    uint32_t hash = 0;
    if (text.length % 2 != 0) {
        return err_new(ERR_BAD_ARGUMENTS, "Arguments length should be 2 to 2 for UTF-16, is %zu bytes", text.length);
    }
    for (size_t i = 0; i < text.length; i += 2) {
        hash = hash * 31 + ((uint32_t)(unsigned char)text.data[i] | (uint32_t)(unsigned char)text.data[i + 1] << 8);
    }
    out->natural = hash;
    return NULL;
}

/* CRCs: reflected, a bit at a time would do; a nibble at a time is four times that. */
static struct err *run_crc(struct row_call *call, union row_value *out)
{
    bool wide = call->tag == 64;
    uint64_t polynomial = wide ? 0xc96c5795d7870f42ULL : 0xedb88320;
    uint64_t crc = call->tag == 32 ? 0xffffffffU : 0;
    uint64_t table[16];
    struct slice text = call->arguments[0].text;
    for (uint32_t i = 0; i < 16; i++) {
        table[i] = i;
        for (int bit = 0; bit < 4; bit++) {
            table[i] = table[i] >> 1 ^ ((table[i] & 1) != 0 ? polynomial : 0);
        }
    }
    for (size_t i = 0; i < text.length; i++) {
        crc ^= (unsigned char)text.data[i];
        crc = crc >> 4 ^ table[crc & 15];
        crc = crc >> 4 ^ table[crc & 15];
    }
    out->natural = call->tag == 32 ? crc ^ 0xffffffffU : crc;
    return NULL;
}

/* Lamping and Veach, "A fast, minimal memory, consistent hash algorithm" (2014). */
static struct err *run_jump_hash(struct row_call *call, union row_value *out)
{
    uint64_t key = call->arguments[0].natural;
    int64_t buckets = call->arguments[1].integer;
    int64_t bucket = 0;
    if (buckets <= 0 || buckets > 32768) {
        return err_new(ERR_BAD_ARGUMENTS, "function %s: the number of buckets must be from 1 to 32768",
                       call->function->name);
    }
    for (int64_t next = 0; next < buckets;) {
        bucket = next;
        key = key * 2862933555777941757ULL + 1;
        next = (int64_t)((double)(bucket + 1) * ((double)(1LL << 31) / (double)((key >> 33) + 1)));
    }
    out->integer = bucket;
    return NULL;
}

/* The hash of a URL without its one trailing '/', '?' or '#'. */
static struct err *run_url_hash(struct row_call *call, union row_value *out)
{
    struct slice url = call->arguments[0].text;
    if (call->count > 1) {
        uint64_t level = call->arguments[1].natural;
        const char *end = url.data + url.length;
        const char *at = memchr(url.data, '/', url.length);
        if (at != NULL && end - at > 1 && at[1] == '/') { /* the host is level 0 */
            at += 2;
            while (at < end && *at != '/') {
                at++;
            }
        } else {
            at = url.data;
        }
        for (uint64_t l = 0; l < level && at < end; l++) {
            at += at < end && (l > 0 || *at == '/');
            while (at < end && *at != '/' && *at != '?' && *at != '#') {
                at++;
            }
        }
        at += at < end && level > 0;
        url.length = (size_t)(at - url.data);
    }
    if (url.length > 0 && strchr("/?#", url.data[url.length - 1]) != NULL) {
        url.length--;
    }
    out->natural = city_hash64(url);
    return NULL;
}

static const struct function_definition definitions[] = {
    {"cityHash64", false, 0, ANY_COUNT, 0, resolve_hash, HASH_CITY},
    {"sipHash64", false, 0, ANY_COUNT, 0, resolve_hash, HASH_SIP},
    {"sipHash128", false, 0, ANY_COUNT, 0, resolve_hash, HASH_SIP128},
    {"sipHash128Reference", false, 0, ANY_COUNT, 0, resolve_hash, HASH_SIP128_REFERENCE},
    {"xxHash32", false, 0, ANY_COUNT, 0, resolve_hash, HASH_XX32},
    {"xxHash64", false, 0, ANY_COUNT, 0, resolve_hash, HASH_XX64},
    {"xxh3", false, 0, ANY_COUNT, 0, resolve_hash, HASH_XXH3},
    {"xxh3_128", false, 0, ANY_COUNT, 0, resolve_hash, HASH_XXH3_128},
    {"murmurHash2_32", false, 0, ANY_COUNT, 0, resolve_hash, HASH_MURMUR2_32},
    {"murmurHash2_64", false, 0, ANY_COUNT, 0, resolve_hash, HASH_MURMUR2_64},
    {"gccMurmurHash", false, 0, ANY_COUNT, 0, resolve_hash, HASH_MURMUR2_GCC},
    {"kafkaMurmurHash", false, 0, ANY_COUNT, 0, resolve_hash, HASH_MURMUR2_KAFKA},
    {"murmurHash3_32", false, 0, ANY_COUNT, 0, resolve_hash, HASH_MURMUR3_32},
    {"murmurHash3_64", false, 0, ANY_COUNT, 0, resolve_hash, HASH_MURMUR3_64},
    {"murmurHash3_128", false, 0, ANY_COUNT, 0, resolve_hash, HASH_MURMUR3_128},
    {"halfMD5", false, 0, ANY_COUNT, 0, resolve_hash, HASH_HALF_MD5},
    {"farmHash64", false, 0, ANY_COUNT, FUNCTION_CAN_FAIL, resolve_hash, HASH_FARM},
    {"farmFingerprint64", false, 0, ANY_COUNT, 0, resolve_hash, HASH_FARM_FINGERPRINT},
    {"metroHash64", false, 0, ANY_COUNT, 0, resolve_hash, HASH_METRO},
    {"wyHash64", false, 0, ANY_COUNT, 0, resolve_hash, HASH_WY},
    {"sipHash64Keyed", false, 0, ANY_COUNT, 0, resolve_hash, HASH_SIP | KEYED},
    {"sipHash128Keyed", false, 0, ANY_COUNT, 0, resolve_hash, HASH_SIP128 | KEYED},
    {"sipHash128ReferenceKeyed", false, 0, ANY_COUNT, 0, resolve_hash, HASH_SIP128_REFERENCE | KEYED},
};
#define DIGEST(name, any_case, tag, length, about)                                                                     \
    ROW_FULL(name, any_case, 1, 1, 0, tag, "s", TYPE_FIXED_STRING, length, run_digest, about)
static const struct row_function rows[] = {
    ROW("intHash32", false, 1, 1, 32, "n", TYPE_UINT32, run_int_hash, "A 32-bit hash of an integer."),
    ROW("intHash64", false, 1, 1, 64, "n", TYPE_UINT64, run_int_hash, "A 64-bit hash of an integer."),
    DIGEST("MD5", false, DIGEST_MD5, 16, "The MD5 digest of a string."),
    DIGEST("SHA1", false, DIGEST_SHA1, 20, "The SHA-1 digest of a string."),
    DIGEST("SHA224", false, DIGEST_SHA224, 28, "The SHA-224 digest of a string."),
    DIGEST("SHA256", false, DIGEST_SHA256, 32, "The SHA-256 digest of a string."),
    DIGEST("SHA384", false, DIGEST_SHA384, 48, "The SHA-384 digest of a string."),
    DIGEST("SHA512", false, DIGEST_SHA512, 64, "The SHA-512 digest of a string."),
    DIGEST("SHA512_256", false, DIGEST_SHA512_256, 32, "The SHA-512/256 digest of a string."),
    DIGEST("RIPEMD160", false, DIGEST_RIPEMD160, 20, "The RIPEMD-160 digest of a string."),
    ROW("javaHash", false, 1, 1, 0, "v", TYPE_INT32, run_java_hash, "Java's hashCode of a string or integer."),
    ROW("hiveHash", false, 1, 1, 1, "v", TYPE_INT32, run_java_hash, "Hive's hash of a string."),
    ROW_FULL("javaHashUTF16LE", false, 1, 1, FUNCTION_CAN_FAIL, 0, "s", TYPE_INT32, 0, run_java_hash_utf16,
             "Java's hashCode of a string in UTF-16, low byte first."),
    ROW("CRC32", true, 1, 1, 32, "s", TYPE_UINT32, run_crc, "The CRC-32 of a string, as zlib computes it."),
    ROW("CRC32IEEE", true, 1, 1, 0, "s", TYPE_UINT32, run_crc, "The CRC-32 of a string with initial value 0."),
    ROW("CRC64", true, 1, 1, 64, "s", TYPE_UINT64, run_crc, "The CRC-64 of ECMA-182 of a string."),
    ROW_FULL("jumpConsistentHash", false, 2, 2, FUNCTION_CAN_FAIL, 0, "uI", TYPE_INT32, 0, run_jump_hash,
             "The bucket of a key among a number of buckets, by jump consistent hashing."),
    ROW("URLHash", false, 1, 2, 0, "sU", TYPE_UINT64, run_url_hash,
        "The cityHash64 of a URL without its trailing '/', '?' or '#', or of its first levels."),
};
const struct function_group functions_hash = {
    definitions, sizeof(definitions) / sizeof(definitions[0]), NULL, 0, rows, sizeof(rows) / sizeof(rows[0])};
