/*
 * materialize.h: CREATE MATERIALIZED VIEW → a definition, the SELECT that makes its rows, the one that reads them.
 *
 * Two kinds. With TO or ENGINE the view is ClickHouse's: what its SELECT gives of new rows is put into the table, and
 * reading the view is reading the table. Without, and with aggregates, it keeps **states**: the table has a column for
 * each key and one state for each aggregate function, AggregatingMergeTree puts them together, and reading the view
 * finishes them, so that it answers what its SELECT over all rows would, one row for each key.
 *
 *     SELECT toHour(ts) AS h, sum(x) / count() AS mean FROM t WHERE x > 0 GROUP BY h HAVING count() > 1
 *     feed   SELECT toHour(ts) AS h, sumState(x), countState() FROM t WHERE x > 0 GROUP BY h
 *     read   SELECT h, sumMerge(…) / countMerge(…) AS mean FROM table GROUP BY h HAVING countMerge(…) > 1
 *
 * refused  of a view that keeps states, by name: DISTINCT, ORDER BY, LIMIT, window functions, WITH TOTALS, ROLLUP,
 *          CUBE, GROUPING SETS, stars
 * owner    texts live in the arena
 */
#ifndef SQL_MATERIALIZE_H
#define SQL_MATERIALIZE_H

#include "sql/bind.h"
#include "storage/catalogue.h"

/* What a definition says. */
struct materialized {
    const struct ast_create_table *create;
    bool states;
    struct slice base_database, base_table; /* the first table of FROM; of one with REFRESH: empty */
    bool asks_window_state;                 /* window_state() */
    bool asks_lateness;                     /* that table's rows must say how late they came */
    struct slice to_database, to_table;     /* TO; or empty: a table of its own */
    struct ast_table *base;                 /* where FROM names it, in create; or NULL */
    bool whole_windows;                     /* materialized_stored */
};

/* What the statement's tree says, as it stands. */
struct err *materialized_parts(const struct ast_create_table *create, struct materialized *out);

/* Of a definition that define_materialized made; copied. */
struct err *materialized_of(struct arena *arena, struct slice definition, struct materialized *out);
/* Of a view that keeps states: its table as it is. One that an older version made has a window as one column, which
 * materialized_feed and materialized_read go by from then on. */
struct err *materialized_stored(struct arena *arena, struct materialized *view, const struct table_def *target);
/* The SELECT over new rows whose columns are the table's, by name. */
struct err *materialized_feed(struct arena *arena, const struct materialized *view, struct slice *out);
/*
 * Of a view that keeps states: what a change of its base table's rows runs to make the keys of these rows anew
 * (storage/view_mutation.h). The table `.view`.`old` is the view's as it was; `gone` and `came` are what the feed makes
 * of the rows as they were and as they become, `dirty` is both, `new` what `feed` makes of all rows of these keys.
 *
 * feed     SELECT of the rows of dirty keys, over the base table as it becomes; columns as of materialized_feed
 * places   SELECT where the rows of dirty keys are (source_places: pack, offset, row), from old
 * differ   SELECT how many rows the view counts (Int64), how many the table had (Int64), the key as text: of dirty keys
 *          where these differ, those of which the view has rows first
 * kept     SELECT of the rows of `new` without keys of which the view has none though the table had some
 * counted  the view's table has the number of rows of each key; without it `differ` and `kept` are empty
 */
struct materialized_keys {
    struct slice feed, places, differ, kept;
    bool counted;
};
struct err *materialized_keys(struct arena *arena, const struct materialized *view, const struct table_def *target,
                              struct materialized_keys *out);
/* Of a view that keeps states: SELECT of a key of which it (`.view`.`old`) counts more rows than the base table has, as
 * `differ` above; data NULL: it does not count rows. */
struct err *materialized_lost(struct arena *arena, const struct materialized *view, const struct table_def *target,
                              struct slice *out);
/* Of a view that keeps states: a CREATE MATERIALIZED VIEW statement whose SELECT reads it from its table. */
struct err *materialized_read(struct arena *arena, const struct materialized *view, struct slice database,
                              struct slice table, struct slice *out);
/* The definition with another SELECT, which gets its tables' databases; columns as they were but with TO. */
struct err *materialized_with_select(struct arena *arena, const struct bind_options *options,
                                     const struct materialized *view, struct ast_query *select,
                                     struct ast_create_table *out, struct materialized *changed);
/* A name that a definition's TO or FROM may mean, and what it becomes. In the SELECT the table keeps its old name as an
 * alias. *out NULL: neither means it. */
struct materialized_renamed {
    struct slice database, name, to_database, to_name;
};
struct err *materialized_follow(struct arena *arena, struct slice definition,
                                const struct materialized_renamed *renamed, const char **out);
/* "`.inner_id.6f3c…`" without quotes: the name of the view's own table. */
char *materialized_inner_name(struct arena *arena, const uint8_t uuid[16]);

/*
 * Checks a CREATE MATERIALIZED VIEW by binding its SELECTs. The catalogue of options has the base table.
 * object   kind, names, definition, comment and uuid; uuid is given
 * inner    the definition of its own table, without TO
 */
struct err *define_materialized(struct arena *arena, const struct bind_options *options,
                                const struct ast_create_table *create, struct slice database, const uint8_t uuid[16],
                                struct object_def *object, struct table_def *inner, struct materialized *view);

#endif
