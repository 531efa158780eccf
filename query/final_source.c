/*
 * final_source.c: stored tables read FINAL.
 *
 * flow     sql/bind_from.c → source_final; scan.c → generate → storage/final.h
 * filter   PREWHERE, on a granule's rows before they are combined; all other conditions are tested on what comes out
 * thread   any number, each a part: a range of keys, or granules that need no merge
 */
#include "query/storage_source.h"

#include "query/pipeline.h"
#include "storage/final.h"

struct combined {
    struct snapshot *snapshot;
    const uint32_t *columns; /* of the source, as the snapshot numbers them */
    bool by_partition;
    const struct expression *condition; /* or NULL */
};

struct filter {
    struct program *program;
    struct evaluator *evaluator;
    const uint32_t *columns; /* of the request, as scans number them */
    uint32_t column_count;
};

static struct err *filter_unit(void *user, struct arena *arena, const struct scan *scan, const struct scan_unit *unit,
                               uint32_t *positions, uint32_t *count)
{
    struct err *err = NULL;
    const struct filter *filter = user;
    const struct column **columns = arena_zalloc(arena, (filter->column_count + 1U) * sizeof(*columns));
    struct column *condition = NULL;
    uint32_t used = 0;

    if (columns == NULL) {
        return arena_error(arena);
    }
    const uint32_t *reads = program_columns(filter->program, &used);
    for (uint32_t i = 0; i < used; i++) {
        struct column *column = NULL;
        OR_DONE(scan_read(scan, arena, unit, filter->columns[reads[i]], &column));
        columns[reads[i]] = column;
    }
    OR_DONE(evaluator_run(filter->evaluator, arena, columns, unit->row_count, &condition));
    err = positions_of(arena, condition, unit->row_count, positions, count);
done:
    return err;
}

static struct err *filter_make(const struct combined *combined, struct arena *arena, const uint32_t *columns,
                               uint32_t column_count, struct filter *out)
{
    struct err *err = NULL;
    uint32_t used = 0;
    *out = (struct filter){.columns = columns, .column_count = column_count};
    OR_DONE(program_compile(arena, &combined->condition, 1, &out->program));
    OR_DONE(evaluator_create(arena, out->program, &out->evaluator));
    const uint32_t *reads = program_columns(out->program, &used);
    for (uint32_t i = 0; i < used; i++) {
        if (reads[i] >= column_count) {
            err = err_new(ERR_NOT_IMPLEMENTED,
                          "PREWHERE over what is no column of a table that is read FINAL is not supported yet");
            goto done;
        }
    }
done:
    return err;
}

/* At most CHUNK_ROWS_MAX rows at a time. */
static struct err *emit_parts(struct source_output *output, struct arena *arena, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    for (uint32_t begin = 0; begin < chunk->row_count && !*stop; begin += CHUNK_ROWS_MAX) {
        uint32_t left = chunk->row_count - begin;
        struct chunk *part = chunk_part(arena, chunk, begin, begin + (left < CHUNK_ROWS_MAX ? left : CHUNK_ROWS_MAX));
        if (part == NULL) {
            return arena_error(arena);
        }
        OR_DONE(source_emit(output, part, stop));
    }
done:
    return err;
}

/* What the parts share. */
struct combined_parts {
    struct final_plan *plan;
    struct final_request request;
};

static struct err *combined_divide(struct table_source *source, struct arena *arena,
                                   const struct source_request *request, uint32_t wanted, void **parts, uint32_t *count)
{
    struct err *err = NULL;
    const struct combined *combined = source->data;
    struct combined_parts *made = ARENA_NEW(arena, struct combined_parts);
    uint32_t *columns = ARENA_ARRAY(arena, uint32_t, request->column_count + 1U);
    struct scan_condition *conditions = NULL;

    if (made == NULL || columns == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < request->column_count; i++) {
        columns[i] = combined->columns[request->columns[i]];
    }
    OR_DONE(source_conditions(arena, request, combined->columns, &conditions));
    made->request = (struct final_request){.columns = columns,
                                           .column_count = request->column_count,
                                           .conditions = conditions,
                                           .condition_count = request->condition_count,
                                           .by_partition = combined->by_partition,
                                           .ranges = wanted,
                                           .filter = combined->condition == NULL ? NULL : filter_unit};
    OR_DONE(final_prepare(combined->snapshot, arena, &made->request, &made->plan));
    *parts = made;
    *count = final_part_count(made->plan);
done:
    return err;
}

static struct err *combined_part(struct table_source *source, struct arena *arena, void *parts, uint32_t part,
                                 struct source_output *output)
{
    struct err *err = NULL;
    const struct combined *combined = source->data;
    const struct combined_parts *all = parts;
    struct final_scan *final = NULL;
    struct filter filter;
    struct chunk *chunk = NULL;
    bool stop = false;
    struct arena *own = arena_beside(arena), *rows = arena_beside(arena);

    if (own == NULL || rows == NULL) {
        err = err_oom();
        goto done;
    }
    if (combined->condition != NULL) {
        OR_DONE(filter_make(combined, own, all->request.columns, all->request.column_count, &filter));
    }
    OR_DONE(final_open(all->plan, own, part, &filter, &final));
    do {
        arena_reset(rows);
        OR_DONE(final_next(final, rows, &chunk));
        if (chunk != NULL) {
            OR_DONE(emit_parts(output, rows, chunk, &stop));
        }
    } while (chunk != NULL && !stop);
done:
    arena_destroy(rows);
    arena_destroy(own);
    return err;
}

static struct err *combined_generate(struct table_source *source, struct arena *arena,
                                     const struct source_request *request, struct source_output *output)
{
    struct err *err = NULL;
    void *parts = NULL;
    uint32_t count = 0;
    OR_DONE(combined_divide(source, arena, request, 1, &parts, &count));
    for (uint32_t part = 0; part < count; part++) {
        OR_DONE(combined_part(source, arena, parts, part, output));
    }
done:
    return err;
}

struct err *source_final(struct arena *arena, struct table_source *source, bool by_partition, struct table_source **out)
{
    const uint32_t *columns = NULL;
    struct snapshot *snapshot = source_snapshot(source, &columns);

    *out = NULL;
    if (snapshot == NULL || !final_is_known(snapshot)) {
        return NULL;
    }
    struct table_source *final = ARENA_NEW(arena, struct table_source);
    struct combined *combined = ARENA_NEW(arena, struct combined);
    if (final == NULL || combined == NULL) {
        return arena_error(arena);
    }
    *combined = (struct combined){.snapshot = snapshot, .columns = columns, .by_partition = by_partition};
    *final = (struct table_source){.database = source->database,
                                   .name = source->name,
                                   .columns = source->columns,
                                   .column_count = source->column_count,
                                   .hidden_count = source->hidden_count,
                                   .final = true,
                                   .data = combined,
                                   .generate = combined_generate,
                                   .divide = combined_divide,
                                   .generate_part = combined_part};
    *out = final;
    return NULL;
}

void source_final_filter(struct table_source *source, const struct expression *condition)
{
    struct combined *combined = source->data;
    combined->condition = condition;
    source->has_prewhere = condition != NULL;
}
