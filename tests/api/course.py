"""A small course for tests: exercises in Bash that are judged by what they print."""
import os

EXERCISE = """title: Say {name}
difficulty: 1
hints: [First hint of {name}., Second hint of {name}., Third hint of {name}.]
expect:
  - stdout: "{name}\\n"
"""
LESSON = """---
title: Saying
summary: Say something.
---

Say things with `echo`.

"""


def make_course(folder, exercises=("one", "two")):
    """Writes the course 'say' below `folder`; its path. Its exercises are say/first/NAME: print NAME."""
    course = os.path.join(folder, "say")
    write(os.path.join(course, "course.yaml"),
          "title: Saying things\nlanguage: bash\nsummary: A course for tests.\nauthor: Nobody\nlicense: CC0-1.0\n")
    text = LESSON
    for name in exercises:
        text += f"### Exercise: {name}\n\nPrint {name}.\n\n```bash exercise={name}\n```\n\n"
        below = os.path.join(course, "exercises", name)
        write(os.path.join(below, "exercise.yaml"), EXERCISE.format(name=name))
        write(os.path.join(below, "stub.sh"), "# your code\n")
        write(os.path.join(below, "solution.sh"), f"echo {name}\n")
    write(os.path.join(course, "01-first.md"), text)
    return course


def exercise_id(name):
    return f"say/first/{name}"


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
