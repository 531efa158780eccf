/*
 * repair_find.c: which messages a damaged segment's missing rows came from.
 *
 * known    the hidden columns of a granule have blocks of their own, which may be whole when another column's is not
 * unknown  else: messages of the coverage without those of other segments and of the segment's own granules.
 *          Of a segment that one commit wrote the ledger has this commit's ranges, as long as its history has them one
 *          by one: then no other message can come into question, since a commit writes one segment for each partition.
 *          Otherwise all that the table's coverage has, as far as the footer's bounds allow; such rows count only if
 *          all together have the segment's row sum.
 */
#include "storage/repair_private.h"

#include "base/interrupt.h"
#include "storage/segment.h"

#include <stdlib.h>
#include <string.h>

int address_compare(const struct address *a, const struct address *b)
{
    if (a->stream != b->stream) {
        return a->stream < b->stream ? -1 : 1;
    }
    if (a->partition != b->partition) {
        return a->partition < b->partition ? -1 : 1;
    }
    return a->offset < b->offset ? -1 : a->offset > b->offset ? 1 : 0;
}

static int wanted_compare(const void *a, const void *b)
{
    return address_compare(&((const struct wanted *)a)->address, &((const struct wanted *)b)->address);
}

struct wanted *repair_wanted(const struct repair *repair, const struct address *address)
{
    uint32_t low = 0, high = repair->wanted_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = address_compare(address, &repair->wanted[middle].address);
        if (order == 0) {
            return &repair->wanted[middle];
        }
        low = order > 0 ? middle + 1 : low;
        high = order < 0 ? middle : high;
    }
    return NULL;
}

bool repair_unreadable(const struct err *err)
{
    return err_code(err) == ERR_CORRUPT || err_code(err) == ERR_OPEN_FILE || err_code(err) == ERR_IO;
}

/* ---- granules */

struct err *repair_read_id(struct segment *segment, struct arena *arena, uint32_t granule, uint32_t id,
                           struct column **out)
{
    int32_t index = segment_column_find(segment, id);
    return index < 0 ? err_new(ERR_CORRUPT, "the segment has no column with id %u", id)
                     : segment_read(segment, arena, granule, (uint32_t)index, out);
}

struct err *repair_granule(const struct repair *repair, struct arena *arena, uint32_t granule, struct chunk **out)
{
    struct err *err = NULL;
    uint32_t columns = table_column_count(repair->def);
    *out = chunk_new(arena, columns, segment_granule_rows(repair->reader, granule));
    if (*out == NULL) {
        return arena_error(arena);
    }
    for (uint32_t c = 0; c < columns; c++) {
        OR_DONE(repair_read_id(repair->reader, arena, granule, table_column_id(repair->def, c), &(*out)->columns[c]));
    }
done:
    return err;
}

static struct err *read_addresses(struct segment *segment, struct arena *arena, uint32_t granule, struct addresses *out)
{
    struct err *err = NULL;
    struct column *columns[COLUMN_HIDDEN_COUNT];
    for (uint32_t i = 0; i < COLUMN_HIDDEN_COUNT; i++) {
        OR_DONE(repair_read_id(segment, arena, granule, COLUMN_ID_HIDDEN + i, &columns[i]));
    }
    *out = (struct addresses){columns[COLUMN_STREAM], columns[COLUMN_PARTITION], columns[COLUMN_OFFSET]};
done:
    return err;
}

/* Room for one more item in an array of the arena. */
static struct err *grow(struct arena *arena, void **items, uint32_t *capacity, uint32_t count, size_t bytes)
{
    if (count < *capacity) {
        return NULL;
    }
    uint32_t larger = *capacity == 0 ? 1024 : *capacity * 2;
    void *grown = larger < *capacity ? NULL : arena_array(arena, larger, bytes);
    if (grown == NULL) {
        return arena_error(arena);
    }
    if (*items != NULL) {
        memcpy(grown, *items, (size_t)count * bytes);
    }
    *items = grown;
    *capacity = larger;
    return NULL;
}

static bool row_is_deleted(const struct repair *repair, uint32_t granule, uint32_t row)
{
    return repair->deleted != NULL && row_set_holds(repair->deleted, (uint64_t)granule * CHUNK_ROWS_MAX + row);
}

