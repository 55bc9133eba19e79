/* The parts of the http room that need no socket. The server itself is tested in tests/api. */
#include "http/internal.h"
#include "unit.h"

#include <fcntl.h>
#include <sodium.h>

static int parse(struct http_head *head, const char *text, struct problem *problem)
{
    *problem = (struct problem){0};
    assert_int_equal(http_head_length(text, strlen(text), 0), strlen(text));
    return http_head_parse(head, text, strlen(text), problem);
}

static void a_head_is_read_into_its_parts(void **state)
{
    (void)state;
    struct http_head head;
    struct problem problem;
    assert_int_equal(parse(&head,
                           "POST /a/b?c=d HTTP/1.1\r\nHost: x:1\r\ncontent-LENGTH: 12\r\nX:  y z \t\r\n"
                           "Expect: 100-Continue\r\n\r\n",
                           &problem),
                     0);
    assert_string_equal(head.method, "POST");
    assert_string_equal(head.path, "/a/b");
    assert_string_equal(head.query, "c=d");
    assert_string_equal(head.host, "x:1");
    assert_int_equal(head.content_length, 12);
    assert_true(head.keep_alive);
    assert_true(head.expects_continue);
    assert_string_equal(http_head_field(&head, "x"), "y z");
    assert_null(http_head_field(&head, "y"));
    http_head_free(&head);
}

