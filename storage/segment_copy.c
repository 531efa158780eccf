/*
 * segment_copy.c: see segment_copy.h.
 *
 * flow     backup_restore.c, transfer.c → here → io
 */
#include "storage/segment_copy.h"

#include "base/checksum.h"
#include "base/interrupt.h"
#include "storage/segment_layout.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* docs/FORMAT.md, "Segments": where the footer names these. */
#define FOOTER_SCHEMA_VERSION 4U
#define FOOTER_TABLE_ID       8U

struct err *segment_copy_bytes(const struct segment_copier *copier, uint64_t from_at, uint64_t to_at, uint64_t bytes)
{
    struct err *err = NULL;
    while (bytes > 0) {
        size_t length = bytes < SEGMENT_COPY_BYTES ? (size_t)bytes : SEGMENT_COPY_BYTES;
        OR_DONE(interrupt_check());
        OR_DONE(io_read(copier->from, from_at, copier->piece, length));
        OR_DONE(io_write(copier->to, to_at, copier->piece, length, copier->write));
        from_at += length;
        to_at += length;
        bytes -= length;
    }
done:
    return err;
}

struct err *segment_copy(const struct segment_copier *copier, const struct ledger_segment *there,
                         uint32_t schema_version, struct ledger_segment *here)
{
    struct err *err = NULL;
    uint8_t trailer[SEGMENT_TRAILER_BYTES];
    uint32_t footer_bytes = 0;
    uint64_t end = there->offset + there->length;
    char *footer = NULL;

    OR_DONE(io_read(copier->from, end - sizeof trailer, trailer, sizeof trailer));
    memcpy(&footer_bytes, trailer, sizeof footer_bytes);
    if (there->length < sizeof trailer || footer_bytes < 16 || footer_bytes > there->length - sizeof trailer) {
        err = err_new(ERR_CORRUPT, "the footer of the segment at %" PRIu64 " of pack %" PRIu64 " has %" PRIu32 " bytes",
                      there->offset, there->pack, footer_bytes);
        goto done;
    }
    uint64_t blocks = there->length - sizeof trailer - footer_bytes;
    footer = malloc(footer_bytes);
    if (footer == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(segment_copy_bytes(copier, there->offset, here->offset, blocks));
    OR_DONE(io_read(copier->from, there->offset + blocks, footer, footer_bytes));
    if (schema_version != 0) {
        memcpy(footer + FOOTER_SCHEMA_VERSION, &schema_version, sizeof schema_version);
        here->schema_version = schema_version;
    }
    memcpy(footer + FOOTER_TABLE_ID, &here->table_id, sizeof here->table_id);
    here->footer_hash = checksum(footer, footer_bytes);
    memcpy(trailer + 8, &here->footer_hash, sizeof here->footer_hash);
    OR_DONE(io_write(copier->to, here->offset + blocks, footer, footer_bytes, copier->write));
    OR_DONE(io_write(copier->to, here->offset + blocks + footer_bytes, trailer, sizeof trailer, copier->write));
done:
    free(footer);
    return err;
}
