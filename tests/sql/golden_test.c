/*
 * golden_test.c: the statements of tests/sql/golden against the answers that ClickHouse gave (check_golden.py), run in
 * process: parsed, bound, executed. Several times: as it comes, by one thread with chunks of three rows, with constant
 * columns (chunks of one row), with dictionaries everywhere, with operators that write all they hold to temporary
 * files, and with a partial-result cache that is empty, then full.
 */
#include "base/interrupt.h"
#include "base/io.h"
#include "base/timezone.h"
#include "query/execute.h"
#include "query/query_host.h"
#include "query/partial_cache.h"
#include "query/spill.h"
#include "query/table_source.h"
#include "sql/bind.h"
#include "sql/parser.h"
#include "tests/sql/read_file.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#define FOLDER           "tests/sql/golden"
#define EVENT_COLUMNS    16
#define CANCELLED_ROUNDS 3U
#define EVENT_ROWS_MAX   64

/* ---- text */

struct text {
    char *data;
    size_t length;
    size_t capacity;
};

static void text_add(struct text *text, const char *data, size_t length)
{
    if (text->length + length + 1 > text->capacity) {
        text->capacity = (text->length + length + 1) * 2;
        text->data = realloc(text->data, text->capacity);
        assert_non_null(text->data);
    }
    memcpy(text->data + text->length, data, length);
    text->length += length;
    text->data[text->length] = '\0';
}

static void text_add_escaped(struct text *text, struct slice value)
{
    static const char from[] = "\b\f\n\r\t\0\\'";
    static const char to[] = "bfnrt0\\'";
    for (size_t i = 0; i < value.length; i++) {
        const char *at = memchr(from, value.data[i], sizeof(from) - 1);
        char pair[2] = {'\\', at == NULL ? '\0' : to[at - from]};
        if (at != NULL) {
            text_add(text, pair, 2);
        } else {
            text_add(text, value.data + i, 1);
        }
    }
}

/* ---- the table events */

static struct arena *events_arena;
static struct source_column events_columns[EVENT_COLUMNS];
static struct chunk *events;
static struct function_context context;
static struct spill_space spill_space;
static bool spills;
static uint32_t threads_max; /* 0: both */
static bool constants;

static struct slice next_field(char **at, char end, struct arena *arena)
{
    struct text text = {0};
    text_add(&text, "", 0);
    while (**at != '\t' && **at != end && **at != '\0') {
        char byte = *(*at)++;
        if (byte == '\\' && **at != 'N') {
            byte = *(*at)++;
            byte = (char)(byte == 't' ? '\t' : byte == 'n' ? '\n' : byte);
        }
        text_add(&text, &byte, 1);
    }
    if (**at != '\0') {
        (*at)++;
    }
    struct slice value = arena_slice(arena, slice_of(text.data, text.length));
    free(text.data);
    return value;
}

static void must(struct err *err)
{
    if (err != NULL) {
        fail_msg("%s", err_message(err));
    }
}

static void load_events(void)
{
    char *text = read_file(FOLDER "/events.tsv");
    char *at = text;
    struct slice *values = calloc((size_t)EVENT_COLUMNS * EVENT_ROWS_MAX, sizeof(*values));
    uint32_t rows = 0;

    events_arena = arena_create(NULL);
    for (uint32_t i = 0; i < EVENT_COLUMNS; i++) {
        events_columns[i].name = next_field(&at, '\n', events_arena);
    }
    for (uint32_t i = 0; i < EVENT_COLUMNS; i++) {
        must(type_parse(events_arena, next_field(&at, '\n', events_arena), &events_columns[i].type));
    }
    for (; *at != '\0'; rows++) {
        assert_true(rows < EVENT_ROWS_MAX);
        for (uint32_t i = 0; i < EVENT_COLUMNS; i++) {
            values[i * EVENT_ROWS_MAX + rows] = next_field(&at, '\n', events_arena);
        }
    }
    events = chunk_new(events_arena, EVENT_COLUMNS, rows);
    for (uint32_t i = 0; i < EVENT_COLUMNS; i++) {
        const struct type *nullable = type_nullable(events_arena, type_simple(TYPE_STRING), true);
        struct column *strings = column_new(events_arena, nullable, rows);
        for (uint32_t j = 0; j < rows; j++) {
            struct slice value = values[i * EVENT_ROWS_MAX + j];
            bool is_null = events_columns[i].type->nullable && slice_equal(value, slice_text("\\N"));
            strings->nulls[j] = is_null;
            ((struct slice *)strings->values)[j] = is_null ? slice_of("", 0) : value;
        }
        if (!events_columns[i].type->nullable) {
            strings->type = type_simple(TYPE_STRING);
            strings->nulls = NULL;
        }
        must(function_cast(events_arena, &context, strings, events_columns[i].type, &events->columns[i]));
    }
    free(values);
    free(text);
}

