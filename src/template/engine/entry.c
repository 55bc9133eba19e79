/* What happens when the library is loaded, before the runtime's own code runs. */
#include "template/engine/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

struct engine engine = {.helper = {.fd = -1, .far = -1}};

/* Takes a variable out of the environment, in place: the runtime and its children are to see none of ours.
 * Its value, or NULL. */
static const char *take_variable(const char *name)
{
    size_t n = strlen(name);
    const char *value = NULL;
    char **to = environ;
    for (char **from = environ; *from; from++) {
        if (!strncmp(*from, name, n) && (*from)[n] == '=')
            value = *from + n + 1;
        else
            *to++ = *from;
    }
    *to = NULL;
    return value;
}

/* "5:NAME": how many descriptors come with each order, and the helper's program if there may be one. */
static int read_variable(const char *text)
{
    const char *name;
    if (!text)
        return -EINVAL;
    engine.standard_fds = (uint32_t)number_read(text, 10, &name);
    if (engine.standard_fds > PROGRAM_FDS_MOST || (*name && *name++ != ':') ||
        strlen(name) >= sizeof engine.helper.name)
        return -EINVAL;
    strcpy(engine.helper.name, name);
    return 0;
}

static void on_freeze(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)info;
    (void)context;
    int kept = errno;
    if (engine.phase == ENGINE_BOOTING && thread_number() == engine.main.number) {
        freeze();
    } else if (engine.phase == ENGINE_STOPPED) {
        pid_t own = thread_number();
        for (size_t i = 0; i < engine.thread_count; i++)
            if (engine.threads[i].number == own) {
                thread_describe(&engine.threads[i]);
                engine_park(&engine.threads[i]);
                thread_revived(&engine.threads[i]);
            }
    }
    errno = kept;
}

static int install_handler(void)
{
    /* On the alternate stack where there is one: the code of a just-in-time compiler may run on stacks that
     * are not ours to write below. All other signals wait. */
    struct sigaction action = {.sa_sigaction = on_freeze, .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK};
    sigfillset(&action.sa_mask);
    return sigaction(FREEZE_SIGNAL, &action, NULL) < 0 ? -errno : 0;
}

__attribute__((constructor)) static void load(void)
{
    engine.main.number = thread_number();
    take_variable("LD_PRELOAD");
    int r = read_variable(take_variable(TEMPLATE_VARIABLE));
    if (r == 0)
        r = filter_load(&engine.filter, TEMPLATE_FILTER);
    if (r == 0 && close_range(TEMPLATE_FILTER, TEMPLATE_ENGINE, 0) < 0)
        r = -errno;
    if (r == 0 && fcntl(TEMPLATE_SOCKET, F_SETFD, (long)FD_CLOEXEC) < 0)
        r = -errno;
    if (r == 0)
        r = close_ambient_set();
    if (r == 0)
        r = exit_find();
    if (r == 0)
        r = install_handler();
    if (r < 0)
        fail(TEMPLATE_SOCKET, "load the engine", -r);
}
