# Writes the plan and the results of a suite, as a formatter of ExUnit. docs/languages.md has the lines.
#
# What the tests print is this run's too: their group leader is the console below, which passes text on to the
# formatter. A test's text arrives there before ExUnit says that the test has finished, for one test runs at a time.

defmodule Phial.Grade.Results do
  @moduledoc false

  use GenServer

  alias Phial.Grade.{Console, Failure, Gate}
  alias Phial.Report

  @sink {Phial.Grade, :sink}
  @plan {Phial.Grade, :plan}
  @tests_most 500
  @name_most 1_000
  @message_most 16 * 1024
  @output_most 16 * 1024
  @value_most 8 * 1024

  ## Lines

  @doc "Lines go to standard output, where nothing else is written, or into the report of an ordinary run."
  def open(:output), do: :persistent_term.put(@sink, {:output, :erlang.open_port({:fd, 0, 1}, [:out, :binary])})
  def open(:report), do: :persistent_term.put(@sink, :report)

  def write(line) do
    case :persistent_term.get(@sink) do
      {:output, port} -> :erlang.port_command(port, [:json.encode(line), ?\n])
      :report -> Report.send_line(%{grade: line})
    end
  end

  def diagnostic(diagnostic) do
    texts =
      for {key, text} <- diagnostic,
          key in [:severity, :message, :file],
          text != nil,
          do: {key, Report.cut(to_string(text), @message_most)}

    numbers =
      for {key, number} <- diagnostic, key in [:line, :column], is_integer(number) and number > 0, do: {key, number}

    write(%{diagnostic: Map.new(texts ++ numbers)})
  end

  def rule(rule) do
    texts = for {key, text} <- rule, key in [:rule, :kind, :file], do: {key, Report.cut(to_string(text), @name_most)}
    line = for {:line, number} <- rule, is_integer(number) and number > 0, do: {:line, number}
    write(%{rule: Map.new(texts ++ line)})
  end

  @doc "Writes the plan for modules of ExUnit: all tests in the order of the files, then of the lines."
  def plan(modules, files) do
    tests =
      for module <- modules,
          test_module = module.__ex_unit__(),
          parameters <- parameters(module),
          test <- test_module.tests,
          do: {file(test.tags[:file]), test.tags[:line] || 0, module, test, parameters}

    tests = tests |> Enum.sort_by(fn {file, line, _, _, _} -> {Enum.find_index(files, &(&1 == file)), line} end)
    if length(tests) > @tests_most, do: raise(ArgumentError, "there are more than #{@tests_most} tests")
    keys = for {_, _, module, test, parameters} <- tests, do: {module, test.name, parameters}
    :persistent_term.put(@plan, keys |> Enum.with_index() |> Map.new())
    write(%{plan: Enum.map(tests, &planned/1)})
    length(tests)
  end

  # `use ExUnit.Case, parameterize: [...]`
  defp parameters(module) do
    case function_exported?(module, :__ex_unit__, 1) && module.__ex_unit__(:config) do
      %{parameterize: [_ | _] = list} -> list
      _ -> [%{}]
    end
  end

  defp planned({file, line, _, test, parameters}) do
    more = if parameters == %{}, do: "", else: " " <> inspect(parameters)
    task = for task <- [test.tags[:task_id]], is_integer(task), do: {:task, task}
    Map.new([name: Report.cut("#{test.name}#{more}", @name_most), file: file, line: line] ++ task)
  end

  defp file(nil), do: ""
  defp file(path), do: Path.relative_to(path, "/work")

  ## The formatter

  @impl true
  def init(_) do
    Gate.protect(self())
    Console.pass_on(self())
    {:ok, %{plan: :persistent_term.get(@plan), output: [], size: 0, failures: 0}}
  end

  @impl true
  def handle_cast({:test_started, _}, state) do
    Console.refill()
    {:noreply, state}
  end

  def handle_cast({:test_finished, test}, state) do
    case state.plan[{test.module, test.name, test.parameters}] do
      nil -> {:noreply, state}
      index -> {:noreply, finished(test, index, state)}
    end
  end

  def handle_cast(_, state), do: {:noreply, state}

  @impl true
  def handle_info({:output, text}, state) do
    if state.size > @output_most,
      do: {:noreply, state},
      else: {:noreply, %{state | output: [state.output, text], size: state.size + byte_size(text)}}
  end

  def handle_info(_, state), do: {:noreply, state}

  defp finished(test, index, state) do
    {status, texts} = result(test, state.failures + 1)
    output = Report.cut(IO.iodata_to_binary(state.output), @output_most)

    texts =
      for {key, text} <- [{:output, output} | texts],
          is_binary(text),
          text != "",
          do: {key, Report.cut(text, most(key))}

    write(%{test: Map.merge(Map.new(texts), %{index: index, status: status, ms: ms(test.time)})})
    %{state | output: [], size: 0, failures: state.failures + if(status in [:fail, :error], do: 1, else: 0)}
  end

  defp result(%{state: nil}, _), do: {:pass, []}
  defp result(%{state: {kind, why}}, _) when kind in [:excluded, :skipped], do: {:skip, [message: why]}
  defp result(%{state: {:invalid, _}} = test, number), do: {:error, Failure.texts(test, number)}
  defp result(test, number), do: {:fail, Failure.texts(test, number)}

  defp most(:message), do: @message_most
  defp most(:output), do: @output_most
  defp most(_), do: @value_most

  defp ms(microseconds) when is_integer(microseconds), do: Float.round(microseconds / 1000, 1)
  defp ms(_), do: 0.0
