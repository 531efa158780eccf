/*
 * encoding_test.c: packed bodies: round trips in pieces of every kind, several members, damage, small inputs that hold
 * much, ClickHouse's frames byte by byte.
 */
#include "format/encoding.h"
#include "format/frames.h"

#include "tests/base/expect.h"

#include <snappy-c.h>
#include <stdlib.h>

static const enum encoding all[] = {ENCODING_NONE,   ENCODING_LZ4,    ENCODING_ZSTD, ENCODING_GZIP,  ENCODING_DEFLATE,
                                    ENCODING_BROTLI, ENCODING_FRAMES, ENCODING_XZ,   ENCODING_BZIP2, ENCODING_SNAPPY};
#define ALL (sizeof(all) / sizeof(all[0]))

static uint64_t seed;

static uint32_t random_below(uint32_t bound)
{
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(seed >> 33) % bound;
}

/* Half of it repeats. */
static void fill(struct buffer *out, size_t bytes)
{
    out->length = 0;
    while (out->length < bytes) {
        if (random_below(2) == 0) {
            buffer_printf(out, "row %u\tand the same text again and again\n", random_below(1000));
        } else {
            for (int k = 0; k < 40; k++) {
                buffer_char(out, (char)random_below(256));
            }
        }
    }
    out->length = bytes;
}

static void pack(enum encoding encoding, struct slice plain, struct buffer *out)
{
    struct packer *packer;
    expect_ok(packer_create(encoding, NULL, &packer));
    for (size_t at = 0; at < plain.length;) {
        size_t piece = 1 + random_below(100000);
        piece = piece < plain.length - at ? piece : plain.length - at;
        expect_ok(packer_put(packer, slice_of(plain.data + at, piece), out));
        at += piece;
    }
    expect_ok(packer_end(packer, out));
    packer_destroy(packer);
}

/* In pieces of at most piece_max bytes, in steps of step_max. */
static struct err *unpack(enum encoding encoding, struct budget *budget, struct slice packed, size_t piece_max,
                          size_t step_max, struct buffer *out)
{
    struct err *err = NULL;
    struct unpacker *unpacker = NULL;
    OR_DONE(unpacker_create(encoding, budget, &unpacker));
    for (size_t at = 0; at < packed.length || at == 0;) {
        size_t piece = packed.length - at < piece_max ? packed.length - at : piece_max;
        struct slice in = slice_of(packed.data + at, piece);
        at += piece;
        bool more = true;
        while (more) {
            size_t before = out->length;
            OR_DONE(unpacker_step(unpacker, &in, at == packed.length, out, step_max, &more));
            assert_true(more || in.length == 0);
            assert_true(out->length - before <= step_max + ((size_t)8 << 20)); /* a buffer's room beyond it */
        }
        if (packed.length == 0) {
            break;
        }
    }
done:
    unpacker_destroy(unpacker);
    return err;
}

static void round_trips(void **state)
{
    (void)state;
    struct budget budget;
    budget_init(&budget, "the test", (uint64_t)64 << 20, NULL);
    static const size_t sizes[] = {0, 1, 4, 100, 65535, 65536, 65537, 300000, 3000000};
    struct buffer plain = {0};
    for (size_t e = 0; e < ALL; e++) {
        for (size_t k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++) {
            struct buffer packed = {0}, back = {0};
            fill(&plain, sizes[k]);
            pack(all[e], buffer_all(&plain), &packed);
            size_t members = all[e] == ENCODING_BROTLI ? 1 : 2;
            if (members == 2) {
                pack(all[e], buffer_all(&plain), &packed);
            }
            size_t piece = k % 3 == 0 && sizes[k] < 100000 ? 1 : 1 + random_below(70000);
            expect_ok(unpack(all[e], &budget, buffer_all(&packed), piece, 1 + random_below(200000), &back));
            assert_int_equal(back.length, members * sizes[k]);
            for (size_t m = 0; m < members && sizes[k] > 0; m++) {
                assert_memory_equal(back.data + m * sizes[k], plain.data, sizes[k]);
            }
            buffer_deinit(&packed);
            buffer_deinit(&back);
            assert_int_equal(budget.bytes, 0);
        }
    }
    buffer_deinit(&plain);
}

/* Every prefix is an error, or ends where a member ends. */
static void truncated(void **state)
{
    (void)state;
    struct buffer plain = {0};
    fill(&plain, 500);
    for (size_t e = 1; e < ALL; e++) {
        struct buffer packed = {0};
        pack(all[e], buffer_all(&plain), &packed);
        for (size_t length = 1; length < packed.length; length++) {
            struct buffer back = {0};
            struct err *err = unpack(all[e], NULL, slice_of(packed.data, length), 100, 1000, &back);
            if (err == NULL) {
                print_error("%s: %zu of %zu bytes\n", encoding_name(all[e]), length, packed.length);
            }
            expect_err(err, ERR_CANNOT_READ_DATA, "ends within");
            buffer_deinit(&back);
        }
        buffer_deinit(&packed);
    }
    buffer_deinit(&plain);
}

