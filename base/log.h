/*
 * log.h: what the server says to its operator, a line per event, to stderr.
 *
 * A line has a time, a level, an event's text and fields: as key=value or as JSON. Texts are fixed words, values go
 * into fields, so that lines can be grouped: LOG_INFO("segment merged", LOG_TEXT("table", name), LOG_UINT("rows",
 * rows)); A place that speaks more than LOG_BURST times in a second is cut, with the number of lines left out said
 * once. Values are escaped; secrets must not be handed in.
 *
 * thread   any.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/err.h"
#include "base/slice.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARNING, LOG_LEVEL_ERROR, LOG_LEVEL_NONE };
enum log_format { LOG_FORMAT_TEXT, LOG_FORMAT_JSON };

enum log_field_kind { LOG_FIELD_TEXT, LOG_FIELD_INT, LOG_FIELD_UINT, LOG_FIELD_DOUBLE };

struct log_field {
    const char *key;
    enum log_field_kind kind;
    union {
        struct slice text;
        int64_t number;
        uint64_t unsigned_number;
        double real;
    };
};

#define LOG_BURST 20U

struct log_place {
    _Atomic uint64_t second; /* which one is counted */
    _Atomic uint32_t count;
};

void log_configure(enum log_level level, enum log_format format);
bool log_wants(enum log_level level);
void log_write(enum log_level level, struct log_place *place, const char *event, const struct log_field *fields,
               size_t count);

#define LOG_SLICE(name, value)  ((struct log_field){.key = (name), .kind = LOG_FIELD_TEXT, .text = (value)})
#define LOG_TEXT(name, value)   LOG_SLICE(name, slice_text(value))
#define LOG_INT(name, value)    ((struct log_field){.key = (name), .kind = LOG_FIELD_INT, .number = (value)})
#define LOG_UINT(name, value)   ((struct log_field){.key = (name), .kind = LOG_FIELD_UINT, .unsigned_number = (value)})
#define LOG_DOUBLE(name, value) ((struct log_field){.key = (name), .kind = LOG_FIELD_DOUBLE, .real = (value)})
#define LOG_ERR(err)            LOG_TEXT("error", err_message(err))

#define LOG_AT(level, event, ...)                                                                                      \
    do {                                                                                                               \
        if (log_wants(level)) {                                                                                        \
            static struct log_place log_place_here;                                                                    \
            const struct log_field log_fields_here[] = {__VA_ARGS__};                                                  \
            log_write((level), &log_place_here, (event), log_fields_here,                                              \
                      sizeof(log_fields_here) / sizeof(log_fields_here[0]));                                           \
        }                                                                                                              \
    } while (0)

#define LOG_DEBUG(event, ...)   LOG_AT(LOG_LEVEL_DEBUG, event, __VA_ARGS__)
#define LOG_INFO(event, ...)    LOG_AT(LOG_LEVEL_INFO, event, __VA_ARGS__)
#define LOG_WARNING(event, ...) LOG_AT(LOG_LEVEL_WARNING, event, __VA_ARGS__)
#define LOG_ERROR(event, ...)   LOG_AT(LOG_LEVEL_ERROR, event, __VA_ARGS__)

#endif
