/*
 * template_run.c: walks a template's tree and writes what it says.
 *
 * Every node, element and function call is a step; steps, depth, memory and output are bounded, so that no template stops rules.
 */
#include "alert/template_private.h"

#include "base/civil.h"

#define VARIABLES_MAX 1000U

enum walk { WALK_ON, WALK_BREAK, WALK_CONTINUE };

struct variable {
    struct slice name;
    struct template_value value;
};

struct walker {
    struct template_run run;
    const struct template_tree *tree;
    struct buffer *out;
    uint32_t depth;
    struct variable *variables;
    uint32_t variable_count;
};

struct err *template_steps(struct template_run *run, size_t steps)
{
    if (steps > TEMPLATE_STEPS_MAX - run->steps) {
        return err_new(ERR_LIMIT_EXCEEDED, "more than %u steps", TEMPLATE_STEPS_MAX);
    }
    run->steps += (uint32_t)steps;
    return NULL;
}

struct template_value template_text_value(struct slice text)
{
    return (struct template_value){.kind = VALUE_STRING, .text = text};
}

bool template_truth(const struct template_value *value)
{
    switch (value->kind) {
    case VALUE_NONE:
        return false;
    case VALUE_BOOL:
        return value->truth;
    case VALUE_INT:
    case VALUE_DURATION:
        return value->integer != 0;
    case VALUE_FLOAT:
        return value->number != 0;
    case VALUE_STRING:
        return value->text.length > 0;
    case VALUE_MAP:
        return value->map.count > 0;
    case VALUE_SAMPLES:
        return value->count > 0;
    default:
        return true;
    }
}

const char *template_type(const struct template_value *value)
{
    static const char *const names[] = {
        [VALUE_NONE] = "<nil>",
        [VALUE_BOOL] = "bool",
        [VALUE_INT] = "int",
        [VALUE_FLOAT] = "float64",
        [VALUE_STRING] = "string",
        [VALUE_MAP] = "map[string]interface {}",
        [VALUE_DATA] = "struct",
        [VALUE_SAMPLES] = "template.queryResult",
        [VALUE_TIME] = "*time.Time",
        [VALUE_SAMPLE] = "*template.sample",
        [VALUE_DURATION] = "*time.Duration",
    };
    return value->kind == VALUE_MAP && value->map.of_strings ? "map[string]string" : names[value->kind];
}

struct err *template_labels_map(struct template_run *run, const struct labels *labels, struct template_value *out)
{
    struct template_entry *entries =
        ARENA_ARRAY(run->arena, struct template_entry, labels->count == 0 ? 1 : labels->count);
    if (entries == NULL) {
        return arena_error(run->arena);
    }
    for (uint32_t k = 0; k < labels->count; k++) {
        entries[k] = (struct template_entry){labels->items[k].name, template_text_value(labels->items[k].value)};
    }
    *out = (struct template_value){.kind = VALUE_MAP,
                                   .map = {.entries = entries, .count = labels->count, .of_strings = true}};
    return template_steps(run, labels->count);
}

struct err *template_text_of(struct template_run *run, struct buffer *bytes, struct template_value *out)
{
    struct err *err = NULL;
    struct slice copy = {0};
    if (bytes->failed) {
        err = err_oom();
    } else if (bytes->length > TEMPLATE_OUTPUT_BYTES_MAX) {
        err = err_new(ERR_LIMIT_EXCEEDED, "a text of more than %zu bytes", TEMPLATE_OUTPUT_BYTES_MAX);
    } else {
        copy = arena_slice(run->arena, buffer_all(bytes));
        err = copy.data == NULL ? arena_error(run->arena) : template_steps(run, copy.length / 256);
    }
    *out = template_text_value(copy);
    buffer_deinit(bytes);
    return err;
}

/* ---- operands */

static struct err *evaluate_pipe(struct walker *walker, const struct template_node *pipe,
                                 const struct template_value *dot, struct template_value *out);

