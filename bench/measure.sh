# measure FILE COMMAND…: runs it with its output in FILE; sets seconds and megabytes (the most that it
# held, as the kernel counts it in /proc, read five times a second). Sourced.
measure() {
    measure_out=$1
    shift
    measure_from=$(date +%s%N)
    "$@" >"$measure_out" &
    measure_pid=$!
    measure_kb=0
    while measure_now=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$measure_pid/status" 2>/dev/null) &&
        [ -n "$measure_now" ]; do
        measure_kb=$measure_now
        sleep 0.2
    done
    wait "$measure_pid"
    seconds=$(awk -v ns=$(($(date +%s%N) - measure_from)) 'BEGIN { printf "%.1f", ns / 1e9 }')
    megabytes=$((measure_kb / 1024))
}
