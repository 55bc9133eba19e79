# What the scripts share; to be sourced by bash.
# shellcheck shell=bash

source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck disable=SC2034 # for those who source this
build_dir=${PHIAL_BUILD:-$source_dir/build}
export LC_ALL=C.UTF-8

say() { printf '%s\n' "$*"; }
die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        command -v sudo > /dev/null || die "must be root for: $* (and there is no sudo)"
        sudo "$@"
    fi
}

# step LABEL COMMAND...: runs the command quietly. On a terminal the last line of its output is shown while it runs;
# when it fails, the last 30 lines.
step() {
    local label=$1 log status=0 start=$SECONDS
    shift
    log=$(mktemp)
    if [ -t 1 ]; then
        { "$@" 2>&1 < /dev/null; echo $? > "$log.status"; } | while IFS= read -r line; do
            printf '%s\n' "$line" >> "$log"
            printf '\r\033[K%s: %.*s' "$label" $((${COLUMNS:-80} - ${#label} - 3)) "$line"
        done
        printf '\r\033[K'
        status=$(cat "$log.status")
    else
        say "$label ..."
        "$@" > "$log" 2>&1 < /dev/null || status=$?
    fi
    if [ "$status" = 0 ]; then
        say "$label: done, $((SECONDS - start)) s"
    else
        tail -n 30 "$log" >&2
        printf '%s: FAILED with exit code %s\n' "$label" "$status" >&2
    fi
    rm -f "$log" "$log.status"
    return "$status"
}
