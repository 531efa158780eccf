/*
 * encoding.c: the names of encodings, and what a client accepts.
 */
#include "format/encoding.h"

#include <stdlib.h>
#include <strings.h>

static const struct {
    const char *name;
    enum encoding encoding;
} names[] = {
    {"identity", ENCODING_NONE}, {"lz4", ENCODING_LZ4},       {"zstd", ENCODING_ZSTD},       {"gzip", ENCODING_GZIP},
    {"x-gzip", ENCODING_GZIP},   {"br", ENCODING_BROTLI},     {"deflate", ENCODING_DEFLATE}, {"xz", ENCODING_XZ},
    {"bz2", ENCODING_BZIP2},     {"snappy", ENCODING_SNAPPY},
};

static bool is_name(struct slice text, const char *name)
{
    return text.length == strlen(name) && strncasecmp(text.data, name, text.length) == 0;
}

bool encoding_find(struct slice name, enum encoding *out)
{
    for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
        if (is_name(name, names[k].name)) {
            *out = names[k].encoding;
            return true;
        }
    }
    return false;
}

const char *encoding_name(enum encoding encoding)
{
    for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
        if (names[k].encoding == encoding) {
            return names[k].name;
        }
    }
    return "frames";
}

static struct slice trim(struct slice text)
{
    while (text.length > 0 && (text.data[0] == ' ' || text.data[0] == '\t')) {
        text = slice_of(text.data + 1, text.length - 1);
    }
    while (text.length > 0 && (text.data[text.length - 1] == ' ' || text.data[text.length - 1] == '\t')) {
        text.length--;
    }
    return text;
}

/* "q=0", "q=0.000" */
static bool is_refused(struct slice parameter)
{
    parameter = trim(parameter);
    if (parameter.length < 3 || (parameter.data[0] | 0x20) != 'q' || parameter.data[1] != '=') {
        return false;
    }
    for (size_t k = 2; k < parameter.length; k++) {
        if (parameter.data[k] != '0' && parameter.data[k] != '.') {
            return false;
        }
    }
    return true;
}

enum encoding encoding_choose(struct slice accepted)
{
    static const enum encoding liked[] = {ENCODING_LZ4, ENCODING_ZSTD, ENCODING_GZIP, ENCODING_DEFLATE,
                                          ENCODING_BROTLI};
    bool offered[ENCODINGS] = {false};
    while (accepted.length > 0) {
        const char *comma = memchr(accepted.data, ',', accepted.length);
        struct slice item = slice_of(accepted.data, comma == NULL ? accepted.length : (size_t)(comma - accepted.data));
        accepted =
            slice_of(accepted.data + item.length + (comma != NULL), accepted.length - item.length - (comma != NULL));
        const char *semicolon = item.length == 0 ? NULL : memchr(item.data, ';', item.length);
        struct slice name =
            trim(slice_of(item.data, semicolon == NULL ? item.length : (size_t)(semicolon - item.data)));
        bool refused =
            semicolon != NULL && is_refused(slice_of(semicolon + 1, item.length - (size_t)(semicolon + 1 - item.data)));
        enum encoding encoding;
        if (!refused && encoding_find(name, &encoding)) {
            offered[encoding] = true;
        }
    }
    for (size_t k = 0; k < sizeof(liked) / sizeof(liked[0]); k++) {
        if (offered[liked[k]]) {
            return liked[k];
        }
    }
    return ENCODING_NONE;
}
