#!/bin/sh
# The hot route against nginx `return 302` without a log, on the same core, by CPU per request; and a
# worker's page by requests per second. usage: http.sh HTTP_SERVER
set -u
server=$1
dir=$(mktemp -d)
trap 'kill $pids 2>/dev/null; rm -rf "$dir"' EXIT
pids=
ticks=$(getconf CLK_TCK)

cat > "$dir/nginx.conf" <<EOF
worker_processes 1;
error_log /dev/null;
pid $dir/nginx.pid;
daemon off;
events { worker_connections 2048; }
http {
    access_log off;
    keepalive_requests 1000000;
    client_body_temp_path $dir; proxy_temp_path $dir; fastcgi_temp_path $dir;
    uwsgi_temp_path $dir; scgi_temp_path $dir;
    server { listen 127.0.0.1:18302 backlog=2048; location / { return 302 https://shop.example/?sub=\$request_id; } }
}
EOF
taskset -c 0 nginx -c "$dir/nginx.conf" -p "$dir" 2>/dev/null &
pids="$pids $!"
nginx_parent=$!
taskset -c 0 "$server" > "$dir/port" &
ours=$!
pids="$pids $ours"
sleep 1
port=$(cat "$dir/port")
nginx_worker=$(pgrep -P "$nginx_parent" | head -n 1)

cpu() { awk '{print $14 + $15}' "/proc/$1/stat"; }

# measure PID URL CONNECTIONS: prints "requests/s cpu-us/request p99"
measure() {
    before=$(cpu "$1")
    taskset -c 1 wrk -t1 -c"$3" -d3s --latency "$2" > "$dir/wrk" 2>&1
    after=$(cpu "$1")
    awk -v t=$((after - before)) -v hz="$ticks" '
        /requests in/ { n = $1 } /Requests\/sec/ { r = $2 } /99%/ { p = $2 }
        END { printf "%d %.2f %s\n", r, t * 1000000 / hz / n, p }' "$dir/wrk"
}

for connections in 64 600; do
    for round in 1 2 3; do
        set -- $(measure "$nginx_worker" http://127.0.0.1:18302/r/abc $connections)
        nginx_cpu=$2
        set -- $(measure "$ours" "http://127.0.0.1:$port/r/abc" $connections)
        awk -v a="$nginx_cpu" -v b="$2" -v r="$1" -v p="$3" 'BEGIN { printf "%.2f %d %s\n", a / b, r, p }'
    done | sort -n | awk -v c="$connections" '
        { ratio[NR] = $1; rate[NR] = $2; p99[NR] = $3 }
        END { printf "hot route, %d connections: nginx CPU / ours = %.2f (%.2f to %.2f), %d requests/s, p99 %s\n",
              c, ratio[2], ratio[1], ratio[3], rate[2], p99[2] }'
done
for connections in 64 600; do
    set -- $(measure "$ours" "http://127.0.0.1:$port/page" $connections)
    echo "worker page, $connections connections: $1 requests/s, p99 $3"
done
