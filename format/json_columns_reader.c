/*
 * json_columns_reader.c: JSONColumns, JSONCompactColumns, JSONColumnsWithMetadata: a list of values for each column.
 *
 * A document is read when all of it is there: one walk finds where each list begins and that all have as many values;
 * then a place in each goes on from row to row. Several documents may follow one another.
 */
#include "format/binary_reader.h"
#include "format/reader_private.h"

struct list {
    struct field *field;
    const char *at; /* the next value, or the comma before it */
};

struct lists {
    struct reader *reader;
    const char *at;
    const char *end;
    bool last;
    struct list *list; /* at most one per field */
    uint32_t count;
    uint64_t rows;
    bool some; /* of them, or of what is skipped, have said how many rows there are */
};

static enum row_result bad(struct lists *lists, const char *what)
{
    (void)reader_bad(lists->reader, "%s", what);
    lists->reader->code = ERR_INCORRECT_DATA;
    return ROW_BAD;
}

static enum row_result expect(struct lists *lists, char c, const char *where)
{
    const char *p = text_skip_space(lists->at, lists->end);
    if (p == lists->end) {
        return ROW_UNFINISHED;
    }
    if (*p != c) {
        return reader_bad(lists->reader, "expected '%c' %s, found byte %u", c, where, (unsigned)(unsigned char)*p);
    }
    lists->at = p + 1;
    return ROW_WHOLE;
}

/* Is the bracket next that closes? Then it is behind us. */
static enum row_result closes(struct lists *lists, char bracket, bool *closed)
{
    lists->at = text_skip_space(lists->at, lists->end);
    if (lists->at == lists->end) {
        return ROW_UNFINISHED;
    }
    *closed = *lists->at == bracket;
    lists->at += *closed;
    return ROW_WHOLE;
}

/* [value, …] */
static enum row_result take_list(struct lists *lists, struct field *field)
{
    uint64_t rows = 0;
    bool closed = false;
    enum row_result result = expect(lists, '[', "at the beginning of a column's values");
    if (result == ROW_WHOLE && field != NULL) {
        lists->list[lists->count++] = (struct list){field, lists->at};
    }
    result = result == ROW_WHOLE ? closes(lists, ']', &closed) : result;
    while (result == ROW_WHOLE && !closed) {
        result = rows > 0 ? expect(lists, ',', "between the values of a column") : ROW_WHOLE;
        result = result == ROW_WHOLE ? reader_json_skip(lists->reader, &lists->at, lists->end, lists->last) : result;
        result = result == ROW_WHOLE ? closes(lists, ']', &closed) : result;
        result = result == ROW_WHOLE ? binary_look(lists->reader) : result;
        rows++;
    }
    if (result == ROW_WHOLE && lists->some && rows != lists->rows) {
        return bad(lists, "Number of rows differs in different columns");
    }
    lists->rows = rows;
    lists->some = true;
    return result;
}

/* "name": of an object; the k-th column of an array. */
static enum row_result take_field(struct lists *lists, bool named, uint32_t k, struct field **field)
{
    struct reader *reader = lists->reader;
    struct slice name;
    if (!named) {
        *field = k < reader->field_count ? &reader->fields[k] : NULL;
        return *field == NULL ? bad(lists, "there are more lists than columns") : ROW_WHOLE;
    }
    enum row_result result = expect(lists, '"', "before a column's name");
    result = result == ROW_WHOLE ? reader_json_string(reader, &lists->at, lists->end, &name) : result;
    if (result != ROW_WHOLE) {
        return result;
    }
    *field = reader_find(reader, name);
    if (*field == NULL && !reader->settings.skip_unknown_fields) {
        return bad(lists, "there is no column for a list of values");
    }
    for (uint32_t i = 0; i < lists->count && *field != NULL; i++) {
        if (lists->list[i].field == *field) {
            return bad(lists, "a column stands twice");
        }
    }
    return expect(lists, ':', "behind a column's name");
}

static enum row_result take_lists(struct lists *lists, bool named)
{
    char bracket = named ? '}' : ']';
    bool closed = false;
    enum row_result result = expect(lists, named ? '{' : '[', "at the beginning of the columns");
    result = result == ROW_WHOLE ? closes(lists, bracket, &closed) : result;
    for (uint32_t k = 0; result == ROW_WHOLE && !closed; k++) {
        struct field *field = NULL;
        result = k > 0 ? expect(lists, ',', "between columns") : ROW_WHOLE;
        result = result == ROW_WHOLE ? take_field(lists, named, k, &field) : result;
        result = result == ROW_WHOLE ? take_list(lists, field) : result;
        result = result == ROW_WHOLE ? closes(lists, bracket, &closed) : result;
    }
    return result;
}

static enum row_result take_rows(struct lists *lists, struct builder *builder)
{
    struct reader *reader = lists->reader;
    enum row_result result = ROW_WHOLE;
    for (uint64_t i = 0; i < lists->rows && result == ROW_WHOLE; i++) {
        if (i > 0 && !reader_row_begin(reader, builder)) {
            return ROW_MEMORY;
        }
        result = binary_look(reader);
        for (uint32_t k = 0; k < lists->count && result == ROW_WHOLE; k++) {
            struct list *list = &lists->list[k];
            list->at = i > 0 ? text_skip_space(list->at, lists->end) + 1 : list->at; /* a comma: take_list saw it */
            list->field->seen = reader->row_number;
            result = reader_json_value(reader, builder, list->field, &list->at, lists->end, true);
        }
        result = result == ROW_WHOLE ? reader_row_end(reader, builder) : result;
    }
    return result;
}

static enum row_result columns_row(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                   bool last, bool named, bool meta)
{
    struct lists lists = {.reader = reader, .end = end, .last = last};
    *at = text_skip_space(*at, end);
    if (*at == end) {
        return ROW_NONE;
    }
    if (!reader_row_begin(reader, builder)) {
        return ROW_MEMORY;
    }
    if (reader->block == NULL) {
        reader->block = arena_create(reader->options.budget);
    }
    if (reader->block == NULL) {
        return reader_bad(reader, "out of memory");
    }
    arena_reset(reader->block);
    lists.list = ARENA_ARRAY(reader->block, struct list, (size_t)reader->field_count + 1);
    if (lists.list == NULL) {
        return reader_bad(reader, "out of memory");
    }
    lists.at = *at;
    enum row_result result = meta ? reader_json_head(reader, &lists.at, end, last, '{') : ROW_WHOLE;
    result = result == ROW_WHOLE ? take_lists(&lists, named) : result;
    result = result == ROW_WHOLE && meta ? reader_json_tail(reader, &lists.at, end, last) : result;
    if (result != ROW_WHOLE) {
        return result;
    }
    if (lists.rows == 0) {
        builder_row_cancel(builder);
    }
    result = take_rows(&lists, builder);
    *at = result == ROW_WHOLE ? lists.at : *at;
    return result;
}

enum row_result json_columns_row(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                 bool last)
{
    return columns_row(reader, builder, at, end, last, true, false);
}

enum row_result json_compact_columns_row(struct reader *reader, struct builder *builder, const char **at,
                                         const char *end, bool last)
{
    return columns_row(reader, builder, at, end, last, false, false);
}

enum row_result json_meta_columns_row(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                      bool last)
{
    return columns_row(reader, builder, at, end, last, true, true);
}
