/*
 * flush.c: rows of one table, from heads or inserts, become sorted segments of a pack.
 *
 * flow     draft.c, insert.c → here → segment writer
 * steps    partition values and expiry per chunk → ordinals → sort keys → one radix sort of all rows (ordinal first) →
 *          per ordinal one segment, granule by granule: gather, encode
 * sort     one radix sort of all rows, 2–3 passes of a few nanoseconds a row, where merging sorted chunks would take
 *          log2(chunks) unpredictable comparisons a row (reasoned, not measured)
 */
#include "storage/flush.h"

#include "base/checksum.h"
#include "storage/draft.h"
#include "storage/gather.h"
#include "storage/segment.h"
#include "storage/sort.h"

#include <stdlib.h>

#define DATE_ZONE_US ((int64_t)14 * 3600 * 1000000) /* midnight of a Date is at most so much later than in UTC */

bool time_value_us(const struct column *column, uint32_t row, int64_t *us)
{
    if (column_is_null(column, row)) {
        return false;
    }
    const void *value = column_value(column, row);
    switch (column->type->kind) {
    case TYPE_DATE:
        *us = (int64_t) * (const uint16_t *)value * 86400 * 1000000;
        return true;
    case TYPE_DATE32:
        *us = (int64_t) * (const int32_t *)value * 86400 * 1000000;
        return true;
    case TYPE_DATETIME:
        *us = (int64_t) * (const uint32_t *)value * 1000000;
        return true;
    case TYPE_DATETIME64: {
        int64_t ticks = *(const int64_t *)value;
        int64_t scale = 1;
        for (uint32_t i = column->type->scale; i < 6; i++) {
            scale *= 10;
        }
        for (uint32_t i = 6; i < column->type->scale; i++) {
            ticks /= 10;
        }
        return !__builtin_mul_overflow(ticks, scale, us);
    }
    default:
        return false;
    }
}

struct err *flush_view(struct arena *arena, const struct flush_head *heads, uint32_t head_count, struct chunk ***chunks,
                       uint32_t *chunk_count)
{
    uint32_t room = 0, count = 0;
    for (uint32_t i = 0; i < head_count; i++) {
        room += head_mark_chunks(heads[i].to);
    }
    *chunks = ARENA_ARRAY(arena, struct chunk *, room + 1);
    if (*chunks == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < head_count; i++) {
        struct head *head = heads[i].head;
        uint32_t columns = table_column_count(head->def);
        for (uint32_t c = (uint32_t)(heads[i].from >> 32); c < head_mark_chunks(heads[i].to); c++) {
            uint32_t skip = head_mark_rows(head, heads[i].from, c);
            uint32_t rows = head_mark_rows(head, heads[i].to, c);
            if (rows <= skip) {
                continue;
            }
            struct chunk *chunk = chunk_new(arena, columns, rows - skip);
            if (chunk == NULL) {
                return arena_error(arena);
            }
            for (uint32_t k = 0; k < columns; k++) {
                struct column *column = row_chunk_column(arena, head->chunks[c], k, rows);
                if (column != NULL && skip > 0) {
                    column = column_part(arena, column, skip, rows);
                }
                if (column == NULL) {
                    return arena_error(arena);
                }
                chunk->columns[k] = column;
            }
            (*chunks)[count++] = chunk;
        }
    }
    *chunk_count = count;
    return NULL;
}

/* ---- partitions */
struct partition {
    uint64_t rows;
    int64_t expires;
    struct slice text;
    unsigned __int128 key; /* the value's bits, or a hash of its text */
    bool null;
    uint32_t rank; /* place among the segments */
};

struct partitioning {
    struct arena *arena;
    const struct flush_rows *rows;
    struct partition *list;
    uint32_t count;
    uint32_t room;
    uint32_t partitions_max;
    uint32_t *hash; /* open addressing: index + 1 */
    uint32_t hash_size;
};

