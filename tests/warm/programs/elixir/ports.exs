port = Port.open({:spawn_executable, "/bin/sh"}, [:binary, :exit_status, args: ["-c", "read x; echo got $x; exit 5"]])
Port.command(port, "this\n")
receive do {^port, {:data, data}} -> IO.inspect(data) end
receive do {^port, {:exit_status, status}} -> IO.inspect(status) end
lines = Port.open({:spawn, "/bin/sh -c 'for i in 1 2 3; do echo line $i; done'"}, [:binary, {:line, 80}, :eof])
for _ <- 1..3, do: (receive do {^lines, {:data, {:eol, line}}} -> IO.puts(line) end)
receive do {^lines, :eof} -> IO.puts("eof") end
Port.close(lines)
big = Port.open({:spawn, "/bin/sh -c 'i=0; while [ $i -lt 2000 ]; do echo 0123456789012345678901234567890123456789; i=$((i+1)); done'"},
  [:binary, :exit_status])
count = fn count, total ->
  receive do
    {^big, {:data, data}} -> count.(count, total + byte_size(data))
    {^big, {:exit_status, 0}} -> total
  end
end
IO.inspect(count.(count, 0))
sleeping = Port.open({:spawn, "/bin/sh -c 'read forever'"}, [:binary])
IO.inspect(Port.info(sleeping, :name))
IO.inspect(is_integer(elem(Port.info(sleeping, :os_pid), 1)))
IO.inspect(Port.close(sleeping))
IO.inspect(Port.info(sleeping))
IO.puts(:os.cmd(~c"echo from os"))
