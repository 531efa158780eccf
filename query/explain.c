/*
 * explain.c: the tree of a plan, for EXPLAIN. See explain.h; scan_estimate.c says what scans leave out.
 *
 * Filters that stand on a scan are run by it (scan.c) and are shown inside it.
 */
#include "query/explain.h"

#include "base/text.h"
#include "query/fill.h"
#include "query/join.h"
#include "query/panes.h"
#include "query/pipeline.h"
#include "storage/catalogue.h"

#include <inttypes.h>
#include <stdio.h>

struct explain {
    struct arena *arena;
    const struct function_context *context;
    const struct query_plan *query;
    const struct explain_options *options; /* NULL: scans are only collected */
    struct buffer out;
    struct scan_estimate **estimates; /* where the next one goes, or NULL */
    const struct plan *above;         /* the node above the one that is shown next */
    uint32_t depth;
    struct err *err;
};

static void line(struct explain *explain, uint32_t more, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void line(struct explain *explain, uint32_t more, const char *format, ...)
{
    va_list list;
    char text[512];
    va_start(list, format);
    (void)vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    buffer_printf(&explain->out, "%*s%s\n", (int)(explain->depth * 2 + more * 2), "", text);
}

static struct slice text_of(struct explain *explain, const struct expression *expression, const struct plan *input)
{
    struct slice out = slice_text("");
    struct err *err = expression_text(explain->arena, expression, input == NULL ? NULL : input->columns,
                                      input == NULL ? 0 : input->column_count, &out);
    err_keep_first(&explain->err, err);
    return out;
}

/* "  Keys: a, b" */
static void expressions_line(struct explain *explain, const char *what, const struct expression *const *expressions,
                             uint32_t count, const struct plan *input)
{
    if (!explain->options->actions || count == 0) {
        return;
    }
    buffer_printf(&explain->out, "%*s%s: ", (int)(explain->depth * 2 + 4), "", what);
    for (uint32_t i = 0; i < count; i++) {
        buffer_text(&explain->out, i > 0 ? ", " : "");
        buffer_slice(&explain->out, text_of(explain, expressions[i], input));
    }
    buffer_char(&explain->out, '\n');
}

static void keys_line(struct explain *explain, const char *what, const struct plan_sort_key *keys, uint32_t count,
                      const struct plan *input)
{
    if (!explain->options->actions || count == 0) {
        return;
    }
    buffer_printf(&explain->out, "%*s%s: ", (int)(explain->depth * 2 + 4), "", what);
    for (uint32_t i = 0; i < count; i++) {
        buffer_text(&explain->out, i > 0 ? ", " : "");
        buffer_slice(&explain->out, text_of(explain, keys[i].expression, input));
        buffer_text(&explain->out, keys[i].descending ? " DESC" : " ASC");
        buffer_text(&explain->out, keys[i].nulls_first ? " NULLS FIRST" : "");
    }
    buffer_char(&explain->out, '\n');
}

static void aggregates_lines(struct explain *explain, const struct plan *plan)
{
    for (uint32_t i = 0; explain->options->actions && i < plan->aggregate_count; i++) {
        const struct plan_aggregate *aggregate = &plan->aggregates[i];
        buffer_printf(&explain->out, "%*sAggregate: %s(", (int)(explain->depth * 2 + 4), "",
                      aggregate->aggregate->name);
        for (uint32_t a = 0; a < aggregate->aggregate->argument_count; a++) {
            buffer_text(&explain->out, a > 0 ? ", " : "");
            buffer_slice(&explain->out, text_of(explain, aggregate->arguments[a], plan->inputs[0]));
        }
        buffer_text(&explain->out, ")\n");
    }
}

static void header_line(struct explain *explain, const struct plan *plan)
{
    if (!explain->options->header) {
        return;
    }
    buffer_printf(&explain->out, "%*sHeader:", (int)(explain->depth * 2 + 4), "");
    for (uint32_t i = 0; i < plan->column_count; i++) {
        struct slice type = type_name(explain->arena, plan->columns[i].type);
        buffer_text(&explain->out, i > 0 ? ", " : " ");
        buffer_slice(&explain->out, plan->columns[i].name);
        buffer_char(&explain->out, ' ');
        buffer_slice(&explain->out, type.data == NULL ? slice_text("?") : type);
    }
    buffer_text(&explain->out, plan->column_count == 0 ? " no columns\n" : "\n");
}

/* ---- scans */

/* As ClickHouse shows an index. */
struct skipped {
    uint64_t parts_left, parts, granules_left, granules;
};

static void skip_lines(struct explain *explain, const char *name, const char *type, uint64_t granularity,
                       const struct skipped *skipped)
{
    int length = (int)strcspn(type, "(");
    line(explain, 3, "Skip");
    line(explain, 4, "Name: %.300s", name);
    line(explain, 4, "Description: %.*s GRANULARITY %" PRIu64, length, type, granularity);
    line(explain, 4, "Parts: %" PRIu64 "/%" PRIu64, skipped->parts_left, skipped->parts);
    line(explain, 4, "Granules: %" PRIu64 "/%" PRIu64, skipped->granules_left, skipped->granules);
}

/* A minmax index is the zone maps of its column. */
static void minmax_lines(struct explain *explain, const struct scan_estimate *estimate)
{
    const struct table_source *source = estimate->scan->source;
    const struct skipped skipped = {
        estimate->segments - estimate->segments_skipped, estimate->segments,
        estimate->granules - estimate->granules_skipped_with_segments - estimate->granules_skipped, estimate->granules};
    for (uint32_t k = 0; k < source->index_count; k++) {
        bool used = false;
        for (uint32_t i = 0; i < estimate->step_count; i++) {
            used = used || (estimate->steps[i].prunes && estimate->steps[i].column == source->indexes[k].column);
        }
        if (used && source->indexes[k].kind == 0) {
            skip_lines(explain, source->indexes[k].name, source->indexes[k].type, source->indexes[k].granularity,
                       &skipped);
        }
    }
}

static void use_lines(struct explain *explain, const struct scan_estimate *estimate, const struct index_use *use)
{
    const struct table_source *source = estimate->scan->source;
    struct slice column = source->columns[use->shape.column].name;
    const struct scan_step *step = &estimate->steps[use->step];
    struct skipped skipped = {.granules_left = step->tested_in - use->granules_out, .granules = step->tested_in};
    for (uint64_t part = 0; part < estimate->segments; part++) {
        skipped.parts += step->parts_in[part] > 0;
        skipped.parts_left += step->parts_in[part] > use->parts_out[part];
    }
    for (uint32_t k = 0; k < source->index_count; k++) {
        const struct index_def *index = &source->indexes[k];
        if (index->kind == (uint32_t)use->shape.kind && index->input == (uint32_t)use->shape.input &&
            index->column == use->shape.column && index->parameter == use->shape.parameter &&
            index->granularity == use->shape.group) {
            skip_lines(explain, index->name, index->type, index->granularity, &skipped);
            return;
        }
    }
    const char *kind = index_kind_name(use->shape.kind);
    char *name = arena_format(explain->arena, "%s of %.*s", kind, SLICE_ARG(column));
    if (name == NULL) {
        err_keep_first(&explain->err, arena_error(explain->arena));
        return;
    }
    skip_lines(explain, name, kind, use->shape.group, &skipped);
}

static void estimate_lines(struct explain *explain, const struct scan_estimate *estimate)
{
    line(explain, 2, "Segments: %" PRIu64 "/%" PRIu64, estimate->segments_left, estimate->segments);
    line(explain, 2, "Granules: %" PRIu64 "/%" PRIu64, estimate->granules_left, estimate->granules);
    if (estimate->head_chunks > 0) {
        line(explain, 2, "Chunks in memory: %" PRIu64, estimate->head_chunks);
    }
    line(explain, 2, "Rows: %" PRIu64, estimate->rows_left);
    if (estimate->segments_skipped > 0) {
        line(explain, 3, "Ledger and segments' zones leave out %" PRIu64 " segments of %" PRIu64 " granules",
             estimate->segments_skipped, estimate->granules_skipped_with_segments);
    }
    if (estimate->granules_skipped > 0) {
        line(explain, 3, "Granules' zones leave out %" PRIu64 " granules", estimate->granules_skipped);
    }
    minmax_lines(explain, estimate);
    for (uint32_t i = 0; i < estimate->step_count; i++) {
        const struct scan_step *step = &estimate->steps[i];
        int length = (int)(step->condition.length < 300 ? step->condition.length : 300);
        if (step->prunes) {
            line(explain, 3, "%.*s: zone maps leave out %" PRIu64 " of %" PRIu64 " granules", length,
                 step->condition.data, step->granules_out, step->granules_in);
        } else {
            line(explain, 3, "%.*s: %s", length, step->condition.data,
                 step->unknown ? "not known before its subquery is run" : "no zone map answers it");
        }
        for (uint32_t k = 0; k < estimate->use_count; k++) {
            if (estimate->uses[k].step == i) {
                use_lines(explain, estimate, &estimate->uses[k]);
            }
        }
    }
}

/* "  Parts: a.size0, m.keys" of the columns that are not read whole. */
static void parts_line(struct explain *explain, const struct plan *scan, const struct expression *const *filters,
                       uint32_t filter_count)
{
    struct err *err = NULL;
    const struct column_need **needs = NULL;
    struct buffer parts = {0};
    if (!explain->options->actions || explain->above == NULL) {
        return;
    }
    OR_DONE(scan_needs_of(explain->arena, explain->above, &needs));
    for (uint32_t i = 0; needs != NULL && i < filter_count; i++) {
        OR_DONE(scan_needs_add(explain->arena, filters[i], needs));
    }
    for (uint32_t c = 0; needs != NULL && c < scan->column_count; c++) {
        struct buffer part = {0};
        scan_needs_text(&part, scan->columns[c].name, scan->columns[c].type, needs[c]);
        buffer_text(&parts, parts.length > 0 && part.length > 0 ? ", " : "");
        buffer_slice(&parts, buffer_all(&part));
        parts.failed = parts.failed || part.failed;
        buffer_deinit(&part);
    }
    if (parts.length > 0) {
        buffer_printf(&explain->out, "%*sParts: %.*s\n", (int)(explain->depth * 2 + 4), "",
                      SLICE_ARG(buffer_all(&parts)));
    }
    explain->out.failed = explain->out.failed || parts.failed;
done:
    buffer_deinit(&parts);
    err_keep_first(&explain->err, err);
}

static void explain_scan(struct explain *explain, const struct plan *scan, const struct expression *const *filters,
                         uint32_t filter_count)
{
    if (explain->options != NULL) {
        line(explain, 0, "Scan %.*s%s%.*s (%u columns%s)", SLICE_ARG(scan->source->database),
             scan->source->database.length > 0 ? "." : "", SLICE_ARG(scan->source->name), scan->column_count,
             scan->source->final          ? ", FINAL"
             : scan->source->open == NULL ? ", generated"
                                          : "");
        header_line(explain, scan);
        for (uint32_t i = 0; i < filter_count; i++) {
            struct slice filter = text_of(explain, filters[i], scan);
            line(explain, 2, "Filter: %.*s", SLICE_ARG(filter));
        }
        parts_line(explain, scan, filters, filter_count);
    }
    bool wanted = explain->options == NULL || explain->options->indexes;
    if (!wanted || scan->source->open == NULL || explain->err != NULL) {
        return;
    }
    struct scan_estimate *estimate = ARENA_NEW(explain->arena, struct scan_estimate);
    if (estimate == NULL) {
        explain->err = arena_error(explain->arena);
        return;
    }
    explain->err =
        scan_estimate(explain->arena, explain->context, explain->query, scan, filters, filter_count, estimate);
    if (explain->err == NULL && explain->options != NULL) {
        estimate_lines(explain, estimate);
    }
    if (explain->estimates != NULL) {
        *explain->estimates = estimate;
        explain->estimates = &estimate->next;
    }
}

/* ---- nodes */

static const char *join_name(const struct plan_join *join)
{
    static const char *const names[][4] = {
        [JOIN_ALL] = {"inner", "left", "right", "full"},
        [JOIN_ANY] = {"any inner", "any left", "any right", "any full"},
        [JOIN_SEMI] = {"semi", "left semi", "right semi", "semi"},
        [JOIN_ANTI] = {"anti", "left anti", "right anti", "anti"},
        [JOIN_ASOF] = {"asof inner", "asof left", "asof right", "asof full"},
    };
    return names[join->strictness][join->kind];
}

static void explain_join(struct explain *explain, const struct plan *plan)
{
    const struct plan_join *join = plan->join;
    line(explain, 0, "Join (%s, %u keys%s)", join_name(join), join->key_count,
         join->rest == NULL ? "" : ", further conditions");
    for (uint32_t i = 0; explain->options->actions && i < join->key_count; i++) {
        struct slice left = text_of(explain, join->left_keys[i], plan->inputs[0]);
        struct slice right = text_of(explain, join->right_keys[i], plan->inputs[1]);
        line(explain, 2, "Key: %.*s = %.*s", SLICE_ARG(left), SLICE_ARG(right));
    }
}

static void explain_project(struct explain *explain, const struct plan *plan)
{
    line(explain, 0, "Expression (%u columns)", plan->expression_count);
    for (uint32_t i = 0; explain->options->actions && i < plan->expression_count; i++) {
        struct slice expression = text_of(explain, plan->expressions[i], plan->inputs[0]);
        line(explain, 2, "%.*s = %.*s", SLICE_ARG(plan->columns[i].name), SLICE_ARG(expression));
    }
}

static void explain_sort(struct explain *explain, const struct plan *plan)
{
    if (plan->limit == UINT64_MAX) {
        line(explain, 0, "Sort (%u keys)", plan->sort_key_count);
    } else {
        line(explain, 0, "Sort (%u keys, first %" PRIu64 ")", plan->sort_key_count, plan->limit);
    }
    keys_line(explain, "Keys", plan->sort_keys, plan->sort_key_count, plan->inputs[0]);
}

static void explain_limit(struct explain *explain, const struct plan *plan)
{
    if (plan->limit == UINT64_MAX) {
        line(explain, 0, "Offset (%" PRIu64 ")", plan->offset);
    } else if (plan->offset > 0) {
        line(explain, 0, "Limit (%" PRIu64 " behind %" PRIu64 "%s)", plan->limit, plan->offset,
             plan->with_ties ? ", with ties" : "");
    } else {
        line(explain, 0, "Limit (%" PRIu64 "%s)", plan->limit, plan->with_ties ? ", with ties" : "");
    }
}

static void explain_aggregate(struct explain *explain, const struct plan *plan)
{
    line(explain, 0, "Aggregate (%u keys, %u aggregates%s)", plan->expression_count, plan->aggregate_count,
         plan->with_totals ? ", totals" : "");
    expressions_line(explain, "Keys", plan->expressions, plan->expression_count, plan->inputs[0]);
    aggregates_lines(explain, plan);
}

static void explain_window(struct explain *explain, const struct plan *plan)
{
    line(explain, 0, "Window (%u functions)", plan->window->function_count);
    expressions_line(explain, "Partition by", plan->window->partition, plan->window->partition_count, plan->inputs[0]);
    keys_line(explain, "Order by", plan->window->order, plan->window->order_count, plan->inputs[0]);
}

static void explain_head(struct explain *explain, const struct plan *plan)
{
    switch (plan->kind) {
    case PLAN_SCAN:
        break; /* explain_scan */
    case PLAN_VALUES:
        line(explain, 0, "Values (%u rows)", plan->values->row_count);
        break;
    case PLAN_FILTER:
        line(explain, 0, "Filter");
        expressions_line(explain, "Condition", &plan->condition, 1, plan->inputs[0]);
        break;
    case PLAN_PROJECT:
        explain_project(explain, plan);
        break;
    case PLAN_AGGREGATE:
        explain_aggregate(explain, plan);
        break;
    case PLAN_SORT:
        explain_sort(explain, plan);
        break;
    case PLAN_LIMIT:
        explain_limit(explain, plan);
        break;
    case PLAN_TAIL:
        if (plan->limit == UINT64_MAX) {
            line(explain, 0, "Tail (all but the last %" PRIu64 ")", plan->offset);
        } else {
            line(explain, 0, "Tail (the last %" PRIu64 ", before %" PRIu64 ")", plan->limit, plan->offset);
        }
        break;
    case PLAN_LIMIT_BY:
        line(explain, 0, "LimitBy (%" PRIu64 " of each of %u keys)", plan->limit, plan->expression_count);
        expressions_line(explain, "Keys", plan->expressions, plan->expression_count, plan->inputs[0]);
        break;
    case PLAN_ARRAY_JOIN:
        line(explain, 0, "%sArrayJoin (%u arrays)", plan->left ? "Left" : "", plan->expression_count);
        expressions_line(explain, "Arrays", plan->expressions, plan->expression_count, plan->inputs[0]);
        break;
    case PLAN_DISTINCT:
        line(explain, 0, "Distinct");
        break;
    case PLAN_JOIN:
        explain_join(explain, plan);
        break;
    case PLAN_GROUPING_SETS:
        line(explain, 0, "GroupingSets (%u sets of %u keys, %u aggregates)", plan->branch_count, plan->expression_count,
             plan->aggregate_count);
        expressions_line(explain, "Keys", plan->expressions, plan->expression_count, plan->inputs[0]);
        aggregates_lines(explain, plan);
        break;
    case PLAN_TOTALS:
        line(explain, 0, "Totals");
        break;
    case PLAN_UNION:
        line(explain, 0, "Union (%u inputs)", plan->input_count);
        break;
    case PLAN_INTERSECT:
    case PLAN_EXCEPT:
        line(explain, 0, "%s (%s)", plan->kind == PLAN_INTERSECT ? "Intersect" : "Except",
             plan->distinct ? "distinct" : "all");
        break;
    case PLAN_FILL:
        line(explain, 0, "Fill (%u keys)", plan->fill->key_count);
        break;
    case PLAN_WINDOW:
        explain_window(explain, plan);
        break;
    case PLAN_PANES:
        line(explain, 0, "TimeWindows (%s of panes, %u keys, %u aggregates)",
             plan->panes->session ? "sessions" : "hops", plan->expression_count, plan->aggregate_count);
        break;
    }
}

static void explain_node(struct explain *explain, const struct plan *plan)
{
    const struct expression *filters[PLAN_FILTERS_MAX];
    uint32_t count = 0;
    const struct plan *leaf = plan_below_filters(plan, filters, &count);

    if (leaf->kind == PLAN_SCAN) {
        explain_scan(explain, leaf, filters, count);
        return;
    }
    if (explain->options != NULL) {
        explain_head(explain, plan);
        header_line(explain, plan);
    }
    explain->depth++;
    for (uint32_t i = 0; i < plan->input_count && explain->err == NULL; i++) {
        explain->above = plan;
        explain_node(explain, plan->inputs[i]);
    }
    explain->depth--;
}

static void explain_all(struct explain *explain)
{
    for (uint32_t i = 0; i < explain->query->subquery_count && explain->err == NULL; i++) {
        if (explain->options != NULL) {
            line(explain, 0, "Subquery %u, run before: %s", i + 1,
                 explain->query->subqueries[i].set != NULL ? "a set for IN" : "a value");
        }
        explain->depth++;
        explain->above = NULL;
        explain_node(explain, explain->query->subqueries[i].plan);
        explain->depth--;
    }
    if (explain->err == NULL) {
        explain->above = NULL;
        explain_node(explain, explain->query->plan);
    }
}

struct err *explain_plan(struct arena *arena, const struct function_context *context, const struct query_plan *plan,
                         const struct explain_options *options, struct slice *out)
{
    struct explain explain = {.arena = arena, .context = context, .query = plan, .options = options};

    explain_all(&explain);
    if (explain.err == NULL && explain.out.failed) {
        explain.err = err_oom();
    }
    if (explain.err == NULL) {
        *out = arena_slice(arena, buffer_all(&explain.out));
        explain.err = out->data == NULL ? arena_error(arena) : NULL;
    }
    buffer_deinit(&explain.out);
    return explain.err;
}

struct err *explain_estimate(struct arena *arena, const struct function_context *context, const struct query_plan *plan,
                             struct scan_estimate **out)
{
    struct explain explain = {.arena = arena, .context = context, .query = plan, .estimates = out};

    *out = NULL;
    explain_all(&explain);
    return explain.err;
}
