/*
 * source_private.h: a source, as source.c (the list of sources, their states) and its thread (consumer.h) share it.
 *
 * locks    sources->lock (LOCK_SOURCES): the list; source->lock (LOCK_SOURCE): everything below its line
 */
#ifndef INGEST_SOURCE_PRIVATE_H
#define INGEST_SOURCE_PRIVATE_H

#include "base/lock.h"
#include "ingest/kafka.h"
#include "ingest/source.h"
#include "ingest/transform.h"
#include "storage/coverage.h"
#include "storage/draft.h"
#include "storage/table.h"

#include <stdatomic.h>

struct sources {
    struct store *store;
    struct budget *budget;
    const struct timezone *zone;
    _Atomic uint64_t time_wanted_at_us; /* monotonic: when somebody asked sources_time last; 0: nobody */
    struct lock lock;
    struct source *first;
};

enum source_phase { PHASE_WAITING, PHASE_RUNNING, PHASE_PAUSED, PHASE_STOPPED };

/* What a source's SETTINGS say. */
struct source_settings {
    bool start_latest;
    uint64_t commit_interval_us;
    bool refuse_unknown_fields;
    int64_t event_time_ahead_us; /* event times further ahead complete nothing */
};

/* A moment by both clocks; zeros: never. */
struct source_moment {
    int64_t wall_us;
    uint64_t monotonic_us;
};

/* One partition, for system.sources. */
struct partition_view {
    uint32_t topic;
    int32_t id;
    uint32_t incarnation;
    int64_t position;
    int64_t committed;
    int64_t high_watermark;
    int64_t newest_timestamp_ms;
    bool at_end;
    int64_t event_time_max_us;
    uint64_t late_rows, ahead_rows;
    uint64_t silent_since_us, confirmed_at_us;
    struct source_moment end; /* all that the broker had then is read, and seen by queries */
    uint64_t rows_stored, rows_filtered, rows_dead;
};

struct source {
    struct source *next;
    struct sources *sources;
    struct arena *arena; /* options, settings */
    char *database;
    char *name;
    char *table_database;
    char *table_name;
    char *sql;
    char *format;
    struct kafka_options options;
    struct source_settings settings;
    uint64_t id;
    uint64_t table_id;
    pthread_t thread;
    bool thread_started;

    struct lock lock;
    struct condition wake;  /* the thread's: something is wanted */
    struct condition moved; /* phase changed */
    bool stop;
    bool want_pause;
    bool want_accept;
    bool want_seal; /* what was read becomes durable now */
    enum source_phase phase;
    bool tried; /* the first connection attempt is over */
    char last_error[1000];
    struct partition_view *views;
    uint32_t view_count;
    bool has_event_time;   /* its rows have one */
    int64_t delay_us;      /* of the table's watermark */
    int64_t complete_us;   /* what was said of it last: it never goes back; INT64_MIN: nothing */
    struct late_rows late; /* since the server started */
    int64_t last_commit_us;
    bool lane_failed;
    char lane_error[600];
    struct lane *lane;     /* of the connection; NULL: nobody is connected */
    rd_kafka_t *commit_to; /* offsets of commits go there; NULL: nobody is connected */
};

/* Through which event time the source was read; under its lock. INT64_MIN: not known yet. */
int64_t source_complete_us(struct source *source, uint64_t monotonic_us, int64_t wall_us);

/* consume.c: the thread of a source */
void *source_thread(void *object);
/* source.c */
/* A source as its definition says, in no list and without a thread. */
struct err *source_of(struct sources *sources, struct arena *arena, const struct source_def *def, struct source **out);
void source_free(struct source *source); /* accepts NULL; its thread has ended */
void source_set_phase(struct source *source, enum source_phase phase, const char *error);
/* Records PAUSED, STOPPED or RUNNING with its reason, so that it outlives a restart. */
struct err *source_record_state(struct source *source, enum source_state state, const char *reason);

#endif