/* Messages of a granule's rows are wanted; one entry each: want_once joins equal ones. */
static struct err *want_granule(struct repair *repair, struct arena *work, uint32_t granule,
                                const struct addresses *addresses)
{
    struct err *err = NULL;
    struct granule_lateness lateness;
    OR_DONE(repair_lateness_read(repair, work, granule, &lateness));
    for (uint32_t row = 0; row < addresses->offset->row_count; row++) {
        OR_DONE(grow(repair->arena, (void **)&repair->wanted, &repair->wanted_capacity, repair->wanted_count,
                     sizeof(*repair->wanted)));
        struct wanted *wanted = &repair->wanted[repair->wanted_count++];
        *wanted = (struct wanted){
            .address = address_of(addresses, row), .rows = 1, .deleted = row_is_deleted(repair, granule, row) ? 1 : 0};
        repair_lateness_note(&lateness, row, wanted);
    }
done:
    return err;
}

/* Equal messages become one entry. */
static void want_once(struct repair *repair)
{
    uint32_t count = 0;
    if (repair->wanted_count == 0) {
        return;
    }
    qsort(repair->wanted, repair->wanted_count, sizeof(*repair->wanted), wanted_compare);
    for (uint32_t i = 1; i < repair->wanted_count; i++) {
        struct wanted *last = &repair->wanted[count];
        if (address_compare(&last->address, &repair->wanted[i].address) == 0) {
            last->rows += repair->wanted[i].rows;
            last->deleted += repair->wanted[i].deleted;
            repair_lateness_join(last, &repair->wanted[i]);
        } else {
            repair->wanted[++count] = repair->wanted[i];
        }
    }
    repair->wanted_count = count + 1;
}

static struct err *sort_granules(struct repair *repair, struct arena *work)
{
    struct err *err = NULL;
    uint64_t rows = repair->segment->info.row_count;
    for (uint32_t g = 0; g < repair->granule_count; g++) {
        struct chunk *chunk = NULL;
        struct addresses addresses;
        uint64_t first = (uint64_t)g * CHUNK_ROWS_MAX;
        uint32_t count = rows - first < CHUNK_ROWS_MAX ? (uint32_t)(rows - first) : CHUNK_ROWS_MAX;
        uint32_t deleted = repair->deleted == NULL ? 0 : row_set_count_in(repair->deleted, g);
        OR_DONE(interrupt_check());
        arena_reset(work);
        err = repair->reader == NULL ? err_new(ERR_CORRUPT, "no footer") : repair_granule(repair, work, g, &chunk);
        if (err == NULL) {
            repair->granules[g] = GRANULE_WHOLE;
            repair->kept += count - deleted;
            continue;
        }
        bool gone = repair_unreadable(err);
        if (gone && repair->reader != NULL) {
            err_free(err);
            err = read_addresses(repair->reader, work, g, &addresses);
            if (err == NULL) {
                repair->granules[g] = GRANULE_ADDRESSED;
                OR_DONE(want_granule(repair, work, g, &addresses));
                continue;
            }
            gone = repair_unreadable(err);
        }
        if (!gone) {
            goto done;
        }
        err_free(err);
        err = NULL;
        repair->granules[g] = GRANULE_UNKNOWN;
        repair->unknown += count;
        repair->unknown_deleted += deleted;
    }
    want_once(repair);
done:
    return err;
}

static int elsewhere_compare(const void *left, const void *right)
{
    const struct elsewhere *a = left, *b = right;
    return (a->wanted > b->wanted) - (a->wanted < b->wanted);
}

/* Rows of whole granules that belong to messages of which others are wanted: they must not come twice. */
static struct err *find_elsewhere(struct repair *repair, struct arena *work)
{
    struct err *err = NULL;
    for (uint32_t g = 0; repair->wanted_count > 0 && g < repair->granule_count; g++) {
        struct chunk *chunk = NULL;
        struct addresses addresses;
        struct granule_lateness lateness = {NULL, NULL};
        if (repair->granules[g] != GRANULE_WHOLE) {
            continue;
        }
        OR_DONE(interrupt_check());
        arena_reset(work);
        OR_DONE(read_addresses(repair->reader, work, g, &addresses));
        for (uint32_t row = 0; row < addresses.offset->row_count; row++) {
            struct address address = address_of(&addresses, row);
            struct wanted *wanted = repair_wanted(repair, &address);
            if (wanted == NULL) {
                continue;
            }
            if (chunk == NULL) {
                OR_DONE(repair_granule(repair, work, g, &chunk));
                OR_DONE(repair_lateness_read(repair, work, g, &lateness));
            }
            struct wanted same = {0};
            repair_lateness_note(&lateness, row, &same);
            repair_lateness_join(wanted, &same);
            OR_DONE(grow(repair->arena, (void **)&repair->elsewhere, &repair->elsewhere_capacity,
                         repair->elsewhere_count, sizeof(*repair->elsewhere)));
            struct elsewhere *one = &repair->elsewhere[repair->elsewhere_count++];
            const struct chunk *part = chunk_part(work, chunk, row, row + 1);
            *one = (struct elsewhere){.wanted = (uint32_t)(wanted - repair->wanted)};
            if (part == NULL) {
                err = arena_error(work);
                goto done;
            }
            OR_DONE(chunk_row_sum(work, part, &one->hash));
            wanted->elsewhere = true;
        }
    }
    if (repair->elsewhere_count > 0) {
        qsort(repair->elsewhere, repair->elsewhere_count, sizeof(*repair->elsewhere), elsewhere_compare);
    }
done:
    return err;
}

