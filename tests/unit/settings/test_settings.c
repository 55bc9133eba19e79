#include "unit.h"

#include "settings/settings.h"

#include <fcntl.h>
#include <unistd.h>

static void standard_values_are_those_of_the_table(void **state)
{
    (void)state;
    struct settings s;
    assert_int_equal(settings_init(&s), 0);
    assert_string_equal(s.listen, "127.0.0.1:4080");
    assert_string_equal(s.audit_log, "");
    assert_int_equal(s.keep_answers_s, 600);
    assert_int_equal(s.request_bytes_most, 24 << 20);
    assert_true(s.templates);
    assert_int_equal(s.template_clones, 10000);
    assert_int_equal(s.template_age_ms, 30 * 60 * 1000);
    assert_int_equal(s.pool_bytes, 256 << 20);
    assert_memory_equal(&s.ceiling, &limits_ceiling, sizeof s.ceiling);
    settings_free(&s);
}

static void one_setting_is_set_with_its_unit(void **state)
{
    (void)state;
    struct settings s;
    struct error err;
    assert_int_equal(settings_init(&s), 0);
    assert_int_equal(settings_set(&s, "listen=0.0.0.0:80,[::1]:80", &err), 0);
    assert_string_equal(s.listen, "0.0.0.0:80,[::1]:80");
    assert_int_equal(settings_set(&s, "drain_s=2min", &err), 0);
    assert_int_equal(s.drain_s, 120);
    assert_int_equal(settings_set(&s, "drain_s=7", &err), 0);
    assert_int_equal(s.drain_s, 7);
    assert_int_equal(settings_set(&s, "limit_memory_bytes=1GiB", &err), 0);
    assert_int_equal(s.ceiling.memory_bytes, 1 << 30);
    assert_int_equal(settings_set(&s, "limit_wall_ms=5s", &err), 0);
    assert_int_equal(s.ceiling.wall_ms, 5000);
    assert_int_equal(settings_set(&s, "allow_missing_landlock=no", &err), 0);
    assert_false(s.allow_missing_landlock);
    assert_int_equal(settings_set(&s, "templates=false", &err), 0);
    assert_false(s.templates);
    assert_int_equal(settings_set(&s, "template_age_ms=2s", &err), 0);
    assert_int_equal(s.template_age_ms, 2000);
    assert_int_equal(settings_set(&s, "pool_bytes=0", &err), 0);
    assert_int_equal(s.pool_bytes, 0);
    settings_free(&s);
}

static void a_bad_value_is_refused_with_bounds_and_cure(void **state)
{
    (void)state;
    static const struct {
        const char *assignment, *says;
    } cases[] = {
        {"listen", "write NAME=VALUE"},
        {"lisen=x", "did you mean listen?"},
        {"limit_memory=1", "did you mean limit_memory_bytes?"},
        {"zzzzzzzzzzzz=1", "there is no such setting; `phial serve --help`"},
        {"queue_most=many", "'many' is not a number"},
        {"queue_most=1k", "is not a number"},
        {"queue_most=99999999999", "from 0 to 1000000"},
        {"client_running_most=0", "from 1 to 60000"},
        {"template_clones=0", "from 1 to"},
        {"template_age_ms=5", "from 1000 to"},
        {"drain_s=1500ms", "a time such as"},
        {"limit_wall_ms=99999999999999999999999", "out of bounds"},
        {"limit_memory_bytes=1TB", "a number of bytes such as"},
        {"allow_missing_landlock=maybe", "neither true nor false"},
        {"user=a\nb", "control character"},
        {"user=\xff", "not UTF-8"},
    };
    struct settings s;
    struct error err;
    assert_int_equal(settings_init(&s), 0);
    for (size_t i = 0; i < array_length(cases); i++) {
        assert_true(settings_set(&s, cases[i].assignment, &err) < 0);
        if (!strstr(err.text, cases[i].says))
            fail_msg("%s: %s", cases[i].assignment, err.text);
    }
    settings_free(&s);
}

static int read_text(struct settings *s, const char *text, struct error *err)
{
    char path[] = "/tmp/phial-test-XXXXXX";
    cleanup_fd int fd = mkstemp(path);
    assert_int_equal(write_all(fd, text, strlen(text)), 0);
    int r = settings_read(s, path, false, err);
    unlink(path);
    return r;
}

static void a_file_is_read_over_what_is_set(void **state)
{
    (void)state;
    struct settings s;
    struct error err = {0};
    assert_int_equal(settings_init(&s), 0);
    assert_int_equal(
        read_text(&s, "# comment\nlisten: '127.0.0.1:9'\nqueue_most: 3\naudit_log: \"\"\n", &err), 0);
    assert_string_equal(s.listen, "127.0.0.1:9");
    assert_int_equal(s.queue_most, 3);
    assert_int_equal(s.drain_s, 75);
    assert_int_equal(read_text(&s, "", &err), 0);
    assert_int_equal(read_text(&s, "---\n", &err), 0);
    settings_free(&s);
}

