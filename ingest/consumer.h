/*
 * consumer.h: what exists while a source is connected, shared by the three files of a source's thread:
 *
 *   connect.c  brokers, topics, partitions, their places in the ledger; the clients and their queues
 *   decode.c   messages → rows and dead letters (for REPAIR, without the others: reread.c)
 *   consume.c  the thread: read, publish, seal, commit, states
 *   event_time.c  through which event time each partition was read
 *
 * queues   one of librdkafka per partition, bounded in bytes (a share of the ingest budget); back-pressure is not
 *          polling it. There is no pause, resume or seek: after trouble the client is closed and made anew at the
 *          ledger's position, so no message of before can be met.
 * thread   the source's
 */
#ifndef INGEST_CONSUMER_H
#define INGEST_CONSUMER_H

#include "format/reader.h"
#include "ingest/source_private.h"

/* Messages taken from one queue at once. */
#define BATCH_MESSAGES 4096
/* A source that fails on its first FIRST_MESSAGES, or on half of CHECK_MESSAGES, pauses itself. */
#define FIRST_MESSAGES 20U
#define CHECK_MESSAGES 10000U

struct partition {
    uint32_t topic; /* index into the options' topics */
    int32_t id;
    struct coverage_key key;
    rd_kafka_queue_t *queue;
    int64_t position;              /* the next offset to be read */
    int64_t range_first;           /* where the next coverage begins */
    struct coverage_counts counts; /* of [range_first, position) */
    struct coverage_counts total;  /* stored, filtered, dead since the source began to run in this process */
    struct fingerprint fingerprint;
    int64_t verify_offset; /* a message that must still be what the ledger says; −1: none */
    struct fingerprint verify;
    struct offset_range *dead; /* of the next coverage */
    uint32_t dead_count;
    uint32_t dead_capacity;
    int64_t newest_timestamp_ms;
    bool at_end;
    int64_t event_time_max_us; /* seen, but for those too far ahead; INT64_MIN: none */
    uint64_t late_rows, ahead_rows;
    struct late_run late;         /* grows still; not in the source's record yet */
    uint64_t silent_since_us;     /* monotonic: when its last message came, or it was connected */
    uint64_t confirmed_at_us;     /* when its leader said last that nothing follows; 0: something does */
    struct source_moment drained; /* the last look at its queue that left it empty */
    struct source_moment end;     /* all that its leader had then is read (caught_up.c) */
    struct source_moment asked;   /* what end becomes when asked_end is read */
    int64_t asked_end;            /* −1: none */
};

struct consumer {
    struct source *source;
    struct store *store;
    struct arena *arena; /* of the connection */
    struct table *table;
    const struct table_def *def; /* of the rows; borrowed */
    struct builder *rows;        /* where rows go; NULL: into the head, and bad messages into the draft */
    struct head_writer *writer;
    struct lane *lane;
    struct reader *reader;
    struct transform *transform;
    struct builder *message_builder; /* what the reader fills when expressions follow; else the head's is filled */
    rd_kafka_t *kafka;
    rd_kafka_queue_t *queue; /* the client's own: errors */
    int event;               /* some queue is not empty any more */
    struct partition *partitions;
    uint32_t partition_count;
    struct draft *draft;
    uint64_t draft_since_us; /* 0: nothing is waiting to be committed */
    uint64_t woken_at_us;    /* when the broker's thread was woken last */
    uint64_t messages;       /* since this source was created or resumed, up to CHECK_MESSAGES */
    uint64_t messages_dead;
    char first_reason[400];
    char warning[600]; /* of a source that runs nevertheless */
    rd_kafka_message_t **batch;
    int64_t row_offset; /* of the message that is being decoded */
    uint64_t head_bytes_max;
    int time_column;          /* of the event time; −1: the table has none */
    int lateness_column;      /* how late its rows come; −1: it does not say */
    struct arena *time_arena; /* for a look at new rows */
    uint64_t asked_at_us;     /* when they were asked for their ends last (caught_up.c) */
    uint32_t asks_failed;     /* since one of these questions was answered */
    bool torn;                /* rows in the head that no range covers: they must not be committed */
};

/* ---- connect.c */
/* At each partition's place, ready to be polled. ERR_CANNOT_CONNECT, ERR_UNKNOWN_TABLE: not now; ERR_SOURCE_STOPPED */
struct err *consumer_connect(struct consumer *consumer);
void consumer_disconnect(struct consumer *consumer);
/* Does the broker answer? *again: there are other partitions than those that are read. */
struct err *consumer_probe(struct consumer *consumer, bool *again);
/* What a commit leaves in Kafka's group beside its offsets: "weir <store id> <commit> <hash>". */
#define ANCHOR_BYTES 128
void anchor_text(struct ledger *ledger, const struct commit_info *commit, char text[ANCHOR_BYTES]);

/* ---- event_time.c */
/* Looks at the event times of rows that came of one partition's messages, from `before` on in the writer's builder. */
struct err *event_times_note(struct consumer *consumer, struct partition *partition, uint64_t before);

/* ---- caught_up.c */
/* What was in the partition's queue is taken, all of it: it may be at its end. */
void partition_at_end(struct consumer *consumer, struct partition *partition);
/* Asks the leaders of silent partitions for their ends, when it is time to. True: they answered. */
bool ends_confirm(struct consumer *consumer, uint64_t now_us);

/* ---- decode.c */
/* Reader and expressions for rows of consumer->def; the arena, source and table are there. */
struct err *decoder_open(struct consumer *consumer);
/*
 * Takes messages of one partition in order, until one fails or the source should pause itself. *taken: how many are
 * done, also with an error. ERR_MEMORY_LIMIT: after a commit it may be called again with the rest.
 */
struct err *consumer_take(struct consumer *consumer, struct partition *partition, rd_kafka_message_t *const *messages,
                          uint32_t count, uint32_t *taken);
/* Is this the message of which the ledger keeps the fingerprint? */
bool message_is(const rd_kafka_message_t *message, const struct fingerprint *fingerprint);
/* Offsets up to this one that the broker passes over: control records, aborted transactions, compaction. */
void partition_skip_to(struct partition *partition, int64_t offset);
bool consumer_all_failed(const struct consumer *consumer);
struct err *another_topic(const struct consumer *consumer, const struct partition *partition, const char *why);

#endif
