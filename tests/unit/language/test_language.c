#include "folder.h"

#include "language/language.h"

#define GOOD                                                                                                 \
    "name: x\ntitle: X\nextensions: [.x]\nfile: main.x\nversion_package: dash\n"                             \
    "image: {name: x, packages: [dash]}\nrun: [/usr/bin/dash, \"{file}\"]\n"

#define BOOT     "boot: {wall_ms: 1, memory_bytes: 1, processes: 1}\n"
#define TEMPLATE "template: {warm_up: /a, boot: {wall_ms: 1, memory_bytes: 1, processes: 1}"

static int load(const struct folder *f, struct languages *ls, struct error *err)
{
    *err = (struct error){0};
    return languages_load(ls, f->path, NULL, err);
}

static void a_short_description_gets_empty_lists_and_the_standard_limits(void **state)
{
    struct folder *f = *state;
    struct languages ls;
    struct error err;
    folder_put(f, "x/language.yaml", GOOD);
    folder_put(f, ".hidden/language.yaml", "nonsense");
    folder_put(f, "README", "not a folder");
    assert_int_equal(load(f, &ls, &err), 0);
    assert_int_equal(ls.count, 1);
    const struct language *l = &ls.items[0];
    assert_string_equal(l->name, "x");
    assert_string_equal(l->image, "x");
    assert_null(l->version);
    assert_false(l->harness);
    assert_int_equal(l->boot.wall_ms, 0);
    assert_memory_equal(&l->limits, &limits_standard, sizeof l->limits);
    char **const lists[] = {l->aliases,     l->compile,      l->env,          l->seccomp,
                            l->recipe.keep, l->recipe.files, l->template.run, l->template.env};
    for (size_t i = 0; i < array_length(lists); i++) {
        assert_non_null(lists[i]);
        assert_null(lists[i][0]);
    }
    assert_string_equal(l->run[1], "{file}");
    assert_null(l->run[2]);
    assert_null(l->template.warm_up);
    assert_null(l->template.reseed);
    assert_null(l->template.rehearsal);
    assert_null(l->template.helper);
    assert_int_equal(l->template.boot.wall_ms, 0);
    languages_free(&ls);
}

static void every_field_is_read(void **state)
{
    struct folder *f = *state;
    struct languages ls;
    struct error err;
    folder_put(f, "x/language.yaml",
               "name: x\ntitle: The X\naliases: [ex, ix]\nextensions: [.x, .xx]\nfile: src/main.x\n"
               "version_package: dash\n"
               "image:\n  name: xi\n  packages: [dash, libc-bin]\n  keep: [/bin/sh]\n  remove: [/usr/*/y]\n"
               "  files: {a: /phial/a, b: /phial/b}\n  setup: [[/bin/true, -x], [/bin/false]]\n"
               "compile: [/usr/bin/cc, \"{file}\"]\nrun: [./main, \"{args}\"]\nenv: {A: \"1\", B: two}\n"
               "harness: true\nboot: {wall_ms: 2s, memory_bytes: 1MiB, processes: 3}\n"
               "template:\n  warm_up: /phial/warm_up.x\n  reseed: /phial/reseed.x\n  helper: x_setup\n"
               "  rehearsal: /phial/rehearsal.x\n"
               "  run: [/usr/bin/x, -w]\n  env: {C: three}\n"
               "  boot: {wall_ms: 4s, memory_bytes: 5MiB, processes: 6}\n"
               "limits: {wall_ms: 3000, processes: 7}\nseccomp: [mremap]\n");
    assert_int_equal(load(f, &ls, &err), 0);
    const struct language *l = &ls.items[0];
    assert_string_equal(l->aliases[1], "ix");
    assert_string_equal(l->image, "xi");
    assert_string_equal(l->recipe.packages[1], "libc-bin");
    assert_string_equal(l->recipe.remove[0], "/usr/*/y");
    assert_string_equal(l->recipe.files[2], "b");
    assert_string_equal(l->recipe.files[3], "/phial/b");
    assert_string_equal(l->recipe.setup[0][1], "-x");
    assert_string_equal(l->recipe.setup[1][0], "/bin/false");
    assert_null(l->recipe.setup[2]);
    assert_string_equal(l->env[0], "A=1");
    assert_string_equal(l->env[1], "B=two");
    assert_true(l->harness);
    assert_int_equal(l->boot.wall_ms, 2000);
    assert_int_equal(l->boot.memory_bytes, 1 << 20);
    assert_int_equal(l->boot.processes, 3);
    assert_string_equal(l->template.warm_up, "/phial/warm_up.x");
    assert_string_equal(l->template.reseed, "/phial/reseed.x");
    assert_string_equal(l->template.rehearsal, "/phial/rehearsal.x");
    assert_string_equal(l->template.helper, "x_setup");
    assert_string_equal(l->template.run[0], "/usr/bin/x");
    assert_string_equal(l->template.run[1], "-w");
    assert_null(l->template.run[2]);
    assert_string_equal(l->template.env[0], "C=three");
    assert_int_equal(l->template.boot.wall_ms, 4000);
    assert_int_equal(l->template.boot.memory_bytes, 5 << 20);
    assert_int_equal(l->template.boot.processes, 6);
    assert_int_equal(l->limits.wall_ms, 3000);
    assert_int_equal(l->limits.processes, 7);
    assert_int_equal(l->limits.cpu_ms, limits_standard.cpu_ms);
    assert_string_equal(l->seccomp[0], "mremap");
    languages_free(&ls);
}

