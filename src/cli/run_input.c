/* The program's standard input. */
#include "cli/run.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

/* A file has its end already: read it now, so that nothing need be streamed. */
static int take_file(struct run_job *job, int fd, off_t size, const char *path, struct error *err)
{
    job->request.stdin_data = malloc((size_t)size + 1);
    if (!job->request.stdin_data)
        return error_set(err, ENOMEM, "read %s: %m", path);
    ssize_t n = read_all(fd, job->request.stdin_data, (size_t)size);
    if (n < 0)
        return error_set(err, (int)-n, "read %s: %m", path);
    job->request.stdin_size = (size_t)n;
    return 0;
}

int run_job_set_input(struct run_job *job, const char *path, struct error *err)
{
    bool own = !strcmp(path, "-");
    cleanup_fd int fd = own ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) < 0)
        return error_set(err, errno, "open %s: %m", own ? "standard input" : path);
    if (S_ISDIR(st.st_mode))
        return error_set(err, EISDIR, "read %s: %m", path);
    if (S_ISREG(st.st_mode)) {
        off_t at = lseek(fd, 0, SEEK_CUR);
        off_t rest = at >= 0 && at < st.st_size ? st.st_size - at : 0;
        if (rest <= RUN_STDIN_BYTES_MOST)
            return take_file(job, fd, rest, path, err);
    }
    /* /dev/null, what a job without a terminal usually gets: nothing to stream */
    struct stat null;
    if (S_ISCHR(st.st_mode) && stat("/dev/null", &null) == 0 && null.st_rdev == st.st_rdev)
        return 0;
    job->input = steal_fd(&fd);
    job->request.interactive = true;
    return 0;
}
