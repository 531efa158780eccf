/*
 * damage_test.c: a data directory of format version 1 (tests/golden/data-1: a table of all types, killed with an INSERT
 * in its log) opens; then each of its bytes is flipped, one at a time, and its files are cut, emptied, removed and
 * swapped. The check names file and place, and what is read is right or an error.
 *
 * The directory is in memory, in a file layer that only reads.
 */
#include "storage/check.h"
#include "storage/segment.h"
#include "tests/storage/ledger_fixture.h"

#define FILES_MAX 16U
/* With sanitizers, which make a check ten times as long, every fifth byte, and so all bits of bytes in turn. */
#ifdef WEIR_SANITIZED
#define FLIP_STEP 5U
#else
#define FLIP_STEP 1U
#endif

struct stored {
    char path[64];
    uint8_t *bytes;
    size_t length;
    bool missing;
};

struct memory {
    struct io io;
    struct stored files[FILES_MAX];
    uint32_t count;
};

struct opened {
    struct io_file file;
    const struct stored *stored;
};

/* ---- the file layer */
static struct stored *stored_find(struct memory *memory, const char *path)
{
    for (uint32_t k = 0; k < memory->count; k++) {
        if (!memory->files[k].missing && strcmp(memory->files[k].path, path) == 0) {
            return &memory->files[k];
        }
    }
    return NULL;
}

static struct err *memory_open(struct io *io, const char *path, enum io_mode mode, struct io_file **out)
{
    const struct stored *stored = stored_find((struct memory *)io, path);
    assert_int_equal(mode, IO_READ);
    if (stored == NULL) {
        return err_new(ERR_OPEN_FILE, "\"%s/%s\": no such file", io->root, path);
    }
    struct opened *opened = calloc(1, sizeof(*opened));
    assert_non_null(opened);
    opened->file = (struct io_file){.io = io, .path = strdup(path)};
    opened->stored = stored;
    *out = &opened->file;
    return NULL;
}

static struct err *memory_read(struct io_file *file, uint64_t offset, void *data, size_t bytes, size_t *read_bytes)
{
    const struct stored *stored = ((struct opened *)file)->stored;
    uint64_t left = offset < stored->length ? stored->length - offset : 0;
    *read_bytes = bytes < left ? bytes : (size_t)left;
    if (*read_bytes > 0) {
        memcpy(data, stored->bytes + offset, *read_bytes);
    }
    return NULL;
}

static struct err *memory_size(struct io_file *file, uint64_t *bytes)
{
    *bytes = ((struct opened *)file)->stored->length;
    return NULL;
}

static void memory_close(struct io_file *file)
{
    free(file->path);
    free(file);
}

static struct err *memory_list(struct io *io, const char *path, struct arena *arena, struct slice **names,
                               uint32_t *count)
{
    struct memory *memory = (struct memory *)io;
    size_t length = strlen(path);
    *names = ARENA_ARRAY(arena, struct slice, FILES_MAX);
    *count = 0;
    for (uint32_t k = 0; k < memory->count; k++) { /* kept in order */
        if (!memory->files[k].missing && strncmp(memory->files[k].path, path, length) == 0) {
            (*names)[(*count)++] = slice_text(memory->files[k].path + length + 1);
        }
    }
    return NULL;
}

static struct err *memory_exists(struct io *io, const char *path, bool *exists)
{
    const struct memory *memory = (struct memory *)io;
    size_t length = strlen(path);
    *exists = false; /* a file, or a directory with one */
    for (uint32_t k = 0; k < memory->count; k++) {
        const struct stored *file = &memory->files[k];
        *exists = *exists || (!file->missing && strncmp(file->path, path, length) == 0 &&
                              (file->path[length] == '/' || file->path[length] == 0));
    }
    return NULL;
}

static struct err *memory_make_dir(struct io *io, const char *path)
{
    (void)io;
    (void)path;
    return NULL;
}

static const struct io_ops memory_ops = {.open = memory_open,
                                         .read = memory_read,
                                         .size = memory_size,
                                         .close = memory_close,
                                         .list = memory_list,
                                         .exists = memory_exists,
                                         .make_dir = memory_make_dir};

