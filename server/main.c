/*
 * main.c: the one binary: weir server, client, demo, check, anchor, version.
 */
#include "base/failpoint.h"
#include "client/client.h"
#include "server/anchor.h"
#include "server/check.h"
#include "server/demo.h"
#include "server/run.h"

#include <locale.h>
#include <malloc.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const char usage[] = "Weir: a real-time analytics sink and serving database.\n"
                            "\n"
                            "  weir server    runs the server\n"
                            "  weir client    asks it: a shell, or one query\n"
                            "  weir demo      shows it: an embedded Kafka, a live stream, SQL, a page\n"
                            "  weir check     verifies a data directory\n"
                            "  weir anchor    prints a signed head of its chain, to be kept elsewhere\n"
                            "  weir version   prints the version\n"
                            "\n"
                            "weir COMMAND --help says more.\n";

int main(int argc, char **argv)
{
    /* a few arenas are enough; what is freed goes back to the system, but not each answer of a Kafka broker at once */
    (void)mallopt(M_ARENA_MAX, 4);
    (void)mallopt(M_TRIM_THRESHOLD, 4 << 20);
    (void)mallopt(M_MMAP_THRESHOLD, 32 << 20);
    if (sodium_init() < 0) {
        (void)fprintf(stderr, "weir: libsodium cannot start\n");
        return 1;
    }
    struct err *err = failpoint_arm_environment();
    if (err != NULL) {
        (void)fprintf(stderr, "weir: %s\n", err_message(err));
        err_free(err);
        return 2;
    }
    const char *command = argc > 1 ? argv[1] : "--help";
    if (strcmp(command, "server") == 0) {
        return server_main(argc - 1, argv + 1);
    }
    if (strcmp(command, "client") == 0) {
        return client_main(argc - 1, argv + 1);
    }
    if (strcmp(command, "demo") == 0) {
        return demo_main(argc - 1, argv + 1);
    }
    if (strcmp(command, "check") == 0) {
        return check_main(argc - 1, argv + 1);
    }
    if (strcmp(command, "anchor") == 0) {
        return anchor_main(argc - 1, argv + 1);
    }
    if (strcmp(command, "version") == 0 || strcmp(command, "--version") == 0) {
        (void)printf("weir %s\n", WEIR_VERSION);
        return 0;
    }
    if (strcmp(command, "help") == 0 || strcmp(command, "--help") == 0 || strcmp(command, "-h") == 0) {
        (void)fputs(usage, stdout);
        return 0;
    }
    (void)fprintf(stderr, "weir: there is no command \"%s\"\n\n%s", command, usage);
    return 2;
}