static const struct {
    const char *yaml, *message; /* the message names line, field and cause */
} faults[] = {
    {"", "language.yaml:1: the file is empty"},
    {"- a\n", ":1: language: must be a mapping"},
    {"name: x\n\tb: c\n", "not valid YAML"},
    {GOOD "colour: red\n", ":8: language: there is no field \"colour\""},
    {GOOD "title: Y\n", ":8: title: is there twice"},
    {GOOD "---\nname: y\n", "more than one document"},
    {"name: y\n" GOOD, ":2: name: is there twice"},
    {"title: X\n", ":1: language: \"name\" is missing"},
    {"name: Xx\n", ":1: name: \"Xx\" must be"},
    {"name: [x]\n", ":1: name: must be one plain value"},
    {"title: \"a\\0b\"\n", ":1: title: holds a zero byte"},
    {"title: \"a\\nb\"\n", ":1: title:"},
    {"extensions: x\n", ":1: extensions: must be a list"},
    {"extensions: [x]\n", ":1: extensions: \"x\" must be a dot"},
    {"file: ../main.x\n", ":1: file: \"../main.x\" must be a relative path"},
    {"file: /main.x\n", ":1: file:"},
    {"file: a/./b\n", ":1: file:"},
    {"file: -rf\n", ":1: file:"},
    {"image:\n  name: x\n  packages: [a b]\n", ":3: packages: \"a b\" must be the name of a Debian package"},
    {"image:\n  name: x\n  packages: [dash]\n  keep: [bin/sh]\n",
     ":4: keep: \"bin/sh\" must be an absolute path"},
    {"image:\n  name: x\n  files: {../a: /a}\n", ":3: files: \"../a\" must be a relative path"},
    {"image:\n  name: x\n  files: {a: /b/../a}\n", ":3: files: \"/b/../a\" must be an absolute path"},
    {"image:\n  name: x\n  setup: [[]]\n", ":3: setup: holds an empty command"},
    {"image:\n  name: x\n  setup: [a]\n", ":3: setup: must be a list"},
    {"image:\n  name: x\n  color: a\n", ":3: image: there is no field \"color\""},
    {"image: {name: x}\n", "image: \"packages\" is missing"},
    {"env: {A-B: c}\n", ":1: env: \"A-B\" must be the name of an environment variable"},
    {"env: {1A: c}\n", ":1: env:"},
    {"harness: yes\n", ":1: harness: \"yes\" must be true or false"},
    {"limits: {wall: 3}\n", ":1: limits: there is no limit \"wall\""},
    {"limits: {wall_ms: 0}\n", ":1: wall_ms: \"0\" must be a number from 10 to 60000"},
    {"limits: {processes: many}\n", ":1: processes: \"many\" must be a number"},
    {"seccomp: [\"no such!\"]\n", ":1: seccomp:"},
    {"boot: {wall_ms: 10}\n", ":1: boot: \"memory_bytes\" is missing"},
    {GOOD "harness: true\n", "boot: must be there when"},
    {GOOD BOOT, "boot: must be there when"},
    {"template: {}\n", ":1: template: \"warm_up\" is missing"},
    {"template: {warm_up: /a}\n", ":1: template: \"boot\" is missing"},
    {"template: {warm_up: a}\n", ":1: warm_up: \"a\" must be an absolute path"},
    {"template:\n  reseed: /../a\n", ":2: reseed: \"/../a\" must be an absolute path"},
    {"template:\n  helper: /bin/a\n", ":2: helper: \"/bin/a\" must be a program's name"},
    {"template:\n  helper: sixteen_letters_\n", ":2: helper: \"sixteen_letters_\" must be a program's name"},
    {"template:\n  helper: ..\n", ":2: helper:"},
    {"template:\n  env: {A-B: c}\n", ":2: env:"},
    {"template:\n  boot: {wall_ms: 10}\n", ":2: boot: \"memory_bytes\" is missing"},
    {GOOD TEMPLATE "}\n", "template: may be there only when \"harness\" is true"},
    {GOOD BOOT "harness: true\n" TEMPLATE ", run: [x]}\n",
     "template: the program of its \"run\" must be an absolute path"},
    {"grade:\n  tests: maybe\n", ":2: tests: \"maybe\" must be apart or together"},
    {"grade:\n  call: f()\n", ":2: call: \"f()\" must be a program"},
    {GOOD "grade: {call: \"{call}\"}\n", "grade: \"call\" and \"call_file\" need each other"},
    {GOOD "grade: {tests_file: a}\n", "grade: \"tests_text\" and \"tests_file\" need each other"},
    {"grade:\n  tests_text: \"{test}\"\n", ":2: tests_text: \"{test}\" must be a program"},
    {GOOD "grade: {tests: apart, test_files: [a], tests_file: a, tests_text: \"{solution}{test}\"}\n",
     "grade: without a harness \"tests\" can only be together"},
    {GOOD "grade: {tests: apart, test_files: [a]}\n", "grade: \"tests\" needs"},
    {GOOD BOOT "harness: true\ngrade: {tests: apart}\n", "grade: \"tests\" needs"},
    {GOOD "compile: [cc]\n", "compile: its program must be an absolute path"},
};

