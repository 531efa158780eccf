/*
 * text_list.h: the texts of all rows of a result of arrays, one behind the other.
 *
 * owner    the arena of the call; texts are slices of what lives as long
 */
#ifndef QUERY_FUNCTIONS_TEXT_LIST_H
#define QUERY_FUNCTIONS_TEXT_LIST_H

#include "query/functions/nested.h"

struct text_list {
    struct arena *arena;
    struct slice *texts;
    uint32_t count, capacity;
};

/* false: memory is out. */
static inline bool text_list_add(struct text_list *list, struct slice text)
{
    if (list->count == list->capacity) {
        uint32_t capacity = list->capacity == 0 ? 256 : list->capacity * 2;
        struct slice *texts = capacity < list->capacity ? NULL : ARENA_ARRAY(list->arena, struct slice, capacity);
        if (texts == NULL) {
            return false;
        }
        if (list->count > 0) {
            memcpy(texts, list->texts, list->count * sizeof(*texts));
        }
        list->texts = texts;
        list->capacity = capacity;
    }
    list->texts[list->count++] = text;
    return true;
}

/* Bytes of the code point at text.data + at, which is below its length; 1 where it is none. array_split.c. */
size_t text_point_bytes(struct slice text, size_t at);

/* A FLAT column of Strings out of the list; NULL when memory is out. */
static inline struct column *text_list_column(const struct text_list *list)
{
    struct column *items = column_new(list->arena, type_simple(TYPE_STRING), 0);
    if (items != NULL && list->count > 0) {
        items->values = list->texts;
        items->row_count = list->count;
    }
    return items;
}

#endif
