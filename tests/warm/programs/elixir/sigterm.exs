System.trap_signal(:sigterm, fn -> IO.puts("asked to stop"); :ok end)
System.cmd("/bin/sh", ["-c", "kill -TERM #{System.pid()}"])
Process.sleep(:infinity)
