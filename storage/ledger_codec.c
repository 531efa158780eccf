/*
 * ledger_codec.c: what a segment was compressed with, where that is not what its table's definition says: TTL …
 * RECOMPRESS.
 *
 * flow     ledger_batch_segment, ledger_state.c (stage, publish), ledger_checkpoint.c → here
 * state    segment.codec of segment_entry, whose bytes are its codec's
 * format   docs/FORMAT.md, "Ledger records", type 35
 */
#include "storage/ledger_private.h"
#include "storage/ledger_state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct codec_record {
    uint64_t table_id;
    struct segment_name segment;
    struct slice codec;
};

void segment_codec_encode(struct record_out *out, const struct ledger_segment *segment)
{
    if (segment->codec.length == 0) {
        return;
    }
    size_t begin = record_begin(out, LEDGER_SEGMENT_CODEC);
    record_put_varint(out, segment->table_id);
    record_put_varint(out, segment->pack);
    record_put_varint(out, segment->offset);
    record_put_text(out, segment->codec);
    record_end(out, begin);
}

static struct err *decode(struct slice payload, struct codec_record *record)
{
    struct record_in in = record_in_of(payload);
    *record = (struct codec_record){.table_id = record_get_varint(&in)};
    record->segment.pack = record_get_varint(&in);
    record->segment.offset = record_get_varint(&in);
    record->codec = record_get_text(&in);
    in.bad = in.bad || record->codec.length == 0 || record->codec.length > SEGMENT_CODEC_BYTES_MAX ||
             memchr(record->codec.data, 0, record->codec.length) != NULL;
    return record_in_end(&in, "the record of a segment's codec");
}

static struct segment_entry *entry_of(const struct ledger_state *state, struct segment_name name)
{
    return map_find(&state->segments, (struct map_key){name.pack, name.offset, 0});
}

struct err *segment_codec_stage(struct ledger_state *state, struct slice payload)
{
    struct err *err = NULL;
    struct codec_record record;
    struct table_entry *table = NULL;

    OR_DONE(decode(payload, &record));
    OR_DONE(state_table_check(state, record.table_id, &table));
    const struct segment_entry *entry = entry_of(state, record.segment);
    if (entry == NULL || entry->visible || entry->segment.table_id != record.table_id) {
        err = err_new(ERR_LOGICAL,
                      "the segment at %" PRIu64 " of pack %" PRIu64 " of table %" PRIu64
                      " is given a codec by another commit than its own",
                      record.segment.offset, record.segment.pack, record.table_id);
    }
done:
    return err;
}

struct err *segment_codec_publish(struct ledger_state *state, struct slice payload)
{
    struct codec_record record;
    struct err *err = decode(payload, &record);
    ASSERT(err == NULL); /* staged before */
    struct segment_entry *entry = entry_of(state, record.segment);
    ASSERT(entry != NULL && record.codec.data != NULL);
    char *codec = malloc(record.codec.length + 1);
    if (codec == NULL) {
        return err_oom();
    }
    memcpy(codec, record.codec.data, record.codec.length);
    codec[record.codec.length] = 0;
    free(entry->codec);
    entry->codec = codec;
    entry->segment.codec = slice_of(codec, record.codec.length);
    return NULL;
}
