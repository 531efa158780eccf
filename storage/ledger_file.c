/*
 * ledger_file.c: frames and commits of one ledger file, in memory.
 *
 * flow     storage/ledger.c (writes, recovery), ledger_verify.c → here → ledger_record.c
 * owns     nothing: images belong to the caller
 * hostile  every byte read here may be anything: lengths are checked before use, nothing is asserted
 */
#include "storage/ledger_file.h"

#include "base/checksum.h"
#include "storage/ledger_state.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

/* ledger_scan_moved looks no further: a hundredth of a second. */
#define MOVED_FRAMES_MAX 4U
#define MOVED_BYTES_MAX  ((uint64_t)4 << 20)

static const char file_magic[8] = "WEIRLEDG";

static_assert(LEDGER_FILE_HEADER_BYTES == 8 + 4 + 4 + 8 + 8 + 8 + LEDGER_STORE_ID_BYTES + LEDGER_HASH_BYTES + 8,
              "docs/FORMAT.md, \"Ledger file\"");
static_assert(LEDGER_FRAME_HEAD_BYTES % LEDGER_FRAME_ALIGNMENT == 0 &&
                  LEDGER_FILE_HEADER_BYTES % LEDGER_FRAME_ALIGNMENT == 0,
              "frames are aligned");

void ledger_file_put_header(struct record_out *out, const struct ledger_file_header *header)
{
    size_t begin = out->length;

    record_put(out, file_magic, sizeof file_magic);
    record_put_u32(out, header->version);
    record_put_u32(out, 0);
    record_put_u64(out, header->number);
    record_put_u64(out, header->commit_first);
    record_put_u64(out, (uint64_t)header->created_at_us);
    record_put(out, header->store_id, sizeof header->store_id);
    record_put(out, header->hash_before, sizeof header->hash_before);
    if (!out->failed) {
        record_put_u64(out, checksum(out->data + begin, out->length - begin));
    }
}

/* A frame's head: u32 payload length, u16 type, u16 zero, u64 checksum. */
static uint64_t frame_checksum(uint64_t file_number, uint64_t offset, const uint8_t head[8], const void *payload,
                               size_t length)
{
    uint64_t place = file_number << 40 ^ offset;
    return checksum_seeded(payload, length, checksum_seeded(head, 8, place));
}

static void put_frame(struct record_out *out, uint64_t file_number, uint64_t offset, uint32_t type,
                      struct slice payload)
{
    static const uint8_t zeros[LEDGER_FRAME_ALIGNMENT] = {0};
    uint32_t length = (uint32_t)payload.length;
    uint8_t head[8] = {(uint8_t)length,         (uint8_t)(length >> 8), (uint8_t)(length >> 16),
                       (uint8_t)(length >> 24), (uint8_t)type,          (uint8_t)(type >> 8)};

    record_put(out, head, sizeof head);
    record_put_u64(out, frame_checksum(file_number, offset, head, payload.data, payload.length));
    record_put(out, payload.data, payload.length);
    record_put(out, zeros, (size_t)(-payload.length & (LEDGER_FRAME_ALIGNMENT - 1)));
}

static void chain(uint8_t hash[LEDGER_HASH_BYTES], const uint8_t *frames, size_t length, const uint8_t *commit_payload)
{
    const struct hash_part parts[] = {
        {hash, LEDGER_HASH_BYTES}, {frames, length}, {commit_payload, COMMIT_RECORD_BYTES - LEDGER_HASH_BYTES}};
    struct hash next = hash_parts(parts, sizeof parts / sizeof parts[0]);

    memcpy(hash, next.bytes, LEDGER_HASH_BYTES);
}

void ledger_file_put_commit(struct record_out *out, uint64_t file_number, uint64_t offset, struct slice batch,
                            struct commit_record *commit, uint8_t hash[LEDGER_HASH_BYTES])
{
    size_t begin = out->length;
    enum ledger_record_type type;
    struct slice payload;
    struct record_out end = {0};

