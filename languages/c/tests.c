/* Runs the tests of phial_test.h and tells what came of them, as lines of docs/languages.md behind the mark
 * that is the only thing on standard input. The image holds it compiled; it is linked with solution and
 * tests.
 *
 * A test runs in a child that has neither the mark nor our standard output, and says what it found in memory
 * that both share. Only the test's own end there is a pass: whatever else ends the child is none.
 */
#define _GNU_SOURCE
#include <phial_test.h>

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    TESTS_MOST = 500,
    MARK_SIZE = 32,
    MESSAGE_MOST = 16 << 10,
    OUTPUT_MOST = 16 << 10,
    VALUE_MOST = 8 << 10,
    CPU_SECONDS = 1, /* of one test */
    WALL_MS = 3000,
};
enum status { BROKEN, PASS, FAIL_, SKIPPED };

static struct found {
    enum status status;
    char message[MESSAGE_MOST], expected[VALUE_MOST], actual[VALUE_MOST];
} * found; /* shared with the child that runs a test */

extern const struct phial_test *const __start_phial_tests[] __attribute__((weak));
extern const struct phial_test *const __stop_phial_tests[] __attribute__((weak));

static const struct phial_test *tests[TESTS_MOST];
static size_t test_count;
static char mark[MARK_SIZE];

/* ---- values ---- */

struct phial_value phial_bool(bool value)
{
    return (struct phial_value){.kind = PHIAL_BOOL, .whole = value};
}

struct phial_value phial_char(char value)
{
    return (struct phial_value){.kind = PHIAL_CHAR, .whole = value};
}

struct phial_value phial_signed(long long value)
{
    return (struct phial_value){.kind = PHIAL_SIGNED, .whole = value};
}

struct phial_value phial_unsigned(unsigned long long value)
{
    return (struct phial_value){.kind = PHIAL_UNSIGNED, .natural = value};
}

struct phial_value phial_float(float value)
{
    return (struct phial_value){.kind = PHIAL_REAL, .digits = 9, .real = value};
}

struct phial_value phial_double(double value)
{
    return (struct phial_value){.kind = PHIAL_REAL, .digits = 17, .real = value};
}

struct phial_value phial_real(long double value)
{
    return (struct phial_value){.kind = PHIAL_REAL, .digits = 17, .real = value};
}

struct phial_value phial_text(const char *value)
{
    return (struct phial_value){.kind = PHIAL_TEXT, .text = value};
}

struct phial_value phial_pointer(const volatile void *value)
{
    return (struct phial_value){.kind = PHIAL_POINTER, .pointer = (const void *)value};
}

static long double as_real(struct phial_value v)
{
    return v.kind == PHIAL_REAL       ? v.real
           : v.kind == PHIAL_UNSIGNED ? (long double)v.natural
                                      : (long double)v.whole;
}

static bool same(struct phial_value a, struct phial_value b)
{
    if (a.kind == PHIAL_TEXT && b.kind == PHIAL_TEXT)
        return a.text && b.text ? !strcmp(a.text, b.text) : a.text == b.text;
    if (a.kind >= PHIAL_TEXT && b.kind >= PHIAL_TEXT)
        return a.pointer == b.pointer;
    /* NULL may be a plain 0. */
    if (a.kind >= PHIAL_TEXT || b.kind >= PHIAL_TEXT)
        return a.kind != PHIAL_REAL && b.kind != PHIAL_REAL && a.natural == b.natural;
    if (a.kind == PHIAL_REAL || b.kind == PHIAL_REAL)
        return as_real(a) == as_real(b);
    if ((a.kind == PHIAL_UNSIGNED) == (b.kind == PHIAL_UNSIGNED))
        return a.natural == b.natural;
    return a.natural == b.natural && a.whole >= 0;
}

static void add(char *to, size_t most, const char *text)
{
    size_t n = strlen(to);
    snprintf(to + n, most - n, "%s", text);
}

