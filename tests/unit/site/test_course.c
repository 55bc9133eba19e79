/* Courses as they are read: what good ones become, and what is said of bad ones. */
#include "../language/folder.h"

#include "site/course.h"

#define COURSE   "title: Demo\nlanguage: elixir\nsummary: A *demo*\nauthor: A\nlicense: CC0\n"
#define FRONT    "---\ntitle: One\nsummary: First\n---\n"
#define HINTS    "hints: [Think, \"Look at `+`\", Add them]\n"
#define EXERCISE "title: Sum\ndifficulty: 2\n" HINTS
#define SHOW_SUM "```elixir exercise=sum\n```\n"
#define STUB     "defmodule Sum do\nend\n"
#define SOLUTION "defmodule Sum do\n  def sum(a, b), do: a + b\nend\n"
#define SUM_TEST "defmodule SumTest do\n  use ExUnit.Case\nend\n"

struct fixture {
    struct folder *folder;
    struct languages languages;
};

static int set_up(void **state)
{
    static struct fixture f;
    struct error err;
    const char *languages = getenv("PHIAL_LANGUAGES");
    assert_non_null(languages);
    assert_int_equal(languages_load(&f.languages, languages, NULL, &err), 0);
    assert_int_equal(folder_make((void **)&f.folder), 0);
    folder_put(f.folder, "demo/course.yaml", COURSE);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    languages_free(&f->languages);
    return folder_remove((void **)&f->folder);
}

static void put_exercise(const struct fixture *f)
{
    folder_put(f->folder, "demo/exercises/sum/exercise.yaml", EXERCISE);
    folder_put(f->folder, "demo/exercises/sum/stub.ex", STUB);
    folder_put(f->folder, "demo/exercises/sum/solution.ex", SOLUTION);
    folder_put(f->folder, "demo/exercises/sum/test.exs", SUM_TEST);
}

static int read_demo(const struct fixture *f, struct course *course, struct course_faults *faults,
                     struct error *err)
{
    *err = (struct error){0};
    return course_read(course, folder_path(f->folder, "demo"), &f->languages, faults, err);
}

static void read_good(const struct fixture *f, struct course *course)
{
    struct error err;
    if (read_demo(f, course, NULL, &err) < 0)
        fail_msg("%s", err.text);
}

/* Reads the lesson `text`, of which the first fault must hold `message`. */
static void expect_fault(const struct fixture *f, const char *text, const char *message)
{
    struct course course;
    struct error err;
    folder_put(f->folder, "demo/01-one.md", text);
    int e = read_demo(f, &course, NULL, &err);
    if (e != -EINVAL || !strstr(err.text, message))
        fail_msg("%s: got %d, \"%s\"; expected \"%s\"", text, e, err.text, message);
    assert_null(course.lessons);
}

/* ---- good ones ---- */

static void lessons_come_in_the_order_of_their_numbers(void **state)
{
    const struct fixture *f = *state;
    struct course c;
    folder_put(f->folder, "demo/10-last.md", FRONT "text\n");
    folder_put(f->folder, "demo/2-second.md", FRONT "text\n");
    folder_put(f->folder, "demo/01-one.md", FRONT "text\n");
    folder_put(f->folder, "demo/README.md", "not a lesson");
    read_good(f, &c);
    assert_string_equal(c.id, "demo");
    assert_string_equal(c.title, "Demo");
    assert_string_equal(c.language, "elixir");
    assert_string_equal(c.summary, "A *demo*");
    assert_int_equal(c.lesson_count, 3);
    assert_string_equal(c.lessons[0].id, "one");
    assert_string_equal(c.lessons[1].id, "second");
    assert_string_equal(c.lessons[2].id, "last");
    assert_string_equal(c.lessons[0].title, "One");
    assert_string_equal(c.lessons[0].summary, "First");
    assert_ptr_equal(course_find_lesson(&c, "second"), &c.lessons[1]);
    assert_null(course_find_lesson(&c, "third"));
    course_free(&c);
}

