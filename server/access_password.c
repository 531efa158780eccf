/*
 * access_password.c: hashing and verifying passwords; networks.
 */
#include "server/access_password.h"

#include <arpa/inet.h>
#include <assert.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

/* What OWASP asks for at least of Argon2id, with some more passes. */
#define PASSES         3U
#define MEMORY_BYTES   ((size_t)19 << 20)
#define MEMORY_KIB_MAX ((unsigned long)256 << 10)
#define PASSES_MAX     10UL

/* One hash at a time: strangers must not get more than one core. No other lock is taken under it. */
static pthread_mutex_t hashing = PTHREAD_MUTEX_INITIALIZER;

struct err *access_password_hash(struct slice password, char out[ACCESS_HASH_BYTES])
{
    static_assert(crypto_pwhash_STRBYTES <= ACCESS_HASH_BYTES, "a hash has room");
    if (password.length > ACCESS_PASSWORD_BYTES_MAX) {
        return err_new(ERR_BAD_ARGUMENTS, "a password has at most %u bytes", ACCESS_PASSWORD_BYTES_MAX);
    }
    pthread_mutex_lock(&hashing);
    int result =
        crypto_pwhash_str_alg(out, password.data, password.length, PASSES, MEMORY_BYTES, crypto_pwhash_ALG_ARGON2ID13);
    pthread_mutex_unlock(&hashing);
    return result == 0 ? NULL : err_oom();
}

bool access_password_is_hash(struct slice text)
{
    char copy[ACCESS_HASH_BYTES];
    unsigned long memory = 0, passes = 0, lanes = 0;
    int read = 0;
    if (text.length >= sizeof(copy) || memchr(text.data, 0, text.length) != NULL) {
        return false;
    }
    memcpy(copy, text.data, text.length);
    copy[text.length] = 0;
    return sscanf(copy, "$argon2id$v=19$m=%9lu,t=%9lu,p=%9lu$%n", &memory, &passes, &lanes, &read) == 3 && read > 0 &&
           memory >= 8 && memory <= MEMORY_KIB_MAX && passes >= 1 && passes <= PASSES_MAX && lanes == 1 &&
           crypto_pwhash_str_needs_rehash(copy, passes, (size_t)memory << 10) >= 0;
}

/* A hash of nothing that anybody knows: verified against when there is none to verify, so that this takes as long. */
static const char *nobody(void)
{
    static char hash[ACCESS_HASH_BYTES];
    static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&making);
    if (hash[0] == 0) {
        unsigned char bytes[32];
        randombytes_buf(bytes, sizeof(bytes));
        struct err *err = access_password_hash(slice_of((const char *)bytes, sizeof(bytes)), hash);
        if (err != NULL) {
            hash[0] = 0;
            err_free(err);
        }
    }
    pthread_mutex_unlock(&making);
    return hash;
}

static bool argon2_verify(const char *hash, struct slice password)
{
    pthread_mutex_lock(&hashing);
    int result = crypto_pwhash_str_verify(hash, password.data, password.length);
    pthread_mutex_unlock(&hashing);
    return result == 0;
}

static bool same_hex(struct slice hex, const unsigned char *bytes, size_t count)
{
    unsigned char wanted[32];
    size_t length = 0;
    return sodium_hex2bin(wanted, sizeof(wanted), hex.data, hex.length, NULL, &length, NULL) == 0 && length == count &&
           sodium_memcmp(wanted, bytes, count) == 0;
}

