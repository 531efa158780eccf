/*
 * print_alert.c: CREATE ALERT and CREATE RECORDING RULE as text, one clause per line.
 */
#include "sql/print.h"
#include "sql/printer.h"

#include <stdio.h>

static void print_duration(struct printer *printer, const char *clause, int64_t us)
{
    static const struct {
        const char *name;
        int64_t us;
    } units[] = {{"WEEK", INT64_C(604800000000)},
                 {"DAY", INT64_C(86400000000)},
                 {"HOUR", INT64_C(3600000000)},
                 {"MINUTE", 60000000},
                 {"SECOND", 1000000},
                 {"MILLISECOND", 1000}};
    char text[64];
    size_t k = 0;
    if (us < 0) {
        return;
    }
    while (k + 1 < sizeof(units) / sizeof(units[0]) && (us == 0 ? k < 4 : us % units[k].us != 0)) {
        k++;
    }
    (void)snprintf(text, sizeof(text), "\n%s %lld %s", clause, (long long)(us / units[k].us), units[k].name);
    print_text(printer, text);
}

static void print_labels(struct printer *printer, const char *clause, const struct ast_label *labels, uint32_t count)
{
    if (count == 0) {
        return;
    }
    print_text(printer, "\n");
    print_text(printer, clause);
    print_text(printer, " (");
    for (uint32_t k = 0; k < count; k++) {
        print_text(printer, k == 0 ? "" : ", ");
        print_identifier(printer, labels[k].name);
        print_text(printer, " = ");
        print_string(printer, labels[k].value);
    }
    print_text(printer, ")");
}

struct slice ast_print_create_alert(struct arena *arena, const struct ast_alert *alert)
{
    struct printer printer = {.arena = arena};
    char text[64];
    print_text(&printer, alert->record ? "CREATE RECORDING RULE " : "CREATE ALERT ");
    if (alert->database.length > 0) {
        print_identifier(&printer, alert->database);
        print_text(&printer, ".");
    }
    print_identifier(&printer, alert->name);
    print_text(&printer, "\nAS ");
    print_query(&printer, alert->select);
    print_duration(&printer, "EVERY", alert->every_us);
    print_duration(&printer, "FOR", alert->for_us);
    print_duration(&printer, "KEEP FIRING FOR", alert->keep_us);
    print_duration(&printer, "DELAY", alert->delay_us);
    print_duration(&printer, "MAX WAIT", alert->max_wait_us);
    if (alert->instances_max > 0) {
        (void)snprintf(text, sizeof(text), "\nMAX INSTANCES %llu", (unsigned long long)alert->instances_max);
        print_text(&printer, text);
    }
    print_labels(&printer, "LABELS", alert->labels, alert->label_count);
    print_labels(&printer, "ANNOTATIONS", alert->annotations, alert->annotation_count);
    print_text(&printer, alert->paused ? "\nPAUSED" : "");
    return print_end(&printer);
}