static void a_fault_is_named_with_file_line_and_field(void **state)
{
    struct folder *f = *state;
    for (size_t i = 0; i < array_length(faults); i++) {
        struct languages ls;
        struct error err;
        folder_put(f, "x/language.yaml", faults[i].yaml);
        int e = load(f, &ls, &err);
        if (e != -EINVAL || !strstr(err.text, faults[i].message) || !strstr(err.text, "/x/language.yaml"))
            fail_msg("%s: got %d, \"%s\"; expected \"%s\"", faults[i].yaml, e, err.text, faults[i].message);
        assert_null(ls.items);
    }
}

static void a_run_or_a_list_that_must_not_be_empty_is_refused(void **state)
{
    struct folder *f = *state;
    struct languages ls;
    struct error err;
    static const char head[] = "name: x\ntitle: X\nfile: main.x\nversion_package: dash\n";
    static const char *const tails[][2] = {
        {"extensions: [.x]\nimage: {name: x, packages: [dash]}\nrun: []\n", "run: must hold a program"},
        {"extensions: [.x]\nimage: {name: x, packages: []}\nrun: [/a]\n", "packages: must hold a package"},
        {"extensions: []\nimage: {name: x, packages: [dash]}\nrun: [/a]\n",
         "extensions: must hold an extension"},
        {"extensions: [.x]\nimage: {name: x, packages: [dash]}\nrun: [dash]\n", "run: its program must be"},
        {"extensions: [.x]\nimage: {name: x, packages: [dash]}\nrun: [./../a]\n", "run: its program must be"},
    };
    for (size_t i = 0; i < array_length(tails); i++) {
        char text[512];
        snprintf(text, sizeof text, "%s%s", head, tails[i][0]);
        folder_put(f, "x/language.yaml", text);
        assert_int_equal(load(f, &ls, &err), -EINVAL);
        assert_non_null(strstr(err.text, tails[i][1]));
    }
}

