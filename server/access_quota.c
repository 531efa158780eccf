/*
 * access_quota.c: what users have used of their quotas.
 *
 * counts   per quota, key (user, address or nobody) and interval; in memory: a restart begins anew. An interval begins
 *          at a multiple of its length since 1970, or at a random moment (RANDOMIZED).
 * lock     access->lock
 * bounded  COUNTS_MAX of them: then those whose interval is over leave, and if there are none, the oldest
 */
#include "base/clock.h"
#include "server/access_private.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#define COUNTS_MAX 10000U

struct count {
    struct count *next;
    uint64_t seconds;
    uint64_t begins_s, shift_s;
    struct access_used used;
    size_t name_bytes;
    size_t key_bytes;
    char text[]; /* name, key */
};

struct quota_counts {
    struct count *first; /* newest first */
    uint32_t count;
};

struct err *quotas_start(struct access *access)
{
    access->counts = calloc(1, sizeof(*access->counts));
    return access->counts == NULL ? err_oom() : NULL;
}

void quotas_stop(struct access *access)
{
    while (access->counts != NULL && access->counts->first != NULL) {
        struct count *next = access->counts->first->next;
        free(access->counts->first);
        access->counts->first = next;
    }
    free(access->counts);
    access->counts = NULL;
}

static struct slice key_of(const struct access_session *session, const struct access_thing *quota, const char *address)
{
    return quota->unkeyed ? slice_text("") : quota->by_address ? slice_text(address) : access_session_user(session);
}

static struct count *find(const struct quota_counts *counts, struct slice name, struct slice key, uint64_t seconds)
{
    struct count *count = counts->first;
    while (count != NULL &&
           (count->seconds != seconds || !slice_equal(slice_of(count->text, count->name_bytes), name) ||
            !slice_equal(slice_of(count->text + count->name_bytes, count->key_bytes), key))) {
        count = count->next;
    }
    return count;
}

static void make_room(struct quota_counts *counts, uint64_t now_s)
{
    for (struct count **place = &counts->first; *place != NULL;) {
        struct count *count = *place;
        bool last = count->next == NULL && counts->count >= COUNTS_MAX;
        if (count->begins_s + count->seconds <= now_s || last) {
            *place = count->next;
            free(count);
            counts->count--;
        } else {
            place = &count->next;
        }
    }
}

/* The count as it is now; NULL: memory is out. Under the lock. */
static struct count *count_of(struct quota_counts *counts, struct slice name, struct slice key,
                              const struct ast_quota_interval *interval, uint64_t now_s)
{
    struct count *count = find(counts, name, key, interval->seconds);
    if (count == NULL) {
        if (counts->count >= COUNTS_MAX) {
            make_room(counts, now_s);
        }
        count = calloc(1, sizeof(*count) + name.length + key.length);
        if (count == NULL) {
            return NULL;
        }
        count->seconds = interval->seconds;
        count->shift_s =
            interval->randomized
                ? randombytes_uniform((uint32_t)(interval->seconds < UINT32_MAX ? interval->seconds : UINT32_MAX))
                : 0;
        count->name_bytes = name.length;
        count->key_bytes = key.length;
        memcpy(count->text, name.data, name.length);
        if (key.length > 0) {
            memcpy(count->text + name.length, key.data, key.length);
        }
        count->next = counts->first;
        counts->first = count;
        counts->count++;
    }
    uint64_t begins_s = now_s - (now_s - count->shift_s) % count->seconds;
    if (begins_s != count->begins_s) {
        count->begins_s = begins_s;
        count->used = (struct access_used){0};
    }
    return count;
}

/* An amount as people write it: execution_time in seconds. */
static void write_amount(uint32_t resource, uint64_t amount, char out[32])
{
    if (resource == AST_QUOTA_EXECUTION_TIME) {
        (void)snprintf(out, 32, "%.3f", (double)amount * 1e-6);
    } else {
        (void)snprintf(out, 32, "%llu", (unsigned long long)amount);
    }
}

