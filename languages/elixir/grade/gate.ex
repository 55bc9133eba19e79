# What the solution may do on the tests' side. Everything here answers for the side it is asked on: the solution's side
# lets all in, for what comes there is the tests' own.

defmodule Phial.Grade.Gate do
  @moduledoc false

  alias Phial.Grade.Handles

  @table :phial_gate
  @key Phial.Grade
  @error_modules [:erl_erts_errors, :erl_stdlib_errors, :erl_kernel_errors]
  @frames_most 30
  @read_most 1_000_000

  @doc "Made on the tests' side before anything of the solution is known: what runs already is out of reach."
  def open do
    :ets.new(@table, [:named_table, :public, :set])
    protected = Map.new(Process.list(), &{&1, true})
    names = Map.new(Process.registered(), &{&1, true})
    :persistent_term.put({@key, :gate}, %{protected: protected, names: names})
  end

  ## Processes

  @doc "This process calls the solution, so signals of the solution may reach it."
  def calls(pid), do: :ets.insert(@table, {{:caller, pid}, true})

  @doc "Nothing of the solution reaches this process from now on, whatever it calls."
  def protect(pid) do
    if :ets.whereis(@table) != :undefined, do: :ets.insert(@table, {{:protected, pid}, true})
  end

  defp reachable?(pid) do
    not is_map_key(:persistent_term.get({@key, :gate}).protected, pid) and not :ets.member(@table, {:protected, pid})
  end

  def signal?(pid), do: not Handles.tests?() or (:ets.member(@table, {:caller, pid}) and reachable?(pid))

  def name?(name, pid) do
    is_atom(name) and is_pid(pid) and Handles.guest_id({:pid, pid}) != nil and Process.whereis(name) == nil and
      not is_map_key(:persistent_term.get({@key, :gate}).names, name)
  end

  ## Calls

  def target?({:function, id}) when is_integer(id), do: true
  def target?({:module, module, name}) when is_atom(module) and is_atom(name), do: true
  def target?({:harness, name}) when is_atom(name), do: not Handles.tests?()
  def target?(_), do: false

  @doc "Functions that the tests have handed over with the name of their module."
  def callback?(module, name, arity) do
    case :persistent_term.get({@key, :shared}, nil) do
      %{^module => {_, exports, _}} -> {name, arity} in exports and Handles.announced?(module)
      _ -> false
    end
  end

  ## Messages

  @doc "Whether a message of the solution may be put into a mailbox."
  def message?(pid, message), do: not Handles.tests?() or (reachable?(pid) and harmless?(pid, message))

  # What processes of the libraries take for code or for orders.
  defp harmless?(pid, message) do
    case server(pid) do
      :gen_event -> match?({:notify, _}, message)
      module -> plain?(module, message)
    end
  end

  defp plain?(_, {:system, _, _}), do: false
  defp plain?(_, {:io_request, _, _, _}), do: false
  defp plain?(_, {:file_request, _, _, _}), do: false
  defp plain?(module, {:"$gen_call", _, request}), do: request?(module, request)
  defp plain?(module, {:"$gen_cast", request}), do: request?(module, request)
  defp plain?(module, {:ack, _, _}), do: module == nil
  defp plain?(_, _), do: true

  defp server(pid) do
    case Process.info(pid, :dictionary) do
      {:dictionary, dictionary} -> with {module, _, _} <- dictionary[:"$initial_call"], do: module
      nil -> nil
    end
  end

  # An agent says of itself that it is the function that began it, so the request has to tell: what is named by module
  # and name would be called here.
  defp request?(_, {kind, {module, name, arguments}})
       when kind in [:get, :update, :get_and_update, :cast] and is_atom(module) and is_atom(name) and is_list(arguments),
       do: false

  defp request?(nil, _), do: true
  defp request?(module, _), do: not Handles.library?(module)

  @doc "Whether a request of the IO protocol is nothing but data."
  def io?(request), do: not Handles.tests?() or io_data?(request)

  defp io_data?({:put_chars, encoding, chars}), do: encoding?(encoding) and (is_binary(chars) or is_list(chars))
  defp io_data?({:put_chars, chars}), do: is_binary(chars) or is_list(chars)
  defp io_data?({:get_line, encoding, _}), do: encoding?(encoding)
  defp io_data?({:get_line, _}), do: true

  defp io_data?({:get_chars, encoding, _, count}),
    do: encoding?(encoding) and is_integer(count) and count in 0..@read_most

  defp io_data?({:requests, requests}), do: is_list(requests) and Enum.all?(requests, &io_data?/1)
  defp io_data?({:get_geometry, _}), do: true
  defp io_data?(:getopts), do: true
  defp io_data?(_), do: false

  defp encoding?(encoding), do: encoding in [:unicode, :latin1]

  ## Errors

  @doc "A failed assertion of the tests as the solution may see it."
  def hidden(error) do
    reference = make_ref()
    :ets.insert(@table, {{:hidden, reference}, error})
    %{error | expr: reference, left: :hidden, right: :hidden, args: [], context: :hidden, doctest: :hidden}
  end

  @doc "What it was, when it comes home."
  def shown(%{__struct__: ExUnit.AssertionError, expr: reference} = error) when is_reference(reference) do
    case Handles.tests?() && :ets.lookup(@table, {:hidden, reference}) do
      [{_, original}] -> original
      _ -> error
    end
  end

  def shown(reason), do: reason

  def stands_for?(module), do: is_map_key(:persistent_term.get({@key, :proxies}, %{}), module)

  @doc """
  A stack trace of the solution's. Only its own modules and the libraries' are in it: for a frame of a test, ExUnit
  would print the source of that line. `error_info` names a module that is asked for a text.
  """
  def stack(frames) when is_list(frames) do
    if Handles.tests?(), do: frames |> Enum.take(@frames_most) |> Enum.flat_map(&stack_frame/1), else: []
  end

  def stack(_), do: []

  defp stack_frame({module, name, arguments, place}) when is_atom(module) and is_atom(name) and is_list(place) do
    arguments? = (is_integer(arguments) and arguments in 0..255) or (is_list(arguments) and length(arguments) <= 255)
    known? = stands_for?(module) or Handles.library?(module) or not Code.ensure_loaded?(module)
    if arguments? and known?, do: [{module, name, arguments, Enum.flat_map(place, &place/1)}], else: []
  end

  defp stack_frame(_), do: []

  defp place({:line, line}) when is_integer(line) and line in 0..1_000_000, do: [line: line]

  defp place({:file, file}) when is_list(file) do
    if length(file) <= 1000 and List.ascii_printable?(file), do: [file: file], else: []
  end

  defp place({:error_info, %{module: module}}) when module in @error_modules, do: [error_info: %{module: module}]
  defp place(_), do: []
end
