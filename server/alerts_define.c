/*
 * alerts_define.c: rules of SQL: CREATE ALERT and its kin, as the catalogue keeps them.
 */
#include "server/alerts_private.h"

#include "alert/template.h"
#include "base/clock.h"
#include "server/objects.h"
#include "sql/parser.h"
#include "sql/printer.h"
#include "sql/qualify.h"

#define EVERY_US INT64_C(60000000)

static struct err *take_labels(struct arena *arena, const struct ast_label *from, uint32_t count, struct labels *out)
{
    struct err *err = NULL;
    struct slice twice;
    out->items = ARENA_ARRAY(arena, struct label, (size_t)count + 1);
    if (out->items == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < count; k++) {
        out->items[k] = (struct label){from[k].name, from[k].value};
        err = template_check(from[k].value);
        if (err != NULL) {
            return err_while(err, "%.*s", SLICE_ARG(slice_cut(from[k].name, 100)));
        }
    }
    out->count = count;
    return labels_sort(out, &twice) ? NULL : err_new(ERR_BAD_ARGUMENTS, "%.*s is there twice", SLICE_ARG(twice));
}

static int64_t or_else(int64_t us, int64_t fallback)
{
    return us < 0 ? fallback : us;
}

struct err *alert_define_draft(struct arena *arena, struct ast_alert *alert, struct slice database, struct slice name,
                               struct rule **out)
{
    struct err *err = NULL;
    bool parameters = false;
    struct slice query;
    struct rule draft = {.kind = alert->record ? RULE_RECORD : RULE_ALERT,
                         .file = slice_text(""),
                         .database = database,
                         .name = name,
                         .interval_us = or_else(alert->every_us, EVERY_US),
                         .offset_us = or_else(alert->delay_us, 0),
                         .for_us = or_else(alert->for_us, 0),
                         .keep_us = or_else(alert->keep_us, 0),
                         .max_wait_us = or_else(alert->max_wait_us, 0),
                         .limit = (uint32_t)alert->instances_max,
                         .paused = alert->paused};
    OR_DONE(qualify_query(arena, alert->select, database, &parameters));
    if (parameters) {
        err = err_new(ERR_BAD_ARGUMENTS, "a rule has no parameters: {name:Type} cannot stand in its SELECT");
        goto done;
    }
    query = ast_print_query(arena, alert->select);
    const char *group = arena_format(arena, "%.*s.%.*s", SLICE_ARG(database), SLICE_ARG(name));
    if (query.data == NULL || group == NULL) {
        err = arena_error(arena);
        goto done;
    }
    draft.query = query;
    draft.group = slice_text(group);
    OR_DONE(take_labels(arena, alert->labels, alert->label_count, &draft.labels));
    OR_DONE(take_labels(arena, alert->annotations, alert->annotation_count, &draft.annotations));
    err = rule_make(&draft, out);
done:
    return err;
}

static struct err *parse_definition(struct arena *arena, const struct object_def *def, struct ast_alert **out)
{
    struct ast_statement *statement = NULL;
    struct slice text = slice_text(def->definition);
    struct err *err = parse_query(arena, text, (uint32_t)text.length + 1, &statement);
    if (err == NULL && statement->kind != AST_ALERT) {
        err = err_new(ERR_CORRUPT, "the definition of %s.%s is no rule", def->database, def->name);
    }
    *out = err == NULL ? statement->alert : NULL;
    return err;
}

struct err *alert_define_rule(const struct object_def *def, struct rule **out)
{
    struct err *err = NULL;
    struct ast_alert *alert = NULL;
    struct arena *arena = arena_create(NULL);
    if (arena == NULL) {
        return err_oom();
    }
    OR_DONE(parse_definition(arena, def, &alert));
    err = alert_define_draft(arena, alert, slice_text(def->database), slice_text(def->name), out);
done:
    arena_destroy(arena);
    return err_while(err, "reading the rule %s.%s", def->database, def->name);
}