static void what_is_ambiguous_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum problem_type type;
    } rows[] = {
        {"GET / HTTP/1.1\r\n\r\n", PROBLEM_bad_http},
        {"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", PROBLEM_bad_http},
        {"GET / HTTP/1.1\r\nHost : a\r\n\r\n", PROBLEM_bad_http},
        {"GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", PROBLEM_bad_http},
        {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: x\r\n\r\n", PROBLEM_bad_http},
        {"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", PROBLEM_length_required},
        {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n", PROBLEM_bad_http},
        {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n\r\n", PROBLEM_bad_http},
        {"GET / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n", PROBLEM_expectation_failed},
        {"GET / HTTP/3.0\r\nHost: a\r\n\r\n", PROBLEM_version_not_supported},
        {"GET a HTTP/1.1\r\nHost: a\r\n\r\n", PROBLEM_bad_http},
        {"GET\r\nHost: a\r\n\r\n", PROBLEM_bad_http},
        {"G(T / HTTP/1.1\r\nHost: a\r\n\r\n", PROBLEM_bad_http},
        {"GET /\x7f HTTP/1.1\r\nHost: a\r\n\r\n", PROBLEM_bad_http},
        {"GET / HTTP/1.1\r\nHost: a\x01\r\n\r\n", PROBLEM_bad_http},
    };
    for (size_t i = 0; i < array_length(rows); i++) {
        struct http_head head;
        struct problem problem;
        assert_int_equal(parse(&head, rows[i].text, &problem), -1);
        assert_int_equal(problem.type, rows[i].type);
        assert_false(head.keep_alive);
        http_head_free(&head);
    }
}

static void the_end_of_a_head_is_found_however_it_arrives(void **state)
{
    (void)state;
    static const char text[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\nrest";
    size_t whole = sizeof text - 1 - 4;
    for (size_t cut = 0; cut < whole; cut++) {
        assert_int_equal(http_head_length(text, cut, 0), 0);
        assert_int_equal(http_head_length(text, sizeof text - 1, cut), whole);
    }
    assert_int_equal(http_head_length("GET /\n", 6, 0), -EINVAL);
    assert_int_equal(http_head_length("GET\0", 4, 0), -EINVAL);
    static char large[HEAD_BYTES_MOST + 1];
    memset(large, 'x', sizeof large);
    assert_int_equal(http_head_length(large, HEAD_BYTES_MOST - 1, 0), 0);
    assert_int_equal(http_head_length(large, sizeof large, 0), -E2BIG);
}

static void an_absolute_address_names_the_host(void **state)
{
    (void)state;
    struct http_head head;
    struct problem problem;
    assert_int_equal(parse(&head, "GET http://a.example:8/b HTTP/1.1\r\nHost: other\r\n\r\n", &problem), 0);
    assert_string_equal(head.host, "a.example:8");
    assert_string_equal(head.path, "/b");
    http_head_free(&head);
}

static void a_token_is_found_in_a_list_as_a_whole_only(void **state)
{
    (void)state;
    assert_true(http_list_has("keep-alive, Close", "close"));
    assert_true(http_list_has(" close ,x", "close"));
    assert_false(http_list_has("closed", "close"));
    assert_false(http_list_has("not-close", "close"));
    assert_false(http_list_has("", "close"));
    assert_false(http_list_has(NULL, "close"));
}

static void each_client_has_a_bucket_of_its_own_that_fills_again(void **state)
{
    (void)state;
    struct limiter *limiter;
    assert_true(sodium_init() >= 0);
    assert_int_equal(limiter_new(&limiter), 0);
    uint64_t now = 1;
    for (int i = 0; i < 60; i++)
        assert_int_equal(limiter_take(limiter, "a", 60, now), 0);
    assert_int_equal(limiter_take(limiter, "a", 60, now), 1);
    assert_int_equal(limiter_take(limiter, "b", 60, now), 0);
    assert_int_equal(limiter_take(limiter, "a", 0, now), 0);
    now += UINT64_C(1000000000);
    assert_int_equal(limiter_take(limiter, "a", 60, now), 0);
    assert_true(limiter_take(limiter, "a", 60, now) >= 1);
    for (int i = 0; i < 100000; i++) { /* more clients than the table has places */
        char name[16];
        snprintf(name, sizeof name, "%d", i);
        assert_int_equal(limiter_take(limiter, name, 60, now), 0);
    }
    limiter_free(limiter);
}

static void assert_form(const char *body, const char *name, const char *value)
{
    size_t size;
    char *got = form_value(body, strlen(body), name, &size);
    if (value) {
        assert_non_null(got);
        assert_string_equal(got, value);
        assert_int_equal(size, strlen(value));
    } else {
        assert_null(got);
    }
    free(got);
}

static void form_fields_are_decoded(void **state)
{
    (void)state;
    assert_form("a=1&b=x+y%26%3d&c=", "b", "x y&=");
    assert_form("a=1&b=x", "a", "1");
    assert_form("a=1&b=x", "c", NULL);
    assert_form("aa=1", "a", NULL);
    assert_form("a=%", "a", NULL);
    assert_form("a=%4", "a", NULL);
    assert_form("a=%4g", "a", NULL);
    assert_form("a=%41", "a", "A");
    assert_form("", "a", NULL);
    assert_form("&&a=b&", "a", "b");
    assert_form("a=&b=1", "a", "");
}

static void a_problem_has_a_stable_type(void **state)
{
    (void)state;
    struct problem p;
    char uri[64];
    assert_int_equal(problem_at(&p, PROBLEM_invalid_request, "/files/0", "no \xff"), -1);
    json_t *json = problem_json(&p);
    assert_string_equal(json_string_value(json_object_get(json, "type")), "/problems/invalid-request");
    assert_string_equal(json_string_value(json_object_get(json, "pointer")), "/files/0");
    assert_string_equal(json_string_value(json_object_get(json, "detail")), "no \xef\xbf\xbd");
    assert_int_equal(json_integer_value(json_object_get(json, "status")), 400);
    json_decref(json);
    for (unsigned i = 0; i < PROBLEM_COUNT; i++) {
        assert_true(problem_status(i) >= 400 && problem_status(i) <= 599);
        assert_string_not_equal(status_reason(problem_status(i)), "Status");
        assert_null(strchr(problem_uri(i, uri), '_'));
    }
}

static void a_key_is_known_until_it_is_revoked(void **state)
{
    (void)state;
    char folder[] = "/tmp/phial-test-keys-XXXXXX", token[KEY_TOKEN_SIZE], other[KEY_TOKEN_SIZE];
    struct error err;
    struct key key;
    struct key_ring *ring;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(keys_count(folder, &err), 0);
    assert_int_equal(key_ring_open(&ring, open(folder, O_RDONLY | O_DIRECTORY)), 0);
    assert_null(key_ring_find(ring, "phial_x"));
    assert_int_equal(key_new(folder, "one", &key, token, &err), 0);
    assert_int_equal(key_new(folder, "two", &key, other, &err), 0);
    assert_int_equal(key_new(folder, "two", &key, other, &err), -EEXIST);
    assert_int_equal(key_new(folder, "bad name", &key, other, &err), -EINVAL);
    assert_int_equal(keys_count(folder, &err), 2);
    assert_string_equal(key_ring_find(ring, token)->name, "one");
    token[10] = token[10] == '0' ? '1' : '0';
    assert_null(key_ring_find(ring, token));
    token[10] = token[10] == '0' ? '1' : '0';
    assert_int_equal(key_revoke(folder, "none", &err), -ENOENT);
    assert_int_equal(key_revoke(folder, "one", &err), 0);
    assert_int_equal(keys_count(folder, &err), 1);
    key_ring_free(ring);
    assert_int_equal(key_revoke(folder, key.id, &err), 0);
    assert_int_equal(keys_count(folder, &err), 0);
    char path[64];
    snprintf(path, sizeof path, "%s/keys", folder);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void a_broken_keys_file_lets_nobody_in(void **state)
{
    (void)state;
    char folder[] = "/tmp/phial-test-keys-XXXXXX", path[64], token[KEY_TOKEN_SIZE];
    struct error err;
    struct key key;
    struct key_ring *ring;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(key_new(folder, "one", &key, token, &err), 0);
    snprintf(path, sizeof path, "%s/keys", folder);
    int fd = open(path, O_WRONLY | O_APPEND);
    assert_int_equal(write_all(fd, "nonsense\n", 9), 0);
    close(fd);
    assert_int_equal(key_ring_open(&ring, open(folder, O_RDONLY | O_DIRECTORY)), 0);
    assert_null(key_ring_find(ring, token));
    assert_int_equal(keys_count(folder, &err), -EINVAL);
    key_ring_free(ring);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_head_is_read_into_its_parts),
        cmocka_unit_test(what_is_ambiguous_is_refused),
        cmocka_unit_test(the_end_of_a_head_is_found_however_it_arrives),
        cmocka_unit_test(an_absolute_address_names_the_host),
        cmocka_unit_test(a_token_is_found_in_a_list_as_a_whole_only),
        cmocka_unit_test(each_client_has_a_bucket_of_its_own_that_fills_again),
        cmocka_unit_test(form_fields_are_decoded),
        cmocka_unit_test(a_problem_has_a_stable_type),
        cmocka_unit_test(a_key_is_known_until_it_is_revoked),
        cmocka_unit_test(a_broken_keys_file_lets_nobody_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