static struct err *map_field(const struct template_map *map, struct slice name, struct template_value *out)
{
    *out = map->of_strings ? template_text_value((struct slice){0}) : (struct template_value){0};
    for (uint32_t k = 0; k < map->count; k++) {
        if (slice_equal(map->entries[k].key, name)) {
            *out = map->entries[k].value;
            break;
        }
    }
    return NULL;
}

static struct err *data_field(struct walker *walker, struct slice name, struct template_value *out, bool *known)
{
    const struct template_input *input = walker->run.input;
    *known = true;
    if (slice_equal(name, slice_text("Labels"))) {
        return template_labels_map(&walker->run, &input->labels, out);
    }
    if (slice_equal(name, slice_text("ExternalLabels"))) {
        return template_labels_map(&walker->run, &input->external_labels, out);
    }
    if (slice_equal(name, slice_text("ExternalURL"))) {
        *out = template_text_value(input->external_url);
    } else if (slice_equal(name, slice_text("Value"))) {
        *out = (struct template_value){.kind = VALUE_FLOAT, .number = input->value};
    } else {
        *known = false;
    }
    return NULL;
}

static struct err *sample_field(struct walker *walker, const struct template_sample *sample, struct slice name,
                                struct template_value *out, bool *known)
{
    bool is_value = slice_equal(name, slice_text("Value"));
    *known = is_value || slice_equal(name, slice_text("Labels"));
    if (is_value) {
        *out = (struct template_value){.kind = VALUE_FLOAT, .number = sample->value};
        return NULL;
    }
    return *known ? template_labels_map(&walker->run, &sample->labels, out) : NULL;
}

/* Those of Go's methods of a time that need nothing but the calendar. */
static bool time_field(int64_t ms, struct slice name, struct template_value *out)
{
    int64_t seconds = ms / 1000 - (ms % 1000 < 0);
    int64_t days = seconds / 86400 - (seconds % 86400 < 0), rest = seconds - days * 86400;
    struct civil date = civil_of_days((int32_t)days);
    const struct {
        const char *name;
        int64_t value;
    } fields[] = {{"Unix", seconds},     {"UnixMilli", ms},          {"Year", date.year},  {"Day", date.day},
                  {"Hour", rest / 3600}, {"Minute", rest / 60 % 60}, {"Second", rest % 60}};
    for (size_t k = 0; k < sizeof(fields) / sizeof(fields[0]); k++) {
        if (slice_equal(name, slice_text(fields[k].name))) {
            *out = (struct template_value){.kind = VALUE_INT, .integer = fields[k].value};
            return true;
        }
    }
    return false;
}

static struct err *field(struct walker *walker, const struct template_value *of, struct slice name,
                         struct template_value *out)
{
    struct err *err = template_steps(&walker->run, 1);
    bool known = false;
    if (err != NULL) {
        return err;
    }
    switch (of->kind) {
    case VALUE_MAP:
        err = template_steps(&walker->run, of->map.count / 8);
        return err != NULL ? err : map_field(&of->map, name, out);
    case VALUE_DATA:
        err = data_field(walker, name, out, &known);
        break;
    case VALUE_SAMPLE:
        err = sample_field(walker, of->samples, name, out, &known);
        break;
    case VALUE_TIME:
        known = time_field(of->integer, name, out);
        break;
    case VALUE_NONE:
        return err_new(ERR_BAD_ARGUMENTS, "nil pointer evaluating .%.*s", SLICE_ARG(slice_cut(name, 80)));
    default:
        break;
    }
    return err != NULL || known ? err
                                : err_new(ERR_BAD_ARGUMENTS, "can't evaluate field %.*s in type %s",
                                          SLICE_ARG(slice_cut(name, 80)), template_type(of));
}

static struct err *fields(struct walker *walker, const struct template_node *node, struct template_value *value)
{
    for (uint32_t k = 0; k < node->field_count; k++) {
        struct template_value of = *value;
        struct err *err = field(walker, &of, node->fields[k], value);
        if (err != NULL) {
            return err;
        }
    }
    return NULL;
}

static struct variable *variable_find(struct walker *walker, struct slice name)
{
    for (uint32_t k = walker->variable_count; k-- > 0;) {
        if (slice_equal(walker->variables[k].name, name)) {
            return &walker->variables[k];
        }
    }
    return NULL;
}

