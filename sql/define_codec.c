/*
 * define_codec.c: see define_codec.h.
 *
 * checks   each codec's name, arguments and types of values, then what they are together, as ClickHouse does
 * honoured those that codec_wish.h knows, Default, and ALP, which is what floats get anyway. What would be another
 *          promise (encryption) or has no form in blocks (GCD, ALP(RD)) is refused by name.
 */
#include "sql/define_codec.h"

#include "base/text.h"
#include "sql/parser.h"

enum codec_flags {
    FLAG_COMPRESSES = 1,
    FLAG_GENERIC = 2,
    FLAG_NONE = 4,
    FLAG_DELTA = 8,
    FLAG_FLOATS = 16,  /* for series of them */
    FLAG_REFUSED = 32, /* known to ClickHouse alone */
};

struct codec_definer {
    struct binder *binder;
    const struct ast_column *column;
    const struct type *type;
    struct buffer text;
    uint32_t flags; /* of all codecs until now */
    uint32_t count;
    bool after_generic; /* something followed a generic one */
    bool delta_first;   /* a codec of floats followed differences */
};

typedef struct err *codec_check(struct codec_definer *definer, const struct ast *node);

/* ---- types */

typedef bool leaf_test(const struct type *type);

/* Is it so of all values that the type is made of? JSON's are what they come to be. */
static bool all_leaves(const struct type *type, leaf_test *test)
{
    if (type->view == TYPE_VIEW_JSON) {
        return true;
    }
    for (uint32_t k = 0; type_is_nested(type) && k < type->child_count; k++) {
        if (!all_leaves(type->children[k], test)) {
            return false;
        }
    }
    return type_is_nested(type) || test(type);
}

static bool any_float(const struct type *type)
{
    bool any = type_is_float(type);
    for (uint32_t k = 0; type_is_nested(type) && k < type->child_count; k++) {
        any = any || any_float(type->children[k]);
    }
    return any;
}

static bool has_word_width(const struct type *type)
{
    return type->kind != TYPE_STRING && (type->width == 1 || type->width == 2 || type->width == 4 || type->width == 8);
}

static bool is_number(const struct type *type)
{
    return type->kind != TYPE_FIXED_STRING && has_word_width(type);
}

static bool is_whole(const struct type *type)
{
    return is_number(type) && !type_is_float(type);
}

static bool is_real(const struct type *type)
{
    return type->kind == TYPE_FLOAT32 || type->kind == TYPE_FLOAT64;
}

/* Bytes of one value, where all have as many: what Delta and Gorilla write behind their names; else 0. */
static uint32_t leaf_width(const struct type *type)
{
    uint32_t width = type->view == TYPE_VIEW_JSON ? 1 : type->width;
    for (uint32_t k = 0; type_is_nested(type) && type->view != TYPE_VIEW_JSON && k < type->child_count; k++) {
        uint32_t child = leaf_width(type->children[k]);
        width = k == 0 || child == width ? child : 0;
    }
    return width;
}

/* ---- arguments */

static struct err *wrong(struct codec_definer *definer, enum err_code code, const char *what)
{
    return bind_error(definer->binder, definer->column->codec_offset, code, "%s: column %.*s, CODEC(%.*s)", what,
                      SLICE_ARG(definer->column->name), SLICE_ARG(definer->column->codec));
}

static uint32_t argument_count(const struct ast *node)
{
    return node->kind == AST_FUNCTION ? node->arguments.count : 0;
}

static struct err *at_most(struct codec_definer *definer, const struct ast *node, uint32_t most)
{
    return argument_count(node) <= most
               ? NULL
               : wrong(definer, ERR_ILLEGAL_SYNTAX_FOR_CODEC, "The codec cannot have so many parameters");
}

/* A number, not said: fallback. what: code for what is none. */
static struct err *number_of(struct codec_definer *definer, const struct ast *node, uint32_t index, uint64_t fallback,
                             bool negative, enum err_code other, uint64_t *out)
{
    *out = fallback;
    if (index >= argument_count(node)) {
        return NULL;
    }
    const struct ast *argument = node->arguments.items[index];
    if (argument->kind != AST_LITERAL) {
        return wrong(definer, ERR_ILLEGAL_CODEC_PARAMETER, "The codec's argument must be a number");
    }
    if (argument->literal != AST_UINT && !(negative && argument->literal == AST_INT)) {
        return wrong(definer, other, "The codec's argument must be an unsigned integer");
    }
    *out = argument->number;
    return NULL;
}

