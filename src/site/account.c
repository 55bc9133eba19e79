/* The pages of one's account and of problems, and the choice of colours. */
#include "site/foreign.h"
#include "site/internal.h"

#include <stdio.h>

/* ---- the account ---- */

static void put_form(struct html *h, const char *action, const char *title, const char *button,
                     const char *autocomplete, const char *note)
{
    html_put(h,
             "<form class=\"card\" method=\"post\" action=\"/account/%s\">\n<h2>%s</h2>\n<p "
             "class=\"note\">%s</p>\n",
             action, title, note);
    html_put(h,
             "<p><label for=\"%s-name\">User name</label> <input id=\"%s-name\" name=\"name\" required "
             "autocomplete=\"username\" maxlength=\"32\" autocapitalize=\"off\" spellcheck=\"false\"></p>\n",
             action, action);
    html_put(h,
             "<p><label for=\"%s-password\">Password</label> <input id=\"%s-password\" type=\"password\" "
             "name=\"password\" required autocomplete=\"%s\"></p>\n<p><button>%s</button></p>\n</form>\n",
             action, action, autocomplete, button);
}

static void put_known(struct html *h, const struct session *session)
{
    html_put(h, "<p>You are signed in as <strong>%s</strong>.</p>\n", session->learner.name);
    html_raw(
        h,
        "<form method=\"post\" action=\"/account/sign-out\"><p><button class=\"quiet\">Sign out</button></p>"
        "</form>\n");
    if (session->teacher)
        html_raw(h, "<p><a href=\"/teach\">What learners get stuck on</a></p>\n");
}

static void put_unknown(struct html *h, const struct session *session)
{
    html_raw(
        h, "<p>What you solve is kept for this browser. With an account you find it in every browser.</p>\n");
    if (session->teacher)
        html_raw(h, "<p><a href=\"/teach\">What learners get stuck on</a></p>\n");
    put_form(
        h, "sign-up", "Make an account", "Sign up", "new-password",
        "A name and a password, nothing else. What you have solved so far becomes the account's. There is no "
        "way to get a forgotten password back.");
    put_form(h, "sign-in", "Sign in", "Sign in", "current-password",
             "What you have solved in this browser is added to the account.");
}

static void put_data(struct html *h, const struct session *session)
{
    if (session->learner.id == 0) {
        html_raw(h, "<h2>Your data</h2>\n<p>Nothing is kept of you yet.</p>\n");
        return;
    }
    html_raw(
        h,
        "<h2>Your data</h2>\n<p><a href=\"/account/export\">Everything that is kept of you, as JSON</a></p>\n"
        "<form class=\"card\" method=\"post\" action=\"/account/delete\">\n<h3>Delete it all</h3>\n"
        "<p class=\"note\">Your tries, your progress and the account are deleted at once and for "
        "good.</p>\n");
    if (*session->learner.name)
        html_raw(h, "<p><label for=\"delete-password\">Password</label> <input id=\"delete-password\" "
                    "type=\"password\" "
                    "name=\"password\" required autocomplete=\"current-password\"></p>\n");
    html_raw(h, "<p><button class=\"quiet\">Delete everything</button></p>\n</form>\n");
}

void page_account(struct site *site, struct http_request *request, const struct session *session, int status,
                  const char *message)
{
    struct visit visit = {.site = site, .request = request, .session = *session};
    struct page page = {0};
    page_begin(&page, site, &(struct frame){.title = "Account", .class = "page-account"});
    html_raw(&page.html, "<h1>Account</h1>\n");
    if (message)
        html_put(&page.html, "<p class=\"problem\" role=\"alert\">%s</p>\n", message);
    if (*session->learner.name)
        put_known(&page.html, session);
    else
        put_unknown(&page.html, session);
    put_data(&page.html, session);
    page_end(&page);
    page_reply(&page, &visit, status);
    page_free(&page);
    visit_end(&visit);
}

static void get_account(struct http_request *request, void *context)
{
    struct site *site = context;
    struct session session;
    session_open(site->learners, request, &session);
    page_account(site, request, &session, 200, NULL);
}

/* ---- problems ---- */

void page_problem(struct site *site, struct http_request *request, const struct problem *problem)
{
    struct visit visit = {.site = site, .request = request};
    struct page page = {0};
    page_begin(&page, site, &(struct frame){.title = problem_title(problem->type), .class = "page-problem"});
    html_put(&page.html, "<h1>%s</h1>\n<p class=\"lead\">%s</p>\n", problem_title(problem->type),
             problem->detail);
    html_raw(&page.html, "<p><a class=\"button\" href=\"/\">To the lessons</a></p>\n");
    page_end(&page);
    page_reply(&page, &visit, problem_status(problem->type));
    page_free(&page);
    visit_end(&visit);
}

/* ---- colours ---- */

static void post_theme(struct http_request *request, void *context)
{
    (void)context;
    if (!session_same_origin(request))
        return;
    cleanup_free char *theme = site_field(request, "theme", NULL);
    cleanup_free char *next = site_field(request, "next", NULL);
    bool known = theme && (!strcmp(theme, "light") || !strcmp(theme, "dark") || !strcmp(theme, "system"));
    char cookie[128];
    snprintf(cookie, sizeof cookie, "phial_theme=%s; Path=/; Max-Age=31536000; SameSite=Lax",
             known ? theme : "system");
    http_add_header(request, "Set-Cookie", cookie);
    http_reply_see_other(request, next && foreign_is_own_path(next) ? next : "/");
}

static const struct http_route routes[] = {
    {"GET", "/account", HTTP_BODY_NONE, .guest = true, .handler = get_account},
    {"POST", "/theme", HTTP_BODY_FORM, .body_most = 16 << 10, .guest = true, .handler = post_theme},
};

int account_routes(struct site *site, struct http_server *server)
{
    return http_server_routes(server, routes, array_length(routes), site);
}
