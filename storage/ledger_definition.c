/*
 * ledger_definition.c: definitions of tables and sources: their records, copies and reference counts.
 *
 * flow     storage/catalogue.c, ledger_state.c → here → ledger_bytes.c
 * owns     each definition lives in an arena of its own, destroyed with the last reference
 * format   docs/FORMAT.md, "Ledger records"
 */
#include "storage/index.h"
#include "storage/ledger_record.h"

#include <string.h>

/* More than anyone has; bounds what hostile bytes can make us allocate. */
#define LIST_COUNT_MAX 100000U

/* Flags of a table's record. */
enum { TABLE_INTERNAL = 1, TABLE_INDEXES = 2 };

static void put_indexes(struct record_out *out, const struct table_def *def)
{
    record_put_varint(out, def->index_count);
    for (uint32_t i = 0; i < def->index_count; i++) {
        const struct index_def *index = &def->indexes[i];
        record_put_text(out, slice_text(index->name));
        record_put_text(out, slice_text(index->expression));
        record_put_text(out, slice_text(index->type));
        record_put_varint(out, index->granularity);
        record_put_varint(out, index->kind);
        record_put_varint(out, index->input);
        record_put_varint(out, index->column);
        record_put_varint(out, index->parameter);
        record_put_varint(out, index->bytes);
        record_put_varint(out, index->bits);
    }
}

void record_encode_table(struct record_out *out, struct arena *arena, const struct table_def *def)
{
    size_t begin = record_begin(out, LEDGER_TABLE);

    record_put_varint(out, def->id);
    record_put_varint(out, def->schema_version);
    record_put_text(out, slice_text(def->database));
    record_put_text(out, slice_text(def->name));
    record_put_text(out, slice_text(def->engine));
    record_put_varint(out, (def->internal ? TABLE_INTERNAL : 0) | (def->index_count > 0 ? TABLE_INDEXES : 0));
    record_put_signed(out, def->created_at_us);
    record_put(out, def->uuid, sizeof def->uuid);
    record_put_varint(out, def->column_count + def->computed_count);
    for (uint32_t i = 0; i < def->column_count + def->computed_count; i++) {
        const struct column_def *column = table_def_column(def, i);
        struct slice type = type_name(arena, column->type);
        if (type.data == NULL) {
            out->failed = true;
            return;
        }
        record_put_varint(out, column->id);
        record_put_text(out, slice_text(column->name));
        record_put_text(out, type);
        record_put_varint(out, (uint64_t)column->default_kind);
        record_put_text(out, slice_text(column->default_text));
        record_put_text(out, slice_text(column->codec));
        record_put_text(out, slice_text(column->comment));
    }
    record_put_varint(out, def->order_by_count);
    for (uint32_t i = 0; i < def->order_by_count; i++) {
        record_put_text(out, slice_text(def->order_by[i]));
    }
    record_put_text(out, slice_text(def->primary_key));
    record_put_text(out, slice_text(def->partition_by));
    record_put_text(out, slice_text(def->ttl));
    record_put_text(out, slice_text(def->watermark));
    record_put_text(out, slice_text(def->watermark_column));
    record_put_text(out, slice_text(def->settings));
    record_put_text(out, slice_text(def->comment));
    record_put_text(out, slice_text(def->create_sql));
    if (def->index_count > 0) {
        put_indexes(out, def);
    }
    record_end(out, begin);
}

const char *record_get_string(struct record_in *in, struct arena *arena)
{
    struct slice text = record_get_text(in);

    if (text.length > 0 && memchr(text.data, 0, text.length) != NULL) {
        in->bad = true;
        text.length = 0;
    }
    return arena_text(arena, text);
}

#define GET_STRING(target)                                                                                             \
    do {                                                                                                               \
        (target) = record_get_string(&in, arena);                                                                      \
        if ((target) == NULL) {                                                                                        \
            err = arena_error(arena);                                                                                  \
            goto done;                                                                                                 \
        }                                                                                                              \
    } while (0)

static struct err *get_columns(struct record_in *from, struct arena *arena, struct table_def *def)
{
    struct err *err = NULL;
    struct record_in in = *from;
    uint32_t count = record_get_count(&in, 7);
    struct column_def *columns = NULL, *computed = NULL;

