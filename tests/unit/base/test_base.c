#include "unit.h"

#include "base/base.h"
#include "base/loop.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>

static void an_error_carries_what_was_tried_and_why(void **state)
{
    (void)state;
    struct error err;
    assert_int_equal(error_set(&err, ENOENT, "open %s: %m", "a.txt"), -ENOENT);
    assert_int_equal(err.code, ENOENT);
    assert_string_equal(err.text, "open a.txt: No such file or directory");
    assert_int_equal(error_context(&err, "start"), -ENOENT);
    assert_string_equal(err.text, "start: open a.txt: No such file or directory");
    assert_int_equal(error_set(NULL, EPERM, "nobody listens"), -EPERM);
}

static void a_context_that_does_not_fit_is_cut(void **state)
{
    (void)state;
    struct error err;
    char long_text[1500];
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = 0;
    error_set(&err, EIO, "%s", long_text);
    error_context(&err, "%s", long_text);
    assert_true(strlen(err.text) < sizeof err.text);
    assert_string_equal(err.text + strlen(err.text) - 3, "...");
}

/* ---- packed messages ---- */

static void what_was_packed_is_unpacked(void **state)
{
    (void)state;
    struct packer p = {0};
    pack_u8(&p, 200);
    pack_u32(&p, 0xdeadbeef);
    pack_u64(&p, UINT64_MAX - 1);
    pack_string(&p, "text");
    pack_bytes(&p, "a\0b", 3);
    pack_bytes(&p, NULL, 0);
    assert_false(p.failed);
    struct unpacker u = {.data = p.data, .size = p.size};
    assert_int_equal(unpack_u8(&u), 200);
    assert_int_equal(unpack_u32(&u), 0xdeadbeef);
    assert_true(unpack_u64(&u) == UINT64_MAX - 1);
    cleanup_free char *text = unpack_string(&u, 10);
    assert_string_equal(text, "text");
    size_t n;
    const uint8_t *bytes = unpack_bytes(&u, &n);
    assert_int_equal(n, 3);
    assert_memory_equal(bytes, "a\0b", 3);
    unpack_bytes(&u, &n);
    assert_int_equal(n, 0);
    assert_true(unpack_done(&u));
    packer_free(&p);
}

static void a_message_cut_anywhere_fails_to_unpack(void **state)
{
    (void)state;
    struct packer p = {0};
    pack_u32(&p, 7);
    pack_string(&p, "some text");
    pack_u64(&p, 8);
    for (size_t cut = 0; cut < p.size; cut++) {
        struct unpacker u = {.data = p.data, .size = cut};
        unpack_u32(&u);
        cleanup_free char *text = unpack_string(&u, 100);
        unpack_u64(&u);
        assert_false(unpack_done(&u));
    }
    packer_free(&p);
}

static void a_length_beyond_the_message_or_the_bound_is_refused(void **state)
{
    (void)state;
    static const uint8_t huge[] = {0xff, 0xff, 0xff, 0xff, 'a'};
    struct unpacker u = {.data = huge, .size = sizeof huge};
    size_t n;
    assert_non_null(unpack_bytes(&u, &n));
    assert_int_equal(n, 0);
    assert_true(u.failed);
    static const uint8_t text[] = {3, 0, 0, 0, 'a', 'b', 'c'};
    u = (struct unpacker){.data = text, .size = sizeof text};
    assert_null(unpack_string(&u, 2));
    static const uint8_t zero[] = {3, 0, 0, 0, 'a', 0, 'c'};
    u = (struct unpacker){.data = zero, .size = sizeof zero};
    assert_null(unpack_string(&u, 10));
}

static void bytes_left_over_are_a_fault(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {1, 2};
    struct unpacker u = {.data = bytes, .size = sizeof bytes};
    unpack_u8(&u);
    assert_false(unpack_done(&u));
}

/* ---- text ---- */

