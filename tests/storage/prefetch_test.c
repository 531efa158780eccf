/*
 * prefetch_test.c: what a scan reads of its units' columns was fetched before, each byte once, and nothing that the
 * block cache keeps.
 */
#include "base/checksum.h"
#include "storage/block_cache.h"
#include "tests/storage/table_fixture.h"

#define RANGES_MAX 1024U
#define GRANULES   37U /* of a segment */

struct range {
    uint64_t offset;
    uint64_t bytes;
    char path[32];
};

static const struct io_ops *below;
static struct range fetched[RANGES_MAX];
static uint32_t fetched_count, reads_beside;

static void counting_prefetch(struct io_file *file, uint64_t offset, uint64_t bytes)
{
    assert_true(fetched_count < RANGES_MAX);
    struct range *range = &fetched[fetched_count++];
    *range = (struct range){.offset = offset, .bytes = bytes};
    (void)snprintf(range->path, sizeof range->path, "%s", file->path);
    below->prefetch(file, offset, bytes);
}

static bool was_fetched(const char *path, uint64_t offset, uint64_t bytes)
{
    for (uint32_t k = 0; k < fetched_count; k++) {
        if (strcmp(fetched[k].path, path) == 0 && offset >= fetched[k].offset &&
            offset + bytes <= fetched[k].offset + fetched[k].bytes) {
            return true;
        }
    }
    return false;
}

static struct err *counting_read(struct io_file *file, uint64_t offset, void *data, size_t bytes, size_t *read_bytes)
{
    reads_beside += !was_fetched(file->path, offset, bytes);
    return below->read(file, offset, data, bytes, read_bytes);
}

/* All units by units or by runs, of these columns; how many there were. */
static uint32_t scan_all(struct snapshot *snapshot, bool by_runs, const uint32_t *columns, uint32_t count)
{
    struct arena *arena = arena_create(NULL), *work = arena_create(NULL);
    struct scan *scan = NULL;
    struct scan_unit unit;
    struct scan_run run = {0};
    uint32_t units = 0, at = 0;
    fetched_count = reads_beside = 0;
    assert_ok(scan_open(snapshot, arena, NULL, 0, &scan));
    for (;;) {
        if (by_runs && at == run.count) {
            at = 0;
            if (!scan_next_run(scan, &run)) {
                break;
            }
        }
        if (by_runs) {
            scan_run_unit(scan, &run, at++, &unit);
        } else if (!scan_next(scan, &unit)) {
            break;
        }
        for (uint32_t k = 0; k < count; k++) {
            struct column *column;
            assert_ok(scan_read(scan, work, &unit, columns[k], &column));
        }
        scan_prefetch(scan, &unit, columns, count);
        arena_reset(work);
        units++;
    }
    arena_destroy(work);
    arena_destroy(arena);
    return units;
}

static void units_are_fetched_ahead(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "");
    struct table *table = table_opened(store, "t");
    struct head_writer *writer = NULL;
    uint64_t n = 0;
    assert_ok(head_writer_open(table, NULL, &writer));
    for (uint32_t segment = 0; segment < 3; segment++) {
        struct draft *draft = NULL;
        for (uint32_t i = 0; i < GRANULES * CHUNK_ROWS_MAX; i++) {
            row_put(head_builder(writer), n++, 1, NULL);
        }
        assert_ok(draft_create(store, &draft));
        assert_ok(draft_seal(draft, writer));
        assert_ok(draft_commit(draft, NULL));
        draft_destroy(draft);
    }
    head_writer_close(writer);
    table_unref(table);
    assert_ok(store_close(store));

    static const uint32_t both[] = {0, 1}, hidden_too[] = {3, 5, 7};
    for (uint32_t round = 0; round < 4; round++) {
        const uint32_t *columns = round % 2 == 0 ? both : hidden_too;
        uint32_t count = round % 2 == 0 ? 2 : 3;
        struct snapshot *snapshot = NULL;
        store = store_opened(folder, NULL);
        table = table_opened(store, "t");
        below = store->io->ops;
        struct io_ops counting = *below;
        counting.read = counting_read;
        counting.prefetch = counting_prefetch;
        store->io->ops = &counting;
        assert_ok(snapshot_take(table, &snapshot));
        assert_int_equal(scan_all(snapshot, round >= 2, columns, count), 3 * GRANULES);
        assert_true(fetched_count > 0);
        /* the first unit's, and of each segment header, trailer, footer and dictionaries */
        assert_in_range(reads_beside, 1, count + 3 * (3 + count));
        for (uint32_t a = 0; a < fetched_count; a++) {
            for (uint32_t b = 0; b < a; b++) {
                assert_true(strcmp(fetched[a].path, fetched[b].path) != 0 ||
                            fetched[a].offset + fetched[a].bytes <= fetched[b].offset ||
                            fetched[b].offset + fetched[b].bytes <= fetched[a].offset);
            }
        }
        (void)scan_all(snapshot, round < 2, columns, count);
        assert_int_equal(fetched_count, 0);
        assert_int_equal(reads_beside, 0);
        store->io->ops = below;
        snapshot_unref(snapshot);
        table_unref(table);
        assert_ok(store_close(store));
    }
    folder_remove(folder);
}

/* Neighbours are one request, what is kept is not asked for, and a pack that is gone is no error. */
static void neighbours_are_one_request(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct io *io = NULL;
    struct io_file *file = NULL;
    struct arena *arena = arena_create(NULL);
    struct block_cache *cache = block_cache_create((uint64_t)64 << 20);
    size_t bytes = (size_t)1 << 20;
    char *zeros = calloc(1, bytes);
    assert_non_null(zeros);
    assert_ok(io_system(folder, &io));
    assert_ok(io_open(io, "pack", IO_CREATE, &file));
    assert_ok(io_write(file, 0, zeros, bytes, NULL));
    io_close(file);
    below = io->ops;
    struct io_ops counting = *below;
    counting.prefetch = counting_prefetch;
    io->ops = &counting;
    static const uint64_t offsets[] = {300000, 1000, 2000, 3000, 700000};
    struct block_place places[5];
    for (uint32_t k = 0; k < 5; k++) {
        places[k] = (struct block_place){"pack", 1, offsets[k], 1000, checksum(zeros, 1000)};
    }
    struct block_place kept = places[4];
    struct slice block;
    assert_ok(block_cache_read(cache, io, &kept, arena, &block));
    fetched_count = 0;
    block_cache_prefetch(cache, io, places, 5);
    assert_int_equal(fetched_count, 2);
    assert_int_equal(fetched[0].offset, 1000);
    assert_int_equal(fetched[0].bytes, 3000);
    assert_int_equal(fetched[1].offset, 300000);
    assert_int_equal(fetched[1].bytes, 1000);
    fetched_count = 0;
    block_cache_prefetch(cache, io, &kept, 1);
    struct block_place gone = {"gone", 2, 0, 10, 0};
    block_cache_prefetch(cache, io, &gone, 1);
    assert_int_equal(fetched_count, 0);
    io->ops = below;
    arena_destroy(arena);
    block_cache_destroy(cache);
    io_destroy(io);
    free(zeros);
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_are_fetched_ahead),
        cmocka_unit_test(neighbours_are_one_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
