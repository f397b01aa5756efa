/* mail_smtp: handing a letter to the mail server by libcurl. A refusal of this letter or recipient
 * (5xx after MAIL, RCPT or DATA) is for good; a wrong password, a closed door or an unknown host is
 * ours or the network's, and is tried again. */
#include <curl/curl.h>

#include "mail/mail_int.h"

enum { CONNECT_S = 15, WHOLE_S = 120 };

struct source {
    struct str rest;
};

static size_t read_message(char *at, size_t size, size_t count, void *self)
{
    struct source *source = self;
    size_t n = size * count < source->rest.len ? size * count : source->rest.len;
    memcpy(at, source->rest.at, n);
    source->rest = str_sub(source->rest, n, source->rest.len - n);
    return n;
}

static void curl_cleanup(CURL **curl)
{
    if (*curl)
        curl_easy_cleanup(*curl);
}

static void list_cleanup(struct curl_slist **list)
{
    curl_slist_free_all(*list);
}

static long tls_of(struct str tls)
{
    if (str_eq(tls, STR("off")))
        return (long)CURLUSESSL_NONE;
    return (long)(str_eq(tls, STR("try")) ? CURLUSESSL_TRY : CURLUSESSL_ALL);
}

static enum rc judge(struct arena *arena, CURL *curl, CURLcode code, const char *words,
                     struct str *out_error)
{
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    struct str said = str_of(words[0] ? words : curl_easy_strerror(code));
    *out_error = utf8_cut(text_clean_line(arena, said), MAIL_ERROR_MAX);
    bool is_refusal = code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR ||
                      code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_UPLOAD_FAILED;
    bool is_about_us = status == 530 || status == 534 || status == 535 || status == 538;
    return is_refusal && status >= 500 && status < 600 && !is_about_us ? RC_INVALID : RC_BUSY;
}

static void configure(CURL *curl, struct arena *arena, const struct mail__server *server,
                      char *words)
{
    curl_easy_setopt(curl, CURLOPT_URL, str_c(arena, server->url));
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_USE_SSL, tls_of(server->tls));
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)WHOLE_S);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, words);
    curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* nothing from the environment */
    if (server->user.len) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, str_c(arena, server->user));
        curl_easy_setopt(curl, CURLOPT_PASSWORD, str_c(arena, server->password));
    }
}

enum rc mail__send(struct arena *arena, const struct mail__server *server, struct str to,
                   struct str message, struct str *out_error)
{
    CLEANUP(curl_cleanup) CURL *curl = NULL;
    CLEANUP(list_cleanup) struct curl_slist *recipients = NULL;
    char words[CURL_ERROR_SIZE] = "";
    struct source source = {message};
    if (server->from.len == 0) {
        *out_error = STR("smtp_from is not set");
        return RC_BUSY;
    }
    curl = curl_easy_init();
    recipients =
        curl_slist_append(NULL, str_c(arena, str_printf(arena, "<" STR_FMT ">", STR_ARG(to))));
    assert(curl && recipients);
    configure(curl, arena, server, words);
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM,
                     str_c(arena, str_printf(arena, "<" STR_FMT ">", STR_ARG(server->from))));
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, read_message);
    curl_easy_setopt(curl, CURLOPT_READDATA, &source);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    CURLcode code = curl_easy_perform(curl);
    return code == CURLE_OK ? RC_OK : judge(arena, curl, code, words, out_error);
}

enum rc mail__reach(struct arena *arena, const struct mail__server *server, struct str *out_error)
{
    CLEANUP(curl_cleanup) CURL *curl = curl_easy_init();
    char words[CURL_ERROR_SIZE] = "";
    assert(curl);
    configure(curl, arena, server, words);
    curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
    CURLcode code = curl_easy_perform(curl);
    return code == CURLE_OK ? RC_OK : judge(arena, curl, code, words, out_error);
}
