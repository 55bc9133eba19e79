/* What the store does when the world is not as it should be: a killed process, a full disk, a database that
 * is old, new, foreign or damaged, another process that holds the lock. */
#include "house.h"
#include "store/internal.h"
#include "unit.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>

static const struct store_token ann = {{'a'}}, bob = {{'b'}}, cec = {{'c'}};

static int start_try(struct house *h, const struct store_token *who, const char *exercise, const char *code)
{
    const struct store_try try = {.code = code, .size = strlen(code), .verdict = STORE_FAIL};
    return store_add_try(h->store, who, exercise, &try, house_done, h);
}

static int64_t add_try(struct house *h, const char *exercise, const char *code)
{
    int r = start_try(h, &ann, exercise, code);
    return r < 0 ? r : house_wait(h);
}

static unsigned tries_of(struct house *h, const struct store_token *who, const char *exercise)
{
    struct store_learner learner;
    struct store_work work;
    if (store_learner(h->store, who, &learner) < 0)
        return 0;
    return store_work(h->store, learner.id, exercise, &work) == 0 ? work.tries : 0;
}

/* ---- killed ---- */

/* Writes tries for ever and says the number of each once it was acknowledged. */
static void write_until_killed(struct house *h, int out)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    struct error err;
    h->loop = event_base_new();
    if (store_open(&h->store, h->path, &err) < 0 || store_start(h->store, h->loop, &err) < 0)
        _exit(1);
    for (uint32_t number = 0;; number++) {
        char exercise[32];
        snprintf(exercise, sizeof exercise, "c/l/e%u", number);
        if (add_try(h, exercise, "code") < 0 || write_all(out, &number, sizeof number) < 0)
            _exit(2);
    }
}

static void what_was_acknowledged_survives_kill_9(void **state)
{
    struct house *h = *state;
    house_close(h);
    uint32_t last = 0;
    for (unsigned round = 1; round <= 5; round++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        pid_t pid = fork();
        if (pid == 0)
            write_until_killed(h, ends[1]);
        close(ends[1]);
        uint32_t number;
        for (unsigned i = 0; i < 20 * round + round; i++)
            assert_int_equal(read_all(ends[0], &number, sizeof number), sizeof number);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        while (read_all(ends[0], &number, sizeof number) == sizeof number) /* up to the very end */
            ;
        close(ends[0]);
        last = number > last ? number : last;
        house_open(h);
        for (uint32_t i = 0; i <= last; i++) {
            char exercise[32];
            snprintf(exercise, sizeof exercise, "c/l/e%u", i);
            assert_true(tries_of(h, &ann, exercise) > 0);
        }
        house_close(h);
    }
    house_open(h);
}

/* ---- the disk ---- */

