# attack: kills the VM's own children and the VM by programs of the system
# expect: status=error
# expect: status=killed
# host: never
System.cmd("/bin/sh", ["-c", "kill -9 -1; kill -9 $PPID"])
IO.puts("BREACH: the VM lived on")
