/*
 * cipher.c: encrypt, decrypt, tryDecrypt and MySQL's aes_encrypt_mysql, aes_decrypt_mysql (AES), HMAC.
 *
 * mysql    a longer key is folded by XOR, a longer initialization vector cut off; encrypt and decrypt refuse both
 * tags     of GCM: sixteen bytes at the end of what is encrypted
 * secrets  keys stand in statements: server/secrets.c hides them from whoever is shown a statement's text
 * errors   ERR_BAD_ARGUMENTS: mode, length of a key or vector; ERR_OPENSSL: what is decrypted was not made with this key
 * source   ClickHouse decides modes, checks and codes; ciphers and digests are OpenSSL's
 * thread   any; contexts belong to a call
 */
#include "query/functions/row.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#define PIECE_BYTES (1U << 20)
#define TAG_BYTES   16U
#define NONCE_BYTES 12U
#define BLOCK_BYTES 16U
#define KEY_BYTES   32U

enum cipher_form { CIPHER_DECRYPTS = 1, CIPHER_TRIES = 2, CIPHER_MYSQL = 4 };

struct cipher {
    struct slice name;
    const EVP_CIPHER *kind;
    uint32_t key_bytes;
    int mode;
    int form;
};

/* --- AES --------------------------------------------------------------------------------------------------------- */

static struct err *failed(const struct function *function, const char *what)
{
    return err_new(ERR_OPENSSL, "function %s: %s", function->name, what);
}

/* The key as the cipher takes it, KEY_BYTES of room. */
static struct err *take_key(const struct function *function, struct slice key, unsigned char *to)
{
    const struct cipher *cipher = function->data;
    bool folds = (cipher->form & CIPHER_MYSQL) != 0;
    if (folds ? key.length < cipher->key_bytes : key.length != cipher->key_bytes) {
        return err_new(ERR_BAD_ARGUMENTS, "function %s: the key has %zu bytes, %.*s needs %u", function->name,
                       key.length, SLICE_ARG(cipher->name), cipher->key_bytes);
    }
    memcpy(to, key.data, cipher->key_bytes);
    for (size_t i = cipher->key_bytes; i < key.length; i++) {
        to[i % cipher->key_bytes] ^= (unsigned char)key.data[i];
    }
    return NULL;
}

static struct err *check_vector(const struct function *function, struct slice vector)
{
    const struct cipher *cipher = function->data;
    bool mysql = (cipher->form & CIPHER_MYSQL) != 0;
    if (cipher->mode == EVP_CIPH_GCM_MODE) {
        return vector.length > 0
                   ? NULL
                   : err_new(ERR_BAD_ARGUMENTS, "function %s: %.*s needs an initialization vector, of %u bytes best",
                             function->name, SLICE_ARG(cipher->name), NONCE_BYTES);
    }
    if (cipher->mode == EVP_CIPH_ECB_MODE && !mysql && function->argument_count > 3) {
        return err_new(ERR_BAD_ARGUMENTS, "function %s: %.*s takes no initialization vector", function->name,
                       SLICE_ARG(cipher->name));
    }
    bool fits = vector.length == 0 || vector.length == BLOCK_BYTES || (mysql && vector.length > BLOCK_BYTES) ||
                cipher->mode == EVP_CIPH_ECB_MODE;
    return fits ? NULL
                : err_new(ERR_BAD_ARGUMENTS, "function %s: the initialization vector has %zu bytes, %.*s needs %u",
                          function->name, vector.length, SLICE_ARG(cipher->name), BLOCK_BYTES);
}

static bool begin_row(EVP_CIPHER_CTX *context, const struct cipher *cipher, const unsigned char *key,
                      struct slice vector)
{
    static const unsigned char zeros[BLOCK_BYTES];
    int encrypts = (cipher->form & CIPHER_DECRYPTS) == 0;
    const unsigned char *bytes = vector.length == 0 ? zeros : (const unsigned char *)vector.data;
    if (EVP_CipherInit_ex(context, cipher->kind, NULL, NULL, NULL, encrypts) != 1) {
        return false;
    }
    if (cipher->mode == EVP_CIPH_GCM_MODE &&
        (vector.length > INT_MAX ||
         EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, (int)vector.length, NULL) != 1)) {
        return false;
    }
    return EVP_CipherInit_ex(context, NULL, NULL, key, bytes, encrypts) == 1;
}

