/*
 * access_rights_test.c: the tree of grants: levels, partial revokes, grant option, roles merged; its text makes it again.
 */
#include "server/access_rights.h"

#include "server/access_model.h"
#include "server/access_password.h"
#include "storage/access_record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct right_on everything;

static struct right_on on(const char *database, const char *table, const char *column)
{
    return (struct right_on){slice_text(database), slice_text(table), slice_text(column)};
}

static void grant(struct rights *rights, privileges set, struct right_on where, bool option)
{
    assert_null(rights_grant(rights, set, where, option));
}

static void revoke(struct rights *rights, privileges set, struct right_on where, bool option)
{
    assert_null(rights_revoke(rights, set, where, option));
}

#define SELECT PRIVILEGE(MAY_SELECT)
#define INSERT PRIVILEGE(MAY_INSERT)

static void levels(void **state)
{
    struct arena *arena = arena_create(NULL);
    struct rights *rights = rights_create(arena);
    (void)state;
    assert_true(rights_are_empty(rights));
    assert_false(rights_have(rights, SELECT, on("db", "t", "a"), false));
    grant(rights, SELECT, on("db", "t", "a"), false);
    assert_true(rights_have(rights, SELECT, on("db", "t", "a"), false));
    assert_false(rights_have(rights, SELECT, on("db", "t", "b"), false));
    assert_false(rights_have(rights, SELECT, on("db", "t", ""), false));
    assert_true(rights_have_some(rights, SELECT, on("db", "t", "")));
    assert_true(rights_have_some(rights, SELECT, on("db", "", "")));
    assert_false(rights_have_some(rights, SELECT, on("other", "", "")));
    grant(rights, SELECT | INSERT, on("db", "", ""), false);
    assert_true(rights_have(rights, SELECT | INSERT, on("db", "t", "b"), false));
    assert_true(rights_have(rights, SELECT, on("db", "new", ""), false));
    assert_false(rights_have(rights, SELECT, everything, false));
    assert_false(rights_have(rights, SELECT, on("db", "t", ""), true));
    /* what is global is not granted on a database */
    grant(rights, PRIVILEGES_ALL, on("db", "", ""), false);
    assert_false(rights_have_some(rights, PRIVILEGE(MAY_CREATE_USER), everything));
    assert_true(rights_have(rights, PRIVILEGE(MAY_DROP_TABLE), on("db", "t", ""), false));
    arena_destroy(arena);
}

static void partial_revokes(void **state)
{
    struct arena *arena = arena_create(NULL);
    struct rights *rights = rights_create(arena);
    (void)state;
    grant(rights, SELECT, everything, true);
    revoke(rights, SELECT, on("db", "secret", ""), false);
    assert_true(rights_have(rights, SELECT, on("db", "open", ""), true));
    assert_false(rights_have_some(rights, SELECT, on("db", "secret", "")));
    assert_false(rights_have(rights, SELECT, on("db", "", ""), false)); /* not all of it */
    assert_false(rights_have(rights, SELECT, everything, false));
    revoke(rights, SELECT, on("db", "open", ""), true); /* the option alone */
    assert_true(rights_have(rights, SELECT, on("db", "open", "x"), false));
    assert_false(rights_have(rights, SELECT, on("db", "open", "x"), true));
    revoke(rights, SELECT, on("db", "t", "c"), false);
    assert_true(rights_have(rights, SELECT, on("db", "t", "d"), false));
    assert_false(rights_have(rights, SELECT, on("db", "t", "c"), false));
    /* a grant above gives all of it back */
    grant(rights, SELECT, on("db", "", ""), false);
    assert_true(rights_have(rights, SELECT, on("db", "secret", "s"), false));
    revoke(rights, PRIVILEGES_ALL, everything, false);
    assert_true(rights_are_empty(rights));
    arena_destroy(arena);
}

static void merged(void **state)
{
    struct arena *arena = arena_create(NULL);
    struct rights *a = rights_create(arena), *b = rights_create(arena);
    (void)state;
    grant(a, SELECT, on("x", "", ""), false);
    revoke(a, SELECT, on("x", "hidden", ""), false);
    grant(b, SELECT, on("x", "hidden", "h"), false);
    grant(b, INSERT, on("y", "", ""), false);
    assert_null(rights_add(a, b));
    assert_true(rights_have(a, SELECT, on("x", "hidden", "h"), false));
    assert_false(rights_have(a, SELECT, on("x", "hidden", "g"), false));
    assert_true(rights_have(a, SELECT, on("x", "t", ""), false));
    assert_true(rights_have(a, INSERT, on("y", "t", ""), false));
    assert_false(rights_have(a, INSERT, on("x", "t", ""), false));
    /* one who has everything above has it below a revoke of the other */
    struct rights *all = rights_create(arena);
    grant(all, SELECT, everything, false);
    assert_null(rights_add(all, a));
    assert_true(rights_have(all, SELECT, everything, false));
    arena_destroy(arena);
}

