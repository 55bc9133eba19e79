import unittest

from support import EveryLanguage, LanguageCase

LIBRARY = r'''
#include <assert.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

static atomic_int total;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sem_t ready;
static volatile sig_atomic_t signals;

static void *adder(void *n)
{
    pthread_mutex_lock(&lock);
    total += *(int *)n;
    pthread_mutex_unlock(&lock);
    sem_post(&ready);
    return n;
}
static void on_signal(int s)
{
    (void)s;
    signals++;
}
static int compare(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static void data(void)
{
    char text[100];
    setlocale(LC_ALL, "");
    snprintf(text, sizeof text, "%d %.3f %s %" PRIu64, -1, 3.14159, "x", (uint64_t)1 << 63);
    assert(!strcmp(text, "-1 3.142 x 9223372036854775808"));
    int list[] = {3, 1, 2};
    qsort(list, 3, sizeof *list, compare);
    assert(list[0] == 1 && list[2] == 3);
    assert(fabs(sin(M_PI)) < 1e-9 && sqrt(16) == 4);
    assert(wcslen(L"ż") == 1 && mbstowcs(NULL, "żó", 0) == 2);
    time_t t = 0;
    struct tm tm;
    assert(strftime(text, sizeof text, "%F %T", gmtime_r(&t, &tm)) && !strcmp(text, "1970-01-01 00:00:00"));
    jmp_buf jump;
    if (setjmp(jump) == 0)
        longjmp(jump, 1);
    void *p = malloc(50 << 20);
    assert(p);
    memset(p, 1, 50 << 20);
    p = realloc(p, 1 << 20);
    free(p);
}

static void threads(void)
{
    pthread_t t[8];
    int n[8];
    sem_init(&ready, 0, 0);
    for (int i = 0; i < 8; i++) {
        n[i] = i;
        assert(pthread_create(&t[i], NULL, adder, &n[i]) == 0);
    }
    for (int i = 0; i < 8; i++) {
        sem_wait(&ready);
        pthread_join(t[i], NULL);
    }
    assert(total == 28);
    thrd_t c;
    int r = 0;
    assert(thrd_create(&c, (thrd_start_t)(void *)adder, &n[0]) == thrd_success && thrd_join(c, &r) == thrd_success);
}

static void processes(void)
{
    int p[2], status;
    assert(pipe(p) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(p[1], 1);
        close(p[0]);
        execl("/bin/sh", "sh", "-c", "echo from child", NULL);
        _exit(127);
    }
    close(p[1]);
    char text[64] = "";
    struct pollfd f = {p[0], POLLIN, 0};
    assert(poll(&f, 1, 10000) == 1 && read(p[0], text, sizeof text) == 11);
    assert(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
    FILE *q = popen("echo popen", "r");
    assert(fgets(text, sizeof text, q) && !strcmp(text, "popen\n") && pclose(q) == 0);
    assert(WEXITSTATUS(system("exit 3")) == 3);
    int *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (fork() == 0) {
        *shared = 42;
        _exit(0);
    }
    wait(&status);
    assert(*shared == 42 && munmap(shared, 4096) == 0);
    if ((pid = fork()) == 0)
        abort();
    waitpid(pid, &status, 0);
    assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

static void clocks_and_signals(void)
{
    struct sigaction a = {.sa_handler = on_signal};
    sigaction(SIGUSR1, &a, NULL);
    sigaction(SIGALRM, &a, NULL);
    raise(SIGUSR1);
    struct itimerval it = {.it_value = {0, 2000}};
    setitimer(ITIMER_REAL, &it, NULL);
    pause();
    assert(signals == 2);
    struct timespec now, nap = {0, 1000000};
    assert(clock_gettime(CLOCK_MONOTONIC, &now) == 0 && nanosleep(&nap, NULL) == 0);
    struct rusage u;
    assert(getrusage(RUSAGE_SELF, &u) == 0);
}

static void files(void)
{
    char name[] = "/tmp/cXXXXXX", text[32];
    int fd = mkstemp(name);
    assert(fd >= 0 && write(fd, "hello", 5) == 5 && pread(fd, text, 5, 0) == 5);
    char *m = mmap(NULL, 5, PROT_READ, MAP_PRIVATE, fd, 0);
    assert(m != MAP_FAILED && !memcmp(m, "hello", 5));
    struct stat s;
    assert(fstat(fd, &s) == 0 && s.st_size == 5 && ftruncate(fd, 2) == 0 && close(fd) == 0);
    FILE *f = fopen("out.txt", "w+");
    fprintf(f, "%d\n", 7);
    rewind(f);
    int n;
    assert(fscanf(f, "%d", &n) == 1 && n == 7 && fclose(f) == 0);
    assert(mkdir("d", 0755) == 0 && rename("out.txt", "d/out.txt") == 0 && symlink("out.txt", "d/link") == 0);
    DIR *d = opendir("d");
    n = 0;
    while (readdir(d))
        n++;
    closedir(d);
    assert(n == 4 && unlink("d/link") == 0 && remove("d/out.txt") == 0 && rmdir("d") == 0);
    FILE *t = tmpfile();
    assert(t && fputs("x", t) >= 0 && fclose(t) == 0);
    assert(getcwd(text, sizeof text) && !strcmp(text, "/work") && access("/etc/passwd", W_OK) < 0);
}

int main(void)
{
    data();
    threads();
    processes();
    clocks_and_signals();
    files();
    puts("done");
}
'''


