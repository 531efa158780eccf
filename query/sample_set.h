/*
 * sample_set.h: ClickHouse's adaptive sample of 32-bit hashes, from which uniq estimates.
 *
 * set      at most 65,536 hashes; when there are more, only those whose low `skip` bits are zero stay, with skip as
 *          small as that allows. So what a set holds depends on the hashes alone, not on their order.
 * list     while nearly all hashes are new, they are only listed: a look at a bitmap tells that there are so many that
 *          skip grows, and what is left of the list is looked up once, at the end.
 * memory   an arena; growing leaves small tables behind in it. A set of zero bytes is empty.
 * thread   one at a time
 */
#ifndef QUERY_SAMPLE_SET_H
#define QUERY_SAMPLE_SET_H

#include "query/state_bytes.h"

enum sample_form { SAMPLE_YOUNG, SAMPLE_LIST, SAMPLE_TABLE }; /* young: a table that may become a list */

struct sample_set {
    uint32_t *slots; /* 0: free; of a list: hashes but 0, maybe several times */
    uint32_t count;  /* of hashes; of a list: of what it holds */
    uint8_t degree;  /* slots: 1 << degree */
    uint8_t skip;    /* only hashes with that many low zero bits are kept */
    bool has_zero;
    uint8_t form;
    uint32_t seen; /* while young: hashes that were added, however often */
};

/* hashes are used up. */
struct err *sample_set_add(struct sample_set *set, struct arena *arena, uint32_t *hashes, uint32_t count);
/* hashes[i] into the set at sets + groups[i] × stride. */
struct err *sample_set_add_groups(char *sets, uint32_t stride, const uint32_t *groups, struct arena *arena,
                                  const uint32_t *hashes, uint32_t count);
/* What `from` points to may be taken over. */
struct err *sample_set_merge(struct sample_set *into, struct arena *arena, const struct sample_set *from);
/* Estimated, of all that was added. */
struct err *sample_set_size(const struct sample_set *set, struct arena *arena, uint64_t *size);
struct err *sample_set_write(const struct sample_set *set, struct state_writer *writer);
struct err *sample_set_read(struct sample_set *set, struct arena *arena, struct state_reader *reader);

#endif
