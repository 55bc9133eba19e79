/* site/course_read: what the files of the course reader share. Private to course*.c. */
#ifndef PHIAL_SITE_COURSE_READ_H
#define PHIAL_SITE_COURSE_READ_H

#include "base/fields.h"
#include "site/course.h"

/* What is wrong with the course is recorded and reading goes on, so that a teacher sees all of it at once;
 * functions return 0 then. What they return below 0 is -ENOMEM, which ends the reading. */
struct course_reader {
    struct course *course;
    const struct languages *languages;
    struct course_faults *faults;
    char **exercises;          /* names that lessons have used */
    struct course_link *links; /* to be looked at when all lessons are there */
    size_t link_count;
};
struct course_link {
    const struct course_lesson *from;
    unsigned line;
    char *lesson, *place; /* lesson: an id; place: a heading or an exercise, NULL for none */
};

/* Records a fault; `line` 0 is the file as a whole. */
void course_fault(struct course_reader *r, const char *file, unsigned line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Records an error whose text may begin with "file:line: ". */
void course_fault_error(struct course_reader *r, const char *file, const struct error *err);

/* Reads a text file: UTF-8, no zero byte, not above `most`. 1: it is there; 0: it is not, or it is not good:
 * then a fault has been recorded. */
int course_read_text(struct course_reader *r, const char *path, size_t most, char **text, size_t *size);
/* Reads YAML into `target`. 1 or 0 as above. */
int course_read_fields(struct course_reader *r, const char *path, unsigned first_line, const char *text,
                       size_t size, const struct field *table, void *target);

/* The checks of texts (course.c). */
text_check check_course_line, check_course_text;

/* Reads one lesson; its id is known already. */
int course_read_lesson(struct course_reader *r, struct course_lesson *lesson);
/* The same of a text that is good UTF-8 without zero bytes, a zero behind it. */
int course_parse_lesson(struct course_reader *r, struct course_lesson *lesson, const char *text, size_t size);
void course_lesson_free(struct course_lesson *lesson);

/* Frees what the reader itself holds. */
void course_reader_free(struct course_reader *r);

/* Reads the exercise NAME, which stands in the lesson at this line. *exercise is NULL when there is none to
 * be had. */
int course_read_exercise(struct course_reader *r, const struct course_lesson *lesson, unsigned line,
                         const char *name, const struct language *language,
                         struct course_exercise **exercise);
void course_exercise_free(struct course_exercise *exercise);

/* Markdown of a hint or of what is said, as HTML. NULL when out of memory. */
char *course_markdown_html(struct course_reader *r, const char *file, const char *markdown);

#endif
