#include "site/course_markdown.h"

#include <ctype.h>
#include <errno.h>
#include <md4c.h>
#include <strings.h>

/* ---- streams ---- */

static int stream_open(struct markdown_stream *s)
{
    s->file = open_memstream(&s->data, &s->size);
    return s->file ? 0 : -ENOMEM;
}

static void stream_close(struct markdown_stream *s)
{
    if (s->file)
        fclose(s->file);
    free(s->data);
    *s = (struct markdown_stream){0};
}

/* What is in the stream; the stream is new afterwards. NULL when out of memory. */
static char *stream_take(struct markdown_stream *s)
{
    bool bad = ferror(s->file) != 0;
    bad |= fclose(s->file) != 0;
    char *data = s->data;
    *s = (struct markdown_stream){0};
    if (stream_open(s) < 0 || bad) {
        free(data);
        return NULL;
    }
    return data;
}

char *markdown_take_html(struct markdown *m)
{
    return stream_take(&m->html);
}

char *markdown_take_plain(struct markdown *m)
{
    return stream_take(&m->plain);
}

/* ---- lines ---- */

/* Most of what md4c hands over is a view into the text, and so has a line. */
static void note_place(struct markdown *m, const char *place)
{
    if (place < m->text || place > m->text + m->size)
        return;
    if (place < m->at) {
        m->at = m->text;
        m->at_line = m->first_line;
    }
    for (; m->at < place; m->at++)
        m->at_line += *m->at == '\n';
}

static void fault(struct markdown *m, unsigned line, const char *text)
{
    if (m->sink->fault)
        m->sink->fault(m->context, line, text);
}

/* ---- writing ---- */

static void put_escaped(FILE *out, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        switch (text[i]) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        default:
            fputc(text[i], out);
        }
}

static FILE *html_out(struct markdown *m)
{
    return m->in_heading ? m->heading.file : m->html.file;
}

static FILE *plain_out(struct markdown *m)
{
    return m->in_heading ? m->title.file : m->plain.file;
}

static void put_code_point(FILE *out, unsigned long c)
{
    if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
        c = 0xfffd;
    if (c < 0x80) {
        fputc((int)c, out);
    } else if (c < 0x800) {
        fprintf(out, "%c%c", (int)(0xc0 | c >> 6), (int)(0x80 | (c & 63)));
    } else if (c < 0x10000) {
        fprintf(out, "%c%c%c", (int)(0xe0 | c >> 12), (int)(0x80 | (c >> 6 & 63)), (int)(0x80 | (c & 63)));
    } else {
        fprintf(out, "%c%c%c%c", (int)(0xf0 | c >> 18), (int)(0x80 | (c >> 12 & 63)),
                (int)(0x80 | (c >> 6 & 63)), (int)(0x80 | (c & 63)));
    }
}

/* An entity as the character it stands for. Browsers know all names; here those that prose uses. */
static void put_entity(FILE *out, const char *text, size_t n)
{
    static const struct {
        const char *name;
        unsigned long code;
    } names[] = {{"amp", '&'},       {"lt", '<'},      {"gt", '>'},      {"quot", '"'},     {"apos", '\''},
                 {"nbsp", 0xa0},     {"copy", 0xa9},   {"times", 0xd7},  {"ndash", 0x2013}, {"mdash", 0x2014},
                 {"hellip", 0x2026}, {"larr", 0x2190}, {"rarr", 0x2192}, {"rArr", 0x21d2},  {"le", 0x2264},
                 {"ge", 0x2265},     {"ne", 0x2260}};
    if (n > 3 && text[1] == '#') {
        bool hex = text[2] == 'x' || text[2] == 'X';
        put_code_point(out, strtoul(text + (hex ? 3 : 2), NULL, hex ? 16 : 10));
        return;
    }
    for (size_t i = 0; i < array_length(names); i++)
        if (strlen(names[i].name) == n - 2 && !strncmp(names[i].name, text + 1, n - 2)) {
            put_code_point(out, names[i].code);
            return;
        }
    fwrite(text, 1, n, out);
}

/* An attribute without its entities. */
static char *attribute_text(const MD_ATTRIBUTE *a)
{
    char *data = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&data, &size);
    if (!out)
        return NULL;
    for (size_t i = 0; a->text && a->substr_offsets[i] < a->size; i++) {
        const char *part = a->text + a->substr_offsets[i];
        size_t n = a->substr_offsets[i + 1] - a->substr_offsets[i];
        if (a->substr_types[i] == MD_TEXT_ENTITY)
            put_entity(out, part, n);
        else
            fwrite(part, 1, n, out);
    }
    bool bad = ferror(out) != 0;
    if (fclose(out) != 0 || bad) {
        free(data);
        return NULL;
    }
    return data;
}