static void a_bad_file_is_refused_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"queue_most: 1\nquue_most: 2\n",
         ":2: quue_most: there is no such setting; did you mean queue_most?"},
        {"listen: [a, b]\n", ":1: listen: write one plain value"},
        {"- a\n", ":1: write lines of the form"},
        {"just text\n", ":1: write lines of the form"},
        {"listen: x: y\n", "not valid YAML"},
        {"listen: \"unclosed\n", "not valid YAML"},
        {"\n\ndrain_s: forever\n", ":3: drain_s: 'forever' is not a time"},
        {"queue_most: 1\n---\nqueue_most: 2\n", "a second document"},
        {"? [a]\n: b\n", "a setting's name"},
    };
    struct settings s;
    struct error err = {0};
    assert_int_equal(settings_init(&s), 0);
    for (size_t i = 0; i < array_length(cases); i++) {
        assert_true(read_text(&s, cases[i].text, &err) < 0);
        if (!strstr(err.text, cases[i].says))
            fail_msg("%s: %s", cases[i].text, err.text);
    }
    settings_free(&s);
}

static void a_missing_file_is_an_error_only_when_it_was_asked_for(void **state)
{
    (void)state;
    struct settings s;
    struct error err;
    assert_int_equal(settings_init(&s), 0);
    assert_int_equal(settings_read(&s, "/nonexistent/phial.yaml", true, &err), 0);
    assert_int_equal(settings_read(&s, "/nonexistent/phial.yaml", false, &err), -ENOENT);
    assert_non_null(strstr(err.text, "/nonexistent/phial.yaml"));
    settings_free(&s);
}

static void every_setting_is_in_the_help(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    settings_help(out, SETTINGS_HELP_MARKDOWN);
    settings_help(out, SETTINGS_HELP_PLAIN);
    fclose(out);
    assert_non_null(strstr(text, "| `listen` | `127.0.0.1:4080` |"));
    assert_non_null(strstr(text, "limit_disk_bytes"));
    free(text);
}

/* ---- limits ---- */

static void a_limit_that_is_not_asked_for_is_the_standard(void **state)
{
    (void)state;
    struct limits used = limits_clamp(limits_unset(), &limits_standard, &limits_ceiling);
    assert_memory_equal(&used, &limits_standard, sizeof used);
}

static void limits_are_brought_between_least_and_ceiling(void **state)
{
    (void)state;
    struct limits asked = limits_unset();
    asked.wall_ms = 0;
    asked.output_bytes = 0;
    asked.memory_bytes = UINT64_MAX - 1;
    struct limits used = limits_clamp(asked, &limits_standard, &limits_ceiling);
    assert_int_equal(used.wall_ms, limits_least.wall_ms);
    assert_int_equal(used.output_bytes, 0);
    assert_int_equal(used.memory_bytes, limits_ceiling.memory_bytes);
    struct limits low = limits_ceiling;
    low.wall_ms = 500;
    used = limits_clamp(limits_unset(), &limits_standard, &low);
    assert_int_equal(used.wall_ms, 500);
}

static void a_limit_is_found_by_its_name(void **state)
{
    (void)state;
    struct limits l = limits_standard;
    assert_ptr_equal(limits_field(&l, "cpu_ms"), &l.cpu_ms);
    assert_null(limits_field(&l, "cpu"));
}

static void the_store_has_a_folder_of_its_own(void **state)
{
    (void)state;
    struct settings s;
    struct error err;
    char folder[SETTINGS_PATH_SIZE];
    const char *file;
    assert_int_equal(settings_init(&s), 0);
    assert_int_equal(settings_store_folder(&s, folder, &file, &err), 0);
    assert_string_equal(folder, "/var/lib/phial/site");
    assert_string_equal(file, "site.db");
    assert_int_equal(settings_set(&s, "store=/srv/school/learn.db", &err), 0);
    assert_int_equal(settings_store_folder(&s, folder, &file, &err), 0);
    assert_string_equal(folder, "/srv/school");
    assert_string_equal(file, "learn.db");
    static const char *const bad[] = {"store=", "store=site.db", "store=/site.db", "store=site/"};
    for (size_t i = 0; i < array_length(bad); i++) {
        assert_int_equal(settings_set(&s, bad[i], &err), 0);
        assert_int_equal(settings_store_folder(&s, folder, &file, &err), -EINVAL);
        assert_non_null(strstr(err.text, "a folder of its own"));
    }
    settings_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(standard_values_are_those_of_the_table),
        cmocka_unit_test(one_setting_is_set_with_its_unit),
        cmocka_unit_test(a_bad_value_is_refused_with_bounds_and_cure),
        cmocka_unit_test(a_file_is_read_over_what_is_set),
        cmocka_unit_test(a_bad_file_is_refused_with_its_line),
        cmocka_unit_test(a_missing_file_is_an_error_only_when_it_was_asked_for),
        cmocka_unit_test(every_setting_is_in_the_help),
        cmocka_unit_test(a_limit_that_is_not_asked_for_is_the_standard),
        cmocka_unit_test(limits_are_brought_between_least_and_ceiling),
        cmocka_unit_test(a_limit_is_found_by_its_name),
        cmocka_unit_test(the_store_has_a_folder_of_its_own),
    };
    return unit_run(tests);
}