static struct err *exceeded(const struct access_session *session, const struct access_thing *quota,
                            const struct ast_quota_interval *interval, const struct count *count, uint32_t resource)
{
    char used[32], max[32];
    write_amount(resource, count->used.amounts[resource], used);
    write_amount(resource, interval->max[resource], max);
    return err_new(ERR_QUOTA_EXCEEDED,
                   "Quota for user `%.*s` for %llus has been exceeded: %s = %s/%s. Interval will end at %llu. Name of "
                   "quota template: `%.*s`",
                   SLICE_ARG(access_session_user(session)), (unsigned long long)interval->seconds,
                   quota_resource_names[resource], used, max, (unsigned long long)(count->begins_s + count->seconds),
                   SLICE_ARG(quota->name));
}

/* Queries are counted before they run: one more than allowed is too many. What they use is counted when they end: the
 * next one is refused when it is all gone. */
static bool is_over(const struct ast_quota_interval *interval, const struct count *count, uint32_t resource)
{
    bool before = resource <= AST_QUOTA_INSERTS;
    uint64_t used = count->used.amounts[resource];
    return interval->limited[resource] &&
           (before ? used > interval->max[resource]
                   : used > interval->max[resource] || (used > 0 && used == interval->max[resource]));
}

struct err *access_use(struct access *access, const struct access_session *session, const char *address,
                       const struct access_used *used, bool enforce)
{
    struct err *err = NULL;
    uint64_t now_s = (uint64_t)(clock_wall_us() / 1000000);
    if (session->quota_count == 0) {
        return NULL;
    }
    lock_take(&access->lock);
    for (uint32_t i = 0; i < session->quota_count && err == NULL; i++) {
        const struct access_thing *quota = session->quotas[i];
        struct slice key = key_of(session, quota, address);
        for (uint32_t k = 0; k < quota->interval_count && err == NULL; k++) {
            const struct ast_quota_interval *interval = &quota->intervals[k];
            struct count *count = count_of(access->counts, quota->name, key, interval, now_s);
            if (count == NULL) {
                err = err_oom();
                break;
            }
            for (uint32_t r = 0; r < AST_QUOTA_RESOURCES; r++) {
                uint64_t sum = count->used.amounts[r] + used->amounts[r];
                count->used.amounts[r] = sum < used->amounts[r] ? UINT64_MAX : sum;
                if (enforce && err == NULL && is_over(interval, count, r)) {
                    err = exceeded(session, quota, interval, count, r);
                }
            }
        }
    }
    lock_give(&access->lock);
    return err;
}

struct err *access_quota_rows(struct access *access, const struct access_session *session, const char *address,
                              struct arena *arena, struct access_quota_row **out, uint32_t *count)
{
    uint64_t now_s = (uint64_t)(clock_wall_us() / 1000000);
    uint32_t room = 0;
    bool whole = true;
    for (uint32_t i = 0; i < session->quota_count; i++) {
        room += session->quotas[i]->interval_count;
    }
    *count = 0;
    *out = ARENA_ARRAY(arena, struct access_quota_row, (size_t)room + 1);
    if (*out == NULL) {
        return arena_error(arena);
    }
    lock_take(&access->lock);
    for (uint32_t i = 0; i < session->quota_count; i++) {
        const struct access_thing *quota = session->quotas[i];
        struct slice key = key_of(session, quota, address);
        for (uint32_t k = 0; k < quota->interval_count; k++) {
            const struct count *now = count_of(access->counts, quota->name, key, &quota->intervals[k], now_s);
            whole = whole && now != NULL;
            if (now != NULL) {
                (*out)[(*count)++] = (struct access_quota_row){.quota = quota->name,
                                                               .key = key,
                                                               .seconds = now->seconds,
                                                               .started_at_s = (int64_t)now->begins_s,
                                                               .limits = &quota->intervals[k],
                                                               .used = now->used};
            }
        }
    }
    lock_give(&access->lock);
    return whole ? NULL : err_oom();
}
