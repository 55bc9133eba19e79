#include "folder.h"

#include "language/image.h"

#define FIELDS                                                                                               \
    "\"recipe\": \"r\", \"size\": 1, \"suite\": \"s\", \"archive_date\": \"d\", \"built_at\": \"b\", "
#define SUM "\"sha256\": \"0000000000000000000000000000000000000000000000000000000000000000\", "

static void what_was_written_is_read(void **state)
{
    struct folder *f = *state;
    struct error err = {0};
    char sum[SHA256_HEX];
    sha256_hex("x", 1, sum);
    struct image_package packages[] = {{(char[]){"dash"}, (char[]){"0.5-1"}},
                                       {(char[]){"bash"}, (char[]){"5-1"}}};
    struct image_info in = {.name = (char[]){"x"},
                            .file = (char[]){"x.erofs"},
                            .recipe = (char[]){"abc"},
                            .sha256 = sum,
                            .size = 12345678901,
                            .suite = (char[]){"trixie"},
                            .archive_date = (char[]){"2026-01-02T03:04:05Z"},
                            .built_at = (char[]){"now"},
                            .packages = packages,
                            .package_count = 2};
    assert_int_equal(image_info_write(&in, f->fd, &err), 0);
    struct image_info out;
    assert_int_equal(image_info_read(&out, f->path, "x", &err), 0);
    assert_string_equal(out.name, "x");
    assert_false(out.folder);
    assert_string_equal(out.file, "x.erofs");
    assert_string_equal(out.sha256, sum);
    assert_true(out.size == 12345678901);
    assert_string_equal(out.archive_date, "2026-01-02T03:04:05Z");
    assert_string_equal(image_package_version(&out, "bash"), "5-1");
    assert_null(image_package_version(&out, "perl"));
    image_info_free(&out);
}

static void a_missing_manifest_says_how_to_build_the_image(void **state)
{
    struct folder *f = *state;
    struct error err;
    struct image_info info;
    assert_int_equal(image_info_read(&info, f->path, "x", &err), -ENOENT);
    assert_non_null(strstr(err.text, "phial image build x"));
    image_info_free(&info);
}

static void a_bad_manifest_is_refused_with_the_cure(void **state)
{
    static const char *const bad[] = {
        "",
        "nonsense",
        "[]",
        "{}",
        "{\"format\": 2, \"name\": \"x\"}",
        "{\"format\": 1, \"name\": \"y\", \"kind\": \"erofs\", \"file\": \"y.erofs\", " SUM FIELDS
        "\"packages\": {}}",
        "{\"format\": 1, \"name\": \"x\", \"kind\": \"zip\", \"file\": \"x.erofs\", " SUM FIELDS
        "\"packages\": {}}",
        "{\"format\": 1, \"name\": \"x\", \"kind\": \"erofs\", \"file\": \"../x\", " SUM FIELDS
        "\"packages\": {}}",
        "{\"format\": 1, \"name\": \"x\", \"kind\": \"erofs\", \"file\": \"x/../y\", " SUM FIELDS
        "\"packages\": {}}",
        "{\"format\": 1, \"name\": \"x\", \"kind\": \"erofs\", \"file\": \"x.erofs\", \"sha256\": "
        "\"00\", " FIELDS "\"packages\": {}}",
        "{\"format\": 1, \"name\": \"x\", \"kind\": \"erofs\", \"file\": \"x.erofs\", " SUM FIELDS
        "\"packages\": []}",
        "{\"format\": 1, \"name\": \"x\", \"kind\": \"erofs\", \"file\": \"x.erofs\", " SUM FIELDS
        "\"packages\": {\"a\": 1}}",
        "{\"format\": 1, \"format\": 1}",
    };
    struct folder *f = *state;
    for (size_t i = 0; i < array_length(bad); i++) {
        struct error err = {0};
        struct image_info info;
        folder_put(f, "x.json", bad[i]);
        assert_int_equal(image_info_read(&info, f->path, "x", &err), -EINVAL);
        assert_non_null(strstr(err.text, "phial image build x --force"));
        image_info_free(&info);
    }
}

static void an_images_name_is_no_path(void **state)
{
    static const char *const bad[] = {"", "..", "../x", "a/b", "X", "/etc/passwd"};
    struct folder *f = *state;
    struct error err;
    struct image_info info;
    for (size_t i = 0; i < array_length(bad); i++)
        assert_int_equal(image_info_read(&info, f->path, bad[i], &err), -EINVAL);
}

static void the_list_names_images_in_order_and_nothing_else(void **state)
{
    struct folder *f = *state;
    struct error err;
    char **names;
    folder_put(f, "b.json", "{}");
    folder_put(f, "a.json", "{}");
    folder_put(f, ".build-c.json", "{}");
    folder_put(f, "UPPER.json", "{}");
    folder_put(f, "a.erofs", "");
    assert_int_equal(image_list(f->path, &names, &err), 0);
    assert_string_equal(names[0], "a");
    assert_string_equal(names[1], "b");
    assert_null(names[2]);
    for (size_t i = 0; names[i]; i++)
        free(names[i]);
    free(names);
    assert_int_equal(image_list(folder_path(f, "none"), &names, &err), 0);
    assert_null(names[0]);
    free(names);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        T(what_was_written_is_read),
        T(a_missing_manifest_says_how_to_build_the_image),
        T(a_bad_manifest_is_refused_with_the_cure),
        T(an_images_name_is_no_path),
        T(the_list_names_images_in_order_and_nothing_else),
    };
    return unit_run(tests);
}
