/*
 * json_read.h: JSON texts read in one pass without a tree: a value is the slice of its text.
 *
 * depth    bounded; what is deeper is no JSON
 * trust    json_document has seen the whole text; the other functions stop where a text is broken
 */
#ifndef QUERY_FUNCTIONS_JSON_READ_H
#define QUERY_FUNCTIONS_JSON_READ_H

#include "query/functions/functions.h"

struct json {
    const char *at, *end;
    uint32_t values; /* that were skipped: looks at the query's flag between them */
};

/* The members of an object or the elements of an array. */
struct json_items {
    struct json json;
    bool object, first;
};

void json_spaces(struct json *json);
/* A string in quotes; *out without the quotes, escapes as they are. */
bool json_string(struct json *json, struct slice *out);
/* Any value; *out its text. */
bool json_value(struct json *json, struct slice *out);
/* The text is one value, with spaces around it perhaps. */
bool json_document(struct slice text, struct slice *out);
/* Members of the object or elements of the array; 0 of other values. */
uint64_t json_length(struct slice value);

/* False: neither object nor array. */
bool json_open(struct slice value, struct json_items *items);
/* The next of them, its name as it stands in the text ('' in an array); false: there are no more. */
bool json_next(struct json_items *items, struct slice *name, struct slice *value);
/* The first member of that name. False: there is none, or *err. */
bool json_find_key(struct text_buffer *buffer, struct slice object, struct slice key, bool any_case, struct slice *out,
                   struct err **err);
/* The member or element at a place from 1, from the end when negative, with its raw name. */
bool json_find_place(struct slice value, int64_t position, struct slice *name, struct slice *out);

/* A string's value; false: a broken escape, or *err. */
bool json_unescape(struct text_buffer *buffer, struct slice raw, struct slice *out, struct err **err);
/* The text with the escapes that it must have; up to 6 bytes for each. */
size_t json_escape(struct slice text, char *to);
#define JSON_NUMBER_MAX 96U
/* A number as ClickHouse writes it again (1.50 as 1.5), quoted if it has more than 64 bits; 0: too long for that. */
size_t json_number(struct slice number, bool quoted, char to[JSON_NUMBER_MAX]);
/* A value without the spaces between its parts, its strings escaped no more than they must be. */
struct err *json_minify(struct text_buffer *buffer, struct slice value, struct slice *out);

#endif