static struct err *call(struct walker *walker, const struct template_node *command, const struct template_node *node,
                        const struct template_value *dot, const struct template_value *final,
                        struct template_value *out);

/* command: whose operand this is, for a function that takes the rest of it as arguments; NULL: it stands alone. */
static struct err *operand(struct walker *walker, const struct template_node *node, const struct template_value *dot,
                           struct template_value *out)
{
    struct err *err = NULL;
    const struct variable *variable;
    OR_DONE(template_steps(&walker->run, 1));
    switch (node->kind) {
    case NODE_DOT:
        *out = *dot;
        break;
    case NODE_NIL:
        *out = (struct template_value){0};
        break;
    case NODE_CONSTANT:
        *out = node->constant;
        break;
    case NODE_FIELD:
        *out = *dot;
        OR_DONE(fields(walker, node, out));
        break;
    case NODE_VARIABLE:
        variable = variable_find(walker, node->text);
        if (variable == NULL) {
            return err_new(ERR_BAD_ARGUMENTS, "undefined variable: %.*s", SLICE_ARG(slice_cut(node->text, 80)));
        }
        *out = variable->value;
        OR_DONE(fields(walker, node, out));
        break;
    case NODE_CHAIN:
        OR_DONE(operand(walker, node->first, dot, out));
        OR_DONE(fields(walker, node, out));
        break;
    case NODE_PIPE:
        OR_DONE(evaluate_pipe(walker, node, dot, out));
        break;
    default:
        OR_DONE(call(walker, NULL, node, dot, NULL, out));
        break;
    }
done:
    return err;
}

static struct err *argument_kind(const struct template_function *function, uint32_t index,
                                 const struct template_value *value)
{
    size_t length = strlen(function->kinds);
    char kind = length == 0 ? 'a' : function->kinds[index < length ? index : length - 1];
    static const struct {
        char kind;
        enum value_kind wanted;
        const char *name;
    } kinds[] = {{'s', VALUE_STRING, "string"},
                 {'q', VALUE_SAMPLES, "template.queryResult"},
                 {'o', VALUE_SAMPLE, "*template.sample"}};
    for (size_t k = 0; k < 3; k++) {
        if (kinds[k].kind == kind && kinds[k].wanted != value->kind) {
            return err_new(ERR_BAD_ARGUMENTS, "wrong type for value of %s; expected %s; got %s", function->name,
                           kinds[k].name, template_type(value));
        }
    }
    return NULL;
}

/* Its arguments are the command's further operands, then what came through the pipe. */
static struct err *call(struct walker *walker, const struct template_node *command, const struct template_node *node,
                        const struct template_value *dot, const struct template_value *final,
                        struct template_value *out)
{
    struct err *err = NULL;
    const struct template_function *function = node->function;
    struct template_value *arguments;
    uint32_t count = final != NULL, at = 0;
    for (const struct template_node *next = command == NULL ? NULL : node->next; next != NULL; next = next->next) {
        count++;
    }
    if (count < function->count_min || count > function->count_max) {
        return err_new(ERR_BAD_ARGUMENTS, "wrong number of args for %s: want %s%u got %u", function->name,
                       function->count_max == UINT32_MAX ? "at least " : "", function->count_min, count);
    }
    if (++walker->depth > TEMPLATE_DEPTH_MAX) {
        return err_new(ERR_LIMIT_EXCEEDED, "nested deeper than %u", TEMPLATE_DEPTH_MAX);
    }
    OR_DONE(template_steps(&walker->run, 1 + count));
    arguments = ARENA_ARRAY(walker->run.arena, struct template_value, count == 0 ? 1 : count);
    if (arguments == NULL) {
        return arena_error(walker->run.arena);
    }
    for (const struct template_node *next = command == NULL ? NULL : node->next; next != NULL;
         next = next->next, at++) {
        OR_DONE(operand(walker, next, dot, &arguments[at]));
        OR_DONE(argument_kind(function, at, &arguments[at]));
        bool ends = template_truth(&arguments[at]) ? template_is_or(function) : template_is_and(function);
        if (ends) { /* the rest is not looked at */
            *out = arguments[at];
            walker->depth--;
            return NULL;
        }
    }
    if (final != NULL) {
        arguments[at] = *final;
        OR_DONE(argument_kind(function, at, final));
    }
    OR_DONE(err_while(function->call(&walker->run, arguments, count, out), "error calling %s", function->name));
    walker->depth--;
done:
    return err;
}

