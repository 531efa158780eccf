/*
 * window_rows.h: what the files of the window operator share: rows of whole partitions, in order, and their frames.
 *
 * A batch is some partitions, as columns; every file makes one array per row and column out of it, in the batch's
 * arena.
 */
#ifndef QUERY_WINDOW_ROWS_H
#define QUERY_WINDOW_ROWS_H

#include "query/pipeline.h"
#include "query/plan.h"
#include "query/sort.h"

struct window_rows {
    struct execution *execution;
    struct arena *arena;
    uint32_t count;
    const uint32_t *partitions; /* partition_count + 1 rows: where each begins, the last one ends */
    uint32_t partition_count;
    const uint32_t *peers; /* likewise; a partition begins with new peers */
    uint32_t peer_count;
    const struct plan_sort_key *order; /* of the only order key, and */
    const struct column *order_key;    /* FLAT; or NULL */
};

/* Row i sees rows [begin[i], end[i]). Neither ever falls within a partition. */
struct window_frames {
    uint32_t *begin;
    uint32_t *end;
};

/* window_frame.c: marks[i] is set where row i differs from the one before in the column (FLAT); marks[0] stays. */
void window_mark(const struct column *column, uint8_t *marks);
/* Rows that are marked, and `count` behind them. */
struct err *window_starts(struct arena *arena, const uint8_t *marks, uint32_t count, uint32_t **starts,
                          uint32_t *start_count);
/* Is the frame of every row its partition? */
bool window_frame_is_whole(const struct frame *frame, bool has_order);
struct err *window_frames_find(const struct window_rows *rows, const struct frame *frame, struct window_frames *frames);

/* window_function.c: ranking functions, and those that take a value from another row. arguments: FLAT. */
struct err *window_evaluate(const struct window_rows *rows, const struct window_function *function,
                            const struct window_frames *frames, struct column *const *arguments, struct column **out);

/* window_aggregate.c; frames NULL: whole partitions. */
struct err *window_aggregate(const struct window_rows *rows, const struct window_function *function,
                             const struct window_frames *frames, struct column *const *arguments, struct column **out);

/* window_sum.c: sum and avg of plain numbers; *out NULL: it is none of these, window_aggregate does it. */
struct err *window_sum(const struct window_rows *rows, const struct window_function *function,
                       const struct window_frames *frames, struct column *const *arguments, struct column **out);

#endif
