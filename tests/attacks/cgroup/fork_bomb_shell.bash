# attack: the classic fork bomb of the shell
# expect: status=timeout
# expect: status=killed
# expect: status=error
# expect: status=memory
# expect: status=ok
# limits: wall_ms=2000 cpu_ms=2000
# slow: yes
# host: never
bomb() { bomb | bomb & }
bomb
wait
sleep 10
