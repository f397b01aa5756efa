# Writes a file of sales for measuring imports: awk -v rows=1000000 -f bench/make_sales.awk
# Deterministic: the same rows give the same file. Partners P1…P500, products G1…G200.
BEGIN {
    OFS = ","
    if (!rows) rows = 1000000
    if (!partners) partners = 500
    if (!products) products = 200
    print "external id,occurred at,type,partner,product,quantity,net,tax,currency,attr:channel"
    state = 12345
    for (i = 1; i <= rows; i++) {
        state = (state * 1103515245 + 12345) % 2147483648
        p = int(state / 7) % partners + 1
        g = int(state / 977) % products + 1
        cents = int(state / 13) % 500000 + 100
        second = (i * 31) % 86400
        day = int(i * 364 / rows)
        printf "S-%08d,2025-%02d-%02d %02d:%02d:%02d,sale,P%d,G%d,%d,%d.%02d,%d.%02d,EUR,%s\n", i, \
            int(day / 31) + 1, day % 28 + 1, int(second / 3600), int(second / 60) % 60, second % 60, \
            p, g, i % 5 + 1, int(cents / 100), cents % 100, int(cents / 500), int(cents / 5) % 100, \
            i % 3 ? "shop" : "web"
    }
}
