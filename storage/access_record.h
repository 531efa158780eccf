/*
 * access_record.h: users, roles, quotas and settings profiles as the ledger keeps them: a kind, a name, and a text.
 *
 * What the text says is the server's business (server/access_model.h): SQL statements that make the thing again. An
 * empty text is one that was dropped. Changes of several things are one commit.
 * thread   any
 */
#ifndef STORAGE_ACCESS_RECORD_H
#define STORAGE_ACCESS_RECORD_H

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"

#include <stdint.h>

struct ledger;

#define ACCESS_KIND_MAX       4U
#define ACCESS_NAME_BYTES_MAX 1000U
#define ACCESS_TEXT_BYTES_MAX ((uint32_t)4 << 20)

struct access_record {
    uint32_t kind; /* 1 … ACCESS_KIND_MAX */
    struct slice name;
    uint8_t uuid[16];
    struct slice text; /* empty: dropped */
};

/* Makes all of them durable, in one commit. ERR_LOGICAL for one that is dropped and was not there. */
struct err *access_records_commit(struct ledger *ledger, const struct access_record *records, uint32_t count);
/* All that there are, by (kind, name), copied into the arena. */
struct err *access_records(struct ledger *ledger, struct arena *arena, struct access_record **out, uint32_t *count);

#endif
