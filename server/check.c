/*
 * check.c: the command line of storage/check.h.
 */
#include "server/check.h"

#include "base/checksum.h"
#include "base/failpoint.h"
#include "server/anchor.h"
#include "storage/check.h"

#include <stdio.h>
#include <string.h>

static const char usage[] =
    "weir check DIR [--anchor FILE [--public-key KEY]]\n"
    "    verifies the ledger's chain and every block of every segment; no server may run on DIR\n"
    "    --anchor FILE      what weir anchor printed once: the chain must still go through it\n"
    "    --public-key KEY   the line \"key\" that the anchor must have\n"
    "weir check --failpoints   prints the names of all failpoints (for tests)\n"
    "Exit status: 0 all is well, 1 something is damaged, 2 the check could not be made.\n";

static void print_problem(void *user, const char *text)
{
    (void)user;
    (void)printf("damaged: %s\n", text);
}

int check_main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--failpoints") == 0) {
        for (const struct failpoint *failpoint = failpoint_first(); failpoint != NULL; failpoint = failpoint->next) {
            (void)printf("%s\n", failpoint->name);
        }
        return 0;
    }
    bool help = argc == 2 && strcmp(argv[1], "--help") == 0;
    const char *anchor_path = argc >= 4 && strcmp(argv[2], "--anchor") == 0 ? argv[3] : NULL;
    const char *public_key = argc == 6 && strcmp(argv[4], "--public-key") == 0 ? argv[5] : NULL;
    if (argc < 2 || argv[1][0] == '-' || argc != 2 + (anchor_path != NULL ? 2 : 0) + (public_key != NULL ? 2 : 0)) {
        (void)fputs(usage, help ? stdout : stderr);
        return help ? 0 : 2;
    }
    struct check_report report;
    struct anchor anchor = {0};
    struct err *err = anchor_path == NULL ? NULL : anchor_load(anchor_path, public_key, &anchor);
    if (err == NULL) {
        err = store_check(argv[1], NULL, anchor_path == NULL ? NULL : &anchor, print_problem, NULL, &report);
    }
    if (err != NULL) {
        (void)fprintf(stderr, "weir check: %s\n", err_message(err));
        err_free(err);
        return 2;
    }
    struct hash chain;
    char text[65];
    memcpy(chain.bytes, report.ledger.hash, sizeof(chain.bytes));
    hash_text(&chain, text);
    (void)printf("ledger: %llu commits, %llu records, %llu merges checked, back to %s\nchain: %s\n",
                 (unsigned long long)report.ledger.commits, (unsigned long long)report.ledger.records,
                 (unsigned long long)report.ledger.merges_checked,
                 report.ledger.to_genesis ? "the beginning" : "the oldest checkpoint", text);
    if (report.anchor_proven) {
        (void)printf("anchor: the data extend it, by %llu commits since commit %llu\n",
                     (unsigned long long)(report.ledger.commit_last - anchor.commit),
                     (unsigned long long)anchor.commit);
    }
    if (report.is_backup) {
        (void)printf("backup: of the state at commit %llu\n", (unsigned long long)report.ledger.commit_first - 1);
    }
    (void)printf("packs: %llu, segments: %llu, rows: %llu, bytes: %llu, orphans: %llu\n",
                 (unsigned long long)report.packs, (unsigned long long)report.segments, (unsigned long long)report.rows,
                 (unsigned long long)report.bytes, (unsigned long long)report.orphans);
    (void)printf("insert log: %llu INSERTs that are not in segments yet\n", (unsigned long long)report.inserts);
    if (report.insert_log_unread_file > 0) {
        (void)printf("insert-log/%08llu.log: the %llu bytes from %llu on cannot be read: an INSERT that was not "
                     "acknowledged, or damage\n",
                     (unsigned long long)report.insert_log_unread_file,
                     (unsigned long long)report.insert_log_unread_bytes,
                     (unsigned long long)report.insert_log_unread_at);
    }
    if (report.detached > 0) {
        (void)printf("detached segments: %llu of these\n", (unsigned long long)report.detached);
    }
    if (report.holds > 0) {
        (void)printf("holds: %llu\n%s", (unsigned long long)report.holds, report.held);
    }
    if (report.tail_torn) {
        (void)printf("the ledger ends with bytes that were never acknowledged; the next start cuts them\n");
    }
    (void)printf(report.problems == 0 && report.ledger_good ? "all is well\n" : "%llu problems\n",
                 (unsigned long long)report.problems);
    return report.problems == 0 && report.ledger_good ? 0 : 1;
}