    commit->record_count = 0;
    while (record_next(&batch, &type, &payload)) {
        put_frame(out, file_number, offset + out->length, type, payload);
        commit->record_count++;
    }
    commit->bytes = out->length - begin;
    memset(commit->hash, 0, sizeof commit->hash);
    record_put_commit(&end, commit);
    if (!out->failed && !end.failed) {
        chain(hash, out->data + begin, out->length - begin, end.data);
        memcpy(commit->hash, hash, LEDGER_HASH_BYTES);
        memcpy(end.data + COMMIT_RECORD_BYTES - LEDGER_HASH_BYTES, hash, LEDGER_HASH_BYTES);
        put_frame(out, file_number, offset + out->length, LEDGER_COMMIT, slice_of((const char *)end.data, end.length));
    }
    out->failed = out->failed || end.failed;
    record_out_deinit(&end);
}

/* ---- reading */

/* The frame at `at`: false when it is not whole. *next: the end of its padding. */
static bool frame_at(const struct ledger_scan *scan, size_t at, uint32_t *type, struct slice *payload, size_t *next)
{
    if (at > scan->length || scan->length - at < LEDGER_FRAME_HEAD_BYTES) {
        return false;
    }
    const uint8_t *head = scan->data + at;
    struct record_in in = record_in_of(slice_of((const char *)head, LEDGER_FRAME_HEAD_BYTES));
    uint32_t length = record_get_u32(&in);
    uint32_t type_and_zero = record_get_u32(&in);
    uint64_t wanted = record_get_u64(&in);
    size_t room = scan->length - at - LEDGER_FRAME_HEAD_BYTES;
    size_t padded = ((size_t)length + LEDGER_FRAME_ALIGNMENT - 1) & ~(size_t)(LEDGER_FRAME_ALIGNMENT - 1);

    if (length > RECORD_PAYLOAD_BYTES_MAX || padded > room || type_and_zero == 0 || type_and_zero > UINT16_MAX ||
        frame_checksum(scan->file_number, at, head, head + LEDGER_FRAME_HEAD_BYTES, length) != wanted) {
        return false;
    }
    for (size_t i = length; i < padded; i++) {
        if (head[LEDGER_FRAME_HEAD_BYTES + i] != 0) {
            return false;
        }
    }
    *type = type_and_zero;
    *payload = slice_of((const char *)head + LEDGER_FRAME_HEAD_BYTES, length);
    *next = at + LEDGER_FRAME_HEAD_BYTES + padded;
    return true;
}

/* Does a whole commit frame behind `at` say that commit `number` was durable before it was written?
 * number 0: the file's first commit, whichever it was. */
static bool known_durable(const struct ledger_scan *scan, size_t at, uint64_t number)
{
    size_t offset = (at + LEDGER_FRAME_ALIGNMENT - 1) & ~(size_t)(LEDGER_FRAME_ALIGNMENT - 1);

    for (; offset < scan->length && scan->length - offset >= LEDGER_FRAME_HEAD_BYTES + COMMIT_RECORD_BYTES;
         offset += LEDGER_FRAME_ALIGNMENT) {
        const uint8_t *head = scan->data + offset;
        uint32_t type = 0;
        struct slice payload;
        size_t next = 0;
        struct commit_record commit;
        if (head[0] != COMMIT_RECORD_BYTES || head[4] != LEDGER_COMMIT || head[1] != 0 || head[5] != 0 ||
            !frame_at(scan, offset, &type, &payload, &next)) {
            continue;
        }
        struct err *err = record_decode_commit(payload, &commit);
        if (err != NULL) {
            err_free(err);
            continue;
        }
        if (!commit.checkpoint && commit.durable >= number) {
            return true;
        }
    }
    return false;
}

