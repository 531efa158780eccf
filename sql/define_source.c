/*
 * define_source.c: CREATE SOURCE → a definition, checked as far as it can be without a broker. See define.h.
 *
 * flow     sql/parse_create.c → here → ingest/, which knows the properties and settings and checks their values
 */
#include "sql/define.h"

#include "sql/binder.h"
#include "sql/printer.h"

static struct err *property_value(struct binder *binder, const struct ast_property *property, struct slice *out)
{
    struct err *err = NULL;

    if (property->value->kind == AST_PARAMETER) {
        OR_DONE(bind_parameter_text(binder, property->value, out));
    } else if (property->value->kind == AST_LITERAL && property->value->literal == AST_STRING) {
        *out = property->value->text;
    } else if (property->value->kind == AST_LITERAL && property->value->literal == AST_NULL) {
        err = bind_error(binder, property->offset, ERR_BAD_ARGUMENTS, "the property %.*s must not be NULL",
                         SLICE_ARG(property->name));
    } else {
        *out = ast_print(binder->arena, property->value);
        if (out->data == NULL) {
            err = arena_error(binder->arena);
        }
    }
done:
    return err;
}

static const struct source_setting *find_property(const struct source_definition *definition, const char *name)
{
    for (uint32_t i = 0; i < definition->property_count; i++) {
        if (slice_is_text(definition->properties[i].name, name)) {
            return &definition->properties[i];
        }
    }
    return NULL;
}

static struct err *define_properties(struct binder *binder, const struct ast_create_source *create,
                                     struct source_definition *out)
{
    struct err *err = NULL;
    struct source_setting *items = arena_array(binder->arena, create->property_count + 1U, sizeof(*items));

    if (items == NULL) {
        return arena_error(binder->arena);
    }
    for (uint32_t i = 0; i < create->property_count; i++) {
        for (uint32_t j = 0; j < i; j++) {
            if (slice_equal(items[j].name, create->properties[i].name)) {
                err = bind_error(binder, create->properties[i].offset, ERR_BAD_ARGUMENTS,
                                 "the property %.*s is given twice", SLICE_ARG(items[j].name));
                goto done;
            }
        }
        items[i].name = create->properties[i].name;
        items[i].offset = create->properties[i].offset;
        OR_DONE(property_value(binder, &create->properties[i], &items[i].value));
    }
    out->properties = items;
    out->property_count = create->property_count;
    static const char *const needed[] = {"brokers", "topic"};
    for (size_t i = 0; i < 2; i++) {
        const struct source_setting *property = find_property(out, needed[i]);
        if (property == NULL && i == 1) {
            property = find_property(out, "topics");
        }
        if (property == NULL || property->value.length == 0) {
            err = bind_error(binder, property == NULL ? create->connector_offset : property->offset, ERR_BAD_ARGUMENTS,
                             "FROM KAFKA needs the property %s, as in KAFKA (brokers = "
                             "'localhost:9092', topic = 'flights')",
                             needed[i]);
            goto done;
        }
    }
done:
    return err;
}

struct err *define_source(struct arena *arena, const struct bind_options *options,
                          const struct ast_create_source *create, struct slice database, struct source_definition *out)
{
    struct err *err = NULL;
    struct binder binder = {.arena = arena, .options = options};
    struct ast_create_source canonical = *create;

    *out = (struct source_definition){.if_not_exists = create->if_not_exists,
                                      .name = create->name,
                                      .database = create->database.length > 0 ? create->database : database,
                                      .table = create->table,
                                      .format = create->format,
                                      .select = create->select};
    if (!slice_is_any_case(create->connector, "KAFKA")) {
        err = bind_error(&binder, create->connector_offset, ERR_NOT_IMPLEMENTED,
                         "a source from %.*s is not supported; write FROM KAFKA (brokers = '…', topic = '…')",
                         SLICE_ARG(create->connector));
        goto done;
    }
    if (create->format.length == 0) {
        err = bind_error(&binder, create->connector_offset, ERR_BAD_ARGUMENTS,
                         "the source's FORMAT is missing: write FORMAT JSONEachRow behind the properties");
        goto done;
    }
    if (!slice_is_text(create->format, "JSONEachRow")) {
        err =
            bind_error(&binder, create->format_offset, ERR_NOT_IMPLEMENTED,
                       "the format %.*s is not supported for sources yet; use JSONEachRow", SLICE_ARG(create->format));
        goto done;
    }
    OR_DONE(define_properties(&binder, create, out));
    struct ast_statement carrier = {.settings = create->settings};
    const struct bind_setting *settings = NULL;
    OR_DONE(bind_settings(arena, &carrier, &settings, &out->setting_count));
    struct source_setting *copies = arena_array(arena, out->setting_count + 1U, sizeof(*copies));
    if (copies == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t i = 0; i < out->setting_count; i++) {
        copies[i] =
            (struct source_setting){.name = settings[i].name, .value = settings[i].value, .offset = settings[i].offset};
    }
    out->settings = copies;
    canonical.database = out->database;
    canonical.connector = slice_text("KAFKA");
    out->sql = ast_print_create_source(arena, &canonical);
    if (out->sql.data == NULL) {
        err = arena_error(arena);
    }
done:
    return err;
}