static struct err *evaluate_command(struct walker *walker, const struct template_node *command,
                                    const struct template_value *dot, const struct template_value *final,
                                    struct template_value *out)
{
    const struct template_node *first = command->first;
    if (first->kind == NODE_FUNCTION) {
        return call(walker, command, first, dot, final, out);
    }
    if (first->next != NULL || final != NULL) {
        return err_new(ERR_BAD_ARGUMENTS, "can't give argument to non-function at byte %zu", first->at + 1);
    }
    if (first->kind == NODE_NIL) {
        return err_new(ERR_BAD_ARGUMENTS, "nil is not a command");
    }
    return operand(walker, first, dot, out);
}

static struct err *variable_push(struct walker *walker, struct slice name, const struct template_value *value)
{
    if (walker->variable_count == VARIABLES_MAX) {
        return err_new(ERR_LIMIT_EXCEEDED, "more than %u variables", VARIABLES_MAX);
    }
    walker->variables[walker->variable_count++] = (struct variable){name, *value};
    return NULL;
}

static struct err *variable_set(struct walker *walker, struct slice name, const struct template_value *value)
{
    struct variable *variable = variable_find(walker, name);
    if (variable == NULL) {
        return err_new(ERR_BAD_ARGUMENTS, "undefined variable: %.*s", SLICE_ARG(slice_cut(name, 80)));
    }
    variable->value = *value;
    return NULL;
}

static struct err *evaluate_pipe(struct walker *walker, const struct template_node *pipe,
                                 const struct template_value *dot, struct template_value *out)
{
    struct err *err = NULL;
    struct template_value before;
    if (++walker->depth > TEMPLATE_DEPTH_MAX) {
        return err_new(ERR_LIMIT_EXCEEDED, "nested deeper than %u", TEMPLATE_DEPTH_MAX);
    }
    for (const struct template_node *command = pipe->first; command != NULL; command = command->next) {
        bool is_first = command == pipe->first;
        if (!is_first) {
            before = *out;
        }
        OR_DONE(evaluate_command(walker, command, dot, is_first ? NULL : &before, out));
    }
    for (uint32_t k = 0; k < pipe->variable_count && !pipe->ranges; k++) {
        OR_DONE(pipe->assigns ? variable_set(walker, pipe->variables[k], out)
                              : variable_push(walker, pipe->variables[k], out));
    }
    walker->depth--;
done:
    return err;
}

/* ---- actions */

/* What an action's pipe gives; an error says where it stands. */
static struct err *evaluate(struct walker *walker, const struct template_node *node, const struct template_value *dot,
                            struct template_value *out)
{
    *out = (struct template_value){0};
    return err_while(evaluate_pipe(walker, node->pipe, dot, out), "at byte %zu", node->pipe->at + 1);
}

static struct err *walk_list(struct walker *walker, const struct template_node *node, const struct template_value *dot,
                             enum walk *how);

static struct err *walk_element(struct walker *walker, const struct template_node *node,
                                const struct template_value *key, const struct template_value *element, enum walk *how)
{
    struct err *err = NULL;
    const struct template_node *pipe = node->pipe;
    uint32_t kept = walker->variable_count;
    OR_DONE(template_steps(&walker->run, 1));
    if (pipe->variable_count > 0) {
        const struct template_value *values[2] = {pipe->variable_count == 2 ? key : element, element};
        for (uint32_t k = 0; k < 2 && k < pipe->variable_count; k++) {
            OR_DONE(pipe->assigns ? variable_set(walker, pipe->variables[k], values[k])
                                  : variable_push(walker, pipe->variables[k], values[k]));
        }
    }
    OR_DONE(walk_list(walker, node->body, element, how));
    walker->variable_count = kept;
done:
    return err;
}

