/*
 * anchor.h: a head of the ledger's chain, signed, to be kept elsewhere.
 *
 * why      The chain proves that nothing within it was changed; that nothing was cut off its end, and that it is the
 *          same chain as yesterday, only somebody who remembers its head can say. An anchor is that memory: whoever
 *          keeps it can prove later that the data still extend it (`weir check DIR --anchor FILE`).
 * which    The last commit that no crash can take back (ledger_report.commit_durable), so that an anchor that was made
 *          beside a running server never accuses it falsely.
 * signed   with Ed25519 [RFC 8032, libsodium]: an anchor on its way, or kept by others, cannot be forged. The key lies
 *          in the data directory (anchor.key) unless another file is named; the anchor has its public half.
 * format   docs/FORMAT.md, "Anchors"
 * thread   any: no shared state
 */
#ifndef STORAGE_ANCHOR_H
#define STORAGE_ANCHOR_H

#include "base/err.h"
#include "base/slice.h"
#include "storage/ledger.h"

#include <stdint.h>

struct io;

#define ANCHOR_SEED_BYTES       32U
#define ANCHOR_PUBLIC_KEY_BYTES 32U
#define ANCHOR_TEXT_BYTES       512U /* with its NUL; no anchor is longer */

struct anchor {
    uint8_t store_id[LEDGER_STORE_ID_BYTES];
    uint64_t commit;
    int64_t time_us; /* of the commit */
    uint8_t hash[LEDGER_HASH_BYTES];
    uint8_t public_key[ANCHOR_PUBLIC_KEY_BYTES];
};

/* The secret key in the file; a random one is made and synced when there is no such file.
 * failpoints  anchor_key_write, anchor_key_sync, anchor_key_rename, anchor_key_sync_dir */
struct err *anchor_key(struct io *io, const char *path, uint8_t seed[ANCHOR_SEED_BYTES]);
/* Verifies the ledger and signs its head. */
struct err *anchor_make(struct io *io, const char *folder, const uint8_t seed[ANCHOR_SEED_BYTES],
                        char text[ANCHOR_TEXT_BYTES]);
/* The same of a ledger that is open: its last commit, which is durable. */
struct err *anchor_last(struct ledger *ledger, const uint8_t seed[ANCHOR_SEED_BYTES], char text[ANCHOR_TEXT_BYTES]);
/* errors   ERR_CORRUPT: it is no anchor, or its signature is not that of its key */
struct err *anchor_read(struct slice text, struct anchor *out);
/* Does the chain still go through the anchor? report and mark (of the anchor's commit) are of ledger_verify_mark.
 * errors   ERR_CORRUPT says in which way it does not */
struct err *anchor_compare(const struct anchor *anchor, const struct ledger_mark *mark,
                           const struct ledger_report *report);

#endif
