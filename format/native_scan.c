/*
 * native_scan.c: a walk over a block of the format Native that can stop at every byte. See native_scan.h.
 *
 * steps    what the block is → columns and rows → of each column name, type, dictionaries' versions, values
 * values   a level for a type and each type inside that is being walked over; what has a known size is skipped at once
 */
#include "format/native_scan.h"

#include "base/interrupt.h"
#include "format/binary.h"
#include "format/native_block.h"
#include "format/reader.h"
#include "format/state_wire.h"
#include "storage/packed.h"
#include "storage/type.h"

#include <stdlib.h>

/* What stands next. */
enum step {
    STEP_INFO,
    STEP_COLUMNS,
    STEP_ROWS,
    STEP_NAME,
    STEP_TYPE,
    STEP_LAYOUT,
    STEP_VERSIONS,
    STEP_VALUES,
    STEP_COLUMN_END,
    STEP_WHOLE,
};

/* Of a type's values. */
enum phase {
    PHASE_BEGIN, /* NULLs, or what kind of dictionary it is */
    PHASE_VALUES,
    PHASE_ENTRY_COUNT,
    PHASE_ENTRIES,
    PHASE_INDEXES,
    PHASE_STRINGS,
    PHASE_STATES,
    PHASE_ENDS,
    PHASE_CHILDREN,
    PHASE_END,
};

struct level {
    struct level *outer;
    const struct type *type;
    uint64_t rows;
    enum phase phase;
    uint32_t child;      /* the next one */
    uint32_t index_bits; /* of LowCardinality: log2 of bytes */
    uint64_t strings;    /* still to come */
};

struct scan_column {
    struct slice name;
    const struct type *type;
    struct state_wire *wire; /* of states; or NULL */
};

struct native_scan {
    uint32_t revision;
    struct budget *budget;
    struct arena *arena; /* names, types, levels; of one block */
    enum step step;
    size_t at;     /* bytes that were walked over */
    uint64_t skip; /* bytes that may be anything come next */
    uint64_t rows;
    uint32_t column_count;
    uint32_t column; /* that is walked over */
    struct scan_column *columns;
    struct level *level;
    struct level *spare;
    bool unfinished; /* the bytes end here */
};

struct err *native_scan_create(uint32_t revision, struct budget *budget, struct native_scan **out)
{
    struct native_scan *scan = calloc(1, sizeof(*scan));
    if (scan == NULL) {
        return err_oom();
    }
    scan->revision = revision;
    scan->budget = budget;
    native_scan_reset(scan);
    *out = scan;
    return NULL;
}

void native_scan_destroy(struct native_scan *scan)
{
    if (scan != NULL) {
        arena_destroy(scan->arena);
        free(scan);
    }
}

void native_scan_reset(struct native_scan *scan)
{
    struct native_scan fresh = {.revision = scan->revision, .budget = scan->budget};
    fresh.step = scan->revision > 0 ? STEP_INFO : STEP_COLUMNS;
    arena_destroy(scan->arena);
    *scan = fresh;
}

static struct err *bad_as(const struct native_scan *scan, enum err_code code, const char *what, uint64_t number)
{
    struct slice name = scan->columns == NULL ? (struct slice){0} : scan->columns[scan->column].name;
    return err_new(code, "a block of the format Native, column %u \"%.*s\": %s (%llu)", scan->column + 1,
                   (int)(name.length < 100 ? name.length : 100), name.length == 0 ? "" : name.data, what,
                   (unsigned long long)number);
}

static struct err *bad(const struct native_scan *scan, const char *what, uint64_t number)
{
    return bad_as(scan, ERR_INCORRECT_DATA, what, number);
}

/* ---- what is taken; scan->unfinished: it is not all there, and nothing is taken */

static void take_length(struct native_scan *scan, struct slice block, uint64_t *out)
{
    size_t bytes = binary_take_length(block.data + scan->at, block.data + block.length, out);
    scan->unfinished = bytes == 0;
    scan->at += bytes;
}

static void take_u64(struct native_scan *scan, struct slice block, uint64_t *out)
{
    scan->unfinished = block.length - scan->at < sizeof(*out);
    if (!scan->unfinished) {
        memcpy(out, block.data + scan->at, sizeof(*out));
        scan->at += sizeof(*out);
    }
}

static struct err *take_text(struct native_scan *scan, struct slice block, struct slice *out)
{
    uint64_t length = 0;
    size_t bytes = binary_take_length(block.data + scan->at, block.data + block.length, &length);
    if (bytes > 0 && length > NATIVE_TYPE_BYTES_MAX) {
        return bad(scan, "its name or type has too many bytes", length);
    }
    scan->unfinished = bytes == 0 || block.length - scan->at - bytes < length;
    if (scan->unfinished) {
        return NULL;
    }
    *out = length == 0 ? slice_text("") : arena_slice(scan->arena, slice_of(block.data + scan->at + bytes, length));
    scan->at += bytes + length;
    return out->data == NULL ? arena_error(scan->arena) : NULL;
}

