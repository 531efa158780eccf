/*
 * arrow_ipc.h: the metadata of Arrow's IPC formats: schemas, batches and footers as plain structs, and their flatbuffers
 * (arrow.fbs) as bytes.
 *
 * input    hostile: bytes are verified before anything of them is looked at; nesting and number of tables are bounded.
 *          What the numbers mean (rows, places of buffers) is checked by who uses them.
 * memory   arrow_read_message takes it from the caller; what is written is built in memory of its own, small: it grows
 *          with columns, and a footer with batches
 * thread   any: pure functions
 */
#ifndef FORMAT_ARROW_IPC_H
#define FORMAT_ARROW_IPC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ARROW_MAGIC          "ARROW1"
#define ARROW_MAGIC_BYTES    6U
#define ARROW_CONTINUATION   0xffffffffU /* in front of each message's length */
#define ARROW_PREFIX_BYTES   8U          /* this, and the length */
#define ARROW_ALIGN          8U          /* of messages and buffers */
#define ARROW_METADATA_MAX   ((size_t)16 << 20)
#define ARROW_DEPTH_MAX      64U               /* of fields in fields */
#define ARROW_TABLES_MAX     200000U           /* of a message's metadata: about three a column */
#define ARROW_ROWS_MAX       (1 << 28)         /* of a batch that is read, and of what is inside it */
#define ARROW_PLAIN_MAX      ((size_t)1 << 30) /* bytes of a batch's buffers when they are unpacked */
#define ARROW_BYTES_MAX_LIST INT32_MAX         /* offsets of strings and lists */

/* As the wire numbers them. */
enum arrow_kind {
    ARROW_NONE,
    ARROW_NULL,
    ARROW_INT,
    ARROW_FLOAT,
    ARROW_BINARY,
    ARROW_UTF8,
    ARROW_BOOL,
    ARROW_DECIMAL,
    ARROW_DATE,
    ARROW_TIME,
    ARROW_TIMESTAMP,
    ARROW_INTERVAL,
    ARROW_LIST,
    ARROW_STRUCT,
    ARROW_UNION,
    ARROW_FIXED_BINARY,
    ARROW_FIXED_LIST,
    ARROW_MAP,
    ARROW_DURATION,
    ARROW_LARGE_BINARY,
    ARROW_LARGE_UTF8,
    ARROW_LARGE_LIST,
    ARROW_RUN_END,
    ARROW_BINARY_VIEW,
    ARROW_UTF8_VIEW,
    ARROW_LIST_VIEW,
    ARROW_LARGE_LIST_VIEW,
    ARROW_KINDS
};

enum arrow_codec { ARROW_PLAIN, ARROW_LZ4, ARROW_ZSTD };

struct arrow_text {
    const char *data;
    size_t length;
};

struct arrow_field {
    struct arrow_text name;
    enum arrow_kind kind;
    bool nullable;
    bool is_signed;           /* INT */
    int32_t bits;             /* INT, FLOAT, DECIMAL, TIME */
    int32_t precision, scale; /* DECIMAL */
    int32_t unit;  /* TIME, TIMESTAMP, DURATION: 1000^-unit seconds; DATE: 0: days, 1: milliseconds; UNION: 1: dense */
    int32_t width; /* FIXED_BINARY: bytes; FIXED_LIST: elements */
    struct arrow_text zone;      /* TIMESTAMP; or empty */
    struct arrow_text extension; /* the name of a type that is stored as this one; or empty */
    bool is_dictionary;          /* values are indexes into the dictionary with this number */
    bool index_signed;
    int32_t index_bits;
    int64_t dictionary;
    struct arrow_field *children;
    uint32_t child_count;
};

struct arrow_node {
    int64_t length, null_count;
};

struct arrow_extent { /* of a buffer in the body */
    int64_t offset, length;
};

struct arrow_batch {
    int64_t row_count;
    const struct arrow_node *nodes;
    const struct arrow_extent *buffers;
    const int64_t *variadic; /* buffers of each view type */
    uint32_t node_count, buffer_count, variadic_count;
    enum arrow_codec codec;
};

enum arrow_header { ARROW_SCHEMA = 1, ARROW_DICTIONARY_BATCH = 2, ARROW_RECORD_BATCH = 3 };

struct arrow_message {
    enum arrow_header header;
    int64_t body_bytes;
    struct arrow_field *fields; /* SCHEMA */
    uint32_t field_count;
    int64_t dictionary; /* DICTIONARY_BATCH */
    bool is_delta;
    struct arrow_batch batch; /* of both batches */
};

struct arrow_block { /* where a message of a file stands */
    int64_t offset, body_bytes;
    int32_t metadata_bytes; /* with the prefix */
};

/* Memory that lives as long as the message; alloc gives NULL when it is out. */
struct arrow_memory {
    void *(*alloc)(void *user, size_t bytes);
    void *user;
};

/* bytes: at an address that 8 divides, and they outlive the message. Returns NULL, or what is wrong with them: static. */
const char *arrow_read_message(const void *bytes, size_t length, const struct arrow_memory *memory,
                               struct arrow_message *out);

/* Where written bytes go. */
struct arrow_out {
    void (*append)(void *user, const void *bytes, size_t length);
    void *user;
};

/* Each writes a message's prefix and metadata, padded; its body is the caller's. Returns the bytes. */
size_t arrow_write_schema(const struct arrow_out *out, const struct arrow_field *fields, uint32_t count);
/* dictionary NULL: a batch of rows. */
size_t arrow_write_batch(const struct arrow_out *out, const struct arrow_batch *batch, int64_t body_bytes,
                         const int64_t *dictionary, bool is_delta);
/* The end of a file: the footer alone, without its length. */
size_t arrow_write_footer(const struct arrow_out *out, const struct arrow_field *fields, uint32_t count,
                          const struct arrow_block *dictionaries, uint32_t dictionary_count,
                          const struct arrow_block *batches, uint32_t batch_count);

#ifdef __cplusplus
}
#endif

#endif
