/* Tells systemd how the service is (sd_notify(3)); does nothing without NOTIFY_SOCKET. */
#ifndef PHIAL_CLI_NOTIFY_H
#define PHIAL_CLI_NOTIFY_H

void notify_systemd(const char *state);
/* RELOADING=1 needs the time of day's monotonic sister, else systemd 253 and later does not believe it. */
void notify_reloading(void);

#endif