/* In pieces, with looks; to NULL: text that is only vouched for. */
static struct err *feed(EVP_CIPHER_CTX *context, struct slice text, unsigned char *to, size_t *made, bool *ok)
{
    struct err *err = NULL;
    for (size_t at = 0; *ok && at < text.length; at += PIECE_BYTES) {
        size_t length = text.length - at < PIECE_BYTES ? text.length - at : PIECE_BYTES;
        int done_bytes = 0;
        OR_DONE(interrupt_at(at / PIECE_BYTES));
        *ok = EVP_CipherUpdate(context, to == NULL ? NULL : to + *made, &done_bytes,
                               (const unsigned char *)text.data + at, (int)length) == 1;
        *made += to == NULL ? 0 : (size_t)done_bytes;
    }
done:
    return err;
}

/* Arguments behind the mode: input, key, and perhaps vector and text that is vouched for. */
static struct err *cipher_row(const struct function *function, EVP_CIPHER_CTX *context, const struct slice *given,
                              struct text_buffer *buffer, struct slice *out, bool *null)
{
    struct err *err = NULL;
    const struct cipher *cipher = function->data;
    bool gcm = cipher->mode == EVP_CIPH_GCM_MODE, decrypts = (cipher->form & CIPHER_DECRYPTS) != 0;
    struct slice input = given[0], vector = given[2];
    unsigned char key[KEY_BYTES];
    const char *why = NULL;
    size_t made = 0;
    int last = 0;
    bool ok;
    OR_DONE(take_key(function, given[1], key));
    OR_DONE(check_vector(function, vector));
    *out = slice_of("", 0);
    if (decrypts && input.length == 0) {
        goto done;
    }
    if (decrypts && gcm && input.length < TAG_BYTES) {
        err = err_new(ERR_BAD_ARGUMENTS, "function %s: %zu bytes are less than the tag that %.*s puts at their end",
                      function->name, input.length, SLICE_ARG(cipher->name));
        goto done;
    }
    input.length -= decrypts && gcm ? TAG_BYTES : 0;
    char *to = text_room(buffer, input.length + BLOCK_BYTES + TAG_BYTES);
    if (to == NULL) {
        err = arena_error(buffer->arena);
        goto done;
    }
    ok = begin_row(context, cipher, key, vector);
    if (ok && gcm && decrypts) {
        ok = EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, TAG_BYTES,
                                 (void *)(uintptr_t)(input.data + input.length)) == 1;
    }
    if (gcm) {
        OR_DONE(feed(context, given[3], NULL, &made, &ok));
    }
    OR_DONE(feed(context, input, (unsigned char *)to, &made, &ok));
    if (ok && EVP_CipherFinal_ex(context, (unsigned char *)to + made, &last) != 1) {
        ok = false;
        why = "it was not encrypted so: another key, mode or vector, or bytes have changed";
    }
    made += ok ? (size_t)last : 0;
    if (ok && gcm && !decrypts) {
        ok = EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, TAG_BYTES, to + made) == 1;
        made += TAG_BYTES;
    }
    if (ok) {
        *out = text_taken(buffer, made);
    } else if ((cipher->form & CIPHER_TRIES) != 0) {
        *null = true;
    } else {
        err = failed(function, why == NULL ? "the cipher cannot do this" : why);
    }
done:
    OPENSSL_cleanse(key, sizeof(key));
    return err;
}

#define GIVEN_MAX 4U