static void a_list_of_more_than_200_entries_and_a_file_of_more_than_64_kib_are_refused(void **state)
{
    struct folder *f = *state;
    struct languages ls;
    struct error err;
    char *text = calloc(1, 1 << 18), *at = text + sprintf(text, "seccomp: [a");
    for (int i = 0; i < 200; i++)
        at += sprintf(at, ", a");
    strcpy(at, "]\n");
    folder_put(f, "x/language.yaml", text);
    assert_int_equal(load(f, &ls, &err), -EINVAL);
    assert_non_null(strstr(err.text, "more than 200"));
    memset(text, '#', (1 << 18) - 1);
    folder_put(f, "x/language.yaml", text);
    assert_int_equal(load(f, &ls, &err), -EFBIG);
    free(text);
}

static void an_anchor_that_refers_to_itself_is_no_way_to_recurse(void **state)
{
    struct folder *f = *state;
    struct languages ls;
    struct error err;
    folder_put(f, "x/language.yaml", "image: &a {name: *a}\n");
    assert_int_equal(load(f, &ls, &err), -EINVAL);
    folder_put(f, "x/language.yaml", "seccomp: &a [*a]\n");
    assert_int_equal(load(f, &ls, &err), -EINVAL);
}

static void the_name_must_be_the_folders(void **state)
{
    struct folder *f = *state;
    struct languages ls;
    struct error err;
    folder_put(f, "y/language.yaml", GOOD);
    assert_int_equal(load(f, &ls, &err), -EINVAL);
    assert_non_null(strstr(err.text, "must be the name of the folder, \"y\""));
}

static void a_folder_without_a_description_and_no_folder_at_all_are_errors(void **state)
{
    struct folder *f = *state;
    struct languages ls;
    struct error err;
    assert_int_equal(languages_load(&ls, folder_path(f, "none"), NULL, &err), -ENOENT);
    folder_put(f, "x/other", "");
    assert_int_equal(load(f, &ls, &err), -ENOENT);
    assert_non_null(strstr(err.text, "x/language.yaml"));
}

static void a_name_alias_or_extension_belongs_to_one_language(void **state)
{
    static const char *const seconds[][2] = {
        {"aliases: [x]\nextensions: [.y]\n", "\"x\" belongs to x already"},
        {"extensions: [.x]\n", "\".x\" belongs to x already"},
    };
    struct folder *f = *state;
    struct languages ls;
    struct error err;
    folder_put(f, "x/language.yaml", GOOD);
    for (size_t i = 0; i < array_length(seconds); i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "name: y\ntitle: Y\nfile: a.y\nversion_package: dash\nimage: {name: x, packages: [dash]}\n"
                 "run: [/a]\n%s",
                 seconds[i][0]);
        folder_put(f, "y/language.yaml", text);
        assert_int_equal(load(f, &ls, &err), -EINVAL);
        assert_non_null(strstr(err.text, seconds[i][1]));
        assert_non_null(strstr(err.text, "y/language.yaml"));
    }
}

