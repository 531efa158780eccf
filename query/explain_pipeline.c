/*
 * explain_pipeline.c: the chains of stages that execute.c makes of a plan, for EXPLAIN PIPELINE.
 *
 * A stage that must see all of its input ends one chain and begins the next; a join's right side is a chain of its own,
 * run before the left. The chains are listed in the order in which they run, each from its source upwards.
 */
#include "query/explain.h"

#include "base/text.h"

#include <inttypes.h>

#define STAGES_MAX 1024U

struct pipelines {
    struct arena *arena;
    uint32_t threads;
    bool header;
    uint32_t count;
    struct buffer out;
    struct err *err;
};

/* Stages above the node that is looked at, the nearest first. */
struct chain {
    const struct chain *above;
    const char *stage;
    const struct plan *plan; /* for its header; or NULL */
};

static void header(struct pipelines *pipelines, const struct plan *plan)
{
    if (!pipelines->header || plan == NULL) {
        return;
    }
    buffer_text(&pipelines->out, "    Header:");
    for (uint32_t i = 0; i < plan->column_count; i++) {
        struct slice type = type_name(pipelines->arena, plan->columns[i].type);
        buffer_text(&pipelines->out, i > 0 ? ", " : " ");
        buffer_slice(&pipelines->out, plan->columns[i].name);
        buffer_char(&pipelines->out, ' ');
        buffer_slice(&pipelines->out, type.data == NULL ? slice_text("?") : type);
    }
    buffer_char(&pipelines->out, '\n');
}

static void print(struct pipelines *pipelines, const char *source, const struct plan *plan, const struct chain *chain)
{
    buffer_printf(&pipelines->out, "Pipeline %" PRIu32 "\n  %s\n", ++pipelines->count, source);
    header(pipelines, plan);
    for (; chain != NULL; chain = chain->above) {
        buffer_printf(&pipelines->out, "  → %s\n", chain->stage);
        header(pipelines, chain->plan);
    }
}

static const char *scan_text(struct pipelines *pipelines, const struct plan *scan, uint32_t filters)
{
    uint64_t rows = plan_rows(scan);
    uint64_t workers = rows == UINT64_MAX ? pipelines->threads : (rows / CHUNK_ROWS_MAX + 1) / 2;
    workers = scan->source->open == NULL || workers == 0 ? 1 : workers;
    workers = workers < pipelines->threads ? workers : pipelines->threads;
    char *text = arena_format(pipelines->arena, "Scan %.*s%s%.*s (%s, %" PRIu64 " worker%s)%s",
                              SLICE_ARG(scan->source->database), scan->source->database.length > 0 ? "." : "",
                              SLICE_ARG(scan->source->name), scan->source->open == NULL ? "generated" : "by granules",
                              workers, workers == 1 ? "" : "s", filters > 0 ? ", filtered" : "");
    if (text == NULL) {
        err_keep_first(&pipelines->err, arena_error(pipelines->arena));
        return "";
    }
    return text;
}

static void walk(struct pipelines *pipelines, const struct plan *plan, const struct chain *above, uint32_t depth);

/* A stage that holds its input back: what feeds it, then what comes out of it. */
static void breaker(struct pipelines *pipelines, const struct plan *plan, const struct chain *above, uint32_t depth,
                    const char *takes, const char *gives)
{
    struct chain end = {NULL, takes, NULL};
    walk(pipelines, plan->inputs[0], &end, depth + 1);
    print(pipelines, gives, plan, above);
}