static struct err *generate_events(struct table_source *source, struct arena *arena,
                                   const struct source_request *request, struct source_output *output)
{
    struct err *err = NULL;
    bool stop = false;
    (void)source;
    for (uint32_t begin = 0; begin < events->row_count && !stop; begin += 7) {
        uint32_t end = begin + 7 < events->row_count ? begin + 7 : events->row_count;
        struct chunk *chunk = chunk_new(arena, request->column_count, end - begin);
        if (chunk == NULL) {
            return arena_error(arena);
        }
        for (uint32_t i = 0; i < request->column_count; i++) {
            chunk->columns[i] = column_part(arena, events->columns[request->columns[i]], begin, end);
            if (chunk->columns[i] == NULL) {
                return arena_error(arena);
            }
        }
        OR_DONE(source_emit(output, chunk, &stop));
    }
done:
    return err;
}

/* The same in units of seven rows, two of which are a run that the partial-result cache may keep. */
#define EVENTS_UNIT 7U
#define EVENTS_RUN  2U

static struct partial_cache *cache; /* or NULL: the table is a generator */

struct events_scan {
    struct source_unit_scan base;
    const uint32_t *columns;
    _Atomic uint32_t next;
};

static void events_unit(uint32_t number, struct source_unit *unit)
{
    uint32_t begin = number * EVENTS_UNIT;
    uint32_t left = begin < events->row_count ? events->row_count - begin : 0;
    *unit = (struct source_unit){.row_count = left < EVENTS_UNIT ? left : EVENTS_UNIT, .number = number};
}

static struct err *events_next(struct source_unit_scan *base, struct arena *arena, struct source_unit *unit,
                               bool *found)
{
    (void)arena;
    events_unit(atomic_fetch_add(&((struct events_scan *)base)->next, 1), unit);
    *found = unit->row_count > 0;
    return NULL;
}

static bool events_next_run(struct source_unit_scan *base, struct source_run *run)
{
    uint32_t first = atomic_fetch_add(&((struct events_scan *)base)->next, EVENTS_RUN);
    uint32_t units = (events->row_count + EVENTS_UNIT - 1) / EVENTS_UNIT;
    *run = (struct source_run){.rows = {1, 1, first},
                               .first = first,
                               .place_count = EVENTS_RUN,
                               .unit_count = first >= units               ? 0
                                             : units - first < EVENTS_RUN ? 1
                                                                          : EVENTS_RUN};
    return run->unit_count > 0;
}

static void events_run_unit(struct source_unit_scan *base, const struct source_run *run, uint32_t index,
                            struct source_unit *unit, uint32_t *place)
{
    (void)base;
    events_unit((uint32_t)run->first + index, unit);
    unit->fixed = true;
    *place = index;
}

static struct err *events_read(struct source_unit_scan *base, struct arena *arena, const struct source_unit *unit,
                               uint32_t column, const struct column_need *need, struct column **out)
{
    (void)need;
    uint32_t begin = (uint32_t)unit->number * EVENTS_UNIT;
    *out = column_part(arena, events->columns[((struct events_scan *)base)->columns[column]], begin,
                       begin + unit->row_count);
    return *out == NULL ? arena_error(arena) : NULL;
}

static struct err *open_events(struct table_source *source, struct arena *arena, const struct source_request *request,
                               struct source_unit_scan **out)
{
    static const struct source_unit_operations operations = {
        .next = events_next, .read = events_read, .next_run = events_next_run, .run_unit = events_run_unit};
    struct events_scan *scan = ARENA_NEW(arena, struct events_scan);
    if (scan == NULL) {
        return arena_error(arena);
    }
    (void)source;
    *scan = (struct events_scan){.base = {.operations = &operations, .row_count = events->row_count},
                                 .columns = request->columns};
    *out = &scan->base;
    return NULL;
}

