/*
 * timezone.c: TZif files as a sorted table of (moment, offset, abbreviation).
 *
 * The footer's rule is expanded into transitions up to the year 2500 when the file is read, so a lookup is one binary
 * search. Local times are found by trying the offsets around the moment.
 * thread   zones are immutable; the list of zones has a mutex
 * source   RFC 8536 (TZif), POSIX.1-2017 8.3 (TZ rules)
 */
#include "base/timezone.h"

#include "base/civil.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FILE_BYTES_MAX   ((size_t)1 << 20)
#define YEAR_LAST        2500
#define ABBREVIATION_MAX 16

struct transition {
    int64_t at; /* from this moment on */
    int32_t offset;
    char abbreviation[ABBREVIATION_MAX];
};

struct timezone {
    struct timezone *next;
    char *name;
    size_t count; /* ≥ 1; transitions[0].at is INT64_MIN */
    struct transition *transitions;
};

static struct transition utc_transition = {.at = INT64_MIN, .offset = 0, .abbreviation = "UTC"};
static char utc_name[] = "UTC";
static struct timezone utc = {.name = utc_name, .count = 1, .transitions = &utc_transition};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct timezone *zones = &utc;

struct reader {
    const uint8_t *data;
    size_t bytes;
    size_t at;
    bool failed;
};

static uint64_t read_big_endian(struct reader *reader, size_t width)
{
    uint64_t value = 0;
    if (reader->failed || reader->bytes - reader->at < width) {
        reader->failed = true;
        return 0;
    }
    for (size_t k = 0; k < width; k++) {
        value = value << 8 | reader->data[reader->at++];
    }
    return value;
}

struct header {
    uint8_t version;
    uint32_t isutc_count, isstd_count, leap_count, time_count, type_count, char_count;
};

static bool read_header(struct reader *reader, struct header *header)
{
    if (reader->bytes - reader->at < 44 || memcmp(reader->data + reader->at, "TZif", 4) != 0) {
        return false;
    }
    header->version = reader->data[reader->at + 4];
    reader->at += 20;
    header->isutc_count = (uint32_t)read_big_endian(reader, 4);
    header->isstd_count = (uint32_t)read_big_endian(reader, 4);
    header->leap_count = (uint32_t)read_big_endian(reader, 4);
    header->time_count = (uint32_t)read_big_endian(reader, 4);
    header->type_count = (uint32_t)read_big_endian(reader, 4);
    header->char_count = (uint32_t)read_big_endian(reader, 4);
    return !reader->failed && header->time_count < 100000 && header->type_count >= 1 && header->type_count <= 256 &&
           header->char_count < 10000 && header->leap_count < 10000 && header->isutc_count <= 256 &&
           header->isstd_count <= 256;
}

/* One change of the rule in the footer: when in the year, and at which local second. */
struct rule {
    char kind; /* 'M', 'J' or '0' */
    int32_t month, week, day;
    int32_t seconds;
};

static bool parse_abbreviation(const char **text, char out[ABBREVIATION_MAX])
{
    const char *at = *text;
    size_t length = 0;
    bool quoted = *at == '<';
    at += quoted;
    while (*at != 0 && (quoted ? *at != '>' : (*at >= 'A' && *at <= 'Z') || (*at >= 'a' && *at <= 'z'))) {
        if (length + 1 >= ABBREVIATION_MAX) {
            return false;
        }
        out[length++] = *at++;
    }
    out[length] = 0;
    if (quoted && *at++ != '>') {
        return false;
    }
    *text = at;
    return length > 0;
}

static bool parse_number(const char **text, int32_t max, int32_t *out)
{
    int32_t value = 0;
    const char *at = *text;
    while (*at >= '0' && *at <= '9' && value <= max) {
        value = value * 10 + (*at++ - '0');
    }
    bool good = at != *text && value <= max;
    *text = at;
    *out = value;
    return good;
}

/* [+-]hh[:mm[:ss]] */
static bool parse_time(const char **text, int32_t *seconds)
{
    int32_t sign = 1, hour, minute = 0, second = 0;
    if (**text == '+' || **text == '-') {
        sign = *(*text)++ == '-' ? -1 : 1;
    }
    if (!parse_number(text, 167, &hour)) {
        return false;
    }
    if (**text == ':' && ((*text)++, !parse_number(text, 59, &minute))) {
        return false;
    }
    if (**text == ':' && ((*text)++, !parse_number(text, 59, &second))) {
        return false;
    }
    *seconds = sign * (hour * 3600 + minute * 60 + second);
    return true;
}

