#include "frontend/frontend.h"
int frontend_main(const struct frontend_options *options)
{
    (void)options;
    return 1;
}
