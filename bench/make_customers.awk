# Writes a file of customers for measuring: awk -v rows=1000000 -f bench/make_customers.awk
# Deterministic; names in no order.
BEGIN {
    if (!rows) rows = 1000000
    print "code,name,country,city,email,phone"
    random = 12345
    for (i = 1; i <= rows; i++) {
        random = (random * 1103515245 + 12345) % 2147483648
        printf "K%07d,Customer %d %d,ES,Madrid,c%d@example.com,+34 6%08d\n", i, random % 100000, i, i, \
            random % 100000000
    }
}