static void snippets_stand_between_pieces_of_html(void **state)
{
    const struct fixture *f = *state;
    struct course c;
    folder_put(f->folder, "demo/01-one.md",
               FRONT
               "Before *it*.\n\n```elixir run id=a live=off\nx = 1\n\nIO.puts(x)\n```\n```stdin\nin\n```\n"
               "```output\n1\n```\nBetween.\n```elixir error\nraise \"no\"\n```\n");
    read_good(f, &c);
    const struct course_lesson *l = &c.lessons[0];
    assert_int_equal(l->block_count, 4);
    assert_int_equal(l->blocks[0].kind, COURSE_TEXT);
    assert_string_equal(l->blocks[0].html, "<p>Before <em>it</em>.</p>\n");
    const struct course_block *b = &l->blocks[1];
    assert_int_equal(b->kind, COURSE_RUN);
    assert_int_equal(b->line, 7);
    assert_string_equal(b->language, "elixir");
    assert_string_equal(b->id, "a");
    assert_string_equal(b->code, "x = 1\n\nIO.puts(x)");
    assert_string_equal(b->before, "");
    assert_int_equal(b->before_lines, 0);
    assert_string_equal(b->input, "in\n");
    assert_string_equal(b->output, "1");
    assert_int_equal(b->output_line, 15);
    assert_false(b->live);
    assert_false(b->hidden);
    assert_string_equal(l->blocks[2].html, "<p>Between.</p>\n");
    assert_int_equal(l->blocks[3].kind, COURSE_ERROR);
    assert_null(l->blocks[3].output);
    assert_true(l->blocks[3].live);
    course_free(&c);
}

static void a_block_runs_after_the_chain_of_those_it_names(void **state)
{
    const struct fixture *f = *state;
    struct course c;
    folder_put(
        f->folder, "demo/01-one.md",
        FRONT
        "```elixir run hide=setup\na = 1\nb = 2\n```\n```elixir run id=two after=setup\nc = a + b\n```\n"
        "```elixir run after=two\nc\n```\n");
    read_good(f, &c);
    const struct course_block *b = c.lessons[0].blocks;
    assert_true(b[0].hidden);
    assert_string_equal(b[0].id, "setup");
    assert_string_equal(b[1].before, "a = 1\nb = 2\n");
    assert_string_equal(b[2].before, "a = 1\nb = 2\nc = a + b\n");
    assert_int_equal(b[2].before_lines, 3);
    course_free(&c);
}

static void an_exercise_is_read_with_all_that_belongs_to_it(void **state)
{
    const struct fixture *f = *state;
    struct course c;
    const struct course_lesson *where;
    put_exercise(f);
    folder_put(f->folder, "demo/exercises/sum/exercise.yaml",
               EXERCISE "rules: {forbid: [Enum.sum], require: [recursion]}\ntogether: true\n"
                        "misconceptions:\n  - {pattern: '^\\s*a - b', say: \"That *subtracts*.\"}\n");
    folder_put(f->folder, "demo/exercises/sum/hidden_test.exs", "# hidden");
    folder_put(f->folder, "demo/exercises/sum/support/test_helper.exs", "ExUnit.start()");
    folder_put(f->folder, "demo/exercises/sum/support/data/words.txt", "one two");
    folder_put(f->folder, "demo/01-one.md", FRONT "Do it.\n\n" SHOW_SUM);
    read_good(f, &c);
    const struct course_exercise *e = course_find_exercise(&c, "demo/one/sum", &where);
    assert_non_null(e);
    assert_ptr_equal(e, course_find_exercise(&c, "sum", NULL));
    assert_ptr_equal(where, &c.lessons[0]);
    assert_int_equal(where->exercise_count, 1);
    assert_string_equal(e->title, "Sum");
    assert_int_equal(e->difficulty, 2);
    assert_string_equal(e->hints[1], "<p>Look at <code>+</code></p>\n");
    assert_null(e->hints[3]);
    assert_string_equal(e->forbid[0], "Enum.sum");
    assert_string_equal(e->require[0], "recursion");
    assert_string_equal(e->file, "solution.ex");
    assert_true(e->together);
    assert_string_equal(e->stub, STUB);
    assert_string_equal(e->solution, SOLUTION);
    assert_int_equal(e->tests.count, 2);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(e->tests.items[i].hidden, !strcmp(e->tests.items[i].name, "hidden_test.exs"));
    assert_int_equal(e->support.count, 2);
    assert_string_equal(e->support.items[0].name, "data/words.txt");
    assert_string_equal(e->support.items[0].data, "one two");
    assert_string_equal(e->misconceptions[0].say, "<p>That <em>subtracts</em>.</p>\n");
    assert_true(course_misconception_matches(&e->misconceptions[0], "x\n  a - b", 9));
    assert_false(course_misconception_matches(&e->misconceptions[0], "x a - b", 7));
    course_free(&c);
}