/* ---- messages that come into question */

/* A bit per offset of [first, end). */
struct candidate {
    struct repair_range range;
    uint64_t *bits;
};

struct search {
    struct repair *repair;
    struct arena *work;
    struct candidate *all; /* by stream, partition */
    uint32_t count;
};

/* Bounds of a hidden column; as wide as can be when the footer does not say. */
static void bounds(const struct segment *segment, enum hidden_column column, int64_t *min, int64_t *max)
{
    int32_t index = segment == NULL ? -1 : segment_column_find(segment, COLUMN_ID_HIDDEN + (uint32_t)column);
    const struct zone *zone = index < 0 ? NULL : segment_zone_all(segment, (uint32_t)index);
    *min = INT64_MIN;
    *max = INT64_MAX;
    if (zone == NULL || !zone->known) {
        return;
    }
    if (column == COLUMN_PARTITION) {
        int32_t narrow[2];
        memcpy(&narrow[0], zone->min.bytes, sizeof narrow[0]);
        memcpy(&narrow[1], zone->max.bytes, sizeof narrow[1]);
        *min = narrow[0];
        *max = narrow[1];
    } else { /* streams are below 2^63, so they compare as they are */
        memcpy(min, zone->min.bytes, sizeof *min);
        memcpy(max, zone->max.bytes, sizeof *max);
    }
}

struct box {
    int64_t min[COLUMN_HIDDEN_COUNT], max[COLUMN_HIDDEN_COUNT];
};

static struct box box_of(const struct segment *segment)
{
    struct box box;
    for (uint32_t i = 0; i < COLUMN_HIDDEN_COUNT; i++) {
        bounds(segment, (enum hidden_column)i, &box.min[i], &box.max[i]);
    }
    return box;
}

static bool box_meets(const struct box *box, const struct repair_range *range)
{
    return (int64_t)range->stream >= box->min[COLUMN_STREAM] && (int64_t)range->stream <= box->max[COLUMN_STREAM] &&
           range->partition >= box->min[COLUMN_PARTITION] && range->partition <= box->max[COLUMN_PARTITION] &&
           range->end > box->min[COLUMN_OFFSET] && range->first <= box->max[COLUMN_OFFSET];
}

static struct err *add_candidate(struct search *search, const struct box *box, const struct coverage_key *key,
                                 int64_t first, int64_t end)
{
    struct repair_range range = {(uint64_t)key->stream_id << 32 | key->incarnation, key->partition, first, end};
    if (key->stream_id == STREAM_INSERT_LOG || first >= end || !box_meets(box, &range)) {
        return NULL;
    }
    range.first = first > box->min[COLUMN_OFFSET] ? first : box->min[COLUMN_OFFSET];
    range.end = end <= box->max[COLUMN_OFFSET] ? end : box->max[COLUMN_OFFSET] + 1;
    size_t words = (size_t)(range.end - range.first + 63) / 64;
    uint64_t *bits = ARENA_ARRAY(search->work, uint64_t, words);
    if (bits == NULL) {
        return arena_error(search->work);
    }
    memset(bits, 0xff, words * sizeof(*bits));
    search->all[search->count++] = (struct candidate){range, bits};
    return NULL;
}

static bool same_key(const struct coverage_key *a, const struct coverage_key *b)
{
    return a->stream_id == b->stream_id && a->incarnation == b->incarnation && a->partition == b->partition;
}

/* What the segment's commit covered, if the history still says it one by one. */
static struct err *of_commit(struct search *search, const struct box *box, const struct coverage_row *rows,
                             uint32_t count, bool *exact)
{
    struct err *err = NULL;
    const struct ledger_segment *info = &search->repair->segment->info;
    *exact = info->level == 0 && !slice_equal(info->partition, slice_text("*"));
    for (uint32_t i = 0; i < count && *exact; i++) {
        const struct coverage_row *row = &rows[i];
        bool first = i == 0 || !same_key(&rows[i - 1].key, &row->key);
        if (row->commit < info->commit || (!first && rows[i - 1].commit >= info->commit)) {
            continue;
        }
        *exact = row->range_count == 1; /* else earlier commits are part of it */
        if (*exact && row->commit == info->commit) {
            OR_DONE(add_candidate(search, box, &row->key, row->first, row->end));
        }
    }
    *exact = *exact && search->count > 0;
done:
    return err;
}