static unsigned __int128 value_key(const struct column *column, uint32_t row)
{
    unsigned __int128 key = 0;
    const void *value = column_value(column, row);
    if (column->type->kind == TYPE_STRING) {
        const struct slice *text = value;
        for (size_t i = 0; i < text->length; i++) {
            key = (key ^ (uint8_t)text->data[i]) * (((unsigned __int128)1 << 88) + 0x13b);
        }
        return key ^ (unsigned __int128)text->length << 64;
    }
    if (column->type->width > sizeof(key)) {
        return checksum128(value, column->type->width);
    }
    memcpy(&key, value, column->type->width);
    return key;
}

static struct err *partition_find(struct partitioning *p, const struct column *column, uint32_t row, uint32_t *out)
{
    bool null = column_is_null(column, row);
    unsigned __int128 key = null ? 0 : value_key(column, row);
    uint64_t mixed = ((uint64_t)key ^ (uint64_t)(key >> 64)) * 0x9e3779b97f4a7c15ULL;

    if (p->count * 2 >= p->hash_size) {
        uint32_t size = p->hash_size == 0 ? 256 : p->hash_size * 2;
        uint32_t *hash = arena_zalloc(p->arena, size * sizeof(*hash));
        struct partition *list = ARENA_ARRAY(p->arena, struct partition, size);
        if (hash == NULL || list == NULL) {
            return arena_error(p->arena);
        }
        for (uint32_t i = 0; i < p->count; i++) {
            list[i] = p->list[i];
            uint64_t again = ((uint64_t)list[i].key ^ (uint64_t)(list[i].key >> 64)) * 0x9e3779b97f4a7c15ULL;
            uint32_t at = (uint32_t)(again >> 32) & (size - 1);
            while (hash[at] != 0) {
                at = (at + 1) & (size - 1);
            }
            hash[at] = i + 1;
        }
        p->hash = hash;
        p->hash_size = size;
        p->list = list;
        p->room = size;
    }
    uint32_t at = (uint32_t)(mixed >> 32) & (p->hash_size - 1);
    while (p->hash[at] != 0) {
        const struct partition *known = &p->list[p->hash[at] - 1];
        if (known->key == key && known->null == null) {
            *out = p->hash[at] - 1;
            return NULL;
        }
        at = (at + 1) & (p->hash_size - 1);
    }
    if (p->partitions_max > 0 && p->count >= p->partitions_max) {
        return err_new(ERR_TOO_MANY_PARTITIONS,
                       "rows for more than %u partitions of table %s.%s in one commit: insert fewer partitions at a "
                       "time, or use a coarser PARTITION BY",
                       p->partitions_max, p->rows->def->database, p->rows->def->name);
    }
    struct partition *fresh = &p->list[p->count];
    *fresh = (struct partition){.expires = INT64_MIN, .key = key, .null = null};
    struct err *err = table_partition_text(p->rows->def, table_program_of(p->rows->table, p->rows->def), p->arena,
                                           column, row, &fresh->text);
    if (err != NULL) {
        return err;
    }
    p->hash[at] = ++p->count;
    *out = p->count - 1;
    return NULL;
}

/* Ordinals of a chunk's rows; NULL in *out: all rows have ordinal *one. */
static struct err *partition_chunk(struct partitioning *p, const struct chunk *chunk, uint32_t **out, uint32_t *one)
{
    struct err *err = NULL;
    struct column *column = NULL;
    const struct table_def *def = p->rows->def;

