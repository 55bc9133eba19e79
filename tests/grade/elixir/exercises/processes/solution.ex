defmodule Post do
  def start, do: spawn(fn -> loop([]) end)
  def start_link(fun), do: spawn_link(fun)

  defp loop(mail) do
    receive do
      {:put, text} -> loop([text | mail])
      {:all, from} -> send(from, {:mail, Enum.reverse(mail)}); loop(mail)
      :stop -> :ok
    end
  end

  def wait do
    receive do
      {:hello, name} -> "hello #{name}"
    after
      100 -> :timeout
    end
  end

  def echo(pid, message), do: send(pid, {:echo, message})
  def task(fun), do: Task.async(fun)
  def many(list, fun), do: list |> Task.async_stream(fun) |> Enum.map(fn {:ok, x} -> x end)
  def agent(value), do: Agent.start_link(fn -> value end)
  def ref, do: make_ref()
  def leave(reason), do: exit(reason)
  def me, do: self()
  def delayed(ms), do: Process.send_after(self(), :late, ms)
end
