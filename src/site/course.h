/* site/course: a course is a folder in git: course.yaml, lessons in Markdown, exercises (docs/lessons.md).
 *
 * course_read() takes the whole folder into memory, before the frontend gives up its rights, and checks all
 * of it: whoever holds a struct course holds one that is whole. It runs nothing; `phial course check` does.
 * Each lesson is a list of blocks in the order of the page: HTML between, snippets, exercises. Everything is
 * UTF-8, zero-ended, read-only once read, and lives until course_free(). No text is NULL unless it says so.
 *
 * The reader may touch the course's folder, to read.
 */
#ifndef PHIAL_SITE_COURSE_H
#define PHIAL_SITE_COURSE_H

#include "base/base.h"
#include "language/language.h"

enum {
    COURSE_LESSON_BYTES_MOST = 1 << 20,
    COURSE_FILE_BYTES_MOST = 256 << 10, /* one file of an exercise; all of one together as in a run */
    COURSE_LESSONS_MOST = 500,
    COURSE_BLOCKS_MOST = 500, /* of one lesson */
    COURSE_NAME_MOST = 64,    /* bytes of the name of a course, lesson, exercise or block */
    COURSE_HINTS_LEAST = 3,   /* or none at all */
    COURSE_HINTS_MOST = 20,
    COURSE_FAULTS_MOST = 100,
};

/* ---- exercises ---- */

struct course_file { /* `name` as the run sees it below /work; size is also strlen(data) for code */
    char *name;
    char *data;
    size_t size;
    bool hidden; /* a hidden test: its name and messages are not for learners */
};
struct course_files {
    struct course_file *items;
    size_t count;
};
struct course_misconception {
    char *pattern;
    char *say;      /* HTML */
    void *compiled; /* PCRE2's */
};
struct course_case {    /* judged from outside: what a run prints, or what a call evaluates to */
    char *name;         /* NULL: made of its number or its call */
    char *input;        /* standard input; NULL for none */
    char *output;       /* expected standard output; NULL with a call */
    char *call, *value; /* an expression of the language, and its value as the language writes it */
    bool hidden;
};
struct course_exercise {
    char *name;   /* the folder's: "swap" */
    char *id;     /* "elixir/values/swap": course/lesson/exercise */
    char *folder; /* path of its folder, for messages */
    char *title;
    const char *language;     /* own name of the language, lives in `languages` */
    unsigned difficulty;      /* 1 to 5 */
    char **hints;             /* HTML, NULL-ended */
    char **forbid, **require; /* code rules, NULL-ended, may be empty */
    struct course_misconception *misconceptions;
    size_t misconception_count;
    struct course_case *cases; /* when there are any, there are no tests */
    size_t case_count;
    char *file;                  /* the solution's name as the run sees it: "solution.ex" */
    bool together;               /* the tests use macros or doctests of the solution: both in one sandbox */
    char *stub;                  /* what the learner begins with */
    char *solution;              /* the reference solution */
    struct course_files tests;   /* test.exs, hidden_test.exs */
    struct course_files support; /* given to both sides: helper modules, fixtures, test_helper.exs */
};
/* True when the pattern is found in the code. Bounded in time and memory, whatever the code holds. */
bool course_misconception_matches(const struct course_misconception *m, const char *code, size_t size);

/* ---- lessons ---- */

enum course_block_kind {
    COURSE_TEXT,     /* `html` only */
    COURSE_RUN,      /* a snippet that ends with ok */
    COURSE_ERROR,    /* a snippet that must fail; `output` is then part of its message */
    COURSE_EXERCISE, /* `exercise` only */
};
struct course_block {
    enum course_block_kind kind;
    unsigned line; /* in the lesson's file: of the fence */
    char *html;    /* COURSE_TEXT: complete elements, raw HTML of the lesson escaped, links without scripts */
    /* COURSE_RUN and COURSE_ERROR: */
    const char *language; /* own name of the language, lives in `languages` */
    char *id;             /* NULL when it has none */
    char *code;           /* without the last line's end */
    char *before; /* what runs before it (hide=, after=): whole lines, each with its end; "" for nothing. The
                     program is `before` and then `code` */
    unsigned before_lines; /* what is reported of line N is of the code's line N minus this */
    bool hidden;           /* not shown; only runs before others */
    bool live;             /* may run as one types */
    char *input;           /* standard input; NULL for none */
    char *output;          /* expected standard output of the whole program, trailing white space aside; NULL
                              when none is given */
    unsigned output_line;  /* of the output fence */
    /* COURSE_EXERCISE: */
    struct course_exercise *exercise;
};

/* From one heading to the next, for the table of contents and for search. The first has what stands before
 * the first heading, with an empty id. */
struct course_section {
    unsigned level; /* 1 to 6; 0 for the first */
    char *id;       /* the heading's id in the HTML, unique in the lesson: lower-case words with hyphens */
    char *title;    /* plain */
    char *text;     /* plain, code of shown blocks included */
};
struct course_lesson {
    char *id;   /* "values", of "01-values.md" */
    char *file; /* path, for messages */
    char *title, *summary;
    struct course_block *blocks;
    size_t block_count;
    struct course_section *sections;
    size_t section_count;
    size_t exercise_count; /* how many blocks are exercises */
};

struct course {
    char *id;     /* the folder's name: "elixir" */
    char *folder; /* path, for messages */
    char *title, *summary, *author, *license;
    const char *language;          /* own name of the language, lives in `languages` */
    struct course_lesson *lessons; /* in the order of file names */
    size_t lesson_count;
};

/* Everything that is wrong with a course, in the order found. */
struct course_fault {
    char *file;    /* path */
    unsigned line; /* 0 when it is of the file as a whole */
    char *text;    /* "field: what is wrong, and the cure" */
};
struct course_faults {
    struct course_fault items[COURSE_FAULTS_MOST];
    size_t count;
    size_t more; /* how many found no room */
};
void course_faults_free(struct course_faults *faults);

/* Reads the course in `dir`. On failure the error is the first fault, "file:line: text", and nothing is left
 * in *course. With `faults` (zero-filled by the caller, who frees them in any case; may be NULL) they are all
 * there, and what could be read is left in *course, for `phial course check`; titles and texts may be NULL
 * then. -ENOMEM leaves nothing. `languages` must live as long as the course. */
int course_read(struct course *course, const char *dir, const struct languages *languages,
                struct course_faults *faults, struct error *err);
void course_free(struct course *course);

/* What the name of a course, lesson, exercise or block must be; NULL when it is that. */
const char *course_name_fault(const char *name);

const struct course_lesson *course_find_lesson(const struct course *course, const char *id);
/* By the exercise's name in its course, or by its id; NULL when there is none. *lesson (may be NULL) gets
 * where it stands. */
const struct course_exercise *course_find_exercise(const struct course *course, const char *name,
                                                   const struct course_lesson **lesson);

struct grade_request;
/* What is to be judged when a learner sends `code` for the exercise (course_grade.c); NULL: all but the
 * solution, which the caller adds. 0 or -ENOMEM; the caller frees with grade_request_free() in any case. */
int course_grade_request(struct grade_request *to, const struct course_exercise *exercise,
                         const struct languages *languages, const void *code, size_t size);

#endif