static void an_exercise_may_be_judged_by_what_it_prints_or_by_calls(void **state)
{
    const struct fixture *f = *state;
    struct course c;
    put_exercise(f);
    assert_int_equal(unlink(folder_path(f->folder, "demo/exercises/sum/test.exs")), 0);
    folder_put(f->folder, "demo/exercises/sum/exercise.yaml",
               EXERCISE "expect:\n  - {stdin: \"1 2\", stdout: \"3\"}\n"
                        "  - {call: \"Sum.sum(1, 2)\", value: \"3\", hidden: true}\n");
    folder_put(f->folder, "demo/01-one.md", FRONT SHOW_SUM);
    read_good(f, &c);
    const struct course_exercise *e = course_find_exercise(&c, "sum", NULL);
    assert_int_equal(e->case_count, 2);
    assert_string_equal(e->cases[0].input, "1 2");
    assert_string_equal(e->cases[0].output, "3");
    assert_false(e->cases[0].hidden);
    assert_string_equal(e->cases[1].call, "Sum.sum(1, 2)");
    assert_null(e->cases[1].output);
    assert_true(e->cases[1].hidden);
    course_free(&c);
}

static void a_pattern_that_would_never_end_is_given_up(void **state)
{
    const struct fixture *f = *state;
    struct course c;
    char code[64];
    put_exercise(f);
    folder_put(f->folder, "demo/exercises/sum/exercise.yaml",
               EXERCISE "misconceptions: [{pattern: '(a+)+$', say: No}]\n");
    folder_put(f->folder, "demo/01-one.md", FRONT SHOW_SUM);
    read_good(f, &c);
    memset(code, 'a', sizeof code);
    code[sizeof code - 1] = '!';
    const struct course_exercise *e = course_find_exercise(&c, "sum", NULL);
    assert_false(course_misconception_matches(&e->misconceptions[0], code, sizeof code));
    assert_false(course_misconception_matches(&e->misconceptions[0],
                                              "\xff"
                                              "a",
                                              2)); /* no UTF-8 */
    course_free(&c);
}

static bool matches(const struct fixture *f, const char *pattern, const char *code, size_t size)
{
    struct course c;
    char yaml[256];
    put_exercise(f);
    snprintf(yaml, sizeof yaml, "%smisconceptions: [{pattern: '%s', say: No}]\n", EXERCISE, pattern);
    folder_put(f->folder, "demo/exercises/sum/exercise.yaml", yaml);
    folder_put(f->folder, "demo/01-one.md", FRONT SHOW_SUM);
    read_good(f, &c);
    const struct course_exercise *e = course_find_exercise(&c, "sum", NULL);
    bool found = course_misconception_matches(&e->misconceptions[0], code, size);
    course_free(&c);
    return found;
}

