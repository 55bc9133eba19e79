/* What is taken out of an image: all that no run needs, above all programs that would help an attacker. A
 * language keeps what it needs with `keep`. */
#include "language/image.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <sys/stat.h>

/* Paths as patterns of fnmatch(3), in which * does not match a slash. */
static const char *const superfluous[] = {
    /* documentation and translations */
    "/usr/share/doc",
    "/usr/share/man",
    "/usr/share/info",
    "/usr/share/doc-base",
    "/usr/share/lintian",
    "/usr/share/bug",
    "/usr/share/linda",
    "/usr/share/locale",
    "/usr/share/i18n",
    "/usr/share/common-licenses",
    "/usr/share/bash-completion",
    "/usr/share/zsh",
    "/usr/share/fish",
    "/usr/share/menu",
    "/usr/share/pixmaps",
    "/usr/share/icons",
    "/usr/share/applications",
    "/usr/share/gdb",
    "/usr/share/emacs",
    "/usr/share/vim",
    "/usr/share/mime",
    "/usr/share/metainfo",
    "/usr/share/systemtap",
    "/usr/lib/valgrind",
    /* the package manager, services, settings of programs that are not there */
    "/var/*",
    "/etc/apt",
    "/etc/dpkg",
    "/etc/cron*",
    "/etc/init.d",
    "/etc/rc*.d",
    "/etc/default",
    "/etc/systemd",
    "/etc/pam.d",
    "/etc/pam.conf",
    "/etc/security",
    "/etc/logrotate.d",
    "/etc/alternatives/README",
    "/etc/skel",
    "/etc/update-motd.d",
    "/etc/apparmor.d",
    "/etc/kernel",
    "/etc/perl",
    "/etc/bash_completion.d",
    "/etc/emacs",
    "/etc/resolv.conf",
    "/etc/mtab",
    "/etc/*-",
    "/etc/shadow",
    "/etc/gshadow",
    "/etc/subuid",
    "/etc/subgid",
    "/etc/fstab",
    "/etc/adduser.conf",
    "/etc/deluser.conf",
    "/etc/debconf.conf",
    "/etc/login.defs",
    "/etc/selinux",
    "/etc/sysctl.d",
    "/etc/libaudit.conf",
    "/usr/lib/binfmt.d",
    "/usr/share/binfmts",
    "/usr/share/polkit-1",
    "/usr/lib/apt",
    "/usr/lib/dpkg",
    "/usr/share/dpkg",
    "/usr/share/debconf",
    "/usr/share/perl*",
    "/usr/lib/systemd",
    "/usr/lib/tmpfiles.d",
    "/usr/lib/sysusers.d",
    "/usr/lib/sysctl.d",
    "/usr/lib/init",
    "/usr/lib/udev",
    "/usr/lib/pcrlock.d",
    "/usr/lib/*/perl*",
    "/usr/share/pam",
    "/usr/share/pam-configs",
    "/usr/lib/cgi-bin",
    /* folders of a whole system */
    "/boot",
    "/home",
    "/media",
    "/mnt",
    "/opt",
    "/root",
    "/run",
    "/srv",
    "/sys",
    "/lib32",
    "/libx32",
    "/usr/lib32",
    "/usr/libx32",
    "/usr/games",
    "/usr/local",
    "/usr/src",
};

