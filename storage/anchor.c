/*
 * anchor.c: making, reading and comparing anchors.
 *
 * flow     weir anchor → anchor_key, anchor_make; weir check --anchor → anchor_read → storage/check.c → anchor_compare
 * text     lines of a word and a value; the signature is over all bytes before its own line
 */
#include "storage/anchor.h"

#include "base/io.h"
#include "base/number.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define HEX_MAX (2U * crypto_sign_BYTES + 1U)

FAILPOINT(anchor_key_write);
FAILPOINT(anchor_key_sync);
FAILPOINT(anchor_key_rename);
FAILPOINT(anchor_key_sync_dir);

/* Exactly 2 × bytes lower-case digits. */
static bool from_hex(struct slice text, uint8_t *out, size_t bytes)
{
    size_t length = 0;
    if (text.length != 2 * bytes) {
        return false;
    }
    for (size_t k = 0; k < text.length; k++) {
        if (strchr("0123456789abcdef", text.data[k]) == NULL || text.data[k] == 0) {
            return false;
        }
    }
    return sodium_hex2bin(out, bytes, text.data, text.length, NULL, &length, NULL) == 0 && length == bytes;
}

/* ---- the key */

static struct err *key_read(struct io *io, const char *path, uint8_t seed[ANCHOR_SEED_BYTES])
{
    struct err *err = NULL;
    struct io_file *file = NULL;
    char text[2 * ANCHOR_SEED_BYTES + 2];
    size_t length = 0;

    OR_DONE(io_open(io, path, IO_READ, &file));
    OR_DONE(io_read_some(file, 0, text, sizeof text, &length));
    if (length != 2 * ANCHOR_SEED_BYTES + 1 || text[length - 1] != '\n' ||
        !from_hex(slice_of(text, length - 1), seed, ANCHOR_SEED_BYTES)) {
        err = err_new(ERR_CORRUPT, "\"%s/%s\" is no key for anchors: it should be %u hexadecimal digits and a newline",
                      io->root, path, 2 * ANCHOR_SEED_BYTES);
    }
done:
    sodium_memzero(text, sizeof text);
    io_close(file);
    return err;
}

/* A whole key or none: written beside, then renamed. */
static struct err *key_create(struct io *io, const char *path, uint8_t seed[ANCHOR_SEED_BYTES])
{
    struct err *err = NULL;
    struct io_file *file = NULL;
    char text[2 * ANCHOR_SEED_BYTES + 2], beside[4096];
    bool exists = false;

    if (snprintf(beside, sizeof beside, "%s.new", path) >= (int)sizeof beside) {
        return err_new(ERR_BAD_ARGUMENTS, "the name \"%s\" is too long", path);
    }
    OR_DONE(io_exists(io, beside, &exists));
    if (exists) { /* of a command that was killed */
        OR_DONE(io_unlink(io, beside, NULL));
    }
    randombytes_buf(seed, ANCHOR_SEED_BYTES);
    (void)sodium_bin2hex(text, sizeof text, seed, ANCHOR_SEED_BYTES);
    text[2 * ANCHOR_SEED_BYTES] = '\n';
    OR_DONE(io_open(io, beside, IO_SECRET, &file));
    OR_DONE(io_write(file, 0, text, 2 * ANCHOR_SEED_BYTES + 1, &failpoint_anchor_key_write));
    OR_DONE(io_sync(file, &failpoint_anchor_key_sync));
    OR_DONE(io_rename(io, beside, path, &failpoint_anchor_key_rename));
    OR_DONE(io_sync_dir(io, "", &failpoint_anchor_key_sync_dir));
done:
    sodium_memzero(text, sizeof text);
    io_close(file);
    return err;
}

struct err *anchor_key(struct io *io, const char *path, uint8_t seed[ANCHOR_SEED_BYTES])
{
    bool exists = false;
    struct err *err = io_exists(io, path, &exists);
    if (err == NULL) {
        err = exists ? key_read(io, path, seed) : key_create(io, path, seed);
    }
    return err_while(err, "taking the key \"%s/%s\"", io->root, path);
}

/* ---- text */

static struct err *anchor_sign(const struct anchor *anchor, const uint8_t secret[crypto_sign_SECRETKEYBYTES],
                               char text[ANCHOR_TEXT_BYTES])
{
    char store[HEX_MAX], hash[HEX_MAX], key[HEX_MAX], signature[HEX_MAX];
    uint8_t bytes[crypto_sign_BYTES];

    (void)sodium_bin2hex(store, sizeof store, anchor->store_id, sizeof anchor->store_id);
    (void)sodium_bin2hex(hash, sizeof hash, anchor->hash, sizeof anchor->hash);
    (void)sodium_bin2hex(key, sizeof key, anchor->public_key, sizeof anchor->public_key);
    int length = snprintf(text, ANCHOR_TEXT_BYTES,
                          "weir-anchor 1\nstore %s\ncommit %" PRIu64 "\ntime %" PRId64 "\nchain %s\nkey %s\n", store,
                          anchor->commit, anchor->time_us, hash, key);
    if (crypto_sign_detached(bytes, NULL, (const unsigned char *)text, (unsigned long long)length, secret) != 0) {
        return err_new(ERR_LOGICAL, "libsodium does not sign");
    }
    (void)sodium_bin2hex(signature, sizeof signature, bytes, sizeof bytes);
    (void)snprintf(text + length, ANCHOR_TEXT_BYTES - (size_t)length, "signature %s\n", signature);
    return NULL;
}