static void skip(struct native_scan *scan, struct slice block)
{
    uint64_t there = block.length - scan->at;
    uint64_t bytes = scan->skip < there ? scan->skip : there;
    scan->at += bytes;
    scan->skip -= bytes;
    scan->unfinished = scan->skip > 0;
}

/* As many strings as there are bytes for. */
static struct err *skip_strings(struct native_scan *scan, struct slice block, uint64_t *left)
{
    for (uint64_t i = 0; *left > 0; i++) {
        uint64_t length;
        struct err *err = interrupt_at(i);
        if (err != NULL) {
            return err;
        }
        take_length(scan, block, &length);
        if (scan->unfinished) {
            return NULL;
        }
        if (length > ROW_BYTES_MAX) {
            return bad(scan, "Too large string size", length);
        }
        *left -= 1;
        scan->skip = length;
        skip(scan, block);
        if (scan->unfinished) {
            return NULL;
        }
    }
    return NULL;
}

/* ---- values */

static struct err *enter(struct native_scan *scan, const struct type *type, uint64_t rows)
{
    struct level *level = scan->spare == NULL ? ARENA_NEW(scan->arena, struct level) : scan->spare;
    if (level == NULL) {
        return arena_error(scan->arena);
    }
    scan->spare = scan->spare == NULL ? NULL : scan->spare->outer;
    *level = (struct level){.outer = scan->level, .type = type, .rows = rows};
    scan->level = level;
    return NULL;
}

static void leave(struct native_scan *scan)
{
    struct level *level = scan->level;
    scan->level = level->outer;
    level->outer = scan->spare;
    scan->spare = level;
}

/* Versions that stand in front of a column's values. */
static uint64_t count_versions(const struct type *type)
{
    uint64_t count = type->low_cardinality || type->view == TYPE_VIEW_JSON;
    for (uint32_t k = 0; k < type->child_count && type->view != TYPE_VIEW_JSON; k++) {
        count += count_versions(type->children[k]);
    }
    return count;
}

/* Only of texts is it known where they end. */
static struct err *check_versions(const struct native_scan *scan, const struct type *type, const char **at)
{
    struct err *err = NULL;
    uint64_t version;
    if (type->low_cardinality || type->view == TYPE_VIEW_JSON) {
        memcpy(&version, *at, sizeof(version));
        *at += sizeof(version);
        return type->view == TYPE_VIEW_JSON && version != NATIVE_JSON_TEXT
                   ? bad_as(scan, ERR_NOT_IMPLEMENTED, NATIVE_JSON_REFUSED, version)
                   : NULL;
    }
    for (uint32_t k = 0; k < type->child_count && err == NULL; k++) {
        err = check_versions(scan, type->children[k], at);
    }
    return err;
}

static struct err *step_dictionary(struct native_scan *scan, struct slice block, struct level *level)
{
    uint64_t number = 0;
    struct err *err = NULL;
    bool texts = level->type->kind == TYPE_STRING; /* dictionaries have no JSON */
    switch (level->phase) {
    case PHASE_BEGIN:
        take_u64(scan, block, &number);
        if (!scan->unfinished && ((number & NATIVE_KEYS_WIDTH) > 3 || (number & NATIVE_KEYS_OWN) == 0 ||
                                  (number & NATIVE_KEYS_SHARED) != 0)) {
            return bad(scan, "Invalid type of indexes of LowCardinality", number);
        }
        level->index_bits = (uint32_t)(number & NATIVE_KEYS_WIDTH);
        level->phase = scan->unfinished ? PHASE_BEGIN : PHASE_ENTRY_COUNT;
        return NULL;
    case PHASE_ENTRY_COUNT:
        take_u64(scan, block, &number);
        if (scan->unfinished) {
            return NULL;
        }
        if (number > NATIVE_DICTIONARY_MAX) {
            return bad(scan, "Too large dictionary of LowCardinality", number);
        }
        level->strings = texts ? number : 0;
        scan->skip = texts ? 0 : number * level->type->width;
        level->phase = PHASE_ENTRIES;
        return NULL;
    case PHASE_ENTRIES:
        err = skip_strings(scan, block, &level->strings);
        level->phase = scan->unfinished ? PHASE_ENTRIES : PHASE_INDEXES;
        return err;
    default: /* PHASE_INDEXES */
        take_u64(scan, block, &number);
        if (scan->unfinished) {
            return NULL;
        }
        if (number != level->rows) {
            return bad(scan, "LowCardinality has another number of indexes than of rows", number);
        }
        scan->skip = level->rows << level->index_bits;
        level->phase = PHASE_END;
        return NULL;
    }
}

