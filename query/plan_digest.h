/*
 * plan_digest.h: 128 bits that say what an expression or an aggregation computes, equal in all queries that compute it.
 *
 * Not part of it: the names that a query gives to columns, where its trees lie, and filters right above the scan, which
 * have digests of their own. Part of it: functions and their constants, aggregates and their parameters, values of
 * sets and of scalar subqueries, the time zone.
 * settled  false: two runs may differ (rand, dictionaries), or the digest would cost too much (sets of a million
 *          values)
 */
#ifndef QUERY_PLAN_DIGEST_H
#define QUERY_PLAN_DIGEST_H

#include "query/plan.h"

struct digest {
    uint64_t low, high;
};

static inline bool digest_equal(struct digest a, struct digest b)
{
    return a.low == b.low && a.high == b.high;
}

struct digest digest_of(const void *bytes, size_t length);
/* columns: what the input's columns are called in the digest; NULL: their indexes. Parameters and sets are known. */
struct err *expression_digest(struct arena *arena, const struct expression *expression, const uint32_t *columns,
                              struct digest *out, bool *settled);
/*
 * Of an aggregation over a scan, with filters, projections and array joins between; *scan NULL: it is none of that
 * kind.
 */
struct err *aggregation_digest(struct arena *arena, const struct plan *aggregation,
                               const struct function_context *context, struct digest *out, const struct plan **scan,
                               bool *settled);

#endif