    *out = NULL;
    if (def->partition_by == NULL || def->partition_by[0] == 0) {
        if (p->count == 0) {
            struct column constant = {.type = type_simple(TYPE_UINT8), .form = COLUMN_CONST, .row_count = 1};
            uint8_t zero = 0;
            constant.values = &zero;
            OR_DONE(partition_find(p, &constant, 0, one));
            p->list[0].text = slice_of("", 0);
        }
        *one = 0;
        goto done;
    }
    OR_DONE(table_evaluate(def, table_program_of(p->rows->table, p->rows->def), p->arena, TABLE_PARTITION_BY, 0, chunk,
                           &column));
    if (column->form == COLUMN_CONST) {
        OR_DONE(partition_find(p, column, 0, one));
        goto done;
    }
    uint32_t *ordinals = NULL;
    OR_DONE(partition_find(p, column, 0, one));
    uint32_t width = column->type->width;
    bool flat = column->form == COLUMN_FLAT && column->nulls == NULL && column->type->kind != TYPE_STRING;
    uint32_t last = *one;
    for (uint32_t row = 1; row < chunk->row_count; row++) {
        /* neighbours mostly share their partition */
        bool same = flat && memcmp((const char *)column->values + (size_t)row * width,
                                   (const char *)column->values + (size_t)(row - 1) * width, width) == 0;
        uint32_t ordinal = last;
        if (!same) {
            OR_DONE(partition_find(p, column, row, &ordinal));
        }
        if (ordinal != *one && ordinals == NULL) {
            ordinals = ARENA_ARRAY(p->arena, uint32_t, chunk->row_count);
            if (ordinals == NULL) {
                err = arena_error(p->arena);
                goto done;
            }
            for (uint32_t i = 0; i < row; i++) {
                ordinals[i] = *one;
            }
        }
        if (ordinals != NULL) {
            ordinals[row] = ordinal;
        }
        last = ordinal;
    }
    *out = ordinals;
done:
    return err;
}

int64_t ttl_expires_at_us(const struct column *ttl, uint32_t row)
{
    int64_t expires = INT64_MAX;
    if (!time_value_us(ttl, row, &expires) || expires == 0) {
        return INT64_MAX; /* as ClickHouse: a zero time never expires */
    }
    bool is_date = ttl->type->kind == TYPE_DATE || ttl->type->kind == TYPE_DATE32;
    return expires + (is_date && expires < INT64_MAX - DATE_ZONE_US ? DATE_ZONE_US : 0);
}

/* Counts and expiry of a chunk's rows go to their partitions. */
static struct err *partition_measure(struct partitioning *p, const struct chunk *chunk, const uint32_t *ordinals,
                                     uint32_t one)
{
    struct err *err = NULL;
    const struct table_def *def = p->rows->def;
    struct column *ttl = NULL;

    if (def->ttl != NULL && def->ttl[0] != 0) {
        OR_DONE(
            table_evaluate(def, table_program_of(p->rows->table, p->rows->def), p->arena, TABLE_TTL, 0, chunk, &ttl));
    }
    if (ordinals == NULL) {
        p->list[one].rows += chunk->row_count;
    }
    for (uint32_t row = 0; ordinals != NULL && row < chunk->row_count; row++) {
        p->list[ordinals[row]].rows++;
    }
    for (uint32_t row = 0; ttl != NULL && row < chunk->row_count; row++) {
        struct partition *partition = &p->list[ordinals == NULL ? one : ordinals[row]];
        int64_t expires = ttl_expires_at_us(ttl, row);
        partition->expires = expires > partition->expires ? expires : partition->expires;
    }
    for (uint32_t i = 0; ttl == NULL && i < p->count; i++) {
        p->list[i].expires = INT64_MAX;
    }
done:
    return err;
}

struct err *flush_check_partitions(const struct flush_rows *rows, uint32_t partitions_max)
{
    struct err *err = NULL;
    struct arena *work = arena_create(NULL);
    struct partitioning parts = {.arena = work, .rows = rows, .partitions_max = partitions_max};
    uint32_t *ordinals = NULL;
    uint32_t one = 0;

    if (work == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < rows->chunk_count; i++) {
        OR_DONE(partition_chunk(&parts, rows->chunks[i], &ordinals, &one));
    }
done:
    arena_destroy(work);
    return err;
}

static int by_rows(const void *left, const void *right)
{
    const struct partition *const *a = left, *const *b = right;
    return ((*a)->rows < (*b)->rows) - ((*a)->rows > (*b)->rows);
}

/* Which partitions get segments of their own: rank 0 … ; the excess shares the last rank. */
static struct err *partition_rank(struct partitioning *p, uint32_t *segment_count)
{
    struct partition **sorted = ARENA_ARRAY(p->arena, struct partition *, p->count + 1);
    if (sorted == NULL) {
        return arena_error(p->arena);
    }
    for (uint32_t i = 0; i < p->count; i++) {
        sorted[i] = &p->list[i];
        p->list[i].rank = i;
    }
    *segment_count = p->count;
    uint32_t own_max = p->rows->split_max == 0 ? DRAFT_PARTITIONS_MAX : p->rows->split_max;
    if (p->count > own_max) {
        qsort(sorted, p->count, sizeof(struct partition *), by_rows);
        for (uint32_t i = 0; i < p->count; i++) {
            sorted[i]->rank = i < own_max ? i : own_max;
        }
        *segment_count = own_max + 1;
    }
    return NULL;
}