/* ---- statements */

static struct err *unknown(struct slice database, struct slice name)
{
    return err_new(ERR_UNKNOWN_TABLE, "There is no rule %.*s.%.*s", SLICE_ARG(database), SLICE_ARG(name));
}

static struct err *define(struct execution *execution, struct ast_alert *alert, struct slice database,
                          struct slice name, struct object_def *out)
{
    struct err *err = NULL;
    struct alert_answer answer;
    struct rule *rule = NULL;
    OR_DONE(alert_define_draft(execution->arena, alert, database, name, &rule));
    OR_DONE(alert_check(execution->server, execution->arena, rule, &answer));
    alert->database = database;
    alert->name = name;
    struct slice text = ast_print_create_alert(execution->arena, alert);
    *out = (struct object_def){.kind = OBJECT_ALERT,
                               .database = execution_text(execution, database),
                               .name = execution_text(execution, name),
                               .definition = text.data,
                               .comment = ""};
    if (text.data == NULL || out->database == NULL || out->name == NULL) {
        err = arena_error(execution->arena);
        goto done;
    }
    struct ast_alert *again = NULL; /* what is stored can be read, whatever limits the text met */
    err = parse_definition(execution->arena, out, &again);
done:
    rule_unref(rule);
    return err;
}

static struct err *create(struct execution *execution, const struct ast_alert *alert, struct slice database,
                          struct slice name)
{
    struct err *err = NULL;
    struct object_def def;
    struct ast_alert own = *alert;
    own.or_replace = own.if_not_exists = false;
    OR_DONE(define(execution, &own, database, name, &def));
    err = catalogue_create_object(execution->server->store->catalogue, &def,
                                  alert->or_replace      ? OBJECT_REPLACE
                                  : alert->if_not_exists ? OBJECT_KEEP
                                                         : OBJECT_REFUSE,
                                  NULL);
done:
    return err;
}

/* ALTER ALERT … PAUSE: the definition with that word. */
static struct err *set_paused(struct execution *execution, const struct object_def *def, bool paused)
{
    struct err *err = NULL;
    struct object_def changed = *def;
    struct ast_alert *alert = NULL;
    OR_DONE(parse_definition(execution->arena, def, &alert));
    if (alert->paused == paused) {
        goto done;
    }
    alert->paused = paused;
    alert->database = slice_text(def->database);
    alert->name = slice_text(def->name);
    changed.definition = ast_print_create_alert(execution->arena, alert).data;
    err = changed.definition == NULL ? arena_error(execution->arena)
                                     : catalogue_alter_object(execution->server->store->catalogue, &changed);
done:
    return err;
}

struct err *alerts_execute(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct object_def *def = NULL;
    struct slice database, name;
    const struct ast_alert *alert = statement->alert;

    if (alert->action == AST_ALERT_BACKTEST) {
        return alert_backtest(execution, statement);
    }
    OR_DONE(statement_names(execution, statement, &database, &name));
    database = statement_database(execution, database);
    if (alert->action == AST_ALERT_CREATE) {
        err = create(execution, alert, database, name);
        goto done;
    }
    OR_DONE(object_named(execution, database, name, &def));
    if (def == NULL || def->kind != OBJECT_ALERT) {
        err = alert->action == AST_ALERT_DROP && statement->if_exists ? NULL : unknown(database, name);
        goto done;
    }
    switch (alert->action) {
    case AST_ALERT_DROP:
        err = catalogue_drop_object(execution->server->store->catalogue, def);
        break;
    case AST_ALERT_SHOW_CREATE:
        err = execute_constant(execution, "statement", slice_text(def->definition));
        break;
    default:
        err = set_paused(execution, def, alert->action == AST_ALERT_PAUSE);
        break;
    }
done:
    object_def_unref(def);
    if (err == NULL && alert->action != AST_ALERT_SHOW_CREATE) {
        alerts_sync(execution->server);
    }
    return err;
}
