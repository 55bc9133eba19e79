# attack: acts while it is compiled: reads files of the host, starts programs, writes outside
# expect: status=ok stdout=contained
# host: never
defmodule AtCompileTime do
  for path <- ["/etc/phial/phial.yaml", "/var/lib/phial", "/run/phial", "/root/.ssh", "/sys/kernel", "/proc/kcore"] do
    if File.exists?(path), do: IO.puts("BREACH: #{path} is there")
  end

  for path <- ["/usr/x", "/etc/x", "/phial/x", "/usr/lib/elixir/x", "/usr/lib/erlang/x"] do
    if File.write(path, "x") == :ok, do: IO.puts("BREACH: #{path} could be written")
  end

  def done, do: IO.puts("contained")
end

AtCompileTime.done()
