# Speaks the harness protocol (docs/languages.md) for Elixir 1.18 and runs a file as `elixir FILE` does.
#
# `elixir FILE` expands the whole file, checks it for unused variables, makes a module of it and calls that. So does
# this, with two differences. A call of ours stands before each top-level expression and after the last, to learn
# values and to report each warning as soon as it is known, for the program may halt at any time. And as loading the
# Erlang compiler takes as long as booting the runtime, a file whose top level does nothing twice (it has no function
# and no comprehension) is evaluated, which gives the same answer.

defmodule Phial.Harness do
  @moduledoc false

  # What a run will need and booting does not load.
  @preload [:json, :erl_eval, :elixir_lexical, Module.ParallelChecker, Inspect, Inspect.Opts, Inspect.Algebra]

  @tick_ms 20
  @no_order %{file: "main.exs", trace: false, args: [], env: [], role: nil, test: [], solution: [], rules: []}

  # Called by init in place of elixir:start_cli/0.
  def start do
    {:ok, _} = :application.ensure_all_started(:elixir)
    :ok = :application.start(:logger)
    Enum.each([Phial.Script, Phial.Report | @preload], &:code.ensure_loaded/1)
    wake = if :os.getenv(~c"PHIAL_WARM_UP"), do: Phial.Template.warm_up()
    Phial.Report.open()
    {text, early} = if wake, do: read_order(:os.getpid(), wake), else: Phial.Report.read_order()
    order = parse_order(text)
    System.argv(order.args)
    Enum.each(order.env, fn {name, value} -> System.put_env(name, value) end)
    run(order, early)
  end

  # Judging (docs/languages.md): one of two linked runs, or both in one.
  defp run(%{role: "tests"} = order, early), do: Phial.Grade.Tests.run(order, Phial.Report.port(), early)
  defp run(%{role: "solution"} = order, early), do: Phial.Grade.Solution.run(order, Phial.Report.port(), early)
  defp run(%{role: "together"} = order, _), do: Phial.Grade.Together.run(order)

  defp run(order, _) do
    if order.rules != [], do: report_rules(order)
    System.at_exit(&finish/1)
    # Ends as `elixir` does: the same text for an uncaught exception, at_exit hooks, the same exit code.
    Kernel.CLI.run(fn _ -> Phial.Script.run(order.file, order.trace) end)
  end

  defp report_rules(order) do
    for rule <- Phial.Grade.Rules.check(order.rules, rule_files(order)),
        do: Phial.Report.send_line(%{grade: %{rule: rule}})
  end

  defp rule_files(%{solution: []} = order), do: [order.file]
  defp rule_files(order), do: order.solution

  # In a template, which has another process id than its copies. Most of these have time before their order comes.
  defp read_order(template, wake) do
    text = Phial.Report.read_order(@tick_ms)

    cond do
      text == :none and :os.getpid() == template ->
        read_order(template, wake)

      text == :none ->
        wake.()
        Phial.Report.read_order()

      true ->
        wake.()
        text
    end
  end

  # The hook that was set first is called last. It halts as Kernel.CLI would do next, but when no port has anything to
  # write any more, without waiting for ports: that costs a millisecond or two.
  defp finish(status) do
    case :elixir_config.get_and_put(:at_exit, []) do
      [] ->
        if Code.loaded?(Logger), do: Logger.flush()
        # Answered when all that was sent to it before has been written.
        :io.put_chars(:user, "")
        written? = Enum.all?(:erlang.ports(), &(:erlang.port_info(&1, :queue_size) in [{:queue_size, 0}, :undefined]))
        :erlang.halt(status, flush: not written?)

      hooks ->
        # Set by the hooks before this one.
        :elixir_config.put(:at_exit, hooks ++ [&finish/1])
    end
  end

  @doc false
  # Fields come last first, so that lists are built in order.
  def parse_order(text) do
    text
    |> :binary.split(<<0>>, [:global])
    |> Enum.reverse()
    |> Enum.reduce(@no_order, &parse_field/2)
  end

  defp parse_field("file=" <> file, order), do: %{order | file: file}
  defp parse_field("trace=" <> flag, order), do: %{order | trace: flag == "1"}
  defp parse_field("arg=" <> arg, order), do: %{order | args: [arg | order.args]}
  defp parse_field("role=" <> role, order), do: %{order | role: role}
  defp parse_field("test=" <> file, order), do: %{order | test: [file | order.test]}
  defp parse_field("solution=" <> file, order), do: %{order | solution: [file | order.solution]}
  defp parse_field("forbid=" <> word, order), do: %{order | rules: [{:forbid, word} | order.rules]}
  defp parse_field("require=" <> word, order), do: %{order | rules: [{:require, word} | order.rules]}

  defp parse_field("env=" <> assignment, order) do
    case :binary.split(assignment, "=") do
      [name, value] when name != "" -> %{order | env: [{name, value} | order.env]}
      _ -> order
    end
  end

  defp parse_field(_, order), do: order
