/* phial key: who may call from another machine. */
#include "cli/cli.h"
#include "cli/settings_options.h"
#include "http/keys.h"

#include <getopt.h>
#include <jansson.h>
#include <sys/stat.h>

enum { OPTION_NAME = 256, OPTION_JSON };

static const struct option_row rows[] = {
    {OPTION_NAME, "name", "NAME", "new: what the key is called in the list and the audit log"},
    {OPTION_JSON, "json", NULL, "print JSON"},
    SETTINGS_OPTION_ROWS,
};

static int key_main(const struct command *command, int argc, char **argv);

const struct command command_key = {
    .name = "key",
    .summary = "Make, list and revoke API keys",
    .usage = "new [--name NAME] | list | revoke ID",
    .text = "A server that listens beyond this machine asks for a key: 'Authorization: Bearer KEY'. 'new' "
            "prints the key\n"
            "once; what is kept is a hash of it. A running server sees changes by itself.\n",
    COMMAND_OPTIONS(rows),
    .main = key_main,
    .usage_exit = EXIT_USAGE,
};

static json_t *key_json(const struct key *key)
{
    json_t *object = json_object();
    json_object_set_new(object, "id", json_string(key->id));
    json_object_set_new(object, "name", json_string(key->name));
    json_object_set_new(object, "created", json_string(key->created));
    return object;
}

static void print_json(json_t *value)
{
    json_dumpf(value, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    putchar('\n');
    json_decref(value);
}

/* Names must be unique; without one given, the day and a random word make one that says something. */
static void make_name(char name[static KEY_NAME_MOST + 1])
{
    char day[32], word[9];
    clock_wall_rfc3339(day);
    random_hex(4, word);
    snprintf(name, KEY_NAME_MOST + 1, "key-%.10s-%s", day, word);
}

static int new_key(const char *state_dir, const char *name, bool json)
{
    struct error err = {0};
    struct key key;
    char token[KEY_TOKEN_SIZE], made[KEY_NAME_MOST + 1];
    if (!name) {
        make_name(made);
        name = made;
    }
    mkdir(state_dir, 0755);
    if (key_new(state_dir, name, &key, token, &err) < 0)
        return command_error(&err);
    if (json) {
        json_t *object = key_json(&key);
        json_object_set_new(object, "key", json_string(token));
        print_json(object);
        return EXIT_OK;
    }
    puts(token);
    fprintf(stderr,
            "This is key %s (%s). It is shown only now; keep it. Clients send 'Authorization: Bearer KEY'.\n",
            key.id, key.name);
    return EXIT_OK;
}

static int list_keys(const char *state_dir, bool json)
{
    struct error err = {0};
    struct key_list keys = {0};
    if (keys_read(state_dir, &keys, &err) < 0)
        return command_error(&err);
    json_t *list = json_array();
    for (size_t i = 0; i < keys.count; i++)
        json_array_append_new(list, key_json(&keys.items[i]));
    if (json)
        print_json(json_incref(list));
    else
        for (size_t i = 0; i < keys.count; i++)
            printf("%s  %s  %s\n", keys.items[i].id, keys.items[i].created, keys.items[i].name);
    if (!json && keys.count == 0)
        fputs("there is no key yet: phial key new\n", stderr);
    json_decref(list);
    keys_free(&keys);
    return EXIT_OK;
}

static int revoke_key(const char *state_dir, const char *id)
{
    struct error err = {0};
    if (key_revoke(state_dir, id, &err) < 0)
        return command_error(&err);
    fprintf(stderr, "key %s is revoked\n", id);
    return EXIT_OK;
}

static int key_main(const struct command *command, int argc, char **argv)
{
    struct settings_options options = {0};
    struct settings settings;
    struct error err = {0};
    const char *value, *name = NULL;
    bool json = false;
    int exit_code;
    for (int id; (id = options_next(command, argc, argv, &value, &exit_code)) != OPTION_END;)
        if (id == OPTION_STOP)
            return exit_code;
        else if (id == OPTION_NAME)
            name = value;
        else if (id == OPTION_JSON)
            json = true;
        else
            settings_options_take(&options, id, value);
    const char *what = optind < argc ? argv[optind] : "";
    int operands = argc - optind - 1;
    if (settings_options_load(&options, &settings, &err) < 0)
        return command_error(&err);
    if (!strcmp(what, "new") && operands == 0)
        exit_code = new_key(settings.state_dir, name, json);
    else if (!strcmp(what, "list") && operands == 0)
        exit_code = list_keys(settings.state_dir, json);
    else if (!strcmp(what, "revoke") && operands == 1)
        exit_code = revoke_key(settings.state_dir, argv[optind + 1]);
    else
        exit_code = command_usage_error(command, "new, list, or revoke ID");
    settings_free(&settings);
    return exit_code;
}
