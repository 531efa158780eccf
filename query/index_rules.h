/*
 * index_rules.h: what a query's settings say of indexes: use_skip_indexes, ignore_data_skipping_indices,
 * force_data_skipping_indices, force_primary_key, force_index_by_date.
 *
 * flow     server/execute.c sets table_source.rules → scan.c, scan_estimate.c → here, condition by condition
 * used     an index is used if a condition of the query is one that it can answer, whatever it leaves out then. Zone
 *          maps are no index: they are looked at always, also those that a minmax index stands for.
 */
#ifndef QUERY_INDEX_RULES_H
#define QUERY_INDEX_RULES_H

#include "query/plan.h"

struct index_rules {
    bool off; /* no index that has blocks */
    struct slice *ignored;
    uint32_t ignored_count;
    struct slice *forced; /* each must be used */
    uint32_t forced_count;
    bool force_key, force_partition; /* conditions on columns of the sort key, of the partitions' expression */
    const uint32_t *key;             /* indexes of the source's columns */
    uint32_t key_count;
    const uint32_t *partition;
    uint32_t partition_count;
};

/* Names with commas between them, in quotes or not. Empty: none. */
struct err *index_rules_names(struct arena *arena, const char *setting, struct slice text, struct slice **out,
                              uint32_t *count);

struct prune;           /* query/pipeline.h */
struct index_rules_use; /* of a scan */
/* *out NULL: the source has no rules. */
struct err *index_rules_begin(struct arena *arena, const struct plan *scan, struct index_rules_use **out);
/* A condition of the scan, of which all must hold, with what was made of it: tests that may not be run become NULL, or
 * leave out indexes. use NULL: nothing to do. */
struct err *index_rules_condition(struct index_rules_use *use, const struct expression *condition,
                                  const struct prune *prune, const struct index_test **test,
                                  const struct index_test **bitmap);
/* ERR_INDEX_NOT_USED: what is forced was not used. reads: rows are looked at. */
struct err *index_rules_end(const struct index_rules_use *use, bool reads);

#endif
