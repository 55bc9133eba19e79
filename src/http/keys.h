/* http/keys: who may call from another machine.
 *
 * A key is "phial_" and 256 random bits in hex. The file STATE_DIR/keys has one line for each: id, name,
 * BLAKE2b-256 of the key in hex, when it was made, with tabs between. A slow hash (argon2) guards passwords,
 * which people choose and others guess; nobody can guess one of 2^256 random keys, so a fast hash gives
 * nothing away, and a check costs a microsecond instead of being a way to tie up the server. For the same
 * reason the file may be read by anyone: the frontend reads it without privileges. It is replaced by rename,
 * so a reader sees a whole one.
 */
#ifndef PHIAL_HTTP_KEYS_H
#define PHIAL_HTTP_KEYS_H

#include "base/base.h"

enum { KEY_TOKEN_SIZE = 6 + 64 + 1, KEY_ID_SIZE = 9, KEY_NAME_MOST = 64, KEYS_MOST = 10000 };

struct key {
    char id[KEY_ID_SIZE];
    char name[KEY_NAME_MOST + 1];
    char created[32]; /* RFC 3339 */
    uint8_t hash[32];
};
struct key_list {
    struct key *items;
    size_t count;
};

/* ---- for the command line ---- */

/* Makes a key with this name ([A-Za-z0-9._-], one that no other key has) and writes it down. `token` is what
 * the client sends; it is shown once and stands nowhere. */
int key_new(const char *state_dir, const char *name, struct key *key, char token[static KEY_TOKEN_SIZE],
            struct error *err);
/* All keys, oldest first; none when there is no file. The caller frees with keys_free(). */
int keys_read(const char *state_dir, struct key_list *keys, struct error *err);
void keys_free(struct key_list *keys);
/* How many there are, or -errno. */
int keys_count(const char *state_dir, struct error *err);
/* Takes the key with this id or name away; -ENOENT when there is none. */
int key_revoke(const char *state_dir, const char *id_or_name, struct error *err);

/* ---- for the server ---- */

struct key_ring; /* the file's keys, read again when it changes */
/* Keeps `dir`, a descriptor of the state folder, which it takes; -1 when there is none. */
int key_ring_open(struct key_ring **ring, int dir);
void key_ring_free(struct key_ring *ring);
/* The key whose token this is, or NULL. Valid until the next call. Compares in constant time. */
const struct key *key_ring_find(struct key_ring *ring, const char *token);

#endif
