/*
 * encoding_fuzz.c: any bytes as a compressed body: HTTP's encodings and ClickHouse's frames.
 *
 * input    a byte that chooses the encoding, one that says in what pieces the rest comes
 * checks   what is unpacked in pieces and in small steps is what is unpacked at once; memory stays within the budget and
 *          comes back; what was unpacked is the same when packed and unpacked again
 */
#include "format/encoding.h"
#include "tests/fuzz/require.h"

#include <stdio.h>
#include <stdlib.h>

#define PLAIN_MAX ((size_t)8 << 20) /* what more a small input holds is not looked at */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* false: an error. */
static bool unpack(enum encoding encoding, struct slice packed, size_t piece_max, size_t step_max, struct buffer *out)
{
    struct err *err = NULL;
    struct unpacker *unpacker = NULL;
    struct budget budget;
    budget_init(&budget, "the fuzzer", (uint64_t)256 << 20, NULL);
    OR_DONE(unpacker_create(encoding, &budget, &unpacker));
    size_t at = 0;
    do {
        size_t piece = packed.length - at < piece_max ? packed.length - at : piece_max;
        struct slice in = slice_of(packed.length == 0 ? packed.data : packed.data + at, piece);
        bool more = true;
        at += piece;
        while (more && out->length < PLAIN_MAX) {
            OR_DONE(unpacker_step(unpacker, &in, at == packed.length, out, step_max, &more));
            REQUIRE(more || in.length == 0);
        }
    } while (at < packed.length && out->length < PLAIN_MAX);
done:
    unpacker_destroy(unpacker);
    REQUIRE(budget.bytes == 0);
    bool fine = err == NULL;
    err_free(err);
    return fine;
}

static void pack(enum encoding encoding, struct slice plain, struct buffer *out)
{
    struct packer *packer;
    REQUIRE(packer_create(encoding, NULL, &packer) == NULL);
    REQUIRE(packer_put(packer, plain, out) == NULL);
    REQUIRE(packer_end(packer, out) == NULL);
    packer_destroy(packer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer whole = {0}, parts = {0}, packed = {0}, again = {0};
    if (size < 2) {
        return 0;
    }
    enum encoding encoding = (enum encoding)(data[0] % ENCODINGS);
    struct slice input = slice_of((const char *)data + 2, size - 2);
    bool fine = unpack(encoding, input, input.length, SIZE_MAX, &whole);
    bool fine_in_parts = unpack(encoding, input, 1 + data[1], 1 + (size_t)data[1] * 100, &parts);
    if (whole.length < PLAIN_MAX && parts.length < PLAIN_MAX) {
        REQUIRE(fine == fine_in_parts);
        REQUIRE(!fine || (whole.length == parts.length &&
                          (whole.length == 0 || memcmp(whole.data, parts.data, whole.length) == 0)));
    }
    if (fine && whole.length < 65536) {
        pack(encoding, buffer_all(&whole), &packed);
        REQUIRE(unpack(encoding, buffer_all(&packed), 100, 1000, &again));
        REQUIRE(again.length == whole.length &&
                (again.length == 0 || memcmp(again.data, whole.data, again.length) == 0));
    }
    buffer_deinit(&whole);
    buffer_deinit(&parts);
    buffer_deinit(&packed);
    buffer_deinit(&again);
    return 0;
}
