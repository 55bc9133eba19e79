/* The parts of the api room that need no socket: the request's body, and where an output may be cut. */
#include "api/internal.h"
#include "unit.h"

static char *no_words[] = {NULL};
static char *aliases[] = {"sh", NULL};
static struct language items[] = {
    {.name = "bash", .title = "Bash", .file = "main.sh", .aliases = aliases, .extensions = no_words}};
static const struct languages languages = {items, 1};

static int parse(struct parsed_run *parsed, const char *body, struct problem *problem)
{
    *problem = (struct problem){0};
    return parse_run(parsed, body, strlen(body), &languages, problem);
}

static void a_whole_request_is_read(void **state)
{
    (void)state;
    struct parsed_run p;
    struct problem problem;
    assert_int_equal(
        parse(&p,
              "{\"language\":\"sh\",\"files\":[{\"content\":\"abc\"},{\"name\":\"d/e\",\"content\":\"AP8=\","
              "\"encoding\":\"base64\"}],\"stdin\":\"x\\u0000y\",\"args\":[\"a\",\"\"],\"env\":{\"A\":\"b\"},"
              "\"limits\":{\"wall_ms\":5,\"output_bytes\":0},\"trace\":true,\"encoding\":\"base64\"}",
              &problem),
        0);
    const struct run_request *r = &p.request;
    assert_string_equal(r->language, "bash");
    assert_ptr_equal(p.language, items);
    assert_int_equal(r->file_count, 2);
    assert_string_equal(r->files[0].name, "main.sh");
    assert_memory_equal(r->files[0].data, "abc", 3);
    assert_string_equal(r->files[1].name, "d/e");
    assert_int_equal(r->files[1].size, 2);
    assert_memory_equal(r->files[1].data, "\0\xff", 2);
    assert_int_equal(r->stdin_size, 3);
    assert_string_equal(r->args[1], "");
    assert_null(r->args[2]);
    assert_string_equal(r->env[0], "A=b");
    assert_int_equal(r->limits.wall_ms, 5);
    assert_int_equal(r->limits.output_bytes, 0);
    assert_true(r->limits.cpu_ms == UINT64_MAX);
    assert_true(r->trace && p.base64 && !r->interactive);
    assert_int_equal(p.source_size, 5);
    parsed_run_free(&p);
}

static void the_hash_of_one_file_is_that_of_its_bytes(void **state)
{
    (void)state;
    struct parsed_run p;
    struct problem problem;
    char hash[SHA256_HEX];
    assert_int_equal(parse(&p, "{\"language\":\"bash\",\"files\":[{\"content\":\"abc\"}]}", &problem), 0);
    sha256_hex("abc", 3, hash);
    assert_string_equal(p.source_hash, hash);
    parsed_run_free(&p);
}

static void faults_are_pointed_at(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"{}", "/language"},
        {"{\"language\":\"bash\"}", "/files"},
        {"{\"language\":\"bash\",\"files\":[{}]}", "/files/0/content"},
        {"{\"language\":\"bash\",\"files\":[{\"content\":\"\",\"x~/\":1}]}", "/files/0/x~0~1"},
        {"{\"language\":\"bash\",\"files\":[{\"content\":\"\"}],\"limits\":{\"x\":1}}", "/limits/x"},
        {"{\"language\":\"bash\",\"files\":[{\"content\":\"\"}],\"extra\":1}", "/extra"},
    };
    for (size_t i = 0; i < array_length(rows); i++) {
        struct parsed_run p;
        struct problem problem;
        assert_int_equal(parse(&p, rows[i][0], &problem), -1);
        assert_int_equal(problem.type, PROBLEM_invalid_request);
        assert_string_equal(problem.pointer, rows[i][1]);
        parsed_run_free(&p);
    }
}

static void an_output_is_cut_between_characters(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t whole;
    } rows[] = {
        {"", 0},
        {"abc", 3},
        {"a\xe2\x82\xac", 4},
        {"a\xe2\x82", 1},
        {"a\xe2", 1},
        {"\xf0\x9f\x98", 0},
        {"\xf0\x9f\x98\x80", 4},
        {"a\xc3", 1},
        {"a\x80\x80\x80\x80", 5}, /* never a character: nothing to wait for */
        {"a\xff", 1},             /* could not begin one, but costs only a wait */
    };
    for (size_t i = 0; i < array_length(rows); i++)
        assert_int_equal(whole_characters((const uint8_t *)rows[i].text, strlen(rows[i].text)),
                         rows[i].whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_request_is_read),
        cmocka_unit_test(the_hash_of_one_file_is_that_of_its_bytes),
        cmocka_unit_test(faults_are_pointed_at),
        cmocka_unit_test(an_output_is_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
