/* The store over a real SQLite in a folder of its own: what is written is found, by whom it should be. */
#include "house.h"
#include "unit.h"

static struct store_token token_of(const char *name)
{
    struct store_token token = {0};
    memcpy(token.hash, name, strlen(name));
    return token;
}

static int64_t add_try(struct house *h, const char *who, const char *exercise, const char *code,
                       enum store_verdict verdict, const char *failing)
{
    const struct store_token token = token_of(who);
    const char *const names[] = {failing, NULL};
    const struct store_try try = {.code = code, .size = strlen(code), .verdict = verdict, .failing = names};
    assert_int_equal(store_add_try(h->store, &token, exercise, &try, house_done, h), 0);
    return house_wait(h);
}

static int64_t add_hint(struct house *h, const char *who, const char *exercise, unsigned total)
{
    const struct store_token token = token_of(who);
    assert_int_equal(store_add_hint(h->store, &token, exercise, total, house_done, h), 0);
    return house_wait(h);
}

static int64_t learner_of(struct house *h, const char *who)
{
    const struct store_token token = token_of(who);
    struct store_learner learner;
    int r = store_learner(h->store, &token, &learner);
    return r < 0 ? r : learner.id;
}

static int64_t sign_up(struct house *h, const char *old, const char *fresh, const char *name)
{
    const struct store_token a = token_of(old), b = token_of(fresh);
    assert_int_equal(store_sign_up(h->store, &a, &b, name, "hash", house_done, h), 0);
    return house_wait(h);
}

static int64_t sign_in(struct house *h, const char *old, const char *fresh, int64_t account)
{
    const struct store_token a = token_of(old), b = token_of(fresh);
    assert_int_equal(store_sign_in(h->store, &a, &b, account, house_done, h), 0);
    return house_wait(h);
}

/* ---- tries ---- */

static void write_try(void *context, const struct store_try *try)
{
    FILE *out = context;
    fprintf(out, "%s ", store_verdict_name(try->verdict));
    fwrite(try->code, 1, try->size, out);
    fprintf(out, "%s%s;", try->failing[0] ? " " : "", try->failing[0] ? try->failing[0] : "");
}

static char *tries_text(struct house *h, int64_t learner, const char *exercise, unsigned most)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    assert_true(store_tries(h->store, learner, exercise, most, write_try, out) >= 0);
    fclose(out);
    return text;
}

static void a_try_is_found_by_its_learner_and_by_nobody_else(void **state)
{
    struct house *h = *state;
    assert_int_equal(learner_of(h, "ann"), -ENOENT);
    int64_t ann = add_try(h, "ann", "c/l/e", "x = 1", STORE_FAIL, "test adds");
    assert_true(ann > 0);
    assert_int_equal(add_try(h, "ann", "c/l/e", "x = 2", STORE_PASS, NULL), ann);
    int64_t bob = add_try(h, "bob", "c/l/e", "y", STORE_ERROR, NULL);
    assert_int_not_equal(ann, bob);
    assert_int_equal(learner_of(h, "ann"), ann);
    char *text = tries_text(h, ann, "c/l/e", 10);
    assert_string_equal(text, "pass x = 2;fail x = 1 test adds;");
    free(text);
    text = tries_text(h, bob, "c/l/e", 1);
    assert_string_equal(text, "error y;");
    free(text);
    text = tries_text(h, ann, "c/l/other", 10);
    assert_string_equal(text, "");
    free(text);
}

static void write_work(void *context, const char *exercise, const struct store_work *work)
{
    fprintf(context, "%s %u %u %d;", exercise, work->tries, work->hints, work->passed);
}

static char *work_text(struct house *h, int64_t learner, const char *prefix)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    assert_true(store_all_work(h->store, learner, prefix, write_work, out) >= 0);
    fclose(out);
    return text;
}

