/*
 * index_pattern_test.c: which texts a pattern promises, with what is known of their ends; what it does not promise.
 */
#include "query/index_pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Parts as "^text$" for one whose ends are known, with commas; "=text" is whole. */
static const char *shown(const struct pattern_parts *parts)
{
    static char text[1024];
    size_t length = 0;
    text[0] = 0;
    for (uint32_t k = 0; k < parts->count; k++) {
        const struct index_part *part = &parts->parts[k];
        length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%s%s%.*s%s", k > 0 ? "," : "",
                                   part->whole ? "=" : "", part->begins ? "^" : "", (int)part->text.length,
                                   part->text.length == 0 ? "" : part->text.data, part->ends ? "$" : "");
    }
    return text;
}

static void texts_of_patterns(void **state)
{
    static const struct {
        const char *pattern, *parts;
    } regexes[] = {
        {"abc", "abc"},
        {"^abc", "^abc"},
        {"abc$", "abc$"},
        {"^abc$", "^abc$"},
        {"a.c", "a,c"},
        {"ab*c", "a,c"},
        {"ab+c", "ab,c"},
        {"abc?d", "ab,d"},
        {"abc{2,3}d", "ab,d"},
        {"ab{0}", "a"},
        {"a\\.b\\/c", "a.b/c"},
        {"user=\\d+&x", "user=,&x"},
        {"(foo|bar)baz", "baz"},
        {"foo(bar)?baz", "foo,baz"},
        {"foo|bar", ""},
        {"foo(a|b", ""},
        {"[abc]def[^]x]ghi", "def,ghi"},
        {"[[:alpha:]]x", ""},
        {"a(?:b(c)\\)d)e", "a,e"},
        {"(?i)AbC", "AbC"},
        {"(?s)abc", "abc"},
        {"(?x)abc", ""},
        {"a(?i)bc", ""},
        {"(?#|)abc", ""},
        {"(*UTF8)abc", ""},
        {"\\Qa|b\\E", ""},
        {"a\\x41b", ""},
        {"(a)\\1b", ""},
        {"caf\xc3\xa9?x", "caf,x"},
        {"x\xc3\xa9+", "x\xc3\xa9"},
        {"x.^abc", "x,abc"},
        {"^.abc", "abc"},
        {"^[a]?abc", "abc"},
        {"a{b", ""},
        {"*a", "a"},
        {"a*?b++c", "b,c"},
        {"abc)", ""},
        {"abc\\", ""},
        {"[abc", ""},
        {"", ""},
        {".*", ""},
    };
    static const struct {
        const char *pattern, *parts;
    } likes[] = {{"abc", "=^abc$"},    {"%abc%", "abc"},     {"abc%", "^abc"},
                 {"%abc", "abc$"},     {"a_b%c", "^a,b,c$"}, {"", "=^$"},
                 {"\\%a\\_%", "^%a_"}, {"a\\b", "=^a\\b$"},  {"%a\\\\b%", "a\\b"}};
    (void)state;
    struct arena *arena = arena_create(NULL);
    struct pattern_parts parts;
    bool any_case;
    for (size_t k = 0; k < sizeof(regexes) / sizeof(regexes[0]); k++) {
        assert_null(pattern_of_regex(arena, slice_text(regexes[k].pattern), &parts, &any_case));
        if (strcmp(shown(&parts), regexes[k].parts) != 0) {
            fail_msg("%s gives %s", regexes[k].pattern, shown(&parts));
        }
        assert_int_equal(any_case, strncmp(regexes[k].pattern, "(?i)", 4) == 0);
    }
    for (size_t k = 0; k < sizeof(likes) / sizeof(likes[0]); k++) {
        assert_null(pattern_of_like(arena, slice_text(likes[k].pattern), &parts));
        if (strcmp(shown(&parts), likes[k].parts) != 0) {
            fail_msg("LIKE %s gives %s", likes[k].pattern, shown(&parts));
        }
    }
    arena_destroy(arena);
}

static void case_of_texts(void **state)
{
    static const struct {
        const char *pattern;
        const char *lower, *any, *caseless;
    } cases[] = {
        {"%User=42%", "user=42", "u,er=42", "=42"},
        {"AB%cd", "^ab,cd$", "^ab,cd$", ""},
        {"Kiss", "=^kiss$", "i", ""},
        {"12", "=^12$", "=^12$", "=^12$"},
        {"\xc3\x89 9", "=^\xc3\x89 9$", " 9$", " 9$"},
        {"", "=^$", "=^$", "=^$"},
    };
    (void)state;
    struct arena *arena = arena_create(NULL);
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        struct pattern_parts parts, folded;
        assert_null(pattern_of_like(arena, slice_text(cases[k].pattern), &parts));
        assert_null(pattern_fold(arena, &parts, PATTERN_LOWER, &folded));
        assert_string_equal(shown(&folded), cases[k].lower);
        assert_null(pattern_fold(arena, &parts, PATTERN_ANY, &folded));
        assert_string_equal(shown(&folded), cases[k].any);
        assert_null(pattern_fold(arena, &parts, PATTERN_CASELESS, &folded));
        assert_string_equal(shown(&folded), cases[k].caseless);
    }
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(texts_of_patterns), cmocka_unit_test(case_of_texts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