static void the_houses_languages_are_found_by_name_alias_and_extension(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"elixir", "exs", "a/b.exs"}, {"python", "py", "x.py"}, {"javascript", "node", "x.mjs"},
        {"c", "gcc", "x.c"},          {"bash", "sh", "run.sh"}, {"erlang", "escript", "x.erl"},
    };
    struct languages ls;
    struct error err = {0};
    assert_int_equal(languages_load(&ls, getenv("PHIAL_LANGUAGES"), NULL, &err), 0);
    for (size_t i = 0; i < array_length(cases); i++) {
        const struct language *l = languages_find(&ls, cases[i][0]);
        assert_non_null(l);
        assert_ptr_equal(languages_find(&ls, cases[i][1]), l);
        assert_ptr_equal(languages_by_file(&ls, cases[i][2]), l);
    }
    assert_null(languages_find(&ls, "cobol"));
    assert_null(languages_by_file(&ls, "Makefile"));
    assert_null(languages_by_file(&ls, "a.exs/b"));
    languages_free(&ls);
    assert_int_equal(languages_load(&ls, getenv("PHIAL_TEST_LANGUAGES"), NULL, &err), 0);
    assert_non_null(languages_find(&ls, "lua"));
    languages_free(&ls);
}

static void the_version_is_the_packages_without_what_debian_added(void **state)
{
    static const char *const cases[][2] = {
        {"1:27.3.4.1+dfsg-1+deb13u1", "27.3.4.1"},
        {"3.13.5-1", "3.13.5"},
        {"5.2.37-2+b8", "5.2.37"},
        {"1.0~rc1-2", "1.0"},
        {"1.18.3.dfsg-1.1+deb13u1", "1.18.3"},
        {"7", "7"},
    };
    struct folder *f = *state;
    struct error err = {0};
    folder_put(f, "languages/x/language.yaml", GOOD);
    for (size_t i = 0; i < array_length(cases); i++) {
        struct languages ls;
        char json[1024];
        snprintf(
            json, sizeof json,
            "{\"format\": 1, \"name\": \"x\", \"kind\": \"erofs\", \"file\": \"x.erofs\", \"recipe\": \"r\", "
            "\"sha256\": \"%064d\", \"size\": 1, \"suite\": \"trixie\", \"archive_date\": \"d\", "
            "\"built_at\": \"b\", \"packages\": {\"dash\": \"%s\"}}",
            0, cases[i][0]);
        folder_put(f, "images/x.json", json);
        assert_int_equal(languages_load(&ls, folder_path(f, "languages"), folder_path(f, "images"), &err), 0);
        assert_string_equal(ls.items[0].version, cases[i][1]);
        languages_free(&ls);
    }
}

static void in_an_environment_the_last_of_a_name_counts(void **state)
{
    (void)state;
    char *own[] = {"A=1", "HOME=/elsewhere", NULL}, *more[] = {"AB=2", "A=3", "EMPTY=", NULL},
         *none[] = {NULL};
    static const char *const expected[] = {"PATH=/usr/bin:/bin", "HOME=/elsewhere", "A=3", "AB=2", "EMPTY="};
    struct language language = {.env = own};
    char **env = language_environment(&language, more);
    assert_non_null(env);
    assert_int_equal(strings_count(env), array_length(expected));
    for (size_t i = 0; i < array_length(expected); i++)
        assert_string_equal(env[i], expected[i]);
    strings_free(env);
    language.env = none;
    env = language_environment(&language, NULL);
    assert_string_equal(env[1], "HOME=/work");
    assert_null(env[2]);
    strings_free(env);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        T(a_short_description_gets_empty_lists_and_the_standard_limits),
        T(every_field_is_read),
        T(a_fault_is_named_with_file_line_and_field),
        T(a_run_or_a_list_that_must_not_be_empty_is_refused),
        T(a_list_of_more_than_200_entries_and_a_file_of_more_than_64_kib_are_refused),
        T(an_anchor_that_refers_to_itself_is_no_way_to_recurse),
        T(the_name_must_be_the_folders),
        T(a_folder_without_a_description_and_no_folder_at_all_are_errors),
        T(a_name_alias_or_extension_belongs_to_one_language),
        T(the_houses_languages_are_found_by_name_alias_and_extension),
        T(the_version_is_the_packages_without_what_debian_added),
        cmocka_unit_test(in_an_environment_the_last_of_a_name_counts),
    };
    return unit_run(tests);
}
