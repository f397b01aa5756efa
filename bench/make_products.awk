# Writes a file of products for measuring: awk -v rows=1000000 -f bench/make_products.awk
# Deterministic; names in no order.
BEGIN {
    if (!rows) rows = 1000000
    print "code,name,unit,price,currency"
    random = 12345
    for (i = 1; i <= rows; i++) {
        random = (random * 1103515245 + 12345) % 2147483648
        printf "G%07d,Good %d of %d,pcs,%d.%02d,EUR\n", i, random % 100000, i, random % 1000, i % 100
    }
}