    if (count > LIST_COUNT_MAX) {
        in.bad = true;
        goto done;
    }
    columns = arena_zalloc(arena, (count + 1) * sizeof *columns);
    computed = arena_zalloc(arena, (count + 1) * sizeof *computed);
    if (columns == NULL || computed == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t read = 0; read < count && !in.bad; read++) {
        uint32_t i = def->column_count;
        columns[i].id = record_get_varint32(&in);
        GET_STRING(columns[i].name);
        struct slice type = record_get_text(&in);
        uint64_t kind = record_get_varint(&in);
        if (kind > COLUMN_DEFAULT_EPHEMERAL) {
            in.bad = true;
        }
        columns[i].default_kind = (enum column_default_kind)kind;
        GET_STRING(columns[i].default_text);
        GET_STRING(columns[i].codec);
        GET_STRING(columns[i].comment);
        if (!in.bad) {
            OR_DONE(err_while(type_parse(arena, type, &columns[i].type), "type of column \"%s\"", columns[i].name));
        }
        if (kind == COLUMN_DEFAULT_ALIAS || kind == COLUMN_DEFAULT_EPHEMERAL) {
            columns[i].place = i;
            computed[def->computed_count++] = columns[i];
            columns[i] = (struct column_def){0};
        } else {
            def->column_count++;
        }
    }
    def->columns = columns;
    def->computed = computed;
done:
    *from = in;
    return err;
}

static struct err *get_indexes(struct record_in *from, struct arena *arena, struct table_def *def)
{
    struct err *err = NULL;
    struct record_in in = *from;
    uint32_t count = record_get_count(&in, 10);
    struct index_def *indexes = NULL;

    if (count == 0 || count > INDEXES_MAX) {
        in.bad = true;
        goto done;
    }
    indexes = arena_zalloc(arena, count * sizeof *indexes);
    if (indexes == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t i = 0; i < count && !in.bad; i++) {
        struct index_def *index = &indexes[i];
        GET_STRING(index->name);
        GET_STRING(index->expression);
        GET_STRING(index->type);
        index->granularity = record_get_varint(&in);
        index->kind = record_get_varint32(&in);
        index->input = record_get_varint32(&in);
        index->column = record_get_varint32(&in);
        index->parameter = record_get_varint32(&in);
        index->bytes = record_get_varint32(&in);
        index->bits = record_get_varint32(&in);
        in.bad = in.bad || !index_def_is_sound(def, index);
    }
    def->indexes = indexes;
    def->index_count = count;
done:
    *from = in;
    return err;
}

static struct err *get_strings(struct record_in *from, struct arena *arena, const char *const **out,
                               uint32_t *count_out)
{
    struct err *err = NULL;
    struct record_in in = *from;
    uint32_t count = record_get_count(&in, 1);
    const char **texts = NULL;

    if (count > LIST_COUNT_MAX) {
        in.bad = true;
        goto done;
    }
    texts = arena_zalloc(arena, (count + 1) * sizeof *texts);
    if (texts == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t i = 0; i < count && !in.bad; i++) {
        GET_STRING(texts[i]);
    }
    *out = texts;
    *count_out = count;
done:
    *from = in;
    return err;
}

struct err *record_decode_table(struct slice payload, struct table_def **out)
{
    struct err *err = NULL;
    struct record_in in = record_in_of(payload);
    struct arena *arena = arena_create(NULL);
    struct table_def *def = NULL;

    if (arena == NULL || (def = ARENA_NEW(arena, struct table_def)) == NULL) {
        err = err_oom();
        goto done;
    }
    def->arena = arena;
    def->references = 1;
    def->id = record_get_varint(&in);
    def->schema_version = record_get_varint32(&in);
    GET_STRING(def->database);
    GET_STRING(def->name);
    GET_STRING(def->engine);
    uint64_t flags = record_get_varint(&in);
    if (flags > (TABLE_INTERNAL | TABLE_INDEXES)) {
        in.bad = true;
    }
    def->internal = (flags & TABLE_INTERNAL) != 0;
    def->created_at_us = record_get_signed(&in);
    record_get(&in, def->uuid, sizeof def->uuid);
    OR_DONE(get_columns(&in, arena, def));
    OR_DONE(get_strings(&in, arena, &def->order_by, &def->order_by_count));
    GET_STRING(def->primary_key);
    GET_STRING(def->partition_by);
    GET_STRING(def->ttl);
    GET_STRING(def->watermark);
    GET_STRING(def->watermark_column);
    GET_STRING(def->settings);
    GET_STRING(def->comment);
    GET_STRING(def->create_sql);
    if ((flags & TABLE_INDEXES) != 0 && !in.bad) {
        OR_DONE(get_indexes(&in, arena, def));
    }
    OR_DONE(record_in_end(&in, "the record of a table"));
    *out = def;
    arena = NULL; /* it holds def */
done:
    arena_destroy(arena);
    return err;
}