/* ---- writing */
struct flushing {
    struct arena *arena; /* the caller's */
    const struct flush_rows *rows;
    const struct column ***columns; /* [column][chunk] */
    uint32_t column_count;
    struct pack_writer *pack;
    uint64_t pack_number;
};

/* One segment from rows in order. */
static struct err *segment_write(struct flushing *flushing, const uint32_t *order, uint64_t row_count,
                                 const struct partition *partition, struct ledger_segment *out)
{
    struct err *err = NULL;
    struct arena *scratch = arena_create(NULL); /* one granule at a time */
    struct arena *dictionaries = arena_create(NULL);
    struct segment_schema schema;
    struct segment_summary summary;
    const struct flush_rows *rows = flushing->rows;

    if (scratch == NULL || dictionaries == NULL) {
        err = err_oom();
        goto done;
    }
    struct unifier **unifiers = ARENA_ARRAY(dictionaries, struct unifier *, flushing->column_count + 1);
    if (unifiers == NULL) {
        err = arena_error(dictionaries);
        goto done;
    }
    for (uint32_t i = 0; i < flushing->column_count; i++) {
        OR_DONE(unifier_create(dictionaries, flushing->columns[i], rows->chunk_count, order, row_count, &unifiers[i]));
    }
    OR_DONE(table_segment_schema(dictionaries, rows->table, rows->def, &schema));
    OR_DONE(pack_segment_begin(flushing->pack, &schema));
    for (uint64_t begin = 0; begin < row_count; begin += CHUNK_ROWS_MAX) {
        uint32_t count = (uint32_t)(row_count - begin > CHUNK_ROWS_MAX ? CHUNK_ROWS_MAX : row_count - begin);
        struct chunk *chunk = chunk_new(scratch, flushing->column_count, count);
        if (chunk == NULL) {
            err = arena_error(scratch);
            goto done;
        }
        for (uint32_t i = 0; i < flushing->column_count; i++) {
            OR_DONE(gather_rows(scratch, unifiers[i], flushing->columns[i], rows->chunk_count, order + begin, count,
                                &chunk->columns[i]));
        }
        OR_DONE(pack_segment_granule(flushing->pack, chunk, NULL));
        arena_reset(scratch);
    }
    OR_DONE(pack_segment_end(flushing->pack, &summary));
    *out = (struct ledger_segment){
        .table_id = rows->table->id,
        .pack = flushing->pack_number,
        .offset = summary.offset,
        .length = summary.length,
        .row_count = summary.row_count,
        .row_sum = summary.row_sum,
        .footer_hash = summary.footer_hash,
        .schema_version = rows->def->schema_version,
        .time_min_us = summary.time_min_us,
        .time_max_us = summary.time_max_us,
        .expires_at_us = partition->expires,
        .partition = partition->text,
    };
done:
    arena_destroy(scratch);
    arena_destroy(dictionaries);
    return err;
}