static struct err *find_table(void *user, struct arena *arena, struct slice database, struct slice table,
                              struct table_source **out)
{
    (void)user;
    *out = NULL;
    if (slice_equal(database, slice_text("golden")) && slice_equal(table, slice_text("events"))) {
        *out = ARENA_NEW(arena, struct table_source);
        if (*out == NULL) {
            return arena_error(arena);
        }
        **out = (struct table_source){.database = slice_text("golden"),
                                      .name = slice_text("events"),
                                      .columns = events_columns,
                                      .column_count = EVENT_COLUMNS,
                                      .open = cache == NULL ? NULL : open_events,
                                      .generate = cache == NULL ? generate_events : NULL};
    }
    return NULL;
}

static bool has_database(void *user, struct slice database)
{
    (void)user;
    return slice_equal(database, slice_text("golden")) || slice_equal(database, slice_text("system"));
}

/* ---- running one statement */

/* Statements are cancelled at some look at their flag; arenas look when they have a budget. */
static bool cancels;
static _Atomic bool never;
static struct budget everything = {.name = "the test"};

static void add_value(struct text *text, struct arena *arena, const struct column *column, uint32_t row)
{
    struct column *string = NULL;
    if (column_is_null(column, row)) {
        text_add(text, "\\N", 2);
        return;
    }
    if (column->type->kind == TYPE_FIXED_STRING) { /* with its zeros, which a cast drops */
        text_add_escaped(text, slice_of(column_value(column, row), column->type->length));
        return;
    }
    const struct column *one = column_part(arena, column, row, row + 1);
    must(function_cast(arena, &context, one, type_simple(TYPE_STRING), &string));
    if (type_is_nested(column->type)) { /* strings in them are quoted and escaped already */
        text_add(text, ((const struct slice *)column_value(string, 0))->data,
                 ((const struct slice *)column_value(string, 0))->length);
        return;
    }
    text_add_escaped(text, *(const struct slice *)column_value(string, 0));
}

struct result {
    struct text *text;
};

static struct err *take_chunk(void *user, const struct chunk *chunk, bool *stop)
{
    struct result *result = user;
    struct arena *arena = arena_create(NULL);
    struct interrupt interrupt;
    (void)stop;
    interrupt_begin(&interrupt, NULL); /* reading the rows is the test's own */
    for (uint32_t i = 0; i < chunk->row_count; i++) {
        for (uint32_t j = 0; j < chunk->column_count; j++) {
            text_add(result->text, "\t", j > 0);
            add_value(result->text, arena, chunk->columns[j], i);
        }
        text_add(result->text, "\n", 1);
    }
    interrupt_end(&interrupt);
    arena_destroy(arena);
    return NULL;
}

static struct err *take_totals(void *user, const struct chunk *row)
{
    struct result *result = user;
    bool stop;
    text_add(result->text, "\n", 1);
    return take_chunk(user, row, &stop);
}

static struct err *run(struct arena *arena, struct slice sql, struct text *out)
{
    static const struct bind_catalogue catalogue = {.find = find_table, .has_database = has_database};
    struct err *err = NULL;
    struct ast_statement *statement = NULL;
    struct query_plan plan = {0};
    struct query_progress progress = {0};
    struct result result = {.text = out};
    struct bind_options options = {.text = sql, .context = &context, .catalogue = &catalogue};
    struct query_options query_options = {
        .context = &context, .totals = take_totals, .partial_cache = cache, .threads_max = threads_max};
    if (spills) {
        query_options.spill = &spill_space;
        query_options.limits.max_bytes_before_external_sort = 1;
        query_options.limits.max_bytes_before_external_group_by = 1;
        query_options.limits.max_bytes_before_external_join = 1;
        query_options.limits.max_bytes_before_external_distinct = 1;
    }
    struct interrupt interrupt;
    interrupt_begin(&interrupt, cancels ? &never : NULL);
    query_options.budget = cancels ? &everything : NULL;
    const struct bind_setting *settings = NULL;
    uint32_t setting_count = 0;

    OR_DONE(parse_query(arena, sql, 0, &statement));
    OR_DONE(bind_settings(arena, statement, &settings, &setting_count));
    for (uint32_t i = 0; i < setting_count; i++) {
        bool known;
        OR_DONE(query_limits_set(&query_options.limits, settings[i].name, settings[i].value, &known));
    }
    OR_DONE(bind_query(arena, &options, statement->query, &plan));
    for (uint32_t i = 0; i < plan.plan->column_count; i++) {
        text_add(out, "\t", i > 0);
        text_add_escaped(out, plan.plan->columns[i].name);
    }
    text_add(out, "\n", 1);
    for (uint32_t i = 0; i < plan.plan->column_count; i++) {
        text_add(out, "\t", i > 0);
        text_add_escaped(out, type_name(arena, plan.plan->columns[i].type));
    }
    text_add(out, "\n", 1);
    OR_DONE(query_execute(&plan, &query_options, &progress, take_chunk, &result));
done:
    interrupt_end(&interrupt);
    return err;
}