/* 1, 2, 4 or 8 bytes in brackets; *out 0: not said. */
static struct err *bytes_of(struct codec_definer *definer, const struct ast *node, uint64_t *out)
{
    struct err *err = NULL;
    OR_DONE(at_most(definer, node, 1));
    OR_DONE(number_of(definer, node, 0, 0, false, ERR_ILLEGAL_CODEC_PARAMETER, out));
    if (argument_count(node) > 0 && *out != 1 && *out != 2 && *out != 4 && *out != 8) {
        err = wrong(definer, ERR_ILLEGAL_CODEC_PARAMETER, "The codec's argument can be 1, 2, 4 or 8");
    }
done:
    return err;
}

/* ---- codecs */

static struct err *without(struct codec_definer *definer, const struct ast *node)
{
    if (argument_count(node) > 0) {
        return wrong(definer, slice_is_text(node->parts[0], "Default") ? ERR_BAD_ARGUMENTS : ERR_TYPE_WITHOUT_ARGUMENTS,
                     "The codec cannot have arguments");
    }
    buffer_slice(&definer->text, node->parts[0]);
    return NULL;
}

static struct err *lz4hc(struct codec_definer *definer, const struct ast *node)
{
    struct err *err = NULL;
    uint64_t level;
    OR_DONE(at_most(definer, node, 1));
    OR_DONE(number_of(definer, node, 0, 0, true, ERR_BAD_GET, &level));
    buffer_printf(&definer->text, "LZ4HC(%llu)", (unsigned long long)level);
done:
    return err;
}

static struct err *zstd(struct codec_definer *definer, const struct ast *node)
{
    struct err *err = NULL;
    uint64_t level, window;
    OR_DONE(at_most(definer, node, 2));
    OR_DONE(number_of(definer, node, 0, 1, true, ERR_BAD_GET, &level));
    OR_DONE(number_of(definer, node, 1, 0, true, ERR_BAD_GET, &window));
    if ((int64_t)level > 22) {
        err = wrong(definer, ERR_ILLEGAL_CODEC_PARAMETER, "ZSTD codec can't have level more than 22");
        goto done;
    }
    if (window != 0 && (window < 10 || window > 31)) {
        err = wrong(definer, ERR_ILLEGAL_CODEC_PARAMETER,
                    "ZSTD codec can't have window log more than 31 and lower than 10");
        goto done;
    }
    buffer_printf(&definer->text, "ZSTD(%llu", (unsigned long long)level);
    if (argument_count(node) == 2) {
        buffer_printf(&definer->text, ", %llu", (unsigned long long)window);
    }
    buffer_char(&definer->text, ')');
done:
    return err;
}

static struct err *delta(struct codec_definer *definer, const struct ast *node)
{
    struct err *err = NULL;
    uint64_t bytes;
    OR_DONE(bytes_of(definer, node, &bytes));
    if (bytes == 0 && !all_leaves(definer->type, has_word_width)) {
        err =
            wrong(definer, ERR_BAD_ARGUMENTS, "Codec Delta is only applicable for data types of size 1, 2, 4, 8 bytes");
        goto done;
    }
    bytes = bytes == 0 ? leaf_width(definer->type) : bytes;
    buffer_printf(&definer->text, bytes == 0 ? "Delta" : "Delta(%u)", (unsigned)bytes);
done:
    return err;
}

static struct err *double_delta(struct codec_definer *definer, const struct ast *node)
{
    struct err *err = NULL;
    uint64_t bytes;
    OR_DONE(bytes_of(definer, node, &bytes));
    if (!all_leaves(definer->type, is_number)) {
        err = wrong(definer, ERR_BAD_ARGUMENTS, "Codec DoubleDelta is only applicable for numeric data types");
        goto done;
    }
    buffer_text(&definer->text, "DoubleDelta");
done:
    return err;
}

static struct err *gorilla(struct codec_definer *definer, const struct ast *node)
{
    struct err *err = NULL;
    uint64_t bytes;
    OR_DONE(bytes_of(definer, node, &bytes));
    if (!any_float(definer->type) || !all_leaves(definer->type, is_number)) {
        err = wrong(definer, ERR_BAD_ARGUMENTS,
                    "It does not make sense to apply a floating-point time series codec to non-floating-point columns");
        goto done;
    }
    bytes = bytes == 0 ? leaf_width(definer->type) : bytes;
    buffer_printf(&definer->text, bytes == 0 ? "Gorilla" : "Gorilla(%u)", (unsigned)bytes);
done:
    return err;
}

