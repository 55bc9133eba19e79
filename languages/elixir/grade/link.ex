# The process that owns the descriptors to the other side: reads frames, makes stand-ins, and watches what has crossed.
#
# A frame is its size (4 bytes), a letter and what follows; a payload is in the wire format to the frame's end:
#
#     C  id, parent (8 bytes each, parent 0 for none), caller (handle), payload {target, arguments, mailbox, leader, trap}
#     R  id, payload {result, mailbox, links, trap, names}
#     M  to (handle), payload: a message            X  from, to (handles), payload: an exit signal's reason
#     D  process (handle), payload: it ended so     G  process (handle), payload: its stand-in ended so
#     I  device (handle), payload {from, reply_as, request}: a request of the IO protocol
#     J  payload {from, reply_as, reply}: its answer
#     S  payload {module, exports, struct}: a module of the tests, for the solution
#     N  payload: news of the solution's, for the tests
#
# What comes from the solution is hostile. The tests' side ends the link at the first frame that the solution's own
# harness would not have written; what the solution may send at all is decided in Phial.Grade.Gate.

defmodule Phial.Grade.Link do
  @moduledoc false

  alias Phial.Grade.{Call, Gate, Handles, Solution, StandIn, Wire}

  # A frame holds one value and what stands before it.
  @frame_most 16 * 1024 * 1024 + 1024
  @bytes_most 512 * 1024 * 1024
  # Words; the tests' side only. Room for a value of the size that may cross.
  @heap_most 24 * 1024 * 1024
  @calls :phial_calls
  @stand_ins :phial_stand_ins
  @standard_error 0
  @no_process <<2, @standard_error::64>>

  ## Made by the process that has the port. It lives as long as the runtime does and owns the tables.

  @doc "`early` is what was read behind the order."
  def open(side, port, early) do
    :ets.new(@calls, [:named_table, :public, :set])
    :ets.new(@stand_ins, [:named_table, :public, :set])
    opener = self()
    limit = if side == :tests, do: [max_heap_size: heap_most()], else: []
    options = [:monitor, priority: :high] ++ limit
    {link, monitor} = :erlang.spawn_opt(fn -> await(port, opener) end, options)
    scribe = spawn(fn -> write() end)
    Handles.open(side, port, link, scribe)
    true = Port.connect(port, link)
    Process.unlink(port)
    send(link, {:early, [early | already_here(port, [])]})
    monitor
  end

  def heap_most, do: %{size: @heap_most, kill: true, error_logger: false, include_shared_binaries: true}

  defp already_here(port, data) do
    receive do
      {^port, {:data, more}} -> already_here(port, [data, more])
      {^port, :eof} -> [data | already_eof(port)]
    after
      0 -> data
    end
  end

  defp already_eof(port) do
    send(Handles.peer().link, {port, :eof})
    []
  end

  ## What other processes send

  # Blocks while the other side does not read; the link's own process therefore leaves its writing to another.
  def transmit(frame) do
    %{port: port, link: link, scribe: scribe} = Handles.peer()
    data = [<<:erlang.iolist_size(frame)::32>> | frame]

    if self() == link do
      send(scribe, {:write, port, data})
    else
      try do
        :erlang.port_command(port, data)
      rescue
        ArgumentError -> false
      end
    end
  end

  defp write do
    receive do
      {:write, port, data} ->
        try do
          :erlang.port_command(port, data)
        rescue
          ArgumentError -> false
        end
    end

    write()
  end

  def call(id, parent, payload), do: transmit([<<?C, id::64, parent::64>>, handle(self()), payload])
  def reply(id, payload), do: transmit([<<?R, id::64>>, payload])
  def define(shell), do: transmit([?S | Wire.encode(shell)])
  def news(news), do: transmit([?N | Wire.encode(news)])
  def exit_signal(from, to, reason), do: transmit([?X, handle(from), handle(to) | encode_or(reason, :unknown)])

  @doc "What is too large to cross is lost."
  def message(to, message) do
    transmit([?M, handle(to) | Wire.encode(message)])
  rescue
    ArgumentError -> false
  end

  def io_request(device, from, reply_as, request) do
    to = if device == :standard_error, do: @no_process, else: handle(device)
    transmit([?I, to | Wire.encode({from, reply_as, request})])
  rescue
    ArgumentError -> send(from, {:io_reply, reply_as, {:error, :enomem}})
  end

  defp handle(pid) do
    {owner, id} = Handles.export(:pid, pid)
    <<owner, id::64>>
  end

  defp encode_or(term, otherwise) do
    Wire.encode(term)
  rescue
    ArgumentError -> Wire.encode(otherwise)
  end

  @doc "The link tells the other side when the process has ended."
  def watch(pid, id, whose) do
    %{tag: tag, link: link} = Handles.peer()
    send(link, {tag, :watch, pid, id, whose})
  end

  @doc "Why the other side is gone, or nil."
  def lost do
    case :ets.lookup(@calls, :lost) do
      [{_, why}] -> why
      [] -> nil
    end
  end

  ## The process

  defp await(port, opener) do
    receive do
      {:early, early} ->
        state = %{port: port, opener: opener, buffer: <<>>, bytes: 0, watched: %{}, devices: %{}}
        early |> :erlang.iolist_to_binary() |> take(state) |> loop(Handles.peer().tag)
    end
  end

  defp loop(%{port: port} = state, tag) do
    receive do
      {^port, {:data, data}} -> data |> take(state) |> loop(tag)
      {^port, :eof} -> state |> end_link(:ended) |> loop(tag)
      {^tag, :watch, pid, id, whose} -> loop(put_in(state.watched[Process.monitor(pid)], {whose, pid, id}), tag)
      {:DOWN, monitor, :process, pid, reason} -> state |> down(monitor, pid, reason) |> loop(tag)
      {:io_reply, reference, reply} -> state |> answer(reference, reply) |> loop(tag)
      _ -> loop(state, tag)
    end
  end

  defp take(_, %{port: nil} = state), do: state

  defp take(data, state) do
    state = %{state | buffer: state.buffer <> data, bytes: state.bytes + byte_size(data)}
    if Handles.tests?() and state.bytes > @bytes_most, do: throw({:violation, :bytes})
    frames(state)
  catch
    {:violation, what} -> end_link(state, {:violation, what})
    :error, what -> end_link(state, {:violation, {what, Enum.take(__STACKTRACE__, 1)}})
  end

  defp frames(%{buffer: <<size::32, _::binary>>}) when size > @frame_most or size == 0, do: throw({:violation, :size})

  defp frames(%{buffer: <<size::32, body::binary-size(size), rest::binary>>} = state) do
    frames(frame(body, %{state | buffer: rest}))
  end

  defp frames(state), do: %{state | buffer: :binary.copy(state.buffer)}

  # On the tests' side everyone who waits is told; the solution's side has nothing left to do.
  defp end_link(state, why) do
    unless Handles.tests?(), do: :erlang.halt(0, flush: false)
    lose(why)
    # The descriptors are closed, and with them the solution's run ends.
    if state.port, do: catch_error(fn -> Port.close(state.port) end)
    %{state | port: nil, buffer: <<>>}
  end

  @doc "The other side is gone: for the link, or for its opener when the link itself has been lost."
  def lose(why) do
    :ets.insert_new(@calls, {:lost, why})
    for {_, pid, reference} <- :ets.match_object(@calls, {:_, :_, :_}), do: send(pid, {reference, :failed, :lost})
    tag = Handles.peer().tag
    for {pid, _} <- :ets.tab2list(@stand_ins), do: send(pid, {tag, :down, :noconnection})
    :ok
  end

  defp catch_error(fun) do
    fun.()
  rescue
    ArgumentError -> true
  end

  ## Frames

  defp frame(<<?C, id::64, parent::64, owner, number::64, payload::binary>>, state) do
    caller = Handles.import(:pid, owner, number, 0)
    # Within a call it may be the process that waits for it here.
    if parent == 0 and owner == Handles.own_side(), do: throw({:violation, :caller})

    case decode(payload) do
      {:ok, {target, arguments, mailbox, leader, trap}}
      when is_list(arguments) and is_list(mailbox) and is_pid(leader) and is_boolean(trap) ->
        unless Gate.target?(target), do: throw({:violation, :target})
        deliver_call(id, parent, caller, {target, arguments, mailbox, leader, trap})

      {:ok, _} ->
        throw({:violation, :call})

      {:refused, what} ->
        Call.refuse(id, what)
    end

    state
  end

  # Whoever waits stays on the list until the answer has been read, or nobody would tell it that the link was lost.
  defp frame(<<?R, id::64, payload::binary>>, state) do
    with [{_, pid, reference}] <- :ets.lookup(@calls, id) do
      reply = check_reply(pid, decode(payload))
      :ets.delete(@calls, id)
      send(pid, {reference, :reply, reply})
    end

    state
  end

  defp frame(<<?M, owner, number::64, payload::binary>>, state) do
    to = Handles.import(:pid, owner, number, 0)
    with {:ok, message} <- decode(payload), true <- Gate.message?(to, message), do: StandIn.give(to, message)
    state
  end

  defp frame(<<?X, owner_from, from::64, owner_to, to::64, payload::binary>>, state) do
    from = Handles.import(:pid, owner_from, from, 0)
    to = Handles.import(:pid, owner_to, to, 0)
    with {:ok, reason} <- decode(payload), true <- Gate.signal?(to), do: StandIn.signal(from, to, reason)
    state
  end

  defp frame(<<?D, owner, id::64, payload::binary>>, state) do
    if owner == Handles.own_side(), do: throw({:violation, :down})
    with {_, reason} <- decode(payload), do: StandIn.ended(Handles.import(:pid, owner, id, 0), reason)
    state
  end

  defp frame(<<?G, owner, id::64, payload::binary>>, state) do
    if owner != Handles.own_side(), do: throw({:violation, :gone})
    pid = Handles.own(:pid, id)
    with {:ok, reason} <- decode(payload), true <- Gate.signal?(pid), do: stand_in_gone(pid, reason)
    state
  end

  defp frame(<<?I, owner, number::64, payload::binary>>, state) do
    device = if owner == 2, do: Process.whereis(:standard_error), else: Handles.import(:pid, owner, number, 0)

    case decode(payload) do
      {:ok, {from, reply_as, request}} when is_pid(from) ->
        if device && Gate.io?(request) do
          reference = make_ref()
          send(device, {:io_request, self(), reference, request})
          put_in(state.devices[reference], {from, reply_as})
        else
          transmit([?J | Wire.encode({from, reply_as, {:error, :request}})])
          state
        end

      {:ok, _} ->
        throw({:violation, :io})

      {:refused, _} ->
        state
    end
  end

  defp frame(<<?J, payload::binary>>, state) do
    case decode(payload) do
      {:ok, {from, reply_as, reply}} when is_pid(from) ->
        if Gate.message?(from, reply), do: send(from, {:io_reply, reply_as, reply})
        state

      _ ->
        throw({:violation, :io})
    end
  end

  defp frame(<<?S, payload::binary>>, state) do
    if Handles.tests?(), do: throw({:violation, :define})
    {:ok, shell} = decode(payload)
    Solution.define(shell)
    state
  end

  defp frame(<<?N, payload::binary>>, state) do
    unless Handles.tests?(), do: throw({:violation, :news})
    send(state.opener, {Handles.peer().tag, :news, decode(payload)})
    state
  end

  defp frame(_, _), do: throw({:violation, :frame})

  defp decode(payload) do
    {:ok, Wire.decode(payload)}
  catch
    {:refused, what} -> {:refused, what}
  end

  defp check_reply(pid, {:ok, {result, mailbox, links, trap, names}})
       when is_list(mailbox) and is_list(links) and is_boolean(trap) and is_list(names),
       do: {result, Enum.filter(mailbox, &Gate.message?(pid, &1)), links, trap, names}

  defp check_reply(_, {:refused, what}), do: {{:refused, what}, [], [], nil, []}
  defp check_reply(_, _), do: throw({:violation, :reply})

  # A call from within a call goes to the process that waits for that one: both are one thread of control.
  defp deliver_call(id, 0, caller, call) do
    if Process.alive?(caller),
      do: send(caller, {Handles.peer().tag, :call, id, call}),
      else: Call.refuse(id, :caller_is_gone)
  end

  defp deliver_call(id, parent, _, call) do
    case :ets.lookup(@calls, parent) do
      [{_, pid, reference}] -> send(pid, {reference, :callback, id, call})
      [] -> Call.refuse(id, :caller_is_gone)
    end
  end

  # The stand-in was killed where it is: so is the process, or if it waits for a call there, the call ends so.
  defp stand_in_gone(pid, reason) do
    case :ets.match_object(@calls, {:_, pid, :_}) do
      [] ->
        Process.exit(pid, if(reason == :killed, do: :kill, else: reason))

      waiting ->
        for {id, _, reference} <- waiting, :ets.take(@calls, id) != [], do: send(pid, {reference, :died, reason})
    end
  end

  ## Ends of processes

  defp down(state, monitor, pid, reason) do
    {watched, rest} = Map.pop(state.watched, monitor)

    case watched do
      {:own, _, id} -> transmit([<<?D, Handles.own_side(), id::64>> | encode_or(plain(reason), :unknown)])
      {:guest, _, id} -> guest_down(pid, id, reason)
      nil -> :ok
    end

    %{state | watched: rest}
  end

  defp guest_down(pid, id, reason) do
    told? = match?([{_, :told}], :ets.take(@stand_ins, pid))
    unless told?, do: transmit([<<?G, Handles.other_side(), id::64>> | encode_or(plain(reason), :unknown)])
  end

  # Stack traces do not cross.
  defp plain({reason, [{module, name, _, _} | _]}) when is_atom(module) and is_atom(name), do: {reason, []}
  defp plain(reason), do: reason

  defp answer(state, reference, reply) do
    case Map.pop(state.devices, reference) do
      {{from, reply_as}, rest} ->
        transmit([?J | encode_or({from, reply_as, reply}, {from, reply_as, {:error, :enomem}})])
        %{state | devices: rest}

      {nil, _} ->
        state
    end
  end
end
