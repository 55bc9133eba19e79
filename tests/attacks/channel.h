/* What one run tries to tell another. */
#define SECRET "phial-secret-9f31"
enum { MEET_MS = 2500 };
