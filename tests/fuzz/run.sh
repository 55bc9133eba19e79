#!/bin/sh
# usage: tests/fuzz/run.sh BUILD SECONDS: runs each fuzz target for that long, from its corpus. New inputs stay in
# BUILD/corpus; a crash leaves its input in BUILD and makes this fail.
set -eu
build=$(realpath "$1")
seconds=$2
source=$(realpath "$(dirname "$0")")
for target in "$build"/tests/fuzz/fuzz_*; do
    [ -x "$target" ] && [ -f "$target" ] || continue
    name=$(basename "$target")
    name=${name#fuzz_}
    mkdir -p "$build/corpus/$name" "$source/corpus/$name"
    echo "fuzz $name for $seconds s"
    "$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -verbosity=0 \
        -artifact_prefix="$build/crash-$name-" "$build/corpus/$name" "$source/corpus/$name" \
        >"$build/fuzz-$name.log" 2>&1 || {
        tail -n 40 "$build/fuzz-$name.log"
        exit 1
    }
done
