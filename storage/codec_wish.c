/*
 * codec_wish.c: see codec_wish.h.
 */
#include "storage/codec_wish.h"

#include "storage/catalogue.h"
#include "storage/segment.h"

#include <string.h>

struct codec_text {
    const char *at, *end;
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool next_name(struct codec_text *text, struct slice *name)
{
    while (text->at < text->end && !is_letter(*text->at)) {
        text->at++;
    }
    const char *begin = text->at;
    while (text->at < text->end && is_letter(*text->at)) {
        text->at++;
    }
    *name = slice_of(begin, (size_t)(text->at - begin));
    return name->length > 0;
}

/* (3, 24), or nothing. Numbers that are written without a sign may mean negative ones: their lowest 64 bits count. */
static void next_numbers(struct codec_text *text, uint64_t numbers[2])
{
    numbers[0] = numbers[1] = 0;
    if (text->at == text->end || *text->at != '(') {
        return;
    }
    for (uint32_t k = 0; text->at < text->end && *text->at != ')'; text->at++) {
        if (*text->at == ',') {
            k++;
        } else if (*text->at >= '0' && *text->at <= '9' && k < 2) {
            numbers[k] = numbers[k] * 10 + (uint64_t)(*text->at - '0');
        }
    }
}

static int32_t level_of(uint64_t number)
{
    int64_t level = (int64_t)number;
    return level > 1000 ? 1000 : level < -1000000 ? -1000000 : (int32_t)level;
}

void codec_wish_of(struct slice text, struct codec_wish *out)
{
    static const struct {
        const char *name;
        struct codec_wish wish;
    } known[] = {
        {"NONE", {.bytes = WISH_NONE}}, {"LZ4", {.bytes = WISH_LZ4}},     {"LZ4HC", {.bytes = WISH_LZ4HC}},
        {"ZSTD", {.bytes = WISH_ZSTD}}, {"Delta", {.differences = true}}, {"DoubleDelta", {.differences = true}},
        {"T64", {.frames = true}},      {"Gorilla", {.series = true}},    {"FPC", {.series = true}},
    };
    struct codec_text rest = {text.data, text.length == 0 ? text.data : text.data + text.length};
    struct slice name;
    *out = (struct codec_wish){0};
    while (next_name(&rest, &name)) {
        uint64_t numbers[2];
        next_numbers(&rest, numbers);
        for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++) {
            const struct codec_wish *wish = &known[k].wish;
            if (!slice_equal(name, slice_text(known[k].name))) {
                continue;
            }
            out->differences |= wish->differences;
            out->frames |= wish->frames;
            out->series |= wish->series;
            if (wish->bytes != WISH_BY_RULE) {
                out->bytes = wish->bytes;
                out->level = level_of(numbers[0]);
                out->window = numbers[1] > 31 ? 31 : (uint32_t)numbers[1];
            }
        }
    }
}

struct err *codec_wishes(struct arena *arena, const struct table_def *def, const struct segment_column *columns,
                         uint32_t count, const struct codec_wish **out)
{
    struct codec_wish *wishes = NULL;
    *out = NULL;
    for (uint32_t k = 0; k < def->column_count; k++) {
        if (def->columns[k].codec[0] == 0) {
            continue;
        }
        if (wishes == NULL && (wishes = arena_zalloc(arena, (count + 1U) * sizeof(*wishes))) == NULL) {
            return arena_error(arena);
        }
        for (uint32_t c = 0; c < count; c++) {
            if (columns[c].id == def->columns[k].id) {
                codec_wish_of(slice_text(def->columns[k].codec), &wishes[c]);
            }
        }
    }
    *out = wishes;
    return NULL;
}

static bool asks_itself(const struct table_def *def, uint32_t id)
{
    for (uint32_t k = 0; k < def->column_count; k++) {
        if (def->columns[k].id == id) {
            return def->columns[k].codec[0] != 0;
        }
    }
    return false;
}

struct err *codec_wishes_else(struct arena *arena, const struct table_def *def, struct segment_schema *schema,
                              struct slice text)
{
    struct codec_wish other;
    if (text.length == 0) {
        return NULL;
    }
    codec_wish_of(text, &other);
    struct codec_wish *wishes = arena_zalloc(arena, (schema->column_count + 1U) * sizeof(*wishes));
    if (wishes == NULL) {
        return arena_error(arena);
    }
    for (uint32_t c = 0; c < schema->column_count; c++) {
        bool own = asks_itself(def, schema->columns[c].id);
        wishes[c] = own && schema->wishes != NULL ? schema->wishes[c] : own ? (struct codec_wish){0} : other;
    }
    schema->wishes = wishes;
    return NULL;
}