end

defmodule Phial.Report do
  @moduledoc false

  @order_descriptor 3
  @report_descriptor 4
  @value_most 65_536
  @trace_value_most 1_000
  @message_most 8_192
  # of each severity
  @diagnostics_most 100

  # One port for both descriptors. Its owner, the calling process, lives as long as the runtime.
  def open do
    port = :erlang.open_port({:fd, @order_descriptor, @report_descriptor}, [:binary, :stream, :eof])
    :persistent_term.put(__MODULE__, port)
    :erlang.port_command(port, "ready\n")
  end

  def port, do: :persistent_term.get(__MODULE__)

  # The whole order and what came behind it, or :none when nothing of it comes within that time. It ends with the pipe,
  # or in a linked run with an empty field.
  def read_order(most_ms \\ :infinity, read \\ <<>>) do
    port = port()

    receive do
      {^port, {:data, data}} -> continue_order(read <> data, max(byte_size(read) - 1, 0))
      {^port, :eof} -> {read, <<>>}
    after
      most_ms -> :none
    end
  end

  defp continue_order(read, from) do
    case :binary.match(read, <<0, 0>>, scope: {from, byte_size(read) - from}) do
      {at, 2} -> {binary_part(read, 0, at), binary_part(read, at + 2, byte_size(read) - at - 2)}
      :nomatch -> read_order(:infinity, read)
    end
  end

  def value(value), do: send_line(%{value: inspect_at_most(value, @value_most)})

  def traced(line, value), do: send_line(%{values: %{line: line, value: inspect_at_most(value, @trace_value_most)}})

  def compile_error, do: send_line(%{compile_error: true})

  def diagnostic(severity, message, file, line, column) do
    place = for {key, number} <- [line: line, column: column], is_integer(number) and number > 0, do: {key, number}
    fields = [severity: severity, message: cut(message, @message_most), file: file] ++ place
    # Past its bound the report is not read any more, and writing to it would block.
    count = Process.get({__MODULE__, severity}, 0)
    Process.put({__MODULE__, severity}, count + 1)
    if count < @diagnostics_most, do: send_line(%{diagnostic: Map.new(fields)})
  end

  defp inspect_at_most(value, most), do: value |> inspect() |> cut(most)

  # At most `most` bytes, and whole characters.
  def cut(text, most) do
    head = if byte_size(text) > most, do: :erlang.binary_part(text, 0, most), else: text

    case :unicode.characters_to_binary(head) do
      good when is_binary(good) -> good
      {_, good, _} -> good
    end
  end

  # The program can close the port or fill it with anything: what it loses is its own report. In a warm-up there is none.
  def send_line(map) do
    line = [:json.encode(map), ?\n]
    :erlang.port_command(:persistent_term.get(__MODULE__), line)
  rescue
    ArgumentError -> true
  end
end