/* Programs by name, wherever a PATH may look. Links stay as long as what they lead to does. */
static const char *const programs[] = {
    /* shells and interpreters */
    "sh",
    "dash",
    "bash",
    "rbash",
    "zsh",
    "ksh*",
    "busybox",
    "perl*",
    "python*",
    "pdb*",
    "pydoc*",
    "ruby*",
    "lua*",
    "texlua*",
    "node",
    "nodejs",
    "deno",
    "php*",
    "tclsh*",
    "wish*",
    "guile*",
    "mawk",
    "gawk",
    "awk",
    "original-awk",
    "ocaml*",
    "ghc*",
    "erl",
    "erlc",
    "escript",
    "dialyzer",
    "typer",
    "ct_run",
    "erl_call",
    "elixir*",
    "iex",
    "mix",
    "ed",
    "ex",
    "vi*",
    "dc",
    "m4",
    "expect",
    "gdb*",
    "java*",
    "qemu-*",
    /* compilers, assemblers, linkers and their tools */
    "gcc*",
    "g++*",
    "cc",
    "c++",
    "c89*",
    "c99*",
    "cpp*",
    "clang*",
    "tcc",
    "as",
    "ld",
    "ld.*",
    "gold",
    "dwp",
    "ar",
    "ranlib",
    "nm",
    "objcopy",
    "objdump",
    "strip",
    "strings",
    "readelf",
    "size",
    "addr2line",
    "elfedit",
    "gprof*",
    "gp-*",
    "gcov*",
    "lto-dump*",
    "c++filt",
    "make",
    "cmake",
    "ninja",
    "rustc*",
    "cargo*",
    "go",
    "gofmt",
    "*-linux-gnu*-*",
    "rpcgen",
    "mtrace",
    "sotruss",
    "sprof",
    /* rights, mounts, namespaces, other machines */
    "su",
    "sudo*",
    "mount*",
    "umount*",
    "passwd",
    "chsh",
    "chfn",
    "chage",
    "chpasswd",
    "chgpasswd",
    "expiry",
    "gpasswd",
    "newgrp",
    "sg",
    "login",
    "nologin",
    "sulogin",
    "runuser",
    "setpriv",
    "unshare",
    "nsenter",
    "chroot",
    "pivot_root",
    "switch_root",
    "capsh",
    "setcap",
    "getcap",
    "getpcaps",
    "pkexec",
    "dbus-*",
    "systemctl",
    "systemd*",
    "ssh*",
    "scp",
    "sftp",
    "curl",
    "wget",
    "nc",
    "nc.*",
    "ncat",
    "socat",
    "telnet",
    "ftp",
    "openssl",
    "c_rehash",
    "gpg*",
    "ip",
    "ifconfig",
    "ping*",
    "ss",
    "iptables*",
    "nft",
    "epmd",
    "ldattach",
    "wall",
    "write",
    "mesg",
    "unix_chkpwd",
    "unix_update",
    "pam_*",
    "faillock",
    "mkhomedir_helper",
    "useradd",
    "userdel",
    "usermod",
    "groupadd",
    "groupdel",
    "groupmod",
    "adduser",
    "deluser",
    "addgroup",
    "delgroup",
    "vipw",
    "vigr",
    "pwck",
    "grpck",
    "pwconv",
    "pwunconv",
    "grpconv",
    "grpunconv",
    "newusers",
    "cppw",
    "cpgr",
    "newuidmap",
    "newgidmap",
    "getsubids",
    /* packages and the system */
    "apt*",
    "dpkg*",
    "deb*",
    "update-*",
    "ucf*",
    "start-stop-daemon",
    "add-shell",
    "remove-shell",
    "py3*",
    "pyversions",
    "invoke-rc.d",
    "service",
    "installkernel",
    "run-parts",
    "savelog",
    "tempfile",
    "mkfs*",
    "fsck*",
    "mkswap",
    "swapon",
    "swapoff",
    "swaplabel",
    "losetup",
    "blk*",
    "fdisk",
    "sfdisk",
    "cfdisk",
    "fstrim",
    "hwclock",
    "sysctl",
    "ldconfig*",
    "iconvconfig",
    "zic",
    "locale-gen",
    "localedef",
    "dmesg",
    "agetty",
    "getty",
    "init",
    "shutdown",
    "reboot",
    "pwhistory_helper",
    "shadowconfig",
    "tar",
    "tarcat",
    "rmt*",
    "ischroot",
    "tzselect",
    "halt",
    "poweroff",
    "tzconfig",
    "policy-rc.d",
};
static const char *const program_folders[] = {"/usr/bin/", "/usr/sbin/", "/usr/libexec/", "/usr/games/"};

void image_trim_pack(struct packer *p)
{
    for (size_t i = 0; i < array_length(superfluous); i++)
        pack_string(p, superfluous[i]);
    for (size_t i = 0; i < array_length(programs); i++)
        pack_string(p, programs[i]);
}