static struct err *walk_range(struct walker *walker, const struct template_node *node, const struct template_value *dot)
{
    struct err *err = NULL;
    enum walk how = WALK_ON;
    struct template_value over = {0};
    uint32_t kept = walker->variable_count;
    int64_t count = 0;
    OR_DONE(evaluate(walker, node, dot, &over));
    switch (over.kind) {
    case VALUE_MAP:
        count = over.map.count;
        break;
    case VALUE_SAMPLES:
        count = over.count;
        break;
    case VALUE_INT:
        count = over.integer;
        break;
    case VALUE_NONE:
        break;
    default:
        return err_new(ERR_BAD_ARGUMENTS, "range can't iterate over a value of type %s", template_type(&over));
    }
    for (int64_t k = 0; k < count && how != WALK_BREAK; k++) {
        struct template_value key = {.kind = VALUE_INT, .integer = k}, element = key;
        if (over.kind == VALUE_MAP) {
            key = template_text_value(over.map.entries[k].key);
            element = over.map.entries[k].value;
        } else if (over.kind == VALUE_SAMPLES) {
            element = (struct template_value){.kind = VALUE_SAMPLE, .samples = &over.samples[k]};
        }
        how = WALK_ON;
        OR_DONE(walk_element(walker, node, &key, &element, &how));
    }
    if (count <= 0) {
        OR_DONE(walk_list(walker, node->other, dot, &how));
    }
    walker->variable_count = kept;
done:
    return err;
}

static struct err *walk_template(struct walker *walker, const struct template_node *node,
                                 const struct template_value *dot)
{
    struct err *err = NULL;
    enum walk how = WALK_ON;
    struct template_value value = {0};
    const struct template_definition *definition = walker->tree->definitions;
    while (definition != NULL && !slice_equal(definition->name, node->text)) {
        definition = definition->next;
    }
    if (definition == NULL) {
        return err_new(ERR_BAD_ARGUMENTS, "template \"%.*s\" not defined", SLICE_ARG(slice_cut(node->text, 80)));
    }
    if (node->pipe != NULL) {
        OR_DONE(evaluate(walker, node, dot, &value));
    }
    if (walker->variable_count > VARIABLES_MAX / 2) { /* each call has room for its own */
        return err_new(ERR_LIMIT_EXCEEDED, "templates that call each other too deeply");
    }
    uint32_t kept = walker->variable_count;
    OR_DONE(variable_push(walker, slice_text("$"), &value));
    OR_DONE(walk_list(walker, definition->body, &value, &how));
    walker->variable_count = kept;
done:
    return err;
}

static struct err *walk_condition(struct walker *walker, const struct template_node *node,
                                  const struct template_value *dot, enum walk *how)
{
    struct err *err = NULL;
    struct template_value value = {0};
    uint32_t kept = walker->variable_count;
    OR_DONE(evaluate(walker, node, dot, &value));
    bool truth = template_truth(&value);
    const struct template_value *inner = truth && node->kind == NODE_WITH ? &value : dot;
    OR_DONE(walk_list(walker, truth ? node->body : node->other, inner, how));
    walker->variable_count = kept;
done:
    return err;
}

static struct err *write_value(struct walker *walker, const struct template_node *pipe,
                               const struct template_value *value)
{
    if (pipe->variable_count > 0) {
        return NULL;
    }
    if (value->kind == VALUE_NONE) {
        buffer_text(walker->out, "<no value>");
    } else {
        template_print(walker->out, value);
    }
    return NULL;
}

