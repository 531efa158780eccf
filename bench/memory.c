/*
 * memory.c: what this machine's memory gives one core, in GB per second of processor time: reading (a sum of words) and
 * memcpy, over more than any cache holds, the best of several runs. For bench/scan.py.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BYTES ((size_t)256 << 20)
#define RUNS  9

static double cpu_now(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* count: a multiple of 4; the four sums keep loads apart from each other */
static uint64_t sum(const uint64_t *words, size_t count)
{
    uint64_t a = 0, b = 0, c = 0, d = 0;
    for (size_t i = 0; i < count; i += 4) {
        a += words[i];
        b += words[i + 1];
        c += words[i + 2];
        d += words[i + 3];
    }
    return a + b + c + d;
}

int main(void)
{
    uint64_t *from = malloc(BYTES);
    uint64_t *to = malloc(BYTES);
    uint64_t total = 0;
    double read_best = 0, copy_best = 0;
    if (from == NULL || to == NULL) {
        return 1;
    }
    memset(from, 1, BYTES);
    memset(to, 2, BYTES);
    for (int run = 0; run < RUNS; run++) {
        double begin = cpu_now();
        total += sum(from, BYTES / sizeof(*from));
        double middle = cpu_now();
        memcpy(to, from, BYTES);
        double end = cpu_now();
        double read = (double)BYTES / (middle - begin) / 1e9;
        double copy = (double)BYTES / (end - middle) / 1e9;
        read_best = read > read_best ? read : read_best;
        copy_best = copy > copy_best ? copy : copy_best;
        total += to[(size_t)run];
    }
    printf("%.2f %.2f\n", read_best, copy_best);
    free(from);
    free(to);
    return total == 0;
}