/* Random grants and revokes; what the text says makes the same rights again. */
static void text_makes_it_again(void **state)
{
    static const char *const databases[] = {"", "a", "b"}, *const tables[] = {"", "t", "u"},
                             *const columns[] = {"", "c"};
    unsigned seed = 20261122;
    (void)state;
    for (int round = 0; round < 300; round++) {
        struct access_thing *thing = access_thing_create(AST_USER, slice_text("who")), *again = NULL;
        struct buffer text = {0}, second = {0};
        assert_non_null(thing);
        for (int k = 0; k < 12; k++) {
            const char *database = databases[rand_r(&seed) % 3],
                       *table = *database == 0 ? "" : tables[rand_r(&seed) % 3];
            const char *column = *table == 0 ? "" : columns[rand_r(&seed) % 2];
            privileges set = PRIVILEGE(rand_r(&seed) % PRIVILEGE_COUNT) | PRIVILEGE(rand_r(&seed) % 8) | SELECT;
            bool option = rand_r(&seed) % 3 == 0;
            if (rand_r(&seed) % 3 == 0) {
                revoke(thing->rights, set, on(database, table, column), option);
            } else {
                grant(thing->rights, set, on(database, table, column), option);
            }
        }
        access_thing_print(thing, false, &text);
        assert_null(access_thing_read(AST_USER, thing->name, thing->uuid, buffer_all(&text), false, &again));
        access_thing_print(again, false, &second);
        assert_int_equal(text.length, second.length);
        assert_memory_equal(text.data, second.data, text.length);
        for (int leaf = 0; leaf < PRIVILEGE_COUNT; leaf++) {
            for (int d = 0; d < 3; d++) {
                for (int t = 0; t < (d == 0 ? 1 : 3); t++) {
                    for (int c = 0; c < (t == 0 ? 1 : 2); c++) {
                        struct right_on where = on(databases[d], tables[t], columns[c]);
                        for (int option = 0; option < 2; option++) {
                            assert_int_equal(rights_have(thing->rights, PRIVILEGE(leaf), where, option),
                                             rights_have(again->rights, PRIVILEGE(leaf), where, option));
                        }
                    }
                }
            }
        }
        buffer_deinit(&text);
        buffer_deinit(&second);
        access_thing_unref(thing);
        access_thing_unref(again);
    }
}

/* What is stored must be read, whatever the names are. */
static void stored_texts(void **state)
{
    static const char text[] =
        "CREATE USER `ALL` IDENTIFIED WITH sha256_hash BY "
        "'0123456789012345678901234567890123456789012345678901234567890123' SALT 'it\\'s' HOST IP '10.0.0.0/8', LOCAL "
        "DEFAULT ROLE ALL EXCEPT `NONE` DEFAULT DATABASE `a b` SETTINGS max_threads = '2' MIN '1' MAX '4' CONST, "
        "PROFILE "
        "`p``q`;\nGRANT SELECT ON `we``ird`.`t;x` TO `ALL` WITH GRANT OPTION;\nGRANT `NONE` TO `ALL` WITH ADMIN "
        "OPTION;\n"
        "GRANT `ALL` TO `ALL`;\n";
    static const uint8_t uuid[16] = {1};
    struct access_thing *thing = NULL, *copy = NULL;
    (void)state;
    assert_null(access_thing_read(AST_USER, slice_text("ALL"), uuid, slice_text(text), false, &thing));
    assert_int_equal(thing->method, ACCESS_SHA256);
    assert_true(slice_equal(thing->salt, slice_text("it's")));
    assert_int_equal(thing->role_count, 2);
    assert_true(thing->roles[0].admin);
    assert_true(slice_equal(thing->roles[1].name, slice_text("ALL")));
    assert_true(slice_equal(thing->default_except[0], slice_text("NONE")));
    assert_true(slice_equal(thing->rules[1].profile, slice_text("p`q")));
    assert_true(rights_have(thing->rights, SELECT, on("we`ird", "t;x", ""), true));
    assert_null(access_thing_copy(thing, &copy));
    assert_true(slice_equal(copy->default_database, slice_text("a b")));
    assert_int_equal(copy->host_count, 2);
    access_thing_unref(copy);
    access_thing_unref(thing);

    struct err *err = access_thing_read(AST_USER, slice_text("u"), uuid, slice_text("DROP USER u"), false, &thing);
    assert_non_null(err);
    err_free(err);
    err = access_thing_read(AST_USER, slice_text("u"), uuid, slice_text("CREATE USER `u"), false, &thing);
    assert_non_null(err);
    err_free(err);
}

