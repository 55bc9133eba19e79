#include "unit.h"

#include "run/run.h"

static char pointer[256];
static struct error err;

static struct run_request request(void)
{
    struct run_request r = {.language = strdup("elixir"), .limits = limits_unset()};
    r.files = calloc(RUN_FILES_MOST + 1, sizeof *r.files);
    r.files[0] = (struct run_file){.name = strdup("main.exs"), .data = (uint8_t *)strdup("1 + 1"), .size = 5};
    r.file_count = 1;
    return r;
}

static void add_file(struct run_request *r, const char *name)
{
    r->files[r->file_count++] = (struct run_file){.name = strdup(name), .data = calloc(1, 1)};
}

static int check_name(const char *name)
{
    struct run_request r = request();
    free(r.files[0].name);
    r.files[0].name = strdup(name);
    int e = run_request_check(&r, pointer, &err);
    run_request_free(&r);
    return e;
}

static void good_names_are_taken(void **state)
{
    (void)state;
    static const char *const names[] = {"a",   "main.exs", "lib/deep/er.ex", "...", "..a", "a..", ".hidden",
                                        "a b", "-rf",      "ünï.py",         "a\\b"};
    for (size_t i = 0; i < array_length(names); i++)
        assert_int_equal(check_name(names[i]), 0);
}

static void names_that_lead_out_or_confuse_are_refused(void **state)
{
    (void)state;
    static const char *const names[] = {
        "",     "/",  "/etc/passwd", "..",   "../a",  "a/..",     "a/../b", ".",         "./a",     "a/./b",
        "a//b", "a/", "a\nb",        "a\tb", "a\x7f", "\xc2\x85", "\xff",   "a\xc0\xaf", "a/b/../c"};
    for (size_t i = 0; i < array_length(names); i++) {
        if (check_name(names[i]) >= 0)
            fail_msg("taken: %s", names[i]);
        assert_string_equal(pointer, "/files/0/name");
    }
    char long_name[RUN_FILE_NAME_MOST + 2];
    memset(long_name, 'a', sizeof long_name);
    long_name[RUN_FILE_NAME_MOST] = 0;
    assert_int_equal(check_name(long_name), 0);
    long_name[RUN_FILE_NAME_MOST] = 'a';
    long_name[RUN_FILE_NAME_MOST + 1] = 0;
    assert_int_equal(check_name(long_name), -EINVAL);
}

static void two_names_must_not_clash(void **state)
{
    (void)state;
    static const struct {
        const char *one, *other;
        bool clash;
    } cases[] = {{"a", "a", true},    {"a", "a/b", true},    {"a/b/c", "a/b", true},
                 {"a", "a.b", false}, {"a/b", "a/c", false}, {"ab", "a/b", false}};
    for (size_t i = 0; i < array_length(cases); i++) {
        struct run_request r = request();
        add_file(&r, cases[i].one);
        add_file(&r, cases[i].other);
        assert_int_equal(run_request_check(&r, pointer, &err), cases[i].clash ? -EEXIST : 0);
        if (cases[i].clash)
            assert_string_equal(pointer, "/files/2/name");
        run_request_free(&r);
    }
}

static void there_must_be_files_but_not_too_many(void **state)
{
    (void)state;
    struct run_request r = request();
    r.file_count = 0;
    assert_int_equal(run_request_check(&r, pointer, &err), -EINVAL);
    assert_string_equal(pointer, "/files");
    r.file_count = 1;
    for (int i = 0; i < RUN_FILES_MOST - 1; i++) {
        char name[16];
        snprintf(name, sizeof name, "f%d", i);
        add_file(&r, name);
    }
    assert_int_equal(run_request_check(&r, pointer, &err), 0);
    add_file(&r, "one-more");
    assert_int_equal(run_request_check(&r, pointer, &err), -E2BIG);
    run_request_free(&r);
}

static void sizes_are_bounded(void **state)
{
    (void)state;
    struct run_request r = request();
    add_file(&r, "second");
    r.files[1].size = RUN_FILES_BYTES_MOST - 5;
    assert_int_equal(run_request_check(&r, pointer, &err), 0);
    r.files[1].size++;
    assert_int_equal(run_request_check(&r, pointer, &err), -E2BIG);
    assert_string_equal(pointer, "/files/1/content");
    r.files[1].size = SIZE_MAX;
    assert_int_equal(run_request_check(&r, pointer, &err), -E2BIG);
    r.files[1].size = 0;
    r.stdin_size = RUN_STDIN_BYTES_MOST + 1;
    assert_int_equal(run_request_check(&r, pointer, &err), -E2BIG);
    assert_string_equal(pointer, "/stdin");
    run_request_free(&r);
}

static int check_env(const char *entry)
{
    struct run_request r = request();
    r.env = calloc(2, sizeof *r.env);
    r.env[0] = strdup(entry);
    int e = run_request_check(&r, pointer, &err);
    run_request_free(&r);
    return e;
}

static void variables_have_names_that_shells_take(void **state)
{
    (void)state;
    assert_int_equal(check_env("A=1"), 0);
    assert_int_equal(check_env("_a9="), 0);
    assert_int_equal(check_env("A=b=c\nd"), 0);
    static const char *const bad[] = {"", "=", "A", "9A=1", "A-B=1", "A B=1", "\xc3\xa9=1"};
    for (size_t i = 0; i < array_length(bad); i++)
        assert_int_equal(check_env(bad[i]), -EINVAL);
    assert_int_equal(check_env("a/b~c=1"), -EINVAL);
    assert_string_equal(pointer, "/env/a~1b~0c");
}