struct err *flush_rows(struct arena *arena, const struct flush_rows *rows, struct pack_writer *pack,
                       uint64_t pack_number, uint32_t partitions_max, struct ledger_segment **segments,
                       uint32_t *segment_count)
{
    struct err *err = NULL;
    struct arena *work = arena_create(NULL);
    struct partitioning parts = {.arena = work, .rows = rows, .partitions_max = partitions_max};
    const struct table_def *def = rows->def;
    uint32_t chunk_count = rows->chunk_count;

    *segment_count = 0;
    *segments = NULL;
    if (work == NULL) {
        err = err_oom();
        goto done;
    }
    if (chunk_count == 0) {
        goto done;
    }
    /* partitions */
    uint32_t **ordinals = ARENA_ARRAY(work, uint32_t *, chunk_count + 1);
    uint32_t *ones = ARENA_ARRAY(work, uint32_t, chunk_count + 1);
    struct sort_chunk *keys = ARENA_ARRAY(work, struct sort_chunk, chunk_count + 1);
    if (ordinals == NULL || ones == NULL || keys == NULL) {
        err = arena_error(work);
        goto done;
    }
    for (uint32_t i = 0; i < chunk_count; i++) {
        OR_DONE(partition_chunk(&parts, rows->chunks[i], &ordinals[i], &ones[i]));
        OR_DONE(partition_measure(&parts, rows->chunks[i], ordinals[i], ones[i]));
    }
    uint32_t count = 0;
    OR_DONE(partition_rank(&parts, &count));
    /* sort keys: the partition's rank, then the table's */
    uint32_t first = count > 1 ? 1 : 0;
    uint32_t key_count = first + def->order_by_count;
    for (uint32_t i = 0; i < chunk_count; i++) {
        struct chunk *chunk = rows->chunks[i];
        const struct column **list = ARENA_ARRAY(work, const struct column *, key_count + 1);
        struct column *key = NULL;
        if (list == NULL) {
            err = arena_error(work);
            goto done;
        }
        if (first == 1) {
            key = column_new(work, type_simple(TYPE_UINT32), chunk->row_count);
            if (key == NULL) {
                err = arena_error(work);
                goto done;
            }
            for (uint32_t row = 0; row < chunk->row_count; row++) {
                ((uint32_t *)key->values)[row] = parts.list[ordinals[i] == NULL ? ones[i] : ordinals[i][row]].rank;
            }
            list[0] = key;
        }
        for (uint32_t k = 0; k < def->order_by_count; k++) {
            OR_DONE(table_evaluate(def, table_program_of(rows->table, def), work, TABLE_ORDER_BY, k, chunk, &key));
            list[first + k] = key;
        }
        keys[i] = (struct sort_chunk){list, chunk->row_count};
    }
    uint32_t *order = NULL;
    uint64_t row_count = 0;
    OR_DONE(sort_rows(work, keys, chunk_count, key_count, &order, &row_count, NULL));
    /* one segment per rank */
    struct flushing flushing = {.arena = arena, .rows = rows, .pack = pack, .pack_number = pack_number};
    flushing.column_count = table_column_count(def);
    flushing.columns = ARENA_ARRAY(work, const struct column **, flushing.column_count + 1);
    *segments = ARENA_ARRAY(arena, struct ledger_segment, count + 1);
    struct partition *by_rank = arena_zalloc(work, (count + 1) * sizeof(*by_rank));
    if (flushing.columns == NULL || *segments == NULL || by_rank == NULL) {
        err = *segments == NULL ? arena_error(arena) : arena_error(work);
        goto done;
    }
    for (uint32_t k = 0; k < flushing.column_count; k++) {
        flushing.columns[k] = ARENA_ARRAY(work, const struct column *, chunk_count + 1);
        if (flushing.columns[k] == NULL) {
            err = arena_error(work);
            goto done;
        }
        for (uint32_t i = 0; i < chunk_count; i++) {
            flushing.columns[k][i] = rows->chunks[i]->columns[k];
        }
        OR_DONE(gather_code(work, flushing.columns[k], chunk_count));
    }
    for (uint32_t i = 0; i < parts.count; i++) {
        struct partition *from = &parts.list[i], *to = &by_rank[from->rank];
        if (to->rows == 0) {
            *to = *from;
            continue;
        }
        to->rows += from->rows;
        to->expires = from->expires > to->expires ? from->expires : to->expires;
        to->text = slice_text("*");
    }
    uint64_t begin = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (by_rank[i].text.length > 0) {
            by_rank[i].text = arena_slice(arena, by_rank[i].text);
            if (by_rank[i].text.data == NULL) {
                err = arena_error(arena);
                goto done;
            }
        }
        OR_DONE(segment_write(&flushing, order + begin, by_rank[i].rows, &by_rank[i], &(*segments)[i]));
        begin += by_rank[i].rows;
    }
    *segment_count = count;
done:
    arena_destroy(work);
    return err;
}