static void the_work_on_a_course_is_read_at_once(void **state)
{
    struct house *h = *state;
    int64_t ann = add_try(h, "ann", "c/l/one", "1", STORE_FAIL, NULL);
    add_try(h, "ann", "c/l/one", "2", STORE_PASS, NULL);
    add_try(h, "ann", "c/l/one", "3", STORE_FAIL, NULL);
    add_hint(h, "ann", "c/l/two", 3);
    add_try(h, "ann", "c2/l/one", "1", STORE_PASS, NULL);
    char *text = work_text(h, ann, "c/");
    assert_string_equal(text, "c/l/one 3 0 1;c/l/two 0 1 0;");
    free(text);
    struct store_work work;
    assert_int_equal(store_work(h->store, ann, "c/l/one", &work), 0);
    assert_true(work.passed && work.passed_ms >= work.begun_ms && work.begun_ms > 0);
    assert_int_equal(store_work(h->store, ann, "c/l/none", &work), -ENOENT);
}

static void hints_are_taken_one_by_one_up_to_the_last(void **state)
{
    struct house *h = *state;
    for (int i = 1; i <= 3; i++)
        assert_int_equal(add_hint(h, "ann", "c/l/e", 3), i);
    assert_int_equal(add_hint(h, "ann", "c/l/e", 3), 3);
    struct store_work work;
    assert_int_equal(store_work(h->store, learner_of(h, "ann"), "c/l/e", &work), 0);
    assert_int_equal(work.hints, 3);
}

static void only_tries_that_differ_are_honest(void **state)
{
    struct house *h = *state;
    static const char stub[] = "def f(x) do\n  nil\nend";
    int64_t ann = add_try(h, "ann", "c/l/e", "def f(x) do\n\n nil end\n", STORE_FAIL, NULL);
    assert_int_equal(store_honest_tries(h->store, ann, "c/l/e", stub, strlen(stub)), 0);
    add_try(h, "ann", "c/l/e", "def f(x), do: x", STORE_FAIL, NULL);
    add_try(h, "ann", "c/l/e", "def f(x),  do:  x\n", STORE_FAIL, NULL);
    assert_int_equal(store_honest_tries(h->store, ann, "c/l/e", stub, strlen(stub)), 1);
    add_try(h, "ann", "c/l/e", "def f(x), do: x + 1", STORE_FAIL, NULL);
    assert_int_equal(store_honest_tries(h->store, ann, "c/l/e", stub, strlen(stub)), 2);
}

static void old_tries_make_room_and_the_last_one_stays(void **state)
{
    struct house *h = *state;
    int64_t ann = 0;
    for (int i = 0; i < STORE_TRIES_KEPT + 5; i++) {
        char code[32];
        snprintf(code, sizeof code, "%d", i);
        ann = add_try(h, "ann", "c/l/e", code, STORE_FAIL, NULL);
    }
    char *text = tries_text(h, ann, "c/l/e", 1000);
    size_t count = 0;
    for (const char *at = text; (at = strchr(at, ';')); at++)
        count++;
    assert_int_equal(count, STORE_TRIES_KEPT);
    assert_memory_equal(text, "fail 54;", 8);
    free(text);
    char *big = calloc(1, STORE_TRIES_BYTES);
    memset(big, 'x', STORE_TRIES_BYTES - 1);
    add_try(h, "ann", "c/l/e", big, STORE_FAIL, NULL);
    free(big);
    text = tries_text(h, ann, "c/l/e", 1000);
    assert_null(strchr(text, '5'));
    free(text);
}

static void a_code_with_zero_bytes_and_any_letters_comes_back_whole(void **state)
{
    struct house *h = *state;
    static const char code[] = "a\0b\xc3\xa9\xf0\x9f\x90\xa6";
    const struct store_token token = token_of("ann");
    const struct store_try try = {.code = code, .size = sizeof code - 1, .verdict = STORE_FAIL};
    assert_int_equal(store_add_try(h->store, &token, "c/l/e", &try, house_done, h), 0);
    int64_t ann = house_wait(h);
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    store_tries(h->store, ann, "c/l/e", 1, write_try, out);
    fclose(out);
    assert_int_equal(size, 5 + sizeof code); /* "fail ", the code, ";" */
    free(text);
}

/* ---- people ---- */

