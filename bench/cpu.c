/*
 * cpu.c: writes the rows of TSBS's cpu-only workload, CSV, to stdout: hosts that report ten usage values at an
 * interval.
 *
 * usage    cpu HOSTS ROUNDS [SEED] [INTERVAL_S]
 * shape    ROUNDS × HOSTS rows in time order: ts, hostname, region, team, then ten whole percentages, each a random
 *          walk between 0 and 100 as in the benchmark suite's generator. The same arguments give the same bytes.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define METRICS 10U

static uint64_t state;

/* splitmix64, as in events.c */
static uint64_t next(void)
{
    uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

int main(int argc, char **argv)
{
    static const char *const regions[] = {"eu-central-1", "eu-west-1", "us-east-1", "us-west-2", "ap-south-1"};
    static const char *const teams[] = {"CHI", "LON", "NYC", "SF"};
    if (argc < 3) {
        (void)fprintf(stderr, "usage: cpu HOSTS ROUNDS [SEED] [INTERVAL_S]\n");
        return 2;
    }
    uint64_t hosts = strtoull(argv[1], NULL, 10), rounds = strtoull(argv[2], NULL, 10);
    state = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
    uint64_t interval_s = argc > 4 ? strtoull(argv[4], NULL, 10) : 10;
    time_t start = 1767225600; /* 2026-01-01 00:00:00 UTC */
    int *usage = malloc((hosts > 0 ? hosts : 1) * METRICS * sizeof(*usage));
    if (usage == NULL) {
        return 1;
    }
    for (uint64_t k = 0; k < hosts * METRICS; k++) {
        usage[k] = (int)(next() % 101);
    }
    static char out[1 << 20];
    (void)setvbuf(stdout, out, _IOFBF, sizeof(out));
    for (uint64_t round = 0; round < rounds; round++) {
        char text[32];
        struct tm tm;
        time_t second = start + (time_t)(round * interval_s);
        (void)gmtime_r(&second, &tm);
        (void)strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
        for (uint64_t host = 0; host < hosts; host++) {
            (void)printf("%s,host_%" PRIu64 ",%s,%s", text, host, regions[host % 5], teams[host / 5 % 4]);
            for (uint32_t metric = 0; metric < METRICS; metric++) {
                int *value = &usage[host * METRICS + metric];
                *value += (int)(next() % 3) - 1;
                *value = *value < 0 ? 0 : *value > 100 ? 100 : *value;
                (void)printf(",%d", *value);
            }
            (void)putchar('\n');
        }
    }
    free(usage);
    return fflush(stdout) == 0 ? 0 : 1;
}