/*
 * Runs the statement once to count how often it looks at its flag, then cancelled at some of these looks: it ends with
 * QUERY_WAS_CANCELLED, or as it did before when it looks less often this time (workers share their looks as it comes),
 * or is wrong anyway.
 */
static bool ends_when_cancelled(struct slice sql, uint64_t *cancelled)
{
    bool good = true;
    uint64_t looks = 0;
    enum err_code before = ERR_NONE;
    for (uint64_t round = 0; round <= CANCELLED_ROUNDS && good && (round == 0 || looks > 0); round++) {
        struct text text = {0};
        struct arena *arena = arena_create(&everything);
        uint64_t at = round == 0 ? UINT64_MAX : 1 + (looks - 1) * (round - 1) / (CANCELLED_ROUNDS - 1);
        interrupt_at_look(at);
        struct err *err = run(arena, sql, &text);
        uint64_t seen = interrupt_looks();
        interrupt_at_look(0);
        enum err_code code = err_code(err);
        if (round == 0) {
            looks = seen;
            before = code;
        } else if (code != ERR_QUERY_CANCELLED && (code != before || (seen >= at && before == ERR_NONE))) {
            print_error("%.*s\ncancelled at look %llu of %llu: %s\n", SLICE_ARG(sql), (unsigned long long)at,
                        (unsigned long long)looks, err == NULL ? "it went on" : err_message(err));
            good = false;
        }
        *cancelled += code == ERR_QUERY_CANCELLED;
        err_free(err);
        arena_destroy(arena);
        free(text.data);
    }
    if (atomic_load(&everything.bytes) != 0) {
        print_error("%.*s\ncancelled: %llu bytes are not given back\n", SLICE_ARG(sql),
                    (unsigned long long)atomic_load(&everything.bytes));
        good = false;
    }
    return good;
}

/* ---- files */

/* The same text, but for the last digits of floats: sums of sums round otherwise. */
static bool same_but_for_rounding(const char *a, const char *b, size_t length)
{
    const char *end = a + length;
    while (a < end && *b != '\0') {
        char *a_end = NULL;
        char *b_end = NULL;
        double x = *a >= '0' && *a <= '9' ? strtod(a, &a_end) : 0;
        double y = *b >= '0' && *b <= '9' ? strtod(b, &b_end) : 0;
        bool numbers = a_end != NULL && b_end != NULL;
        if (numbers && x != y &&
            !((x > y ? x - y : y - x) <= 1e-13 * x &&
              (memchr(a, '.', (size_t)(a_end - a)) || memchr(b, '.', (size_t)(b_end - b))))) {
            return false;
        }
        if (!numbers && *a != *b) {
            return false;
        }
        a = numbers ? a_end : a + 1;
        b = numbers ? b_end : b + 1;
    }
    return a == end && *b == '\0';
}