/* There is one candidate at most for a partition. */
static void clear(const struct search *search, const struct address *address)
{
    uint32_t low = 0, high = search->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct repair_range *range = &search->all[middle].range;
        const struct address same = {range->stream, address->offset, range->partition};
        int order = address_compare(address, &same);
        if (order == 0 && address->offset >= range->first && address->offset < range->end) {
            uint64_t bit = (uint64_t)(address->offset - range->first);
            search->all[middle].bits[bit / 64] &= ~(UINT64_C(1) << bit % 64);
        }
        if (order == 0) {
            return;
        }
        low = order > 0 ? middle + 1 : low;
        high = order < 0 ? middle : high;
    }
}

/* Messages that a segment holds come into question no more. inserts: those of the insert log neither. */
static struct err *clear_segment(const struct search *search, struct segment *segment, const uint8_t *granules,
                                 bool inserts, struct arena *arena)
{
    struct err *err = NULL;
    const struct box box = box_of(segment);
    bool meets = false;
    for (uint32_t i = 0; i < search->count; i++) {
        meets = meets || box_meets(&box, &search->all[i].range);
    }
    for (uint32_t g = 0; meets && g < segment_granule_count(segment); g++) {
        struct addresses addresses;
        OR_DONE(interrupt_check());
        if (granules != NULL && granules[g] == GRANULE_UNKNOWN) {
            continue;
        }
        arena_reset(arena);
        OR_DONE(read_addresses(segment, arena, g, &addresses));
        for (uint32_t row = 0; row < addresses.offset->row_count; row++) {
            struct address address = address_of(&addresses, row);
            if (inserts || address.stream >> 32 != STREAM_INSERT_LOG) {
                clear(search, &address);
            }
        }
    }
done:
    return err;
}

static struct err *clear_others(const struct search *search)
{
    struct err *err = NULL;
    struct repair *repair = search->repair;
    struct arena *arena = arena_beside(repair->arena);
    if (arena == NULL) {
        return err_oom();
    }
    if (repair->reader != NULL) {
        OR_DONE(clear_segment(search, repair->reader, repair->granules, true, arena));
    }
    for (uint32_t i = 0; i < repair->version->segment_count; i++) {
        struct table_segment *other = repair->version->segments[i];
        struct segment *reader = NULL;
        if (other == repair->segment) {
            continue;
        }
        err = table_segment_open(other, &reader);
        if (err == NULL) {
            /* an INSERT has rows of several partitions, each in a segment of its own */
            bool same = slice_equal(other->info.partition, repair->segment->info.partition);
            err = clear_segment(search, reader, NULL, same, arena);
            segment_unref(reader);
        }
        if (err != NULL && !repair_unreadable(err)) {
            goto done;
        }
        err_free(err); /* another damaged one: its messages stay in question, too */
        err = NULL;
    }
done:
    arena_destroy(arena);
    return err;
}

/* Runs of bits, as ranges. */
static struct err *candidates_take(const struct search *search)
{
    struct err *err = NULL;
    struct repair *repair = search->repair;
    uint32_t capacity = 0;
    for (uint32_t i = 0; i < search->count; i++) {
        const struct candidate *one = &search->all[i];
        for (int64_t at = one->range.first; at < one->range.end; at++) {
            uint64_t bit = (uint64_t)(at - one->range.first);
            OR_DONE(interrupt_at(bit));
            if ((one->bits[bit / 64] >> bit % 64 & 1) == 0) {
                continue;
            }
            struct repair_range *last =
                repair->candidate_count == 0 ? NULL : &repair->candidates[repair->candidate_count - 1];
            if (last != NULL && last->stream == one->range.stream && last->partition == one->range.partition &&
                last->end == at) {
                last->end++;
                continue;
            }
            OR_DONE(grow(repair->arena, (void **)&repair->candidates, &capacity, repair->candidate_count,
                         sizeof(*repair->candidates)));
            repair->candidates[repair->candidate_count++] =
                (struct repair_range){one->range.stream, one->range.partition, at, at + 1};
        }
    }
done:
    return err;
}

/* INSERTs into the table that the insert log still has. */
static struct err *add_inserts(struct search *search, const struct box *box)
{
    struct err *err = NULL;
    int64_t *sequences = NULL;
    uint32_t count = 0;