/* As C writes it, but for what is UTF-8 or a line's end. */
static void show_text(char *to, const char *text)
{
    size_t n = strlen(to);
    if (!text) {
        add(to, VALUE_MOST, "NULL");
        return;
    }
    if (n + 8 > VALUE_MOST)
        return;
    to[n++] = '"';
    for (; *text && n + 8 < VALUE_MOST; text++) {
        const char *escape = strchr("\"\"\\\\\nn\tt\rr", *text);
        if (escape && (escape - "\"\"\\\\\nn\tt\rr") % 2 == 0)
            n += (size_t)snprintf(to + n, 8, "\\%c", escape[1]);
        else if ((unsigned char)*text < ' ')
            n += (size_t)snprintf(to + n, 8, "\\%03o", (unsigned char)*text);
        else
            to[n++] = *text;
    }
    to[n++] = '"';
    to[n] = 0;
}

/* The shortest decimal that is this number again. */
static void show_real(char to[static 64], struct phial_value v)
{
    for (int digits = 1; digits <= v.digits; digits++) {
        snprintf(to, 64, "%.*Lg", digits, v.real);
        long double read = strtold(to, NULL);
        if (v.digits == 9 ? (float)read == (float)v.real : (double)read == (double)v.real)
            return;
    }
}

/* A character constant is an int in C: `other` tells what it was meant as. */
static void show(char *to, struct phial_value v, struct phial_value other)
{
    char text[64] = "";
    bool small = v.kind <= PHIAL_CHAR && v.natural < 127;
    if (v.kind == PHIAL_TEXT)
        show_text(to, v.text);
    else if (v.kind == PHIAL_REAL)
        show_real(text, v);
    else if (v.kind == PHIAL_POINTER)
        snprintf(text, sizeof text, v.pointer ? "%p" : "NULL", v.pointer);
    else if ((v.kind == PHIAL_BOOL || other.kind == PHIAL_BOOL) && v.natural <= 1)
        snprintf(text, sizeof text, "%s", v.whole ? "true" : "false");
    else if ((v.kind == PHIAL_CHAR || other.kind == PHIAL_CHAR) && small && v.whole >= ' ')
        snprintf(text, sizeof text, "'%c'", (char)v.whole);
    else if (v.kind == PHIAL_UNSIGNED)
        snprintf(text, sizeof text, "%llu", v.natural);
    else
        snprintf(text, sizeof text, "%lld", v.whole);
    add(to, VALUE_MOST, text);
}

/* ---- checks, in the child ---- */

static const char *plain_name(const char *file)
{
    return strncmp(file, "./", 2) ? file : file + 2;
}

__attribute__((noreturn)) static void end_with(enum status status)
{
    fflush(NULL);
    found->status = status;
    _exit(0);
}

void phial_failed(const char *file, int line, const char *message)
{
    snprintf(found->message, sizeof found->message, "%s:%d: %s", plain_name(file), line, message);
    end_with(FAIL_);
}

void phial_skip(const char *why)
{
    snprintf(found->message, sizeof found->message, "%s", why);
    end_with(SKIPPED);
}

void phial_check_equal(const char *file, int line, const char *code, struct phial_value expected,
                       struct phial_value actual)
{
    if (same(expected, actual))
        return;
    show(found->expected, expected, actual);
    show(found->actual, actual, expected);
    phial_failed(file, line, code);
}

void phial_check_close(const char *file, int line, const char *code, struct phial_value expected,
                       struct phial_value actual, long double tolerance)
{
    if (fabsl(expected.real - actual.real) <= tolerance || expected.real == actual.real)
        return;
    show(found->expected, expected, actual);
    show(found->actual, actual, expected);
    phial_failed(file, line, code);
}

static bool arrays_differ;

void phial_array_item(size_t index, struct phial_value expected, struct phial_value actual)
{
    if (index == 0) {
        arrays_differ = false;
        found->expected[0] = found->actual[0] = 0;
    }
    arrays_differ |= !same(expected, actual);
    add(found->expected, VALUE_MOST, index == 0 ? "{" : ", ");
    add(found->actual, VALUE_MOST, index == 0 ? "{" : ", ");
    show(found->expected, expected, actual);
    show(found->actual, actual, expected);
}

void phial_array_end(const char *file, int line, const char *code)
{
    if (arrays_differ) {
        add(found->expected, VALUE_MOST, "}");
        add(found->actual, VALUE_MOST, "}");
        phial_failed(file, line, code);
    }
    found->expected[0] = found->actual[0] = 0;
}