/* From each place the tries are few, but the places are many. */
static void the_tries_of_a_pattern_from_all_places_together_are_bounded(void **state)
{
    char code[1200];
    memset(code, 'a', sizeof code);
    memcpy(code + 100, "HIT", 3);
    assert_true(matches(*state, "(?:a|x)*b|HIT", code, 103));
    memset(code, 'a', sizeof code);
    memcpy(code + sizeof code - 3, "HIT", 3);
    assert_false(matches(*state, "(?:a|x)*b|HIT", code, sizeof code));
}

static void a_pattern_is_looked_for_in_the_first_8_kib(void **state)
{
    enum { SIZE = 9000 };
    char *code = malloc(SIZE);
    memset(code, ' ', SIZE);
    code[8191] = 'x';
    assert_true(matches(*state, "x", code, SIZE));
    code[8191] = ' ';
    code[8192] = 'x';
    assert_false(matches(*state, "x", code, SIZE));
    memcpy(code + 8191, "\xc3\xa9", 2); /* the half character at the cut goes, and what is before it stays */
    code[8190] = 'y';
    assert_true(matches(*state, "y", code, SIZE));
    free(code);
}

static void sections_go_from_heading_to_heading(void **state)
{
    const struct fixture *f = *state;
    struct course c;
    put_exercise(f);
    folder_put(f->folder, "demo/01-one.md",
               FRONT "Intro &amp; more.\n\n## What `with` is for!\n\nFirst.\n\n```elixir run\nfoo()\n```\n"
                     "```elixir run hide=x\nsecret()\n```\n### Sum\n" SHOW_SUM "## Größe\n## Größe\n## ?\n");
    read_good(f, &c);
    const struct course_section *s = c.lessons[0].sections;
    assert_int_equal(c.lessons[0].section_count, 6);
    assert_string_equal(s[0].id, "");
    assert_non_null(strstr(s[0].text, "Intro & more."));
    assert_string_equal(s[1].id, "what-with-is-for");
    assert_string_equal(s[1].title, "What with is for!");
    assert_int_equal(s[1].level, 2);
    assert_non_null(strstr(s[1].text, "foo()"));
    assert_null(strstr(s[1].text, "secret"));
    assert_string_equal(s[2].id, "sum-2"); /* the exercise has the id "sum" */
    assert_string_equal(s[3].id, "größe");
    assert_string_equal(s[4].id, "größe-2");
    assert_string_equal(s[5].id, "section");
    assert_non_null(strstr(c.lessons[0].blocks[0].html,
                           "<h2 id=\"what-with-is-for\">What <code>with</code> is for!</h2>"));
    course_free(&c);
}

static void links_between_lessons_become_links_of_the_site(void **state)
{
    const struct fixture *f = *state;
    struct course c;
    folder_put(f->folder, "demo/01-one.md",
               FRONT "[a](02-two.md) [b](02-two.md#part) [c](https://x.org/01-a.md)\n");
    folder_put(f->folder, "demo/02-two.md", FRONT "## Part\n[here](#part)\n");
    read_good(f, &c);
    assert_string_equal(c.lessons[0].blocks[0].html, "<p><a href=\"two\">a</a> <a href=\"two#part\">b</a> "
                                                     "<a href=\"https://x.org/01-a.md\">c</a></p>\n");
    course_free(&c);
}