end

defmodule Phial.Grade.Console do
  @moduledoc false

  @key {Phial.Grade, :console}
  @pass_most 64 * 1024

  @doc "Standard input (empty), output and error of the tests."
  def start do
    pid = spawn(fn -> loop(%{to: nil, left: @pass_most}) end)
    :persistent_term.put(@key, pid)
    Process.group_leader(self(), pid)
    if Process.whereis(:standard_error), do: Process.unregister(:standard_error)
    Process.register(pid, :standard_error)
    log_here()
    pid
  end

  # As it is, what is logged goes to standard output, among the results.
  defp log_here do
    with {:ok, %{module: module} = handler} <- :logger.get_handler_config(:default) do
      :ok = :logger.remove_handler(:default)
      kept = Map.take(handler, [:level, :filter_default, :filters, :formatter])
      :ok = :logger.add_handler(:default, module, Map.put(kept, :config, %{type: :standard_error}))
    end
  end

  def pass_on(to), do: send_to({:to, to})
  def refill, do: send_to(:refill)

  defp send_to(message) do
    with pid when is_pid(pid) <- :persistent_term.get(@key, nil), do: send(pid, {__MODULE__, message})
  end

  defp loop(state) do
    receive do
      {__MODULE__, {:to, to}} ->
        loop(%{state | to: to})

      {__MODULE__, :refill} ->
        loop(%{state | left: @pass_most})

      {:io_request, from, reply_as, request} ->
        {reply, text} = answer(request)
        size = byte_size(text)
        if size > 0 and state.left > 0 and state.to != nil, do: send(state.to, {:output, text})
        send(from, {:io_reply, reply_as, reply})
        loop(%{state | left: state.left - size})

      _ ->
        loop(state)
    end
  end

  defp answer({:put_chars, encoding, chars}), do: put(chars, encoding)
  defp answer({:put_chars, chars}), do: put(chars, :latin1)

  defp answer({:put_chars, encoding, module, name, arguments}) do
    put(apply(module, name, arguments), encoding)
  rescue
    _ -> {{:error, :put_chars}, ""}
  end

  defp answer({:requests, requests}) when is_list(requests) do
    Enum.reduce(requests, {:ok, ""}, fn request, {_, text} ->
      {reply, more} = answer(request)
      {reply, text <> more}
    end)
  end

  defp answer(request) when elem(request, 0) in [:get_line, :get_chars, :get_until, :get_password], do: {:eof, ""}
  defp answer(:getopts), do: {[binary: true, encoding: :unicode], ""}
  defp answer({:setopts, _}), do: {:ok, ""}
  defp answer(_), do: {{:error, :request}, ""}

  defp put(chars, encoding) do
    case :unicode.characters_to_binary(chars, encoding, :unicode) do
      text when is_binary(text) -> {:ok, text}
      _ -> {{:error, {:no_translation, encoding, :unicode}}, ""}
    end
  rescue
    ArgumentError -> {{:error, :put_chars}, ""}
  end
end