bool ledger_scan_moved(const struct ledger_scan *scan, size_t *at, uint64_t *from)
{
    uint32_t tried = 0;
    uint64_t places = 2 * (uint64_t)scan->length + MOVED_BYTES_MAX;

    for (size_t here = scan->at;
         here + LEDGER_FRAME_HEAD_BYTES + COMMIT_RECORD_BYTES <= scan->length && tried < MOVED_FRAMES_MAX;
         here += LEDGER_FRAME_ALIGNMENT) {
        const uint8_t *head = scan->data + here;
        struct record_in in = record_in_of(slice_of((const char *)head, LEDGER_FRAME_HEAD_BYTES));
        if (record_get_u32(&in) != COMMIT_RECORD_BYTES || record_get_u32(&in) != LEDGER_COMMIT) {
            continue;
        }
        uint64_t wanted = record_get_u64(&in);
        tried++;
        for (uint64_t place = LEDGER_FILE_HEADER_BYTES; place < places; place += LEDGER_FRAME_ALIGNMENT) {
            if (place != here && frame_checksum(scan->file_number, place, head, head + LEDGER_FRAME_HEAD_BYTES,
                                                COMMIT_RECORD_BYTES) == wanted) {
                *at = here;
                *from = place;
                return true;
            }
        }
    }
    return false;
}

struct err *ledger_scan_open(struct ledger_scan *scan, const char *path, uint64_t file_number, const void *data,
                             size_t length, enum ledger_scan_result *result)
{
    *scan =
        (struct ledger_scan){.path = path, .data = data, .length = length, .file_number = file_number, .first = true};
    struct ledger_file_header *header = &scan->header;
    struct record_in in =
        record_in_of(slice_of(data, length < LEDGER_FILE_HEADER_BYTES ? 0 : LEDGER_FILE_HEADER_BYTES));
    char magic[sizeof file_magic];
    uint64_t wanted = 0;

    *result = LEDGER_SCAN_COMMIT;
    record_get(&in, magic, sizeof magic);
    header->version = record_get_u32(&in);
    uint32_t zero = record_get_u32(&in);
    header->number = record_get_u64(&in);
    header->commit_first = record_get_u64(&in);
    header->created_at_us = (int64_t)record_get_u64(&in);
    record_get(&in, header->store_id, sizeof header->store_id);
    record_get(&in, header->hash_before, sizeof header->hash_before);
    wanted = record_get_u64(&in);
    if (in.bad || memcmp(magic, file_magic, sizeof magic) != 0 ||
        wanted != checksum(data, LEDGER_FILE_HEADER_BYTES - 8)) {
        if (known_durable(scan, 0, 0)) {
            return err_new(ERR_CORRUPT, "ledger file \"%s\": the header at offset 0 is damaged", path);
        }
        *result = LEDGER_SCAN_TORN;
        return NULL;
    }
    if (header->version > LEDGER_FORMAT_VERSION) {
        return err_new(ERR_NEWER_VERSION,
                       "ledger file \"%s\" has format version %" PRIu32
                       ", this weir reads up to %u: the data was written "
                       "by a newer version of weir; start that version",
                       path, header->version, LEDGER_FORMAT_VERSION);
    }
    if (header->version == 0 || zero != 0 || header->number != file_number || header->commit_first == 0) {
        return err_new(ERR_CORRUPT, "ledger file \"%s\": the header says file %" PRIu64 ", first commit %" PRIu64, path,
                       header->number, header->commit_first);
    }
    scan->at = LEDGER_FILE_HEADER_BYTES;
    scan->commit_next = header->commit_first;
    memcpy(scan->hash, header->hash_before, sizeof scan->hash);
    return NULL;
}

struct err *ledger_scan_next(struct ledger_scan *scan, struct ledger_commit_place *commit,
                             enum ledger_scan_result *result)
{
    size_t at = scan->at;
    uint32_t record_count = 0;
    const char *what = "is not whole or fails its checksum";

