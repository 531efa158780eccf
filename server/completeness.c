/*
 * completeness.c: see completeness.h.
 */
#include "server/completeness.h"

#include "base/clock.h"
#include "ingest/source.h"
#include "sql/define_watermark.h"
#include "storage/table.h"

struct err *server_completeness(struct server *server, struct arena *arena, const struct table_def *def,
                                struct completeness *out, struct source_completeness **each)
{
    struct err *err = NULL;
    int64_t delay_us;
    OR_DONE(watermark_delay(arena, def, &delay_us));
    OR_DONE(sources_completeness(server->sources, def->id, arena, out, each));
    int64_t latest_us = clock_wall_us() - delay_us;
    int column = table_time_column(def);
    out->known = out->known && column >= 0;
    out->complete_us = out->complete_us < latest_us ? out->complete_us : latest_us;
    out->column = column < 0 ? slice_text("") : arena_slice(arena, slice_text(def->columns[column].name));
done:
    return err;
}

static struct err *find(void *user, struct slice database, struct slice name, struct completeness *out)
{
    struct err *err = NULL;
    struct server *server = user;
    struct table *table = NULL;
    struct table_def *def = NULL;
    struct arena *arena = arena_create(NULL);
    char *names[2] = {NULL, NULL};
    if (arena == NULL) {
        return err_oom();
    }
    names[0] = arena_text(arena, database);
    names[1] = arena_text(arena, name);
    if (names[0] == NULL || names[1] == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(catalogue_table(server->store->catalogue, names[0], names[1], &table));
    def = table_definition(table);
    err = server_completeness(server, arena, def, out, NULL);
    out->column = slice_text(""); /* it was the arena's */
done:
    table_def_unref(def);
    table_unref(table);
    arena_destroy(arena);
    return err;
}

static struct err *late(void *user, struct slice database, struct slice name, struct arena *arena,
                        struct late_range **out, uint32_t *count)
{
    struct err *err = NULL;
    struct server *server = user;
    struct source_late *list = NULL;
    uint32_t list_count = 0;
    OR_DONE(sources_late(server->sources, arena, &list, &list_count));
    *count = 0;
    *out = ARENA_ARRAY(arena, struct late_range, list_count + 1U);
    if (*out == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < list_count; i++) {
        if (slice_equal(list[i].table_database, database) && slice_equal(list[i].table, name)) {
            const struct late_run *run = &list[i].run;
            (*out)[(*count)++] = (struct late_range){run->event_min_us, run->event_max_us, run->complete_us};
        }
    }
done:
    return err;
}

static struct completeness_provider provider;

void completeness_start(struct server *server)
{
    provider = (struct completeness_provider){server, find, late};
    completeness_provider_set(&provider);
}

void completeness_stop(void)
{
    completeness_provider_set(NULL);
}
