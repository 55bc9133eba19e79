/* phial course new: a course with one lesson and one exercise, in which each thing that a course can have
 * stands once; docs/lessons.md shows it. */
#include "cli/course.h"

#include <errno.h>
#include <libgen.h>

static const char course_yaml[] = "title: My course\n"
                                  "language: elixir\n"
                                  "summary: One sentence that says what one will learn.\n"
                                  "author: Your name\n"
                                  "license: CC-BY-4.0\n";

static const char lesson[] =
    "---\n"
    "title: Doubling\n"
    "summary: A function that doubles, and lists of them.\n"
    "---\n"
    "\n"
    "A lesson is Markdown. What stands in a fence with `elixir run` can be changed and run in the page, and\n"
    "what it must print is checked:\n"
    "\n"
    "```elixir run\n"
    "IO.puts(\"Hello!\")\n"
    "```\n"
    "```output\n"
    "Hello!\n"
    "```\n"
    "\n"
    "## One block after another\n"
    "\n"
    "A block with a name can be built upon: `after=` runs it, and what it needs itself, before.\n"
    "\n"
    "```elixir run id=numbers\n"
    "numbers = [1, 2, 3]\n"
    "```\n"
    "\n"
    "```elixir run after=numbers\n"
    "IO.inspect(Enum.sum(numbers))\n"
    "```\n"
    "```output\n"
    "6\n"
    "```\n"
    "\n"
    "With `hide=` a block runs before others and is not shown.\n"
    "\n"
    "```elixir run hide=names\n"
    "names = [\"Ada\", \"Joe\"]\n"
    "```\n"
    "\n"
    "```elixir run after=names\n"
    "IO.puts(Enum.join(names, \" and \"))\n"
    "```\n"
    "```output\n"
    "Ada and Joe\n"
    "```\n"
    "\n"
    "## What goes wrong\n"
    "\n"
    "A block that must fail says `elixir error`:\n"
    "\n"
    "```elixir error\n"
    "1 + \"2\"\n"
    "```\n"
    "```output\n"
    "** (ArithmeticError) bad argument in arithmetic expression\n"
    "```\n"
    "\n"
    "## Your turn\n"
    "\n"
    "Write `Double.all/1`, which doubles each number of a list.\n"
    "\n"
    "```elixir exercise=double\n"
    "```\n";

static const char exercise_yaml[] = "title: Double them all\n"
                                    "difficulty: 1\n"
                                    "hints:\n"
                                    "  - What has to happen to one number?\n"
                                    "  - \"`Enum.map/2` does something with each element of a list.\"\n"
                                    "  - \"`Enum.map(numbers, fn n -> ... end)` is nearly all of it.\"\n"
                                    "misconceptions:\n"
                                    "  - pattern: '\\^\\s*2|\\*\\*\\s*2'\n"
                                    "    say: \"That *squares* a number; twice a number is `n * 2`.\"\n";

static const char stub[] = "defmodule Double do\n"
                           "  def all(numbers) do\n"
                           "    numbers\n"
                           "  end\n"
                           "end\n";

static const char solution[] = "defmodule Double do\n"
                               "  def all(numbers) do\n"
                               "    Enum.map(numbers, fn n -> n * 2 end)\n"
                               "  end\n"
                               "end\n";

static const char test[] = "defmodule DoubleTest do\n"
                           "  use ExUnit.Case\n"
                           "\n"
                           "  test \"doubles each number\" do\n"
                           "    assert Double.all([1, 2, 3]) == [2, 4, 6]\n"
                           "  end\n"
                           "\n"
                           "  test \"leaves an empty list empty\" do\n"
                           "    assert Double.all([]) == []\n"
                           "  end\n"
                           "end\n";

static const char hidden_test[] = "defmodule DoubleHiddenTest do\n"
                                  "  use ExUnit.Case\n"
                                  "\n"
                                  "  test \"doubles what is below zero, too\" do\n"
                                  "    assert Double.all([-4, 0.5]) == [-8, 1.0]\n"
                                  "  end\n"
                                  "end\n";

static const struct {
    const char *name, *text;
} files[] = {
    {"course.yaml", course_yaml},
    {"01-doubling.md", lesson},
    {"exercises/double/exercise.yaml", exercise_yaml},
    {"exercises/double/stub.ex", stub},
    {"exercises/double/solution.ex", solution},
    {"exercises/double/test.exs", test},
    {"exercises/double/hidden_test.exs", hidden_test},
};

int course_check_name(const char *dir, struct error *err)
{
    cleanup_free char *copy = strdup(dir);
    const char *name = copy ? basename(copy) : "";
    const char *why = course_name_fault(name);
    return why ? error_set(err, EINVAL, "%s: the folder's name is the course's, and %s", dir, why) : 0;
}

int course_new(const struct course_command *c, const char *dir)
{
    struct error err = {0};
    (void)c;
    int r = course_check_name(dir, &err);
    if (r == 0)
        r = course_make_folder(dir, &err);
    for (size_t i = 0; r == 0 && i < array_length(files); i++)
        r = course_write(dir, files[i].name, files[i].text, strlen(files[i].text), &err);
    if (r < 0)
        return command_error(&err);
    printf("made the course %s; try 'phial course check %s' and 'phial course preview %s'\n", dir, dir, dir);
    return EXIT_OK;
}