/* ---- lines ---- */

static FILE *results;

/* How many bytes of UTF-8 stand there: 0 when it is none. */
static size_t character(const unsigned char *at, size_t left)
{
    size_t n = *at < 0x80                  ? 1
               : *at >= 0xc2 && *at < 0xe0 ? 2
               : (*at & 0xf0) == 0xe0      ? 3
               : *at >= 0xf0 && *at < 0xf5 ? 4
                                           : 0;
    if (n == 0 || n > left)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    bool strange = (at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] >= 0xa0) ||
                   (at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] >= 0x90);
    return strange ? 0 : n;
}

static void put_text(const char *text, size_t size, size_t most)
{
    const unsigned char *at = (const unsigned char *)text;
    fputc('"', results);
    for (size_t i = 0, told = 0; i < size && told + 4 <= most;) {
        size_t n = at[i] ? character(at + i, size - i) : 0;
        if (n == 0)
            fputs("\\ufffd", results);
        else if (at[i] < ' ' || at[i] == '"' || at[i] == '\\')
            fprintf(results, "\\u%04x", at[i]);
        else
            fwrite(at + i, 1, n, results);
        told += n ? n : 3;
        i += n ? n : 1;
    }
    fputc('"', results);
}

static void put_field(const char *name, const char *text, size_t size, size_t most)
{
    if (size == 0)
        return;
    fprintf(results, ",\"%s\":", name);
    put_text(text, size, most);
}

static void begin_line(void)
{
    fwrite(mark, 1, sizeof mark, results);
}

static void tell_plan(void)
{
    begin_line();
    fputs("{\"plan\":[", results);
    for (size_t i = 0; i < test_count; i++) {
        const char *file = plain_name(tests[i]->file);
        fprintf(results, "%s{\"name\":", i ? "," : "");
        put_text(tests[i]->name, strlen(tests[i]->name), 1000);
        put_field("file", file, strlen(file), 1000);
        fprintf(results, ",\"line\":%d}", tests[i]->line);
    }
    fputs("]}\n", results);
}

/* ---- one test ---- */

struct capture {
    char text[OUTPUT_MOST];
    size_t size;
};

static void run_child(const struct phial_test *test, int out)
{
    struct rlimit cpu = {CPU_SECONDS, CPU_SECONDS + 1};
    int null = open("/dev/null", O_RDONLY);
    sigset_t none;
    sigemptyset(&none);
    signal(SIGCHLD, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setpgid(0, 0);
    setrlimit(RLIMIT_CPU, &cpu);
    if (null < 0 || dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0)
        _exit(1);
    memset(mark, 0, sizeof mark);
    close(fileno(results));
    test->run();
    end_with(PASS);
}

static long elapsed_us(const struct timespec *since)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (now.tv_sec - since->tv_sec) * 1000000 + (now.tv_nsec - since->tv_nsec) / 1000;
}

static bool read_some(int from, struct capture *capture)
{
    char bytes[4096];
    ssize_t n = read(from, bytes, sizeof bytes);
    if (n <= 0)
        return n < 0 && (errno == EINTR || errno == EAGAIN);
    size_t room = sizeof capture->text - capture->size, taken = (size_t)n < room ? (size_t)n : room;
    memcpy(capture->text + capture->size, bytes, taken);
    capture->size += taken;
    return true;
}

static void on_child(int signal)
{
    (void)signal;
}

/* Takes what it prints until it has ended; true when it had to be killed. SIGCHLD comes only while we wait.
 */
static bool watch(pid_t pid, int from, const struct timespec *begun, struct capture *capture, int *status)
{
    bool late = false, open = true;
    sigset_t none;
    sigemptyset(&none);
    while (waitpid(pid, status, WNOHANG) == 0) {
        long left = WALL_MS * 1000L - elapsed_us(begun);
        if (left <= 0 && !late) {
            late = true;
            kill(-pid, SIGKILL);
            kill(pid, SIGKILL);
        }
        struct timespec most = {left > 0 ? left / 1000000 : 0, left > 0 ? left % 1000000 * 1000 : 10000000};
        struct pollfd poll = {.fd = open ? from : -1, .events = POLLIN};
        if (ppoll(&poll, 1, &most, &none) > 0)
            open = read_some(from, capture);
    }
    kill(-pid, SIGKILL);
    for (struct pollfd poll = {.fd = from, .events = POLLIN};
         open && ppoll(&poll, 1, &(struct timespec){0}, NULL) > 0;)
        open = read_some(from, capture);
    return late;
}