/* A small disk of this test's own. */
static void mount_small(struct house *h)
{
    house_close(h);
    if (unshare(CLONE_NEWNS) < 0)
        skip();
    assert_int_equal(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
    assert_int_equal(mount("small", h->folder, "tmpfs", 0, "size=2m"), 0);
    house_open(h);
}

static void fill_disk(const char *path)
{
    static const char block[4096];
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    while (write(fd, block, sizeof block) > 0)
        ;
    close(fd);
}

static void a_full_disk_refuses_writes_until_there_is_room(void **state)
{
    struct house *h = *state;
    if (geteuid() != 0)
        skip();
    mount_small(h);
    struct error err;
    char ballast[96], exercise[32];
    unsigned kept = 0;
    snprintf(ballast, sizeof ballast, "%s/ballast", h->folder);
    fill_disk(ballast);
    int64_t r = 0;
    for (; r >= 0 && kept < 10000; kept++) {
        snprintf(exercise, sizeof exercise, "c/l/e%u", kept);
        r = add_try(h, exercise, "some code that takes its room on the disk");
    }
    kept--; /* the last was refused */
    assert_int_equal(r, -ENOSPC);
    assert_false(store_ready(h->store, &err));
    assert_non_null(strstr(err.text, "No space left"));
    unlink(ballast);
    while (!store_ready(h->store, &err)) /* it tries by itself */
        event_base_loop(h->loop, EVLOOP_ONCE);
    assert_true(add_try(h, exercise, "again") > 0);
    house_reopen(h);
    for (unsigned i = 0; i <= kept; i++) {
        snprintf(exercise, sizeof exercise, "c/l/e%u", i);
        assert_int_equal(tries_of(h, &ann, exercise), 1);
    }
    house_empty(h);
    umount2(h->folder, MNT_DETACH);
}

static void another_process_that_writes_is_waited_for_and_readers_wait_for_nobody(void **state)
{
    struct house *h = *state;
    sqlite3 *other;
    assert_true(add_try(h, "c/l/e", "1") > 0);
    assert_int_equal(sqlite3_open(h->path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(start_try(h, &ann, "c/l/e", "2"), 0);
    assert_int_equal(tries_of(h, &ann, "c/l/e"), 1);
    assert_int_equal(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    assert_true(house_wait(h) > 0);
    assert_int_equal(tries_of(h, &ann, "c/l/e"), 2);
    sqlite3_close(other);
}

static void a_lock_that_is_never_given_back_is_an_error_and_no_readiness(void **state)
{
    struct house *h = *state;
    struct error err;
    sqlite3 *other;
    assert_int_equal(sqlite3_open(h->path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(add_try(h, "c/l/e", "1"), -EBUSY);
    assert_false(store_ready(h->store, &err));
    assert_int_equal(tries_of(h, &ann, "c/l/e"), 0);
    sqlite3_close(other);
    while (!store_ready(h->store, &err))
        event_base_loop(h->loop, EVLOOP_ONCE);
}

/* ---- many at once ---- */

static void a_write_that_fails_takes_no_other_with_it(void **state)
{
    struct house *h = *state;
    static const struct store_token fresh[3] = {{{'x'}}, {{'y'}}, {{'z'}}};
    assert_int_equal(start_try(h, &ann, "c/l/e", "1"), 0);
    assert_int_equal(store_sign_up(h->store, &bob, &fresh[0], "name", "p", house_done, h), 0);
    assert_int_equal(store_sign_up(h->store, &cec, &fresh[1], "name", "p", house_done, h), 0);
    assert_int_equal(start_try(h, &ann, "c/l/e", "2"), 0);
    while (h->told < 4)
        event_base_loop(h->loop, EVLOOP_ONCE);
    struct store_learner learner;
    assert_int_equal(tries_of(h, &ann, "c/l/e"), 2);
    assert_int_equal(store_learner(h->store, &fresh[0], &learner), 0);
    assert_int_equal(store_learner(h->store, &fresh[1], &learner), -ENOENT);
    assert_int_equal(house_number(h, "SELECT count(*) FROM learners"), 2); /* nothing is left of the third */
}

static void more_writes_than_may_wait_are_refused_and_all_others_done(void **state)
{
    struct house *h = *state;
    unsigned taken = 0;
    int r;
    while ((r = start_try(h, &ann, "c/l/e", "x")) == 0 && taken <= STORE_WAITING_MOST)
        taken++;
    assert_int_equal(r, -EAGAIN);
    assert_int_equal(taken, STORE_WAITING_MOST);
    while (h->told < taken)
        event_base_loop(h->loop, EVLOOP_ONCE);
    assert_int_equal(tries_of(h, &ann, "c/l/e"), taken);
}

static void what_waits_is_written_before_the_store_closes(void **state)
{
    struct house *h = *state;
    for (unsigned i = 0; i < 100; i++)
        assert_int_equal(start_try(h, &ann, "c/l/e", "x"), 0);
    house_reopen(h);
    assert_int_equal(h->told, 100);
    assert_int_equal(tries_of(h, &ann, "c/l/e"), 100);
}

/* ---- schemas ---- */

static void every_older_schema_is_brought_up_to_date_with_what_it_holds(void **state)
{
    static const char people[] = "INSERT INTO learners VALUES(7, 1, 1);"
                                 "INSERT INTO sessions VALUES(X'61"
                                 "00000000000000000000000000000000000000000000000000000000000000', 7, 1);";
    static const char work[] = "INSERT INTO work VALUES(7, 'c/l/e', 3, 0, 1000, 4000);"
                               "INSERT INTO work VALUES(7, 'c/l/f', 1, 0, 1000, 0);";
    struct house *h = *state;
    for (int version = 1; version <= schema_version(); version++) {
        struct database db;
        struct error err;
        struct store_learner learner;
        house_close(h);
        house_empty(h);
        assert_int_equal(database_open(&db, h->path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &err), 0);
        assert_int_equal(schema_migrate(&db, version, &err), 0);
        assert_int_equal(database_exec(&db, people, &err), 0);
        assert_int_equal(version >= 2 ? database_exec(&db, work, &err) : 0, 0);
        database_close(&db);
        house_open(h);
        struct store_token token = {{'a'}};
        assert_int_equal(store_learner(h->store, &token, &learner), 0);
        assert_int_equal(learner.id, 7);
        assert_int_equal(tries_of(h, &token, "c/l/e"), version >= 2 ? 3 : 0);
    }
}

static void keep_figures(void *context, const struct store_figures *f)
{
    struct store_figures *figures = context;
    if (!strcmp(f->exercise, "c/l/e"))
        *figures = *f;
}

static void figures_are_made_of_the_work_that_was_there_before_them(void **state)
{
    struct house *h = *state;
    struct database db;
    struct error err;
    struct store_figures f = {0};
    house_close(h);
    house_empty(h);
    assert_int_equal(database_open(&db, h->path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &err), 0);
    assert_int_equal(schema_migrate(&db, 3, &err), 0);
    assert_int_equal(
        database_exec(&db,
                      "INSERT INTO learners VALUES(1, 1, 1), (2, 1, 1);"
                      "INSERT INTO work VALUES(1, 'c/l/e', 3, 0, 1000, 4000), (2, 'c/l/e', 2, 0, 1, 0)",
                      &err),
        0);
    database_close(&db);
    house_open(h);
    assert_int_equal(store_figures(h->store, "", keep_figures, &f), 1);
    assert_int_equal(f.learners, 2);
    assert_int_equal(f.tries, 5);
    assert_int_equal(f.passes, 1);
    assert_int_equal(f.median_ms, 3000);
}

/* The error of opening what `sql` makes of the database. */
static void assert_refused(struct house *h, const char *sql, const char *why)
{
    struct error err = {0};
    struct store *store = NULL;
    house_close(h);
    house_empty(h);
    house_open(h);
    house_close(h);
    house_sql(h, sql);
    assert_true(store_open(&store, h->path, &err) < 0);
    if (!strstr(err.text, why))
        fail_msg("'%s' does not say '%s'", err.text, why);
    assert_non_null(strstr(err.text, h->path));
}

static void a_newer_schema_and_other_peoples_databases_are_left_alone(void **state)
{
    struct house *h = *state;
    assert_refused(h, "PRAGMA user_version = 99", "newer phial");
    assert_refused(h, "PRAGMA application_id = 5", "another program");
    assert_refused(h, "PRAGMA application_id = 0", "another program");
    assert_refused(h, "DROP TABLE figures; PRAGMA user_version = 3; CREATE VIEW figures AS SELECT 1",
                   "bring the schema to version 4");
    house_empty(h);
}

static void damage_is_found_at_the_start(void **state)
{
    struct house *h = *state;
    for (unsigned i = 0; i < 200; i++) {
        char exercise[32];
        snprintf(exercise, sizeof exercise, "c/l/e%u", i);
        assert_int_equal(start_try(h, &ann, exercise, "some code"), 0);
    }
    house_close(h);
    house_sql(h, "PRAGMA wal_checkpoint(TRUNCATE)");
    int fd = open(h->path, O_WRONLY | O_CLOEXEC);
    char junk[4096];
    memset(junk, 0x5a, sizeof junk);
    off_t size = lseek(fd, 0, SEEK_END);
    assert_int_equal(pwrite(fd, junk, sizeof junk, size - (off_t)sizeof junk), sizeof junk);
    struct error err;
    struct store *store;
    assert_true(store_open(&store, h->path, &err) < 0);
    assert_non_null(strstr(err.text, "put the last backup in its place"));
    assert_int_equal(pwrite(fd, junk, 100, 0), 100);
    assert_true(store_open(&store, h->path, &err) < 0);
    close(fd);
}

/* ---- backup ---- */

static void a_backup_of_a_busy_store_is_whole_and_can_take_its_place(void **state)
{
    struct house *h = *state;
    char copy[96];
    struct error err;
    snprintf(copy, sizeof copy, "%s/copy", h->folder);
    for (unsigned i = 0; i < 50; i++)
        assert_true(add_try(h, "c/l/e", "x") > 0);
    for (unsigned i = 0; i < 500; i++) /* while they are written */
        assert_int_equal(start_try(h, &ann, "c/l/e", "y"), 0);
    if (store_backup(h->path, copy, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(store_backup(h->path, copy, &err), -EEXIST);
    while (h->told < 550)
        event_base_loop(h->loop, EVLOOP_ONCE);
    assert_int_equal(tries_of(h, &ann, "c/l/e"), 550);
    house_close(h);
    house_empty_but(h, "copy");
    assert_int_equal(rename(copy, h->path), 0);
    house_open(h);
    unsigned tries = tries_of(h, &ann, "c/l/e");
    assert_in_range(tries, 50, 550);
    assert_true(add_try(h, "c/l/e", "z") > 0);
    assert_int_equal(tries_of(h, &ann, "c/l/e"), tries + 1);
}

static void a_backup_of_nothing_is_an_error_and_leaves_no_file(void **state)
{
    struct house *h = *state;
    char none[96], copy[96];
    struct error err;
    snprintf(none, sizeof none, "%s/none", h->folder);
    snprintf(copy, sizeof copy, "%s/copy", h->folder);
    assert_int_equal(store_backup(none, copy, &err), -ENOENT);
    assert_int_not_equal(access(copy, F_OK), 0);
    assert_int_not_equal(access(none, F_OK), 0);
}

static void a_folder_that_is_not_there_is_named(void **state)
{
    (void)state;
    struct error err;
    struct store *store;
    assert_int_equal(store_open(&store, "/nowhere/site.db", &err), -ENOENT);
    assert_non_null(strstr(err.text, "/nowhere/site.db"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_build, house_leave)
    const struct CMUnitTest tests[] = {
        TEST(what_was_acknowledged_survives_kill_9),
        TEST(a_full_disk_refuses_writes_until_there_is_room),
        TEST(another_process_that_writes_is_waited_for_and_readers_wait_for_nobody),
        TEST(a_lock_that_is_never_given_back_is_an_error_and_no_readiness),
        TEST(a_write_that_fails_takes_no_other_with_it),
        TEST(more_writes_than_may_wait_are_refused_and_all_others_done),
        TEST(what_waits_is_written_before_the_store_closes),
        TEST(every_older_schema_is_brought_up_to_date_with_what_it_holds),
        TEST(figures_are_made_of_the_work_that_was_there_before_them),
        TEST(a_newer_schema_and_other_peoples_databases_are_left_alone),
        TEST(damage_is_found_at_the_start),
        TEST(a_backup_of_a_busy_store_is_whole_and_can_take_its_place),
        TEST(a_backup_of_nothing_is_an_error_and_leaves_no_file),
        cmocka_unit_test(a_folder_that_is_not_there_is_named),
    };
    return unit_run(tests);
}
