import unittest

from support import EveryLanguage, LanguageCase

LIBRARY = r'''
set -euo pipefail
fail() { echo "line $1" >&2; exit 1; }
trap 'fail $LINENO' ERR

# words
declare -A map=([a]=1 [b]=2)
list=(one two "three four")
[ "${#list[@]}" = 3 ]; [ "${map[b]}" = 2 ]; [ "${list[2]^^}" = "THREE FOUR" ]
text="żółw"; [ "${#text}" = 4 ]; [ "${text/ó/o}" = żołw ]
[[ abc123 =~ ^[a-z]+([0-9]+)$ ]]; [ "${BASH_REMATCH[1]}" = 123 ]
[ $((2 ** 10 % 7)) = 2 ]; printf -v x '%05.2f' 3.14159; [ "$x" = 03.14 ]
[ "$(echo {1..3} {a..c})" = "1 2 3 a b c" ]

# pipes, here-documents, substitutions
[ "$(printf '3\n1\n2\n' | sort -n | head -n 1)" = 1 ]
[ "$(cat << END | tr a-z A-Z
hello $x
END
)" = "HELLO 03.14" ]
[ "$(tr -d x <<< xay)" = ay ]
seq 3 > three; diff three - <<< $'1\n2\n3'
mkfifo /tmp/fifo; (echo through > /tmp/fifo) & read -r line < /tmp/fifo; wait; [ "$line" = through ]
coproc CAT { while read -r l; do echo "got $l"; done; }
echo it >&"${CAT[1]}"; read -r line <&"${CAT[0]}"; [ "$line" = "got it" ]; kill $CAT_PID; wait $CAT_PID || true

# processes
(exit 3) || [ $? = 3 ]
sleep 30 & pid=$!; kill -TERM $pid; wait $pid || [ $? = 143 ]
timeout 0.05 sleep 10 || [ $? = 124 ]
for i in 1 2 3 4; do (echo "$i" > "/tmp/p$i") & done; wait; [ "$(cat /tmp/p? | sort | tr -d '\n')" = 1234 ]
trap 'got=1' USR1; kill -USR1 $$; [ "$got" = 1 ]
[ "$(nohup echo hup 2> /dev/null)" = hup ]; nice true
exec 5> /tmp/five; echo five >&5; exec 5>&-; [ "$(< /tmp/five)" = five ]
[ "$(ulimit -c)" != unlimited ]

# programs
[ "$(echo 'a b c' | awk '{ print $2 }')" = b ]; [ "$(echo abc | sed 's/b/X/')" = aXc ]
[ "$(grep -c o <<< $'one\ntwo\nsix')" = 2 ]; [ "$(echo '2^64' | bc)" = 18446744073709551616 ]
mkdir -p d/e; touch d/e/{x,y}; ln -s x d/e/link; cp -r d f; mv f g; [ "$(find g -type f | wc -l)" = 2 ]
find d -name 'x*' -exec rm {} +; [ "$(ls g/e | xargs echo)" = "link x y" ]; rm -r d g
[ "$(printf abc | sha256sum | cut -c 1-8)" = ba7816bf ]; [ "$(printf hi | base64)" = aGk= ]
[ "$(date -u -d @0 +%F)" = 1970-01-01 ]; [ "$(basename /a/b.c .c)" = b ]; [ "$(seq 3 | paste -sd+)" = 1+2+3 ]
[ "$(stat -c %s /tmp/five)" = 5 ]; [ "$(mktemp -d /tmp/XXXX)" != "" ]; [ "$(od -An -tx1 <<< A | tr -d ' \n')" = 410a ]
dd if=/dev/zero of=/tmp/z bs=1k count=64 status=none; [ "$(du -k /tmp/z | cut -f1)" = 64 ]
split -n 2 /tmp/z /tmp/s; cmp /tmp/saa /tmp/sab; truncate -s 0 /tmp/z; shuf -n 1 /tmp/five > /dev/null
[ "$(head -c 4 /dev/urandom | wc -c)" = 4 ]; [ "$(pwd)" = /work ]; [ "$HOME" = /work ]; [ "$PATH" = /usr/bin:/bin ]
! compgen -G '/dev/tcp/*' > /dev/null; ! (exec 3<> /dev/tcp/127.0.0.1/1) 2> /dev/null
echo done
'''


class Bash(EveryLanguage, LanguageCase):
    language = "bash"
    COMPILED = False
    HELLO = "echo hello"
    EXIT_7 = "exit 7"
    ECHO = "cat"
    ARGS = 'for arg in "$@"; do printf "%s\\n" "$arg"; done'
    ENV = 'echo "$GREETING"'
    UNICODE = "echo 'żółw 🐢'"
    ERROR = "echo boom >&2; false"
    BROKEN = "if true; then ("
    LIBRARY = LIBRARY

    def test_other_files_can_be_sourced(self):
        files = [("main.sh", ". lib/a.sh; double 21; bash b.sh"), ("lib/a.sh", "double() { echo $(($1 * 2)); }"),
                 ("b.sh", "echo b")]  # fmt: skip
        self.assertEqual("42\nb\n", self.run_ok(files)["stdout"])

    def test_bytes_that_are_no_utf_8_run_as_they_are(self):
        self.assertEqual("\ufffd\n", self.run_ok(b"echo '\xff'")["stdout"])


if __name__ == "__main__":
    unittest.main()
