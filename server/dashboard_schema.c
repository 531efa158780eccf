/*
 * dashboard_schema.c: the definition of a dashboard against tables of fields, so that whatever is stored can be drawn.
 *
 * flow     dashboards.c → here
 * twin     server/web/dashboard_model.js holds the same tables for the page; tests/web/dashboards.json is asked of both
 * limits   the text is bounded before it is parsed; jansson itself refuses more than 2,048 levels
 */
#include "server/dashboard_schema.h"

#include "base/text.h"

#include <jansson.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#define WHERE_BYTES   160
#define COLUMNS_MAX   12
#define PANELS_MAX    100
#define VARIABLES_MAX 32

enum field_kind { TEXT, NAME, WORD, SPAN, INTEGER, NUMBER, CHOICE, OBJECT, LIST };

struct field {
    const char *name;
    enum field_kind kind;
    bool required;
    double least, most;         /* of numbers; characters of texts; elements of lists */
    const char *choices;        /* "a, b, c" */
    const struct field *fields; /* of an object, or of each element of a list; NULL: a list of texts */
};

static const struct field time_fields[] = {
    {.name = "last", .kind = SPAN},
    {.name = "from", .kind = TEXT, .least = 1, .most = 40},
    {.name = "to", .kind = TEXT, .least = 1, .most = 40},
    {.name = NULL},
};

static const struct field variable_fields[] = {
    {.name = "name", .kind = WORD, .required = true},
    {.name = "type", .kind = TEXT, .least = 1, .most = 200},
    {.name = "label", .kind = TEXT, .most = 200},
    {.name = "value", .kind = TEXT, .most = 4096},
    {.name = "options", .kind = LIST, .most = 1000},
    {.name = "query", .kind = TEXT, .most = 65536},
    {.name = NULL},
};

static const struct field threshold_fields[] = {
    {.name = "from", .kind = NUMBER, .required = true, .least = -1e300, .most = 1e300},
    {.name = "color", .kind = CHOICE, .required = true, .choices = "good, warn, bad"},
    {.name = NULL},
};

static const struct field option_fields[] = {
    {.name = "style", .kind = CHOICE, .choices = "line, area, bar"},
    {.name = "x", .kind = TEXT, .least = 1, .most = 200},
    {.name = "values", .kind = LIST, .most = 12},
    {.name = "split", .kind = TEXT, .most = 200},
    {.name = "unit", .kind = TEXT, .most = 20},
    {.name = "decimals", .kind = INTEGER, .most = 10},
    {.name = "min", .kind = NUMBER, .least = -1e300, .most = 1e300},
    {.name = "max", .kind = NUMBER, .least = -1e300, .most = 1e300},
    {.name = "thresholds", .kind = LIST, .most = 10, .fields = threshold_fields},
    {.name = NULL},
};

static const struct field panel_fields[] = {
    {.name = "id", .kind = NAME, .required = true},
    {.name = "title", .kind = TEXT, .most = 200},
    {.name = "kind", .kind = CHOICE, .required = true, .choices = "time, bar, table, value, heatmap, log"},
    {.name = "query", .kind = TEXT, .required = true, .most = 65536},
    {.name = "x", .kind = INTEGER, .required = true, .most = COLUMNS_MAX - 1},
    {.name = "y", .kind = INTEGER, .required = true, .most = 9999},
    {.name = "width", .kind = INTEGER, .required = true, .least = 1, .most = COLUMNS_MAX},
    {.name = "height", .kind = INTEGER, .required = true, .least = 1, .most = 40},
    {.name = "options", .kind = OBJECT, .fields = option_fields},
    {.name = NULL},
};

static const struct field dashboard_fields[] = {
    {.name = "weir_dashboard", .kind = INTEGER, .required = true, .least = 1, .most = 1},
    {.name = "title", .kind = TEXT, .required = true, .most = 200},
    {.name = "description", .kind = TEXT, .most = 4096},
    {.name = "time", .kind = OBJECT, .fields = time_fields},
    {.name = "every_ms", .kind = INTEGER, .least = 100, .most = 3600000},
    {.name = "variables", .kind = LIST, .most = VARIABLES_MAX, .fields = variable_fields},
    {.name = "panels", .kind = LIST, .required = true, .most = PANELS_MAX, .fields = panel_fields},
    {.name = NULL},
};

