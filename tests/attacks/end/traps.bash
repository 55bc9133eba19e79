# attack: traps every signal and starts itself again when it is told to end
# expect: status=timeout
# limits: wall_ms=2000
# host: never
trap 'exec "$0"' TERM INT HUP QUIT USR1 EXIT
trap '' TSTP TTIN TTOU
while :; do sleep 100; done