static void networks(void **state)
{
    static const char *const bad[] = {"",          "10.0.0.0/33", "10.0.0/8",           "::1/129",
                                      "x",         "10.0.0.1/",   "1.2.3.4/a",          "::/0/0",
                                      "fd00::g/8", "1.2.3.4 ",    "1.2.3.4/255.0.255.0"};
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(access_network_is_valid(slice_text(bad[i])));
    }
    assert_false(access_network_is_valid(slice_of("1.2.3.4\0x", 9)));
    assert_true(access_network_has(slice_text("10.1.0.0/16"), "10.1.200.3"));
    assert_false(access_network_has(slice_text("10.1.0.0/16"), "10.2.0.1"));
    assert_true(access_network_has(slice_text("10.1.2.128/25"), "10.1.2.129"));
    assert_false(access_network_has(slice_text("10.1.2.128/25"), "10.1.2.127"));
    assert_true(access_network_has(slice_text("10.0.0.0/255.0.0.0"), "10.9.9.9"));
    assert_true(access_network_has(slice_text("0.0.0.0/0"), "8.8.8.8"));
    assert_false(access_network_has(slice_text("0.0.0.0/0"), "2001:db8::1"));
    assert_true(access_network_has(slice_text("::/0"), "8.8.8.8"));
    assert_true(access_network_has(slice_text("10.0.0.0/8"), "::ffff:10.1.1.1"));
    assert_true(access_network_has(slice_text("fd00::/8"), "fd12::1"));
    assert_false(access_network_has(slice_text("fd00::/8"), "fe80::1"));
    assert_true(access_address_is_local("127.3.2.1"));
    assert_true(access_address_is_local("::1"));
    assert_true(access_address_is_local("::ffff:127.0.0.1"));
    assert_false(access_address_is_local("128.0.0.1"));
    assert_false(access_address_is_local(""));
}

static void passwords(void **state)
{
    char hash[ACCESS_HASH_BYTES];
    struct access_thing *user = access_thing_create(AST_USER, slice_text("u"));
    (void)state;
    assert_null(access_password_hash(slice_text("geheim"), hash));
    assert_true(access_password_is_hash(slice_text(hash)));
    assert_false(access_password_is_hash(slice_text("$argon2id$v=19$m=99999999,t=3,p=1$c2FsdHNhbHQ$aGFzaA")));
    assert_false(access_password_is_hash(slice_text("$argon2id$v=19$m=65536,t=99,p=1$c2FsdHNhbHQ$aGFzaA")));
    assert_false(access_password_is_hash(slice_text("geheim")));
    user->method = ACCESS_ARGON2ID;
    user->secret = slice_text(hash);
    assert_true(access_password_verify(user, slice_text("geheim")));
    assert_false(access_password_verify(user, slice_text("Geheim")));
    assert_false(access_password_verify(user, slice_text("")));
    assert_false(access_password_verify(NULL, slice_text("geheim")));
    /* SHA-256 of "abcsalt", SHA-1 of SHA-1 of "abc" */
    user->method = ACCESS_SHA256;
    user->secret = slice_text("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD");
    assert_true(access_password_verify(user, slice_text("abc")));
    assert_false(access_password_verify(user, slice_text("abd")));
    user->method = ACCESS_DOUBLE_SHA1;
    user->secret = slice_text("0d3ced9bec10a777aec23ccc353a8c08a633045e");
    assert_true(access_password_verify(user, slice_text("abc")));
    assert_false(access_password_verify(user, slice_text("ab")));
    user->method = ACCESS_NO_PASSWORD;
    assert_true(access_password_verify(user, slice_text("")));
    assert_false(access_password_verify(user, slice_text("x")));
    access_thing_unref(user);
}

static void names(void **state)
{
    privileges all = PRIVILEGES_ALL;
    (void)state;
    assert_string_equal(privileges_next(&all), "ALL");
    assert_null(privileges_next(&all));
    for (int leaf = 0; leaf < PRIVILEGE_COUNT; leaf++) { /* each has a name, and that name is its own */
        assert_true(privileges_named(slice_text(privilege_name((enum privilege)leaf))) == PRIVILEGE(leaf));
    }
    assert_true(privileges_named(slice_text("alter  table")) == 0);
    assert_true(privileges_named(slice_text("update")) == PRIVILEGE(MAY_ALTER_UPDATE));
    assert_true((privileges_named(slice_text("SHOW")) & SELECT) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels),   cmocka_unit_test(partial_revokes),
        cmocka_unit_test(merged),   cmocka_unit_test(stored_texts),
        cmocka_unit_test(networks), cmocka_unit_test(passwords),
        cmocka_unit_test(names),    cmocka_unit_test(text_makes_it_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