void record_encode_source(struct record_out *out, const struct source_def *def)
{
    size_t begin = record_begin(out, LEDGER_SOURCE);

    record_put_varint(out, def->id);
    record_put_varint(out, def->version);
    record_put_text(out, slice_text(def->database));
    record_put_text(out, slice_text(def->name));
    record_put_varint(out, def->table_id);
    record_put_varint(out, (uint64_t)def->state);
    record_put_signed(out, def->created_at_us);
    record_put_text(out, slice_text(def->definition));
    record_put_text(out, slice_text(def->reason));
    record_put_varint(out, def->stream_count);
    for (uint32_t i = 0; i < def->stream_count; i++) {
        record_put_text(out, slice_text(def->streams[i]));
    }
    record_end(out, begin);
}

struct err *record_decode_source(struct slice payload, struct source_def **out)
{
    struct err *err = NULL;
    struct record_in in = record_in_of(payload);
    struct arena *arena = arena_create(NULL);
    struct source_def *def = NULL;

    if (arena == NULL || (def = ARENA_NEW(arena, struct source_def)) == NULL) {
        err = err_oom();
        goto done;
    }
    def->arena = arena;
    def->references = 1;
    def->id = record_get_varint(&in);
    def->version = record_get_varint32(&in);
    GET_STRING(def->database);
    GET_STRING(def->name);
    def->table_id = record_get_varint(&in);
    uint64_t state = record_get_varint(&in);
    if (state < SOURCE_RUNNING || state > SOURCE_STOPPED) {
        in.bad = true;
    }
    def->state = (enum source_state)state;
    def->created_at_us = record_get_signed(&in);
    GET_STRING(def->definition);
    GET_STRING(def->reason);
    OR_DONE(get_strings(&in, arena, &def->streams, &def->stream_count));
    OR_DONE(record_in_end(&in, "the record of a source"));
    *out = def;
    arena = NULL;
done:
    arena_destroy(arena);
    return err;
}

/* ---- copies: fields that a caller left NULL become "" */

static const char *copy_string(struct arena *arena, const char *text, bool *failed)
{
    const char *copy = arena_text(arena, slice_text(text == NULL ? "" : text));
    *failed = *failed || copy == NULL;
    return copy;
}

static const char *const *copy_strings(struct arena *arena, const char *const *texts, uint32_t count, bool *failed)
{
    const char **copy = arena_zalloc(arena, (count + 1) * sizeof *copy);
    if (copy == NULL) {
        *failed = true;
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        copy[i] = copy_string(arena, texts[i], failed);
    }
    return copy;
}

static void copy_column(struct arena *arena, const struct column_def *column, struct column_def *copy, bool *failed)
{
    *copy = *column;
    copy->name = copy_string(arena, column->name, failed);
    copy->default_text = copy_string(arena, column->default_text, failed);
    copy->codec = copy_string(arena, column->codec, failed);
    copy->comment = copy_string(arena, column->comment, failed);
    copy->type = type_copy(arena, column->type);
    *failed = *failed || copy->type == NULL;
}

const struct column_def *table_def_column(const struct table_def *def, uint32_t index)
{
    for (uint32_t k = 0; k < def->computed_count; k++) { /* they are in order */
        if (def->computed[k].place + k == index) {
            return &def->computed[k];
        }
        if (def->computed[k].place + k > index) {
            return &def->columns[index - k];
        }
    }
    return &def->columns[index - def->computed_count];
}

struct table_def *table_def_copy(const struct table_def *def)
{
    struct arena *arena = arena_create(NULL);
    struct table_def *copy = arena == NULL ? NULL : ARENA_NEW(arena, struct table_def);
    bool failed = copy == NULL;