static void utf8_is_judged_by_the_standard(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool valid;
    } cases[] = {
        {"", true},
        {"plain", true},
        {"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", true},
        {"\xf4\x8f\xbf\xbf", true},
        {"\xf4\x90\x80\x80", false}, /* above U+10FFFF */
        {"\xed\xa0\x80", false},     /* a surrogate */
        {"\xc0\xaf", false},         /* overlong */
        {"\xe0\x80\xaf", false},     /* overlong */
        {"\xe2\x82", false},         /* cut */
        {"\x80", false},
        {"\xff", false},
    };
    for (size_t i = 0; i < array_length(cases); i++)
        assert_int_equal(utf8_valid(cases[i].text, strlen(cases[i].text)), cases[i].valid);
}

static void bad_bytes_are_replaced_by_their_longest_prefix(void **state)
{
    (void)state;
    static const struct {
        const char *text, *replaced;
    } cases[] = {
        {"a\xff"
         "b",
         "a\xef\xbf\xbd"
         "b"},
        {"\xe2\x82"
         "x",
         "\xef\xbf\xbdx"},
        {"\xf0\x9f\x98", "\xef\xbf\xbd"},
        {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xc3\xa9", "\xc3\xa9"},
    };
    for (size_t i = 0; i < array_length(cases); i++) {
        size_t n;
        cleanup_free char *text = utf8_replace(cases[i].text, strlen(cases[i].text), &n);
        assert_string_equal(text, cases[i].replaced);
        assert_int_equal(n, strlen(text));
    }
}

static void base64_goes_there_and_back(void **state)
{
    (void)state;
    uint8_t bytes[64];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 37 + 200);
    for (size_t n = 0; n <= sizeof bytes; n++) {
        cleanup_free char *text = base64_encode(bytes, n);
        cleanup_free uint8_t *back = NULL;
        size_t size = 99;
        assert_int_equal(base64_decode(text, strlen(text), &back, &size), 0);
        assert_int_equal(size, n);
        assert_memory_equal(back, bytes, n);
    }
    cleanup_free char *known = base64_encode("Man", 3);
    assert_string_equal(known, "TWFu");
}

static void bad_base64_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"a",
                                      "ab",
                                      "abc",
                                      "ab*=",
                                      "====",
                                      "a===",
                                      "ab=c",
                                      "TWFu\n",
                                      "TW=="
                                      "TWFu"};
    for (size_t i = 0; i < array_length(bad); i++) {
        uint8_t *bytes = NULL;
        size_t size;
        assert_int_equal(base64_decode(bad[i], strlen(bad[i]), &bytes, &size), -EINVAL);
    }
}

static void numbers_sizes_and_times_are_parsed_whole(void **state)
{
    (void)state;
    uint64_t v;
    assert_int_equal(parse_u64("18446744073709551615", &v), 0);
    assert_true(v == UINT64_MAX);
    assert_int_equal(parse_u64("18446744073709551616", &v), -ERANGE);
    static const char *const bad[] = {"", "-1", "+1", " 1", "1 ", "0x10", "1e3", "1.5", "k"};
    for (size_t i = 0; i < array_length(bad); i++) {
        assert_int_equal(parse_u64(bad[i], &v), -EINVAL);
        assert_int_equal(parse_size(bad[i], &v), -EINVAL);
    }
    assert_int_equal(parse_size("64KiB", &v), 0);
    assert_int_equal(v, 65536);
    assert_int_equal(parse_size("2G", &v), 0);
    assert_true(v == UINT64_C(2) << 30);
    assert_int_equal(parse_size("99999999999G", &v), -ERANGE);
    assert_int_equal(parse_duration_ms("2s", &v), 0);
    assert_int_equal(v, 2000);
    assert_int_equal(parse_duration_ms("3min", &v), 0);
    assert_int_equal(v, 180000);
    assert_int_equal(parse_duration_ms("3h", &v), -EINVAL);
}

/* ---- descriptors ---- */

