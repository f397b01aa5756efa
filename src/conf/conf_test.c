/* Tests of conf: which place wins, and how mistakes are told. */
#include <unistd.h>

#include "conf/conf.h"
#include "tests/tap.h"

static const struct conf_def defs[] = {
    {"http_port", CONF_INT, "8080", 1, 65535, "Port of the server.", false},
    {"http_host", CONF_STR, "127.0.0.1", 1, 255, "Address to listen on.", false},
    {"session_idle", CONF_DURATION, "12h", 60000000, INT64_C(90) * 86400000000, "Idle.", false},
    {"upload_max", CONF_SIZE, "100MiB", 0, 0, "Largest upload.", false},
    {"log_json", CONF_BOOL, "yes", 0, 0, "JSON lines.", false},
    {"master_key", CONF_STR, "", 0, 64, "Key.", true},
    {0}};

static struct arena *arena;
static struct str error;

static void start(void)
{
    conf_reset();
    conf_declare(defs);
    error = STR("");
}

static const char *write_file(const char *text)
{
    static const char pattern[] = "/tmp/kontor-conf-test-XXXXXX";
    static char path[sizeof(pattern)];
    memcpy(path, pattern, sizeof(pattern));
    AUTO_FD fd = mkstemp(path);
    ssize_t put = write(fd, text, strlen(text));
    assert(put == (ssize_t)strlen(text));
    return path;
}

static enum rc load(const char *text)
{
    const char *path = write_file(text);
    enum rc rc = conf_load_file(arena, path, &error);
    (void)unlink(path);
    return rc;
}

static void test_order(void)
{
    start();
    ok(conf_int("http_port") == 8080 && conf_bool("log_json") &&
           conf_duration_us("session_idle") == INT64_C(12) * 3600 * 1000000 &&
           conf_size_bytes("upload_max") == 100 << 20,
       "defaults hold until something else is said");
    static char path[] = "PATH=/bin", port[] = "KONTOR_HTTP_PORT=9001";
    static char pg[] = "KONTOR_TEST_PG=x", kill[] = "KONTOR_KILL_AT=3";
    char *environment[] = {path, port, pg, kill, NULL};
    ok(conf_set_arg(arena, STR("http_host = ::1"), &error) == RC_OK, "an argument sets");
    ok(conf_load_env(arena, environment, &error) == RC_OK, "the environment is read");
    ok(load("# comment\n\nhttp_port = 9000\r\nhttp_host=0.0.0.0\nlog_json = off\n") == RC_OK,
       "the file is read");
    is_i64(conf_int("http_port"), 9001, "the environment wins over the file");
    is_str(conf_str("http_host"), "::1", "an argument wins over everything, whatever the order");
    ok(!conf_bool("log_json"), "the file wins over the default");
    struct conf_item item = conf_item(arena, 0);
    ok(conf_count() == 6 && item.source == CONF_FROM_ENV &&
           str_eq(item.where, STR("KONTOR_HTTP_PORT")) && str_eq(item.value, STR("9001")),
       "the list says what comes from where");
    ok(conf_set_arg(arena, STR("master_key=s3cret"), &error) == RC_OK &&
           str_eq(conf_item(arena, 5).value, STR("(set)")) &&
           str_eq(conf_str("master_key"), STR("s3cret")),
       "a secret is used but not shown");
}

static void refused(enum rc rc, const char *words)
{
    char name[128];
    (void)snprintf(name, sizeof(name), "refused: %s", words);
    if (!ok(rc == RC_INVALID && str_has(error, str_of(words)), name))
        printf("# said: " STR_FMT "\n", STR_ARG(error));
}

static void test_mistakes(void)
{
    start();
    refused(load("http_port = 1\nhtpp_port = 2\n"), ":2: there is no setting htpp_port; did you "
                                                    "mean http_port?");
    refused(load("colour = red\n"), ":1: there is no setting colour");
    refused(load("\nhttp_port\n"), ":2: expected name = value");
    refused(load("http_port = eighty\n"), "http_port must be a whole number");
    refused(load("http_port = 70000\n"), "http_port must be from 1 to 65535");
    refused(load("session_idle = 10\n"), "a duration such as");
    refused(load("upload_max = 10 parsecs\n"), "a size such as");
    refused(load("log_json = maybe\n"), "true or false");
    refused(load("http_host =\n"), "http_host must have 1 to 255 bytes");
    refused(load("http_host = \xFF\n"), "UTF-8");
    refused(conf_load_file(arena, "/nonexistent/kontor.conf", &error), "/nonexistent/kontor.conf:");
    refused(conf_set_arg(arena, STR("http_port"), &error), "name=value");
    static char typo[] = "KONTOR_HTTP_PROT=1";
    char *environment[] = {typo, NULL};
    refused(conf_load_env(arena, environment, &error),
            "KONTOR_HTTP_PROT: there is no setting http_prot; did you mean http_port?");
    is_i64(conf_int("http_port"), 1, "what was right before a mistake was taken");
}

static void test_values(void)
{
    int64_t v = 0;
    ok(conf_parse_duration(STR("250ms"), &v) && v == 250000, "milliseconds");
    ok(conf_parse_duration(STR("30d"), &v) && v == INT64_C(30) * 86400 * 1000000, "days");
    ok(conf_parse_duration(STR("0"), &v) && v == 0, "zero needs no unit");
    ok(!conf_parse_duration(STR("10"), &v) && !conf_parse_duration(STR("s"), &v) &&
           !conf_parse_duration(STR("-1s"), &v) && !conf_parse_duration(STR("9999999999999d"), &v),
       "a number without unit, a unit alone, a negative, an overflow are no durations");
    ok(conf_parse_size(STR("20MiB"), &v) && v == 20 << 20, "mebibytes");
    ok(conf_parse_size(STR("512"), &v) && v == 512, "bytes need no unit");
    ok(!conf_parse_size(STR("1.5MiB"), &v), "fractions are no sizes");
}

int main(void)
{
    arena = arena_new(0);
    test_order();
    test_mistakes();
    test_values();
    conf_reset();
    arena_free(arena);
    return done_testing();
}