/* Any damage is an error or gives bytes; with a checksum that all these have (but brotli) they are the right ones. */
static void damaged(void **state)
{
    (void)state;
    struct buffer plain = {0};
    fill(&plain, 3000);
    for (size_t e = 1; e < ALL; e++) {
        struct buffer packed = {0};
        pack(all[e], buffer_all(&plain), &packed);
        for (size_t at = 0; at < packed.length; at++) {
            struct buffer back = {0};
            packed.data[at] ^= (char)(1 + random_below(255));
            struct err *err = unpack(all[e], NULL, buffer_all(&packed), 1000, 1000, &back);
            if (all[e] == ENCODING_FRAMES) {
                assert_non_null(err);
            }
            err_free(err);
            packed.data[at] = (char)random_below(256);
            buffer_deinit(&back);
        }
        buffer_deinit(&packed);
    }
    buffer_deinit(&plain);
}

/* What a kilobyte holds comes in steps, and frames that claim much cost nothing before their bytes are there. */
static void bombs(void **state)
{
    (void)state;
    struct buffer plain = {0}, packed = {0};
    assert_true(buffer_reserve(&plain, (size_t)64 << 20));
    memset(plain.data, 'x', (size_t)64 << 20);
    plain.length = (size_t)64 << 20;
    for (size_t e = 1; e < ALL; e++) {
        struct packer *packer;
        struct unpacker *unpacker;
        struct budget budget;
        budget_init(&budget, "the test", (uint64_t)32 << 20, NULL);
        packed.length = 0;
        expect_ok(packer_create(all[e], NULL, &packer));
        expect_ok(packer_put(packer, buffer_all(&plain), &packed));
        expect_ok(packer_end(packer, &packed));
        packer_destroy(packer);
        expect_ok(unpacker_create(all[e], &budget, &unpacker));
        struct slice in = buffer_all(&packed);
        size_t bytes = 0;
        bool more = true;
        while (more) {
            struct buffer back = {0};
            expect_ok(unpacker_step(unpacker, &in, true, &back, 100000, &more));
            assert_true(back.length < (size_t)4 << 20);
            bytes += back.length;
            buffer_deinit(&back);
        }
        assert_int_equal(bytes, plain.length);
        unpacker_destroy(unpacker);
        assert_int_equal(budget.bytes, 0);
    }
    /* a zstd frame whose window is larger than what is read */
    static const char wide[] = {'\x28', '\xb5', '\x2f', '\xfd', '\x00', '\xf8', '\x01', '\x00', '\x00'};
    struct buffer back = {0};
    expect_err(unpack(ENCODING_ZSTD, NULL, slice_of(wide, sizeof(wide)), 100, 100, &back), ERR_CANNOT_DECOMPRESS,
               "zstd");
    struct budget small;
    budget_init(&small, "the test", 100000, NULL);
    packed.length = 0;
    pack(ENCODING_FRAMES, buffer_all(&plain), &packed);
    expect_err(unpack(ENCODING_FRAMES, &small, buffer_all(&packed), 1000, 1000, &back), ERR_MEMORY_LIMIT, "the test");
    buffer_deinit(&back);
    buffer_deinit(&packed);
    buffer_deinit(&plain);
}

static void from_hex(const char *hex, struct buffer *out)
{
    out->length = 0;
    for (; *hex != 0; hex += *hex == ' ' ? 1 : 2) {
        if (*hex != ' ') {
            char pair[3] = {hex[0], hex[1], 0};
            buffer_char(out, (char)strtol(pair, NULL, 16));
        }
    }
}

