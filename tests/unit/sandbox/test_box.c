/* Boxes for real: a ground with an image that holds one static program, made in namespaces of our own. */
#include "sandbox/internal.h"

#include "unit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* Slots and uids that no executor takes; several of these tests may run at once. */
enum { SLOT_FIRST = 1100, UIDS_FIRST = 2080374784 };

static unsigned slot;
static int many = 1000;
#define UID_BASE (UIDS_FIRST + (slot - SLOT_FIRST) * UIDS)
static const char *fixture_path;
static struct ground *ground;
static struct filter filter;

static struct box *make_box(uint64_t memory, uint64_t processes, uint64_t disk)
{
    struct box_spec spec = {"test", {memory, processes, 0}, disk, 100};
    struct error err = {0};
    struct box *b;
    if (box_make(ground, &spec, &b, &err) < 0)
        fail_msg("%s", err.text);
    while (box_state(b) == BOX_MAKING)
        if (box_step(b, &err) < 0)
            fail_msg("%s", err.text);
    return b;
}

static struct program *start(struct box *b, const int *fds, size_t fd_count, const char *const *argv)
{
    static const char *const env[] = {"NAME=value", NULL};
    struct program_spec spec = {argv, env, fds, fd_count, &filter};
    struct error err = {0};
    struct program *p;
    if (program_start(b, &spec, &p, &err) < 0)
        fail_msg("%s", err.text);
    while (program_state(p) == PROGRAM_STARTING)
        if (program_step(p, &err) < 0)
            fail_msg("%s", err.text);
    return p;
}

static bool readable(int fd, int ms)
{
    struct pollfd p = {fd, POLLIN, 0};
    return poll(&p, 1, ms) == 1;
}

static struct program_end end_of(struct program *p)
{
    struct program_end end;
    assert_true(readable(program_pidfd(p), 20000));
    assert_int_equal(program_reap(p, &end), 0);
    program_free(p);
    return end;
}

static void end_box(struct box *b)
{
    struct error err = {0};
    int r;
    box_kill(b);
    assert_true(readable(box_init_fd(b), 5000));
    while ((r = box_reap(b, &err)) == -EBUSY)
        poll(NULL, 0, 1);
    if (r < 0)
        fail_msg("%s", err.text);
    box_free(b);
}

static struct program_end run(struct box *b, const char *const *argv)
{
    cleanup_fd int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    const int fds[] = {null, null, null};
    return end_of(start(b, fds, 3, argv));
}
#define RUN(b, ...) run(b, (const char *const[]){"/fixture", __VA_ARGS__, NULL})

static void put(struct box *b, const char *name, const char *text, int expected)
{
    struct error err = {0};
    cleanup_fd int memfd = memfd_sealed("test", text, strlen(text));
    assert_int_equal(box_put_file(b, name, 0644, memfd, 0, strlen(text), &err), 0);
    int r = 0;
    while (box_pending(b) > 0)
        r = box_step(b, &err);
    assert_int_equal(r, expected);
}

static void exit_codes_and_signals_come_from_the_kernel(void **state)
{
    (void)state;
    struct box *b = make_box(64 << 20, 16, 1 << 20);
    struct program_end end = RUN(b, "exit", "0");
    assert_true(!end.signaled && end.code == 0);
    end = RUN(b, "exit", "7");
    assert_true(!end.signaled && end.code == 7);
    end = RUN(b, "signal", "11");
    assert_true(end.signaled && end.code == SIGSEGV);
    end_box(b);
}

static void a_program_gets_its_arguments_environment_and_descriptors(void **state)
{
    (void)state;
    struct box *b = make_box(64 << 20, 16, 1 << 20);
    int out[2];
    char text[64] = "";
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    const int fds[] = {out[1], out[1], out[1]};
    struct program *p = start(b, fds, 3, (const char *const[]){"/fixture", "print", "hello", NULL});
    close(out[1]);
    assert_int_equal(end_of(p).code, 0);
    assert_true(read(out[0], text, sizeof text - 1) > 0);
    assert_string_equal(text, "hello value 2\n");
    assert_int_equal(read(out[0], text, 1), 0); /* no other process holds the pipe */
    close(out[0]);
    end_box(b);
}

static void files_are_put_below_the_work_folder_only(void **state)
{
    (void)state;
    struct box *b = make_box(64 << 20, 16, 1 << 20);
    put(b, "a/b/file.txt", "text", 0);
    assert_int_equal(RUN(b, "exists", "/work/a/b/file.txt").code, 1);
    put(b, "../../fixture2", "text", -EXDEV); /* openat2 with RESOLVE_BENEATH */
    put(b, "a/b/file.txt", "again", -EEXIST);
    struct error err = {0};
    cleanup_fd int open_memfd = memfd_create("open", MFD_CLOEXEC);
    assert_int_equal(box_put_file(b, "x", 0644, open_memfd, 0, 0, &err), -EPERM);
    end_box(b);
}