static void memory_add(struct memory *memory, const char *folder)
{
    struct io *io = NULL;
    struct arena *arena = arena_create(NULL);
    struct slice *names = NULL;
    uint32_t count = 0;
    assert_ok(io_system("tests/golden/data-1", &io));
    assert_ok(io_list(io, folder, arena, &names, &count));
    for (uint32_t k = 0; k < count; k++) {
        struct stored *stored = &memory->files[memory->count++];
        struct io_file *file = NULL;
        uint64_t length = 0;
        assert_true(memory->count <= FILES_MAX);
        (void)snprintf(stored->path, sizeof stored->path, "%s/%.*s", folder, SLICE_ARG(names[k]));
        assert_ok(io_open(io, stored->path, IO_READ, &file));
        assert_ok(io_size(file, &length));
        stored->length = (size_t)length;
        stored->bytes = malloc(stored->length + 1);
        assert_non_null(stored->bytes);
        assert_ok(io_read(file, 0, stored->bytes, stored->length));
        io_close(file);
    }
    arena_destroy(arena);
    io_destroy(io);
}

static int memory_make(void **state)
{
    static char root[] = "golden";
    struct memory *memory = calloc(1, sizeof(*memory));
    assert_non_null(memory);
    memory->io = (struct io){.ops = &memory_ops, .root = root};
    memory_add(memory, "insert-log");
    memory_add(memory, "ledger");
    memory_add(memory, "packs");
    assert_int_equal(memory->count, 5);
    *state = memory;
    return 0;
}

static int memory_remove(void **state)
{
    struct memory *memory = *state;
    for (uint32_t k = 0; k < memory->count; k++) {
        free(memory->files[k].bytes);
    }
    free(memory);
    return 0;
}

/* ---- what is found */
struct told {
    unsigned count;
    char text[4096];
};

static void tell(void *user, const char *text)
{
    struct told *told = user;
    size_t length = strlen(told->text);
    told->count++;
    (void)snprintf(told->text + length, sizeof told->text - length, "%s\n", text);
}

static struct told check_all(struct memory *memory, struct check_report *report)
{
    struct told told = {0};
    assert_ok(store_check("golden", &memory->io, NULL, tell, &told, report));
    assert_int_equal(told.count, report->problems);
    return told;
}

/* Live segments, as the whole ledger names them. */
static void segments_of(struct memory *memory, struct arena *arena, struct ledger_segment **segments, uint32_t *count)
{
    struct ledger *ledger = NULL;
    struct ledger_options options = {.read_only = true};
    assert_ok(ledger_open(&memory->io, "ledger", &options, &ledger));
    assert_ok(ledger_segments(ledger, arena, 0, segments, count));
    assert_ok(ledger_close(ledger));
}

/* Reads all rows of a segment as a query would. True: an error, which names the pack. False: all rows are right. */
static bool rows_fail(struct memory *memory, const struct ledger_segment *record)
{
    struct err *err = NULL;
    struct segment *segment = NULL;
    struct arena *arena = arena_create(NULL);
    struct block_cache *cache = block_cache_create(1 << 20);
    unsigned __int128 sum = 0;
    uint64_t rows = 0;
    char path[64];
    (void)snprintf(path, sizeof path, "packs/%08llu.pack", (unsigned long long)record->pack);
    struct segment_place place = {path, record->pack, record->offset, record->length, record->footer_hash};

    OR_DONE(segment_open(&memory->io, cache, &place, &segment));
    for (uint32_t granule = 0; granule < segment_granule_count(segment); granule++) {
        struct chunk *chunk = chunk_new(arena, segment_column_count(segment), segment_granule_rows(segment, granule));
        for (uint32_t k = 0; k < chunk->column_count; k++) {
            OR_DONE(segment_read(segment, arena, granule, k, &chunk->columns[k]));
        }
        OR_DONE(chunk_row_sum(arena, chunk, &sum));
        rows += chunk->row_count;
    }
    assert_int_equal(rows, record->row_count);
    assert_true(sum == record->row_sum);
done:
    if (err != NULL) {
        assert_non_null(strstr(err_message(err), path));
    }
    bool fails = err != NULL;
    err_free(err);
    segment_unref(segment);
    arena_destroy(arena);
    block_cache_destroy(cache);
    return fails;
}