static void say_how_it_broke(int status, bool late)
{
    if (late || (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU))
        snprintf(found->message, sizeof found->message, "it ran for too long");
    else if (WIFSIGNALED(status))
        snprintf(found->message, sizeof found->message, "it was ended by signal %d (%s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    else
        snprintf(found->message, sizeof found->message, "it ended the program, with exit code %d",
                 WEXITSTATUS(status));
}

static void tell(size_t index, const struct capture *capture, long us)
{
    static const char *const names[] = {
        [BROKEN] = "error", [PASS] = "pass", [FAIL_] = "fail", [SKIPPED] = "skip"};
    begin_line();
    fprintf(results, "{\"test\":{\"index\":%zu,\"status\":\"%s\",\"ms\":%.1f", index,
            found->status <= SKIPPED ? names[found->status] : names[BROKEN], (double)us / 1000);
    put_field("message", found->message, strnlen(found->message, MESSAGE_MOST), MESSAGE_MOST);
    put_field("expected", found->expected, strnlen(found->expected, VALUE_MOST), VALUE_MOST);
    put_field("actual", found->actual, strnlen(found->actual, VALUE_MOST), VALUE_MOST);
    put_field("output", capture->text, capture->size, OUTPUT_MOST);
    fputs("}}\n", results);
    fflush(results);
}

__attribute__((noreturn)) static void give_up(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    _exit(1);
}

/* Memory and pipe are new for each test: what is left of one cannot reach into the next. */
static void run_test(size_t index)
{
    struct timespec begun;
    struct capture capture = {.size = 0};
    int out[2], status = 0;
    found = mmap(NULL, sizeof *found, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (found == MAP_FAILED || pipe2(out, O_CLOEXEC) < 0)
        give_up("prepare a test");
    clock_gettime(CLOCK_MONOTONIC, &begun);
    pid_t pid = fork();
    if (pid < 0)
        give_up("start a test");
    if (pid == 0)
        run_child(tests[index], out[1]);
    close(out[1]);
    bool late = watch(pid, out[0], &begun, &capture, &status);
    if (late || found->status == BROKEN || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        found->status = BROKEN;
        say_how_it_broke(status, late);
    }
    tell(index, &capture, elapsed_us(&begun));
    close(out[0]);
    munmap(found, sizeof *found);
}

/* ---- all of them ---- */

/* The linker has put them in the order of the files; in one file the compiler may have turned them round. */
static void list_tests(void)
{
    for (const struct phial_test *const *at = __start_phial_tests; at < __stop_phial_tests; at++) {
        size_t i = test_count++;
        if (i == TESTS_MOST) {
            fprintf(stderr, "there are more than %d tests\n", TESTS_MOST);
            _exit(1);
        }
        for (; i > 0 && !strcmp(tests[i - 1]->file, (*at)->file) && tests[i - 1]->line > (*at)->line; i--)
            tests[i] = tests[i - 1];
        tests[i] = *at;
    }
}

int main(void)
{
    sigset_t child;
    int out = fcntl(1, F_DUPFD_CLOEXEC, 10);
    size_t had = 0;
    for (ssize_t n = 1; had < sizeof mark && n > 0; had += n > 0 ? (size_t)n : 0)
        n = read(0, mark + had, sizeof mark - had);
    results = out < 0 ? NULL : fdopen(out, "w");
    if (had < sizeof mark || !results)
        give_up("begin");
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);
    signal(SIGCHLD, on_child);
    list_tests();
    tell_plan();
    fflush(results);
    for (size_t i = 0; i < test_count; i++)
        run_test(i);
    begin_line();
    fputs("{\"end\":true}\n", results);
    fflush(results);
    _exit(0);
}