static void an_account_takes_what_its_learner_did_before(void **state)
{
    struct house *h = *state;
    int64_t ann = add_try(h, "old", "c/l/e", "1", STORE_PASS, NULL);
    assert_int_equal(sign_up(h, "old", "new", "Ann"), ann);
    assert_int_equal(learner_of(h, "old"), -ENOENT);
    assert_int_equal(learner_of(h, "new"), ann);
    struct store_learner learner;
    char password[STORE_PASSWORD_SIZE];
    assert_int_equal(store_account(h->store, "aNN", &learner, password), 0);
    assert_string_equal(learner.name, "Ann");
    assert_string_equal(password, "hash");
    assert_int_equal(learner.id, ann);
}

static void a_name_is_taken_once_in_whatever_case(void **state)
{
    struct house *h = *state;
    assert_true(sign_up(h, "a", "a2", "Ann") > 0);
    add_try(h, "b", "c/l/e", "1", STORE_FAIL, NULL);
    assert_int_equal(sign_up(h, "b", "b2", "ANN"), -EEXIST);
    assert_true(learner_of(h, "b") > 0); /* nothing of it was done */
    assert_int_equal(learner_of(h, "b2"), -ENOENT);
}

static void signing_in_joins_what_both_did(void **state)
{
    struct house *h = *state;
    int64_t ann = sign_up(h, "home", "home2", "ann");
    add_try(h, "home2", "c/l/one", "1", STORE_FAIL, NULL);
    add_hint(h, "home2", "c/l/one", 3);
    int64_t other = add_try(h, "school", "c/l/one", "2", STORE_PASS, NULL);
    add_hint(h, "school", "c/l/one", 3);
    add_hint(h, "school", "c/l/one", 3);
    add_try(h, "school", "c/l/two", "3", STORE_FAIL, NULL);
    assert_int_equal(sign_in(h, "school", "school2", ann), ann);
    assert_int_equal(learner_of(h, "school"), -ENOENT);
    assert_int_equal(learner_of(h, "school2"), ann);
    assert_int_equal(learner_of(h, "home2"), ann);
    char *text = work_text(h, ann, "c/");
    assert_string_equal(text, "c/l/one 2 2 1;c/l/two 1 0 0;");
    free(text);
    text = tries_text(h, ann, "c/l/one", 10);
    assert_string_equal(text, "pass 2;fail 1;");
    free(text);
    text = work_text(h, other, "");
    assert_string_equal(text, "");
    free(text);
}

static void signing_in_from_another_account_joins_nothing(void **state)
{
    struct house *h = *state;
    int64_t ann = sign_up(h, "a", "a2", "ann"), bob = sign_up(h, "b", "b2", "bob");
    add_try(h, "a2", "c/l/e", "1", STORE_PASS, NULL);
    assert_int_equal(sign_in(h, "a2", "b3", bob), bob);
    assert_int_equal(learner_of(h, "a2"), -ENOENT);
    char *text = work_text(h, ann, "");
    assert_string_equal(text, "c/l/e 1 0 1;");
    free(text);
    text = work_text(h, bob, "");
    assert_string_equal(text, "");
    free(text);
    assert_int_equal(sign_in(h, "b3", "b4", 12345), -ENOENT);
}

static void signing_out_ends_this_browser_only(void **state)
{
    struct house *h = *state;
    int64_t ann = sign_up(h, "a", "a2", "ann");
    sign_in(h, "x", "phone", ann);
    const struct store_token token = token_of("a2");
    assert_int_equal(store_sign_out(h->store, &token, house_done, h), 0);
    assert_int_equal(house_wait(h), 0);
    assert_int_equal(learner_of(h, "a2"), -ENOENT);
    assert_int_equal(learner_of(h, "phone"), ann);
}

static void count_figures(void *context, const struct store_figures *f)
{
    fprintf(context, "%s %d %d %d %s %d;", f->exercise, (int)f->learners, (int)f->tries, (int)f->passes,
            f->failing_test ? f->failing_test : "-", (int)f->failing_count);
}

static char *figures_text(struct house *h)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    assert_true(store_figures(h->store, "c/", count_figures, out) >= 0);
    fclose(out);
    return text;
}

