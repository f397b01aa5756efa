# Writes a file of partners for measuring lists: awk -v rows=1000000 -f bench/make_partners.awk
# Deterministic. Names in no order, states by weight: four of seven are active.
BEGIN {
    if (!rows) rows = 1000000
    split("active active active active suspended prospect terminated", states, " ")
    split("Al Be Ca Do En Fi Go Hu In Jo Ka Li Mo No Ol Pe Qu Ro Sa To Un Vi Wa", parts, " ")
    print "code,name,kind,state,country"
    random = 12345
    for (i = 1; i <= rows; i++) {
        random = (random * 1103515245 + 12345) % 2147483648
        r = int(random / 7)
        printf "P%07d,%s%s%s %d,company,%s,ES\n", i, parts[r % 23 + 1], \
            tolower(parts[int(r / 23) % 23 + 1]), tolower(parts[int(r / 529) % 23 + 1]), i, \
            states[int(r / 12167) % 7 + 1]
    }
}