/* ---- tests */
static void version_1_is_whole(void **state)
{
    struct memory *memory = *state;
    struct check_report report;
    struct told told = check_all(memory, &report);
    if (told.count > 0) {
        print_error("%s\n", told.text);
    }
    assert_int_equal(told.count, 0);
    assert_true(report.ledger_good && report.ledger.to_genesis && !report.tail_torn);
    assert_true(report.packs == 2 && report.segments == 2 && report.rows == 250 && report.orphans == 0);
    assert_int_equal(report.inserts, 1);
    assert_int_equal(report.insert_log_unread_file, 0);
}

static void flipped_bytes_of_packs(void **state)
{
    struct memory *memory = *state;
    struct arena *arena = arena_create(NULL);
    struct ledger_segment *segments = NULL;
    uint32_t count = 0;
    segments_of(memory, arena, &segments, &count);
    for (uint32_t k = 0; k < memory->count; k++) {
        struct stored *file = &memory->files[k];
        unsigned long long pack = 0;
        if (sscanf(file->path, "packs/%llu.pack", &pack) != 1) {
            continue;
        }
        const struct ledger_segment *record = NULL;
        for (uint32_t i = 0; i < count; i++) {
            record = segments[i].pack == pack ? &segments[i] : record;
        }
        assert_non_null(record);
        assert_int_equal(record->offset + record->length, file->length); /* all bytes are the segment's */
        for (size_t at = 0; at < file->length; at += FLIP_STEP) {
            file->bytes[at] ^= (uint8_t)(1 << at % 8);
            if (!rows_fail(memory, record)) {
                /* the key index and zones are under the footer's checksum; nothing may pass */
                fail_msg("%s: the flipped byte %zu was not found by a read", file->path, at);
            }
            if (at % (16 * FLIP_STEP) == 0 || at < 64 || at + 64 > file->length) {
                struct check_report report;
                struct told told = check_all(memory, &report);
                if (told.count == 0 || strstr(told.text, file->path) == NULL) {
                    fail_msg("%s: the flipped byte %zu was not found: %s", file->path, at, told.text);
                }
            }
            file->bytes[at] ^= (uint8_t)(1 << at % 8);
        }
        assert_false(rows_fail(memory, record));
    }
    arena_destroy(arena);
}

/* Where the file's last commit begins (docs/FORMAT.md, "Frames"). */
static size_t last_commit(const struct stored *file)
{
    size_t begin = 96, last = 96;
    for (size_t at = 96; at + 16 <= file->length;) {
        uint32_t length;
        uint16_t type;
        memcpy(&length, file->bytes + at, 4);
        memcpy(&type, file->bytes + at + 4, 2);
        at += (16 + (size_t)length + 7) / 8 * 8;
        if (type == 1) {
            last = begin;
            begin = at;
        }
    }
    assert_int_equal(begin, file->length);
    return last;
}

/* Only the last commit may look as if it had never been finished: then it is cut as a whole, and said so. */
static void flipped_bytes_of_the_ledger(void **state)
{
    struct memory *memory = *state;
    struct stored *file = stored_find(memory, "ledger/000001.log");
    assert_non_null(file);
    size_t last = last_commit(file);
    for (size_t at = 0; at < file->length; at += FLIP_STEP) {
        struct check_report report;
        file->bytes[at] ^= (uint8_t)(1 << at % 8);
        struct told told = check_all(memory, &report);
        file->bytes[at] ^= (uint8_t)(1 << at % 8);
        bool named = told.count > 0 && strstr(told.text, "ledger/000001.log") != NULL;
        bool cut = report.ledger_good && report.tail_torn && report.ledger.torn_bytes == file->length - last;
        if (!(at < last ? named && !report.ledger_good : named || cut)) {
            fail_msg("the flipped byte %zu (last commit: %zu) was not found: %s", at, last, told.text);
        }
    }
}

/* What no later group vouches for may look as if it had never been synced: it is passed over as a whole, and said so.
 */
static void flipped_bytes_of_the_insert_log(void **state)
{
    struct memory *memory = *state;
    for (uint32_t k = 0; k < memory->count; k++) {
        struct stored *file = &memory->files[k];
        unsigned long long number = 0;
        if (sscanf(file->path, "insert-log/%llu.log", &number) != 1) {
            continue;
        }
        for (size_t at = 0; at < file->length; at += FLIP_STEP) {
            struct check_report report;
            file->bytes[at] ^= (uint8_t)(1 << at % 8);
            struct told told = check_all(memory, &report);
            file->bytes[at] ^= (uint8_t)(1 << at % 8);
            const char *name = strrchr(file->path, '/') + 1;
            bool named = told.count > 0 && strstr(told.text, name) != NULL;
            bool noted = told.count == 0 && report.insert_log_unread_file == number &&
                         report.insert_log_unread_at <= at &&
                         at < report.insert_log_unread_at + report.insert_log_unread_bytes;
            if (!named && !noted) {
                fail_msg("%s: the flipped byte %zu was not found: %s", file->path, at, told.text);
            }
            assert_true(named || report.inserts <= 1);
        }
    }
}