static const struct {
    const char *markdown, *html;
} renderings[] = {
    {"a < b & \"c\"\n", "<p>a &lt; b &amp; &quot;c&quot;</p>\n"},
    {"x <b>y</b>\n", "<p>x &lt;b&gt;y&lt;/b&gt;</p>\n"},
    {"<!-- a note\nof two lines -->\n\ntext\n", "<p>text</p>\n"},
    {"~~no~~ **yes** `<code>`\n", "<p><del>no</del> <strong>yes</strong> <code>&lt;code&gt;</code></p>\n"},
    {"```elixir\nx <> \"y\"\n```\n",
     "<pre><code class=\"language-elixir\">x &lt;&gt; &quot;y&quot;\n</code></pre>\n"},
    {"```<evil>\nx\n```\n", "<pre><code>x\n</code></pre>\n"},
    {"    indented\n", "<pre><code>indented\n</code></pre>\n"},
    {"- a\n- b\n", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"},
    {"3. a\n", "<ol start=\"3\">\n<li>a</li>\n</ol>\n"},
    {"- [x] a\n", "<ul>\n<li class=\"task\"><input type=\"checkbox\" disabled checked> a</li>\n</ul>\n"},
    {"|a|b|\n|---|--:|\n|1|2|\n",
     "<table>\n<thead>\n<tr><th scope=\"col\">a</th><th scope=\"col\" class=\"right\">b</th></tr>\n</thead>\n"
     "<tbody>\n<tr><td>1</td><td class=\"right\">2</td></tr>\n</tbody>\n</table>\n"},
    {"[x](/a?b=1&c=\"2\" \"t<\")\n", "<p><a href=\"/a?b=1&amp;c=%222%22\" title=\"t&lt;\">x</a></p>\n"},
    {"> q\n\n---\n", "<blockquote>\n<p>q</p>\n</blockquote>\n<hr>\n"},
    {"a\\\nb\n", "<p>a<br>\nb</p>\n"},
    {"&eacute; &#x41;\n", "<p>&eacute; &#x41;</p>\n"},
};

static void markdown_becomes_html_in_which_nothing_of_the_authors_is_a_tag(void **state)
{
    const struct fixture *f = *state;
    for (size_t i = 0; i < array_length(renderings); i++) {
        struct course c;
        char text[1024];
        snprintf(text, sizeof text, "%s%s", FRONT, renderings[i].markdown);
        folder_put(f->folder, "demo/01-one.md", text);
        read_good(f, &c);
        assert_int_equal(c.lessons[0].block_count, 1);
        assert_string_equal(c.lessons[0].blocks[0].html, renderings[i].html);
        course_free(&c);
    }
}

/* ---- bad ones ---- */

static const struct {
    const char *lesson, *message;
} lesson_faults[] = {
    {"text\n", "01-one.md:1: a lesson begins with a line ---"},
    {"---\ntitle: a\n", "01-one.md:1: a lesson begins"},
    {"---\ntitle: a\n---\n", "01-one.md:2: 01-one.md: \"summary\" is missing"},
    {"---\ntitle: a\nsummary: b\ncolour: red\n---\n",
     "01-one.md:4: 01-one.md: there is no field \"colour\"; docs/lessons.md"},
    {FRONT "# Title\n", "01-one.md:5: the lesson's title stands in its front matter"},
    {FRONT "```elixir run\n```\n", "01-one.md:5: the block has no code"},
    {FRONT "\n```elixir ran\nx\n```\n", "01-one.md:6: \"ran\" is no word of a fence"},
    {FRONT "```elixir run error\nx\n```\n", "5: \"error\": it is there twice"},
    {FRONT "```elixir run id=a id=b\nx\n```\n", "5: \"id=b\": it is there twice"},
    {FRONT "```elixir id=a\nx\n```\n", "5: say run, error or exercise=NAME"},
    {FRONT "```elixir run id=A\nx\n```\n", "5: a name must be"},
    {FRONT "```elixir run live=on\nx\n```\n", "5: live= can only be off"},
    {FRONT "```elixir error hide=a\nx\n```\n", "5: hide= belongs to run"},
    {FRONT "```elixir run hide=a id=b\nx\n```\n", "5: hide=NAME is a name already"},
    {FRONT "```klingon run\nx\n```\n", "5: there is no language \"klingon\""},
    {FRONT "```elixir run after=a\nx\n```\n", "5: after=a: no block above has that name"},
    {FRONT "```elixir run id=a\nx\n```\n```elixir run hide=a\ny\n```\n",
     "8: the name \"a\" is another block's, of line 5"},
    {FRONT "- a\n\n  ```elixir run\n  x\n  ```\n", "7: what is run cannot stand in a list"},
    {FRONT "> ```output\n> x\n> ```\n", "5: what is run cannot stand in a list"},
    {FRONT "text\n```output\nx\n```\n", "6: output must stand right after a block"},
    {FRONT "```elixir run hide=a\nx\n```\n```output\nx\n```\n", "8: output must stand right after"},
    {FRONT "```elixir run\nx\n```\ntext\n```stdin\nx\n```\n", "9: stdin must stand right after"},
    {FRONT "```elixir run\nx\n```\n```output\nx\n```\n```output\nx\n```\n", "11: the block has one already"},
    {FRONT "```elixir run\nx\n```\n```output\nx\n```\n```stdin\nx\n```\n", "11: stdin comes before output"},
    {FRONT "```elixir exercise=sum run\n```\n", "5: exercise= stands alone"},
    {FRONT "```elixir exercise=none\n```\n", "5: exercise=none: there is no folder"},
    {FRONT "```elixir exercise=../x\n```\n", "5: a name must be"},
    {FRONT "\n<div>x</div>\n", "6: HTML is not passed on"},
    {FRONT "![a](b.png)\n", "5: pictures cannot be shown"},
    {FRONT "[a](javascript:alert(1))\n", "5: a link must begin with https:"},
    {FRONT "[a](java&#115;cript:alert(1))\n", "5: a link must begin with https:"},
    {FRONT "[a](data:text/html,x)\n", "5: a link must begin with https:"},
    {FRONT "[a](07-none.md)\n", "5: the link leads to no lesson: there is no \"none\""},
    {FRONT "\n[a](#none)\n", "6: the link leads nowhere"},
    {FRONT "ok\n\xff\n", "01-one.md:6: this is not UTF-8"},
};

static void what_is_wrong_in_a_lesson_is_said_with_its_line(void **state)
{
    for (size_t i = 0; i < array_length(lesson_faults); i++)
        expect_fault(*state, lesson_faults[i].lesson, lesson_faults[i].message);
}

static const struct {
    const char *file, *text, *message; /* text NULL: the file is removed */
} exercise_faults[] = {
    {"exercise.yaml", NULL, "sum/exercise.yaml: the file is missing"},
    {"exercise.yaml", "title: a\ndifficulty: 2\n",
     "sum/exercise.yaml:1: exercise.yaml: \"hints\" is missing"},
    {"exercise.yaml", "difficulty: 6\n", "exercise.yaml:1: difficulty: \"6\" must be a number from 1 to 5"},
    {"exercise.yaml", "title: a\ndifficulty: 2\nhints: [a, b]\n",
     "exercise.yaml: hints: there must be three or more"},
    {"exercise.yaml", EXERCISE "rules: {forbid: [a b]}\n",
     "exercise.yaml:4: forbid: \"a b\" must be one word"},
    {"exercise.yaml", EXERCISE "file: a/b.ex\n", "exercise.yaml:4: file: \"a/b.ex\" must be a file's name"},
    {"exercise.yaml", EXERCISE "file: a.py\n",
     "exercises/sum: file: the ending of \"a.py\" is not one of Elixir"},
    {"exercise.yaml", EXERCISE "rules: {ban: [a]}\n", "exercise.yaml:4: rules: there is no field \"ban\""},
    {"exercise.yaml", EXERCISE "misconceptions: [{pattern: '(', say: x}]\n",
     "exercise.yaml:4: pattern: character 2:"},
    {"exercise.yaml", EXERCISE "misconceptions: [{pattern: x}]\n",
     "exercise.yaml:4: misconceptions: \"say\" is missing"},
    {"exercise.yaml", EXERCISE "expect: []\n", "exercise.yaml:4: expect: has 0 entries"},
    {"exercise.yaml", EXERCISE "expect: [{stdin: a}]\n", "expect: entry 1 needs either stdout"},
    {"exercise.yaml", EXERCISE "expect: [{call: a, stdout: b}]\n", "expect: entry 1 needs either stdout"},
    {"exercise.yaml", EXERCISE "expect: [{stdout: b}]\n", "it is judged by tests or by expect:, not by both"},
    {"exercise.yaml", "title: a\ndifficulty: 2\nhints: ['<div>', a, b]\n",
     "exercise.yaml: in a hint or misconception: HTML"},
    {"stub.ex", NULL, "exercises/sum: there is no stub (such as stub.exs)"},
    {"stub.ex", SOLUTION, "exercises/sum: the stub is the solution"},
    {"solution.ex", NULL, "exercises/sum: there is no reference solution"},
    {"solution.ex", "\xc3(", "sum/solution.ex:1: this is not UTF-8"},
    {"test.exs", NULL, "exercises/sum: there is no test"},
    {"test.py", "x", "sum/test.py: its ending is not one of Elixir"},
    {"stub.exs", "x", "sum/stub.exs: there are two of its kind"},
    {"notes.txt", "x", "sum/notes.txt: no such file belongs here"},
    {"support/solution.ex", "x", "exercises/sum: support/solution.ex would take the place"},
};

static void what_is_wrong_in_an_exercise_is_said_with_its_file(void **state)
{
    const struct fixture *f = *state;
    for (size_t i = 0; i < array_length(exercise_faults); i++) {
        char path[128];
        put_exercise(f);
        snprintf(path, sizeof path, "demo/exercises/sum/%s", exercise_faults[i].file);
        if (exercise_faults[i].text)
            folder_put(f->folder, path, exercise_faults[i].text);
        else
            assert_int_equal(unlink(folder_path(f->folder, path)), 0);
        expect_fault(f, FRONT SHOW_SUM, exercise_faults[i].message);
        if (exercise_faults[i].text)
            assert_int_equal(unlink(folder_path(f->folder, path)), 0);
    }
}

static void an_exercise_stands_in_one_lesson_and_in_one_only(void **state)
{
    const struct fixture *f = *state;
    put_exercise(f);
    expect_fault(f, FRONT "text\n", "exercises/sum: no lesson has this exercise");
    expect_fault(f, FRONT SHOW_SUM SHOW_SUM, "01-one.md:7: the exercise \"sum\" stands in a lesson already");
    expect_fault(f, FRONT "```elixir exercise=sum\ncode\n```\n", "5: the body of exercise=sum must be empty");
}

static void a_link_out_of_the_course_is_refused(void **state)
{
    const struct fixture *f = *state;
    static const struct {
        const char *name, *message;
    } links[] = {
        {"demo/exercises/sum/stub.ex", "sum/stub.ex: it must be a plain file, and no link"},
        {"demo/exercises/sum/exercise.yaml", "exercise.yaml: it must be a plain file, and no link"},
        {"demo/exercises/sum/support", "sum/support: it must be a folder of the course's own, and no link"},
        {"demo/exercises/sum/support/a.txt", "support/a.txt: it must be a plain file or a folder"},
        {"demo/exercises/sum", "exercise=sum: there is no folder"},
        {"demo/exercises", "demo/exercises: it must be a folder of the course's own, and no link"},
        {"demo/course.yaml", "course.yaml: it must be a plain file, and no link"},
    };
    for (size_t i = 0; i < array_length(links); i++) {
        char away[256];
        const char *path = folder_path(f->folder, links[i].name);
        put_exercise(f);
        folder_put(f->folder, "demo/exercises/sum/support/a.txt", "a");
        /* A link to the very thing that belongs there. */
        snprintf(away, sizeof away, "%s.away", folder_path(f->folder, "thing"));
        assert_int_equal(rename(path, away), 0);
        assert_int_equal(symlink(away, path), 0);
        expect_fault(f, i < 5 ? FRONT SHOW_SUM : FRONT, links[i].message);
        assert_int_equal(unlink(path), 0);
        assert_int_equal(rename(away, path), 0);
    }
}

static void a_course_without_its_files_is_refused(void **state)
{
    const struct fixture *f = *state;
    struct course c;
    struct error err;
    assert_int_equal(read_demo(f, &c, NULL, &err), -EINVAL);
    assert_non_null(strstr(err.text, "there is no lesson"));
    folder_put(f->folder, "demo/01-one.md", FRONT);
    folder_put(f->folder, "demo/course.yaml",
               "title: x\nlanguage: klingon\nsummary: x\nauthor: x\nlicense: x\n");
    assert_int_equal(read_demo(f, &c, NULL, &err), -EINVAL);
    assert_non_null(strstr(err.text, "course.yaml: language: there is no language \"klingon\""));
    assert_int_equal(unlink(folder_path(f->folder, "demo/course.yaml")), 0);
    assert_int_equal(read_demo(f, &c, NULL, &err), -EINVAL);
    assert_non_null(strstr(err.text, "course.yaml: the file is missing"));
    assert_int_equal(course_read(&c, "/nowhere", &f->languages, NULL, &err), -EINVAL);
    assert_non_null(strstr(err.text, "/nowhere: read the course: No such file"));
    folder_put(f->folder, "demo/course.yaml", COURSE);
    folder_put(f->folder, "demo/01-Big.md", FRONT);
    assert_int_equal(read_demo(f, &c, NULL, &err), -EINVAL);
    assert_non_null(strstr(err.text, "01-Big.md: the file's name between the number and .md"));
}

static void all_faults_are_told_and_what_is_good_is_kept(void **state)
{
    const struct fixture *f = *state;
    struct course c;
    struct error err;
    struct course_faults faults = {0};
    folder_put(f->folder, "demo/01-one.md", FRONT "```elixir ran\nx\n```\n\n```elixir run\nok\n```\n");
    folder_put(f->folder, "demo/02-two.md", "nothing\n");
    folder_put(f->folder, "demo/03-one.md", FRONT);
    assert_int_equal(read_demo(f, &c, &faults, &err), -EINVAL);
    assert_int_equal(faults.count, 3);
    assert_int_equal(faults.items[0].line, 5);
    assert_non_null(strstr(faults.items[0].file, "/01-one.md"));
    assert_non_null(strstr(faults.items[1].text, "a lesson begins with"));
    assert_non_null(strstr(faults.items[2].text, "has the same name after its number"));
    assert_int_equal(c.lesson_count, 3);
    assert_int_equal(c.lessons[0].block_count, 1);
    course_faults_free(&faults);
    course_free(&c);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(lessons_come_in_the_order_of_their_numbers),
        T(snippets_stand_between_pieces_of_html),
        T(a_block_runs_after_the_chain_of_those_it_names),
        T(an_exercise_is_read_with_all_that_belongs_to_it),
        T(an_exercise_may_be_judged_by_what_it_prints_or_by_calls),
        T(a_pattern_that_would_never_end_is_given_up),
        T(the_tries_of_a_pattern_from_all_places_together_are_bounded),
        T(a_pattern_is_looked_for_in_the_first_8_kib),
        T(a_link_out_of_the_course_is_refused),
        T(sections_go_from_heading_to_heading),
        T(links_between_lessons_become_links_of_the_site),
        T(markdown_becomes_html_in_which_nothing_of_the_authors_is_a_tag),
        T(what_is_wrong_in_a_lesson_is_said_with_its_line),
        T(what_is_wrong_in_an_exercise_is_said_with_its_file),
        T(an_exercise_stands_in_one_lesson_and_in_one_only),
        T(a_course_without_its_files_is_refused),
        T(all_faults_are_told_and_what_is_good_is_kept),
    };
    return unit_run(tests);
}
