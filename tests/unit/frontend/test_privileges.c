/* What the frontend can still do once it has given everything up. Each attempt is made in a child of its own.
 */
#include "frontend/privileges.h"
#include "unit.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

/* Each returns 0 when it could. */
static int cannot_write_a_file(void)
{
    return openat(AT_FDCWD, "/x", O_CREAT | O_WRONLY, 0600) < 0;
}
static int cannot_see_a_file(void)
{
    return access("/etc/passwd", F_OK) < 0;
}
static int cannot_make_a_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) < 0;
}
static int cannot_become_root(void)
{
    return setresuid(0, 0, 0) < 0;
}
static int cannot_make_code(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
}
static int cannot_make_a_thread(void)
{
    return syscall(SYS_clone, CLONE_VM | SIGCHLD, NULL, NULL, NULL, 0) < 0;
}
static int cannot_signal_another(void)
{
    return kill(getppid(), 0) < 0;
}
static int cannot_leave_its_root(void)
{
    return chroot("/") < 0;
}
static int cannot_connect(void)
{
    return connect(0, NULL, 0) < 0 && errno == EPERM;
}
static int cannot_raise_a_limit(void)
{
    return prctl(PR_SET_DUMPABLE, 1) < 0;
}
static int tells_the_time(void) /* the one that it must be able to do */
{
    struct timespec t;
    return clock_gettime(CLOCK_MONOTONIC, &t) == 0;
}
static int cannot_run_a_program(void)
{
    execl("/bin/true", "true", NULL);
    return 1;
}
static int cannot_fork(void)
{
    return syscall(SYS_fork) < 0;
}
static int cannot_trace(void)
{
    return syscall(SYS_ptrace, 0, 0, 0, 0) < 0;
}
static int cannot_mount(void)
{
    return syscall(SYS_mount, "x", "/", "tmpfs", 0, NULL) < 0;
}

static const struct {
    const char *name;
    int (*attempt)(void);
    bool deadly; /* the filter ends the process */
} rows[] = {
    {"write a file", cannot_write_a_file, false},
    {"see a file", cannot_see_a_file, false},
    {"make a socket", cannot_make_a_socket, false},
    {"become root", cannot_become_root, false},
    {"make code", cannot_make_code, false},
    {"make a thread", cannot_make_a_thread, false},
    {"signal another", cannot_signal_another, false},
    {"leave its root", cannot_leave_its_root, false},
    {"connect", cannot_connect, false},
    {"be dumped", cannot_raise_a_limit, false},
    {"tell the time", tells_the_time, false},
    {"run a program", cannot_run_a_program, true},
    {"fork", cannot_fork, true},
    {"trace", cannot_trace, true},
    {"mount", cannot_mount, true},
};

