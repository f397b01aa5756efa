# Writes a contract with a scheme for each partner of make_partners.awk:
# awk -v rows=1000000 -f bench/make_contracts.awk
BEGIN {
    if (!rows) rows = 1000000
    print "code,partner,nature,from,currency,period,scheme"
    for (i = 1; i <= rows; i++)
        printf "C%07d,P%07d,commission,2024-01-01,EUR,month,S\n", i, i
}
