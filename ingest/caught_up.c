/*
 * caught_up.c: up to which moment a source has read all that its brokers had: what data time is made of.
 *
 * seen       A partition was at its end at a moment of the wall clock when its leader said so after that moment: by a
 *            batch of messages that reaches the leader's end, or by an answer to a question. Of a batch nobody knows
 *            when it came, but that it came behind the last look at an empty queue: that look's time counts. An answer
 *            may have been on its way for as long as nothing came: behind a gap of BATCH_GAP_US only a question proves,
 *            once all is read that the leader had when it answered.
 * outage     behind a gap of CAUGHT_UP_US who writes has rows to send, too: for ACTIVE_US the partition counts as one whose
 *            rows come
 * time       of a partition: the later of that moment and the highest event time that was read; of a source: the
 *            smallest of its partitions, less the allowed disorder of the table's watermark. So a partition in whose
 *            broker nothing moves holds it back from the moment of the last proof on, and one that is read at full
 *            speed without ever reaching its end goes with its rows.
 * late       rows that come now, but with event times more than BEHIND_US ago, say that who writes them is late, or
 *            that one of the two clocks is wrong: then the partition's time is that of its rows, until it is silent
 * asked      leaders of silent partitions are asked every ASK_REST_US, and every ASK_INTERVAL_US while somebody looks at
 *            a table's time (sources_time): one request to each of them for all of its partitions. While one of them
 *            does not answer, the others' rows have to be read: then they are asked less and less often, as each
 *            question waits for ASK_TIMEOUT_MS
 * thread     partition_at_end, ends_confirm: the source's; others any
 */
#include "ingest/consumer.h"

#include "base/clock.h"

#include <stdatomic.h>

#define ASK_INTERVAL_US 100000U
#define ASK_REST_US     1000000U
#define ASK_FAILED_US   500000U /* doubled by each failure, up to */
#define ASK_FAILED_MAX  3U
#define ASK_TIMEOUT_MS  500
#define WANTED_FOR_US   10000000U
#define CAUGHT_UP_US    3000000U
#define ACTIVE_US       2000000U
#define BATCH_GAP_US    1000000U
#define BEHIND_US       5000000

static void prove(struct partition *partition, struct source_moment moment)
{
    if (partition->end.monotonic_us != 0 && moment.monotonic_us > partition->end.monotonic_us + CAUGHT_UP_US) {
        partition->silent_since_us = clock_monotonic_us();
    }
    partition->end = moment.monotonic_us > partition->end.monotonic_us ? moment : partition->end;
}

void partition_at_end(struct consumer *consumer, struct partition *partition)
{
    int64_t low, high;
    const char *topic = consumer->source->options.topics[partition->topic];
    bool known = rd_kafka_get_watermark_offsets(consumer->kafka, topic, partition->id, &low, &high) ==
                     RD_KAFKA_RESP_ERR_NO_ERROR &&
                 high >= 0;
    if (partition->asked_end >= 0 && partition->position >= partition->asked_end) {
        partition->asked_end = -1;
        prove(partition, partition->asked);
    }
    bool gap = partition->end.monotonic_us != 0 && clock_monotonic_us() > partition->end.monotonic_us + BATCH_GAP_US;
    if (!gap && (partition->at_end || (known && partition->position >= high))) {
        prove(partition, partition->drained);
    }
}

bool ends_confirm(struct consumer *consumer, uint64_t now_us)
{
    const struct source *source = consumer->source;
    uint64_t wanted_at_us = atomic_load_explicit(&source->sources->time_wanted_at_us, memory_order_relaxed);
    bool wanted = wanted_at_us != 0 && now_us - wanted_at_us < WANTED_FOR_US;
    uint64_t rest_us = wanted ? ASK_INTERVAL_US : ASK_REST_US;
    if (consumer->asks_failed > 0) {
        uint32_t doubled = consumer->asks_failed - 1 < ASK_FAILED_MAX ? consumer->asks_failed - 1 : ASK_FAILED_MAX;
        uint64_t failed_us = (uint64_t)ASK_FAILED_US << doubled;
        rest_us = failed_us > rest_us ? failed_us : rest_us;
    }
    if (now_us - consumer->asked_at_us < rest_us) {
        return false;
    }
    consumer->asked_at_us = now_us;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)consumer->partition_count);
    for (uint32_t k = 0; k < consumer->partition_count; k++) {
        const struct partition *partition = &consumer->partitions[k];
        if (now_us - partition->end.monotonic_us >= ASK_INTERVAL_US && partition->asked_end < 0) {
            rd_kafka_topic_partition_list_add(list, source->options.topics[partition->topic], partition->id)->offset =
                RD_KAFKA_OFFSET_END;
        }
    }
    const struct source_moment asked = {clock_wall_us(), clock_monotonic_us()};
    bool answered = list->cnt > 0 &&
                    rd_kafka_offsets_for_times(consumer->kafka, list, ASK_TIMEOUT_MS) == RD_KAFKA_RESP_ERR_NO_ERROR;
    if (list->cnt > 0) {
        consumer->asks_failed = answered ? 0 : consumer->asks_failed + 1;
    }
    for (uint32_t k = 0; answered && k < consumer->partition_count; k++) {
        struct partition *partition = &consumer->partitions[k];
        const rd_kafka_topic_partition_t *one =
            rd_kafka_topic_partition_list_find(list, source->options.topics[partition->topic], partition->id);
        if (one == NULL || one->err != RD_KAFKA_RESP_ERR_NO_ERROR || one->offset < 0) {
            continue;
        }
        partition->confirmed_at_us = one->offset <= partition->position ? now_us : 0;
        if (one->offset <= partition->position) {
            prove(partition, asked);
        } else { /* proved once it is read up to there */
            partition->asked = asked;
            partition->asked_end = one->offset;
        }
    }
    rd_kafka_topic_partition_list_destroy(list);
    return answered;
}

