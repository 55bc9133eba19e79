#include "base/base.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <sys/random.h>

static void hex_of(const uint8_t *bytes, size_t n, char *hex)
{
    for (size_t i = 0; i < n; i++)
        snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
}

void sha256_hex(const void *data, size_t n, char hex[static SHA256_HEX])
{
    uint8_t sum[32];
    if (EVP_Digest(data, n, sum, NULL, EVP_sha256(), NULL) != 1)
        abort();
    hex_of(sum, sizeof sum, hex);
}

int sha256_file(int fd, char hex[static SHA256_HEX], struct error *err)
{
    enum { CHUNK = 1 << 18 };
    cleanup_free uint8_t *chunk = malloc(CHUNK);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    uint8_t sum[32];
    int r = 0;
    if (!chunk || !context || EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1)
        r = error_set(err, ENOMEM, "SHA-256: %m");
    for (off_t at = 0; r == 0;) {
        ssize_t k = pread(fd, chunk, CHUNK, at);
        if (k < 0)
            r = error_set(err, errno, "SHA-256: read: %m");
        if (k <= 0)
            break;
        EVP_DigestUpdate(context, chunk, (size_t)k);
        at += k;
    }
    if (r == 0 && EVP_DigestFinal_ex(context, sum, NULL) == 1)
        hex_of(sum, sizeof sum, hex);
    EVP_MD_CTX_free(context);
    return r;
}

void random_hex(size_t n, char *hex)
{
    uint8_t bytes[64];
    if (n > sizeof bytes || getrandom(bytes, n, 0) != (ssize_t)n)
        abort();
    hex_of(bytes, n, hex);
}