defmodule Phial.Grade.Failure do
  @moduledoc false

  # The texts of a failed test: what ExUnit prints, and both sides of a comparison. Printing a value of the solution's
  # calls the solution, so it is done in a process that may be lost, within a time.

  alias Phial.Grade.{Call, Gate}

  @patience_ms 2_000
  @width 98
  @unable "the failure cannot be shown"

  def texts(test, number) do
    # The reference is known to nobody else: what the solution can make of the process is its end and its reason.
    reference = make_ref()
    parent = self()
    {pid, monitor} = spawn_monitor(fn -> send(parent, {reference, make(test, number)}) end)

    receive do
      {^reference, texts} -> Process.demonitor(monitor, [:flush]) && Keyword.take(texts, [:message, :expected, :actual])
      {:DOWN, ^monitor, :process, ^pid, _} -> [message: @unable]
    after
      @patience_ms ->
        Process.demonitor(monitor, [:flush])
        Process.exit(pid, :kill)
        [message: @unable]
    end
  end

  defp make(%{state: {:invalid, %{state: {:failed, failures}} = module}}, number) do
    [message: ExUnit.Formatter.format_test_all_failure(module, prepare(failures, module), number, @width, &plain/2)]
  end

  defp make(%{state: {:failed, failures}} = test, number) do
    message = ExUnit.Formatter.format_test_failure(test, prepare(failures, test), number, @width, &plain/2)
    [message: message] ++ sides(failures)
  end

  defp make(_, _), do: [message: @unable]

  defp plain(:diff_enabled?, _), do: false
  defp plain(_, text), do: text

  ## What ExUnit must not print, and what it cannot know

  defp prepare(failures, test), do: Enum.map(failures, &prepare_one(&1, test))

  defp prepare_one({kind, reason, stack}, test) do
    {reason, stack} = if kind == :error, do: blame(reason, stack), else: {reason, stack}
    {kind, without_source(kind, reason, test), Enum.reject(stack, &inner?/1)}
  end

  defp inner?({module, _, _, _}), do: module in [Call, Phial.Grade.Tests]

  defp blame(
         %FunctionClauseError{module: module, args: nil} = error,
         [{module, name, arguments, place} | stack] = whole
       )
       when is_list(arguments) do
    if Gate.stands_for?(module),
      do: blamed(error, name, arguments, [{module, name, length(arguments), place} | stack]),
      else: {error, whole}
  end

  defp blame(reason, stack), do: {reason, stack}

  defp blamed(error, name, arguments, stack) do
    case Call.call({:harness, :blame}, [error.module, name, arguments]) do
      {:ok, kind, clauses} -> {%{error | args: arguments, kind: kind, clauses: clauses}, stack}
      _ -> {%{error | args: arguments}, stack}
    end
  end

  # ExUnit prints the source line of the test's own frame. In a reason a stack may be anybody's invention.
  defp without_source({:EXIT, _}, {reason, stack}, test) when is_list(stack), do: {reason, strangers(stack, test)}

  defp without_source(:exit, {{reason, stack}, {_, _, _} = call}, test) when is_list(stack),
    do: {{reason, strangers(stack, test)}, call}

  defp without_source(_, reason, _), do: reason

  defp strangers(stack, test) do
    if is_list(stack) and List.improper?(stack),
      do: [],
      else: Enum.reject(stack, &(is_tuple(&1) and tuple_size(&1) > 0 and elem(&1, 0) in own(test)))
  end

  defp own(%{module: module}), do: [module]
  defp own(%{name: module}), do: [module]

  ## Sides

  defp sides([{:error, %ExUnit.AssertionError{} = error, _} | _]), do: sides_of(error)
  defp sides(_), do: []

  defp sides_of(%{left: left, right: right, context: {:match, _}}), do: show(expected: {:code, left}, actual: right)

  defp sides_of(%{left: left, right: right, expr: expression, context: :==}) do
    if expected_first?(expression), do: show(expected: left, actual: right), else: show(expected: right, actual: left)
  end

  defp sides_of(_), do: []

  # `assert 3 == add(1, 2)`: what is written out is what is expected. Else it stands on the right.
  defp expected_first?({kind, _, [{:==, _, [left, right]}]}) when kind in [:assert, :refute],
    do: Macro.quoted_literal?(left) and not Macro.quoted_literal?(right)

  defp expected_first?(_), do: false

  defp show(sides), do: for({key, value} <- sides, value != ExUnit.AssertionError.no_value(), do: {key, text(value)})

  defp text({:code, code}), do: Macro.to_string(Macro.prewalk(code, &original/1))
  defp text(value), do: inspect(value, pretty: true, width: 80, limit: 500, printable_limit: 8_000)

  defp original({_, [original: original], _}), do: original
  defp original(node), do: node
end
