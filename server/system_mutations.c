/*
 * system_mutations.c: system.mutations: DELETEs and UPDATEs, those that run and those that ended (mutation_log.h).
 *
 * columns  ClickHouse's by name and type, as far as there is something to say; rows, segments and query_id are Weir's
 *          own
 */
#include "base/clock.h"
#include "server/mutation_log.h"
#include "server/server.h"
#include "server/system_tables.h"
#include "storage/catalogue.h"

#include <stdio.h>

struct mutation_log_entry {
    uint64_t number; /* 1, 2, …; 0: none */
    char database[64];
    char table[64];
    char command[1000];
    char query_id[64];
    int64_t begun_at_us, ended_at_us; /* ended 0: it runs */
    uint64_t rows;
    uint32_t segments;
    int32_t code; /* 0: success */
    char reason[500];
};

/* Under the server's lock. */
static struct mutation_log_entry entries[MUTATION_LOG_ROWS];
static uint64_t count; /* ever begun */

uint64_t mutation_log_begin(struct server *server, const struct table_def *def, struct slice command,
                            const char *query_id)
{
    lock_take(&server->lock);
    uint64_t number = ++count;
    struct mutation_log_entry *entry = &entries[number % MUTATION_LOG_ROWS];
    *entry = (struct mutation_log_entry){.number = number, .begun_at_us = clock_wall_us()};
    slice_copy(entry->database, sizeof(entry->database), slice_text(def->database));
    slice_copy(entry->table, sizeof(entry->table), slice_text(def->name));
    slice_copy(entry->command, sizeof(entry->command), command);
    slice_copy(entry->query_id, sizeof(entry->query_id), slice_text(query_id));
    lock_give(&server->lock);
    return number;
}

void mutation_log_end(struct server *server, uint64_t number, uint64_t rows, uint32_t segments, const struct err *err)
{
    lock_take(&server->lock);
    struct mutation_log_entry *entry = &entries[number % MUTATION_LOG_ROWS];
    if (entry->number == number) { /* a thousand others may have begun since */
        entry->ended_at_us = clock_wall_us();
        entry->rows = rows;
        entry->segments = segments;
        entry->code = err == NULL ? 0 : (int32_t)err_code(err);
        slice_copy(entry->reason, sizeof(entry->reason), slice_text(err == NULL ? "" : err_message(err)));
    }
    lock_give(&server->lock);
}

#define COLUMNS(COLUMN)                                                                                                \
    COLUMN(database, "String")                                                                                         \
    COLUMN(table, "String")                                                                                            \
    COLUMN(mutation_id, "String")                                                                                      \
    COLUMN(command, "String")                                                                                          \
    COLUMN(create_time, "DateTime")                                                                                    \
    COLUMN(finish_time, "DateTime")                                                                                    \
    COLUMN(parts_in_progress_names, "Array(String)")                                                                   \
    COLUMN(parts_to_do_names, "Array(String)")                                                                         \
    COLUMN(parts_to_do, "Int64")                                                                                       \
    COLUMN(is_done, "UInt8")                                                                                           \
    COLUMN(is_killed, "UInt8")                                                                                         \
    COLUMN(latest_failed_part, "String")                                                                               \
    COLUMN(latest_fail_time, "DateTime")                                                                               \
    COLUMN(latest_fail_reason, "String")                                                                               \
    COLUMN(latest_fail_error_code_name, "String")                                                                      \
    COLUMN(rows, "UInt64")                                                                                             \
    COLUMN(segments, "UInt64")                                                                                         \
    COLUMN(query_id, "String")

#define COLUMN(name, type) COLUMN_##name,
enum { COLUMNS(COLUMN) };
#undef COLUMN
#define COLUMN(name, type) #name, type,
static const char *const columns[] = {COLUMNS(COLUMN) NULL};
#undef COLUMN

static struct err *put(struct source_rows *rows, const struct mutation_log_entry *entry, bool *stop)
{
    char id[48];
    bool done = entry->ended_at_us != 0 && entry->code == 0;
    (void)snprintf(id, sizeof id, "mutation_%llu", (unsigned long long)entry->number);
    source_row_text(rows, COLUMN_database, slice_text(entry->database));
    source_row_text(rows, COLUMN_table, slice_text(entry->table));
    source_row_text(rows, COLUMN_mutation_id, slice_text(id));
    source_row_text(rows, COLUMN_command, slice_text(entry->command));
    source_row_uint(rows, COLUMN_create_time, (uint64_t)(entry->begun_at_us / 1000000));
    source_row_uint(rows, COLUMN_finish_time, (uint64_t)(entry->ended_at_us / 1000000));
    if (entry->ended_at_us == 0) { /* all segments change in one commit: they are one part to do */
        source_row_element(rows, COLUMN_parts_in_progress_names, slice_text("all"));
        source_row_element(rows, COLUMN_parts_to_do_names, slice_text("all"));
    }
    source_row_int(rows, COLUMN_parts_to_do, entry->ended_at_us == 0 ? 1 : 0);
    source_row_uint(rows, COLUMN_is_done, done ? 1 : 0);
    source_row_uint(rows, COLUMN_is_killed, entry->code == ERR_QUERY_CANCELLED ? 1 : 0);
    if (entry->code != 0) {
        source_row_uint(rows, COLUMN_latest_fail_time, (uint64_t)(entry->ended_at_us / 1000000));
        source_row_text(rows, COLUMN_latest_fail_reason, slice_text(entry->reason));
        source_row_text(rows, COLUMN_latest_fail_error_code_name,
                        slice_text(err_code_name((enum err_code)entry->code)));
    }
    source_row_uint(rows, COLUMN_rows, entry->rows);
    source_row_uint(rows, COLUMN_segments, entry->segments);
    source_row_text(rows, COLUMN_query_id, slice_text(entry->query_id));
    return source_row_end(rows, stop);
}

static struct err *generate(struct table_source *source, struct arena *arena, const struct source_request *request,
                            struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct server *server = system_server();
    uint64_t next = 1;
    bool stop = false;

    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    while (!stop) { /* one at a time: emitting may wait for a slow client */
        struct mutation_log_entry entry = {0};
        lock_take(&server->lock);
        next = count > MUTATION_LOG_ROWS && next <= count - MUTATION_LOG_ROWS ? count - MUTATION_LOG_ROWS + 1 : next;
        if (next <= count) {
            entry = entries[next % MUTATION_LOG_ROWS];
        }
        lock_give(&server->lock);
        if (entry.number == 0) {
            break;
        }
        OR_DONE(put(rows, &entry, &stop));
        next++;
    }
    err = source_rows_end(rows);
done:
    return err;
}

void system_mutations_register(void)
{
    static struct system_table table = {.name = "mutations", .columns = columns, .generate = generate};
    system_table_register(&table);
}