static bool digest_verify(const struct access_thing *user, struct slice password)
{
    unsigned char first[EVP_MAX_MD_SIZE], second[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    bool same = false;
    if (user->method == ACCESS_SHA256) {
        crypto_hash_sha256_state state;
        crypto_hash_sha256_init(&state);
        crypto_hash_sha256_update(&state, (const unsigned char *)password.data, password.length);
        crypto_hash_sha256_update(&state, (const unsigned char *)user->salt.data, user->salt.length);
        crypto_hash_sha256_final(&state, first);
        same = same_hex(user->secret, first, crypto_hash_sha256_BYTES);
    } else if (EVP_Digest(password.data, password.length, first, &length, EVP_sha1(), NULL) == 1 &&
               EVP_Digest(first, length, second, &length, EVP_sha1(), NULL) == 1) {
        same = same_hex(user->secret, second, length);
    }
    sodium_memzero(first, sizeof(first));
    return same;
}

/* Of the configuration file. Compared by hashes, so that the time says nothing. */
static bool plain_verify(const struct access_thing *user, struct slice password)
{
    unsigned char a[32], b[32];
    crypto_generichash(a, sizeof(a), (const unsigned char *)user->secret.data, user->secret.length, NULL, 0);
    crypto_generichash(b, sizeof(b), (const unsigned char *)password.data, password.length, NULL, 0);
    return sodium_memcmp(a, b, sizeof(a)) == 0;
}

bool access_password_is_quick(const struct access_thing *user)
{
    return user != NULL && user->method != ACCESS_ARGON2ID;
}

bool access_password_verify(const struct access_thing *user, struct slice password)
{
    bool right = false;
    if (password.length > ACCESS_PASSWORD_BYTES_MAX) {
        user = NULL;
        password.length = ACCESS_PASSWORD_BYTES_MAX;
    }
    if (user != NULL && user->method == ACCESS_ARGON2ID) {
        char hash[ACCESS_HASH_BYTES] = {0};
        ASSERT(user->secret.length < sizeof(hash));
        memcpy(hash, user->secret.data, user->secret.length);
        return argon2_verify(hash, password);
    }
    if (user != NULL) {
        right = user->method == ACCESS_NO_PASSWORD ? password.length == 0
                : user->method == ACCESS_PLAIN     ? plain_verify(user, password)
                                                   : digest_verify(user, password);
    }
    if (!right) {
        (void)argon2_verify(nobody(), password);
    }
    return right;
}

void access_password_forget(void *memory, size_t bytes)
{
    sodium_memzero(memory, bytes);
}

/* ---- addresses, as IPv6 with IPv4 mapped into it */

static bool read_address(const char *text, unsigned char bytes[16])
{
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (inet_pton(AF_INET, text, bytes + 12) == 1) {
        memcpy(bytes, mapped, sizeof(mapped));
        return true;
    }
    return inet_pton(AF_INET6, text, bytes) == 1;
}

static bool read_network(struct slice network, unsigned char bytes[16], unsigned int *bits)
{
    char text[64], *slash;
    if (network.length == 0 || network.length >= sizeof(text)) {
        return false;
    }
    memcpy(text, network.data, network.length);
    text[network.length] = 0;
    slash = strchr(text, '/');
    if (slash != NULL) {
        *slash = 0;
    }
    bool is_v4 = strchr(text, ':') == NULL;
    unsigned int widest = is_v4 ? 32 : 128;
    *bits = widest;
    if (strlen(text) + (slash == NULL ? 0 : 1 + strlen(slash + 1)) != network.length || !read_address(text, bytes)) {
        return false;
    }
    if (slash != NULL) {
        char *end = NULL;
        unsigned long number = slash[1] >= '0' && slash[1] <= '9' ? strtoul(slash + 1, &end, 10) : 999;
        unsigned char mask[16];
        if (number == 999) { /* 10.0.0.0/255.0.0.0 */
            return false;
        }
        if (end != NULL && *end == '.' && is_v4 && inet_pton(AF_INET, slash + 1, mask) == 1) {
            uint32_t word = (uint32_t)mask[0] << 24 | (uint32_t)mask[1] << 16 | (uint32_t)mask[2] << 8 | mask[3];
            number = word == 0 ? 0 : (unsigned long)__builtin_popcount(word);
            if (word != (number == 0 ? 0 : UINT32_MAX << (32 - number))) {
                return false;
            }
        } else if (end == NULL || *end != 0) {
            return false;
        }
        if (number > widest) {
            return false;
        }
        *bits = (unsigned int)number;
    }
    *bits += is_v4 ? 96 : 0;
    return true;
}

bool access_network_is_valid(struct slice network)
{
    unsigned char bytes[16];
    unsigned int bits;
    return read_network(network, bytes, &bits);
}

bool access_network_has(struct slice network, const char *address)
{
    unsigned char bytes[16], other[16];
    unsigned int bits;
    if (!read_network(network, bytes, &bits) || !read_address(address, other)) {
        return false;
    }
    unsigned int whole = bits / 8, rest = bits % 8;
    return memcmp(bytes, other, whole) == 0 && (rest == 0 || ((bytes[whole] ^ other[whole]) >> (8 - rest)) == 0);
}

bool access_address_is_local(const char *address)
{
    return access_network_has(slice_text("127.0.0.0/8"), address) || access_network_has(slice_text("::1"), address);
}

bool access_address_is_allowed(const struct access_thing *user, const char *address)
{
    bool allowed = user->host_count == 0;
    for (uint32_t i = 0; i < user->host_count && !allowed; i++) {
        const struct ast_host *host = &user->hosts[i];
        allowed = host->kind == AST_HOST_ANY || (host->kind == AST_HOST_LOCAL && access_address_is_local(address)) ||
                  (host->kind == AST_HOST_IP && access_network_has(host->text, address));
    }
    return allowed;
}
