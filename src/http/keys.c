#include "http/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>

static const char file_name[] = "keys", new_name[] = "keys.new", token_prefix[] = "phial_";
enum { FILE_BYTES_MOST = 4 << 20 };

/* ---- the file ---- */

static bool name_good(const char *name)
{
    size_t n = strlen(name);
    return n > 0 && n <= KEY_NAME_MOST &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == n;
}

static bool parse_line(char *line, struct key *key)
{
    char *id = strsep(&line, "\t"), *name = strsep(&line, "\t"), *hash = strsep(&line, "\t");
    size_t bytes = 0;
    if (!line || strlen(id) != KEY_ID_SIZE - 1 || !name_good(name) || strlen(hash) != 2 * sizeof key->hash ||
        strlen(line) >= sizeof key->created)
        return false;
    memcpy(key->id, id, KEY_ID_SIZE);
    memcpy(key->name, name, strlen(name) + 1);
    memcpy(key->created, line, strlen(line) + 1);
    return sodium_hex2bin(key->hash, sizeof key->hash, hash, strlen(hash), NULL, &bytes, NULL) == 0 &&
           bytes == sizeof key->hash;
}

static int parse_file(char *text, struct key_list *keys, struct error *err)
{
    for (unsigned number = 1; text && *text; number++) {
        char *line = strsep(&text, "\n");
        if (keys->count % 64 == 0) {
            struct key *more = realloc(keys->items, (keys->count + 64) * sizeof *more);
            if (!more)
                return error_set(err, ENOMEM, "read the keys: %m");
            keys->items = more;
        }
        keys->items[keys->count] = (struct key){0};
        if (keys->count >= KEYS_MOST || !parse_line(line, &keys->items[keys->count]))
            return error_set(err, EINVAL, "read the keys: line %u of the file 'keys' is not one of phial's",
                             number);
        keys->count++;
    }
    return 0;
}

static int read_at(int dir, struct key_list *keys, struct error *err)
{
    cleanup_free char *text = NULL;
    size_t size;
    *keys = (struct key_list){0};
    struct stat st;
    if (fstatat(dir, file_name, &st, 0) < 0 && errno == ENOENT)
        return 0;
    int r = read_file_at(dir, file_name, FILE_BYTES_MOST, &text, &size, err);
    if (r == 0)
        r = parse_file(text, keys, err);
    if (r < 0)
        keys_free(keys);
    return r;
}

/* Writes a new file beside the old and puts it in its place. */
static int write_at(int dir, const struct key_list *keys, struct error *err)
{
    cleanup_fd int fd = openat(dir, new_name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0)
        return error_set(err, errno, "write the keys: %m");
    for (size_t i = 0; i < keys->count; i++) {
        const struct key *k = &keys->items[i];
        char hex[2 * sizeof k->hash + 1], line[256];
        sodium_bin2hex(hex, sizeof hex, k->hash, sizeof k->hash);
        int n = snprintf(line, sizeof line, "%s\t%s\t%s\t%s\n", k->id, k->name, hex, k->created);
        int r = write_all(fd, line, (size_t)n);
        if (r < 0)
            return error_set(err, -r, "write the keys: %m");
    }
    if (fchmod(fd, 0644) < 0 || fsync(fd) < 0 || renameat(dir, new_name, dir, file_name) < 0 ||
        fsync(dir) < 0)
        return error_set(err, errno, "write the keys: %m");
    return 0;
}

static int open_dir(const char *state_dir, bool lock, struct error *err)
{
    int dir = open(state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0)
        return error_set(err, errno, "open the state folder %s: %m", state_dir);
    if (lock && flock(dir, LOCK_EX) < 0) {
        int code = errno;
        close(dir);
        return error_set(err, code, "lock the state folder %s: %m", state_dir);
    }
    return dir;
}

static void hash_token(const char *token, uint8_t hash[static 32])
{
    crypto_generichash(hash, 32, (const unsigned char *)token, strlen(token), NULL, 0);
}

/* ---- for the command line ---- */