class C(EveryLanguage, LanguageCase):
    language = "c"
    COMMENT = "//"
    HELLO = '#include <stdio.h>\nint main(void) { puts("hello"); }\n'
    EXIT_7 = "int main(void) { return 7; }"
    ECHO = "#include <stdio.h>\nint main(void) { for (int c; (c = getchar()) != EOF;) putchar(c); }"
    ARGS = "#include <stdio.h>\nint main(int n, char **a) { for (int i = 1; i < n; i++) puts(a[i]); }"
    ENV = '#include <stdio.h>\n#include <stdlib.h>\nint main(void) { puts(getenv("GREETING")); }'
    UNICODE = '#include <stdio.h>\nint main(void) { puts("żółw 🐢"); }'
    ERROR = '#include <assert.h>\nint main(void) { int boom = 0; assert(boom); }'
    BROKEN = '#include <stdio.h>\nint main(void) { puts("never") }'
    EMPTY = "compile_error"
    LIBRARY = LIBRARY

    def test_a_signal_is_told(self):
        answer = self.run_status("error", "int main(void) { volatile int *p = 0; return *p; }")
        self.assertEqual((None, 11), (answer["exit_code"], signal_number(answer["signal"])))

    def test_warnings_are_on_standard_error_and_the_program_runs(self):
        answer = self.run_ok('#include <stdio.h>\nint main(void) { int unused; puts("ran"); }')
        self.assertEqual("ran\n", answer["stdout"])
        self.assertIn("main.c:2:22: warning: unused variable", answer["stderr"])

    def test_compiling_the_worst_source_ends_by_a_limit(self):
        deep = "#define A(x) x x x x x x x x x x\n#define B(x) A(A(A(A(x))))\nint main(void) { B(B(B(;))) }\n"
        answer = run_any(self, deep, ["cpu=1s", "memory=64MiB"])
        self.assertIn(answer["status"], ("timeout", "memory", "compile_error"))

    def test_other_files_can_be_included(self):
        files = [("main.c", '#include "lib/a.h"\n#include <stdio.h>\nint main(void) { printf("%d\\n", twice(21)); }'),
                 ("lib/a.h", "static int twice(int x) { return x * 2; }")]  # fmt: skip
        self.assertEqual("42\n", self.run_ok(files)["stdout"])

    def test_the_mathematical_library_is_linked(self):
        source = '#include <math.h>\n#include <stdio.h>\nint main(int n, char **a) { (void)a; printf("%.3f\\n", pow(n + 1, 0.5)); }'
        self.assertEqual("1.414\n", self.run_ok(source)["stdout"])

    def test_a_plain_program_is_linked_by_gold(self):
        source = r"""
#include <stdio.h>
#include <string.h>
static char text[1 << 20], name[] = "\0fold 1.";
int main(int n, char **a)
{
    (void)a;
    name[1] += n; /* in the file it must not be found as this array */
    FILE *file = fopen("main", "rb");
    size_t size = fread(text, 1, sizeof text, file);
    puts(memmem(text, size, name, 8) ? "gold" : "another");
}
"""
        self.assertEqual("gold\n", self.run_ok("#define _GNU_SOURCE" + source)["stdout"])

    def test_what_the_linker_refuses_is_told_as_gcc_tells_it(self):
        answer = self.run_status("compile_error", "void missing(void);\nint main(void) { missing(); }")
        self.assertRegex(answer["stderr"], r"""\A/usr/bin/ld: /tmp/cc\w{6}\.o: in function `main':
main\.c:\(\.text\+0x[0-9a-f]+\): undefined reference to `missing'
collect2: error: ld returned 1 exit status
\Z""")

    def test_what_the_linker_warns_of_is_told_as_gcc_tells_it_and_the_program_runs(self):
        warned = {
            '#include <stdio.h>\nint main(void) { char name[L_tmpnam]; puts(tmpnam(name) ? "ran" : "no"); }':
                r"\A/usr/bin/ld: /tmp/cc\w{6}\.o: in function `main':\nmain\.c:.*: warning: the use of `tmpnam' is dangerous",
            '#include <stdio.h>\nint x;\n__asm__(".text\\n.quad x");\nint main(void) { puts("ran"); }':
                r"/usr/bin/ld: warning: creating DT_TEXTREL in a PIE\n\Z",
        }  # fmt: skip
        for source, warning in warned.items():
            with self.subTest(warning=warning):
                answer = self.run_ok(source)
                self.assertEqual("ran\n", answer["stdout"])
                self.assertRegex(answer["stderr"], warning)

    def test_a_stack_that_can_be_executed_is_warned_of(self):
        source = """
static int call(int (*f)(int)) { return f(1); }
int main(int n, char **a)
{
    (void)a;
    int more(int x) { return x + n; }
    return call(more);
}
"""
        self.assertIn("requires executable stack", self.answer(source)["stderr"])

    def test_an_old_program_may_define_what_the_library_has_per_thread(self):
        self.assertEqual(3, self.run_status("error", "int errno;\nint main(void) { errno = 3; return errno; }")["exit_code"])

    def test_data_is_not_executed(self):
        source = """
static const unsigned char code[] = {0xb8, 7, 0, 0, 0, 0xc3};
int main(void) { return ((int (*)(void))(void *)code)(); }
"""
        self.assertEqual(11, signal_number(self.run_status("error", source)["signal"]))


def run_any(case, source, limits):
    from support import run

    return run(case.language, source, limits=limits)


def signal_number(signal):
    return {"SIGSEGV": 11}.get(signal, signal)


if __name__ == "__main__":
    unittest.main()