struct trimmer {
    int root;
    const struct recipe *recipe;
    char **kept; /* the keep list, with what its links lead to */
    struct error *err;
    char path[4096];
};

/* /bin, /sbin and /lib are links to folders of the same name in /usr. */
static char *merged(const char *path)
{
    static const char *const folders[] = {"/bin/", "/sbin/", "/lib/", "/lib64/"};
    char *result = NULL;
    for (size_t i = 0; i < array_length(folders); i++)
        if (!strncmp(path, folders[i], strlen(folders[i])))
            return asprintf(&result, "/usr%s", path) < 0 ? NULL : result;
    return strdup(path);
}

static int add_text(char ***list, size_t *n, char *text)
{
    char **longer = text ? realloc(*list, (*n + 2) * sizeof *longer) : NULL;
    if (!longer) {
        free(text);
        return -ENOMEM;
    }
    longer[(*n)++] = text;
    longer[*n] = NULL;
    *list = longer;
    return 0;
}

/* Where a path leads in the image after all links, or NULL. */
static char *destination(int root, const char *path)
{
    char link[64], base[4096], target[4096];
    cleanup_fd int fd = tree_open(root, path, O_PATH, 0, false, NULL);
    if (fd < 0)
        return NULL;
    snprintf(link, sizeof link, "/proc/self/fd/%d", root);
    ssize_t b = readlink(link, base, sizeof base - 1);
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t t = readlink(link, target, sizeof target - 1);
    if (b < 0 || t <= b || memcmp(base, target, (size_t)b) != 0)
        return NULL;
    target[t] = 0;
    return strdup(target + b);
}

static int collect_kept(struct trimmer *t)
{
    size_t n = 0;
    t->kept = calloc(1, sizeof(char *));
    if (!t->kept)
        return -ENOMEM;
    for (size_t i = 0; t->recipe->keep && t->recipe->keep[i]; i++) {
        char *end = destination(t->root, t->recipe->keep[i]);
        if (add_text(&t->kept, &n, merged(t->recipe->keep[i])) < 0)
            return -ENOMEM;
        if (end && add_text(&t->kept, &n, end) < 0)
            return -ENOMEM;
    }
    return 0;
}

static bool is_kept(const struct trimmer *t, const char *path)
{
    for (size_t i = 0; t->kept[i]; i++)
        if (fnmatch(t->kept[i], path, FNM_PATHNAME) == 0)
            return true;
    return false;
}

/* True when something below `path` is kept. */
static bool holds_kept(const struct trimmer *t, const char *path)
{
    size_t n = strlen(path);
    for (size_t i = 0; t->kept[i]; i++)
        if (!strncmp(t->kept[i], path, n) && t->kept[i][n] == '/')
            return true;
    return false;
}

static bool matches(const char *const *patterns, size_t n, const char *path)
{
    for (size_t i = 0; patterns && i < n && patterns[i]; i++)
        if (fnmatch(patterns[i], path, FNM_PATHNAME) == 0)
            return true;
    return false;
}

static bool is_program(const char *path)
{
    for (size_t i = 0; i < array_length(program_folders); i++) {
        size_t n = strlen(program_folders[i]);
        if (!strncmp(path, program_folders[i], n) && !strchr(path + n, '/'))
            return matches(programs, array_length(programs), path + n);
    }
    return false;
}

/* Locales but C.UTF-8, which every program can count on. */
static bool is_locale(const char *path)
{
    static const char folder[] = "/usr/lib/locale/";
    return !strncmp(path, folder, sizeof folder - 1) && strcmp(path, "/usr/lib/locale/C.utf8") != 0 &&
           strncmp(path, "/usr/lib/locale/C.utf8/", 23) != 0;
}

static bool unwanted(const struct trimmer *t, const char *path, mode_t mode)
{
    if (is_kept(t, path))
        return false;
    if (matches(superfluous, array_length(superfluous), path) || is_locale(path) ||
        matches((const char *const *)t->recipe->remove, SIZE_MAX, path))
        return true;
    return !S_ISLNK(mode) && is_program(path);
}

typedef int visit(struct trimmer *t, int dir, const char *name, const struct stat *st, bool *descend);

