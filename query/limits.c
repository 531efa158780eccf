/*
 * limits.c: the table of a query's limits, and their errors.
 */
#include "query/limits.h"

#include "base/number.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

enum limit_kind { LIMIT_NUMBER, LIMIT_SECONDS, LIMIT_RATIO, LIMIT_MODE, LIMIT_MODE_ANY };

#define RATIO_FALLBACK "0.5"

static const struct limit_setting {
    const char *name;
    enum limit_kind kind;
    size_t offset;
    const char *description;
    const char *fallback; /* NULL: 0, throw, RATIO_FALLBACK */
} settings[] = {
#define LIMIT(field, kind, description)                                                                                \
    {                                                                                                                  \
#field, LIMIT_##kind, offsetof(struct query_limits, field), description, NULL                                  \
    }
#define LIMIT_FROM(field, kind, fallback, description)                                                                 \
    {                                                                                                                  \
#field, LIMIT_##kind, offsetof(struct query_limits, field), description, fallback                              \
    }
    {"max_execution_time", LIMIT_SECONDS, offsetof(struct query_limits, max_execution_time_us),
     "seconds after which the query stops; 0: never", NULL},
    LIMIT(min_execution_speed, NUMBER, "rows that must be read in a second; 0: any number"),
    LIMIT(min_execution_speed_bytes, NUMBER, "bytes of columns that must be read in a second; 0: any number"),
    {"timeout_before_checking_execution_speed", LIMIT_SECONDS,
     offsetof(struct query_limits, timeout_before_checking_execution_speed_us),
     "seconds before min_execution_speed, min_execution_speed_bytes hold", "10"},
    LIMIT(max_columns_to_read, NUMBER, "columns of a stored table that the query may read; 0: no limit"),
    LIMIT_FROM(max_ast_depth, NUMBER, "1000", "levels of the syntax tree; 0: no limit of its own"),
    LIMIT_FROM(max_ast_elements, NUMBER, "50000", "nodes of the syntax tree; 0: no limit of its own"),
    LIMIT_FROM(max_expanded_ast_elements, NUMBER, "500000", "nodes, aliases written out; 0: no limit of its own"),
    LIMIT_FROM(max_subquery_depth, NUMBER, "100", "subqueries within each other; 0: no limit of its own"),
    LIMIT(max_concurrent_queries_for_user, NUMBER, "queries of a user that may run at once; 0: no limit"),
    LIMIT(timeout_overflow_mode, MODE, "after max_execution_time: throw, or break"),
    LIMIT(max_rows_to_read, NUMBER, "rows that the query may read; 0: no limit"),
    LIMIT(max_bytes_to_read, NUMBER, "bytes of columns that the query may read; 0: no limit"),
    LIMIT(read_overflow_mode, MODE, "above max_rows_to_read, max_bytes_to_read: throw, or break"),
    LIMIT(max_result_rows, NUMBER, "rows of the result; 0: no limit"),
    LIMIT(max_result_bytes, NUMBER, "bytes of the result's columns; 0: no limit"),
    LIMIT(result_overflow_mode, MODE, "above max_result_rows, max_result_bytes: throw, or break"),
    LIMIT(max_rows_to_group_by, NUMBER, "groups of GROUP BY; 0: no limit"),
    LIMIT(group_by_overflow_mode, MODE_ANY, "above max_rows_to_group_by: throw, break, or any (no more groups)"),
    LIMIT(max_rows_to_sort, NUMBER, "rows that ORDER BY may keep; 0: no limit"),
    LIMIT(max_bytes_to_sort, NUMBER, "bytes that ORDER BY may keep; 0: no limit"),
    LIMIT(sort_overflow_mode, MODE, "above max_rows_to_sort, max_bytes_to_sort: throw, or break"),
    LIMIT(max_rows_in_set, NUMBER, "values of IN; 0: no limit"),
    LIMIT(max_bytes_in_set, NUMBER, "bytes of the values of IN; 0: no limit"),
    LIMIT(set_overflow_mode, MODE, "above max_rows_in_set, max_bytes_in_set: throw, or break"),
    LIMIT(max_rows_in_join, NUMBER, "rows of the side of a join that is kept; 0: no limit"),
    LIMIT(max_bytes_in_join, NUMBER, "bytes of the side of a join that is kept; 0: no limit"),
    LIMIT(join_overflow_mode, MODE, "above max_rows_in_join, max_bytes_in_join: throw, or break"),
    LIMIT(max_rows_in_distinct, NUMBER, "rows of DISTINCT; 0: no limit"),
    LIMIT(max_bytes_in_distinct, NUMBER, "bytes that DISTINCT keeps; 0: no limit"),
    LIMIT(distinct_overflow_mode, MODE, "above max_rows_in_distinct, max_bytes_in_distinct: throw, or break"),
    LIMIT(max_bytes_before_external_sort, NUMBER,
          "bytes that ORDER BY holds before it uses files; 0: half of the memory"),
    LIMIT(max_bytes_before_external_group_by, NUMBER,
          "bytes that GROUP BY holds before it uses files; 0: half of the memory"),
    LIMIT(max_bytes_ratio_before_external_sort, RATIO,
          "of the memory, what may be taken before ORDER BY uses files; 0: it uses none"),
    LIMIT(max_bytes_ratio_before_external_group_by, RATIO,
          "of the memory, what may be taken before GROUP BY uses files; 0: it uses none"),
    LIMIT(max_bytes_before_external_join, NUMBER,
          "bytes that a join's right side holds before both sides go to files; 0: half of the memory"),
    LIMIT(max_bytes_before_external_distinct, NUMBER,
          "bytes that DISTINCT, LIMIT BY, INTERSECT or EXCEPT holds before it uses files; 0: half of the memory"),
    LIMIT(max_temporary_data_on_disk_size_for_query, NUMBER, "bytes of the query's temporary files; 0: no limit"),
#undef LIMIT
#undef LIMIT_FROM
};
#define SETTING_COUNT (sizeof(settings) / sizeof(settings[0]))