static int compare_lines(const void *a, const void *b)
{
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

static size_t sorted_lines(const char *text, size_t length, struct slice **out)
{
    size_t count = 0;
    *out = calloc(length + 1, sizeof(**out));
    for (const char *at = text, *end = text + length; at < end;) {
        const char *next = memchr(at, '\n', (size_t)(end - at));
        size_t bytes = next == NULL ? (size_t)(end - at) : (size_t)(next - at);
        (*out)[count++] = slice_of(at, bytes);
        at += bytes + 1;
    }
    qsort(*out, count, sizeof(**out), compare_lines);
    return count;
}

/* The same rows: groups that nobody sorts come in another order out of files. */
static bool same_but_for_order(const char *a, size_t a_length, const char *b, size_t b_length)
{
    struct slice *a_lines;
    struct slice *b_lines;
    size_t count = sorted_lines(a, a_length, &a_lines);
    bool same = count == sorted_lines(b, b_length, &b_lines);
    for (size_t i = 0; same && i < count; i++) {
        same = slice_equal(a_lines[i], b_lines[i]);
    }
    free(a_lines);
    free(b_lines);
    return same;
}

static uint64_t cancelled_count;

static uint32_t run_file(const char *name, uint32_t *count)
{
    char path[512];
    uint32_t bad = 0;
    snprintf(path, sizeof(path), FOLDER "/%s", name);
    char *sql = read_file(path);
    snprintf(path, sizeof(path), FOLDER "/%.*s.expected", (int)(strlen(name) - 4), name);
    char *expected = read_file(path);
    char *expected_at = expected;
    char *at = sql;

    for (uint32_t number = 1; *at != '\0'; number++) {
        char *end = strstr(at, "\n\n");
        size_t length = end == NULL ? strlen(at) : (size_t)(end - at);
        char header[32];
        if (cancels) {
            bad += !ends_when_cancelled(slice_of(at, length), &cancelled_count);
            (*count)++;
            for (at += length; *at == '\n';) {
                at++;
            }
            continue;
        }
        struct text text = {0};
        struct arena *arena = arena_create(NULL);

        snprintf(header, sizeof(header), ">>> %u\n", number);
        text_add(&text, header, strlen(header));
        size_t head = text.length;
        /* what sleeps too long for a chunk does not for chunks of one row */
        bool skipped = constants && memmem(at, length, "sleepEachRow(", 13) != NULL;
        struct err *err = skipped ? NULL : run(arena, slice_of(at, length), &text);
        if (err != NULL) {
            text.length = head;
            snprintf(header, sizeof(header), "error %d\n", (int)err_code(err));
            text_add(&text, header, strlen(header));
        }
        char next[32];
        snprintf(next, sizeof(next), "\n>>> %u\n", number + 1);
        char *expected_end = strstr(expected_at, next);
        size_t expected_length = expected_end == NULL ? strlen(expected_at) : (size_t)(expected_end + 1 - expected_at);
        bool same = skipped || (expected_length == text.length && memcmp(text.data, expected_at, text.length) == 0);
        if (!same && (cache != NULL || spills)) {
            bool any = memmem(at, length, "topK(1)(note)", 13) != NULL; /* which of equally frequent values */
            same = any || same_but_for_rounding(expected_at, text.data, expected_length) ||
                   (spills && same_but_for_order(expected_at, expected_length, text.data, text.length));
        }
        if (!same) {
            print_error("%s %u: %.*s\nexpected:\n%.*sgot:\n%s%s%s\n", name, number, (int)length, at,
                        (int)expected_length, expected_at, text.data, err == NULL ? "" : err_message(err),
                        err == NULL ? "" : "\n");
            bad++;
        }
        (*count)++;
        expected_at += expected_length;
        err_free(err);
        arena_destroy(arena);
        free(text.data);
        at += length;
        while (*at == '\n') {
            at++;
        }
    }
    free(sql);
    free(expected);
    return bad;
}

static void run_folder(void)
{
    DIR *folder = opendir(FOLDER);
    uint32_t count = 0;
    uint32_t bad = 0;
    assert_non_null(folder);
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        size_t length = strlen(entry->d_name);
        if (length > 4 && strcmp(entry->d_name + length - 4, ".sql") == 0) {
            bad += run_file(entry->d_name, &count);
        }
    }
    closedir(folder);
    print_message("%u golden statements\n", count);
    if (bad > 0) {
        fail_msg("%u of %u statements differ", bad, count);
    }
    assert_true(count > 200);
}

static void test_golden(void **state)
{
    (void)state;
    query_stress(0, false);
    run_folder();
}

static void test_golden_tiny_chunks(void **state)
{
    (void)state;
    query_stress(3, false);
    threads_max = 1;
    run_folder();
    threads_max = 0;
    query_stress(0, false);
}

static void test_golden_constants(void **state)
{
    (void)state;
    query_stress(1, false);
    constants = true;
    run_folder();
    constants = false;
    query_stress(0, false);
}

static void test_golden_dictionaries(void **state)
{
    (void)state;
    query_stress(3, true);
    run_folder();
    query_stress(0, false);
}

static void test_golden_spilled(void **state)
{
    (void)state;
    char directory[] = "/tmp/weir-golden-XXXXXX";
    char path[64];
    struct io *io = NULL;
    assert_non_null(mkdtemp(directory));
    must(io_system(directory, &io));
    must(spill_space_open(&spill_space, io, 0));
    spills = true;
    query_stress(3, false);
    run_folder();
    query_stress(0, false);
    spills = false;
    assert_int_equal(atomic_load(&spill_space.bytes), 0);
    assert_true(atomic_load(&spill_space.number) > 0);
    io_destroy(io);
    snprintf(path, sizeof(path), "%s/temporary", directory);
    assert_int_equal(rmdir(path), 0); /* nothing is left in it */
    assert_int_equal(rmdir(directory), 0);
}

