/* Wall 4: the filter. It is compiled once per language and kept as BPF, since installing is what a run pays
 * for. It has three parts: a prelude that kills other ABIs and answers ENOSYS to calls newer than the list; a
 * tree that gives every other call its verdict (seccomp_table.c); and, behind it, what libseccomp writes for
 * the calls whose arguments decide. Jumps are relative, so the parts need no mending. */
#include "sandbox/sandbox.h"
#include "sandbox/seccomp_calls.h"
#include "sandbox/seccomp_table.h"

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
enum { X32_BIT = 0x40000000 };

/* seccomp(2) wants the architecture checked first: numbers mean other calls under another ABI. */
static const struct sock_filter prelude[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)ARCHITECTURE, 1, 0),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, CALLS_KNOWN, 0, 3),
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
};

/* Number of a call on this architecture; -1 where it has none; below that an error. */
static int number_of(const char *name, struct error *err)
{
    int number = seccomp_syscall_resolve_name(name);
    if (number == __NR_SCMP_ERROR || number >= CALLS_KNOWN)
        return error_set(err, EINVAL, "filter: no known system call '%s'", name) - 1;
    return number < 0 ? -1 : number;
}

static int decide(struct call_table *t, const char *name, uint32_t verdict, struct error *err)
{
    int number = number_of(name, err);
    if (number >= 0)
        t->verdicts[number] = verdict;
    return number < -1 ? -EINVAL : 0;
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

/* The verdict of each call, as far as its number decides. */
static int fill_table(struct call_table *t, const char *const *extra, struct error *err)
{
    int r = 0;
    for (size_t i = 0; i < CALLS_KNOWN; i++)
        t->verdicts[i] = SECCOMP_RET_ERRNO | EPERM;
    for (size_t i = 0; r == 0 && i < array_length(calls_allowed); i++)
        r = decide(t, calls_allowed[i], SECCOMP_RET_ALLOW, err);
    for (; r == 0 && extra && *extra; extra++) {
        if (forbidden(*extra))
            return error_set(err, EINVAL, "filter: '%s' is forbidden to every language", *extra);
        r = decide(t, *extra, SECCOMP_RET_ALLOW, err);
    }
    for (size_t i = 0; r == 0 && i < array_length(calls_with_errors); i++)
        r = decide(t, calls_with_errors[i].name, SECCOMP_RET_ERRNO | calls_with_errors[i].error, err);
    for (size_t i = 0; r == 0 && i < array_length(calls_with_values); i++)
        r = decide(t, calls_with_values[i].name, VERDICT_LOOK, err);
    for (size_t i = 0; r == 0 && i < array_length(calls_with_masks); i++)
        r = decide(t, calls_with_masks[i].name, VERDICT_LOOK, err);
    return r < 0 ? r : decide(t, "setsockopt", VERDICT_LOOK, err);
}

static size_t reachable(const struct call_table *t)
{
    size_t n = 0;
    for (size_t i = 0; i < CALLS_KNOWN; i++)
        n += t->verdicts[i] == SECCOMP_RET_ALLOW || t->verdicts[i] == VERDICT_LOOK;
    return n;
}

static int add(scmp_filter_ctx c, const char *name, unsigned count, const struct scmp_arg_cmp *arguments,
               struct error *err)
{
    int number = number_of(name, err);
    if (number < 0)
        return number < -1 ? -EINVAL : 0;
    int r = seccomp_rule_add_array(c, SCMP_ACT_ALLOW, number, count, arguments);
    return r < 0 ? error_set(err, -r, "filter: rule for %s: %m", name) : 0;
}

static int add_rules(scmp_filter_ctx c, struct error *err)
{
    int r = seccomp_attr_set(c, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    if (r == 0)
        r = seccomp_attr_set(c, SCMP_FLTATR_CTL_OPTIMIZE, 2); /* a binary tree */
    if (r < 0)
        return error_set(err, -r, "filter: %m");
    for (size_t i = 0; r == 0 && i < array_length(calls_with_values); i++) {
        const struct call_values *v = &calls_with_values[i];
        for (unsigned k = 0; r == 0 && k < v->count; k++) {
            /* The kernel takes these arguments as 32 bits, so the upper half must not decide. */
            struct scmp_arg_cmp a = SCMP_CMP64(v->argument, SCMP_CMP_MASKED_EQ, 0xffffffff, v->values[k]);
            r = add(c, v->name, 1, &a, err);
        }
    }
    for (size_t i = 0; r == 0 && i < array_length(calls_with_masks); i++) {
        const struct call_mask *m = &calls_with_masks[i];
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
    return r;
}

/* libseccomp's part, behind what is in `code` already. */
static int append_rules(struct sock_filter *code, size_t *count, struct error *err)
{
    scmp_filter_ctx c = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (!c)
        return error_set(err, ENOMEM, "filter: %m");
    cleanup_fd int body = memfd_create("phial-filter", MFD_CLOEXEC);
    struct stat s;
    int r = add_rules(c, err);
    if (r == 0 && (r = body < 0 ? -errno : seccomp_export_bpf(c, body)) < 0)
        error_set(err, -r, "filter: export: %m");
    seccomp_release(c);
    if (r < 0)
        return r;
    if (fstat(body, &s) < 0)
        return error_set(err, errno, "filter: export: %m");
    if ((size_t)s.st_size > (BPF_MAXINSNS - *count) * sizeof *code)
        return error_set(err, E2BIG, "filter: %zu instructions: %m",
                         *count + (size_t)s.st_size / sizeof *code);
    if ((r = pread_all(body, code + *count, (size_t)s.st_size, 0)) < 0)
        return error_set(err, -r, "filter: read back: %m");
    *count += (size_t)s.st_size / sizeof *code;
    return 0;
}

int filter_compile(struct filter *f, const char *const *extra, struct error *err)
{
    *f = (struct filter){.bpf = -1};
    cleanup_free struct sock_filter *code = calloc(BPF_MAXINSNS, sizeof *code);
    struct call_table table;
    if (!code)
        return error_set(err, ENOMEM, "filter: %m");
    int r = fill_table(&table, extra, err);
    if (r < 0)
        return r;
    memcpy(code, prelude, sizeof prelude);
    f->count = array_length(prelude);
    r = call_table_compile(&table, code + f->count, BPF_MAXINSNS - f->count);
    if (r < 0)
        return error_set(err, -r, "filter: %m");
    f->count += (size_t)r;
    if ((r = append_rules(code, &f->count, err)) < 0)
        return r;
    if ((r = memfd_sealed("phial-filter", code, f->count * sizeof *code)) < 0)
        return error_set(err, -r, "filter: memfd: %m");
    f->bpf = r;
    f->reachable = reachable(&table);
    return 0;
}

void filter_close(struct filter *f)
{
    close_fd(&f->bpf);
}
