/*
 * catalogue_object_test.c: views and dictionaries in the catalogue: names, replacing, dropping, what a restart and a
 * checkpoint keep.
 */
#include "table_fixture.h"

static struct object_def object(const char *name, enum object_kind kind, const char *definition)
{
    return (struct object_def){
        .kind = kind, .database = "default", .name = name, .definition = definition, .comment = "said"};
}

static void expect_object(struct store *store, const char *name, const char *definition, uint32_t version)
{
    struct object_def *def = catalogue_object_find(store->catalogue, "default", name);
    if (definition == NULL) {
        assert_null(def);
        return;
    }
    assert_non_null(def);
    assert_string_equal(def->definition, definition);
    assert_string_equal(def->comment, "said");
    assert_int_equal(def->version, version);
    object_def_unref(def);
}

static void expect_all(struct store *store)
{
    struct arena *arena = arena_create(NULL);
    struct object_def **list = NULL;
    uint32_t count = 0;

    expect_object(store, "v", "CREATE VIEW v …", 2);
    expect_object(store, "moved", "CREATE DICTIONARY moved …", 2);
    expect_object(store, "d", NULL, 0);
    expect_object(store, "gone", NULL, 0);
    assert_ok(catalogue_objects(store->catalogue, arena, &list, &count));
    assert_int_equal(count, 2);
    assert_string_equal(list[0]->name, "moved");
    assert_string_equal(list[1]->name, "v");
    assert_int_equal(list[0]->kind, OBJECT_DICTIONARY);
    arena_destroy(arena);
}

static void objects_keep_their_definitions(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct io *io = NULL;
    assert_ok(io_system(folder, &io));
    struct store *store = store_opened(folder, io);
    struct catalogue *catalogue = store->catalogue;
    bool created = false;

    table_create(store, "t", "");
    struct object_def v = object("v", OBJECT_VIEW, "CREATE VIEW v");
    assert_ok(catalogue_create_object(catalogue, &v, OBJECT_REFUSE, &created));
    assert_true(created);
    assert_err(catalogue_create_object(catalogue, &v, OBJECT_REFUSE, NULL), ERR_TABLE_EXISTS, "already exists");
    assert_ok(catalogue_create_object(catalogue, &v, OBJECT_KEEP, &created));
    assert_false(created);
    v.definition = "CREATE VIEW v …";
    assert_ok(catalogue_create_object(catalogue, &v, OBJECT_REPLACE, NULL));

    struct object_def t = object("t", OBJECT_VIEW, "CREATE VIEW t");
    assert_err(catalogue_create_object(catalogue, &t, OBJECT_REPLACE, NULL), ERR_TABLE_EXISTS, "already exists");
    t.name = "";
    assert_err(catalogue_create_object(catalogue, &t, OBJECT_REFUSE, NULL), ERR_BAD_ARGUMENTS, "name of a view");
    t.database = "nowhere";
    t.name = "t";
    assert_err(catalogue_create_object(catalogue, &t, OBJECT_REFUSE, NULL), ERR_UNKNOWN_DATABASE, "nowhere");

    struct object_def d = object("d", OBJECT_DICTIONARY, "CREATE DICTIONARY d …");
    assert_ok(catalogue_create_object(catalogue, &d, OBJECT_REFUSE, NULL));
    d.name = "v";
    assert_err(catalogue_create_object(catalogue, &d, OBJECT_REPLACE, NULL), ERR_TABLE_EXISTS, "already exists");
    struct object_def *kept = catalogue_object_find(catalogue, "default", "d");
    struct object_def moved = *kept;
    moved.name = "t";
    assert_err(catalogue_alter_object(catalogue, &moved), ERR_TABLE_EXISTS, "already exists");
    moved.name = "moved";
    moved.definition = "CREATE DICTIONARY moved …";
    assert_ok(catalogue_alter_object(catalogue, &moved));
    object_def_unref(kept);

    struct object_def gone = object("gone", OBJECT_VIEW, "CREATE VIEW gone");
    assert_ok(catalogue_create_object(catalogue, &gone, OBJECT_REFUSE, NULL));
    kept = catalogue_object_find(catalogue, "default", "gone");
    assert_ok(catalogue_drop_object(catalogue, kept));
    assert_err(catalogue_drop_object(catalogue, kept), ERR_UNKNOWN_TABLE, "does not exist");
    object_def_unref(kept);

    assert_ok(catalogue_create_database(catalogue, "other", false));
    gone.database = "other";
    assert_ok(catalogue_create_object(catalogue, &gone, OBJECT_REFUSE, NULL));
    assert_ok(catalogue_drop_database(catalogue, "other", false));

    for (int i = 0; i < 3; i++) {
        expect_all(store);
        if (i == 1) {
            assert_ok(ledger_checkpoint(store->ledger));
        }
        assert_ok(store_close(store));
        struct ledger_report report;
        assert_ok(ledger_verify(io, "ledger", &report));
        store = store_opened(folder, io);
    }
    table_create(store, "v2", ""); /* its id is new */
    gone = object("gone", OBJECT_VIEW, "CREATE VIEW gone");
    assert_ok(catalogue_create_object(store->catalogue, &gone, OBJECT_REFUSE, NULL));
    assert_ok(store_close(store));
    char command[256];
    (void)snprintf(command, sizeof command, "python3 tests/format/ledger_reader.py '%s/ledger' >/dev/null", folder);
    if (system("python3 -c 'import xxhash' 2>/dev/null") == 0) {
        assert_int_equal(system(command), 0);
    }
    io_destroy(io);
    folder_remove(folder);
}