static struct err *walk(struct walker *walker, const struct template_node *node, const struct template_value *dot,
                        enum walk *how)
{
    struct err *err = NULL;
    struct template_value value = {0};
    OR_DONE(template_steps(&walker->run, 1));
    switch (node->kind) {
    case NODE_TEXT:
        buffer_slice(walker->out, node->text);
        break;
    case NODE_ACTION:
        OR_DONE(evaluate(walker, node, dot, &value));
        OR_DONE(write_value(walker, node->pipe, &value));
        break;
    case NODE_IF:
    case NODE_WITH:
        OR_DONE(walk_condition(walker, node, dot, how));
        break;
    case NODE_RANGE:
        OR_DONE(walk_range(walker, node, dot));
        break;
    case NODE_TEMPLATE:
        OR_DONE(walk_template(walker, node, dot));
        break;
    default:
        *how = node->kind == NODE_BREAK ? WALK_BREAK : WALK_CONTINUE;
        break;
    }
    if (walker->out->failed) {
        return err_oom();
    }
    if (walker->out->length > TEMPLATE_OUTPUT_BYTES_MAX) {
        return err_new(ERR_LIMIT_EXCEEDED, "more than %zu bytes come out", TEMPLATE_OUTPUT_BYTES_MAX);
    }
done:
    return err;
}

static struct err *walk_list(struct walker *walker, const struct template_node *node, const struct template_value *dot,
                             enum walk *how)
{
    struct err *err = NULL;
    if (++walker->depth > TEMPLATE_DEPTH_MAX) {
        return err_new(ERR_LIMIT_EXCEEDED, "nested deeper than %u", TEMPLATE_DEPTH_MAX);
    }
    for (; node != NULL && *how == WALK_ON; node = node->next) {
        OR_DONE(walk(walker, node, dot, how));
    }
    walker->depth--;
done:
    return err;
}

/* $, $labels, … */
static struct err *begin(struct walker *walker, struct template_value *dot)
{
    static const char *const names[][2] = {{"$labels", "Labels"},
                                           {"$externalLabels", "ExternalLabels"},
                                           {"$externalURL", "ExternalURL"},
                                           {"$value", "Value"}};
    struct err *err = NULL;
    struct template_value value;
    *dot = (struct template_value){.kind = VALUE_DATA, .input = walker->run.input};
    walker->variables = ARENA_ARRAY(walker->run.arena, struct variable, VARIABLES_MAX);
    if (walker->variables == NULL) {
        return arena_error(walker->run.arena);
    }
    OR_DONE(variable_push(walker, slice_text("$"), dot));
    for (size_t k = 0; k < 4; k++) {
        OR_DONE(field(walker, dot, slice_text(names[k][1]), &value));
        OR_DONE(variable_push(walker, slice_text(names[k][0]), &value));
    }
done:
    return err;
}

static struct err *expand(struct arena *arena, struct slice text, const struct template_input *input,
                          struct buffer *out)
{
    struct err *err = NULL;
    struct template_tree tree;
    enum walk how = WALK_ON;
    struct template_value dot;
    struct walker walker = {.run = {.arena = arena, .input = input, .text = text}, .tree = &tree, .out = out};
    OR_DONE(template_parse(arena, text, &tree));
    OR_DONE(begin(&walker, &dot));
    OR_DONE(walk_list(&walker, tree.body, &dot, &how));
done:
    return err;
}

bool template_expand(struct slice text, const struct template_input *input, struct buffer *out)
{
    struct err *err;
    struct budget budget;
    struct buffer made = {0};
    if (text.length == 0 || memmem(text.data, text.length, "{{", 2) == NULL) {
        buffer_slice(out, slice_cut(text, TEMPLATE_OUTPUT_BYTES_MAX));
        return true;
    }
    budget_init(&budget, "template", TEMPLATE_MEMORY_MAX, NULL);
    struct arena *arena = arena_create(&budget);
    err = arena == NULL ? err_oom() : expand(arena, text, input, &made);
    if (err != NULL) {
        buffer_printf(out, "<error expanding template: %s>", err_message(err));
    } else {
        buffer_slice(out, buffer_all(&made));
    }
    buffer_deinit(&made);
    arena_destroy(arena);
    bool good = err == NULL;
    err_free(err);
    return good;
}

struct err *template_check(struct slice text)
{
    struct budget budget;
    struct template_tree tree;
    budget_init(&budget, "template", TEMPLATE_MEMORY_MAX, NULL);
    struct arena *arena = arena_create(&budget);
    struct err *err = arena == NULL ? err_oom() : template_parse(arena, text, &tree);
    arena_destroy(arena);
    return err_while(err, "template");
}
