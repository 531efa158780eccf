/*
 * labels.h: the names and values that say which alert one is; annotations have the same form.
 *
 * owns     nothing: names and values are borrowed, and live as long as who made the list says
 * thread   any: pure functions
 */
#ifndef ALERT_LABELS_H
#define ALERT_LABELS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

struct label {
    struct slice name, value;
};

/* Sorted by name, each name once: labels_sort makes it so. */
struct labels {
    struct label *items;
    uint32_t count;
};

/* Sorts by name, in byte order. False: a name comes twice (then which of them is `*twice`, if asked for). */
bool labels_sort(struct labels *labels, struct slice *twice);
/* The value of a name; false: there is none. */
bool labels_find(const struct labels *labels, const char *name, struct slice *value);
/* [a-zA-Z_][a-zA-Z0-9_]* */
bool label_name_is_valid(struct slice name);
/* What Prometheus and Alertmanager call an alert's fingerprint: FNV-1a, 64 bits, over the sorted names and values, each
 * followed by a byte 255. */
uint64_t labels_fingerprint(const struct labels *labels);
/* 16 hexadecimal digits and a NUL. */
void fingerprint_text(uint64_t fingerprint, char text[17]);
/* A copy of the list, its names and values; false: memory is out (arena_error). */
bool labels_copy(struct arena *arena, const struct labels *from, struct labels *out);
/* {"name":"value",…}; what is not UTF-8 becomes U+FFFD. */
void labels_json(struct buffer *out, const struct labels *labels);
/* "…", escaped as JSON wants it; what is not UTF-8 becomes U+FFFD. */
void alert_json_text(struct buffer *out, struct slice text);

/* ---- labels_set.c */
/* `over` laid over `under`, both sorted: its values win. keep_empty: labels with empty values stay (annotations);
 * without, a
 * label with an empty value is none, as Prometheus has it. The list is the arena's, texts are borrowed. */
struct err *labels_merge(struct arena *arena, const struct labels *under, const struct labels *over, bool keep_empty,
                         struct labels *out);
bool labels_equal(const struct labels *a, const struct labels *b);
/* Reads what labels_json wrote; ERR_INCORRECT_DATA. Sorted; texts in the arena. */
struct err *labels_read_json(struct arena *arena, struct slice text, struct labels *out);

#endif