static bool parse_rule(const char **text, struct rule *rule)
{
    if (*(*text)++ != ',') {
        return false;
    }
    rule->seconds = 7200;
    if (**text == 'M') {
        rule->kind = 'M';
        (*text)++;
        if (!parse_number(text, 12, &rule->month) || rule->month == 0 || *(*text)++ != '.' ||
            !parse_number(text, 5, &rule->week) || rule->week == 0 || *(*text)++ != '.' ||
            !parse_number(text, 6, &rule->day)) {
            return false;
        }
    } else {
        rule->kind = '0';
        if (**text == 'J') {
            rule->kind = 'J';
            (*text)++;
        }
        if (!parse_number(text, 365, &rule->day)) {
            return false;
        }
    }
    return **text != '/' || ((*text)++, parse_time(text, &rule->seconds));
}

/* Local seconds since the epoch at which the rule fires in a year. */
static int64_t rule_seconds(const struct rule *rule, int32_t year)
{
    int32_t days;
    if (rule->kind == 'M') {
        int32_t first = civil_to_days(year, (uint32_t)rule->month, 1);
        int32_t weekday = (int32_t)(civil_weekday(first) % 7); /* 0 = Sunday */
        days = first + (rule->day - weekday + 7) % 7 + (rule->week - 1) * 7;
        if (days >= first + (int32_t)civil_days_in_month(year, (uint32_t)rule->month)) {
            days -= 7;
        }
    } else if (rule->kind == 'J') {
        days = civil_to_days(year, 1, 1) + rule->day - 1 + (civil_is_leap(year) && rule->day >= 60);
    } else {
        days = civil_to_days(year, 1, 1) + rule->day;
    }
    return (int64_t)days * 86400 + rule->seconds;
}

static bool add_transition(struct timezone *zone, size_t *capacity, int64_t at, int32_t offset,
                           const char *abbreviation)
{
    if (zone->count == *capacity) {
        size_t larger = *capacity * 2;
        struct transition *grown = realloc(zone->transitions, larger * sizeof(*grown));
        if (grown == NULL) {
            return false;
        }
        zone->transitions = grown;
        *capacity = larger;
    }
    struct transition *transition = &zone->transitions[zone->count++];
    transition->at = at;
    transition->offset = offset;
    (void)snprintf(transition->abbreviation, sizeof(transition->abbreviation), "%s", abbreviation);
    return true;
}

/* Expands the footer ("CET-1CEST,M3.5.0,M10.5.0/3") after the last transition of the file. */
static bool expand_footer(struct timezone *zone, size_t *capacity, const char *text)
{
    char standard_name[ABBREVIATION_MAX], summer_name[ABBREVIATION_MAX];
    int32_t standard, summer;
    if (*text == 0) {
        return true;
    }
    if (!parse_abbreviation(&text, standard_name) || !parse_time(&text, &standard)) {
        return false;
    }
    standard = -standard;
    if (*text == 0) {
        if (zone->count == 1 && zone->transitions[0].at == INT64_MIN) {
            zone->transitions[0].offset = standard;
            (void)snprintf(zone->transitions[0].abbreviation, ABBREVIATION_MAX, "%s", standard_name);
        }
        return true;
    }
    struct rule begin, end;
    summer = standard + 3600;
    if (!parse_abbreviation(&text, summer_name)) {
        return false;
    }
    if (*text != ',') {
        if (!parse_time(&text, &summer)) {
            return false;
        }
        summer = -summer;
    }
    if (!parse_rule(&text, &begin) || !parse_rule(&text, &end) || *text != 0) {
        return false;
    }
    int64_t last = zone->transitions[zone->count - 1].at;
    int32_t year = last < 0 ? 1970 : civil_of_days((int32_t)(last / 86400)).year;
    for (; year <= YEAR_LAST; year++) {
        int64_t to_daylight = rule_seconds(&begin, year) - standard;
        int64_t to_standard = rule_seconds(&end, year) - summer;
        for (int k = 0; k < 2; k++) {
            bool is_daylight = (k == 0) == (to_daylight < to_standard);
            int64_t at = is_daylight ? to_daylight : to_standard;
            if (at > last && !add_transition(zone, capacity, at, is_daylight ? summer : standard,
                                             is_daylight ? summer_name : standard_name)) {
                return false;
            }
        }
    }
    return true;
}

