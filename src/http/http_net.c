/* Addresses and networks, for the proxies that may say who the client is. An address is always 16
 * bytes, IPv4 mapped into IPv6, so that one comparison serves both. */
#include <arpa/inet.h>

#include "http/http_int.h"

bool http__address_parse(struct str text, uint8_t out[16])
{
    char name[64];
    struct in_addr four;
    struct in6_addr six;
    if (text.len == 0 || text.len >= sizeof(name))
        return false;
    memcpy(name, text.at, text.len);
    name[text.len] = 0;
    if (inet_pton(AF_INET, name, &four) == 1) {
        memset(out, 0, 10);
        out[10] = out[11] = 0xff;
        memcpy(out + 12, &four, 4);
        return true;
    }
    if (inet_pton(AF_INET6, name, &six) != 1)
        return false;
    memcpy(out, &six, 16);
    return true;
}

static bool parse_one(struct str text, struct http__network *out)
{
    int64_t bits = 0;
    struct str address = str_cut(&text, '/');
    bool is_four = str_find(address, STR(":"), 0) == SIZE_MAX;
    if (!http__address_parse(address, out->bytes))
        return false;
    int most = is_four ? 32 : 128;
    if (!text.at)
        bits = most;
    else if (!str_to_i64(text, &bits) || bits < 0 || bits > most)
        return false;
    out->bits = (int)bits + (is_four ? 96 : 0);
    return true;
}

bool http__networks_parse(struct arena *arena, struct str text, struct http__networks *out)
{
    while (text.at && text.len > 0) {
        struct http__network network = {0};
        struct str one = str_trim(str_cut(&text, ','));
        if (one.len == 0)
            continue;
        if (!parse_one(one, &network))
            return false;
        VEC_PUSH(arena, out, network);
    }
    return true;
}

bool http__networks_have(const struct http__networks *networks, const uint8_t address[16])
{
    for (size_t i = 0; i < networks->len; i++) {
        const struct http__network *network = &networks->at[i];
        int whole = network->bits / 8, rest = network->bits % 8;
        uint8_t mask = (uint8_t)(0xff00 >> rest);
        if (memcmp(network->bytes, address, (size_t)whole) == 0 &&
            (rest == 0 || ((network->bytes[whole] ^ address[whole]) & mask) == 0))
            return true;
    }
    return false;
}
