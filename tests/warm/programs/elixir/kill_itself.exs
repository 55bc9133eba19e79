# test: {"status": "error"}
IO.puts("going")
System.cmd("/bin/sh", ["-c", "kill -KILL #{System.pid()}"])
Process.sleep(:infinity)