    OR_DONE(repair_inserts_find(search->repair, search->work, &sequences, &count));
    if (count == 0) {
        goto done;
    }
    const struct repair_range range = {0, 0, sequences[0], sequences[count - 1] + 1};
    size_t words = (size_t)(range.end - range.first + 63) / 64;
    uint64_t *bits = arena_zalloc(search->work, words * sizeof(*bits));
    if (bits == NULL) {
        err = arena_error(search->work);
        goto done;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint64_t bit = (uint64_t)(sequences[i] - range.first);
        bits[bit / 64] |= UINT64_C(1) << bit % 64;
    }
    if (box_meets(box, &range)) {
        search->all[search->count++] = (struct candidate){range, bits};
        search->repair->inserts_asked = true;
    }
done:
    return err;
}

static struct err *find_candidates(struct repair *repair, struct arena *work)
{
    struct err *err = NULL;
    struct search search = {.repair = repair, .work = work};
    struct ledger *ledger = repair->table->store->ledger;
    struct coverage_row *rows = NULL;
    struct coverage_position *positions = NULL;
    uint32_t row_count = 0, position_count = 0;
    const struct box box = box_of(repair->reader);

    OR_DONE(coverage_positions(ledger, work, repair->table->id, &positions, &position_count));
    OR_DONE(coverage_rows(ledger, work, repair->table->id, &rows, &row_count));
    search.all = ARENA_ARRAY(work, struct candidate, (size_t)row_count + position_count + 2);
    if (search.all == NULL) {
        err = arena_error(work);
        goto done;
    }
    OR_DONE(of_commit(&search, &box, rows, row_count, &repair->unknown_exact));
    if (!repair->unknown_exact) {
        search.count = 0;
        OR_DONE(add_inserts(&search, &box)); /* the lowest stream */
        for (uint32_t i = 0; i < position_count; i++) {
            OR_DONE(add_candidate(&search, &box, &positions[i].key, positions[i].start, positions[i].end));
        }
    }
    OR_DONE(clear_others(&search));
    err = candidates_take(&search);
done:
    return err;
}

/* ---- all together */

static int range_compare(const void *left, const void *right)
{
    const struct repair_range *a = left, *b = right;
    const struct address at[2] = {{a->stream, a->first, a->partition}, {b->stream, b->first, b->partition}};
    return address_compare(&at[0], &at[1]);
}

/* Wanted messages of Kafka, and candidates, in order. */
static struct err *ranges_take(struct repair *repair)
{
    struct err *err = NULL;
    uint32_t capacity = 0;
    for (uint32_t i = 0; i < repair->wanted_count; i++) {
        const struct address *address = &repair->wanted[i].address;
        struct repair_range *last = repair->range_count == 0 ? NULL : &repair->ranges[repair->range_count - 1];
        if (address->stream >> 32 == STREAM_INSERT_LOG || repair->wanted[i].rows == repair->wanted[i].deleted) {
            continue;
        }
        if (last != NULL && last->stream == address->stream && last->partition == address->partition &&
            last->end == address->offset) {
            last->end++;
            continue;
        }
        OR_DONE(grow(repair->arena, (void **)&repair->ranges, &capacity, repair->range_count, sizeof(*repair->ranges)));
        repair->ranges[repair->range_count++] =
            (struct repair_range){address->stream, address->partition, address->offset, address->offset + 1};
    }
    for (uint32_t i = 0; i < repair->candidate_count; i++) {
        if (repair->candidates[i].stream >> 32 == STREAM_INSERT_LOG) {
            continue;
        }
        OR_DONE(grow(repair->arena, (void **)&repair->ranges, &capacity, repair->range_count, sizeof(*repair->ranges)));
        repair->ranges[repair->range_count++] = repair->candidates[i];
    }
    if (repair->range_count > 0) {
        qsort(repair->ranges, repair->range_count, sizeof(*repair->ranges), range_compare);
    }
done:
    return err;
}

struct err *repair_find(struct repair *repair)
{
    struct err *err = NULL;
    struct arena *work = arena_beside(repair->arena);
    if (work == NULL) {
        return err_oom();
    }
    OR_DONE(sort_granules(repair, work));
    OR_DONE(find_elsewhere(repair, work));
    arena_reset(work);
    if (repair->unknown > 0 && repair->unknown_deleted == 0 && !repair->without_unknown) {
        OR_DONE(find_candidates(repair, work));
    }
    err = ranges_take(repair);
done:
    arena_destroy(work);
    return err;
}
