/*
 * io_test.c: the file layer on the real file system and on the crash device: faults at failpoints, calls that the
 * kernel cuts short or interrupts, and what a disk holds after the power went.
 */
#include "base/io.h"

#include "base/io_memory.h"
#include "tests/base/expect.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

FAILPOINT(test_io);

/* ---- a kernel that interrupts calls and does them in pieces; these take the place of the C library's */

static uint32_t interrupts; /* calls that end with EINTR before one works */
static size_t piece_bytes;  /* at most so many at a time; 0: any number */
static uint32_t calls;

static bool interrupted(void)
{
    calls++;
    if (piece_bytes > 0 && calls % (interrupts + 1) != 0) {
        errno = EINTR;
        return true;
    }
    return false;
}

ssize_t pwrite(int descriptor, const void *data, size_t bytes, off_t offset)
{
    if (interrupted()) {
        return -1;
    }
    return syscall(SYS_pwrite64, descriptor, data, piece_bytes > 0 && bytes > piece_bytes ? piece_bytes : bytes,
                   offset);
}

ssize_t pread(int descriptor, void *data, size_t bytes, off_t offset)
{
    if (interrupted()) {
        return -1;
    }
    return syscall(SYS_pread64, descriptor, data, piece_bytes > 0 && bytes > piece_bytes ? piece_bytes : bytes, offset);
}

/* ---- both makers */

struct place {
    struct io *io;
    char folder[32]; /* "": in memory */
};

