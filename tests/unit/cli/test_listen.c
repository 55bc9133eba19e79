/* The sockets that a server listens on. */
#include "cli/listen.h"

#include "unit.h"

#include <sys/stat.h>

static int open_on(struct listeners *ls, const char *listen, const char *socket, struct error *err)
{
    struct settings settings;
    char text[512];
    assert_int_equal(settings_init(&settings), 0);
    snprintf(text, sizeof text, "listen=%s", listen);
    assert_int_equal(settings_set(&settings, text, err), 0);
    snprintf(text, sizeof text, "socket=%s", socket);
    assert_int_equal(settings_set(&settings, text, err), 0);
    assert_int_equal(settings_set(&settings, "group=", err), 0);
    int r = listeners_open(ls, &settings, err);
    settings_free(&settings);
    return r;
}

static void several_addresses_are_opened_and_named(void **state)
{
    (void)state;
    struct listeners ls;
    struct error err = {0};
    assert_int_equal(open_on(&ls, "127.0.0.1:0, localhost:0,127.0.0.2:0", "", &err), 0);
    assert_int_equal(ls.count, 3);
    for (size_t i = 0; i < ls.count; i++) {
        assert_true(ls.items[i].loopback);
        assert_null(strstr(ls.items[i].name, ":0"));
        assert_memory_equal(ls.items[i].name, "http://", 7);
    }
    listeners_close(&ls);
    assert_int_equal(ls.count, 0);
}

static void what_other_machines_reach_is_not_loopback(void **state)
{
    (void)state;
    struct listeners ls;
    struct error err = {0};
    assert_int_equal(open_on(&ls, "0.0.0.0:0", "", &err), 0);
    assert_false(ls.items[0].loopback);
    listeners_close(&ls);
}

static void a_bad_address_closes_those_before_it(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "127.0.0.1", ":80", "::1:80", "127.0.0.1:", "127.0.0.1:99999x", "[::1]", "unix:x", "unix:"};
    for (size_t i = 0; i < array_length(bad); i++) {
        struct listeners ls;
        struct error err = {0};
        char text[128];
        snprintf(text, sizeof text, "127.0.0.1:0,%s", bad[i]);
        assert_true(open_on(&ls, text, "", &err) < 0);
        assert_int_equal(ls.count, 0);
        assert_memory_equal(err.text, "listen on", 9);
    }
}

static void a_socket_file_is_closed_to_others_and_removed_if_it_is_still_ours(void **state)
{
    (void)state;
    char dir[] = "/tmp/phial-test-XXXXXX", path[64];
    struct listeners ls;
    struct error err = {0};
    struct stat st;
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/s", dir);
    assert_int_equal(open_on(&ls, "", path, &err), 0);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600); /* no group: root only */
    listeners_close(&ls);
    assert_int_equal(stat(path, &st), -1);

    assert_int_equal(open_on(&ls, "", path, &err), 0);
    assert_int_equal(unlink(path), 0);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
    listeners_close(&ls);
    assert_int_equal(stat(path, &st), 0);
    unlink(path);
    rmdir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(several_addresses_are_opened_and_named),
        cmocka_unit_test(what_other_machines_reach_is_not_loopback),
        cmocka_unit_test(a_bad_address_closes_those_before_it),
        cmocka_unit_test(a_socket_file_is_closed_to_others_and_removed_if_it_is_still_ours),
    };
    return unit_run(tests);
}
