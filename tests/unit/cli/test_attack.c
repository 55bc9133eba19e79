/* The heads of attack programs, and the judgement of what became of them. */
#include "cli/attack.h"

#include "unit.h"

#include <sys/stat.h>

static char bash_name[] = "bash", bash_extension[] = ".sh", *bash_extensions[] = {bash_extension, NULL},
            *none[] = {NULL};
static struct language bash = {.name = bash_name, .extensions = bash_extensions, .aliases = none};
static const struct languages languages = {&bash, 1};

struct place {
    char dir[64];
    struct attack_list list;
    struct error err;
};

static void add(struct place *p, const char *name, const char *text)
{
    char path[256];
    if (!*p->dir) {
        strcpy(p->dir, "/tmp/phial-test-XXXXXX");
        assert_non_null(mkdtemp(p->dir));
    }
    snprintf(path, sizeof path, "%s/%s", p->dir, name);
    for (char *slash = path; (slash = strchr(slash + 1, '/'));) {
        *slash = 0;
        mkdir(path, 0755);
        *slash = '/';
    }
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int read_all_of(struct place *p)
{
    return attack_list_read(&p->list, p->dir, &languages, &p->err);
}

static void leave(struct place *p)
{
    char command[128];
    attack_list_free(&p->list);
    snprintf(command, sizeof command, "rm -r %s", p->dir);
    assert_int_equal(system(command), 0);
}

static void every_key_of_a_head_is_read(void **state)
{
    (void)state;
    struct place p = {0};
    add(&p, "other.txt", "other");
    add(&p, "wall/a.sh",
        "#!/bin/sh\n# prose about it\n# attack: does things\n# expect: status=error exit=3 signal=SIGSYS "
        "stdout=a b = c\n"
        "# expect: status=refused\n# limits: wall_ms=500 processes=7\n# stdin: x\\n\\0\\\\\n# arg: one\n# "
        "arg: two\n"
        "# env: A=b c\n# with: other.txt\n# trace: yes\n# needs: landlock\n# slow: yes\n# host: never\n# "
        "pad: 600\necho\n");
    assert_int_equal(read_all_of(&p), 0);
    assert_int_equal(p.list.count, 1);
    const struct attack *a = &p.list.items[0];
    const struct run_request *r = &a->request;
    assert_string_equal(a->name, "wall/a.sh");
    assert_string_equal(a->about, "does things");
    assert_int_equal(a->expect_count, 2);
    assert_string_equal(a->expects[0].status, "error");
    assert_int_equal(a->expects[0].exit_code, 3);
    assert_string_equal(a->expects[0].signal, "SIGSYS");
    assert_string_equal(a->expects[0].out, "a b = c");
    assert_int_equal(r->limits.wall_ms, 500);
    assert_int_equal(r->limits.processes, 7);
    assert_true(r->limits.cpu_ms == UINT64_MAX);
    assert_int_equal(r->stdin_size, 4);
    assert_memory_equal(r->stdin_data, "x\n\0\\", 4);
    assert_string_equal(r->args[1], "two");
    assert_null(r->args[2]);
    assert_string_equal(r->env[0], "A=b c");
    assert_string_equal(r->language, "bash");
    assert_int_equal(r->file_count, 2);
    assert_int_equal(r->files[0].size, 600);
    assert_string_equal(r->files[1].name, "other.txt");
    assert_true(r->trace && a->slow);
    leave(&p);
}

static void a_slip_of_the_pen_is_an_error(void **state)
{
    (void)state;
    static const char *const heads[] = {
        "# attack: a\n# expekt: status=ok\n",
        "# attack: a\n",
        "# expect: status=ok\n",
        "# attack: a\n# expect: stdout=no status\n",
        "# attack: a\n# expect: status=ok exitt=1\n",
        "# attack: a\n# expect: status=ok\n# limits: speed=1\n",
        "# attack: a\n# expect: status=ok\n# slow: perhaps\n",
        "# attack: a\n# expect: status=ok\n# language: cobol\n",
        "# attack: a\n# expect: status=ok\n# with: no-such-file\n",
        "# attack: a\n# attack: b\n# expect: status=ok\n",
    };
    for (size_t i = 0; i < array_length(heads); i++) {
        struct place p = {0};
        add(&p, "wall/a.sh", heads[i]);
        assert_true(read_all_of(&p) < 0);
        assert_non_null(strchr(p.err.text, ':'));
        leave(&p);
    }
}

static void the_head_ends_at_the_first_line_that_is_no_comment(void **state)
{
    (void)state;
    struct place p = {0};
    add(&p, "wall/a.sh", "# attack: a\n# expect: status=ok\n\n# nonsense: here it is only a comment\n");
    add(&p, "wall/b.sh", "# attack: b\n# expect: status=ok\n# cut: head\n\nrest");
    assert_int_equal(read_all_of(&p), 0);
    assert_int_equal(p.list.items[1].request.files[0].size, 4);
    leave(&p);
}

static void those_of_a_pair_stand_one_after_the_other(void **state)
{
    (void)state;
    struct place p = {0};
    add(&p, "wall/a.sh", "# attack: a\n# expect: status=ok\n# pair: x\n");
    add(&p, "wall/b.sh", "# attack: b\n# expect: status=ok\n");
    add(&p, "wall/c.sh", "# attack: c\n# expect: status=ok\n# pair: x\n# order: after\n");
    assert_int_equal(read_all_of(&p), 0);
    assert_string_equal(p.list.items[0].name, "wall/a.sh");
    assert_string_equal(p.list.items[1].name, "wall/c.sh");
    assert_true(p.list.items[1].after);
    assert_string_equal(p.list.items[2].name, "wall/b.sh");
    leave(&p);
}

static struct attack_verdict judge(const struct attack *attack, const char *json)
{
    struct attack_verdict verdict = {0};
    json_t *answer = json ? json_loads(json, JSON_ALLOW_NUL, NULL) : NULL;
    assert_true(!json || answer);
    attack_judge(attack, answer, &verdict);
    json_decref(answer);
    return verdict;
}

static void one_fitting_line_is_enough(void **state)
{
    (void)state;
    char out[] = "contained";
    struct attack a = {.expect_count = 2,
                       .expects = {{.status = "killed", .exit_code = -1, .signal = "SIGSYS"},
                                   {.status = "ok", .exit_code = 0, .out = out}}};
    assert_int_equal(judge(&a, "{\"status\":\"ok\",\"exit_code\":0,\"stdout\":\"well contained\\n\"}").result,
                     ATTACK_PASSED);
    assert_int_equal(judge(&a, "{\"status\":\"killed\",\"exit_code\":null,\"signal\":\"SIGSYS\"}").result,
                     ATTACK_PASSED);
    assert_int_equal(judge(&a, "{\"status\":\"killed\",\"exit_code\":null,\"signal\":\"SIGKILL\"}").result,
                     ATTACK_FAILED);
    assert_int_equal(judge(&a, "{\"status\":\"ok\",\"exit_code\":0,\"stdout\":\"\"}").result, ATTACK_FAILED);
    assert_int_equal(judge(&a, "{\"status\":\"ok\",\"exit_code\":null,\"stdout\":\"contained\"}").result,
                     ATTACK_FAILED);
    assert_int_equal(judge(&a, NULL).result, ATTACK_FAILED);
}

static void a_breach_fails_wherever_it_stands(void **state)
{
    (void)state;
    struct attack a = {.expect_count = 1, .expects = {{.status = "ok", .exit_code = -1}}};
    assert_int_equal(judge(&a, "{\"status\":\"ok\",\"stdout\":\"\\u0000\\nBREACH: x\\ny\"}").result,
                     ATTACK_FAILED);
    assert_string_equal(judge(&a, "{\"status\":\"ok\",\"stdout\":\"\\u0000\\nBREACH: x\\ny\"}").why,
                        "BREACH: x");
    assert_int_equal(judge(&a, "{\"status\":\"ok\",\"stderr\":\"WRONG: y\"}").result, ATTACK_FAILED);
    assert_int_equal(judge(&a, "{\"status\":\"ok\",\"stdout\":\"\"}").result, ATTACK_PASSED);
}

static void the_words_of_a_pair_must_differ(void **state)
{
    (void)state;
    char word[] = "uid";
    struct attack a = {.differ_count = 1, .differs = {word}};
    const struct attack *both[] = {&a, &a};
    static const struct {
        const char *first, *second;
        uint32_t result;
    } rows[] = {
        {"uid=1", "uid=2", ATTACK_PASSED},
        {"uid=1", "uid=1", ATTACK_FAILED},
        {"uid=1", "nothing", ATTACK_FAILED},
        {"x\nuid=1\n", "uid=12", ATTACK_PASSED},
    };
    for (size_t i = 0; i < array_length(rows); i++) {
        json_t *answers[] = {json_pack("{s:s}", "stdout", rows[i].first),
                             json_pack("{s:s}", "stdout", rows[i].second)};
        struct attack_verdict verdicts[2] = {0};
        attack_judge_pair(both, (const json_t *const *)answers, 2, verdicts);
        assert_int_equal(verdicts[1].result, rows[i].result);
        json_decref(answers[0]);
        json_decref(answers[1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_of_a_head_is_read),
        cmocka_unit_test(a_slip_of_the_pen_is_an_error),
        cmocka_unit_test(the_head_ends_at_the_first_line_that_is_no_comment),
        cmocka_unit_test(those_of_a_pair_stand_one_after_the_other),
        cmocka_unit_test(one_fitting_line_is_enough),
        cmocka_unit_test(a_breach_fails_wherever_it_stands),
        cmocka_unit_test(the_words_of_a_pair_must_differ),
    };
    return unit_run(tests);
}