struct err *anchor_make(struct io *io, const char *folder, const uint8_t seed[ANCHOR_SEED_BYTES],
                        char text[ANCHOR_TEXT_BYTES])
{
    struct err *err = NULL;
    struct ledger_report report;
    struct ledger_mark mark = {0};
    struct anchor anchor = {0};
    uint8_t secret[crypto_sign_SECRETKEYBYTES];

    (void)crypto_sign_seed_keypair(anchor.public_key, secret, seed);
    OR_DONE(ledger_verify(io, folder, &report));
    mark.commit = report.commit_durable;
    OR_DONE(ledger_verify_mark(io, folder, &mark, &report));
    if (!mark.found) {
        err = err_new(ERR_CORRUPT, "the ledger says that commit %" PRIu64 " is durable, but does not hold it",
                      mark.commit);
        goto done;
    }
    anchor.commit = mark.commit;
    anchor.time_us = mark.time_us;
    memcpy(anchor.hash, mark.hash, sizeof anchor.hash);
    memcpy(anchor.store_id, report.store_id, sizeof anchor.store_id);
    err = anchor_sign(&anchor, secret, text);
done:
    sodium_memzero(secret, sizeof secret);
    return err_while(err, "making an anchor");
}

struct err *anchor_last(struct ledger *ledger, const uint8_t seed[ANCHOR_SEED_BYTES], char text[ANCHOR_TEXT_BYTES])
{
    struct commit_info last;
    struct anchor anchor = {0};
    uint8_t secret[crypto_sign_SECRETKEYBYTES];

    (void)crypto_sign_seed_keypair(anchor.public_key, secret, seed);
    ledger_last_commit(ledger, &last);
    anchor.commit = last.number;
    anchor.time_us = last.time_us;
    memcpy(anchor.hash, last.hash, sizeof anchor.hash);
    ledger_store_id(ledger, anchor.store_id);
    struct err *err = anchor_sign(&anchor, secret, text);
    sodium_memzero(secret, sizeof secret);
    return err;
}

/* "word value\n" at the beginning of *text, which moves behind it. */
static bool take_line(struct slice *text, const char *word, struct slice *value)
{
    size_t length = strlen(word);
    if (text->length < length + 1 || memcmp(text->data, word, length) != 0 || text->data[length] != ' ') {
        return false;
    }
    const char *begin = text->data + length + 1, *end = memchr(begin, '\n', text->length - length - 1);
    if (end == NULL) {
        return false;
    }
    *value = slice_of(begin, (size_t)(end - begin));
    *text = slice_of(end + 1, text->length - (size_t)(end + 1 - text->data));
    return true;
}

struct err *anchor_read(struct slice text, struct anchor *out)
{
    struct slice rest = text, version, store, commit, time, chain, key, signature;
    uint8_t bytes[crypto_sign_BYTES];

    if (text.length >= ANCHOR_TEXT_BYTES || !take_line(&rest, "weir-anchor", &version)) {
        return err_new(ERR_CORRUPT, "this is no anchor: it does not begin with weir-anchor");
    }
    if (!slice_equal(version, slice_text("1"))) {
        return err_new(ERR_NEWER_VERSION, "this anchor's version is %.*s; this program knows version 1",
                       SLICE_ARG(slice_of(version.data, version.length > 20 ? 20 : version.length)));
    }
    if (!take_line(&rest, "store", &store) || !from_hex(store, out->store_id, sizeof out->store_id) ||
        !take_line(&rest, "commit", &commit) || !number_parse_u64(commit, &out->commit) ||
        !take_line(&rest, "time", &time) || !number_parse_i64(time, &out->time_us) ||
        !take_line(&rest, "chain", &chain) || !from_hex(chain, out->hash, sizeof out->hash) ||
        !take_line(&rest, "key", &key) || !from_hex(key, out->public_key, sizeof out->public_key)) {
        return err_new(ERR_CORRUPT, "this anchor has not the lines store, commit, time, chain, key in their form");
    }
    size_t covered = text.length - rest.length;
    if (!take_line(&rest, "signature", &signature) || rest.length > 0 || !from_hex(signature, bytes, sizeof bytes)) {
        return err_new(ERR_CORRUPT, "this anchor does not end with its line of the signature");
    }
    if (crypto_sign_verify_detached(bytes, (const unsigned char *)text.data, covered, out->public_key) != 0) {
        return err_new(ERR_CORRUPT, "this anchor's signature is not of its key: it was changed, or is forged");
    }
    return NULL;
}

/* ---- against a ledger */

struct err *anchor_compare(const struct anchor *anchor, const struct ledger_mark *mark,
                           const struct ledger_report *report)
{
    ASSERT(mark->commit == anchor->commit);
    if (memcmp(anchor->store_id, report->store_id, sizeof anchor->store_id) != 0) {
        return err_new(ERR_CORRUPT, "the anchor is of another store: the ledger was begun anew, or this is not its "
                                    "data directory");
    }
    if (mark->found && memcmp(mark->hash, anchor->hash, sizeof mark->hash) != 0) {
        return err_new(ERR_CORRUPT,
                       "the chain does not go through the anchor: commit %" PRIu64
                       " has another hash; the commits up to "
                       "it were rewritten",
                       anchor->commit);
    }
    if (!mark->found && anchor->commit > report->commit_last) {
        return err_new(ERR_CORRUPT,
                       "the ledger ends with commit %" PRIu64 ", the anchor proves commit %" PRIu64
                       ": what came in between is cut off",
                       report->commit_last, anchor->commit);
    }
    if (!mark->found) {
        return err_new(ERR_CORRUPT,
                       "the anchor's commit %" PRIu64 " is older than the ledger's files, which begin with commit "
                       "%" PRIu64 ": files were pruned, and nothing can be proven by this anchor any more",
                       anchor->commit, report->commit_first);
    }
    return NULL;
}