static struct err *refreshed_commit(struct store *store, uint64_t id, int64_t time_us)
{
    const struct view_refreshed refreshed = {id, time_us, time_us + 1, time_us + 2};
    struct ledger_batch *batch = ledger_batch_create();
    assert_non_null(batch);
    struct err *err = ledger_batch_view_refreshed(batch, &refreshed);
    err = err == NULL ? ledger_commit(store->ledger, batch, NULL) : err;
    err = err == NULL ? catalogue_object_refreshed(store->catalogue, &refreshed) : err;
    ledger_batch_destroy(batch);
    return err;
}

static void expect_refreshed(struct store *store, const char *name, int64_t time_us, const char *definition)
{
    struct object_def *def = catalogue_object_find(store->catalogue, "default", name);
    assert_non_null(def);
    assert_int_equal(def->refreshed_slot_us, time_us);
    assert_int_equal(def->refreshed_began_us, time_us == 0 ? 0 : time_us + 1);
    assert_int_equal(def->refreshed_us, time_us == 0 ? 0 : time_us + 2);
    assert_string_equal(def->definition, definition);
    object_def_unref(def);
}

static void views_keep_when_they_were_refreshed(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct io *io = NULL;
    assert_ok(io_system(folder, &io));
    struct store *store = store_opened(folder, io);
    struct object_def v = object("v", OBJECT_MATERIALIZED, "CREATE MATERIALIZED VIEW v");
    struct object_def plain = object("plain", OBJECT_VIEW, "CREATE VIEW plain");
    assert_ok(catalogue_create_object(store->catalogue, &v, OBJECT_REFUSE, NULL));
    assert_ok(catalogue_create_object(store->catalogue, &plain, OBJECT_REFUSE, NULL));
    struct object_def *def = catalogue_object_find(store->catalogue, "default", "v");
    struct object_def *other = catalogue_object_find(store->catalogue, "default", "plain");

    expect_refreshed(store, "v", 0, "CREATE MATERIALIZED VIEW v");
    assert_ok(refreshed_commit(store, def->id, 1000));
    assert_ok(refreshed_commit(store, def->id, -2000));   /* the last one counts, whatever its clock was */
    assert_ok(refreshed_commit(store, def->id + 100, 5)); /* was dropped meanwhile */
    assert_err(refreshed_commit(store, other->id, 5), ERR_LOGICAL, "no materialized view");
    for (int i = 0; i < 3; i++) {
        expect_refreshed(store, "v", -2000, i == 0 ? "CREATE MATERIALIZED VIEW v" : "CREATE MATERIALIZED VIEW v …");
        if (i == 0) { /* another definition is of the same rows */
            struct object_def *current = catalogue_object_find(store->catalogue, "default", "v");
            struct object_def altered = *current;
            altered.definition = "CREATE MATERIALIZED VIEW v …";
            assert_ok(catalogue_alter_object(store->catalogue, &altered));
            object_def_unref(current);
        } else if (i == 1) {
            assert_ok(ledger_checkpoint(store->ledger));
        }
        assert_ok(store_close(store));
        struct ledger_report report;
        assert_ok(ledger_verify(io, "ledger", &report));
        store = store_opened(folder, io);
    }
    expect_refreshed(store, "plain", 0, "CREATE VIEW plain");
    object_def_unref(def);
    object_def_unref(other);
    assert_ok(store_close(store));
    char command[256];
    (void)snprintf(command, sizeof command, "python3 tests/format/ledger_reader.py '%s/ledger' >/dev/null", folder);
    if (system("python3 -c 'import xxhash' 2>/dev/null") == 0) {
        assert_int_equal(system(command), 0);
    }
    io_destroy(io);
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(objects_keep_their_definitions),
                                       cmocka_unit_test(views_keep_when_they_were_refreshed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