static struct err *evaluate_cipher(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column *texts[GIVEN_MAX] = {NULL};
    uint32_t count = function->argument_count - 1;
    struct text_buffer buffer = {arena, NULL, 0};
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    uint64_t steps = 0;
    struct column *made;
    if (context == NULL) {
        return err_oom();
    }
    for (uint32_t a = 0; a < count; a++) {
        texts[a] = column_strings(arena, arguments[a + 1]);
        if (texts[a] == NULL) {
            err = arena_error(arena);
            goto done;
        }
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        struct slice given[GIVEN_MAX] = {{"", 0}, {"", 0}, {"", 0}, {"", 0}};
        bool null = false;
        for (uint32_t a = 0; a < count; a++) {
            given[a] = VALUE_AT(texts[a], struct slice, i);
            given[a].data = given[a].length == 0 ? "" : given[a].data;
        }
        OR_DONE(interrupt_steps(&steps, 10000 + given[0].length));
        OR_DONE(cipher_row(function, context, given, &buffer, &((struct slice *)made->values)[i], &null));
        if (null) {
            made->nulls[i] = 1;
            ((struct slice *)made->values)[i] = slice_of("", 0);
        }
    }
    *out = made;
done:
    EVP_CIPHER_CTX_free(context);
    return err;
}

/* aes-128-cbc, …: of those that OpenSSL has, the ones that ClickHouse takes. */
static bool find_cipher(struct slice name, struct cipher *out)
{
    static const char *const modes[] = {"ecb", "cbc", "cfb", "cfb1", "cfb8", "ofb", "ctr", "gcm"};
    static const uint32_t bits[] = {128, 192, 256};
    for (size_t m = 0; m < sizeof(modes) / sizeof(modes[0]); m++) {
        for (size_t b = 0; b < sizeof(bits) / sizeof(bits[0]); b++) {
            char text[16];
            (void)snprintf(text, sizeof(text), "aes-%u-%s", bits[b], modes[m]);
            if (slice_equal(name, slice_text(text))) {
                out->kind = EVP_get_cipherbyname(text);
                out->key_bytes = bits[b] / 8;
                out->mode = out->kind == NULL ? 0 : EVP_CIPHER_get_mode(out->kind);
                return out->kind != NULL;
            }
        }
    }
    return false;
}

/* The mode is a constant text. */
static struct err *check_mode(const struct function_bind *bind, struct slice *out)
{
    struct err *err = NULL;
    for (uint32_t i = 0; i < bind->count; i++) {
        OR_DONE(argument_string(bind, i));
    }
    if (bind->arguments[0].constant == NULL) {
        return err_new(ERR_ILLEGAL_COLUMN, "argument 1 of function %s must be a constant", bind->name);
    }
    OR_DONE(argument_constant_text(bind, 0, out));
done:
    return err;
}

static struct err *resolve_cipher(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct cipher *cipher = ARENA_NEW(bind->arena, struct cipher);
    if (cipher == NULL) {
        return arena_error(bind->arena);
    }
    OR_DONE(check_mode(bind, &cipher->name));
    cipher->form = bind->tag;
    bool mysql = (bind->tag & CIPHER_MYSQL) != 0;
    if (!find_cipher(cipher->name, cipher) ||
        (mysql && (cipher->mode == EVP_CIPH_GCM_MODE || cipher->mode == EVP_CIPH_CTR_MODE))) {
        return err_new(ERR_BAD_ARGUMENTS, "function %s does not know mode '%.*s'; aes-256-%s is one", bind->name,
                       SLICE_ARG(cipher->name), mysql ? "cbc" : "gcm");
    }
    if (bind->count > 4 && cipher->mode != EVP_CIPH_GCM_MODE) {
        return err_new(ERR_BAD_ARGUMENTS, "function %s: additional data is vouched for by modes of GCM alone, not %.*s",
                       bind->name, SLICE_ARG(cipher->name));
    }
    bool tries = (bind->tag & CIPHER_TRIES) != 0;
    out->inner = tries ? type_nullable(bind->arena, type_simple(TYPE_STRING), true) : type_simple(TYPE_STRING);
    out->evaluate = evaluate_cipher;
    out->data = cipher;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
done:
    return err;
}

/* --- HMAC -------------------------------------------------------------------------------------------------------- */