static void place_begin(struct place *place, bool memory)
{
    place->folder[0] = 0;
    if (memory) {
        expect_ok(io_memory(&place->io));
        return;
    }
    (void)snprintf(place->folder, sizeof(place->folder), "/tmp/weir-io-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    expect_ok(io_system(place->folder, &place->io));
}

static void place_end(struct place *place)
{
    io_destroy(place->io);
    if (place->folder[0] != 0) {
        char command[64];
        (void)snprintf(command, sizeof(command), "rm -rf '%s'", place->folder);
        assert_int_equal(system(command), 0);
    }
}

static void file_make(struct io *io, const char *path, const char *text)
{
    struct io_file *file = NULL;
    expect_ok(io_open(io, path, IO_CREATE, &file));
    expect_ok(io_write(file, 0, text, strlen(text), NULL));
    expect_ok(io_sync(file, NULL));
    io_close(file);
}

static void file_holds(struct io *io, const char *path, const char *text)
{
    struct io_file *file = NULL;
    char data[256];
    size_t bytes = 0;
    expect_ok(io_open(io, path, IO_READ, &file));
    expect_ok(io_read_some(file, 0, data, sizeof(data) - 1, &bytes));
    data[bytes] = 0;
    assert_string_equal(data, text);
    io_close(file);
}

static bool exists(struct io *io, const char *path)
{
    bool found = false;
    expect_ok(io_exists(io, path, &found));
    return found;
}

static void files_and_names(void **state)
{
    (void)state;
    for (int memory = 0; memory < 2; memory++) {
        struct place place;
        struct io_file *file = NULL;
        char data[16];
        size_t bytes = 0;
        uint64_t size = 0;
        place_begin(&place, memory == 1);
        struct io *io = place.io;
        expect_ok(io_make_dir(io, "d"));
        expect_ok(io_remove_dir(io, "d"));
        assert_false(exists(io, "d"));
        expect_ok(io_remove_dir(io, "d")); /* not there */
        expect_ok(io_make_dir(io, "d"));
        expect_ok(io_make_dir(io, "d"));
        file_make(io, "d/b", "hello");
        expect_ok(io_remove_dir(io, "d")); /* not empty: it stays */
        assert_true(exists(io, "d"));
        expect_err(io_open(io, "d/b", IO_CREATE, &file), ERR_IO, "d/b");
        expect_err(io_open(io, "d/none", IO_WRITE, &file), ERR_OPEN_FILE, "d/none");
        expect_err(io_open(io, "d/none", IO_READ, &file), ERR_OPEN_FILE, "d/none");
        expect_ok(io_open(io, "d/b", IO_WRITE, &file));
        expect_ok(io_write(file, 8, "xy", 2, NULL)); /* a hole reads as zeros */
        expect_ok(io_size(file, &size));
        assert_int_equal(size, 10);
        io_write_out(file, 0, 10); /* hints, also of what is not there: nothing is to be seen of them */
        io_write_out(file, 5, 0);
        io_prefetch(file, 4096, 100);
        expect_ok(io_read(file, 0, data, 10));
        assert_memory_equal(data, "hello\0\0\0xy", 10);
        expect_err(io_read(file, 6, data, 5), ERR_CORRUPT, "ends at byte 10");
        expect_ok(io_read_some(file, 6, data, 16, &bytes));
        assert_int_equal(bytes, 4);
        expect_ok(io_read_some(file, 100, data, 16, &bytes));
        assert_int_equal(bytes, 0);
        expect_ok(io_truncate(file, 2));
        expect_ok(io_truncate(file, 4)); /* grows with zeros */
        expect_ok(io_read(file, 0, data, 4));
        assert_memory_equal(data, "he\0\0", 4);
        expect_ok(io_write(file, 0, NULL, 0, NULL));
        io_close(file);
        io_close(NULL);
        file_make(io, "d/a", "new");
        expect_ok(io_rename(io, "d/a", "d/b", NULL)); /* in the place of another */
        file_holds(io, "d/b", "new");
        assert_false(exists(io, "d/a"));
        expect_err(io_rename(io, "d/a", "d/c", NULL), ERR_OPEN_FILE, "d/a");
        file_make(io, "d/a", "a");
        struct arena *arena = arena_create(NULL);
        struct slice *names = NULL;
        uint32_t count = 0;
        expect_ok(io_list(io, "d", arena, &names, &count));
        assert_int_equal(count, 2);
        assert_true(slice_equal(names[0], slice_text("a")) && slice_equal(names[1], slice_text("b")));
        arena_destroy(arena);
        expect_ok(io_unlink(io, "d/a", NULL));
        expect_err(io_unlink(io, "d/a", NULL), ERR_OPEN_FILE, "d/a");
        static const char *const outside[] = {"/etc/passwd", "../x", "d/../../x"};
        for (size_t k = 0; k < 3; k++) {
            expect_err(io_open(io, outside[k], IO_READ, &file), ERR_BAD_ARGUMENTS, "leaves the directory");
            expect_err(io_unlink(io, outside[k], NULL), ERR_BAD_ARGUMENTS, outside[k]);
            expect_err(io_rename(io, "d/b", outside[k], NULL), ERR_BAD_ARGUMENTS, outside[k]);
        }
        place_end(&place);
    }
}

static void faults(void **state)
{
    (void)state;
    static const struct {
        const char *fault;
        enum err_code code;
        const char *says;
    } cases[] = {{"test_io=eio", ERR_IO, "Input/output error"},
                 {"test_io=enospc", ERR_NOT_ENOUGH_SPACE, "No space left"}};
    for (int memory = 0; memory < 2; memory++) {
        struct place place;
        struct io_file *file = NULL;
        place_begin(&place, memory == 1);
        struct io *io = place.io;
        file_make(io, "f", "before");
        for (size_t k = 0; k < 2; k++) { /* nothing happened, but for the error */
            expect_ok(failpoint_arm(cases[k].fault));
            expect_err(io_rename(io, "f", "g", &failpoint_test_io), cases[k].code, cases[k].says);
            expect_ok(failpoint_arm(cases[k].fault));
            expect_err(io_unlink(io, "f", &failpoint_test_io), cases[k].code, "/f\"");
            expect_ok(failpoint_arm(cases[k].fault));
            expect_err(io_sync_dir(io, "", &failpoint_test_io), cases[k].code, cases[k].says);
            expect_ok(io_sync_dir(io, "", &failpoint_test_io));
            expect_ok(io_open(io, "f", IO_WRITE, &file));
            expect_ok(failpoint_arm(cases[k].fault));
            expect_err(io_write(file, 0, "after", 5, &failpoint_test_io), cases[k].code, "writing");
            file_holds(io, "f", "before");
            /* a sync that failed is not believed later */
            expect_ok(failpoint_arm(cases[k].fault));
            expect_err(io_sync(file, &failpoint_test_io), cases[k].code, "syncing");
            expect_err(io_sync(file, &failpoint_test_io), ERR_IO, "an earlier sync failed");
            io_close(file);
        }
        expect_ok(io_open(io, "f", IO_WRITE, &file));
        expect_ok(failpoint_arm("test_io=short"));
        expect_err(io_write(file, 6, "123456", 6, &failpoint_test_io), ERR_IO,
                   "only 3 of 6 bytes were written at byte 6");
        file_holds(io, "f", "before123");
        expect_ok(io_sync(file, &failpoint_test_io));
        io_close(file);
        place_end(&place);
    }
    failpoint_disarm_all();
}

/* Calls that are interrupted and do a few bytes at a time give the same file. */
static void pieces(void **state)
{
    (void)state;
    struct place place;
    struct io_file *file = NULL;
    uint8_t data[4096], back[4096];
    place_begin(&place, false);
    for (size_t k = 0; k < sizeof(data); k++) {
        data[k] = (uint8_t)(k * 7 + k / 256);
    }
    expect_ok(io_open(place.io, "f", IO_CREATE, &file));
    interrupts = 2;
    piece_bytes = 13;
    calls = 0;
    struct err *written = io_write(file, 100, data, sizeof(data), NULL);
    uint32_t write_calls = calls;
    struct err *read_back = io_read(file, 100, back, sizeof(back));
    struct err *end = io_read(file, 4000, back, 1000);
    interrupts = 0;
    piece_bytes = 0;
    expect_ok(written);
    expect_ok(read_back);
    expect_err(end, ERR_CORRUPT, "ends at byte 4196");
    assert_true(write_calls >= 3 * (sizeof(data) / 13));
    expect_ok(io_read(file, 100, back, sizeof(back)));
    assert_memory_equal(data, back, sizeof(data));
    io_close(file);
    place_end(&place);
}

/* ---- the crash device */

static void write_at(struct io *io, const char *path, const char *text, bool sync)
{
    struct io_file *file = NULL;
    expect_ok(io_open(io, path, IO_WRITE, &file));
    expect_ok(io_write(file, 0, text, strlen(text), NULL));
    if (sync) {
        expect_ok(io_sync(file, NULL));
    }
    io_close(file);
}

static void after_the_power_went(void **state)
{
    (void)state;
    for (int mode = CRASH_LOSE; mode <= CRASH_KEEP; mode++) {
        struct place place;
        bool keeps = mode == CRASH_KEEP;
        if (mode == CRASH_TEAR) {
            continue;
        }
        place_begin(&place, true);
        struct io *io = place.io;
        file_make(io, "synced", "one");
        file_make(io, "gone", "x");
        file_make(io, "from", "moved");
        expect_ok(io_sync_dir(io, "", NULL));
        write_at(io, "synced", "two", true);
        write_at(io, "synced", "3", false);
        file_make(io, "nameless", "synced, but its folder is not");
        expect_ok(io_unlink(io, "gone", NULL));
        expect_ok(io_rename(io, "from", "to", NULL));
        io_memory_power_off_at(io, 1);
        struct err *err = io_sync_dir(io, "", NULL);
        assert_non_null(err);
        err_free(err);
        assert_true(io_memory_is_off(io));
        struct io_file *file = NULL;
        err = io_open(io, "synced", IO_READ, &file);
        assert_non_null(err);
        err_free(err);
        expect_ok(io_memory_power_on(io, (enum crash_mode)mode, 1));
        assert_false(io_memory_is_off(io));
        file_holds(io, "synced", keeps ? "3wo" : "two");
        assert_int_equal(exists(io, "nameless"), keeps);
        assert_int_equal(exists(io, "gone"), !keeps);
        file_holds(io, keeps ? "to" : "from", "moved");
        assert_false(exists(io, keeps ? "from" : "to"));
        place_end(&place);
    }
}

/* Of unsynced writes any sectors are there, whole ones; over the seeds both old and new ones. */
static void torn_writes(void **state)
{
    (void)state;
    bool old_seen[8] = {false}, new_seen[8] = {false};
    for (uint64_t seed = 1; seed <= 64; seed++) {
        struct place place;
        struct io_file *file = NULL;
        uint8_t data[4096];
        place_begin(&place, true);
        expect_ok(io_open(place.io, "f", IO_CREATE, &file));
        memset(data, 'a', sizeof(data));
        expect_ok(io_write(file, 0, data, sizeof(data), NULL));
        expect_ok(io_sync(file, NULL));
        expect_ok(io_sync_dir(place.io, "", NULL));
        memset(data, 'b', sizeof(data));
        expect_ok(io_write(file, 0, data, sizeof(data), NULL));
        io_close(file);
        io_memory_power_off_at(place.io, 1);
        err_free(io_sync_dir(place.io, "", NULL));
        expect_ok(io_memory_power_on(place.io, CRASH_TEAR, seed));
        expect_ok(io_open(place.io, "f", IO_READ, &file));
        expect_ok(io_read(file, 0, data, sizeof(data)));
        for (size_t sector = 0; sector < 8; sector++) {
            for (size_t k = 1; k < 512; k++) {
                assert_int_equal(data[sector * 512 + k], data[sector * 512]);
            }
            old_seen[sector] |= data[sector * 512] == 'a';
            new_seen[sector] |= data[sector * 512] == 'b';
        }
        io_close(file);
        place_end(&place);
    }
    for (size_t sector = 0; sector < 8; sector++) {
        assert_true(old_seen[sector] && new_seen[sector]);
    }
}

/* As Linux: after a failed sync the data is readable, and lost. */
static void a_sync_fails(void **state)
{
    (void)state;
    struct place place;
    struct io_file *file = NULL;
    place_begin(&place, true);
    file_make(place.io, "f", "old");
    expect_ok(io_sync_dir(place.io, "", NULL));
    uint64_t before = io_memory_operations(place.io);
    io_memory_fail_sync_at(place.io, 1);
    expect_ok(io_open(place.io, "f", IO_WRITE, &file));
    expect_ok(io_write(file, 0, "new", 3, NULL));
    expect_err(io_sync(file, NULL), ERR_IO, "f\"");
    io_close(file);
    assert_int_equal(io_memory_operations(place.io) - before, 2);
    file_holds(place.io, "f", "new");
    expect_ok(io_open(place.io, "f", IO_WRITE, &file)); /* another handle's sync works, and saves nothing */
    expect_ok(io_sync(file, NULL));
    io_close(file);
    io_memory_power_off_at(place.io, 1);
    err_free(io_sync_dir(place.io, "", NULL));
    expect_ok(io_memory_power_on(place.io, CRASH_KEEP, 1));
    file_holds(place.io, "f", "old");
    place_end(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_and_names),      cmocka_unit_test(faults),      cmocka_unit_test(pieces),
        cmocka_unit_test(after_the_power_went), cmocka_unit_test(torn_writes), cmocka_unit_test(a_sync_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