static struct err *fpc(struct codec_definer *definer, const struct ast *node)
{
    struct err *err = NULL;
    uint64_t level, bytes;
    if (!all_leaves(definer->type, is_real) || definer->type->view == TYPE_VIEW_JSON) {
        err = wrong(definer, ERR_BAD_ARGUMENTS, "Codec 'FPC' is not applicable because the data type is not Float*");
        goto done;
    }
    OR_DONE(at_most(definer, node, 2));
    OR_DONE(number_of(definer, node, 0, 12, false, ERR_ILLEGAL_CODEC_PARAMETER, &level));
    OR_DONE(number_of(definer, node, 1, 8, false, ERR_ILLEGAL_CODEC_PARAMETER, &bytes));
    if (level < 1 || level > 28) {
        err = wrong(definer, ERR_ILLEGAL_CODEC_PARAMETER, "Codec 'FPC' level must be between 1 and 28");
        goto done;
    }
    if (bytes != 4 && bytes != 8) {
        err = wrong(definer, ERR_ILLEGAL_CODEC_PARAMETER, "Float size for codec 'FPC' can be 4 or 8");
        goto done;
    }
    buffer_printf(&definer->text, leaf_width(definer->type) == 0 ? "FPC" : "FPC(%u)", (unsigned)level);
done:
    return err;
}

static struct err *t64(struct codec_definer *definer, const struct ast *node)
{
    struct err *err = NULL;
    const struct ast *kind = argument_count(node) > 0 ? node->arguments.items[0] : NULL;
    OR_DONE(at_most(definer, node, 1));
    if (kind != NULL && (kind->kind != AST_LITERAL || kind->literal != AST_STRING)) {
        err = wrong(definer, ERR_BAD_GET, "T64's argument is a string");
        goto done;
    }
    bool bits = kind != NULL && slice_is_text(kind->text, "bit");
    if (kind != NULL && !bits && !slice_is_text(kind->text, "byte")) {
        err = wrong(definer, ERR_ILLEGAL_CODEC_PARAMETER, "Wrong modification for T64");
        goto done;
    }
    if (!all_leaves(definer->type, is_whole)) {
        err = wrong(definer, ERR_ILLEGAL_SYNTAX_FOR_CODEC, "T64 codec is not supported for the column's type");
        goto done;
    }
    buffer_text(&definer->text, bits ? "T64('bit')" : "T64");
done:
    return err;
}

/* STD is how Weir keeps floats that were decimals; AUTO may be anything. */
static struct err *alp(struct codec_definer *definer, const struct ast *node)
{
    struct err *err = NULL;
    if (!all_leaves(definer->type, is_real) || definer->type->view == TYPE_VIEW_JSON) {
        err = wrong(definer, ERR_BAD_ARGUMENTS, "Codec ALP is not applicable because the data type is not Float*");
        goto done;
    }
    OR_DONE(at_most(definer, node, 1));
    buffer_text(&definer->text, "ALP");
    if (argument_count(node) == 1) {
        const struct ast *kind = node->arguments.items[0];
        bool name = kind->kind == AST_IDENTIFIER && kind->part_count == 1;
        if (name && slice_is_text(kind->parts[0], "RD")) {
            return bind_refuse(definer->binder, definer->column->codec_offset, "the codec ALP(RD)");
        }
        if (!name || (!slice_is_text(kind->parts[0], "STD") && !slice_is_text(kind->parts[0], "AUTO"))) {
            err = wrong(definer, ERR_ILLEGAL_SYNTAX_FOR_CODEC,
                        "ALP codec variant must be an identifier: AUTO, STD or RD");
            goto done;
        }
        buffer_printf(&definer->text, "(%.*s)", SLICE_ARG(kind->parts[0]));
    }
done:
    return err;
}

static const struct {
    const char *name;
    uint32_t flags;
    codec_check *check;
} codecs[] = {
    {"Default", FLAG_COMPRESSES | FLAG_GENERIC, without},
    {"NONE", FLAG_NONE, without},
    {"LZ4", FLAG_COMPRESSES | FLAG_GENERIC, without},
    {"LZ4HC", FLAG_COMPRESSES | FLAG_GENERIC, lz4hc},
    {"ZSTD", FLAG_COMPRESSES | FLAG_GENERIC, zstd},
    {"Delta", FLAG_DELTA, delta},
    {"DoubleDelta", FLAG_COMPRESSES | FLAG_DELTA, double_delta},
    {"Gorilla", FLAG_COMPRESSES | FLAG_FLOATS, gorilla},
    {"FPC", FLAG_COMPRESSES | FLAG_FLOATS, fpc},
    {"T64", FLAG_COMPRESSES, t64},
    {"ALP", FLAG_COMPRESSES, alp},
    {"GCD", FLAG_REFUSED, NULL},
    {"AES_128_GCM_SIV", FLAG_REFUSED, NULL},
    {"AES_256_GCM_SIV", FLAG_REFUSED, NULL},
    {"ZXC", FLAG_REFUSED, NULL},
};

