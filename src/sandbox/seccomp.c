/* Wall 4: the filter. libseccomp writes the BPF; it is compiled once per language and kept, since compiling
 * takes tens of milliseconds and installing takes a tenth of one. A few instructions of our own stand before
 * it: they kill other ABIs and answer ENOSYS to calls newer than the list, which libseccomp cannot say. */
#include "sandbox/sandbox.h"
#include "sandbox/seccomp_calls.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/stat.h>

#if defined(__x86_64__)
enum { ARCHITECTURE = AUDIT_ARCH_X86_64 };
#elif defined(__aarch64__)
enum { ARCHITECTURE = AUDIT_ARCH_AARCH64 };
#else
#error "no seccomp filter has been proved on this architecture"
#endif
enum { NEWEST_KNOWN = 450, X32_BIT = 0x40000000 };

/* seccomp(2) wants the architecture checked first: numbers mean other calls under another ABI. */
static const struct sock_filter prelude[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)ARCHITECTURE, 1, 0),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, NEWEST_KNOWN, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
};

static int add(scmp_filter_ctx c, const char *name, unsigned count, const struct scmp_arg_cmp *arguments,
               struct error *err)
{
    int number = seccomp_syscall_resolve_name(name);
    if (number == __NR_SCMP_ERROR)
        return error_set(err, EINVAL, "filter: libseccomp knows no system call '%s'", name);
    if (number < 0)
        return 0; /* this architecture does not have it */
    int r = seccomp_rule_add_array(c, SCMP_ACT_ALLOW, number, count, arguments);
    return r < 0 ? error_set(err, -r, "filter: rule for %s: %m", name) : 0;
}

static bool forbidden(const char *name)
{
    bool found = !strcmp(name, "setsockopt");
    for (size_t i = 0; i < array_length(calls_forbidden); i++)
        found |= !strcmp(name, calls_forbidden[i]);
    for (size_t i = 0; i < array_length(calls_with_values); i++)
        found |= !strcmp(name, calls_with_values[i].name);
    for (size_t i = 0; i < array_length(calls_with_masks); i++)
        found |= !strcmp(name, calls_with_masks[i].name);
    for (size_t i = 0; i < array_length(calls_with_errors); i++)
        found |= !strcmp(name, calls_with_errors[i].name);
    return found;
}

static int add_plain(scmp_filter_ctx c, const char *const *extra, size_t *reachable, struct error *err)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < array_length(calls_allowed); i++, ++*reachable)
        r = add(c, calls_allowed[i], 0, NULL, err);
    for (; r == 0 && extra && *extra; extra++, ++*reachable) {
        if (forbidden(*extra))
            return error_set(err, EINVAL, "filter: '%s' is forbidden to every language", *extra);
        r = add(c, *extra, 0, NULL, err);
    }
    return r;
}

static int add_checked(scmp_filter_ctx c, size_t *reachable, struct error *err)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < array_length(calls_with_values); i++, ++*reachable) {
        const struct call_values *v = &calls_with_values[i];
        for (unsigned k = 0; r == 0 && k < v->count; k++) {
            /* The kernel takes these arguments as 32 bits, so the upper half must not decide. */
            struct scmp_arg_cmp a = SCMP_CMP64(v->argument, SCMP_CMP_MASKED_EQ, 0xffffffff, v->values[k]);
            r = add(c, v->name, 1, &a, err);
        }
    }
    for (size_t i = 0; r == 0 && i < array_length(calls_with_masks); i++) {
        const struct call_mask *m = &calls_with_masks[i];
        *reachable += strcmp(m->name, "fcntl") != 0; /* counted above */
        struct scmp_arg_cmp a[2] = {
            SCMP_CMP64(m->argument, SCMP_CMP_MASKED_EQ, m->mask, m->value),
            SCMP_CMP64(m->argument2, SCMP_CMP_MASKED_EQ, m->mask2, m->value2),
        };
        r = add(c, m->name, m->mask2 ? 2 : 1, a, err);
    }
    for (size_t i = 0; r == 0 && i < array_length(socket_options); i++) {
        struct scmp_arg_cmp a[2] = {SCMP_CMP64(1, SCMP_CMP_MASKED_EQ, 0xffffffff, 1),
                                    SCMP_CMP64(2, SCMP_CMP_MASKED_EQ, 0xffffffff, socket_options[i])};
        r = add(c, "setsockopt", 2, a, err);
    }
    ++*reachable;
    return r;
}

static int add_rules(scmp_filter_ctx c, const char *const *extra, size_t *reachable, struct error *err)
{
    int r = seccomp_attr_set(c, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    if (r == 0)
        r = seccomp_attr_set(c, SCMP_FLTATR_CTL_OPTIMIZE, 2); /* a binary tree: half the time to install */
    if (r < 0)
        return error_set(err, -r, "filter: %m");
    r = add_plain(c, extra, reachable, err);
    if (r == 0)
        r = add_checked(c, reachable, err);
    for (size_t i = 0; r == 0 && i < array_length(calls_with_errors); i++) {
        int number = seccomp_syscall_resolve_name(calls_with_errors[i].name);
        if ((r = seccomp_rule_add(c, SCMP_ACT_ERRNO(calls_with_errors[i].error), number, 0)) < 0)
            r = error_set(err, -r, "filter: rule for %s: %m", calls_with_errors[i].name);
    }
    return r;
}

/* Our instructions, then libseccomp's, in a sealed memfd. Jumps are relative, so nothing needs to be mended.
 */
static int export(scmp_filter_ctx c, struct filter *f, struct error *err)
{
    cleanup_fd int body = memfd_create("phial-filter", MFD_CLOEXEC);
    int r = body < 0 ? -errno : seccomp_export_bpf(c, body);
    struct stat s;
    if (r < 0 || fstat(body, &s) < 0)
        return error_set(err, r < 0 ? -r : errno, "filter: export: %m");
    size_t size = sizeof prelude + (size_t)s.st_size;
    if (size > BPF_MAXINSNS * sizeof(struct sock_filter))
        return error_set(err, E2BIG, "filter: %zu instructions: %m", size / sizeof(struct sock_filter));
    cleanup_free uint8_t *code = malloc(size);
    if (!code)
        return error_set(err, ENOMEM, "filter: %m");
    memcpy(code, prelude, sizeof prelude);
    if ((r = pread_all(body, code + sizeof prelude, (size_t)s.st_size, 0)) < 0)
        return error_set(err, -r, "filter: read back: %m");
    if ((r = memfd_sealed("phial-filter", code, size)) < 0)
        return error_set(err, -r, "filter: memfd: %m");
    f->bpf = r;
    f->count = size / sizeof(struct sock_filter);
    return 0;
}

int filter_compile(struct filter *f, const char *const *extra, struct error *err)
{
    *f = (struct filter){.bpf = -1};
    scmp_filter_ctx c = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (!c)
        return error_set(err, ENOMEM, "filter: %m");
    int r = add_rules(c, extra, &f->reachable, err);
    if (r == 0)
        r = export(c, f, err);
    seccomp_release(c);
    return r;
}

void filter_close(struct filter *f)
{
    close_fd(&f->bpf);
}