static void a_pointer_never_ends_within_a_character(void **state)
{
    (void)state;
    char entry[600] = "";
    for (int i = 0; i < 199; i++)
        strcat(entry, "\xe2\x82\xac");
    strcat(entry, "=");
    assert_int_equal(check_env(entry), -EINVAL);
    assert_true(utf8_valid(pointer, strlen(pointer)));
}

static void arguments_are_bounded_in_count_and_bytes(void **state)
{
    (void)state;
    struct run_request r = request();
    r.args = calloc(RUN_ARGS_MOST + 2, sizeof *r.args);
    for (int i = 0; i < RUN_ARGS_MOST; i++)
        r.args[i] = strdup("x");
    assert_int_equal(run_request_check(&r, pointer, &err), 0);
    r.args[RUN_ARGS_MOST] = strdup("x");
    assert_int_equal(run_request_check(&r, pointer, &err), -E2BIG);
    assert_string_equal(pointer, "/args");
    free(r.args[RUN_ARGS_MOST]);
    r.args[RUN_ARGS_MOST] = NULL;
    free(r.args[0]);
    r.args[0] = calloc(1, RUN_ARGS_BYTES_MOST + 1);
    memset(r.args[0], 'y', RUN_ARGS_BYTES_MOST);
    assert_int_equal(run_request_check(&r, pointer, &err), -E2BIG);
    run_request_free(&r);
}

static void a_language_is_a_name(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "C", "../c", "c/d", "9c", "c c", "c\n"};
    for (size_t i = 0; i < array_length(bad); i++) {
        struct run_request r = request();
        free(r.language);
        r.language = strdup(bad[i]);
        assert_int_equal(run_request_check(&r, pointer, &err), -EINVAL);
        assert_string_equal(pointer, "/language");
        run_request_free(&r);
    }
}

/* ---- packed form ---- */

static struct run_request full_request(void)
{
    struct run_request r = request();
    add_file(&r, "data/empty");
    r.stdin_data = (uint8_t *)strdup("in\0put");
    r.stdin_size = 3;
    r.args = calloc(3, sizeof *r.args);
    r.args[0] = strdup("one");
    r.args[1] = strdup("");
    r.env = calloc(2, sizeof *r.env);
    r.env[0] = strdup("A=b");
    r.limits.wall_ms = 1234;
    r.interactive = true;
    return r;
}

static void a_request_goes_there_and_back(void **state)
{
    (void)state;
    struct run_request r = full_request(), back;
    struct packer p = {0};
    run_request_pack(&p, &r);
    assert_false(p.failed);
    assert_int_equal(run_request_unpack(&back, p.data, p.size, &err), 0);
    assert_string_equal(back.language, "elixir");
    assert_int_equal(back.file_count, 2);
    assert_string_equal(back.files[1].name, "data/empty");
    assert_int_equal(back.files[1].size, 0);
    assert_memory_equal(p.data + back.files[0].offset, "1 + 1", 5);
    assert_memory_equal(back.files[0].data, "1 + 1", 5);
    assert_int_equal(back.stdin_size, 3);
    assert_string_equal(back.args[0], "one");
    assert_string_equal(back.args[1], "");
    assert_null(back.args[2]);
    assert_string_equal(back.env[0], "A=b");
    assert_memory_equal(&back.limits, &r.limits, sizeof r.limits);
    assert_true(back.interactive);
    assert_false(back.trace);
    run_request_free(&back);
    run_request_free(&r);
    packer_free(&p);
}

static void a_request_cut_or_changed_anywhere_does_no_harm(void **state)
{
    (void)state;
    struct run_request r = full_request(), back;
    struct packer p = {0};
    run_request_pack(&p, &r);
    for (size_t cut = 0; cut < p.size; cut++)
        assert_true(run_request_unpack(&back, p.data, cut, &err) < 0);
    for (size_t i = 0; i < p.size * 8; i++) {
        p.data[i / 8] ^= (uint8_t)(1u << (i % 8));
        if (run_request_unpack(&back, p.data, p.size, &err) == 0)
            run_request_free(&back);
        p.data[i / 8] ^= (uint8_t)(1u << (i % 8));
    }
    run_request_free(&r);
    packer_free(&p);
}

static void what_is_packed_is_checked_again(void **state)
{
    (void)state;
    struct run_request r = request(), back;
    free(r.files[0].name);
    r.files[0].name = strdup("../../etc/passwd");
    struct packer p = {0};
    run_request_pack(&p, &r);
    assert_int_equal(run_request_unpack(&back, p.data, p.size, &err), -EINVAL);
    run_request_free(&r);
    packer_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_names_are_taken),
        cmocka_unit_test(names_that_lead_out_or_confuse_are_refused),
        cmocka_unit_test(two_names_must_not_clash),
        cmocka_unit_test(there_must_be_files_but_not_too_many),
        cmocka_unit_test(sizes_are_bounded),
        cmocka_unit_test(variables_have_names_that_shells_take),
        cmocka_unit_test(a_pointer_never_ends_within_a_character),
        cmocka_unit_test(arguments_are_bounded_in_count_and_bytes),
        cmocka_unit_test(a_language_is_a_name),
        cmocka_unit_test(a_request_goes_there_and_back),
        cmocka_unit_test(a_request_cut_or_changed_anywhere_does_no_harm),
        cmocka_unit_test(what_is_packed_is_checked_again),
    };
    return unit_run(tests);
}