static const char *const modes[] = {[OVERFLOW_THROW] = "throw", [OVERFLOW_BREAK] = "break", [OVERFLOW_ANY] = "any"};

static struct err *bad(const struct limit_setting *setting, struct slice value)
{
    bool mode = setting->kind == LIMIT_MODE || setting->kind == LIMIT_MODE_ANY;
    return err_new(mode                             ? ERR_UNKNOWN_OVERFLOW_MODE
                   : setting->kind == LIMIT_SECONDS ? ERR_CANNOT_PARSE_NUMBER
                   : setting->kind == LIMIT_RATIO   ? ERR_CANNOT_PARSE_INPUT
                                                    : setting_number_error(value),
                   "the setting %s cannot be \"%.*s\": %s", setting->name, SLICE_ARG(value), setting->description);
}

/* Whole numbers, and what is in front of their point: as ClickHouse takes 1.5. */
bool setting_number(struct slice value, uint64_t *out)
{
    double number;
    if (number_parse_u64(value, out)) {
        return true;
    }
    if (!number_parse_double(value, &number) || !(number >= 0 && number < 18446744073709551615.0)) {
        return false;
    }
    *out = (uint64_t)number;
    return true;
}

enum err_code setting_number_error(struct slice value)
{
    double number;
    return number_parse_double(value, &number) ? ERR_CANNOT_CONVERT : ERR_CANNOT_PARSE_INPUT;
}

static struct err *set(struct query_limits *limits, const struct limit_setting *setting, struct slice value)
{
    void *to = (char *)limits + setting->offset;
    double seconds;
    if (setting->kind == LIMIT_NUMBER) {
        return setting_number(value, to) ? NULL : bad(setting, value);
    }
    if (setting->kind == LIMIT_SECONDS) {
        if (!number_parse_double(value, &seconds) || !(seconds < 1e9)) {
            return bad(setting, value);
        }
        *(uint64_t *)to = seconds <= 0 ? 0 : (uint64_t)(seconds * 1e6);
        return NULL;
    }
    if (setting->kind == LIMIT_RATIO) {
        double ratio;
        if (!number_parse_double(value, &ratio) || !(ratio >= 0 && ratio < 1)) {
            return bad(setting, value);
        }
        *(uint64_t *)to = (uint64_t)(ratio * LIMIT_RATIO_ONE) + 1;
        return NULL;
    }
    for (uint32_t mode = OVERFLOW_THROW; mode <= (setting->kind == LIMIT_MODE ? OVERFLOW_BREAK : OVERFLOW_ANY);
         mode++) {
        if (slice_equal(value, slice_text(modes[mode]))) {
            *(enum overflow_mode *)to = mode;
            return NULL;
        }
    }
    return bad(setting, value);
}

