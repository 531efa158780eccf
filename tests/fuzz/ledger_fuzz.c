/*
 * ledger_fuzz.c: any bytes as a ledger file: scanned, replayed, and what comes out encoded as a checkpoint and
 * replayed.
 *
 * Checksums, the chain and the numbers of commits are put right first (unless the input's first byte is odd), so that
 * the fuzzer gets behind them. Seeds: the golden ledgers.
 */
#include "base/checksum.h"
#include "storage/ledger_file.h"
#include "storage/ledger_state.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FILE_NUMBER 1U
#define BYTES_MAX   ((size_t)1 << 20)

static void put_u32(uint8_t *at, uint32_t value)
{
    memcpy(at, &value, sizeof value); /* little-endian machines only: a test */
}

static void put_u64(uint8_t *at, uint64_t value)
{
    memcpy(at, &value, sizeof value);
}

/* Makes header, frames and commits consistent, as far as the frames' lengths allow. */
static void put_right(uint8_t *data, size_t size)
{
    uint8_t hash[LEDGER_HASH_BYTES];
    uint64_t commit = 0;
    size_t begin = LEDGER_FILE_HEADER_BYTES;
    uint32_t count = 0;

    if (size < LEDGER_FILE_HEADER_BYTES) {
        return;
    }
    memcpy(data, "WEIRLEDG", 8);
    put_u32(data + 8, LEDGER_FORMAT_VERSION);
    put_u32(data + 12, 0);
    put_u64(data + 16, FILE_NUMBER);
    put_u64(data + 24, 1);
    put_u64(data + 88, checksum(data, 88));
    memcpy(hash, data + 56, sizeof hash);
    for (size_t at = begin; size - at >= LEDGER_FRAME_HEAD_BYTES;) {
        uint8_t *frame = data + at;
        uint32_t length = 0;
        memcpy(&length, frame, sizeof length);
        length %= 4096;
        bool is_commit = frame[4] == LEDGER_COMMIT && frame[5] == 0;
        length = is_commit ? COMMIT_RECORD_BYTES : length;
        size_t padded = ((size_t)length + 7) & ~(size_t)7;
        if (padded > size - at - LEDGER_FRAME_HEAD_BYTES) {
            return;
        }
        put_u32(frame, length);
        frame[5] = 0;
        frame[6] = 0;
        frame[7] = 0;
        uint8_t *payload = frame + LEDGER_FRAME_HEAD_BYTES;
        memset(payload + length, 0, padded - length);
        if (is_commit) {
            put_u64(payload, ++commit);
            put_u64(payload + 16, commit - 1);
            put_u64(payload + 24, at - begin);
            put_u32(payload + 32, count);
            put_u32(payload + 36, commit == 1 ? 1 : 0);
            const struct hash_part parts[] = {{hash, sizeof hash}, {data + begin, at - begin}, {payload, 40}};
            struct hash next = hash_parts(parts, 3);
            memcpy(hash, next.bytes, sizeof hash);
            memcpy(payload + 40, hash, sizeof hash);
        }
        uint64_t place = ((uint64_t)FILE_NUMBER << 40) ^ at;
        put_u64(frame + 8, checksum_seeded(payload, length, checksum_seeded(frame, 8, place)));
        at += LEDGER_FRAME_HEAD_BYTES + padded;
        count = is_commit ? 0 : count + 1;
        begin = is_commit ? at : begin;
    }
}

/* Replays the whole commits of a file. False: an error, which is freed. */
static bool replay(const void *data, size_t size, struct ledger_state *state, struct arena *arena)
{
    struct ledger_scan scan;
    struct ledger_commit_place commit;
    enum ledger_scan_result result = LEDGER_SCAN_END;
    struct err *err = ledger_scan_open(&scan, "fuzz", FILE_NUMBER, data, size, &result);

    while (err == NULL && result == LEDGER_SCAN_COMMIT) {
        err = ledger_scan_next(&scan, &commit, &result);
        if (err == NULL && result == LEDGER_SCAN_COMMIT) {
            err = ledger_replay(&scan, &commit, state, arena);
        }
    }
    bool good = err == NULL;
    err_free(err);
    return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ledger_state state, again;
    struct record_out records = {0}, records_again = {0}, file = {0};
    struct arena *arena = arena_create(NULL);

    if (size < 1 || size > BYTES_MAX || arena == NULL) {
        arena_destroy(arena);
        return 0;
    }
    size_t length = size - 1;
    uint8_t *copy = malloc(length + 1);
    ASSERT(copy != NULL);
    memcpy(copy, data + 1, length);
    if (data[0] % 2 == 0) {
        put_right(copy, length);
    }
    ledger_state_init(&state);
    ledger_state_init(&again);
    if (replay(copy, length, &state, arena)) {
        ASSERT(ledger_state_encode(&state, &records) == NULL);
        struct ledger_file_header header = {.version = LEDGER_FORMAT_VERSION, .number = FILE_NUMBER, .commit_first = 1};
        struct commit_record commit = {.number = 1, .checkpoint = true};
        uint8_t hash[LEDGER_HASH_BYTES] = {0};
        ledger_file_put_header(&file, &header);
        ledger_file_put_commit(&file, FILE_NUMBER, 0, slice_of((const char *)records.data, records.length), &commit,
                               hash);
        ASSERT(!file.failed);
        if (replay(file.data, file.length, &again, arena)) {
            again.last = state.last; /* the checkpoint is a commit of its own */
            ASSERT(ledger_state_encode(&again, &records_again) == NULL);
            ASSERT(records.length == records_again.length &&
                   memcmp(records.data, records_again.data, records.length) == 0);
        }
    }
    ledger_state_deinit(&state);
    ledger_state_deinit(&again);
    record_out_deinit(&records);
    record_out_deinit(&records_again);
    record_out_deinit(&file);
    arena_destroy(arena);
    free(copy);
    return 0;
}
