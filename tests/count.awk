# Counts TAP lines: prints "passed failed skipped".
/^not ok / { bad++ }
/^ok .*# SKIP/ { skipped++; next }
/^ok / { good++ }
/^Bail out!/ { bad++ }
END { print good + 0, bad + 0, skipped + 0 }
