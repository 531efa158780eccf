/*
 * events.c: writes the events of the benchmarks, newline-delimited JSON of 12 columns and about 290 bytes, to stdout.
 *
 * usage    events ROWS [SEED] [EVENTS_PER_SECOND]
 * shape    a web service's requests: time in order with a jitter, a few services, hosts and paths (Zipf-like), a random
 *          16-digit trace id per row, durations with three decimals. The same ROWS and SEED give the same bytes.
 */
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint64_t state;

/* splitmix64 [Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014] */
static uint64_t next(void)
{
    uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

/* 0 .. count - 1, small numbers far more often */
static uint32_t skewed(uint32_t count)
{
    double u = (double)(next() >> 11) * 0x1p-53;
    return (uint32_t)(u * u * u * count);
}

static const char *const regions[] = {"eu-central-1", "eu-west-1", "us-east-1", "us-west-2", "ap-south-1"};
static const char *const methods[] = {"GET", "GET", "GET", "GET", "POST", "POST", "PUT", "DELETE"};
static const char *const levels[] = {"info", "info", "info", "info", "info", "info", "warning", "error"};
static const uint16_t statuses[] = {200, 200, 200, 200, 200, 200, 201, 204, 301, 304, 400, 404, 404, 500, 503};
static const char *const nouns[] = {"orders", "users", "carts", "invoices", "sessions", "products", "search", "events"};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

int main(int argc, char **argv)
{
    if (argc < 2) {
        (void)fprintf(stderr, "usage: events ROWS [SEED] [EVENTS_PER_SECOND]\n");
        return 2;
    }
    uint64_t rows = strtoull(argv[1], NULL, 10);
    state = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    uint64_t rate = argc > 3 ? strtoull(argv[3], NULL, 10) : 2000;
    uint64_t start_ms = 1767225600000ULL; /* 2026-01-01 00:00:00 UTC */
    char day_text[32] = "";
    time_t day_second = 0;

    static char out[1 << 20];
    (void)setvbuf(stdout, out, _IOFBF, sizeof(out));
    for (uint64_t row = 0; row < rows; row++) {
        uint64_t ms = start_ms + row * 1000 / rate + next() % 50;
        time_t second = (time_t)(ms / 1000);
        if (second != day_second) {
            struct tm tm;
            (void)gmtime_r(&second, &tm);
            (void)strftime(day_text, sizeof(day_text), "%Y-%m-%d %H:%M:%S", &tm);
            day_second = second;
        }
        uint32_t service = skewed(20);
        double duration = exp((double)(next() >> 11) * 0x1p-53 * 7.0);
        (void)printf(
            "{\"ts\":\"%s.%03u\",\"service\":\"backend-service-%02u\",\"host\":\"host-%03u.example.net\","
            "\"region\":\"%s\",\"level\":\"%s\",\"method\":\"%s\",\"path\":\"/api/v1/%s/%06u/details\",\"status\":%u,"
            "\"duration_ms\":%.3f,\"bytes\":%u,\"user_id\":%u,\"trace_id\":\"%016" PRIx64 "\"}\n",
            day_text, (unsigned)(ms % 1000), service, service * 10 + (uint32_t)(next() % 10),
            regions[next() % COUNT(regions)], levels[next() % COUNT(levels)], methods[next() % COUNT(methods)],
            nouns[next() % COUNT(nouns)], skewed(64), statuses[next() % COUNT(statuses)], duration,
            (uint32_t)(next() % 65536) * skewed(16), skewed(1000000), next());
    }
    return fflush(stdout) == 0 ? 0 : 1;
}