static void test_golden_cancelled(void **state)
{
    (void)state;
    cancels = true;
    cancelled_count = 0;
    run_folder();
    cancels = false;
    assert_true(cancelled_count > 1000);
}

static void test_golden_partial_cache(void **state)
{
    struct partial_cache_numbers numbers;
    (void)state;
    cache = partial_cache_create((uint64_t)16 << 20);
    assert_non_null(cache);
    run_folder(); /* fills it */
    partial_cache_numbers(cache, &numbers);
    assert_true(numbers.entries > 100);
    run_folder();
    partial_cache_destroy(cache);
    cache = NULL;
}

/* ---- what functions ask of a server: a few of ClickHouse's settings at their defaults, the engine's own tables */

static struct err *asked_setting(void *user, struct arena *arena, bool of_server, struct slice name,
                                 struct slice *value, const char **type)
{
    static const struct {
        const char *name, *type, *value;
    } known[] = {{"load_balancing", "LoadBalancing", "random"},
                 {"log_queries", "Bool", "1"},
                 {"max_execution_time", "Seconds", "0"},
                 {"max_result_rows", "UInt64", "0"}};
    (void)user;
    (void)arena;
    *value = (struct slice){0};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]) && !of_server; i++) {
        if (slice_equal(name, slice_text(known[i].name))) {
            *value = slice_text(known[i].value);
            *type = known[i].type;
        }
    }
    return NULL;
}

static struct err *asked_column(void *user, struct arena *arena, struct slice database, struct slice table,
                                struct slice column, bool *has)
{
    const struct source_maker *maker = source_find(database, table);
    struct table_source *source = NULL;
    struct err *err = maker == NULL ? err_new(ERR_UNKNOWN_TABLE, "no such table")
                                    : maker->make(maker, arena, &context, NULL, 0, &source);
    (void)user;
    *has = false;
    for (uint32_t c = 0; err == NULL && c < source->column_count; c++) {
        *has = *has || slice_equal(source->columns[c].name, column);
    }
    return err;
}

/* chDB's user has none either. */
static const struct slice *asked_roles(void *user, struct arena *arena, enum query_roles which, uint32_t *count)
{
    static const struct slice none;
    (void)user;
    (void)arena;
    (void)which;
    *count = 0;
    return &none;
}

static const struct query_host host = {.setting = asked_setting, .has_column = asked_column, .roles = asked_roles};

static int start(void **state)
{
    (void)state;
    context = (struct function_context){.now_us = 1764000000000000,
                                        .zone = timezone_utc(),
                                        .database = slice_text("golden"),
                                        .user = slice_text("default"),
                                        .query_id = slice_text("golden"),
                                        .host = slice_text("localhost"),
                                        .host_asks = &host};
    source_register_builtin();
    must(query_threads_start(2));
    load_events();
    return 0;
}

static int stop(void **state)
{
    (void)state;
    query_threads_stop();
    arena_destroy(events_arena);
    return 0;
}

/* The parts run beside each other as tests of their own; without a part's name, all of them run. */
static const struct CMUnitTest forms[] = {
    cmocka_unit_test(test_golden_tiny_chunks),
    cmocka_unit_test(test_golden_constants),
    cmocka_unit_test(test_golden_dictionaries),
};
static const struct CMUnitTest workers[] = {cmocka_unit_test(test_golden), cmocka_unit_test(test_golden_spilled)};
static const struct CMUnitTest shared[] = {
    cmocka_unit_test(test_golden_partial_cache),
    cmocka_unit_test(test_golden_cancelled),
};

int main(int argc, char **argv)
{
    const char *part = argc > 1 ? argv[1] : NULL;
    bool known = part == NULL;
    int failed = 0;
#define RUN(group)                                                                                                     \
    if (part == NULL || strcmp(part, #group) == 0) {                                                                   \
        known = true;                                                                                                  \
        failed += cmocka_run_group_tests_name(#group, group, start, stop);                                             \
    }
    RUN(forms)
    RUN(workers)
    RUN(shared)
#undef RUN
    if (!known) {
        fprintf(stderr, "%s: '%s' is no part; they are forms, workers and shared\n", argv[0], part);
        return 2;
    }
    return failed;
}