/* ---- links ---- */

/* A scheme other than these could run a script in the page. What has no scheme is a place on this site. */
static bool address_is_safe(const char *address)
{
    static const char *const schemes[] = {"http:", "https:", "mailto:"};
    size_t n = strcspn(address, ":/?#");
    if (address[n] != ':')
        return true;
    for (size_t i = 0; i < array_length(schemes); i++)
        if (!strncasecmp(address, schemes[i], strlen(schemes[i])))
            return true;
    return false;
}

/* In an address everything but what URLs are made of is written as %XX. */
static void put_address(FILE *out, const char *address)
{
    for (const unsigned char *c = (const unsigned char *)address; *c; c++)
        if (*c == '&')
            fputs("&amp;", out);
        else if (isalnum(*c) || strchr("-_.+!*(),%#@?=;:/$~", *c))
            fputc(*c, out);
        else
            fprintf(out, "%%%02X", *c);
}

static int open_link(struct markdown *m, const MD_SPAN_A_DETAIL *detail)
{
    FILE *out = html_out(m);
    note_place(m, detail->href.text);
    cleanup_free char *address = attribute_text(&detail->href), *title = attribute_text(&detail->title);
    if (!address || !title)
        return -ENOMEM;
    if (!address_is_safe(address)) {
        fault(m, m->at_line, "a link must begin with https:, http: or mailto:, or name a place on this site");
        *address = 0;
    }
    cleanup_free char *other = m->sink->link ? m->sink->link(m->context, address, m->at_line) : NULL;
    fputs("<a href=\"", out);
    put_address(out, other ? other : address);
    if (*title) {
        fputs("\" title=\"", out);
        put_escaped(out, title, strlen(title));
    }
    fputs("\">", out);
    return 0;
}

/* ---- spans and text ---- */

static int enter_span(MD_SPANTYPE type, void *detail, void *context)
{
    struct markdown *m = context;
    FILE *out = html_out(m);
    switch (type) {
    case MD_SPAN_EM:
        fputs("<em>", out);
        break;
    case MD_SPAN_STRONG:
        fputs("<strong>", out);
        break;
    case MD_SPAN_CODE:
        fputs("<code>", out);
        break;
    case MD_SPAN_DEL:
        fputs("<del>", out);
        break;
    case MD_SPAN_A:
        return open_link(m, detail);
    case MD_SPAN_IMG:
        note_place(m, ((const MD_SPAN_IMG_DETAIL *)detail)->src.text);
        fault(m, m->at_line, "pictures cannot be shown in a lesson; say it in words, or link to it");
        break;
    default:
        break;
    }
    return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *context)
{
    struct markdown *m = context;
    FILE *out = html_out(m);
    (void)detail;
    switch (type) {
    case MD_SPAN_EM:
        fputs("</em>", out);
        break;
    case MD_SPAN_STRONG:
        fputs("</strong>", out);
        break;
    case MD_SPAN_CODE:
        fputs("</code>", out);
        break;
    case MD_SPAN_DEL:
        fputs("</del>", out);
        break;
    case MD_SPAN_A:
        fputs("</a>", out);
        break;
    default:
        break;
    }
    return 0;
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *context)
{
    struct markdown *m = context;
    note_place(m, text);
    if (m->in_block) {
        if (!m->block_line)
            m->block_line = m->at_line;
        fwrite(text, 1, size, m->block.file);
        return 0;
    }
    switch (type) {
    case MD_TEXT_BR:
        fputs("<br>\n", html_out(m));
        fputc('\n', plain_out(m));
        break;
    case MD_TEXT_SOFTBR:
        fputc('\n', html_out(m));
        fputc('\n', plain_out(m));
        break;
    case MD_TEXT_ENTITY: /* md4c has made sure that it has an entity's form */
        fwrite(text, 1, size, html_out(m));
        put_entity(plain_out(m), text, size);
        break;
    default:
        put_escaped(html_out(m), text, size);
        fwrite(text, 1, size, plain_out(m));
    }
    return 0;
}

/* ---- headings ---- */