static void walk(struct pipelines *pipelines, const struct plan *plan, const struct chain *above, uint32_t depth)
{
    const struct expression *filters[PLAN_FILTERS_MAX];
    uint32_t filter_count = 0;
    const struct plan *leaf = plan_below_filters(plan, filters, &filter_count);
    struct chain chain = {above, "", plan};
    struct chain table = {NULL, "into the join's table", NULL};

    if (depth > STAGES_MAX) {
        err_keep_first(&pipelines->err, err_new(ERR_TOO_DEEP_AST, "the plan is too deep for EXPLAIN PIPELINE"));
        return;
    }
    if (leaf->kind == PLAN_SCAN) {
        print(pipelines, scan_text(pipelines, leaf, filter_count), leaf, above);
        return;
    }
    switch (plan->kind) {
    case PLAN_SCAN:
        return; /* above */
    case PLAN_VALUES:
        print(pipelines, "Values", plan, above);
        return;
    case PLAN_TOTALS:
        print(pipelines, "Totals", plan, above);
        return;
    case PLAN_FILTER:
        chain.stage = "Filter";
        break;
    case PLAN_PROJECT:
        chain.stage = "Expression";
        break;
    case PLAN_LIMIT:
        chain.stage = plan->with_ties ? "Limit with ties" : "Limit";
        break;
    case PLAN_TAIL:
        chain.stage = "Tail (the last rows wait)";
        break;
    case PLAN_LIMIT_BY:
        chain.stage = "LimitBy";
        break;
    case PLAN_ARRAY_JOIN:
        chain.stage = "ArrayJoin";
        break;
    case PLAN_DISTINCT:
        chain.stage = "Distinct";
        break;
    case PLAN_FILL:
        chain.stage = "Fill (one worker, in order)";
        break;
    case PLAN_WINDOW:
        chain.stage = "Window (one worker, in order)";
        break;
    case PLAN_PANES:
        chain.stage = "TimeWindows (one worker, in order)";
        break;
    case PLAN_AGGREGATE:
        breaker(pipelines, plan, above, depth, "into groups, each worker its own", "Aggregate: merged groups");
        return;
    case PLAN_GROUPING_SETS:
        breaker(pipelines, plan, above, depth, "into groups of every set", "GroupingSets: merged groups");
        return;
    case PLAN_SORT:
        breaker(pipelines, plan, above, depth,
                plan->limit == UINT64_MAX ? "into runs to be sorted" : "into the first rows of each worker",
                "Sort: merged runs");
        return;
    case PLAN_JOIN:
        walk(pipelines, plan->inputs[1], &table, depth + 1);
        chain.stage = "Join: looked up in the table";
        break;
    case PLAN_INTERSECT:
    case PLAN_EXCEPT:
        table.stage = plan->kind == PLAN_INTERSECT ? "into Intersect's table" : "into Except's table";
        walk(pipelines, plan->inputs[1], &table, depth + 1);
        chain.stage = plan->kind == PLAN_INTERSECT ? "Intersect" : "Except";
        break;
    case PLAN_UNION:
        chain.stage = "Union";
        for (uint32_t i = 0; i < plan->input_count; i++) {
            walk(pipelines, plan->inputs[i], &chain, depth + 1);
        }
        return;
    }
    walk(pipelines, plan->inputs[0], &chain, depth + 1);
}

struct err *explain_pipeline(struct arena *arena, const struct query_plan *plan, uint32_t threads, bool with_header,
                             struct slice *out)
{
    struct pipelines pipelines = {.arena = arena, .threads = threads, .header = with_header};

    for (uint32_t i = 0; i < plan->subquery_count; i++) {
        struct chain end = {NULL, plan->subqueries[i].set != NULL ? "into the set of an IN" : "into a value", NULL};
        walk(&pipelines, plan->subqueries[i].plan, &end, 0);
    }
    struct chain reply = {NULL, "the reply", NULL};
    walk(&pipelines, plan->plan, &reply, 0);
    if (pipelines.err == NULL && pipelines.out.failed) {
        pipelines.err = err_oom();
    }
    if (pipelines.err == NULL) {
        *out = arena_slice(arena, buffer_all(&pipelines.out));
        pipelines.err = out->data == NULL ? arena_error(arena) : NULL;
    }
    buffer_deinit(&pipelines.out);
    return pipelines.err;
}
