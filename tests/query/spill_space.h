/*
 * spill_space.h: for tests: query threads, and a place for temporary files in a directory of the test's own.
 */
#ifndef TESTS_QUERY_SPILL_SPACE_H
#define TESTS_QUERY_SPILL_SPACE_H

#include "base/io.h"
#include "query/spill.h"
#include "tests/query/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>
#include <cmocka.h>

static char directory[32];
static struct io *io;
static struct spill_space space;

static inline void must(struct err *err)
{
    if (err != NULL) {
        fail_msg("%s", err_message(err));
    }
}

static inline int start(void **state)
{
    (void)state;
    strcpy(directory, "/tmp/weir-spill-XXXXXX");
    source_register_builtin();
    must(query_threads_start(2));
    assert_non_null(mkdtemp(directory));
    must(io_system(directory, &io));
    must(spill_space_open(&space, io, 0));
    return 0;
}

static inline int stop(void **state)
{
    char path[64];
    (void)state;
    query_threads_stop();
    io_destroy(io);
    snprintf(path, sizeof(path), "%s/temporary", directory);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(rmdir(directory), 0);
    return 0;
}

#endif