/* "What `with` is for" is "what-with-is-for"; bytes beyond ASCII stay. */
static void make_slug(const char *title, char slug[static 64])
{
    size_t n = 0;
    bool gap = false;
    for (const unsigned char *c = (const unsigned char *)title; *c && n < 56; c++) {
        if (isalnum(*c) || *c >= 0x80 || *c == '_') {
            if (gap && n)
                slug[n++] = '-';
            gap = false;
            slug[n++] = (char)tolower(*c);
        } else if (isspace(*c) || *c == '-' || *c == '/' || *c == '.') {
            gap = true;
        }
    }
    while (n && !utf8_valid(slug, n)) /* cut in the middle of a character */
        n--;
    slug[n] = 0;
    if (!n)
        strcpy(slug, "section");
}

static int unique_id(struct markdown *m, const char *title, char id[static 80])
{
    char slug[64];
    make_slug(title, slug);
    snprintf(id, 80, "%s", slug);
    for (unsigned i = 2; strings_have(m->ids, id); i++)
        snprintf(id, 80, "%s-%u", slug, i);
    return strings_add(&m->ids, strdup(id));
}

static int end_heading(struct markdown *m, unsigned level)
{
    char id[80];
    m->in_heading = false;
    cleanup_free char *html = stream_take(&m->heading), *title = stream_take(&m->title);
    if (!html || !title || unique_id(m, title, id) < 0)
        return -ENOMEM;
    int r = m->sink->heading ? m->sink->heading(m->context, level, id, title, m->at_line) : 0;
    fprintf(m->html.file, "<h%u id=\"%s\">%s</h%u>\n", level, id, html, level);
    return r;
}

/* ---- code and HTML ---- */

static int begin_code(struct markdown *m, const MD_BLOCK_CODE_DETAIL *detail)
{
    m->block_line = 0;
    if (detail->info.text) {
        note_place(m, detail->info.text);
        m->block_line = m->at_line;
    }
    free(m->info);
    m->info = attribute_text(&detail->info);
    m->in_block = true;
    return m->info ? 0 : -ENOMEM;
}

static void put_code(struct markdown *m, const char *code)
{
    size_t n = strspn(m->info, "abcdefghijklmnopqrstuvwxyz0123456789+-_");
    if (n && (!m->info[n] || m->info[n] == ' '))
        fprintf(m->html.file, "<pre><code class=\"language-%.*s\">", (int)n, m->info);
    else
        fputs("<pre><code>", m->html.file);
    put_escaped(m->html.file, code, strlen(code));
    fputs("</code></pre>\n", m->html.file);
    fprintf(m->plain.file, "%s\n", code);
}

static int end_code(struct markdown *m)
{
    m->in_block = false;
    cleanup_free char *code = stream_take(&m->block);
    if (!code)
        return -ENOMEM;
    struct markdown_fence fence = {.info = m->info,
                                   .code = code,
                                   .line = m->block_line ? m->block_line : m->at_line,
                                   .nested = m->nesting > 0};
    int r = m->sink->fence ? m->sink->fence(m->context, &fence) : 0;
    if (r == 0)
        put_code(m, code);
    return r < 0 ? r : 0;
}

static int end_html(struct markdown *m)
{
    m->in_block = false;
    cleanup_free char *html = stream_take(&m->block);
    if (!html)
        return -ENOMEM;
    char *end = html + strlen(html);
    while (end > html && isspace((unsigned char)end[-1]))
        end--;
    const char *start = html + strspn(html, " ");
    if (!strncmp(start, "<!--", 4) && end - start >= 7 && !memcmp(end - 3, "-->", 3))
        return 0;
    fault(m, m->block_line, "HTML is not passed on; write Markdown, and `code` for what has angle brackets");
    return 0;
}

/* ---- blocks ---- */

static const char *cell_start(MD_BLOCKTYPE type, const MD_BLOCK_TD_DETAIL *detail)
{
    static const char *const starts[2][4] = {
        {"<td>", "<td class=\"left\">", "<td class=\"center\">", "<td class=\"right\">"},
        {"<th scope=\"col\">", "<th scope=\"col\" class=\"left\">", "<th scope=\"col\" class=\"center\">",
         "<th scope=\"col\" class=\"right\">"}};
    return starts[type == MD_BLOCK_TH][detail->align <= MD_ALIGN_RIGHT ? detail->align : 0];
}