/* The first bytes of a type's values, behind the NULLs. */
static void begin_values(struct native_scan *scan, struct level *level)
{
    const struct type *type = level->type;
    if (binary_is_text(type)) {
        level->strings = level->rows;
        level->phase = type_is_state(type) ? PHASE_STATES : PHASE_STRINGS;
        return;
    }
    switch (type->kind) {
    case TYPE_ARRAY:
    case TYPE_MAP:
        scan->skip = (level->rows - 1) * sizeof(uint64_t);
        level->phase = PHASE_ENDS;
        break;
    case TYPE_TUPLE:
        scan->skip = type->child_count == 0 ? level->rows : 0;
        level->phase = PHASE_CHILDREN;
        break;
    default:
        scan->skip = level->rows * type->width;
        level->phase = PHASE_END;
        break;
    }
}

/* Bytes of a state: it may come in pieces, and is read from its beginning with each of them. */
#define STATE_BYTES_MAX ((size_t)1 << 20)

static struct err *step_states(struct native_scan *scan, struct slice block, struct level *level)
{
    struct err *err = NULL;
    struct state_wire *wire = scan->columns[scan->column].wire;
    for (uint64_t i = 0; level->strings > 0; i++) {
        size_t used = 0, left = block.length - scan->at;
        struct slice state;
        left = left < STATE_BYTES_MAX ? left : STATE_BYTES_MAX;
        OR_DONE(interrupt_at(i));
        OR_DONE(state_wire_read(wire, slice_of(block.data + scan->at, left), &used, &state));
        if (used == 0) {
            scan->unfinished = true;
            return left < STATE_BYTES_MAX ? NULL
                                          : bad(scan,
                                                "the state of an aggregate function has too many bytes for this "
                                                "protocol; over HTTP it may have more",
                                                left);
        }
        level->strings--;
        scan->at += used;
    }
    level->phase = PHASE_END;
done:
    return err;
}

static struct err *step_level(struct native_scan *scan, struct slice block)
{
    struct level *level = scan->level;
    const struct type *type = level->type;
    struct err *err = NULL;
    if (level->rows == 0 || level->phase == PHASE_END) {
        leave(scan);
        return NULL;
    }
    if (type->low_cardinality) {
        return step_dictionary(scan, block, level);
    }
    switch (level->phase) {
    case PHASE_BEGIN:
        scan->skip = type->nullable ? level->rows : 0;
        level->phase = PHASE_VALUES;
        return NULL;
    case PHASE_VALUES:
        begin_values(scan, level);
        return NULL;
    case PHASE_STRINGS:
        err = skip_strings(scan, block, &level->strings);
        level->phase = scan->unfinished ? PHASE_STRINGS : PHASE_END;
        return err;
    case PHASE_STATES:
        return step_states(scan, block, level);
    case PHASE_ENDS:
        take_u64(scan, block, &level->rows); /* from here on: of the elements */
        if (scan->unfinished) {
            return NULL;
        }
        if (level->rows > BLOCK_BYTES_MAX) { /* an element has a byte */
            return bad(scan, "Array sizes are too large", level->rows);
        }
        level->phase = PHASE_CHILDREN;
        return NULL;
    default: /* PHASE_CHILDREN */
        if (level->child == type->child_count) {
            level->phase = PHASE_END;
            return NULL;
        }
        return enter(scan, type->children[level->child++], level->rows);
    }
}

/* ---- columns */

static struct err *begin_columns(struct native_scan *scan)
{
    if (scan->rows > BLOCK_BYTES_MAX) { /* a row has a byte */
        return bad(scan, "Suspiciously many rows", scan->rows);
    }
    if (scan->column_count == 0 && scan->rows > 0) {
        return bad(scan, "rows without columns", scan->rows);
    }
    scan->arena = arena_create(scan->budget);
    if (scan->arena == NULL) {
        return err_oom();
    }
    struct scan_column *columns = ARENA_ARRAY(scan->arena, struct scan_column, scan->column_count + 1U);
    if (columns == NULL) {
        return arena_error(scan->arena);
    }
    memset(columns, 0, (scan->column_count + 1U) * sizeof(*columns));
    scan->columns = columns;
    scan->step = scan->column_count == 0 ? STEP_WHOLE : STEP_NAME;
    return NULL;
}

static struct err *take_type(struct native_scan *scan, struct slice block)
{
    struct err *err = NULL;
    struct slice text = {0};
    struct scan_column *column = &scan->columns[scan->column];
    OR_DONE(take_text(scan, block, &text));
    if (!scan->unfinished) {
        OR_DONE(type_parse(scan->arena, text, &column->type));
        OR_DONE(binary_refuse("Native", column->name, column->type, (struct binary_views){.json = true}));
        if (type_is_state(column->type)) {
            OR_DONE(state_wire_open(scan->arena, column->type, &column->wire));
        }
        scan->step = STEP_LAYOUT;
    }
done:
    return err;
}