static struct err *take_codec(struct codec_definer *definer, const struct ast *node)
{
    struct err *err = NULL;
    if ((node->kind != AST_IDENTIFIER && node->kind != AST_FUNCTION) || node->part_count > 1 || node->is_operator ||
        node->has_parameters || node->alias.length > 0) {
        return wrong(definer, ERR_SYNTAX, "A codec is a name, with its arguments in brackets");
    }
    for (size_t k = 0; k < sizeof(codecs) / sizeof(codecs[0]); k++) {
        if (!slice_is_text(node->parts[0], codecs[k].name)) {
            continue;
        }
        if ((codecs[k].flags & FLAG_REFUSED) != 0) {
            return bind_refuse(definer->binder, definer->column->codec_offset, "the codec %s (of column %.*s)",
                               codecs[k].name, SLICE_ARG(definer->column->name));
        }
        definer->after_generic |= (definer->flags & FLAG_GENERIC) != 0;
        definer->delta_first |= (codecs[k].flags & FLAG_FLOATS) != 0 && (definer->flags & FLAG_DELTA) != 0;
        if (definer->count++ > 0) {
            buffer_text(&definer->text, ", ");
        }
        OR_DONE(codecs[k].check(definer, node));
        definer->flags |= codecs[k].flags;
        return NULL;
    }
    struct nearest nearest = {.wanted = node->parts[0]};
    for (size_t k = 0; k < sizeof(codecs) / sizeof(codecs[0]); k++) {
        nearest_offer(&nearest, slice_text(codecs[k].name));
    }
    err = bind_error(
        definer->binder, definer->column->codec_offset, ERR_UNKNOWN_CODEC, "column %.*s: unknown codec %.*s%s%.*s%s",
        SLICE_ARG(definer->column->name), SLICE_ARG(node->parts[0]), nearest.best.length > 0 ? "; did you mean " : "",
        SLICE_ARG(nearest.best), nearest.best.length > 0 ? "?" : "; leave it out: encodings are chosen from the data");
done:
    return err;
}

static struct err *check_together(struct codec_definer *definer)
{
    const char *what = NULL;
    if (definer->count > 1 && (definer->flags & FLAG_NONE) != 0) {
        what = "It does not make sense to have codec NONE along with other compression codecs";
    } else if ((definer->flags & (FLAG_COMPRESSES | FLAG_NONE)) == 0) {
        what = "The codec does not compress anything; add a generic one, like LZ4 or ZSTD";
    } else if (definer->after_generic) {
        what = "It does not make sense to apply any transformations after generic compression algorithm";
    } else if (definer->delta_first) {
        what = "Floating point time series codecs do delta compression implicitly by themselves";
    }
    return what == NULL ? NULL : wrong(definer, ERR_BAD_ARGUMENTS, what);
}

struct err *define_codec(struct binder *binder, const struct ast_column *column, const struct type *type,
                         struct slice *out)
{
    struct err *err = NULL;
    struct ast_list list = {0};
    struct codec_definer definer = {.binder = binder, .column = column, .type = type};

    *out = (struct slice){0};
    if (column->codec.length == 0) {
        goto done;
    }
    if (column->default_kind == AST_ALIAS || column->default_kind == AST_EPHEMERAL) {
        err = wrong(&definer, ERR_BAD_ARGUMENTS,
                    column->default_kind == AST_ALIAS ? "Cannot specify codec for column type ALIAS"
                                                      : "Cannot specify codec for column type EPHEMERAL");
        goto done;
    }
    OR_DONE(bind_at(binder, column->codec_offset, parse_list_text(binder->arena, column->codec, &list)));
    for (uint32_t k = 0; k < list.count; k++) {
        OR_DONE(take_codec(&definer, list.items[k]));
    }
    OR_DONE(check_together(&definer));
    const char *text = definer.text.failed ? NULL : arena_text(binder->arena, buffer_all(&definer.text));
    if (text == NULL) {
        err = arena_error(binder->arena);
        goto done;
    }
    *out = slice_text(text);
done:
    buffer_deinit(&definer.text);
    return err;
}
