/* What pages are made of: the writer of HTML, pieces that were compressed ahead, static files. */
#include "site/html.h"
#include "site/packed.h"
#include "site/static.h"
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <zlib.h>

/* ---- html ---- */

static void assert_html(struct html *h, const char *expected)
{
    assert_false(h->failed);
    assert_int_equal(h->size, strlen(expected));
    assert_memory_equal(h->text, expected, h->size);
    html_free(h);
}

static void text_becomes_no_markup(void **state)
{
    (void)state;
    struct html h = {0};
    html_text(&h, "<a href=\"x\" title='y'>&amp;</a>");
    assert_html(&h, "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;");
}

static void a_zero_character_and_no_text_are_harmless(void **state)
{
    (void)state;
    struct html h = {0};
    html_text_n(&h, "a\0b", 3);
    html_text(&h, NULL);
    html_text(&h, "");
    assert_html(&h, "a\xef\xbf\xbd"
                    "b");
}

static void a_format_escapes_its_texts_and_writes_its_numbers(void **state)
{
    (void)state;
    struct html h = {0};
    html_put(&h, "<p class=\"%s\">%u of %zu, %.1f%%: %s</p>", "\"><script>", 3U, (size_t)4, 75.04, "<b>");
    assert_html(&h, "<p class=\"&quot;&gt;&lt;script&gt;\">3 of 4, 75.0%: &lt;b&gt;</p>");
}

static void it_grows_to_any_size(void **state)
{
    (void)state;
    struct html h = {0};
    for (size_t i = 0; i < 100000; i++)
        html_raw(&h, "0123456789");
    assert_false(h.failed);
    assert_int_equal(h.size, 1000000);
    assert_memory_equal(h.text + 999990, "0123456789", 10);
    html_free(&h);
}

/* ---- compressed pieces ---- */

/* What gzip makes of it, checksum and length looked at. */
static void assert_unpacks(const struct html *file, const char *expected, size_t size)
{
    char *got = malloc(size + 1);
    z_stream stream = {.next_in = (Bytef *)file->text,
                       .avail_in = (uInt)file->size,
                       .next_out = (Bytef *)got,
                       .avail_out = (uInt)size + 1};
    assert_int_equal(inflateInit2(&stream, 16 + MAX_WBITS), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(stream.total_out, size);
    assert_int_equal(stream.avail_in, 0);
    assert_memory_equal(got, expected, size);
    inflateEnd(&stream);
    free(got);
}

static void pieces_and_stored_bytes_make_one_file(void **state)
{
    (void)state;
    static const char first[] = "one one one one one one", own[] = "mine", last[] = "the end";
    struct packed a, none, b;
    struct html file = {0};
    struct packing p;
    assert_int_equal(packed_make(&a, first, strlen(first)), 0);
    assert_int_equal(packed_make(&none, "", 0), 0);
    assert_int_equal(packed_make(&b, last, strlen(last)), 0);
    packing_begin(&p, &file);
    packing_add(&p, &a);
    packing_store(&p, own, strlen(own));
    packing_add(&p, &none);
    packing_store(&p, NULL, 0);
    packing_add(&p, &b);
    packing_end(&p);
    assert_unpacks(&file, "one one one one one oneminethe end", 34);
    html_free(&file);
    packed_free(&a);
    packed_free(&none);
    packed_free(&b);
}

static void stored_bytes_may_be_more_than_a_block_holds(void **state)
{
    (void)state;
    enum { SIZE = 3 * 65535 + 7 };
    char *bytes = malloc(SIZE);
    struct html file = {0};
    struct packing p;
    for (size_t i = 0; i < SIZE; i++)
        bytes[i] = (char)(i * 31 >> 3);
    packing_begin(&p, &file);
    packing_store(&p, bytes, SIZE);
    packing_end(&p);
    assert_unpacks(&file, bytes, SIZE);
    html_free(&file);
    free(bytes);
}

/* ---- static files ---- */

static void without_a_folder_the_built_in_style_is_there_under_a_name_of_its_content(void **state)
{
    (void)state;
    struct assets assets;
    struct error err;
    assert_int_equal(assets_load(&assets, "/nowhere", &err), 0);
    const struct asset *style = assets_find(&assets, "style.css");
    assert_non_null(style);
    assert_true(!strncmp(style->file, "style-", 6) && strlen(style->file) == strlen("style-.css") + 12);
    assert_ptr_equal(assets_find_file(&assets, style->file), style);
    assert_null(assets_find_file(&assets, "style.css"));
    assert_null(assets_find(&assets, "main.js"));
    assets_free(&assets);
}

static void a_manifest_names_files_of_its_folder_only(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "{\"a.js\":\"../a.js\"}",
        "{\"a.js\":\"/etc/passwd\"}",
        "{\"a.js\":\".a.js\"}",
        "{\"a.js\":\"\"}",
        "{\"a.js\":1}",
        "{\"a.js\":\"a\"}",
        "{\"a.js\":\"a.exe\"}",
        "{}",
        "{\"a.js\":\"a\\u0000.js\"}",
    };
    char folder[] = "/tmp/phial-unit-XXXXXX", path[64], file[64];
    struct assets assets;
    struct error err;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/manifest.json", folder);
    for (size_t i = 0; i < array_length(bad); i++) {
        int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        assert_int_equal(write_all(fd, bad[i], strlen(bad[i])), 0);
        close(fd);
        assert_true(assets_load(&assets, folder, &err) < 0);
    }
    snprintf(file, sizeof file, "%s/a-1.js", folder);
    const char *const texts[][2] = {{path, "{\"a.js\":\"a-1.js\"}"}, {file, "code"}};
    for (size_t i = 0; i < array_length(texts); i++) {
        int fd = open(texts[i][0], O_WRONLY | O_CREAT | O_TRUNC, 0600);
        assert_int_equal(write_all(fd, texts[i][1], strlen(texts[i][1])), 0);
        close(fd);
    }
    assert_int_equal(assets_load(&assets, folder, &err), 0);
    assert_int_equal(assets.count, 1);
    assert_memory_equal(assets.items[0].data, "code", 4);
    assert_null(assets.items[0].gzip);
    assets_free(&assets);
    unlink(path);
    unlink(file);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_becomes_no_markup),
        cmocka_unit_test(a_zero_character_and_no_text_are_harmless),
        cmocka_unit_test(a_format_escapes_its_texts_and_writes_its_numbers),
        cmocka_unit_test(it_grows_to_any_size),
        cmocka_unit_test(pieces_and_stored_bytes_make_one_file),
        cmocka_unit_test(stored_bytes_may_be_more_than_a_block_holds),
        cmocka_unit_test(without_a_folder_the_built_in_style_is_there_under_a_name_of_its_content),
        cmocka_unit_test(a_manifest_names_files_of_its_folder_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
