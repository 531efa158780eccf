/*
 * template_test.c: templates against what Prometheus answers (templates.tsv, written by record/main.go), and their bounds.
 */
#include "alert/template.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static struct label labels[] = {{{"alertname", 9}, {"High", 4}},
                                {{"host", 4}, {"web-1.example.com:9100", 22}},
                                {{"n", 1}, {"12.5", 4}},
                                {{"title", 5}, {"gro\xc3\x9f und O'Neil", 16}}};
static struct label external[] = {{{"region", 6}, {"eu", 2}}};
static struct label first[] = {{{"host", 4}, {"b", 1}}, {{"job", 3}, {"x", 1}}};
static struct label second[] = {{{"host", 4}, {"a", 1}}};

static struct err *query(void *object, struct slice sql, struct arena *arena, struct template_sample **samples,
                         uint32_t *count)
{
    (void)object;
    *count = slice_equal(sql, slice_text("two")) ? 2 : 0;
    if (*count == 0 && !slice_equal(sql, slice_text("none"))) {
        return err_new(ERR_BAD_ARGUMENTS, "no such query");
    }
    *samples = ARENA_ARRAY(arena, struct template_sample, 2);
    assert_non_null(*samples);
    (*samples)[0] = (struct template_sample){{first, 2}, 21};
    (*samples)[1] = (struct template_sample){{second, 1}, 0.5};
    return NULL;
}

static const struct template_input input = {.labels = {labels, 4},
                                            .external_labels = {external, 1},
                                            .external_url = {"http://weir.example:8123/base", 29},
                                            .value = 1234567.891,
                                            .now_us = 1700000000123456,
                                            .query = query};

/* ¶ stands for the end of a line. */
static struct slice lines(char *text)
{
    char *to = text;
    for (const char *at = text; *at != 0;) {
        bool end = strncmp(at, "\xc2\xb6", 2) == 0;
        *to++ = end ? '\n' : *at;
        at += end ? 2 : 1;
    }
    return slice_of(text, (size_t)(to - text));
}

static void test_recorded(void **state)
{
    (void)state;
    char line[4096];
    uint32_t count = 0, wrong = 0;
    FILE *file = fopen("tests/alert/templates.tsv", "re");
    assert_non_null(file);
    while (fgets(line, sizeof(line), file) != NULL) {
        char *tab = strchr(line, '\t');
        struct buffer out = {0};
        assert_non_null(tab);
        line[strcspn(line, "\n")] = 0;
        *tab = 0;
        struct slice text = lines(line), expected = lines(tab + 1);
        bool good = template_expand(text, &input, &out);
        bool same =
            slice_equal(expected, slice_text("!error")) ? !good : good && slice_equal(expected, buffer_all(&out));
        if (!same) {
            print_error("%.*s\n  expected %.*s\n  is       %.*s\n", SLICE_ARG(text), SLICE_ARG(expected),
                        SLICE_ARG(buffer_all(&out)));
        }
        count++;
        wrong += !same;
        buffer_deinit(&out);
    }
    (void)fclose(file);
    assert_true(count > 150);
    assert_int_equal(wrong, 0);
}

static void says(const char *text, const char *expected)
{
    struct buffer out = {0};
    (void)template_expand(slice_text(text), &input, &out);
    buffer_char(&out, 0);
    if (strstr(out.data, expected) == NULL) {
        fail_msg("%s: %s does not hold %s", text, out.data, expected);
    }
    buffer_deinit(&out);
}

/* What newer versions have than the one that was recorded, and values of this program's own. */
static void test_newer(void **state)
{
    (void)state;
    says("{{ now }}", "1.700000000123e+09");
    says("{{ toDuration 3725.5 }} {{ toDuration 0.0015 }} {{ toDuration -60 }} {{ toDuration 0 }}",
         "1h2m5.5s 1.5ms -1m0s 0s");
    says("{{ range 3 }}{{ . }}{{ end }}", "012");
    says("{{ query \"two\" | first }}", "&{map[host:b job:x] 21}");
}

static void test_bounds(void **state)
{
    (void)state;
    struct buffer text = {0};
    says("{{ range 1000000000 }}{{ end }}", "<error expanding template: more than 100000 steps>");
    says("{{ range 9999 }}aaaaaaaaaa{{ end }}", "bytes come out");
    says("{{ printf \"%99999d\" 1 }}", "bytes>");
    says("{{ $x := args 1 }}{{ range 1000 }}{{ $x = args $x $x }}{{ end }}{{ $x }}", "args nested deeper");
    says("{{ $x := args 1 }}{{ range 30 }}{{ $x = args $x $x }}{{ end }}{{ $x }}", "bytes come out");
    says("{{ $x := \"aaaaaaaaaa\" }}{{ range 1000 }}{{ $x = print $x $x }}{{ end }}",
         "error calling print: a text of more");
    says("{{ range 1000 }}{{ match \"(a+)+$\" \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\" }}{{ end }}",
         "<error expanding");
    says("{{ range 1000 }}{{ query \"two\" | len }}{{ end }}", "steps");
    for (uint32_t k = 0; k < 300; k++) {
        buffer_text(&text, "{{ if true }}");
    }
    buffer_char(&text, 0);
    says(text.data, "nested deeper than 100");
    text.length = 0;
    buffer_text(&text, "{{ ");
    for (uint32_t k = 0; k < 3000; k++) {
        buffer_char(&text, '(');
    }
    buffer_char(&text, 0);
    says(text.data, "nested deeper than 100");
    text.length = 0;
    for (uint32_t k = 0; k < 70000; k++) {
        buffer_char(&text, '{');
    }
    buffer_char(&text, 0);
    says(text.data, "at most 65536 are taken");
    buffer_deinit(&text);
}

static void test_errors(void **state)
{
    (void)state;
    struct buffer out = {0};
    buffer_text(&out, "before ");
    assert_false(template_expand(slice_text("text {{ $labels.host }} {{ first 5 }}"), &input, &out));
    buffer_char(&out, 0);
    assert_string_equal(out.data,
                        "before <error expanding template: at byte 28: wrong type for value of first; expected "
                        "template.queryResult; got int>");
    buffer_deinit(&out);
    says("a\n{{ humanice 1 }}", "<error expanding template: line 2, byte 4: function \"humanice\" not defined>");
    struct err *err = template_check(slice_text("{{ if }}"));
    assert_non_null(err);
    assert_string_equal(err_message(err), "template: line 1, byte 7: missing value for if");
    err_free(err);
    assert_null(template_check(slice_text("{{ $labels.x | toUpper }}")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recorded),
        cmocka_unit_test(test_newer),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