static struct err *wrong(const char *where, const char *what)
{
    return err_new(ERR_BAD_ARGUMENTS, "%s: %s", where[0] == 0 ? "the dashboard" : where, what);
}

/* "time" of "good, warn, time"? */
static bool is_choice(const char *choices, const char *text)
{
    size_t length = strlen(text);
    const char *at = choices;
    while (strcspn(at, ",") != length || strncmp(at, text, length) != 0) {
        at = strchr(at, ',');
        if (at == NULL) {
            return false;
        }
        at += 2; /* ", " */
    }
    return true;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Letters, digits, '_'; of an id '-' too, of a variable no digit in front. */
static bool is_name(const char *text, bool variable)
{
    size_t length = strlen(text);
    bool good = length > 0 && length <= 64 && !(variable && is_digit(text[0]));
    for (size_t k = 0; k < length && good; k++) {
        good = is_letter(text[k]) || is_digit(text[k]) || (!variable && text[k] == '-');
    }
    return good;
}

/* "90s", "5m", "12h", "30d". */
static bool is_span(const char *text)
{
    size_t digits = 0;
    while (digits < 7 && is_digit(text[digits])) {
        digits++;
    }
    return digits > 0 && digits < 7 && text[0] != '0' && text[digits] != 0 && strchr("smhd", text[digits]) != NULL &&
           text[digits + 1] == 0;
}

static struct err *check_text(const struct field *field, const char *where, const json_t *value)
{
    char message[200];
    if (!json_is_string(value)) {
        return wrong(where, "must be a text");
    }
    const char *text = json_string_value(value);
    size_t count = utf8_count(slice_of(text, json_string_length(value)));
    if (strlen(text) != json_string_length(value)) {
        return wrong(where, "holds a zero character");
    }
    switch (field->kind) {
    case NAME:
        return is_name(text, false) ? NULL : wrong(where, "must be 1 to 64 letters, digits, '_' and '-'");
    case WORD:
        return is_name(text, true) ? NULL
                                   : wrong(where, "must be 1 to 64 letters, digits and '_', and begin with no digit");
    case SPAN:
        return is_span(text) ? NULL : wrong(where, "must be a span such as 90s, 5m, 12h or 30d");
    case CHOICE:
        (void)snprintf(message, sizeof(message), "must be one of %s", field->choices);
        return is_choice(field->choices, text) ? NULL : wrong(where, message);
    default:
        (void)snprintf(message, sizeof(message), "must have %.0f to %.0f characters", field->least, field->most);
        return (double)count < field->least || (double)count > field->most ? wrong(where, message) : NULL;
    }
}

static struct err *check_number(const struct field *field, const char *where, const json_t *value)
{
    char message[200];
    double number = json_number_value(value);
    if (!json_is_number(value) || (field->kind == INTEGER && number != floor(number))) {
        return wrong(where, field->kind == INTEGER ? "must be a whole number" : "must be a number");
    }
    if (number < field->least || number > field->most) {
        (void)snprintf(message, sizeof(message), "must be from %.15g to %.15g", field->least, field->most);
        return wrong(where, message);
    }
    return NULL;
}

static struct err *check_object(const struct field *fields, const char *where, const json_t *object);

static struct err *check_list(const struct field *field, const char *where, const json_t *list)
{
    static const struct field text = {.kind = TEXT, .most = 4096};
    struct err *err = NULL;
    char message[200], place[WHERE_BYTES];
    const json_t *element;
    size_t index;
    if (!json_is_array(list)) {
        return wrong(where, "must be a list");
    }
    if ((double)json_array_size(list) > field->most) {
        (void)snprintf(message, sizeof(message), "has more than %.0f elements", field->most);
        return wrong(where, message);
    }
    json_array_foreach(list, index, element)
    {
        (void)snprintf(place, sizeof(place), "%.100s[%zu]", where, index);
        OR_DONE(field->fields == NULL ? check_text(&text, place, element)
                                      : check_object(field->fields, place, element));
    }
done:
    return err;
}

static struct err *check_value(const struct field *field, const char *where, const json_t *value)
{
    switch (field->kind) {
    case INTEGER:
    case NUMBER:
        return check_number(field, where, value);
    case OBJECT:
        return check_object(field->fields, where, value);
    case LIST:
        return check_list(field, where, value);
    default:
        return check_text(field, where, value);
    }
}

static const struct field *find_field(const struct field *fields, const char *name)
{
    while (fields->name != NULL && strcmp(fields->name, name) != 0) {
        fields++;
    }
    return fields->name == NULL ? NULL : fields;
}

/* Unknown keys first, as they come; then the fields in their order. */
static struct err *check_object(const struct field *fields, const char *where, const json_t *object)
{
    struct err *err = NULL;
    char place[WHERE_BYTES];
    const char *key, *point = where[0] == 0 ? "" : ".";
    const json_t *value;
    if (!json_is_object(object)) {
        return wrong(where, "must be an object");
    }
    /* the library takes no const here, and changes nothing */
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        (void)snprintf(place, sizeof(place), "%.100s%s%.40s", where, point, key);
        if (find_field(fields, key) == NULL) {
            return wrong(place, "is no key that can stand here");
        }
    }
    for (const struct field *field = fields; field->name != NULL; field++) {
        value = json_object_get(object, field->name);
        (void)snprintf(place, sizeof(place), "%.100s%s%.40s", where, point, field->name);
        if (value == NULL && field->required) {
            err = wrong(place, "is missing");
        }
        OR_DONE(err);
        OR_DONE(value == NULL ? NULL : check_value(field, place, value));
    }
done:
    return err;
}