static void who_is_forgotten_leaves_figures_without_names(void **state)
{
    struct house *h = *state;
    int64_t ann = add_try(h, "ann", "c/l/e", "secret words", STORE_FAIL, "test a");
    add_try(h, "ann", "c/l/e", "2", STORE_FAIL, "test b");
    add_try(h, "ann", "c/l/e", "3", STORE_PASS, NULL);
    add_try(h, "ann", "c/l/e", "4", STORE_PASS, NULL);
    add_try(h, "bob", "c/l/e", "5", STORE_FAIL, "test b");
    add_try(h, "bob", "d/l/e", "5", STORE_FAIL, "test b");
    char *before = figures_text(h);
    assert_string_equal(before, "c/l/e 2 5 1 test b 2;");
    assert_int_equal(store_forget(h->store, ann, house_done, h), 0);
    assert_int_equal(house_wait(h), 1);
    assert_int_equal(learner_of(h, "ann"), -ENOENT);
    char *text = tries_text(h, ann, "c/l/e", 10);
    assert_string_equal(text, "");
    free(text);
    text = figures_text(h);
    assert_string_equal(text, before);
    free(text);
    free(before);
}

static void who_does_not_come_back_is_forgotten_but_not_accounts(void **state)
{
    struct house *h = *state;
    add_try(h, "ann", "c/l/e", "1", STORE_FAIL, NULL);
    int64_t bob = sign_up(h, "b", "b2", "bob");
    assert_int_equal(store_forget_old(h->store, 1000, house_done, h), 0);
    assert_int_equal(house_wait(h), 0);
    assert_int_equal(learner_of(h, "b2"), bob);
    assert_int_equal(store_forget_old(h->store, UINT64_C(1) << 45, house_done, h), 0);
    assert_int_equal(house_wait(h), 1);
    assert_int_equal(learner_of(h, "ann"), -ENOENT);
    assert_int_equal(learner_of(h, "b2"), -ENOENT); /* the cookie is as old */
    struct store_learner learner;
    char password[STORE_PASSWORD_SIZE];
    assert_int_equal(store_account(h->store, "bob", &learner, password), 0);
    assert_int_equal(learner.id, bob);
}

static void keep_median(void *context, const struct store_figures *f)
{
    *(int64_t *)context = (int64_t)f->median_ms;
}

static void the_median_is_of_the_times_to_the_first_pass(void **state)
{
    struct house *h = *state;
    char name[2] = "a";
    for (; *name <= 'c'; ++*name)
        add_try(h, name, "c/l/e", name, STORE_PASS, NULL);
    house_sql(h, "UPDATE pass_times SET ms = 1000 * rowid * rowid");
    house_reopen(h);
    int64_t median = 0;
    assert_int_equal(store_figures(h->store, "", keep_median, &median), 1);
    assert_int_equal(median, 4000);
}

/* ---- programs, search ---- */

static void a_shared_program_has_the_address_of_what_it_is(void **state)
{
    struct house *h = *state;
    char id[STORE_PROGRAM_ID_SIZE], other[STORE_PROGRAM_ID_SIZE];
    store_program_id("elixir", "IO.puts 1", 9, id);
    store_program_id("python", "IO.puts 1", 9, other);
    assert_string_not_equal(id, other);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(store_add_program(h->store, "elixir", "IO.puts 1", 9, house_done, h), 0);
        assert_true(house_wait(h) >= 0);
    }
    struct store_program program;
    assert_int_equal(store_program(h->store, id, &program), 0);
    assert_string_equal(program.language, "elixir");
    assert_string_equal(program.code, "IO.puts 1");
    free(program.language);
    free(program.code);
    assert_int_equal(store_program(h->store, other, &program), -ENOENT);
}

static void write_found(void *context, const struct store_section *found)
{
    fprintf(context, "%s/%s#%s %s|%s;", found->course, found->lesson, found->anchor, found->title,
            found->text);
}

static char *search_text(struct house *h, const char *query)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    assert_true(store_search(h->store, query, 10, write_found, out) >= 0);
    fclose(out);
    return text;
}