static void a_message_brings_its_descriptors(void **state)
{
    (void)state;
    int pair[2], pipe_ends[2], fds[2] = {-1, -1};
    size_t count;
    char data[8];
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
    assert_int_equal(pipe2(pipe_ends, O_CLOEXEC), 0);
    assert_int_equal(message_send(pair[0], "hi", 2, pipe_ends, 2), 0);
    assert_int_equal(message_receive(pair[1], data, sizeof data, fds, 2, &count), 2);
    assert_int_equal(count, 2);
    assert_true(fcntl(fds[0], F_GETFD) & FD_CLOEXEC);
    assert_int_equal(write(fds[1], "x", 1), 1);
    assert_int_equal(read(pipe_ends[0], data, 1), 1);
    close(fds[0]);
    close(fds[1]);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    close(pair[0]);
    assert_int_equal(message_receive(pair[1], data, sizeof data, fds, 2, &count), 0);
    close(pair[1]);
}

/* Counts by the lowest free number, which is where a leaked one would be. */
static int lowest_free_fd(void)
{
    int fd = dup(0);
    close(fd);
    return fd;
}

static void descriptors_that_are_not_wanted_are_closed(void **state)
{
    (void)state;
    int pair[2], sent[3] = {0, 1, 2}, fds[1];
    size_t count;
    char data[4];
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
    int before = lowest_free_fd();
    assert_int_equal(message_send(pair[0], "hi", 2, sent, 3), 0);
    assert_int_equal(message_receive(pair[1], data, sizeof data, fds, 1, &count), 2);
    assert_int_equal(count, 1);
    close(fds[0]);
    assert_int_equal(lowest_free_fd(), before);
    assert_int_equal(message_send(pair[0], "too long", 8, sent, 3), 0);
    assert_int_equal(message_receive(pair[1], data, sizeof data, fds, 1, &count), -EMSGSIZE);
    assert_int_equal(lowest_free_fd(), before);
    close(pair[0]);
    close(pair[1]);
}