static long long integer_of(const json_t *object, const char *name)
{
    return (long long)json_number_value(json_object_get(object, name));
}

static struct err *check_once(const json_t *list, const char *where, const char *name)
{
    char place[WHERE_BYTES];
    for (size_t k = 0; k < json_array_size(list); k++) {
        for (size_t other = 0; other < k; other++) {
            if (json_equal(json_object_get(json_array_get(list, k), name),
                           json_object_get(json_array_get(list, other), name))) {
                (void)snprintf(place, sizeof(place), "%s[%zu].%s", where, k, name);
                return wrong(place, "is there twice");
            }
        }
    }
    return NULL;
}

/* What no single field says. */
static struct err *check_whole(const json_t *dashboard)
{
    struct err *err = NULL;
    char place[WHERE_BYTES];
    const json_t *time = json_object_get(dashboard, "time"), *panels = json_object_get(dashboard, "panels"), *panel;
    size_t index;
    bool last = json_object_get(time, "last") != NULL, from = json_object_get(time, "from") != NULL,
         to = json_object_get(time, "to") != NULL;
    if (time != NULL && (last ? from || to : !from || !to)) {
        return wrong("time", "holds last, or from and to");
    }
    OR_DONE(check_once(json_object_get(dashboard, "variables"), "variables", "name"));
    OR_DONE(check_once(panels, "panels", "id"));
    json_array_foreach(panels, index, panel)
    {
        if (integer_of(panel, "x") + integer_of(panel, "width") > COLUMNS_MAX) {
            (void)snprintf(place, sizeof(place), "panels[%zu].width", index);
            return wrong(place, "x and width together are more than 12");
        }
    }
done:
    return err;
}

struct err *dashboard_check(struct slice text)
{
    struct err *err = NULL;
    json_error_t problem;
    if (text.length > DASHBOARD_BYTES_MAX) {
        return err_new(ERR_BAD_ARGUMENTS, "the dashboard has %zu bytes; %zu are the most", text.length,
                       DASHBOARD_BYTES_MAX);
    }
    json_t *dashboard = json_loadb(text.length == 0 ? "" : text.data, text.length, JSON_REJECT_DUPLICATES, &problem);
    if (dashboard == NULL) {
        return err_new(ERR_BAD_ARGUMENTS, "the dashboard is not JSON: line %d, column %d: %.200s", problem.line,
                       problem.column, problem.text);
    }
    OR_DONE(check_object(dashboard_fields, "", dashboard));
    err = check_whole(dashboard);
done:
    json_decref(dashboard);
    return err;
}
