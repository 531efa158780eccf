/*
 * scan_partitions.c: which segments a scan leaves out by the partition that the ledger says they are of.
 *
 * flow     scan_units.c → here, before footers are read: of ten years of partitions most are never opened
 * known    partitions by a column as it is, whose text, as the ledger has it, says the value exactly: the text is read
 *          as a value, and this value must give the text again. What mixes partitions is never left out
 */
#include "storage/scan_private.h"

static bool says_the_value(const struct type *type)
{
    return !type->nullable &&
           (type_is_integer(type) || type->kind == TYPE_DATE || type->kind == TYPE_DATE32 || type->kind == TYPE_STRING);
}

/* Of each text its value; *known: does the value give the text? All false, if some text is no value. */
static struct err *texts_read(struct arena *work, struct column *texts, const struct type *type, bool *known,
                              struct column **out)
{
    struct err *err = NULL;
    struct column *values = NULL, *back = NULL;
    const struct column *flat = NULL;

    memset(known, 0, texts->row_count);
    err = table_functions()->cast(work, texts, type, &values);
    if (err == NULL) {
        err = table_functions()->cast(work, values, type_simple(TYPE_STRING), &back);
    }
    if (err == NULL) {
        flat = column_flat(work, back);
        err = flat == NULL ? arena_error(work) : NULL;
    }
    if (err != NULL && err_code(err) != ERR_MEMORY_LIMIT) {
        err_free(err); /* footers will say it */
        return NULL;
    }
    for (uint32_t i = 0; err == NULL && i < texts->row_count; i++) {
        known[i] = slice_equal(((const struct slice *)flat->values)[i], ((const struct slice *)texts->values)[i]);
    }
    *out = values;
    return err;
}

static bool value_excluded(const struct column *values, uint32_t row, const struct scan_condition *condition)
{
    if (column_is_null(condition->value, 0)) {
        return true;
    }
    if (condition->domain[0] != NULL && (column_compare(values, row, condition->domain[0], 0) < 0 ||
                                         column_compare(values, row, condition->domain[1], 0) > 0)) {
        return false;
    }
    int order = column_compare(values, row, condition->value, 0);
    switch (condition->kind) {
    case SCAN_EQUAL:
        return order != 0;
    case SCAN_LESS:
        return order >= 0;
    case SCAN_LESS_EQUAL:
        return order > 0;
    case SCAN_GREATER:
        return order <= 0;
    case SCAN_GREATER_EQUAL:
        return order < 0;
    }
    return false;
}

struct err *scan_partitions(const struct snapshot *snapshot, struct arena *arena,
                            const struct scan_condition *conditions, uint32_t count, bool **out)
{
    struct err *err = NULL;
    const struct table_version *version = snapshot->version;
    const struct table_def *def = version->def;
    int column = table_functions() == NULL ? -1 : table_plain_column(def, def->partition_by);
    const struct type *type = column < 0 ? NULL : table_column_type(def, (uint32_t)column);
    struct arena *work = NULL;
    bool asked = false;

    *out = NULL;
    for (uint32_t i = 0; i < count; i++) {
        asked = asked || (int)conditions[i].column == column;
    }
    if (column < 0 || !asked || version->segment_count < 2 || !says_the_value(type)) {
        return NULL;
    }
    work = arena_beside(arena);
    if (work == NULL) {
        return err_oom();
    }
    struct column *texts = column_new(work, type_simple(TYPE_STRING), version->segment_count), *values = NULL;
    bool *known = ARENA_ARRAY(work, bool, version->segment_count);
    uint32_t *sources = ARENA_ARRAY(work, uint32_t, version->segment_count);
    bool *excluded = arena_zalloc(arena, version->segment_count);
    if (texts == NULL || known == NULL || sources == NULL || excluded == NULL) {
        err = excluded == NULL ? arena_error(arena) : arena_error(work);
        goto done;
    }
    texts->row_count = 0;
    for (uint32_t i = 0; i < version->segment_count; i++) {
        const struct ledger_segment *info = &version->segments[i]->info;
        if (!slice_equal(info->partition, slice_text("*")) &&
            scan_is_stored(def, (uint32_t)column, info->schema_version)) {
            sources[texts->row_count] = i;
            ((struct slice *)texts->values)[texts->row_count++] = info->partition;
        }
    }
    OR_DONE(texts_read(work, texts, type, known, &values));
    for (uint32_t row = 0; row < texts->row_count; row++) {
        for (uint32_t i = 0; i < count && known[row]; i++) {
            if ((int)conditions[i].column == column && value_excluded(values, row, &conditions[i])) {
                excluded[sources[row]] = true;
            }
        }
    }
    *out = excluded;
done:
    arena_destroy(work);
    return err;
}