static int walk(struct trimmer *t, int dir, size_t length, visit *visitor);

static int walk_entry(struct trimmer *t, int dir, const char *name, size_t length, visit *visitor)
{
    struct stat st;
    bool descend = true;
    int n = snprintf(t->path + length, sizeof t->path - length, "/%s", name);
    if (n < 0 || (size_t)n >= sizeof t->path - length)
        return error_set(t->err, ENAMETOOLONG, "trim %s: %m", t->path);
    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
        return error_set(t->err, errno, "trim %s: %m", t->path);
    int e = visitor(t, dir, name, &st, &descend);
    if (e < 0 || !descend || !S_ISDIR(st.st_mode))
        return e;
    cleanup_fd int sub = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (sub < 0)
        return error_set(t->err, errno, "trim %s: %m", t->path);
    return walk(t, sub, length + (size_t)n, visitor);
}

static int walk(struct trimmer *t, int dir, size_t length, visit *visitor)
{
    struct dirent **entries = NULL;
    int n = scandirat(dir, ".", &entries, NULL, NULL), e = 0;
    if (n < 0)
        return error_set(t->err, errno, "trim %s: %m", t->path);
    for (int i = 0; i < n; i++) {
        const char *name = entries[i]->d_name;
        if (e == 0 && strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
            e = walk_entry(t, dir, name, length, visitor);
        t->path[length] = 0;
        free(entries[i]);
    }
    free(entries);
    return e;
}

/* In a folder that goes, all goes but what is kept and the folders on the way to it. */
static int remove_around_kept(struct trimmer *t, int dir, const char *name, const struct stat *st,
                              bool *descend)
{
    if (is_kept(t, t->path)) {
        *descend = false;
        return 0;
    }
    if (S_ISDIR(st->st_mode) && holds_kept(t, t->path))
        return 0;
    *descend = false;
    return tree_remove(dir, name, t->err);
}

static int remove_unwanted(struct trimmer *t, int dir, const char *name, const struct stat *st, bool *descend)
{
    if (!unwanted(t, t->path, st->st_mode))
        return 0;
    *descend = false;
    if (!S_ISDIR(st->st_mode) || !holds_kept(t, t->path))
        return tree_remove(dir, name, t->err);
    cleanup_fd int sub = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return sub < 0 ? error_set(t->err, errno, "trim %s: %m", t->path)
                   : walk(t, sub, strlen(t->path), remove_around_kept);
}

static int remove_dangling(struct trimmer *t, int dir, const char *name, const struct stat *st, bool *descend)
{
    char target[4096];
    *descend = true;
    if (!S_ISLNK(st->st_mode))
        return 0;
    ssize_t n = readlinkat(dir, name, target, sizeof target - 1);
    if (n < 0)
        return error_set(t->err, errno, "trim %s: %m", t->path);
    target[n] = 0;
    if (!strncmp(target, "/proc/", 6) || !strncmp(target, "/dev/", 5) || !strncmp(target, "/tmp/", 5))
        return 0; /* they are there in a run */
    struct error err = {0};
    cleanup_fd int fd = tree_open(t->root, t->path, O_PATH, 0, false, &err);
    if (fd >= 0)
        return 0;
    bool dangling = err.code == ENOENT || err.code == ENOTDIR || err.code == ELOOP;
    return dangling ? tree_remove(dir, name, t->err) : error_set(t->err, err.code, "trim: %s", err.text);
}

int image_trim(int root, const struct recipe *recipe, struct error *err)
{
    cleanup_free struct trimmer *t = calloc(1, sizeof *t);
    if (!t)
        return error_set(err, ENOMEM, "trim an image: %m");
    *t = (struct trimmer){.root = root, .recipe = recipe, .err = err};
    int e = collect_kept(t) < 0 ? error_set(err, ENOMEM, "trim an image: %m") : 0;
    if (e == 0)
        e = walk(t, root, 0, remove_unwanted);
    if (e == 0)
        e = walk(t, root, 0, remove_dangling);
    for (size_t i = 0; t->kept && t->kept[i]; i++)
        free(t->kept[i]);
    free(t->kept);
    return e;
}
