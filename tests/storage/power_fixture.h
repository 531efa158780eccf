/*
 * power_fixture.h: the power goes at every single operation of a run of INSERTs, commits and merges; unsynced data is
 * lost, torn or kept, and the power goes once more while the first start reads what is left.
 */
#ifndef TESTS_STORAGE_POWER_FIXTURE_H
#define TESTS_STORAGE_POWER_FIXTURE_H

#include "base/io_memory.h"
#include "base/log.h"
#include "tests/storage/table_fixture.h"

#define POWER_BATCHES_MAX 60U

/* Batches 0 … next − 1 were begun. Acknowledged ones must be there, others whole or not at all. */
struct power_progress {
    uint32_t next;
    bool acknowledged[POWER_BATCHES_MAX];
};

struct power_run {
    void (*create)(struct store *store); /* table t */
    void (*put)(struct builder *builder, uint32_t batch);
    void (*check)(struct table *table, const struct power_progress *progress);
};

/* Goes on until something fails: with a device that is off, everything does. */
static void power_work(const struct power_run *run, struct io *io, struct power_progress *progress)
{
    struct store *store = NULL;
    struct table *table = NULL;
    struct head_writer *writer = NULL;
    struct store_options options = {.data_dir = "memory", .io = io, .hooks = &table_hooks, .reserve_bytes = UINT64_MAX};
    struct insert_log_options log_options = {.commit_interval_us = (uint64_t)3600 * 1000000};
    struct err *err = store_open(&options, &store);
    bool log_open = false;

    if (err == NULL) {
        err = insert_log_open(store, &log_options);
        log_open = err == NULL;
    }
    if (err == NULL) {
        table = table_opened(store, "t");
        err = head_writer_open(table, NULL, &writer);
    }
    for (uint32_t step = 0; err == NULL && step < 10; step++) {
        uint32_t batch = progress->next;
        bool merged;
        if (step == 3 || step == 7) {
            err = insert_log_flush(store);
        } else if (step == 5 || step == 8) {
            err = compactor_step(table, true, &merged);
        } else if (step == 2 || step == 4) {
            struct draft *draft = NULL;
            progress->next++;
            run->put(head_builder(writer), batch);
            assert_ok(draft_create(store, &draft));
            assert_ok(draft_seal(draft, writer));
            err = draft_commit(draft, NULL);
            draft_destroy(draft);
            progress->acknowledged[batch] = err == NULL;
        } else {
            struct insert *insert = NULL;
            struct insert_result result;
            progress->next++;
            assert_ok(insert_begin(table, NULL, &insert));
            run->put(insert_builder(insert), batch);
            err = insert_finish(insert, &result);
            progress->acknowledged[batch] = err == NULL;
        }
    }
    if (err != NULL && !io_memory_is_off(io)) {
        print_error("%s\n", err_message(err));
    }
    assert_true(err == NULL || io_memory_is_off(io));
    err_free(err);
    head_writer_close(writer);
    if (log_open) {
        insert_log_close(store);
    }
    table_unref(table);
    err_free(store_close(store));
}

static void power_check(const struct power_run *run, struct io *io, const struct power_progress *progress)
{
    struct store *store = store_opened("memory", io);
    struct insert_log_options log_options = {.commit_interval_us = (uint64_t)3600 * 1000000};
    assert_ok(insert_log_open(store, &log_options));
    struct table *table = table_opened(store, "t");
    run->check(table, progress);
    insert_log_close(store);
    table_unref(table);
    assert_ok(store_close(store));
}

static void power_goes_everywhere(const struct power_run *run)
{
    log_configure(LOG_LEVEL_NONE, LOG_FORMAT_TEXT);
    uint64_t operations = 0;
    uint32_t cuts = 0;
    for (uint64_t at = 0; at == 0 || at <= operations; at++) {
        for (uint32_t mode = 0; mode < 3; mode++) {
            struct io *io = NULL;
            struct power_progress progress = {0};
            assert_ok(io_memory(&io));
            struct store *store = store_opened("memory", io);
            run->create(store);
            assert_ok(store_close(store));
            uint64_t before = io_memory_operations(io);
            /* twice: what the first start read again may be lost at the second */
            for (uint32_t round = 0; round < 2; round++) {
                uint64_t cut = round == 0 || at == 0 ? at : 1 + at * 7 % operations;
                io_memory_power_off_at(io, cut);
                power_work(run, io, &progress);
                if (at == 0 && round == 0) {
                    operations = io_memory_operations(io) - before;
                }
                cuts += io_memory_is_off(io) ? 1 : 0;
                enum crash_mode how = round == 0 ? (enum crash_mode)mode : CRASH_LOSE;
                assert_ok(io_memory_power_on(io, how, at * 3 + mode));
                io_memory_power_off_at(io, 0);
            }
            power_check(run, io, &progress);
            io_destroy(io);
        }
    }
    print_message("%llu operations, %u cuts\n", (unsigned long long)operations, cuts);
    assert_true(cuts >= operations);
    log_configure(LOG_LEVEL_INFO, LOG_FORMAT_TEXT);
}

#endif