static void a_search_finds_words_and_marks_them(void **state)
{
    struct house *h = *state;
    static const struct store_section sections[] = {
        {"c", "one", "a", "Matching", "The operator matches values."},
        {"c", "two", "b", "Lists", "A list of values has a head."},
    };
    struct error err;
    for (int i = 0; i < 2; i++) /* the second filling takes the place of the first */
        assert_int_equal(store_search_fill(h->store, sections, array_length(sections), &err), 0);
    char *text = search_text(h, "head");
    assert_string_equal(text, "c/two#b Lists|A list of values has a \1head\2.;");
    free(text);
    text = search_text(h, "valley lis");
    assert_string_equal(text, "");
    free(text);
    text = search_text(h, "values lis");
    assert_string_equal(text, "c/two#b \1Lists\2|A \1list\2 of \1values\2 has a head.;");
    free(text);
    text = search_text(h, "match");
    assert_memory_equal(text, "c/one#a \1Matching\2|The operator \1matches\2", 38);
    free(text);
}

static void no_query_is_a_fault(void **state)
{
    struct house *h = *state;
    static const struct store_section section = {"c", "one", "a", "T", "a (b) \"c\" |> NEAR"};
    struct error err;
    assert_int_equal(store_search_fill(h->store, &section, 1, &err), 0);
    static const char *const queries[] = {"",
                                          " ",
                                          "\"",
                                          "a\"b",
                                          "NEAR(",
                                          "a AND",
                                          "-a",
                                          "title:",
                                          "a*b*",
                                          "^",
                                          "|>",
                                          "()",
                                          "'",
                                          "\xff",
                                          "a\xff"
                                          "b",
                                          "{a b}:c",
                                          "OR",
                                          "a OR OR",
                                          "+ + +",
                                          "\\",
                                          ";",
                                          "%",
                                          "NOT a",
                                          "*"};
    for (size_t i = 0; i < array_length(queries); i++)
        free(search_text(h, queries[i]));
    char longest[2000];
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = 0;
    free(search_text(h, longest));
}

/* ---- the export ---- */

static void the_history_is_all_of_one_learner(void **state)
{
    struct house *h = *state;
    add_try(h, "ann", "c/l/one", "1", STORE_FAIL, "t");
    add_try(h, "ann", "c/l/two", "2", STORE_PASS, NULL);
    add_try(h, "ann", "c/l/one", "3", STORE_PASS, NULL);
    add_try(h, "bob", "c/l/one", "bob's", STORE_PASS, NULL);
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    assert_int_equal(store_history(h->store, learner_of(h, "ann"), write_work, write_try, out), 2);
    fclose(out);
    assert_string_equal(text, "c/l/one 2 0 1;fail 1 t;pass 3;c/l/two 1 0 1;pass 2;");
    free(text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_build, house_leave)
    const struct CMUnitTest tests[] = {
        TEST(a_try_is_found_by_its_learner_and_by_nobody_else),
        TEST(the_work_on_a_course_is_read_at_once),
        TEST(hints_are_taken_one_by_one_up_to_the_last),
        TEST(only_tries_that_differ_are_honest),
        TEST(old_tries_make_room_and_the_last_one_stays),
        TEST(a_code_with_zero_bytes_and_any_letters_comes_back_whole),
        TEST(an_account_takes_what_its_learner_did_before),
        TEST(a_name_is_taken_once_in_whatever_case),
        TEST(signing_in_joins_what_both_did),
        TEST(signing_in_from_another_account_joins_nothing),
        TEST(signing_out_ends_this_browser_only),
        TEST(who_is_forgotten_leaves_figures_without_names),
        TEST(who_does_not_come_back_is_forgotten_but_not_accounts),
        TEST(the_median_is_of_the_times_to_the_first_pass),
        TEST(a_shared_program_has_the_address_of_what_it_is),
        TEST(a_search_finds_words_and_marks_them),
        TEST(no_query_is_a_fault),
        TEST(the_history_is_all_of_one_learner),
    };
    return unit_run(tests);
}