static void a_program_that_cannot_be_executed_is_an_error_with_its_step(void **state)
{
    (void)state;
    struct box *b = make_box(64 << 20, 16, 1 << 20);
    cleanup_fd int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    static const char *const argv[] = {"/no/such/program", NULL};
    struct program_spec spec = {argv, NULL, &null, 1, &filter};
    struct error err = {0};
    struct program *p;
    assert_int_equal(program_start(b, &spec, &p, &err), 0);
    int r = 0;
    while (r == 0 && program_state(p) == PROGRAM_STARTING)
        r = program_step(p, &err);
    assert_int_equal(r, -ENOENT);
    assert_non_null(strstr(err.text, "exec"));
    struct program_end end;
    assert_true(readable(program_pidfd(p), 5000));
    assert_int_equal(program_reap(p, &end), 0);
    program_free(p);
    end_box(b);
}

static void clearing_a_box_ends_daemons_but_keeps_files(void **state)
{
    (void)state;
    struct box *b = make_box(64 << 20, 16, 1 << 20);
    struct error err = {0};
    struct cgroup_usage usage;
    put(b, "kept", "x", 0);
    assert_int_equal(RUN(b, "daemon").code, 0);
    box_usage(b, USAGE_ALL, &usage);
    assert_int_equal(usage.processes, 2); /* init and the daemon */
    assert_int_equal(box_clear(b, &err), 0);
    assert_int_equal(box_step(b, &err), 0);
    box_usage(b, USAGE_ALL, &usage);
    assert_int_equal(usage.processes, 1);
    assert_int_equal(RUN(b, "exists", "/work/kept").code, 1);
    end_box(b);
}

static void nothing_in_a_box_outlives_it(void **state)
{
    (void)state;
    struct box *b = make_box(64 << 20, 16, 1 << 20);
    cleanup_fd int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    struct program *p = start(b, &null, 1, (const char *const[]){"/fixture", "pause", NULL});
    assert_int_equal(RUN(b, "daemon").code, 0);
    assert_int_equal(RUN(b, "kill-all").code, 0); /* which cannot reach init */
    assert_false(readable(box_init_fd(b), 50));
    box_kill(b);
    struct program_end end = end_of(p);
    assert_true(end.signaled && end.code == SIGKILL);
    end_box(b);
}

static void limits_hold(void **state)
{
    (void)state;
    struct box *b = make_box(16 << 20, 8, 1 << 20);
    struct cgroup_usage usage;
    assert_int_equal(RUN(b, "disk").code, 16); /* 16 x 64 KiB */
    /* init and the program itself are among the eight */
    assert_int_equal(RUN(b, "forks").code, 6);
    struct error err = {0};
    assert_int_equal(box_clear(b, &err), 0);
    assert_int_equal(box_step(b, &err), 0);
    struct program_end end = RUN(b, "memory");
    assert_true(end.signaled && end.code == SIGKILL);
    box_usage(b, USAGE_ALL, &usage);
    assert_true(usage.oom_killed);
    assert_true(usage.memory_peak_bytes <= 16 << 20);
    assert_true(box_oom_fd(b) < 0 || readable(box_oom_fd(b), 1000));
    end_box(b);
}

static void a_box_can_be_killed_while_it_is_made(void **state)
{
    (void)state;
    struct box_spec spec = {"test", {64 << 20, 16, 0}, 1 << 20, 100};
    struct error err = {0};
    struct box *b;
    assert_int_equal(box_make(ground, &spec, &b, &err), 0);
    box_kill(b);
    while (box_init_fd(b) < 0)
        (void)box_step(b, &err);
    end_box(b);
}

static void an_unknown_image_is_refused_before_anything_is_made(void **state)
{
    (void)state;
    struct box_spec spec = {"none", {64 << 20, 16, 0}, 1 << 20, 100};
    struct error err = {0};
    struct box *b = NULL;
    assert_int_equal(box_make(ground, &spec, &b, &err), -ENOENT);
    assert_null(b);
}

static void live_boxes_have_uids_of_their_own(void **state)
{
    (void)state;
    struct box *a = make_box(64 << 20, 16, 1 << 20), *b = make_box(64 << 20, 16, 1 << 20);
    assert_true(a->uid != b->uid && a->uid >= UID_FIRST && b->uid >= UID_FIRST);
    end_box(a);
    end_box(b);
}

