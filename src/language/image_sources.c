/* Where Debian's packages come from: the places that the host's own apt uses, with the images' suite in place
 * of the host's. So an operator who has a mirror near has it for images too, and no address stands in the
 * source. */
#include "language/image.h"
#include "language/read.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

const char *const image_suite = "trixie";

enum { SOURCES_BYTES_MOST = 1 << 20, PLACES_MOST = 16 };

static const char *const keyrings[] = {"/usr/share/keyrings/debian-archive-keyring.gpg",
                                       "/usr/share/keyrings/debian-archive-keyring.pgp"};
/* Every name that a Debian archive's suite can have; other distributions' archives are of no use here. */
static const char *const suites[] = {"stable",   "oldstable", "oldoldstable", "testing", "unstable", "sid",
                                     "bullseye", "bookworm",  "trixie",       "forky",   "duke"};
static const char *const parts[] = {"", "-updates", "-security"};

struct places {
    char *lines[PLACES_MOST];
    size_t count;
    bool whole; /* one of them has the suite itself, not its updates only */
};

/* The suffix after a Debian suite's name, when it is one that is wanted; else NULL. */
static const char *part_of(const char *suite)
{
    for (size_t i = 0; i < array_length(suites); i++) {
        size_t n = strlen(suites[i]);
        if (strncmp(suite, suites[i], n) != 0)
            continue;
        for (size_t k = 0; k < array_length(parts); k++)
            if (!strcmp(suite + n, parts[k]))
                return parts[k];
    }
    return NULL;
}

static const char *keyring(void)
{
    for (size_t i = 0; i < array_length(keyrings); i++)
        if (access(keyrings[i], R_OK) == 0)
            return keyrings[i];
    return NULL;
}

static int add_place(struct places *p, const char *uri, const char *part)
{
    cleanup_free char *line = NULL;
    size_t n = strlen(uri);
    while (n > 0 && uri[n - 1] == '/')
        n--;
    if (asprintf(&line, "deb [signed-by=%s] %.*s %s%s main\n", keyring(), (int)n, uri, image_suite, part) <
        0) {
        line = NULL;
        return -ENOMEM;
    }
    for (size_t i = 0; i < p->count; i++)
        if (!strcmp(p->lines[i], line))
            return 0;
    if (p->count == PLACES_MOST)
        return 0;
    p->whole |= !*part;
    p->lines[p->count++] = steal_pointer(&line);
    return 0;
}

static bool has_word(const char *text, const char *word)
{
    size_t n = strlen(word);
    for (text += strspn(text, " \t"); *text; text += strspn(text, " \t")) {
        size_t k = strcspn(text, " \t");
        if (k == n && !strncmp(text, word, n))
            return true;
        text += k;
    }
    return false;
}

/* "deb [options] URI suite component ..." */
static int take_line(struct places *p, char *line)
{
    line[strcspn(line, "#")] = 0;
    char *rest = NULL, *type = strtok_r(line, " \t", &rest);
    if (!type || strcmp(type, "deb") != 0)
        return 0;
    rest += strspn(rest, " \t");
    if (*rest == '[' && (rest = strchr(rest, ']')))
        rest++;
    char *uri = rest ? strtok_r(NULL, " \t", &rest) : NULL;
    char *suite = uri ? strtok_r(NULL, " \t", &rest) : NULL;
    const char *part = suite ? part_of(suite) : NULL;
    return part && rest && has_word(rest, "main") ? add_place(p, uri, part) : 0;
}

struct stanza {
    char *types, *uris, *suites, *components, *enabled;
};

static int take_stanza(struct places *p, struct stanza *s)
{
    int e = 0;
    bool wanted = s->types && has_word(s->types, "deb") && s->uris && s->suites && s->components &&
                  has_word(s->components, "main") && !(s->enabled && has_word(s->enabled, "no"));
    if (wanted) {
        char *more = NULL;
        for (char *suite = strtok_r(s->suites, " \t", &more); e == 0 && suite;
             suite = strtok_r(NULL, " \t", &more)) {
            cleanup_free char *uris = strdup(s->uris);
            char *rest = NULL;
            const char *part = part_of(suite);
            for (char *uri = strtok_r(uris, " \t", &rest); e == 0 && part && uri;
                 uri = strtok_r(NULL, " \t", &rest))
                e = add_place(p, uri, part);
        }
    }
    *s = (struct stanza){0};
    return e;
}

/* The deb822 format: "Name: value" lines, stanzas between empty lines, "#" begins a line of comment. A value
 * that goes on in the next line is a rarity in these five fields, and passed over. */
