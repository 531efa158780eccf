/*
 * binary_reader.h: what the readers of RowBinary and Native share. Private to the format layer.
 */
#ifndef FORMAT_BINARY_READER_H
#define FORMAT_BINARY_READER_H

#include "format/reader_private.h"

/* The length of a text or the number of an array's elements; more than can be stored is an error. */
enum row_result binary_length(struct reader *reader, const struct field *field, const char **at, const char *end,
                              bool is_array, uint32_t *out);
/* Are all bytes of its width a value? */
bool binary_is_any(const struct type *type);
/* The value of a type that is not nested and no String, from type->width bytes; checked. */
enum row_result binary_scalar(struct reader *reader, const struct field *field, const struct type *type,
                              const char *bytes, void *value);
/* Appends such a value, or a String's bytes, to reader->packed, as an element. */
enum row_result binary_pack_scalar(struct reader *reader, const struct field *field, const struct type *type,
                                   struct slice bytes);
/* The state at *at, for a field with a wire: *state until the next call. */
enum row_result binary_state(struct reader *reader, const struct field *field, const char **at, const char *end,
                             struct slice *state);
/* For each step of long work: an error when it is to end. */
enum row_result binary_look(struct reader *reader);
/* The field of that name, or −1. */
int32_t binary_find_field(const struct reader *reader, struct slice name);

#endif
