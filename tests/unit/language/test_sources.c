#include "folder.h"

#include "language/image.h"

#define KEYS "[signed-by=/usr/share/keyrings/debian-archive-keyring."

/* The lines with the keyring's path left out, since its name differs between releases. */
static char *made(const struct folder *f, const char *mirror, struct error *err)
{
    char *lines = NULL, *out = calloc(1, 4096);
    *err = (struct error){0};
    if (sources_make(&lines, folder_path(f, ""), mirror, err) < 0) {
        free(out);
        assert_null(lines);
        return NULL;
    }
    for (char *rest = NULL, *line = strtok_r(lines, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        assert_memory_equal(line, "deb " KEYS, strlen("deb " KEYS));
        strcat(out, strchr(line, ']') + 2);
        strcat(out, "\n");
    }
    free(lines);
    return out;
}

static void a_list_of_one_line_entries_gives_the_images_suite(void **state)
{
    struct folder *f = *state;
    struct error err;
    folder_put(f, "sources.list",
               "# deb http://commented.test/debian bookworm main\n"
               "deb http://one.test/debian/ bookworm main contrib\n"
               "deb-src http://one.test/debian bookworm main\n"
               "deb [arch=amd64 signed-by=/a/b.gpg] http://two.test/security bookworm-security main # note\n"
               "deb http://one.test/debian bookworm-updates main\n"
               "deb http://one.test/debian bookworm-backports main\n"
               "deb http://other.test/tools stable-tools main\n"
               "deb http://one.test/extra bookworm contrib\n");
    char *lines = made(f, NULL, &err);
    assert_non_null(lines);
    assert_string_equal(lines, "http://one.test/debian trixie main\n"
                               "http://two.test/security trixie-security main\n"
                               "http://one.test/debian trixie-updates main\n");
    free(lines);
}

static void stanzas_of_deb822_are_read_and_disabled_ones_left_out(void **state)
{
    struct folder *f = *state;
    struct error err;
    folder_put(f, "sources.list.d/debian.sources",
               "Types: deb deb-src\n# a note\nURIs: http://one.test/debian\nSuites: trixie trixie-updates\n"
               "Components: main contrib\nSigned-By: /x\n\n"
               "Types: deb\nURIs: http://two.test/security\nSuites: trixie-security\nComponents: main\n\n"
               "Enabled: no\nTypes: deb\nURIs: http://off.test/debian\nSuites: trixie\nComponents: main\n");
    folder_put(f, "sources.list.d/old.list.disabled", "deb http://disabled.test/debian trixie main\n");
    char *lines = made(f, NULL, &err);
    assert_non_null(lines);
    assert_string_equal(lines, "http://one.test/debian trixie main\n"
                               "http://one.test/debian trixie-updates main\n"
                               "http://two.test/security trixie-security main\n");
    free(lines);
}

static void without_a_debian_archive_the_error_names_the_cure(void **state)
{
    struct folder *f = *state;
    struct error err;
    folder_put(f, "sources.list", "deb http://ubuntu.test/ubuntu noble main universe\n");
    assert_null(made(f, NULL, &err));
    assert_int_equal(err.code, ENOENT);
    assert_non_null(strstr(err.text, "PHIAL_DEBIAN_MIRROR"));
}

static void the_operators_mirror_comes_before_the_hosts(void **state)
{
    struct folder *f = *state;
    struct error err;
    folder_put(f, "sources.list", "deb http://one.test/debian trixie main\n");
    char *lines = made(f, "http://near.test/debian http://near.test/security", &err);
    assert_non_null(lines);
    assert_string_equal(lines, "http://near.test/debian trixie main\n"
                               "http://near.test/debian trixie-updates main\n"
                               "http://near.test/security trixie-security main\n");
    free(lines);
}

static void a_mirror_cannot_bring_options_that_turn_signatures_off(void **state)
{
    static const char *const bad[] = {"", "near", "[trusted=yes] http://near.test/debian",
                                      "http://a.test/\ndeb x"};
    struct folder *f = *state;
    struct error err;
    for (size_t i = 0; i < array_length(bad); i++) {
        assert_null(made(f, bad[i], &err));
        assert_int_equal(err.code, EINVAL);
    }
    folder_put(f, "sources.list", "deb [trusted=yes] http://one.test/debian trixie main\n");
    char *lines = made(f, NULL, &err); /* made() checks that each line names the keyring instead */
    assert_string_equal(lines, "http://one.test/debian trixie main\n");
    free(lines);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        T(a_list_of_one_line_entries_gives_the_images_suite),
        T(stanzas_of_deb822_are_read_and_disabled_ones_left_out),
        T(without_a_debian_archive_the_error_names_the_cure),
        T(the_operators_mirror_comes_before_the_hosts),
        T(a_mirror_cannot_bring_options_that_turn_signatures_off),
    };
    return unit_run(tests);
}