static struct err *take_layout(struct native_scan *scan, struct slice block)
{
    if (scan->revision >= NATIVE_REVISION_CUSTOM) {
        if (scan->at == block.length) {
            scan->unfinished = true;
            return NULL;
        }
        char layout = block.data[scan->at++];
        if (layout != 0) {
            return bad(scan, "a column in another layout than the usual one is not supported",
                       (uint64_t)(unsigned char)layout);
        }
    }
    scan->step = STEP_VERSIONS;
    return NULL;
}

static struct err *take_versions(struct native_scan *scan, struct slice block)
{
    const struct type *type = scan->columns[scan->column].type;
    uint64_t bytes = scan->rows == 0 ? 0 : count_versions(type) * sizeof(uint64_t);
    if (block.length - scan->at < bytes) {
        scan->unfinished = true;
        return NULL;
    }
    const char *at = block.data + scan->at;
    struct err *err = scan->rows == 0 ? NULL : check_versions(scan, type, &at);
    scan->at += bytes;
    scan->step = STEP_VALUES;
    return err != NULL || scan->rows == 0 ? err : enter(scan, type, scan->rows);
}

static struct err *take_info(struct native_scan *scan, struct slice block)
{
    uint64_t number;
    take_length(scan, block, &number);
    if (scan->unfinished) {
        return NULL;
    }
    if (number > NATIVE_INFO_BUCKET) {
        return bad(scan, "Unknown BlockInfo field number", number);
    }
    scan->skip = number == NATIVE_INFO_OVERFLOW ? 1 : number == NATIVE_INFO_BUCKET ? 4 : 0;
    scan->step = number == NATIVE_INFO_END ? STEP_COLUMNS : STEP_INFO;
    return NULL;
}

static struct err *take_step(struct native_scan *scan, struct slice block)
{
    struct err *err = NULL;
    uint64_t number;
    switch (scan->step) {
    case STEP_INFO:
        return take_info(scan, block);
    case STEP_COLUMNS:
        take_length(scan, block, &number);
        if (!scan->unfinished && number > NATIVE_COLUMNS_MAX) {
            return bad(scan, "Suspiciously many columns", number);
        }
        scan->column_count = scan->unfinished ? 0 : (uint32_t)number;
        scan->step = scan->unfinished ? STEP_COLUMNS : STEP_ROWS;
        return NULL;
    case STEP_ROWS:
        take_length(scan, block, &number);
        scan->rows = scan->unfinished ? 0 : number;
        return scan->unfinished ? NULL : begin_columns(scan);
    case STEP_NAME:
        err = take_text(scan, block, &scan->columns[scan->column].name);
        scan->step = scan->unfinished || err != NULL ? STEP_NAME : STEP_TYPE;
        return err;
    case STEP_TYPE:
        return take_type(scan, block);
    case STEP_LAYOUT:
        return take_layout(scan, block);
    case STEP_VERSIONS:
        return take_versions(scan, block);
    case STEP_VALUES:
        if (scan->level != NULL) {
            return step_level(scan, block);
        }
        scan->column++;
        scan->step = scan->column == scan->column_count ? STEP_WHOLE : STEP_NAME;
        return NULL;
    default:
        return NULL;
    }
}

struct err *native_scan_step(struct native_scan *scan, struct slice block, bool *whole)
{
    struct err *err = NULL;
    scan->unfinished = false;
    for (uint64_t i = 0; err == NULL && scan->step != STEP_WHOLE && !scan->unfinished; i++) {
        skip(scan, block);
        if (!scan->unfinished) {
            err = take_step(scan, block);
        }
        if (err == NULL && scan->at + scan->skip > BLOCK_BYTES_MAX) {
            err = bad(scan, "the block has too many bytes", scan->at + scan->skip);
        }
        err = err == NULL ? interrupt_at(i) : err;
    }
    *whole = err == NULL && scan->step == STEP_WHOLE;
    return err;
}

/* ---- of a whole block */

size_t native_scan_bytes(const struct native_scan *scan)
{
    return scan->at;
}

uint64_t native_scan_rows(const struct native_scan *scan)
{
    return scan->rows;
}

uint32_t native_scan_columns(const struct native_scan *scan)
{
    return scan->column_count;
}

struct slice native_scan_name(const struct native_scan *scan, uint32_t column)
{
    return scan->columns[column].name;
}

const struct type *native_scan_type(const struct native_scan *scan, uint32_t column)
{
    return scan->columns[column].type;
}