static void a_sealed_memfd_cannot_be_changed(void **state)
{
    (void)state;
    int fd = memfd_sealed("test", "data", 4);
    char back[4];
    assert_true(fd >= 0);
    assert_int_equal(memfd_check_sealed(fd), 0);
    assert_int_equal(pread_all(fd, back, 4, 0), 0);
    assert_memory_equal(back, "data", 4);
    assert_int_equal(pread_all(fd, back, 4, 1), -ENODATA);
    assert_int_equal(pwrite(fd, "x", 1, 0), -1);
    assert_int_equal(ftruncate(fd, 0), -1);
    close(fd);
    fd = memfd_create("open", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    assert_int_equal(memfd_check_sealed(fd), -EPERM);
    close(fd);
    assert_int_equal(memfd_check_sealed(0), -EPERM);
}

static void a_file_is_read_within_its_bound(void **state)
{
    (void)state;
    char path[] = "/tmp/phial-test-XXXXXX";
    cleanup_fd int fd = mkstemp(path);
    static char block[10000];
    cleanup_free char *data = NULL;
    size_t size;
    struct error err;
    memset(block, 'b', sizeof block);
    assert_int_equal(write_all(fd, block, sizeof block), 0);
    assert_int_equal(read_file_at(AT_FDCWD, path, sizeof block, &data, &size, &err), 0);
    assert_int_equal(size, sizeof block);
    assert_int_equal(data[size], 0);
    char *none = NULL;
    assert_int_equal(read_file_at(AT_FDCWD, path, sizeof block - 1, &none, &size, &err), -EFBIG);
    unlink(path);
    assert_int_equal(read_file_at(AT_FDCWD, path, 10, &none, &size, &err), -ENOENT);
    assert_non_null(strstr(err.text, path));
}

/* ---- digests ---- */

static void sha256_is_the_standards(void **state)
{
    (void)state;
    char hex[SHA256_HEX];
    sha256_hex("abc", 3, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    cleanup_fd int fd = memfd_sealed("abc", "abc", 3);
    char of_file[SHA256_HEX];
    assert_int_equal(sha256_file(fd, of_file, NULL), 0);
    assert_string_equal(of_file, hex);
}

static void random_ids_differ(void **state)
{
    (void)state;
    char a[33], b[33];
    random_hex(16, a);
    random_hex(16, b);
    assert_int_equal(strlen(a), 32);
    assert_string_not_equal(a, b);
}

static void only_our_end_of_a_pipe_does_not_block(void **state)
{
    (void)state;
    for (int we_read = 0; we_read < 2; we_read++) {
        int ours, theirs;
        char byte = 'x';
        assert_int_equal(pipe_open(we_read, &ours, &theirs, NULL), 0);
        assert_true(fcntl(ours, F_GETFL) & O_NONBLOCK);
        assert_false(fcntl(theirs, F_GETFL) & O_NONBLOCK);
        assert_true(fcntl(ours, F_GETFD) & fcntl(theirs, F_GETFD) & FD_CLOEXEC);
        assert_int_equal(write(we_read ? theirs : ours, &byte, 1), 1);
        assert_int_equal(read(we_read ? ours : theirs, &byte, 1), 1);
        close(ours);
        close(theirs);
    }
}

static void count_and_stop(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    ++*(int *)context;
}

static void an_event_is_what_it_was_last_made(void **state)
{
    (void)state;
    struct event_base *loop = event_base_new();
    struct event event = {0};
    int ours, theirs, watched = 0, timed = 0;
    loop_unwatch(&event);
    assert_int_equal(pipe_open(true, &ours, &theirs, NULL), 0);
    assert_int_equal(write(theirs, "x", 1), 1);
    assert_int_equal(loop_watch(&event, loop, ours, EV_READ, count_and_stop, &watched, NULL), 0);
    event_base_loop(loop, EVLOOP_ONCE);
    event_base_loop(loop, EVLOOP_ONCE);
    assert_int_equal(watched, 2); /* until it is unwatched */
    assert_int_equal(loop_after(&event, loop, 1000, count_and_stop, &timed, NULL), 0);
    event_base_dispatch(loop); /* returns when there is nothing to wait for */
    assert_int_equal(watched, 2);
    assert_int_equal(timed, 1);
    event_base_free(loop);
    close(ours);
    close(theirs);
}

static void lists_of_strings_may_be_none(void **state)
{
    (void)state;
    char *two[] = {"a", "b", NULL};
    assert_int_equal(strings_count(NULL), 0);
    assert_int_equal(strings_count(two), 2);
    strings_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_carries_what_was_tried_and_why),
        cmocka_unit_test(a_context_that_does_not_fit_is_cut),
        cmocka_unit_test(what_was_packed_is_unpacked),
        cmocka_unit_test(a_message_cut_anywhere_fails_to_unpack),
        cmocka_unit_test(a_length_beyond_the_message_or_the_bound_is_refused),
        cmocka_unit_test(bytes_left_over_are_a_fault),
        cmocka_unit_test(utf8_is_judged_by_the_standard),
        cmocka_unit_test(bad_bytes_are_replaced_by_their_longest_prefix),
        cmocka_unit_test(base64_goes_there_and_back),
        cmocka_unit_test(bad_base64_is_refused),
        cmocka_unit_test(numbers_sizes_and_times_are_parsed_whole),
        cmocka_unit_test(a_message_brings_its_descriptors),
        cmocka_unit_test(descriptors_that_are_not_wanted_are_closed),
        cmocka_unit_test(a_sealed_memfd_cannot_be_changed),
        cmocka_unit_test(a_file_is_read_within_its_bound),
        cmocka_unit_test(sha256_is_the_standards),
        cmocka_unit_test(random_ids_differ),
        cmocka_unit_test(only_our_end_of_a_pipe_does_not_block),
        cmocka_unit_test(an_event_is_what_it_was_last_made),
        cmocka_unit_test(lists_of_strings_may_be_none),
    };
    return unit_run(tests);
}