/* False: damaged. */
static bool parse_file(struct timezone *zone, const uint8_t *data, size_t bytes)
{
    struct reader reader = {.data = data, .bytes = bytes};
    struct header header;
    if (!read_header(&reader, &header) || header.version < '2') {
        return false;
    }
    /* the first block has 32-bit times; the second one says the same with 64 bits */
    size_t skip = (size_t)header.time_count * 5 + (size_t)header.type_count * 6 + header.char_count +
                  (size_t)header.leap_count * 8 + header.isstd_count + header.isutc_count;
    if (bytes - reader.at < skip) {
        return false;
    }
    reader.at += skip;
    if (!read_header(&reader, &header)) {
        return false;
    }
    size_t times = reader.at, types = times + (size_t)header.time_count * 8;
    size_t infos = types + header.time_count, chars = infos + (size_t)header.type_count * 6;
    size_t footer =
        chars + header.char_count + (size_t)header.leap_count * 12 + header.isstd_count + header.isutc_count;
    if (footer >= bytes || data[footer] != '\n') {
        return false;
    }
    size_t capacity = (size_t)header.time_count + 64;
    zone->transitions = malloc(capacity * sizeof(*zone->transitions));
    if (zone->transitions == NULL) {
        return false;
    }
    for (size_t k = 0; k <= header.time_count; k++) {
        /* the first entry is type 0, before all transitions */
        uint8_t type = k == 0 ? 0 : data[types + k - 1];
        int64_t at = INT64_MIN;
        if (k > 0) {
            reader.at = times + (k - 1) * 8;
            at = (int64_t)read_big_endian(&reader, 8);
        }
        if (type >= header.type_count || (k > 1 && at <= zone->transitions[zone->count - 1].at)) {
            return false;
        }
        reader.at = infos + (size_t)type * 6;
        int32_t offset = (int32_t)(uint32_t)read_big_endian(&reader, 4);
        uint8_t name = data[infos + (size_t)type * 6 + 5];
        if (reader.failed || name >= header.char_count || offset < -90000 || offset > 90000) {
            return false;
        }
        char abbreviation[ABBREVIATION_MAX] = "";
        for (size_t c = 0; c + 1 < ABBREVIATION_MAX && name + c < header.char_count && data[chars + name + c] != 0;
             c++) {
            abbreviation[c] = (char)data[chars + name + c];
        }
        if (!add_transition(zone, &capacity, at, offset, abbreviation)) {
            return false;
        }
    }
    char rule[128] = "";
    for (size_t k = footer + 1, length = 0; k < bytes && data[k] != '\n'; k++) {
        if (length + 1 >= sizeof(rule)) {
            return false;
        }
        rule[length++] = (char)data[k];
        rule[length] = 0;
    }
    return expand_footer(zone, &capacity, rule);
}

static bool name_is_good(struct slice name)
{
    if (name.length == 0 || name.length > 64 || name.data[0] == '/' || name.data[0] == '.' || name.data[0] == '-') {
        return false;
    }
    for (size_t k = 0; k < name.length; k++) {
        char c = name.data[k];
        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '+' ||
              c == '-' || c == '/')) {
            return false;
        }
    }
    return true;
}

static struct err *load(struct slice name, struct timezone **out)
{
    struct err *err = NULL;
    const char *folder = getenv("TZDIR");
    char path[512];
    struct timezone *zone = calloc(1, sizeof(*zone));
    uint8_t *data = malloc(FILE_BYTES_MAX);
    FILE *file = NULL;
    if (zone == NULL || data == NULL || (zone->name = strndup(name.data, name.length)) == NULL) {
        err = err_oom();
        goto done;
    }
    (void)snprintf(path, sizeof(path), "%s/%s", folder == NULL ? "/usr/share/zoneinfo" : folder, zone->name);
    file = fopen(path, "rbe");
    if (file == NULL) {
        err = err_new(ERR_BAD_ARGUMENTS, "there is no time zone \"%s\" (%s: %s)", zone->name, path, strerror(errno));
        goto done;
    }
    size_t bytes = fread(data, 1, FILE_BYTES_MAX, file);
    if (bytes < 4 || memcmp(data, "TZif", 4) != 0) {
        err = err_new(ERR_BAD_ARGUMENTS, "there is no time zone \"%s\" (%s is not a time zone file)", zone->name, path);
    } else if (!parse_file(zone, data, bytes)) {
        err = err_new(ERR_CORRUPT, "the time zone file %s is damaged", path);
    }
done:
    if (file != NULL) {
        (void)fclose(file);
    }
    free(data);
    if (err != NULL && zone != NULL) {
        free(zone->name);
        free(zone->transitions);
        free(zone);
        zone = NULL;
    }
    *out = zone;
    return err;
}

