# attack: starts programs of the system from Elixir, many and in parallel
# expect: status=ok stdout=contained
# expect: status=error
# limits: processes=16
# host: never
results =
  for _ <- 1..200 do
    try do
      Port.open({:spawn_executable, "/bin/sleep"}, [:binary, args: ["5"]])
      :started
    rescue
      e -> e.__struct__
    catch
      kind, _ -> kind
    end
  end
started = Enum.count(results, &(&1 == :started))
# ports start through a helper process, so a failed start may only show later: what counts is who is alive
alive = Path.wildcard("/proc/[0-9]*/status") |> length()
IO.puts("#{started} started, #{alive} processes")
if alive > 40, do: IO.puts("BREACH: #{alive} processes under a limit of 16")
IO.puts("contained")
