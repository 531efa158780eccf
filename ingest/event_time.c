/*
 * event_time.c: through which event time a source was read: watermarks.
 *
 * seen     the highest event time of each partition. One that lies further ahead than the setting
 *          max_event_time_ahead_ms of the newest message's timestamp (and of the wall clock) is stored and counted, but
 *          moves nothing: a row dated 2099 must not complete the present.
 * late     rows of an event time before what the source had been complete through when they came; which these are is
 *          kept for a while (late_rows.h). A table with the column `_lateness` (storage/table.h) has by how much in each
 *          row, so that what was decided when a row came stays, wherever the row goes: ALLOWED LATENESS is a condition
 *          on it
 * rule     complete through the smallest of (seen - delay) over partitions that are not idle. Idle is a partition that
 *          was read to its end, silent for IDLE_US, and whose leader confirmed lately that nothing follows: one that
 *          errs is not idle, so the source waits for it. When all are idle: the wall clock - delay.
 * follows  Akidau et al., "The Dataflow Model", 2015: watermarks; docs/SQL.md, "Watermarks"
 * thread   the source's; source_complete_us any, under the source's lock
 */
#include "ingest/consumer.h"

#include "base/clock.h"

#define OFFSET_COLUMN    2U /* of the hidden ones: _stream, _partition, _offset */
#define IDLE_US          1000000U
#define CONFIRMED_FOR_US 4000000U

/* What is known of the partition's late run goes into the source's record. */
static void keep_late(struct source *source, struct partition *partition)
{
    if (partition->late.rows > 0) {
        lock_take(&source->lock);
        late_rows_keep(&source->late, &partition->late);
        lock_give(&source->lock);
        partition->late.rows = 0;
    }
}

static void note_late(struct source *source, struct partition *partition, int64_t offset, int64_t us,
                      int64_t complete_us)
{
    partition->late_rows++;
    if (!late_run_add(&partition->late, offset, us)) {
        keep_late(source, partition);
        (void)late_run_add(&partition->late, offset, us);
    }
    if (partition->late.rows == 1) {
        partition->late.topic = partition->topic;
        partition->late.partition = partition->id;
        partition->late.complete_us = complete_us;
        partition->late.seen_us = clock_wall_us();
    }
}

/* What rows [begin, end) of a column say. lateness: of the same rows; or NULL */
static void look(struct source *source, const struct column *column, const struct column *offsets, uint64_t *lateness,
                 uint32_t begin, uint32_t end, int64_t ahead_us, int64_t complete_us, struct partition *partition)
{
    for (uint32_t row = begin; row < end; row++) {
        if (column_is_null(column, row)) {
            continue;
        }
        int64_t us = type_time_us(column->type, column_value(column, row));
        if (us > ahead_us) {
            partition->ahead_rows++;
            continue;
        }
        if (us < complete_us) {
            note_late(source, partition, *(const int64_t *)column_value(offsets, row), us, complete_us);
            if (lateness != NULL) {
                lateness[row] = (uint64_t)complete_us - (uint64_t)us;
            }
        }
        if (us > partition->event_time_max_us) {
            partition->event_time_max_us = us;
        }
    }
}

struct err *event_times_note(struct consumer *consumer, struct partition *partition, uint64_t before)
{
    struct source *source = consumer->source;
    struct builder *builder = head_builder(consumer->writer);
    uint64_t end = builder_rows(builder);
    if (consumer->time_column < 0 || end <= before) {
        return NULL;
    }
    int64_t wall_us = clock_wall_us(), newest_us = partition->newest_timestamp_ms * 1000;
    int64_t ahead_us =
        (newest_us > 0 && newest_us < wall_us ? newest_us : wall_us) + source->settings.event_time_ahead_us;
    lock_take(&source->lock);
    int64_t complete_us = source->complete_us;
    lock_give(&source->lock);
    uint64_t chunk_end = end;
    for (uint32_t count = builder_chunk_count(builder), k = count; k-- > 0 && chunk_end > before;) {
        struct row_chunk *chunk = builder_chunk(builder, k);
        uint32_t rows = k + 1 == count ? builder->row : row_chunk_rows(chunk); /* the last one is being filled */
        uint64_t chunk_begin = chunk_end - rows;
        arena_reset(consumer->time_arena);
        const struct column *column =
            row_chunk_column(consumer->time_arena, chunk, (uint32_t)consumer->time_column, rows);
        const struct column *offsets =
            row_chunk_column(consumer->time_arena, chunk, consumer->def->column_count + OFFSET_COLUMN, rows);
        if (column == NULL || offsets == NULL) {
            return arena_error(consumer->time_arena);
        }
        uint64_t *lateness =
            consumer->lateness_column < 0 ? NULL : row_chunk_values(chunk, (uint32_t)consumer->lateness_column);
        look(source, column, offsets, lateness, before > chunk_begin ? (uint32_t)(before - chunk_begin) : 0, rows,
             ahead_us, complete_us, partition);
        chunk_end = chunk_begin;
    }
    keep_late(source, partition);
    return NULL;
}

static bool is_idle(const struct partition_view *view, uint64_t now_us)
{
    return view->at_end && now_us - view->silent_since_us >= IDLE_US && view->confirmed_at_us != 0 &&
           now_us - view->confirmed_at_us < CONFIRMED_FOR_US;
}

int64_t source_complete_us(struct source *source, uint64_t monotonic_us, int64_t wall_us)
{
    int64_t least_us = INT64_MAX;
    bool idle = source->phase == PHASE_RUNNING && source->view_count > 0;
    for (uint32_t k = 0; k < source->view_count; k++) {
        const struct partition_view *view = &source->views[k];
        if (source->phase == PHASE_RUNNING && is_idle(view, monotonic_us)) {
            continue;
        }
        idle = false;
        least_us = view->event_time_max_us < least_us ? view->event_time_max_us : least_us;
    }
    least_us = idle ? wall_us : source->view_count == 0 ? INT64_MIN : least_us;
    if (least_us != INT64_MIN && least_us - source->delay_us > source->complete_us) {
        source->complete_us = least_us - source->delay_us;
    }
    return source->complete_us;
}
