/*
 * binary.h: what the binary formats share: lengths, and which types they carry.
 *
 * bytes    integers little-endian; a length is 7 bits per byte, the lowest first, all bytes but the last with bit 7
 * thread   any: pure functions
 */
#ifndef FORMAT_BINARY_H
#define FORMAT_BINARY_H

#include "base/err.h"
#include "base/text.h"
#include "storage/column.h"

#define BINARY_LENGTH_BYTES_MAX 10U

void binary_put_length(struct buffer *out, uint64_t length);
void binary_put_text(struct buffer *out, struct slice text); /* behind its length */
/* Bytes of the length at `at`; 0: it does not end before `end`. */
size_t binary_take_length(const char *at, const char *end, uint64_t *length);

/* The column's values at a row, any form: where its one value stands. */
void binary_resolve(const struct column **column, uint32_t *row);
/* A value of type JSON is its text. */
static inline bool binary_is_text(const struct type *type)
{
    return type->kind == TYPE_STRING || type->view == TYPE_VIEW_JSON;
}
void binary_put_json(struct buffer *out, const struct column *column, uint32_t row);
/* The row's value as RowBinary has it. */
void binary_put_value(struct buffer *out, const struct column *column, uint32_t row);

/* ERR_NOT_IMPLEMENTED: a column's type is not read or written in a binary format, but for JSON and Dynamic where they
 * are views. */
struct binary_views {
    bool json;    /* JSON is, */
    bool dynamic; /* and Dynamic */
    bool inside;  /* the type stands inside another one: no states */
};
struct err *binary_refuse(const char *format, struct slice column, const struct type *type, struct binary_views views);

#endif