static void begin_item(FILE *out, const MD_BLOCK_LI_DETAIL *detail)
{
    if (!detail->is_task)
        fputs("<li>", out);
    else
        fprintf(out, "<li class=\"task\"><input type=\"checkbox\" disabled%s> ",
                detail->task_mark == ' ' ? "" : " checked");
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *context)
{
    struct markdown *m = context;
    FILE *out = m->html.file;
    switch (type) {
    case MD_BLOCK_QUOTE:
        m->nesting++;
        fputs("<blockquote>\n", out);
        break;
    case MD_BLOCK_UL:
        m->nesting++;
        fputs("<ul>\n", out);
        break;
    case MD_BLOCK_OL:
        m->nesting++;
        if (((const MD_BLOCK_OL_DETAIL *)detail)->start == 1)
            fputs("<ol>\n", out);
        else
            fprintf(out, "<ol start=\"%u\">\n", ((const MD_BLOCK_OL_DETAIL *)detail)->start);
        break;
    case MD_BLOCK_LI:
        begin_item(out, detail);
        break;
    case MD_BLOCK_HR:
        fputs("<hr>\n", out);
        break;
    case MD_BLOCK_H:
        m->in_heading = true;
        break;
    case MD_BLOCK_CODE:
        return begin_code(m, detail);
    case MD_BLOCK_HTML:
        m->in_block = true;
        m->block_line = 0;
        break;
    case MD_BLOCK_P:
        fputs("<p>", out);
        break;
    case MD_BLOCK_TABLE:
        fputs("<table>\n", out);
        break;
    case MD_BLOCK_THEAD:
        fputs("<thead>\n", out);
        break;
    case MD_BLOCK_TBODY:
        fputs("<tbody>\n", out);
        break;
    case MD_BLOCK_TR:
        fputs("<tr>", out);
        break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
        fputs(cell_start(type, detail), out);
        break;
    default:
        break;
    }
    return 0;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *context)
{
    static const char *const ends[] = {
        [MD_BLOCK_QUOTE] = "</blockquote>\n",
        [MD_BLOCK_UL] = "</ul>\n",
        [MD_BLOCK_OL] = "</ol>\n",
        [MD_BLOCK_LI] = "</li>\n",
        [MD_BLOCK_P] = "</p>\n",
        [MD_BLOCK_TABLE] = "</table>\n",
        [MD_BLOCK_THEAD] = "</thead>\n",
        [MD_BLOCK_TBODY] = "</tbody>\n",
        [MD_BLOCK_TR] = "</tr>\n",
        [MD_BLOCK_TH] = "</th>",
        [MD_BLOCK_TD] = "</td>",
    };
    struct markdown *m = context;
    switch (type) {
    case MD_BLOCK_H:
        return end_heading(m, ((const MD_BLOCK_H_DETAIL *)detail)->level);
    case MD_BLOCK_CODE:
        return end_code(m);
    case MD_BLOCK_HTML:
        return end_html(m);
    case MD_BLOCK_QUOTE:
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
        m->nesting--;
        break;
    default:
        break;
    }
    if ((size_t)type < array_length(ends) && ends[type]) {
        fputs(ends[type], m->html.file);
        fputc(type == MD_BLOCK_TH || type == MD_BLOCK_TD ? ' ' : '\n', m->plain.file);
    }
    return 0;
}

int markdown_read(struct markdown *m, const char *text, size_t size)
{
    static const MD_PARSER parser = {
        .flags = MD_DIALECT_GITHUB | MD_FLAG_NOHTMLSPANS,
        .enter_block = enter_block,
        .leave_block = leave_block,
        .enter_span = enter_span,
        .leave_span = leave_span,
        .text = on_text,
    };
    struct markdown_stream *streams[] = {&m->html, &m->plain, &m->heading, &m->title, &m->block};
    for (size_t i = 0; i < array_length(streams); i++)
        if (stream_open(streams[i]) < 0)
            return -ENOMEM;
    m->text = m->at = text;
    m->size = size;
    m->at_line = m->first_line;
    int r = md_parse(text, (MD_SIZE)size, &parser, m);
    return r == -1 ? -ENOMEM : r;
}

void markdown_free(struct markdown *m)
{
    struct markdown_stream *streams[] = {&m->html, &m->plain, &m->heading, &m->title, &m->block};
    for (size_t i = 0; i < array_length(streams); i++)
        stream_close(streams[i]);
    free(m->info);
    strings_free(m->ids);
    m->info = NULL;
    m->ids = NULL;
}
