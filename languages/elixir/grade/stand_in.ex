# A process that stands for one of the other side: what is sent to it goes there, and calls of its original run in it.

defmodule Phial.Grade.StandIn do
  @moduledoc false

  alias Phial.Grade.{Call, Handles, Link}

  @stand_ins :phial_stand_ins
  @mark :"$phial_stand_in"
  # Waiting for more than these would cost more than what could be overtaken is worth.
  @settle_most 64
  @settle_ms 50

  @doc "The link's process starts them."
  def start do
    pid = spawn(fn -> begin() end)
    :ets.insert(@stand_ins, {pid, :idle})
    pid
  end

  def stand_in?, do: Process.get(@mark, false)

  defp begin do
    Process.put(@mark, true)
    Process.flag(:trap_exit, true)
    loop(Handles.peer().tag)
  end

  defp loop(tag) do
    receive do
      {^tag, :call, id, call} -> Call.serve(id, call, tag)
      {^tag, :settle, from, reference} -> send(from, {reference, :settled})
      {^tag, :signal, to, reason} -> Process.exit(to, reason)
      {^tag, :down, reason} -> exit(reason)
      {:EXIT, from, reason} -> Link.exit_signal(from, self(), reason)
      {:io_request, from, reply_as, request} -> io(self(), from, reply_as, request)
      message -> Link.message(self(), message)
    end

    loop(tag)
  end

  @doc "Sends a request to a device of the other side. What it is to evaluate is evaluated here."
  def io(device, from, reply_as, request), do: Link.io_request(device, from, reply_as, evaluate(request))

  defp evaluate({:put_chars, encoding, module, name, arguments}) do
    {:put_chars, encoding, :unicode.characters_to_binary(apply(module, name, arguments), encoding, :unicode)}
  rescue
    _ -> {:put_chars, encoding, module, name, []}
  end

  defp evaluate({:requests, requests}) when is_list(requests), do: {:requests, Enum.map(requests, &evaluate/1)}
  defp evaluate(request), do: request

  @doc "A message of the other side. One that tells of an end and finds nobody in a call would be taken for a signal."
  def give(to, {:EXIT, _, _} = message) do
    case :ets.lookup(@stand_ins, to) do
      [{_, :idle}] -> Link.message(to, message)
      _ -> send(to, message)
    end
  end

  def give(to, message), do: send(to, message)

  @doc "An exit signal from a stand-in, as far as that can still send one."
  def signal(from, to, reason) do
    case :ets.lookup(@stand_ins, from) do
      [{_, :idle}] -> send(from, {Handles.peer().tag, :signal, to, reason})
      _ -> Process.exit(to, reason)
    end
  end

  @doc "The original of a stand-in has ended."
  def ended(pid, reason) do
    case :ets.lookup(@stand_ins, pid) do
      [{_, :idle}] ->
        :ets.insert(@stand_ins, {pid, :told})
        send(pid, {Handles.peer().tag, :down, reason})

      [{_, :busy}] ->
        :ets.insert(@stand_ins, {pid, :told})
        Process.exit(pid, :kill)

      _ ->
        :ok
    end
  end

  def busy, do: :ets.update_element(@stand_ins, self(), {2, :busy})
  def idle, do: :ets.select_replace(@stand_ins, [{{self(), :busy}, [], [{{self(), :idle}}]}])

  @doc "Waits until stand-ins have passed on what this process has sent to them, or a call would overtake it."
  def settle(tag) do
    case :ets.match(@stand_ins, {:"$1", :idle}, @settle_most + 1) do
      {idle, _} when length(idle) <= @settle_most -> idle |> Enum.map(&ask(hd(&1), tag)) |> Enum.each(&hear/1)
      _ -> :ok
    end
  end

  defp ask(pid, _) when pid == self(), do: nil

  defp ask(pid, tag) do
    reference = make_ref()
    send(pid, {tag, :settle, self(), reference})
    {pid, reference}
  end

  defp hear(nil), do: :ok

  defp hear({pid, reference}) do
    receive do
      {^reference, :settled} -> :ok
    after
      if(Process.alive?(pid), do: @settle_ms, else: 0) -> :ok
    end
  end
end