/* The child's exit code, or 128 and the signal. */
static int status_of(pid_t pid)
{
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* 0 when the drop worked and the attempt failed. */
static int in_child(int (*attempt)(void))
{
    pid_t pid = fork();
    if (pid == 0) {
        struct error err;
        struct privileges p = {.user = "nobody", .files_most = 64};
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (privileges_drop(&p, &err) < 0 || filter_install(&err) < 0) {
            fprintf(stderr, "%s\n", err.text);
            _exit(100);
        }
        _exit(attempt() ? 0 : 1);
    }
    return status_of(pid);
}

static void nothing_is_left_but_sockets_and_the_clock(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    for (size_t i = 0; i < array_length(rows); i++) {
        int got = in_child(rows[i].attempt), want = rows[i].deadly ? 128 + SIGSYS : 0;
        if (got != want)
            print_error("%s: %d, not %d\n", rows[i].name, got, want);
        assert_int_equal(got, want);
    }
}

/* ---- what it sees of the host ---- */

/* A state folder with a file and a folder, and a store's folder that is nobody's. */
struct folders {
    char top[64], state[80], images[96], keys[96], store[96];
};

static void make_folders(struct folders *f)
{
    snprintf(f->top, sizeof f->top, "/tmp/phial-privileges-XXXXXX");
    assert_non_null(mkdtemp(f->top));
    snprintf(f->state, sizeof f->state, "%s/state", f->top);
    snprintf(f->images, sizeof f->images, "%s/images", f->state);
    snprintf(f->keys, sizeof f->keys, "%s/keys", f->state);
    snprintf(f->store, sizeof f->store, "%s/site", f->state);
    assert_int_equal(chmod(f->top, 0755), 0);
    assert_int_equal(mkdir(f->state, 0755), 0);
    assert_int_equal(mkdir(f->images, 0755), 0);
    int fd = open(f->keys, O_WRONLY | O_CREAT, 0644);
    assert_true(fd >= 0);
    close(fd);
    char inside[120];
    snprintf(inside, sizeof inside, "%s/image", f->images);
    fd = open(inside, O_WRONLY | O_CREAT, 0644);
    assert_true(fd >= 0);
    close(fd);
}

static void remove_folders(const struct folders *f)
{
    char path[120];
    snprintf(path, sizeof path, "%s/image", f->images);
    unlink(path);
    snprintf(path, sizeof path, "%s/made", f->store);
    unlink(path);
    unlink(f->keys);
    const char *const left[] = {f->store, f->images, f->state, f->top};
    for (size_t i = 0; i < array_length(left); i++)
        rmdir(left[i]);
}

#define must(what)                                                                                           \
    do {                                                                                                     \
        if (!(what)) {                                                                                       \
            fprintf(stderr, "not so: %s\n", #what);                                                          \
            _exit(1);                                                                                        \
        }                                                                                                    \
    } while (0)

static int read_at(int dir, const char *path)
{
    return openat(dir, path, O_RDONLY);
}

static void look_around(const struct folders *f)
{
    struct error err;
    struct privileges p = {.user = "nobody", .files_most = 64, .state = f->state, .store = f->store};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (privileges_drop(&p, &err) < 0) {
        fprintf(stderr, "%s\n", err.text);
        _exit(100);
    }
    int state = read_at(AT_FDCWD, "/state"), store = read_at(AT_FDCWD, "/store"), made;
    must(state >= 0 && store >= 0);
    must((made = openat(store, "made", O_RDWR | O_CREAT, 0600)) >= 0);
    must(openat(state, "made", O_RDWR | O_CREAT, 0600) < 0);
    must(filter_install(&err) == 0);
    must(read_at(state, "keys") >= 0);
    must(read_at(state, "images/image") < 0);
    must(read_at(state, "site/made") < 0);
    for (int i = 0; i < 2; i++) {
        int dir = i ? state : store;
        must(read_at(dir, "../etc/passwd") < 0);
        must(read_at(dir, "../../../../../etc/passwd") < 0);
        must(read_at(dir, "../proc/self/status") < 0);
        must(read_at(dir, "/etc/passwd") < 0);
        must(openat(dir, "more", O_RDWR | O_CREAT, 0600) < 0);
        must(openat(dir, "made", O_RDWR) < 0);
        must(unlinkat(dir, "made", 0) < 0);
        must(renameat(dir, "made", dir, "other") < 0);
    }
    /* The database, which is open, can be written and locked. */
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
    must(pwrite(made, "x", 1, 0) == 1 && fdatasync(made) == 0 && fcntl(made, F_SETLK, &lock) == 0);
    must(fcntl(made, F_SETLKW, &lock) < 0 && fcntl(made, F_SETOWN, getppid()) < 0);
    _exit(0);
}

static void of_the_host_it_sees_files_of_the_state_folder_and_writes_what_is_open(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    struct folders f;
    make_folders(&f);
    for (int i = 0; i < 2; i++) { /* the second time the store's folder is there */
        pid_t pid = fork();
        if (pid == 0)
            look_around(&f);
        assert_int_equal(status_of(pid), 0);
    }
    struct stat st;
    assert_int_equal(stat(f.store, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    remove_folders(&f);
}

static void a_store_folder_of_another_user_is_not_taken(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    struct folders f;
    make_folders(&f);
    assert_int_equal(mkdir(f.store, 0755), 0);
    pid_t pid = fork();
    if (pid == 0) {
        struct error err;
        struct privileges p = {.user = "nobody", .files_most = 64, .state = f.state, .store = f.store};
        must(privileges_drop(&p, &err) == -EPERM);
        must(strstr(err.text, "chown -R "));
        _exit(0);
    }
    assert_int_equal(status_of(pid), 0);
    struct stat st;
    assert_int_equal(stat(f.store, &st), 0);
    assert_int_equal(st.st_uid, 0);
    remove_folders(&f);
}

/* ---- threads ---- */

static void *try_in_thread(void *go)
{
    char byte;
    while (read(*(int *)go, &byte, 1) != 1)
        ;
    must(socket(AF_INET, SOCK_STREAM, 0) < 0);
    must(openat(AT_FDCWD, "/x", O_CREAT | O_WRONLY, 0600) < 0);
    must(prctl(PR_SET_DUMPABLE, 1) < 0);
    must(setresuid(0, 0, 0) < 0);
    _exit(0);
}

static void a_thread_that_was_there_before_the_filter_is_under_it(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    pid_t pid = fork();
    if (pid == 0) {
        struct error err;
        pthread_t thread;
        int ends[2];
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        must(pipe(ends) == 0);
        struct privileges p = {.user = "nobody", .files_most = 64, .keep = ends, .keep_count = 2};
        must(privileges_drop(&p, &err) == 0);
        must(pthread_create(&thread, NULL, try_in_thread, &ends[0]) == 0);
        must(filter_install(&err) == 0);
        must(write(ends[1], "g", 1) == 1);
        pthread_join(thread, NULL);
        _exit(1);
    }
    assert_int_equal(status_of(pid), 0);
}

static void descriptors_that_are_not_named_are_closed(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    pid_t pid = fork();
    if (pid == 0) {
        int kept = fcntl(0, F_DUPFD, 20),
            others[] = {fcntl(0, F_DUPFD, 3), fcntl(0, F_DUPFD, 19), fcntl(0, F_DUPFD, 40)};
        struct error err;
        struct privileges p = {.user = "nobody", .files_most = 64, .keep = &kept, .keep_count = 1};
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        int bad =
            privileges_drop(&p, &err) < 0 || fcntl(kept, F_GETFD) != FD_CLOEXEC || fcntl(2, F_GETFD) < 0;
        for (size_t i = 0; i < array_length(others); i++)
            bad |= fcntl(others[i], F_GETFD) >= 0;
        _exit(bad);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void root_is_no_user_for_it(void **state)
{
    (void)state;
    struct error err;
    struct privileges p = {.user = "root", .files_most = 64};
    assert_int_equal(privileges_drop(&p, &err), -EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_left_but_sockets_and_the_clock),
        cmocka_unit_test(of_the_host_it_sees_files_of_the_state_folder_and_writes_what_is_open),
        cmocka_unit_test(a_store_folder_of_another_user_is_not_taken),
        cmocka_unit_test(a_thread_that_was_there_before_the_filter_is_under_it),
        cmocka_unit_test(descriptors_that_are_not_named_are_closed),
        cmocka_unit_test(root_is_no_user_for_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