static int take_field(struct places *p, struct stanza *s, char *line)
{
    const struct {
        const char *name;
        char **place;
    } fields[] = {{"Types:", &s->types},
                  {"URIs:", &s->uris},
                  {"Suites:", &s->suites},
                  {"Components:", &s->components},
                  {"Enabled:", &s->enabled}};
    if (line[strspn(line, " \t")] == 0)
        return take_stanza(p, s);
    for (size_t i = 0; i < array_length(fields); i++)
        if (!strncasecmp(line, fields[i].name, strlen(fields[i].name)))
            *fields[i].place = line + strlen(fields[i].name);
    return 0;
}

static int take_file(struct places *p, const char *path, bool deb822, struct error *err)
{
    cleanup_free char *text = NULL;
    size_t size;
    struct stanza stanza = {0};
    int e = read_file_at(AT_FDCWD, path, SOURCES_BYTES_MOST, &text, &size, err);
    if (e == -ENOENT)
        return 0;
    for (char *line = text, *next; e == 0 && line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = 0;
        e = deb822 ? take_field(p, &stanza, line) : take_line(p, line);
    }
    if (e == 0)
        e = take_stanza(p, &stanza);
    return e == -ENOMEM ? error_set(err, ENOMEM, "read %s: %m", path) : e;
}

static int is_plain(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int take_folder(struct places *p, const char *etc, struct error *err)
{
    cleanup_free char *folder = NULL;
    struct dirent **entries = NULL;
    if (asprintf(&folder, "%s/sources.list.d", etc) < 0)
        return error_set(err, ENOMEM, "read the sources of apt: %m");
    int n = scandir(folder, &entries, is_plain, alphasort), e = 0;
    for (int i = 0; i < n; i++) {
        const char *dot = strrchr(entries[i]->d_name, '.');
        bool list = dot && !strcmp(dot, ".list"), deb822 = dot && !strcmp(dot, ".sources");
        cleanup_free char *path = NULL;
        if (e == 0 && (list || deb822)) {
            if (asprintf(&path, "%s/%s", folder, entries[i]->d_name) < 0)
                e = error_set(err, ENOMEM, "read the sources of apt: %m");
            else
                e = take_file(p, path, deb822, err);
        }
        free(entries[i]);
    }
    free(entries);
    return e;
}

/* "URL" or "URL SECURITY-URL". */
static int take_mirror(struct places *p, const char *mirror, struct error *err)
{
    cleanup_free char *copy = strdup(mirror);
    char *rest = NULL, *uri = copy ? strtok_r(copy, " ", &rest) : NULL,
         *security = uri ? strtok_r(NULL, " ", &rest) : NULL;
    if (!uri || !strstr(uri, ":/") || strpbrk(mirror, "[]\n\t\"'"))
        return error_set(err, EINVAL,
                         "PHIAL_DEBIAN_MIRROR: \"%.200s\" must be the address of a Debian mirror, and after "
                         "a space, if you like, that of its security archive",
                         mirror);
    int e = add_place(p, uri, "");
    if (e == 0)
        e = add_place(p, uri, "-updates");
    if (e == 0 && security)
        e = add_place(p, security, "-security");
    return e < 0 ? error_set(err, -e, "PHIAL_DEBIAN_MIRROR: %m") : 0;
}

static int collect(struct places *p, const char *etc, struct error *err)
{
    cleanup_free char *list = NULL;
    if (asprintf(&list, "%s/sources.list", etc) < 0)
        return error_set(err, ENOMEM, "read the sources of apt: %m");
    int e = take_file(p, list, false, err);
    if (e == 0)
        e = take_folder(p, etc, err);
    if (e == 0 && !p->whole)
        return error_set(err, ENOENT,
                         "the sources of apt in %s name no Debian archive; set PHIAL_DEBIAN_MIRROR to the "
                         "address of a Debian mirror",
                         etc);
    return e;
}

int sources_make(char **lines, const char *etc, const char *mirror, struct error *err)
{
    struct places p = {0};
    *lines = NULL;
    if (!keyring())
        return error_set(err, ENOENT,
                         "the keys of Debian's archive, %s, are missing; apt-get install "
                         "debian-archive-keyring",
                         keyrings[0]);
    int e = mirror ? take_mirror(&p, mirror, err) : collect(&p, etc, err);
    size_t size = 1;
    for (size_t i = 0; i < p.count; i++)
        size += strlen(p.lines[i]);
    if (e == 0 && !(*lines = calloc(1, size)))
        e = error_set(err, ENOMEM, "read the sources of apt: %m");
    for (size_t i = 0; i < p.count; i++) {
        if (e == 0)
            strcat(*lines, p.lines[i]);
        free(p.lines[i]);
    }
    return e;
}
