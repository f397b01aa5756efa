/* Starts a server and asks it until it answers 200: prints the milliseconds from fork to that
 * answer, then the resident memory after it has been idle, and ends it by SIGTERM. usage: start
 * PORT PATH IDLE_SECONDS PROGRAM WORDS… */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/base.h"

enum { PATIENCE_US = 60 * 1000000, STEP_US = 500 };

static int64_t now_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static bool answers(int port, const char *path)
{
    char text[4096];
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    AUTO_FD fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
        return false;
    int len =
        snprintf(text, sizeof(text),
                 "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n", path, port);
    if (send(fd, text, (size_t)len, MSG_NOSIGNAL) != len)
        return false;
    ssize_t got = recv(fd, text, sizeof(text), 0);
    return got > 12 && memcmp(text, "HTTP/1.1 200", 12) == 0;
}

static long status_kb(pid_t pid, const char *name)
{
    char file[64], line[256];
    long kb = 0;
    (void)snprintf(file, sizeof(file), "/proc/%d/status", (int)pid);
    FILE *status = fopen(file, "r");
    while (status && fgets(line, sizeof(line), status))
        if (strncmp(line, name, strlen(name)) == 0)
            kb = strtol(line + strlen(name), NULL, 10);
    if (status)
        (void)fclose(status);
    return kb;
}

int main(int argc, char **argv)
{
    if (argc < 5)
        return 64;
    int port = (int)strtol(argv[1], NULL, 10);
    int64_t begun = now_us();
    pid_t pid = fork();
    if (pid == 0) {
        if (!freopen("/dev/null", "w", stdout))
            _exit(71);
        (void)execv(argv[4], argv + 4);
        _exit(71);
    }
    while (!answers(port, argv[2])) {
        if (now_us() - begun > PATIENCE_US || waitpid(pid, NULL, WNOHANG) != 0)
            return 70;
        (void)usleep(STEP_US);
    }
    printf("%.0f", (double)(now_us() - begun) / 1e3);
    (void)sleep((unsigned)strtoul(argv[3], NULL, 10));
    printf(" %ld %ld\n", status_kb(pid, "VmRSS:"), status_kb(pid, "RssAnon:"));
    (void)kill(pid, SIGTERM);
    (void)waitpid(pid, NULL, 0);
    return 0;
}
