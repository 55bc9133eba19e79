# Calls from one side to the other.
#
# A process that calls and its stand-in over there are one thread of control: the mailbox, `trap_exit` and the group
# leader go where the control is, and calls back come to the process that waits. So `self()`, `receive` and links work
# on both sides as they would in one runtime. Processes that the solution has started keep their own mailbox, and so do
# the tests' servers.

defmodule Phial.Grade.Call do
  @moduledoc false

  alias Phial.Grade.{Gate, Handles, Link, StandIn, Wire}

  @calls :phial_calls
  # Numbers of the calls that this process is in the middle of serving, the innermost first.
  @serving :"$phial_serving"
  @frames_most 30
  @frame_arguments_most 255

  @doc "A function that stands for one of the other side."
  for arity <- 0..12 do
    arguments = Macro.generate_arguments(arity, __MODULE__)

    def function(unquote(arity), id),
      do: fn unquote_splicing(arguments) -> unquote(__MODULE__).call({:function, id}, unquote(arguments)) end
  end

  def call(target, arguments) do
    %{tag: tag, side: side} = Handles.peer()
    if side == :tests, do: Gate.calls(self())
    StandIn.settle(tag)
    id = :erlang.unique_integer([:positive])
    reference = make_ref()
    moves? = mailbox_moves?(side)
    {:trap_exit, trap} = Process.info(self(), :trap_exit)
    mailbox = if moves?, do: drain(tag), else: []
    payload = encode_call({target, arguments, mailbox, Process.group_leader(), trap})
    :ets.insert(@calls, {id, self(), reference})
    parent = List.first(Process.get(@serving, []), 0)
    if Link.lost(), do: send(self(), {reference, :failed, :lost}), else: Link.call(id, parent, payload)
    wait(reference, tag, moves?, side)
  end

  defp encode_call({_, _, mailbox, _, _} = call) do
    Wire.encode(call)
  rescue
    error in ArgumentError ->
      Enum.each(mailbox, &send(self(), &1))
      reraise(error, __STACKTRACE__)
  end

  # A server's messages are for its own loop.
  defp mailbox_moves?(:tests), do: StandIn.stand_in?() or not server?(Process.get(:"$initial_call"))
  defp mailbox_moves?(:solution), do: StandIn.stand_in?()

  defp server?({_, :init, 1}), do: true
  defp server?({module, _, _}), do: module in [:supervisor, :gen_event]
  defp server?(_), do: false

  defp wait(reference, tag, moves?, side) do
    receive do
      {^reference, :reply, {result, mailbox, links, trap, names}} ->
        Enum.each(mailbox, &send(self(), &1))
        if side == :tests, do: take_over(links, trap, names)
        unwrap(result)

      {^reference, :callback, id, call} ->
        serve(id, call, tag)
        wait(reference, tag, moves?, side)

      {^reference, :failed, _} ->
        raise RuntimeError, "the solution's runtime has ended"

      {^reference, :died, reason} ->
        unless reason == :normal, do: Process.exit(self(), reason)
        exit(reason)

      {^tag, :settle, from, asked} ->
        send(from, {asked, :settled})
        wait(reference, tag, moves?, side)

      {^tag, :signal, to, reason} ->
        Process.exit(to, reason)
        wait(reference, tag, moves?, side)

      message when moves? and not (is_tuple(message) and tuple_size(message) > 0 and elem(message, 0) == tag) ->
        Link.message(self(), message)
        wait(reference, tag, moves?, side)
    end
  end

  # Links that the call has made are kept on the tests' side from now on, and names are known there.
  defp take_over(links, trap, names) do
    if is_boolean(trap), do: Process.flag(:trap_exit, trap)
    for pid <- links, is_pid(pid), Handles.guest_id({:pid, pid}) != nil, do: link(pid)
    for {name, pid} <- names, Gate.name?(name, pid), do: register(name, pid)
    :ok
  end

  defp link(pid) do
    Process.link(pid)
  rescue
    ErlangError -> Process.exit(self(), :noproc)
  end

  defp register(name, pid) do
    Process.register(pid, name)
  rescue
    ArgumentError -> false
  end

  defp unwrap({:ok, value}), do: value

  defp unwrap({:raised, kind, reason, stack}) when kind in [:error, :exit, :throw] do
    :erlang.raise(kind, reason, Gate.stack(stack) ++ own_stack())
  end

  defp unwrap({:refused, what}),
    do: raise(RuntimeError, "a value cannot pass between tests and solution: #{inspect(what)}")

  defp unwrap(_), do: raise(RuntimeError, "the solution gave no answer")

  # Without the frames of this module and of the module that stands for the solution's.
  defp own_stack do
    {:current_stacktrace, stack} = Process.info(self(), :current_stacktrace)
    Enum.drop_while(stack, fn {module, _, _, _} -> module in [Process, __MODULE__] or Gate.stands_for?(module) end)
  end

  ## Serving

  @doc "Runs a call of the other side in this process: a stand-in, or an original that waits."
  def serve(id, {target, arguments, mailbox, leader, trap}, tag) do
    %{side: side} = Handles.peer()
    stand_in? = StandIn.stand_in?()
    outer = Process.get(@serving, [])
    outermost? = stand_in? and outer == []
    if outermost?, do: StandIn.busy()
    if stand_in?, do: Process.group_leader(self(), leader)
    if stand_in?, do: Process.flag(:trap_exit, trap)
    Process.put(@serving, [id | outer])
    Enum.each(mailbox, &send(self(), &1))
    links = links(side)
    result = run(side, target, arguments)
    made = links(side) -- links
    {:trap_exit, trap} = Process.info(self(), :trap_exit)
    if outermost?, do: Process.flag(:trap_exit, true)
    if stand_in?, do: Enum.each(made, &Process.unlink/1)
    Process.put(@serving, outer)
    if outermost?, do: StandIn.idle()
    StandIn.settle(tag)
    mailbox = if mailbox_moves?(side), do: drain(tag), else: []
    Link.reply(id, encode_reply({result, mailbox, if(stand_in?, do: made, else: []), trap, names(side)}))
  end

  defp run(side, target, arguments) do
    {:ok, invoke(side, target, arguments)}
  catch
    kind, reason -> {:raised, kind, reason, stack(side, __STACKTRACE__)}
  end

  defp invoke(_, {:function, id}, arguments), do: apply(Handles.own(:function, id), arguments)
  defp invoke(:solution, {:module, module, name}, arguments), do: apply(module, name, arguments)
  defp invoke(:solution, {:harness, name}, arguments), do: apply(Phial.Grade.Solution, name, arguments)

  defp invoke(:tests, {:module, module, name}, arguments) do
    if Gate.callback?(module, name, length(arguments)) do
      apply(module, name, arguments)
    else
      raise RuntimeError, "the solution may not call #{inspect(module)}.#{name}/#{length(arguments)} of the tests"
    end
  end

  defp encode_reply({_, mailbox, links, trap, names} = reply) do
    Wire.encode(reply)
  rescue
    error in ArgumentError -> encode_small({:raised, :error, error, []}, mailbox, links, trap, names)
  end

  defp encode_small(result, mailbox, links, trap, names) do
    Wire.encode({result, mailbox, links, trap, names})
  rescue
    ArgumentError -> Wire.encode({result, [], links, trap, names})
  end

  def refuse(id, what), do: Link.reply(id, Wire.encode({{:refused, what}, [], [], false, []}))

  # The tests' stack would tell of their source.
  defp stack(:tests, _), do: []

  defp stack(:solution, stack) do
    stack
    |> Enum.take_while(fn {module, _, _, _} -> module != __MODULE__ end)
    |> Enum.take(@frames_most)
    |> Enum.with_index(&stack_frame/2)
  end

  defp stack_frame({module, name, arguments, place}, 0)
       when is_list(arguments) and length(arguments) <= @frame_arguments_most,
       do: {module, name, arguments, place(place)}

  defp stack_frame({module, name, arguments, place}, at) when is_list(arguments),
    do: stack_frame({module, name, length(arguments), place}, at)

  defp stack_frame({module, name, arity, place}, _), do: {module, name, arity, place(place)}

  defp place(place), do: for({key, value} <- place, key in [:file, :line, :error_info], do: {key, value})

  defp links(:tests), do: []

  defp links(:solution) do
    {:links, links} = Process.info(self(), :links)
    for pid <- links, is_pid(pid), Handles.guest_id({:pid, pid}) == nil, do: pid
  end

  # What the solution has registered since it was loaded.
  defp names(:tests), do: []

  defp names(:solution) do
    known = :persistent_term.get({Phial.Grade, :names}, %{})

    for name <- Process.registered(),
        not is_map_key(known, name),
        pid = Process.whereis(name),
        is_pid(pid),
        do: {name, pid}
  end

  defp drain(tag) do
    case Process.info(self(), :message_queue_len) do
      {_, 0} -> []
      _ -> drain(tag, [], [])
    end
  end

  defp drain(tag, taken, kept) do
    receive do
      message when is_tuple(message) and tuple_size(message) > 0 and elem(message, 0) == tag ->
        drain(tag, taken, [message | kept])

      message ->
        drain(tag, [message | taken], kept)
    after
      0 ->
        Enum.each(:lists.reverse(kept), &send(self(), &1))
        :lists.reverse(taken)
    end
  end
end