/* The newest file of the insert log is all that knows of its INSERTs. */
static bool is_newest_insert_log(const struct stored *file)
{
    return strcmp(file->path, "insert-log/00000003.log") == 0;
}

static void expect_found(struct memory *memory, const struct stored *file, const char *what, size_t length)
{
    struct check_report report;
    struct told told = check_all(memory, &report);
    const char *name = strrchr(file->path, '/') + 1;
    bool found = told.count > 0 && (strstr(told.text, name) != NULL || strncmp(file->path, "ledger", 6) == 0);
    bool cut = told.count == 0 && (report.tail_torn || report.insert_log_unread_bytes > 0);
    if (found || cut) {
        return;
    }
    if (strncmp(file->path, "insert-log", 10) == 0) {
        /* a whole file less, or nothing but a header: then only its INSERTs are gone, or they are in segments */
        assert_true(report.inserts == (is_newest_insert_log(file) ? 0 : 1));
        assert_true(length == 0 || length <= 16);
        return;
    }
    /* a ledger that ends with a whole commit is an older one; no segment of it may be wrong */
    if (strncmp(file->path, "ledger", 6) == 0 && length > 96) {
        assert_true(report.ledger.commits < 7);
        return;
    }
    fail_msg("%s: %s at %zu was not found", file->path, what, length);
}

static void short_missing_and_empty_files(void **state)
{
    struct memory *memory = *state;
    for (uint32_t k = 0; k < memory->count; k++) {
        struct stored *file = &memory->files[k];
        size_t whole = file->length, step = whole > 4096 ? 61 : 1;
        for (size_t length = 0; length < whole; length += length < 200 || length + 200 > whole ? 1 : step) {
            file->length = length;
            expect_found(memory, file, "the end", length);
        }
        file->length = whole;
        file->missing = true;
        expect_found(memory, file, "missing", 0);
        file->missing = false;
    }
}

static void bytes_behind_the_end(void **state)
{
    struct memory *memory = *state;
    for (uint32_t k = 0; k < memory->count; k++) {
        struct stored *file = &memory->files[k];
        struct check_report report;
        if (strncmp(file->path, "packs", 5) == 0) {
            continue; /* what no segment holds means nothing */
        }
        file->bytes[file->length++] = 7;
        struct told told = check_all(memory, &report);
        file->length--;
        bool ledger = strncmp(file->path, "ledger", 6) == 0;
        assert_true(told.count > 0 || (ledger ? report.tail_torn : report.insert_log_unread_bytes == 1));
    }
}

static void swapped_files(void **state)
{
    struct memory *memory = *state;
    for (uint32_t k = 0; k < memory->count; k++) {
        for (uint32_t i = k + 1; i < memory->count; i++) {
            struct stored *a = &memory->files[k], *b = &memory->files[i], kept = *a;
            struct check_report report;
            a->bytes = b->bytes;
            a->length = b->length;
            b->bytes = kept.bytes;
            b->length = kept.length;
            struct told told = check_all(memory, &report);
            if (told.count == 0 && report.insert_log_unread_file == 0) {
                fail_msg("%s and %s were swapped, and nobody saw it", a->path, b->path);
            }
            b->bytes = a->bytes;
            b->length = a->length;
            a->bytes = kept.bytes;
            a->length = kept.length;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(version_1_is_whole),
        cmocka_unit_test(flipped_bytes_of_packs),
        cmocka_unit_test(flipped_bytes_of_the_ledger),
        cmocka_unit_test(flipped_bytes_of_the_insert_log),
        cmocka_unit_test(short_missing_and_empty_files),
        cmocka_unit_test(bytes_behind_the_end),
        cmocka_unit_test(swapped_files),
    };
    return cmocka_run_group_tests(tests, memory_make, memory_remove);
}