void query_limits_init(struct query_limits *limits)
{
    *limits = (struct query_limits){0};
    for (size_t k = 0; k < SETTING_COUNT; k++) {
        if (settings[k].fallback != NULL) {
            ASSERT(set(limits, &settings[k], slice_text(settings[k].fallback)) == NULL);
        }
    }
}

struct err *query_limits_set(struct query_limits *limits, struct slice name, struct slice value, bool *known)
{
    for (size_t k = 0; k < SETTING_COUNT; k++) {
        if (slice_equal(name, slice_text(settings[k].name))) {
            *known = true;
            return set(limits, &settings[k], value);
        }
    }
    *known = false;
    return NULL;
}

bool query_limits_describe(uint32_t index, const char **name, const char **type, const char **fallback,
                           const char **description)
{
    static const char *const types[] = {[LIMIT_NUMBER] = "UInt64",
                                        [LIMIT_SECONDS] = "Seconds",
                                        [LIMIT_RATIO] = "Double",
                                        [LIMIT_MODE] = "OverflowMode",
                                        [LIMIT_MODE_ANY] = "OverflowModeGroupBy"};
    if (index >= SETTING_COUNT) {
        return false;
    }
    bool mode = settings[index].kind == LIMIT_MODE || settings[index].kind == LIMIT_MODE_ANY;
    *name = settings[index].name;
    *type = types[settings[index].kind];
    *fallback = settings[index].fallback != NULL      ? settings[index].fallback
                : mode                                ? modes[OVERFLOW_THROW]
                : settings[index].kind == LIMIT_RATIO ? RATIO_FALLBACK
                                                      : "0";
    *description = settings[index].description;
    return true;
}

void query_limits_print(const struct query_limits *limits, uint32_t index, struct buffer *out)
{
    const struct limit_setting *setting = &settings[index];
    const void *from = (const char *)limits + setting->offset;
    uint64_t number = setting->kind == LIMIT_MODE || setting->kind == LIMIT_MODE_ANY ? 0 : *(const uint64_t *)from;
    switch (setting->kind) {
    case LIMIT_NUMBER:
        buffer_printf(out, "%" PRIu64, number);
        break;
    case LIMIT_SECONDS:
        buffer_printf(out, "%.10g", (double)number / 1e6);
        break;
    case LIMIT_RATIO: /* 0: not set; else one more than it is */
        if (number == 0) {
            buffer_text(out, RATIO_FALLBACK);
        } else {
            buffer_printf(out, "%.10g", (double)(number - 1) / LIMIT_RATIO_ONE);
        }
        break;
    default:
        buffer_text(out, modes[*(const enum overflow_mode *)from]);
    }
}

struct err *query_limit_check(enum err_code code, const char *what, uint64_t rows_max, uint64_t rows,
                              uint64_t bytes_max, uint64_t bytes, enum overflow_mode mode, bool *over)
{
    bool too_many = rows_max != 0 && rows > rows_max;
    if (!too_many && (bytes_max == 0 || bytes <= bytes_max)) {
        return NULL;
    }
    if (mode != OVERFLOW_THROW) {
        *over = true;
        return NULL;
    }
    return err_new(code, "Limit for %s exceeded: max %s: %llu, current %s: %llu", what, too_many ? "rows" : "bytes",
                   (unsigned long long)(too_many ? rows_max : bytes_max), too_many ? "rows" : "bytes",
                   (unsigned long long)(too_many ? rows : bytes));
}
