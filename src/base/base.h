/* base: errors, clean-up, descriptors, packed messages, clocks, log, text.
 *
 * This room knows nothing of phial: any program could use it. It may touch nothing but what its callers
 * hand it. Functions that can fail return 0 or a count on success and a negative errno value on failure,
 * and, where they take a `struct error`, leave there what was tried, on what, and why it failed.
 */
#ifndef PHIAL_BASE_H
#define PHIAL_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

/* ---- errors (error.c) ---- */

/* An error with its context. `code` is a positive errno value, 0 when there is none. The text is one line
 * for people: "what was tried: on what: why". Callers own the struct; nothing is allocated. */
struct error {
    int code;
    char text[1024];
};

/* Records an error and returns -code. `err` may be NULL. The text ends with strerror(code) when the format
 * ends with ": %m" (errno need not be set: `code` is what is printed). */
int error_set(struct error *err, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Puts "context: " before the text of an error that is set already; returns -err->code. */
int error_context(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* clang's analyzer looks at one file at a time and cannot know that these never return 0 or more. */
#ifdef __clang_analyzer__
#define error_set(...)     (error_set(__VA_ARGS__), -1)
#define error_context(...) (error_context(__VA_ARGS__), -1)
#endif

/* ---- clean-up attributes ---- */

static inline void cleanup_fd_(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}
static inline void cleanup_free_(void *p)
{
    free(*(void **)p);
}
#define cleanup_fd   __attribute__((cleanup(cleanup_fd_)))
#define cleanup_free __attribute__((cleanup(cleanup_free_)))

/* Takes a descriptor out of a cleanup_fd variable, so that it stays open. */
static inline int steal_fd(int *fd)
{
    int taken = *fd;
    *fd = -1;
    return taken;
}
/* Takes a pointer out of a cleanup_free variable. */
#define steal_pointer(p)                                                                                     \
    ({                                                                                                       \
        __typeof__(*(p)) taken_ = *(p);                                                                      \
        *(p) = NULL;                                                                                         \
        taken_;                                                                                              \
    })
/* Closes *fd if it is open and marks it closed. */
static inline void close_fd(int *fd)
{
    cleanup_fd_(fd);
    *fd = -1;
}

#define array_length(a) (sizeof(a) / sizeof *(a))

/* ---- descriptors (io.c) ---- */

/* Writes all `n` bytes, going on after short writes and EINTR. Returns 0 or -errno. */
int write_all(int fd, const void *data, size_t n);
/* Reads up to `n` bytes until end of file. Returns the count or -errno. */
ssize_t read_all(int fd, void *data, size_t n);
/* pread of exactly `n` bytes at `offset`: 0, -errno, or -ENODATA when the file is shorter. */
int pread_all(int fd, void *data, size_t n, off_t offset);
/* Reads a whole file below the directory descriptor `dir` (AT_FDCWD allowed) into fresh memory that the
 * caller frees; a zero byte stands behind the last. -EFBIG when it has more than `most` bytes. */
int read_file_at(int dir, const char *path, size_t most, char **data, size_t *size, struct error *err);
/* Opens and writes a small control file (cgroup, proc) below `dir` with one write call, as the kernel wants.
 */
int write_file_at(int dir, const char *path, const char *text, struct error *err);
/* Reads a control file that holds one unsigned decimal number. -ERANGE when it holds "max". */
int read_number_at(int dir, const char *path, uint64_t *value);

enum { MESSAGE_FDS_MOST = 16 };
/* Sends one message on a Unix socket with up to MESSAGE_FDS_MOST descriptors (the caller keeps them).
 * Returns 0 or -errno; -EAGAIN on a full non-blocking socket; -EMSGSIZE when it does not fit a packet. */
int message_send(int sock, const void *data, size_t size, const int *fds, size_t fd_count);
/* Receives one message of at most `size` bytes. Descriptors arrive close-on-exec; those past `fd_most`, and
 * all of them when the message was cut short (-EMSGSIZE), are closed. Returns the byte count, 0 at end, or
 * -errno. */
ssize_t message_receive(int sock, void *data, size_t size, int *fds, size_t fd_most, size_t *fd_count);
/* Makes a memfd with the given bytes, all seals set (F_SEAL_SEAL|SHRINK|GROW|WRITE). Returns it or -errno. */
int memfd_sealed(const char *name, const void *data, size_t size);
/* 0 when `fd` is a memfd that carries all four seals, so that nobody can change it any more; else -EPERM. */
int memfd_check_sealed(int fd);
/* A pipe to or from a child, both ends close-on-exec. Ours does not block, the child's does. */
int pipe_open(bool we_read, int *ours, int *theirs, struct error *err);

/* ---- packed messages (pack.c) ---- */

/* Writer: appends fields to a growing buffer. After a failed allocation `failed` is set and all later calls
 * do nothing, so a caller checks once at the end. All integers little-endian. */
struct packer {
    uint8_t *data;
    size_t size, room;
    bool failed;
};
void pack_u8(struct packer *p, uint8_t v);
void pack_u32(struct packer *p, uint32_t v);
void pack_u64(struct packer *p, uint64_t v);
void pack_bytes(struct packer *p, const void *data, size_t n); /* u32 length, then the bytes */
void pack_string(struct packer *p, const char *s);             /* as pack_bytes, without the zero */
void pack_raw(struct packer *p, const void *data, size_t n);   /* the bytes alone */
void pack_more(struct packer *p, const struct packer *more);   /* what `more` holds, as it is */
void packer_free(struct packer *p);

/* Reader of foreign bytes: every length is checked against what is left. After the first fault `failed` is
 * set, all later calls give zero or empty values, and a caller checks once at the end. It never allocates for
 * a length that is not there. */
struct unpacker {
    const uint8_t *data;
    size_t size, at;
    bool failed;
};
uint8_t unpack_u8(struct unpacker *u);
uint32_t unpack_u32(struct unpacker *u);
uint64_t unpack_u64(struct unpacker *u);
/* A view into the buffer; *n is its length. Never NULL. */
const uint8_t *unpack_bytes(struct unpacker *u, size_t *n);
/* A fresh zero-ended copy that the caller frees; fails on a length above `most` or on an inner zero byte. */
char *unpack_string(struct unpacker *u, size_t most);
/* True when nothing failed and every byte was read. */
bool unpack_done(const struct unpacker *u);

/* ---- clocks (clock.c) ---- */
uint64_t clock_now_ns(void);                   /* CLOCK_MONOTONIC */
void clock_wall_rfc3339(char text[static 32]); /* UTC with milliseconds */

/* ---- text (text.c) ---- */

/* True when the bytes are valid UTF-8 (RFC 3629: no surrogates, no overlong forms). */
bool utf8_valid(const void *data, size_t n);
/* A fresh zero-ended copy in which each bad byte sequence is U+FFFD (the WHATWG "maximal subpart" rule);
 * *out_n gets its length. NULL when out of memory. Inner zero bytes stay. */
char *utf8_replace(const void *data, size_t n, size_t *out_n);
/* Standard base64 with padding. encode: fresh zero-ended text. decode: strict; -EINVAL on any other
 * character. The caller frees. */
char *base64_encode(const void *data, size_t n);
int base64_decode(const char *text, size_t n, uint8_t **data, size_t *size);
/* A decimal number with an optional unit: k, M, G, KiB, MiB, GiB (powers of 1024), ms, s, min (to
 * milliseconds). 0 or -EINVAL, -ERANGE. */
int parse_size(const char *text, uint64_t *bytes);
int parse_duration_ms(const char *text, uint64_t *ms);
int parse_u64(const char *text, uint64_t *value);

/* ---- lists of strings, NULL-ended (text.c) ---- */
size_t strings_count(char *const *list); /* 0 for NULL */
/* Appends `text` (taken, also on failure; NULL is a failure). 0 or -ENOMEM. */
int strings_add(char ***list, char *text);
bool strings_have(char *const *list, const char *text);
void strings_free(char **list);

/* ---- hashes and random ids (digest.c) ---- */
enum { SHA256_HEX = 65 };
void sha256_hex(const void *data, size_t n, char hex[static SHA256_HEX]);
/* SHA-256 of a whole file, read from its start. */
int sha256_file(int fd, char hex[static SHA256_HEX], struct error *err);
/* `n` random bytes from the kernel, as lower-case hex; `hex` needs 2n+1 bytes. Aborts if the kernel gives
 * none. */
void random_hex(size_t n, char *hex);

/* ---- log (log.c) ---- */
/* One line on standard error: "LEVEL part: text"; with the priorities of sd-daemon(3) when systemd reads it.
 * With PHIAL_QUIET in the environment only errors and warnings. */
enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };
void log_line(enum log_level level, const char *part, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
#define log_error(part, ...)   log_line(LOG_LEVEL_ERROR, part, __VA_ARGS__)
#define log_warning(part, ...) log_line(LOG_LEVEL_WARNING, part, __VA_ARGS__)
#define log_info(part, ...)    log_line(LOG_LEVEL_INFO, part, __VA_ARGS__)

#endif
