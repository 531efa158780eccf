/*
 * ledger_place.c: a segment's place in the order in which rows were inserted, where it is not that of its own commit:
 * what merges and UPDATE write, and what a backup brought.
 *
 * flow     ledger_batch_segment, ledger_state.c (stage, publish), ledger_checkpoint.c → here
 * state    segment.place of segment_entry
 */
#include "storage/ledger_private.h"
#include "storage/ledger_state.h"

#include <inttypes.h>

struct place_record {
    uint64_t table_id;
    struct segment_name segment;
    struct insertion_place place;
};

void place_encode(struct record_out *out, const struct ledger_segment *segment)
{
    if (segment->place.commit == 0 && segment->place.rank == 0) {
        return;
    }
    size_t begin = record_begin(out, LEDGER_SEGMENT_PLACE);
    record_put_varint(out, segment->table_id);
    record_put_varint(out, segment->pack);
    record_put_varint(out, segment->offset);
    record_put_varint(out, segment->place.commit);
    record_put_varint(out, segment->place.rank);
    record_end(out, begin);
}

static struct err *decode(struct slice payload, struct place_record *record)
{
    struct record_in in = record_in_of(payload);
    *record = (struct place_record){.table_id = record_get_varint(&in)};
    record->segment.pack = record_get_varint(&in);
    record->segment.offset = record_get_varint(&in);
    record->place.commit = record_get_varint(&in);
    record->place.rank = record_get_varint(&in);
    return record_in_end(&in, "the record of a segment's place");
}

static struct segment_entry *entry_of(const struct ledger_state *state, struct segment_name name)
{
    return map_find(&state->segments, (struct map_key){name.pack, name.offset, 0});
}

struct err *place_stage(struct ledger_state *state, struct slice payload)
{
    struct err *err = NULL;
    struct place_record record;
    struct table_entry *table = NULL;

    OR_DONE(decode(payload, &record));
    OR_DONE(state_table_check(state, record.table_id, &table));
    const struct segment_entry *entry = entry_of(state, record.segment);
    if (entry == NULL || entry->visible || entry->segment.table_id != record.table_id ||
        (record.place.commit == 0 && record.place.rank == 0)) {
        err = err_new(ERR_LOGICAL,
                      "the segment at %" PRIu64 " of pack %" PRIu64 " of table %" PRIu64
                      " is given a place by another commit than its own",
                      record.segment.offset, record.segment.pack, record.table_id);
    }
done:
    return err;
}

void place_publish(struct ledger_state *state, struct slice payload)
{
    struct place_record record;
    struct err *err = decode(payload, &record);
    ASSERT(err == NULL); /* staged before */
    struct segment_entry *entry = entry_of(state, record.segment);
    ASSERT(entry != NULL);
    entry->segment.place = record.place;
}
