# attack: starts as many background programs as it can
# expect: status=ok stdout=contained
# expect: status=error
# expect: status=timeout
# limits: processes=16 wall_ms=5000
# host: never
for i in {1..100}; do
    sleep 100 &
done 2>/dev/null
n=$(jobs -p 2>/dev/null | wc -l)
[ "${n:-0}" -gt 24 ] && echo "BREACH: $n programs under a limit of 16"
echo contained