    if (!failed) {
        struct column_def *columns = arena_zalloc(arena, (def->column_count + 1) * sizeof *columns);
        struct column_def *computed = arena_zalloc(arena, (def->computed_count + 1) * sizeof *computed);
        memcpy(copy->uuid, def->uuid, sizeof copy->uuid);
        copy->id = def->id;
        copy->schema_version = def->schema_version;
        copy->internal = def->internal;
        copy->created_at_us = def->created_at_us;
        copy->column_count = def->column_count;
        copy->columns = columns;
        copy->computed_count = def->computed_count;
        copy->computed = computed;
        copy->order_by_count = def->order_by_count;
        copy->arena = arena;
        copy->references = 1;
        copy->database = copy_string(arena, def->database, &failed);
        copy->name = copy_string(arena, def->name, &failed);
        copy->engine = copy_string(arena, def->engine, &failed);
        copy->order_by = copy_strings(arena, def->order_by, def->order_by_count, &failed);
        copy->primary_key = copy_string(arena, def->primary_key, &failed);
        copy->partition_by = copy_string(arena, def->partition_by, &failed);
        copy->ttl = copy_string(arena, def->ttl, &failed);
        copy->watermark = copy_string(arena, def->watermark, &failed);
        copy->watermark_column = copy_string(arena, def->watermark_column, &failed);
        copy->settings = copy_string(arena, def->settings, &failed);
        copy->comment = copy_string(arena, def->comment, &failed);
        copy->create_sql = copy_string(arena, def->create_sql, &failed);
        struct index_def *indexes = arena_zalloc(arena, (def->index_count + 1) * sizeof *indexes);
        copy->indexes = indexes;
        copy->index_count = def->index_count;
        failed = failed || columns == NULL || computed == NULL || indexes == NULL;
        for (uint32_t i = 0; i < def->index_count && !failed; i++) {
            indexes[i] = def->indexes[i];
            indexes[i].name = copy_string(arena, def->indexes[i].name, &failed);
            indexes[i].expression = copy_string(arena, def->indexes[i].expression, &failed);
            indexes[i].type = copy_string(arena, def->indexes[i].type, &failed);
        }
        for (uint32_t i = 0; i < def->column_count && !failed; i++) {
            copy_column(arena, &def->columns[i], &columns[i], &failed);
        }
        for (uint32_t i = 0; i < def->computed_count && !failed; i++) {
            copy_column(arena, &def->computed[i], &computed[i], &failed);
        }
    }
    if (failed) {
        arena_destroy(arena);
        return NULL;
    }
    return copy;
}

void table_def_follow(struct table_def *def, const struct table_def *before)
{
    uint32_t at = 0;
    for (uint32_t i = 0; i < def->column_count; i++) {
        struct column_def *column = (struct column_def *)&def->columns[i]; /* nobody else sees it yet */
        column->typed_in = def->schema_version;
        for (uint32_t k = 0; before != NULL && k < before->column_count; k++, at++) {
            const struct column_def *old = &before->columns[at % before->column_count];
            if (old->id == column->id) {
                column->typed_in = type_equal(old->type, column->type) ? old->typed_in : def->schema_version;
                at++; /* most often the next one is the next one's */
                break;
            }
        }
    }
}

struct source_def *source_def_copy(const struct source_def *def)
{
    struct arena *arena = arena_create(NULL);
    struct source_def *copy = arena == NULL ? NULL : ARENA_NEW(arena, struct source_def);
    bool failed = copy == NULL;

    if (!failed) {
        copy->id = def->id;
        copy->version = def->version;
        copy->table_id = def->table_id;
        copy->state = def->state;
        copy->created_at_us = def->created_at_us;
        copy->stream_count = def->stream_count;
        copy->arena = arena;
        copy->references = 1;
        copy->database = copy_string(arena, def->database, &failed);
        copy->name = copy_string(arena, def->name, &failed);
        copy->definition = copy_string(arena, def->definition, &failed);
        copy->reason = copy_string(arena, def->reason, &failed);
        copy->streams = copy_strings(arena, def->streams, def->stream_count, &failed);
    }
    if (failed) {
        arena_destroy(arena);
        return NULL;
    }
    return copy;
}

/* The counts are the only fields that change in a shared definition. */
struct table_def *table_def_ref(const struct table_def *def)
{
    struct table_def *shared = (struct table_def *)def;
    atomic_fetch_add_explicit(&shared->references, 1, memory_order_relaxed);
    return shared;
}

void table_def_unref(const struct table_def *def)
{
    struct table_def *shared = (struct table_def *)def;
    if (shared != NULL && atomic_fetch_sub_explicit(&shared->references, 1, memory_order_acq_rel) == 1) {
        arena_destroy(shared->arena);
    }
}

struct source_def *source_def_ref(const struct source_def *def)
{
    struct source_def *shared = (struct source_def *)def;
    atomic_fetch_add_explicit(&shared->references, 1, memory_order_relaxed);
    return shared;
}

void source_def_unref(const struct source_def *def)
{
    struct source_def *shared = (struct source_def *)def;
    if (shared != NULL && atomic_fetch_sub_explicit(&shared->references, 1, memory_order_acq_rel) == 1) {
        arena_destroy(shared->arena);
    }
}