static int add_key(int dir, const char *name, struct key *key, char token[static KEY_TOKEN_SIZE],
                   struct error *err)
{
    struct key_list keys;
    int r = read_at(dir, &keys, err);
    if (r < 0)
        return r;
    for (size_t i = 0; r == 0 && i < keys.count; i++)
        if (!strcmp(keys.items[i].name, name))
            r = error_set(err, EEXIST, "new key: there is a key with the name '%s' already", name);
    if (r == 0 && keys.count >= KEYS_MOST)
        r = error_set(err, ENOSPC, "new key: there are %d keys already; revoke some", KEYS_MOST);
    struct key *more = r == 0 ? realloc(keys.items, (keys.count + 1) * sizeof *more) : NULL;
    if (r == 0 && !more)
        r = error_set(err, ENOMEM, "new key: %m");
    if (r == 0) {
        keys.items = more;
        *key = (struct key){0};
        random_hex(4, key->id);
        memcpy(key->name, name, strlen(name) + 1);
        clock_wall_rfc3339(key->created);
        memcpy(token, token_prefix, sizeof token_prefix);
        random_hex(32, token + sizeof token_prefix - 1);
        hash_token(token, key->hash);
        keys.items[keys.count++] = *key;
        r = write_at(dir, &keys, err);
    }
    keys_free(&keys);
    return r;
}

int key_new(const char *state_dir, const char *name, struct key *key, char token[static KEY_TOKEN_SIZE],
            struct error *err)
{
    if (!name_good(name))
        return error_set(
            err, EINVAL,
            "new key: '%.80s' is no name for a key; use 1 to %d letters, digits, '.', '_' and '-'", name,
            KEY_NAME_MOST);
    cleanup_fd int dir = open_dir(state_dir, true, err);
    return dir < 0 ? dir : add_key(dir, name, key, token, err);
}

int keys_read(const char *state_dir, struct key_list *keys, struct error *err)
{
    *keys = (struct key_list){0};
    cleanup_fd int dir = open_dir(state_dir, false, err);
    if (dir == -ENOENT)
        return 0;
    return dir < 0 ? dir : read_at(dir, keys, err);
}

void keys_free(struct key_list *keys)
{
    free(keys->items);
    *keys = (struct key_list){0};
}

int keys_count(const char *state_dir, struct error *err)
{
    struct key_list keys;
    int r = keys_read(state_dir, &keys, err);
    int count = (int)keys.count;
    keys_free(&keys);
    return r < 0 ? r : count;
}

int key_revoke(const char *state_dir, const char *id_or_name, struct error *err)
{
    cleanup_fd int dir = open_dir(state_dir, true, err);
    struct key_list keys;
    int r = dir < 0 ? dir : read_at(dir, &keys, err);
    if (r < 0)
        return r;
    size_t left = 0;
    for (size_t i = 0; i < keys.count; i++)
        if (strcmp(keys.items[i].id, id_or_name) != 0 && strcmp(keys.items[i].name, id_or_name) != 0)
            keys.items[left++] = keys.items[i];
    if (left == keys.count)
        r = error_set(err, ENOENT, "revoke the key '%.80s': there is none with that id or name", id_or_name);
    keys.count = left;
    if (r == 0)
        r = write_at(dir, &keys, err);
    keys_free(&keys);
    return r;
}

/* ---- for the server ---- */

struct key_ring {
    int dir;
    struct key_list keys;
    struct stat seen; /* of the file that `keys` was read from */
};

int key_ring_open(struct key_ring **ring, int dir)
{
    *ring = calloc(1, sizeof **ring);
    if (!*ring)
        return -ENOMEM;
    (*ring)->dir = dir;
    return 0;
}

void key_ring_free(struct key_ring *ring)
{
    if (!ring)
        return;
    close_fd(&ring->dir);
    keys_free(&ring->keys);
    free(ring);
}

/* A file that cannot be read or is not ours means that there are no keys: nobody gets in by a broken file. */
static void refresh(struct key_ring *ring)
{
    struct stat now;
    struct error err;
    if (ring->dir < 0 || fstatat(ring->dir, file_name, &now, 0) < 0) {
        keys_free(&ring->keys);
        ring->seen = (struct stat){0};
        return;
    }
    if (now.st_ino == ring->seen.st_ino && now.st_size == ring->seen.st_size &&
        now.st_mtim.tv_sec == ring->seen.st_mtim.tv_sec && now.st_mtim.tv_nsec == ring->seen.st_mtim.tv_nsec)
        return;
    ring->seen = now;
    keys_free(&ring->keys);
    if (read_at(ring->dir, &ring->keys, &err) < 0)
        log_error("http", "%s; no key is taken until it is repaired", err.text);
}

const struct key *key_ring_find(struct key_ring *ring, const char *token)
{
    uint8_t hash[32];
    const struct key *found = NULL;
    refresh(ring);
    if (strncmp(token, token_prefix, sizeof token_prefix - 1) != 0 || strlen(token) != KEY_TOKEN_SIZE - 1)
        return NULL;
    hash_token(token, hash);
    for (size_t i = 0; i < ring->keys.count; i++)
        if (sodium_memcmp(ring->keys.items[i].hash, hash, sizeof hash) == 0)
            found = &ring->keys.items[i];
    return found;
}