defmodule Phial.Script do
  @moduledoc false

  alias Phial.Report

  @values_most 500
  @definitions [:defmodule, :defprotocol, :defimpl, :alias, :import, :require, :use]
  @loops [:fn, :for]
  @compile_errors [CompileError, SyntaxError, TokenMissingError, MismatchedDelimiterError, UnicodeConversionError]

  def run(name, trace?) do
    file = :filename.absname(name, "/work")

    case :file.read_file(file) do
      {:ok, source} ->
        run_text(source, file, trace?)

      {:error, reason} ->
        IO.puts(:stderr, "cannot read #{name}: #{:file.format_error(reason)}")
        exit({:shutdown, 1})
    end
  end

  def run_text(source, file, trace?) do
    # Elixir keeps what it says about the code here, as for Code.with_diagnostics/2, and prints it too (`true`).
    Process.put(:elixir_code_diagnostics, {[], true})
    value = run_source(source, file, trace?)
    report_diagnostics()
    Report.value(value)
  end

  defp run_source(source, file, trace?) do
    Module.ParallelChecker.verify(fn -> parse_and_run(source, file, trace?) end)
  catch
    kind, reason ->
      stack = prune(__STACKTRACE__, file)
      error? = report_diagnostics()
      report_failure(kind, reason, stack, file, error?)
      :erlang.raise(kind, reason, stack)
  end

  defp parse_and_run(source, file, trace?) do
    characters = :elixir_utils.characters_to_list(source)
    forms = parse(characters, file, [])
    ends = if trace?, do: characters |> parse(file, token_metadata: true) |> top() |> Enum.map(&last_line/1)
    forms |> top() |> run_forms(file, ends)
  end

  defp parse(characters, file, options) do
    :elixir.string_to_quoted!(characters, 1, 1, file, options ++ :elixir_config.get(:parser_options))
  end

  defp top({:__block__, _, forms}), do: forms
  defp top(form), do: [form]

  ## Running

  # What the calls between the expressions need to know stands in the process dictionary under our name: the
  # expressions' first and last lines and kinds, and which one is running.
  defp run_forms(forms, file, ends) do
    lines = forms |> Enum.map(&first_line/1) |> List.to_tuple()
    kinds = forms |> Enum.map(&kind/1) |> List.to_tuple()
    state = %{at: 0, started: false, lines: lines, kinds: kinds, ends: ends && List.to_tuple(ends)}
    Process.put(__MODULE__, state)
    block = {:__block__, [], instrument(forms, 0, ends != nil)}
    env = %{:elixir_env.new() | line: 1, file: file, tracers: :elixir_config.get(:tracers)}
    once? = not Enum.any?(forms, &loops?/1)

    :elixir_lexical.run(
      env,
      fn env -> if once?, do: evaluate(block, env), else: compile(block, env) end,
      fn _ -> :ok end
    )
  end

  defp compile(block, env) do
    {value, _, _} = :elixir_compiler.compile(block, [], [], env)
    value
  end

  defp evaluate(block, env) do
    {erl, _, scope, new_env} = :elixir.quoted_to_erl(block, env)
    :elixir_env.check_unused_vars(scope, new_env)
    # The handler of calls outside takes the file's name from here for the stack trace.
    Process.put({:elixir, :eval_env}, new_env)
    local = {:value, &:elixir.eval_local_handler/2}
    external = {:value, &:elixir.eval_external_handler/3}
    {:value, value, _} = :erl_eval.expr(erl, %{}, local, external)
    value
  end

  # What is put in stands on the line of the expression, or a fault in it would have no line.
  defp instrument([], at, _), do: [call(:enter, [at], []), nil]

  defp instrument([form | forms], at, trace?) do
    meta = [line: first_line(form)]
    value = {:phial_value, meta, __MODULE__}
    saw = if trace?, do: [call(:saw, [at, value], meta)], else: []
    last = if forms == [], do: [call(:enter, [at + 1], meta), value], else: instrument(forms, at + 1, trace?)
    run = if trace? or forms == [], do: {:=, meta, [value, form]}, else: form
    [call(:enter, [at], meta), run] ++ saw ++ last
  end

  defp call(name, arguments, meta), do: {{:., meta, [__MODULE__, name]}, meta, arguments}

  @doc false
  def enter(at) do
    report_diagnostics()
    Process.put(__MODULE__, %{Process.get(__MODULE__) | at: at, started: true})
  end

  @doc false
  def saw(at, value) do
    if at < @values_most, do: Report.traced(elem(Process.get(__MODULE__).ends, at), value)
  end

  ## What the source looks like

  defp kind({name, _, _}) when name in @definitions, do: :definition
  defp kind(_), do: :action

  defp loops?({name, _, _}) when name in [:defmodule, :defprotocol, :defimpl], do: false
  defp loops?({name, _, arguments}) when name in @loops and is_list(arguments), do: true
  defp loops?({:&, _, [n]}) when is_integer(n), do: true
  defp loops?({name, _, arguments}), do: loops?(name) or loops?(arguments)
  defp loops?({left, right}), do: loops?(left) or loops?(right)
  defp loops?([_ | _] = list), do: any_loops?(list)
  defp loops?(_), do: false

  # Lists in source may be improper only through macros that are not expanded yet, so these are proper.
  defp any_loops?(list), do: Enum.any?(list, &loops?/1)

  defp first_line({_, meta, _}) when is_list(meta), do: Keyword.get(meta, :line, 1)
  defp first_line([first | _]), do: first_line(first)
  defp first_line({first, _}), do: first_line(first)
  defp first_line(_), do: 1

  # The last line that any part of the expression knows of.
  defp last_line({name, meta, arguments}) do
    places = [meta | for(key <- [:do, :end, :closing, :end_of_expression], do: Keyword.get(meta, key, []))]
    lines = for place <- places, do: Keyword.get(place, :line, 1)
    Enum.max([last_line(name), last_line(arguments) | lines])
  end

  defp last_line([_ | _] = list), do: list |> Enum.map(&last_line/1) |> Enum.max()
  defp last_line({left, right}), do: max(last_line(left), last_line(right))
  defp last_line(_), do: 1

  ## Diagnostics

  # Reports what Elixir has said since the last time; true when an error was among it.
  defp report_diagnostics do
    {diagnostics, log?} = Process.get(:elixir_code_diagnostics, {[], true})

    if diagnostics != [] do
      Process.put(:elixir_code_diagnostics, {[], log?})
      Enum.each(Enum.reverse(diagnostics), &report_diagnostic/1)
    end

    Enum.any?(diagnostics, &(&1.severity == :error))
  end

  defp report_diagnostic(diagnostic) do
    {line, column} =
      case diagnostic.position do
        {line, column} -> {line, column}
        line -> {line, nil}
      end

    Report.diagnostic(diagnostic.severity, diagnostic.message, relative(diagnostic.file), line, column)
  end

  defp report_failure(kind, reason, stack, file, error?) do
    if compile_error?(kind, reason), do: Report.compile_error()
    unless error? or quiet?(kind, reason), do: report_error(kind, reason, stack, file)
  end

  # The compiler said no while nothing but definitions had run.
  defp compile_error?(:error, %module{}) when module in @compile_errors do
    case Process.get(__MODULE__) do
      nil -> true
      %{started: false} -> true
      %{at: at, kinds: kinds} -> Enum.all?(0..at//1, &(&1 < tuple_size(kinds) and elem(kinds, &1) == :definition))
    end
  end

  defp compile_error?(_, _), do: false

  defp quiet?(:exit, reason), do: reason in [:normal, :shutdown] or match?({:shutdown, _}, reason)
  defp quiet?(_, _), do: false

  defp report_error(:error, %{line: line, description: message} = error, _, file) do
    Report.diagnostic(:error, message, relative(Map.get(error, :file) || file), line, Map.get(error, :column))
  end

  defp report_error(:error, %UnicodeConversionError{message: message}, _, file) do
    Report.diagnostic(:error, message, relative(file), nil, nil)
  end

  defp report_error(kind, reason, stack, file) do
    {blamed, _} = Exception.blame(kind, reason, stack)
    {where, line} = place(stack, file)
    Report.diagnostic(:error, Exception.format_banner(kind, blamed, stack), relative(where), line, nil)
  end

  # The innermost frame that is in one of the run's own files.
  defp place(stack, file) do
    Enum.find_value(stack, {file, nil}, fn {_, _, _, info} ->
      name = info |> Keyword.get(:file, []) |> List.to_string()
      own? = name != "" and :filelib.is_regular(:filename.absname(name, "/work"))
      own? && {name, Keyword.get(info, :line)}
    end)
  end

  # Frames of the harness and of the evaluator are no part of the program. A fault of the evaluator itself (a match
  # that fails) has no frame that says where; the last call of enter/1 knows.
  defp prune(stack, file) do
    inner = Enum.take_while(stack, fn {module, _, _, _} -> module not in [Module.ParallelChecker, Kernel.CLI] end)
    kept = for frame <- inner, elem(frame, 0) not in [__MODULE__, :erl_eval, :elixir_lexical], do: relative_frame(frame)
    placed? = Enum.any?(kept, &match?({:elixir_eval, _, _, _}, &1))

    case Process.get(__MODULE__) do
      %{started: true, at: at, lines: lines} when not placed? ->
        evaluated? = Enum.any?(stack, &match?({:erl_eval, _, _, _}, &1))
        line = elem(lines, min(at, tuple_size(lines) - 1))
        where = {:elixir_eval, :__FILE__, 1, [file: to_charlist(relative(file)), line: line]}
        if evaluated?, do: kept ++ [where], else: kept

      _ ->
        kept
    end
  end

  defp relative_frame({:elixir_eval, function, arity, info}) do
    {:elixir_eval, function, arity, Keyword.update!(info, :file, &to_charlist(relative(&1)))}
  end

  defp relative_frame(frame), do: frame

  defp relative(nil), do: nil
  defp relative(path), do: path |> to_string() |> String.replace_prefix("/work/", "")
end