struct err *timezone_find(struct slice name, const struct timezone **out)
{
    struct err *err = NULL;
    (void)pthread_mutex_lock(&mutex);
    struct timezone *zone = zones;
    while (zone != NULL && !slice_equal(slice_text(zone->name), name)) {
        zone = zone->next;
    }
    if (zone == NULL) {
        err = name_is_good(name) ? load(name, &zone)
                                 : err_new(ERR_BAD_ARGUMENTS, "\"%.*s\" is not a time zone", SLICE_ARG(name));
        if (err == NULL) {
            zone->next = zones;
            zones = zone;
        }
    }
    (void)pthread_mutex_unlock(&mutex);
    *out = zone;
    return err;
}

const struct timezone *timezone_utc(void)
{
    return &utc;
}

const struct timezone *timezone_system(void)
{
    const struct timezone *zone = NULL;
    char text[256] = "";
    const char *variable = getenv("TZ");
    if (variable != NULL) {
        (void)snprintf(text, sizeof(text), "%s", variable[0] == ':' ? variable + 1 : variable);
    } else {
        char target[256];
        ssize_t length = readlink("/etc/localtime", target, sizeof(target) - 1);
        if (length > 0) {
            target[length] = 0;
            const char *name = strstr(target, "zoneinfo/");
            (void)snprintf(text, sizeof(text), "%s", name == NULL ? "" : name + strlen("zoneinfo/"));
        }
    }
    struct err *err = timezone_find(slice_text(text), &zone);
    err_free(err); /* no readable zone: UTC */
    return zone == NULL ? &utc : zone;
}

const char *timezone_name(const struct timezone *zone)
{
    return zone->name;
}

/* Index of the transition that holds at a moment. */
static size_t find(const struct timezone *zone, int64_t utc_seconds)
{
    size_t low = 0, high = zone->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (zone->transitions[middle].at <= utc_seconds) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

int32_t timezone_offset(const struct timezone *zone, int64_t utc_seconds)
{
    return zone->transitions[find(zone, utc_seconds)].offset;
}

int32_t timezone_offset_range(const struct timezone *zone, int64_t utc_seconds, int64_t *begin, int64_t *end)
{
    size_t index = find(zone, utc_seconds);
    *begin = zone->transitions[index].at;
    *end = index + 1 < zone->count ? zone->transitions[index + 1].at : INT64_MAX;
    return zone->transitions[index].offset;
}

int64_t timezone_to_utc(const struct timezone *zone, int64_t local_seconds)
{
    /* transitions are more than a day apart, offsets less than one */
    size_t index = find(zone, local_seconds - 93600);
    int64_t utc_seconds = local_seconds - zone->transitions[index].offset;
    while (index + 1 < zone->count && utc_seconds >= zone->transitions[index + 1].at) {
        index++; /* also in the hour that is skipped */
        utc_seconds = local_seconds - zone->transitions[index].offset;
    }
    return utc_seconds;
}

int64_t timezone_day_begin(const struct timezone *zone, int64_t days)
{
    int64_t midnight = days * 86400;
    int64_t moment = timezone_to_utc(zone, midnight);
    int32_t offset = timezone_offset(zone, moment);
    return moment + offset < midnight ? midnight - offset : moment;
}

bool timezone_is_fixed(const struct timezone *zone, int32_t *offset)
{
    *offset = zone->transitions[0].offset;
    return zone->count == 1;
}

const char *timezone_abbreviation(const struct timezone *zone, int64_t utc_seconds)
{
    return zone->transitions[find(zone, utc_seconds)].abbreviation;
}
