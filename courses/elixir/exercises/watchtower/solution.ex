defmodule Watchtower do
  @moduledoc "Calls functions at a safe distance."

  @doc """
  Calls `fun` in a process of its own and says how that ended.

  The value comes by a message, the end by the monitor. The value was sent before the end, so when the
  end has come, the value is there too, if there is one.
  """
  def run(fun) do
    me = self()
    ref = make_ref()
    {_pid, monitor} = spawn_monitor(fn -> send(me, {ref, fun.()}) end)

    receive do
      {:DOWN, ^monitor, :process, _pid, reason} -> outcome(ref, reason)
    end
  end

  defp outcome(ref, reason) do
    receive do
      {^ref, value} -> {:done, value}
    after
      0 -> {:failed, reason}
    end
  end
end