/* ---- for who asks */

/* Under the source's lock. */
static void time_of(const struct source *source, uint64_t monotonic_us, int64_t wall_us, struct source_time *out)
{
    int64_t least_us = wall_us;
    out->known = source->view_count > 0;
    out->caught_up = out->known && source->phase == PHASE_RUNNING;
    for (uint32_t k = 0; k < source->view_count; k++) {
        const struct partition_view *view = &source->views[k];
        bool proved = view->end.monotonic_us != 0;
        int64_t us = proved ? view->end.wall_us : INT64_MIN;
        bool comes = source->has_event_time && view->event_time_max_us != INT64_MIN &&
                     monotonic_us - view->silent_since_us < ACTIVE_US;
        bool behind = comes && proved && us - view->event_time_max_us > BEHIND_US + source->delay_us;
        us = behind || view->event_time_max_us > us ? view->event_time_max_us : us;
        out->known = out->known && us != INT64_MIN;
        out->caught_up = out->caught_up && proved && monotonic_us - view->end.monotonic_us < CAUGHT_UP_US;
        least_us = us < least_us ? us : least_us;
    }
    out->time_us = out->known ? least_us - source->delay_us : INT64_MIN;
}

struct err *sources_time(struct sources *sources, uint64_t table_id, struct arena *arena, struct source_time **out,
                         uint32_t *count)
{
    struct err *err = NULL;
    uint64_t monotonic_us = clock_monotonic_us();
    int64_t wall_us = clock_wall_us();
    uint32_t room = 0;
    *out = NULL;
    *count = 0;
    if (table_id != 0) {
        atomic_store_explicit(&sources->time_wanted_at_us, monotonic_us, memory_order_relaxed);
    }
    lock_take(&sources->lock);
    for (const struct source *source = sources->first; source != NULL; source = source->next) {
        room += table_id == 0 || source->table_id == table_id;
    }
    struct source_time *list = room == 0 ? NULL : ARENA_ARRAY(arena, struct source_time, room);
    if (room > 0 && list == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (struct source *source = sources->first; list != NULL && source != NULL; source = source->next) {
        if (table_id == 0 || source->table_id == table_id) {
            struct source_time *one = &list[(*count)++];
            lock_take(&source->lock);
            time_of(source, monotonic_us, wall_us, one);
            lock_give(&source->lock);
            one->database = arena_slice(arena, slice_text(source->database));
            one->source = arena_slice(arena, slice_text(source->name));
            one->table_database = arena_slice(arena, slice_text(source->table_database));
            one->table = arena_slice(arena, slice_text(source->table_name));
            one->delay_us = source->delay_us;
        }
    }
    *out = list;
done:
    lock_give(&sources->lock);
    return err;
}

struct err *sources_positions(struct sources *sources, uint64_t table_id, struct arena *arena,
                              struct source_position **out, uint32_t *count)
{
    struct err *err = NULL;
    uint32_t room = 1;
    *out = NULL;
    *count = 0;
    lock_take(&sources->lock);
    for (struct source *source = sources->first; source != NULL; source = source->next) {
        lock_take(&source->lock);
        room += source->table_id == table_id ? source->view_count : 0;
        lock_give(&source->lock);
    }
    struct source_position *list = ARENA_ARRAY(arena, struct source_position, room);
    if (list == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (struct source *source = sources->first; source != NULL; source = source->next) {
        if (source->table_id != table_id) {
            continue;
        }
        lock_take(&source->lock);
        for (uint32_t k = 0; k < source->view_count && *count < room; k++) {
            const struct partition_view *view = &source->views[k];
            list[(*count)++] =
                (struct source_position){.topic = arena_slice(arena, slice_text(source->options.topics[view->topic])),
                                         .partition = view->id,
                                         .incarnation = view->incarnation,
                                         .position = view->position};
        }
        lock_give(&source->lock);
    }
    *out = list;
done:
    lock_give(&sources->lock);
    return err;
}