static struct err *evaluate_hmac(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column *texts = column_strings(arena, arguments[1]), *keys = column_strings(arena, arguments[2]);
    struct text_buffer buffer = {arena, NULL, 0};
    OSSL_PARAM params[2] = {OSSL_PARAM_construct_utf8_string("digest", (char *)(uintptr_t)function->data, 0),
                            OSSL_PARAM_construct_end()};
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *context = mac == NULL ? NULL : EVP_MAC_CTX_new(mac);
    uint64_t steps = 0;
    struct column *made;
    if (texts == NULL || keys == NULL) {
        err = arena_error(arena);
        goto done;
    }
    if (context == NULL) {
        err = failed(function, "this system's libcrypto does not have HMAC");
        goto done;
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        struct slice text = VALUE_AT(texts, struct slice, i), key = VALUE_AT(keys, struct slice, i);
        char *to = text_room(&buffer, EVP_MAX_MD_SIZE);
        size_t length = 0;
        if (to == NULL) {
            err = arena_error(arena);
            goto done;
        }
        OR_DONE(interrupt_steps(&steps, 10000 + text.length));
        bool ok =
            EVP_MAC_init(context, (const unsigned char *)(key.length == 0 ? "" : key.data), key.length, params) == 1;
        for (size_t at = 0; ok && at < text.length; at += PIECE_BYTES) {
            OR_DONE(interrupt_at(at / PIECE_BYTES));
            ok = EVP_MAC_update(context, (const unsigned char *)text.data + at,
                                text.length - at < PIECE_BYTES ? text.length - at : PIECE_BYTES) == 1;
        }
        if (!ok || EVP_MAC_final(context, (unsigned char *)to, &length, EVP_MAX_MD_SIZE) != 1) {
            err = failed(function, "the digest cannot be used for it");
            goto done;
        }
        ((struct slice *)made->values)[i] = text_taken(&buffer, length);
    }
    *out = made;
done:
    EVP_MAC_CTX_free(context);
    EVP_MAC_free(mac);
    return err;
}

static struct err *resolve_hmac(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct slice name;
    OR_DONE(check_mode(bind, &name));
    while (name.length > 0 && name.data[name.length - 1] == ' ') {
        name.length--;
    }
    const char *text = arena_text(bind->arena, name);
    if (text == NULL) {
        return arena_error(bind->arena);
    }
    EVP_MD *digest = name.length == 0 || strlen(text) != name.length ? NULL : EVP_MD_fetch(NULL, text, NULL);
    bool fixed = digest != NULL && (EVP_MD_get_flags(digest) & EVP_MD_FLAG_XOF) == 0 && EVP_MD_get_size(digest) > 0;
    if (digest == NULL) {
        return err_new(ERR_BAD_ARGUMENTS, "function %s does not know digest '%.*s'; sha256 is one", bind->name,
                       SLICE_ARG(name));
    }
    EVP_MD_free(digest);
    if (!fixed) {
        return err_new(ERR_OPENSSL, "function %s cannot be computed of digest '%.*s'", bind->name, SLICE_ARG(name));
    }
    out->inner = type_simple(TYPE_STRING);
    out->evaluate = evaluate_hmac;
    out->data = text;
done:
    return err;
}

static const struct function_definition definitions[] = {
    {"encrypt", false, 3, 5, FUNCTION_CAN_FAIL, resolve_cipher, 0},
    {"decrypt", false, 3, 5, FUNCTION_CAN_FAIL, resolve_cipher, CIPHER_DECRYPTS},
    {"tryDecrypt", false, 3, 5, FUNCTION_CAN_FAIL, resolve_cipher, CIPHER_DECRYPTS | CIPHER_TRIES},
    {"aes_encrypt_mysql", false, 3, 4, FUNCTION_CAN_FAIL, resolve_cipher, CIPHER_MYSQL},
    {"aes_decrypt_mysql", false, 3, 4, FUNCTION_CAN_FAIL, resolve_cipher, CIPHER_DECRYPTS | CIPHER_MYSQL},
    {"HMAC", true, 3, 3, FUNCTION_CAN_FAIL, resolve_hmac, 0},
};
const struct function_group functions_cipher = GROUP_WITHOUT_ALIASES(definitions);