/* Frames that a ClickHouse server took. */
static void frames(void **state)
{
    (void)state;
    struct buffer frame = {0}, back = {0}, packed = {0};
    from_hex("7623ebb2019ae7602e8c1a2b1cb1590d 02 0d000000 04000000 370a380a", &frame);
    expect_ok(frame_unpack(buffer_all(&frame), &back));
    assert_memory_equal(back.data, "7\n8\n", 4);
    expect_ok(frames_pack(FRAME_COPY, slice_text("7\n8\n"), &packed));
    assert_int_equal(packed.length, frame.length);
    assert_memory_equal(packed.data, frame.data, frame.length);
    from_hex("10d2134f4cf048ef0b9345bcbdef4d8c 82 0e000000 04000000 40 370a380a", &frame);
    back.length = 0;
    expect_ok(frame_unpack(buffer_all(&frame), &back));
    assert_memory_equal(back.data, "7\n8\n", 4);
    frame.data[frame.length - 1] ^= 1;
    expect_err(frame_unpack(buffer_all(&frame), &back), ERR_CHECKSUM, "Checksum doesn't match");
    frame.data[16] = '\x91';
    expect_err(frame_unpack(buffer_all(&frame), &back), ERR_UNKNOWN_COMPRESSION, "0x91");
    from_hex("10d2134f4cf048ef0b9345bcbdef4d8c 82 ffffffff 04000000 40 370a380a", &frame);
    expect_err(frame_unpack(buffer_all(&frame), &back), ERR_CANNOT_DECOMPRESS, "4294967295");
    from_hex("10d2134f4cf048ef0b9345bcbdef4d8c 82 0e000000 00000007 40 370a380a", &frame);
    expect_err(frame_unpack(buffer_all(&frame), &back), ERR_CANNOT_DECOMPRESS, "hold");
    packed.length = back.length = 0;
    expect_ok(frames_pack(FRAME_ZSTD, slice_text("seven, eight, seven, eight"), &packed));
    expect_ok(frame_unpack(buffer_all(&packed), &back));
    assert_memory_equal(back.data, "seven, eight, seven, eight", back.length);
    buffer_deinit(&packed);
    buffer_deinit(&frame);
    buffer_deinit(&back);
}

/* Snappy without blocks, as Fluent Bit sends it, in pieces; what it claims is not believed. */
static void raw_snappy(void **state)
{
    (void)state;
    struct buffer plain = {0}, packed = {0}, back = {0};
    struct budget budget;
    budget_init(&budget, "the test", (uint64_t)16 << 20, NULL);
    static const size_t sizes[] = {1, 2, 3, 100, 127, 128, 70000, 3000000};
    for (size_t k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++) {
        fill(&plain, sizes[k]);
        size_t room = snappy_max_compressed_length(sizes[k]);
        packed.length = back.length = 0;
        assert_true(buffer_reserve(&packed, room));
        assert_int_equal(snappy_compress(plain.data, sizes[k], packed.data, &room), SNAPPY_OK);
        packed.length = room;
        expect_ok(unpack(ENCODING_SNAPPY, &budget, buffer_all(&packed), 1 + random_below(50000), 1000, &back));
        assert_int_equal(back.length, sizes[k]);
        assert_memory_equal(back.data, plain.data, sizes[k]);
        if (sizes[k] > 3) {
            expect_err(unpack(ENCODING_SNAPPY, &budget, slice_of(packed.data, room - 1), 777, 1000, &back),
                       ERR_CANNOT_DECOMPRESS, "snappy");
        }
        assert_int_equal(budget.bytes, 0);
    }
    static const char claims[] = {'\xff', '\xff', '\xff', '\xff', '\x0f', '\x00', 'x'};
    static const char large[] = {'\x00', '\xff', '\xff', '\xff', '\x00', '\x00', '\x00', '\x03', '\x01', '\x00', 'x'};
    expect_err(unpack(ENCODING_SNAPPY, &budget, slice_of(claims, sizeof(claims)), 3, 1000, &back),
               ERR_CANNOT_DECOMPRESS, "snappy");
    expect_err(unpack(ENCODING_SNAPPY, &budget, slice_of(large, sizeof(large)), 3, 1000, &back), ERR_CANNOT_READ_DATA,
               "ends within");
    buffer_deinit(&back);
    buffer_deinit(&packed);
    buffer_deinit(&plain);
}

static void accepted(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        enum encoding encoding;
    } cases[] = {
        {"", ENCODING_NONE},
        {"identity", ENCODING_NONE},
        {"gzip", ENCODING_GZIP},
        {"deflate", ENCODING_DEFLATE},
        {"GZIP ; q=0.5 , br", ENCODING_GZIP},
        {"lz4,gzip,deflate", ENCODING_LZ4},
        {"gzip, deflate, br, zstd", ENCODING_ZSTD},
        {"lz4;q=0, zstd;q=0.0,gzip;q=0.1", ENCODING_GZIP},
        {"br", ENCODING_BROTLI},
        {",,snappy,", ENCODING_NONE},
        {"*", ENCODING_NONE},
    };
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        assert_int_equal(encoding_choose(slice_text(cases[k].header)), cases[k].encoding);
    }
}

int main(void)
{
    seed = 20251122;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trips), cmocka_unit_test(truncated),  cmocka_unit_test(damaged), cmocka_unit_test(bombs),
        cmocka_unit_test(frames),      cmocka_unit_test(raw_snappy), cmocka_unit_test(accepted)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