static void the_look_from_outside_sees_a_difference(void **state)
{
    (void)state;
    struct box *b = make_box(64 << 20, 16, 1 << 20);
    struct error err = {0};
    struct expectation want = {.uid = UID_BASE + b->uid, .filtered = true, .extra = INIT_SOCKET};
    assert_int_equal(check_from_outside(b->init, &want, &err), 0);
    want.uid++;
    assert_int_equal(check_from_outside(b->init, &want, &err), -EPERM);
    assert_non_null(strstr(err.text, "Uid"));
    want.uid--;
    cleanup_fd int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    const int fds[] = {null, null, null};
    struct program *p = start(b, fds, 3, (const char *const[]){"/fixture", "pause", NULL});
    want.extra = 2;
    want.fds = 2;
    assert_int_equal(check_from_outside(program_pidfd(p), &want, &err), 0);
    want.fds = 1;
    assert_int_equal(check_from_outside(program_pidfd(p), &want, &err), -EPERM);
    assert_non_null(strstr(err.text, "descriptor 1"));
    assert_int_equal(syscall(SYS_pidfd_send_signal, program_pidfd(p), SIGKILL, NULL, 0), 0);
    end_of(p);
    cleanup_fd int self = (int)syscall(SYS_pidfd_open, getpid(), 0); /* root with every capability */
    assert_int_equal(check_from_outside(self, &want, &err), -EPERM);
    end_box(b);
}

static size_t open_descriptors(void)
{
    size_t n = 0;
    DIR *d = opendir("/proc/self/fd");
    while (readdir(d))
        n++;
    closedir(d);
    return n;
}

static void many_boxes_leave_nothing_behind(void **state)
{
    (void)state;
    size_t before = open_descriptors();
    for (int i = 0; i < many; i++) {
        struct box *b = make_box(64 << 20, 16, 1 << 20);
        assert_int_equal(RUN(b, i % 2 ? "daemon" : "exit", "0").code, 0);
        end_box(b);
    }
    assert_true(open_descriptors() <= before + 2 * NETWORKS_KEPT);
    DIR *folder =
        fdopendir(openat(ground->cgroups->hierarchies[0].dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    for (struct dirent *e; (e = readdir(folder));)
        assert_false(e->d_name[0] == 'r');
    closedir(folder);
}

static void make_image(const char *fixture)
{
    static const char *const folders[] = {"/mnt/proc", "/mnt/dev", "/mnt/work", "/mnt/tmp"};
    cleanup_free char *bytes = NULL;
    size_t size;
    struct error err = {0};
    assert_int_equal(mount("test", "/mnt", "tmpfs", 0, "mode=755"), 0);
    for (size_t i = 0; i < array_length(folders); i++)
        assert_int_equal(mkdir(folders[i], 0755), 0);
    if (read_file_at(AT_FDCWD, fixture, 16 << 20, &bytes, &size, &err) < 0)
        fail_msg("%s", err.text);
    cleanup_fd int file = open("/mnt/fixture", O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
    assert_int_equal(write_all(file, bytes, size), 0);
}

static int set_up(void **state)
{
    (void)state;
    struct ground_image image = {"test", "/mnt"};
    struct ground_options options = {&image, 1, slot, UID_BASE, true, true};
    struct error err = {0};
    assert_int_equal(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
    assert_int_equal(mount("proc", "/proc", "proc", 0, NULL), 0);
    make_image(fixture_path);
    if (filter_compile(&filter, NULL, &err) < 0 || ground_start(&ground, &options, &err) < 0) {
        fprintf(stderr, "%s\n", err.text);
        return -1;
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    filter_close(&filter);
    ground_stop(ground);
    return 0;
}

static int all_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exit_codes_and_signals_come_from_the_kernel),
        cmocka_unit_test(a_program_gets_its_arguments_environment_and_descriptors),
        cmocka_unit_test(files_are_put_below_the_work_folder_only),
        cmocka_unit_test(a_program_that_cannot_be_executed_is_an_error_with_its_step),
        cmocka_unit_test(clearing_a_box_ends_daemons_but_keeps_files),
        cmocka_unit_test(nothing_in_a_box_outlives_it),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(a_box_can_be_killed_while_it_is_made),
        cmocka_unit_test(an_unknown_image_is_refused_before_anything_is_made),
        cmocka_unit_test(live_boxes_have_uids_of_their_own),
        cmocka_unit_test(the_look_from_outside_sees_a_difference),
        cmocka_unit_test(many_boxes_leave_nothing_behind),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

int main(int argc, char **argv)
{
    if (argc < 2 || argc > 3 || geteuid() != 0) {
        fprintf(stderr, "usage, as root: %s FIXTURE [BOXES]\n", argv[0]);
        return 77; /* meson: skipped */
    }
    fixture_path = argv[1];
    many = argc == 3 ? atoi(argv[2]) : many;
    slot = SLOT_FIRST + (unsigned)getpid() % 900;
    struct clone_args args = {.flags = CLONE_NEWPID | CLONE_NEWNS, .exit_signal = SIGCHLD};
    long pid = syscall(SYS_clone3, &args, sizeof args);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        exit(all_tests());
    }
    int status = 1;
    waitpid((pid_t)pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