    if (at == scan->length && !scan->first) {
        *result = LEDGER_SCAN_END;
        return NULL;
    }
    for (;;) {
        uint32_t type = 0;
        struct slice payload;
        size_t next = 0;
        if (!frame_at(scan, at, &type, &payload, &next)) {
            break;
        }
        if (type != LEDGER_COMMIT) {
            at = next;
            record_count++;
            continue;
        }
        uint8_t hash[LEDGER_HASH_BYTES];
        memcpy(hash, scan->hash, sizeof hash);
        struct err *err = record_decode_commit(payload, &commit->record);
        if (err != NULL) {
            err_free(err);
            what = "cannot be decoded";
            break;
        }
        chain(hash, scan->data + scan->at, at - scan->at, (const uint8_t *)payload.data);
        if (commit->record.number != scan->commit_next || commit->record.durable >= commit->record.number ||
            commit->record.record_count != record_count || commit->record.bytes != at - scan->at ||
            commit->record.checkpoint != scan->first) {
            what = "does not continue the commits before it";
            break;
        }
        if (memcmp(hash, commit->record.hash, sizeof hash) != 0) {
            what = "breaks the hash chain";
            break;
        }
        commit->begin = scan->at;
        commit->end = at;
        memcpy(scan->hash, hash, sizeof hash);
        scan->at = next;
        scan->commit_next++;
        scan->first = false;
        *result = LEDGER_SCAN_COMMIT;
        return NULL;
    }
    if (known_durable(scan, at, scan->commit_next)) {
        return err_new(ERR_CORRUPT,
                       "ledger file \"%s\": record %" PRIu32 " of commit %" PRIu64
                       ", at offset %zu, %s; commits behind it "
                       "are whole, so this is damage and not an unfinished write",
                       scan->path, record_count + 1, scan->commit_next, at, what);
    }
    *result = LEDGER_SCAN_TORN;
    return NULL;
}

bool ledger_scan_record(const struct ledger_scan *scan, const struct ledger_commit_place *commit, size_t *at,
                        uint32_t *type, struct slice *payload)
{
    return *at < commit->end && frame_at(scan, *at, type, payload, at);
}

struct err *ledger_replay(const struct ledger_scan *scan, const struct ledger_commit_place *commit,
                          struct ledger_state *state, struct arena *arena)
{
    struct err *err = NULL;
    struct stage stage = {.checkpoint = commit->record.checkpoint};
    struct commit_info info = {.number = commit->record.number, .time_us = commit->record.time_us};
    struct slice payload;
    uint32_t type = 0;
    uint32_t record = 0;
    size_t at = commit->begin;
    size_t place = at;

    memcpy(info.hash, commit->record.hash, sizeof info.hash);
    for (; ledger_scan_record(scan, commit, &at, &type, &payload); place = at) {
        record++;
        OR_DONE(ledger_state_stage(state, &stage, type, payload));
    }
    record++;
    OR_DONE(ledger_state_stage_end(state, &stage));
    at = commit->begin;
    place = at;
    record = 0;
    for (; ledger_scan_record(scan, commit, &at, &type, &payload); place = at) {
        record++;
        OR_DONE(ledger_state_publish(state, arena, type, payload, stage.checkpoint, &info));
    }
    ledger_state_published(state, &info);
done:
    stage_deinit(&stage);
    return err_while(err, "ledger file \"%s\": record %" PRIu32 " (%s) of commit %" PRIu64 ", at offset %zu",
                     scan->path, record, record_type_name(type), commit->record.number, place);
}

bool ledger_commit_is_close(const struct ledger_scan *scan, const struct ledger_commit_place *commit)
{
    uint32_t type = 0;
    struct slice payload;
    size_t at = commit->begin;
    return commit->record.record_count == 1 && ledger_scan_record(scan, commit, &at, &type, &payload) &&
           type == LEDGER_CLOSE;
}
