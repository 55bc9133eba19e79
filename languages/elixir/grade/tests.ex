# The side with the tests: no code of the solution's runs here. It waits for the description of the solution, makes
# modules that stand for it, compiles the tests, and runs ExUnit.

defmodule Phial.Grade.Tests do
  @moduledoc false

  alias Phial.Grade.{Call, Console, Gate, Handles, Link, Proxies, Results, Suite}

  # Words; a process that needs more is ended.
  @heap %{size: 24 * 1024 * 1024, kill: true, error_logger: false, include_shared_binaries: true}

  @doc "Never returns. The port has been read to the order's end, `early` is what came behind it."
  def run(order, port, early) do
    Results.open(:output)
    Console.start()
    :erlang.system_flag(:max_heap_size, @heap)
    {:ok, _} = Application.ensure_all_started(:ex_unit)
    Link.open(:tests, port, early)
    spawn(fn -> guard(Handles.peer().link) end)
    Gate.open()
    suite = Suite.read(order)
    if why = suite.doctest, do: together(why)
    await(order, suite)
  end

  # When the link's process is lost (memory), someone must tell those who wait.
  defp guard(link) do
    monitor = Process.monitor(link)
    receive do: ({:DOWN, ^monitor, :process, _, _} -> Link.lose(:link))
  end

  ## News of the solution

  defp await(order, suite, told \\ %{}) do
    tag = Handles.peer().tag

    receive do
      {^tag, :news, {:ok, {:rules, rules}}} when not is_map_key(told, :rules) and is_list(rules) ->
        for rule <- rules, is_map(rule), do: Results.rule(rule)
        await(order, suite, Map.put(told, :rules, true))

      {^tag, :news, {:ok, {:failed, diagnostics}}} when not is_map_key(told, :modules) ->
        refuse(diagnostics)

      {^tag, :news, {:ok, {:compiled, modules, diagnostics}}} when not is_map_key(told, :modules) ->
        report(diagnostics)
        await(order, suite, Map.put(told, :modules, modules))

      {^tag, :news, {:ok, :ready}} when is_map_key(told, :modules) ->
        proceed(order, suite, told.modules)

      {^tag, :news, {:refused, what}} ->
        refuse([%{severity: :error, message: "the solution's modules hold what cannot be judged: #{inspect(what)}"}])

      {:DOWN, _, :process, _, _} ->
        refuse([%{severity: :error, message: "the solution ended its runtime while it was compiled"}])
    after
      100 -> if Link.lost(), do: lost(order, suite, told), else: await(order, suite, told)
    end
  end

  # What came before the end is read first.
  defp lost(order, suite, told) do
    tag = Handles.peer().tag
    send(self(), {:DOWN, tag, :process, nil, nil})
    await(order, suite, told)
  end

  defp report(diagnostics) when is_list(diagnostics),
    do: for(one <- Enum.take(diagnostics, 100), is_map(one), do: Results.diagnostic(one))

  defp report(_), do: :ok

  defp refuse(diagnostics) do
    report(diagnostics)
    Results.write(%{compile_error: true})
    halt()
  end

  defp together(why) do
    Results.write(%{together: why})
    halt()
  end

  ## The tests

  defp proceed(order, suite, modules) do
    if why = Suite.needs_macros(suite, modules), do: together(why)
    # Whoever calls the solution can be reached by its signals: this process never does.
    case Suite.in_process(fn -> load(order, suite, modules) end) do
      {:ok, :ok} ->
        execute(order)

      {:ok, {:error, diagnostics}} ->
        refuse(diagnostics)

      {:error, reason} ->
        refuse([%{severity: :error, message: "loading the tests ended: " <> Exception.format_exit(reason)}])
    end
  end

  defp load(order, suite, modules) do
    Proxies.make(modules, suite.defined, suite.documents?)

    with :ok <- Suite.load(suite, order) do
      protocols = for %{protocol: true, module: module} <- modules, Gate.stands_for?(module), do: module
      if protocols != [] and not suite.implements?, do: Call.call({:harness, :consolidate}, [protocols])
      :ok
    end
  end

  defp execute(order) do
    case Suite.run(order) do
      :ok -> Results.write(%{end: true})
      {:error, diagnostics} -> refuse(diagnostics)
    end

    halt()
  end

  # The port's bytes are written first.
  defp halt, do: :erlang.halt(0, flush: true)
end

defmodule Phial.Grade.Suite do
  @moduledoc false

  # Test files, helpers and ExUnit, the same apart and together.

  alias Phial.Grade.{Handles, Proxies, Results, Solution}

  @modules {Phial.Grade, :test_modules}
  @documents [:fetch_docs, :Typespec, :get_docs]

  @doc "What the sources tell before they are compiled."
  def read(order) do
    helpers = Solution.helpers(order)
    starts = "/work/**/test_helper.exs" |> Path.wildcard() |> Enum.map(&Path.relative_to(&1, "/work"))
    tests = order.test -- starts
    trees = for file <- helpers ++ starts ++ tests, tree = parse(file), do: {file, tree}
    nodes = for {_, tree} <- trees, node <- nodes(tree), do: node

    %{
      helpers: helpers -- tests,
      starts: starts,
      tests: tests,
      trees: Map.new(trees),
      nodes: nodes,
      doctest:
        if(Enum.any?(nodes, &match?({:doctest, _, [_ | _]}, &1)),
          do: "the tests run doctests, which are the solution's own code"
        ),
      defined:
        for(
          {:defmodule, _, [{:__aliases__, _, parts} | _]} <- nodes,
          Enum.all?(parts, &is_atom/1),
          do: Module.concat(parts)
        ),
      documents?: Enum.any?(nodes, &documents?/1),
      implements?: Enum.any?(nodes, &match?({:defimpl, _, [_ | _]}, &1))
    }
  end

  defp parse(file) do
    with {:ok, source} <- File.read(file),
         {:ok, tree} <- Code.string_to_quoted(source, file: Path.absname(file), emit_warnings: false) do
      tree
    else
      _ -> nil
    end
  end

  defp nodes(tree) do
    {_, nodes} = Macro.prewalk(tree, [], fn node, found -> {node, [node | found]} end)
    nodes
  end

  defp documents?({:., _, [_, name]}), do: name in @documents
  defp documents?({:__aliases__, _, parts}), do: List.last(parts) in @documents
  defp documents?(_), do: false

  @doc "Why the tests cannot be compiled apart from the solution, or nil: a macro would be its code in their runtime."
  def needs_macros(suite, descriptions) do
    Enum.find_value(descriptions, fn
      %{module: module, macros: [_ | _] = macros} when is_atom(module) ->
        if uses_macros?(suite.nodes, module, macros), do: "the tests use macros of #{inspect(module)}"

      _ ->
        nil
    end)
  end

  defp uses_macros?(nodes, module, macros) do
    last = module |> inspect() |> String.split(".") |> List.last() |> String.to_atom()

    directives =
      for {kind, _, [{:__aliases__, _, parts} | _]} when kind in [:use, :require, :import] <- nodes,
          List.last(parts) == last,
          do: kind

    (:use in directives and :__using__ in macros) or
      (:import in directives and Enum.any?(nodes, &local_call?(&1, macros))) or
      (directives != [] and Enum.any?(nodes, &remote_call?(&1, last, macros)))
  end

  defp local_call?({name, _, arguments}, macros), do: is_list(arguments) and name in macros
  defp local_call?(_, _), do: false

  defp remote_call?({{:., _, [{:__aliases__, _, parts}, name]}, _, _}, last, macros),
    do: List.last(parts) == last and name in macros

  defp remote_call?(_, _, _), do: false

  ## Compiling

  @doc ":ok, or {:error, diagnostics}."
  def load(suite, order) do
    {result, said} = Code.with_diagnostics([log: false], fn -> load_files(suite, order) end)

    case result do
      {:ok, modules} ->
        :persistent_term.put(@modules, modules)
        Proxies.forget(modules)
        :persistent_term.put({Phial.Grade, :shared}, Map.new(modules, &{&1, shell(&1)}))
        share_implementations(modules)
        :ok

      {:error, error} ->
        errors = for %{severity: :error} = one <- said, do: place(one)
        {:error, errors ++ [error]}
    end
  end

  defp load_files(suite, _) do
    helpers = compile_helpers(suite.helpers)
    {:ok, helpers ++ Enum.flat_map(suite.starts ++ suite.tests, &compile(&1, suite.trees))}
  catch
    kind, reason -> {:error, failure(kind, reason, __STACKTRACE__)}
  end

  defp compile_helpers([]), do: []

  defp compile_helpers(files) do
    case Kernel.ParallelCompiler.compile(files, return_diagnostics: true) do
      {:ok, modules, _} ->
        modules

      {:error, [%{message: message} = error | _], _} ->
        throw({:helper, %{message: IO.iodata_to_binary(message), place: place(error)}})
    end
  end

  defp compile(file, trees) do
    path = Path.absname(file)
    modules = if tree = trees[file], do: Code.compile_quoted(tree, path), else: Code.compile_file(path)
    for {module, _} <- modules, do: module
  end

  defp failure(:throw, {:helper, %{place: place}}, _), do: place

  defp failure(:error, %{line: line, description: message, file: file}, _) when is_binary(file),
    do: %{severity: :error, message: message, file: Path.relative_to(file, "/work"), line: line}

  defp failure(kind, reason, stack) do
    place = Enum.find_value(stack, fn {_, _, _, place} -> if work?(place[:file]), do: place end) || []
    file = if place[:file], do: place[:file] |> to_string() |> Path.relative_to("/work")
    %{severity: :error, message: Exception.format_banner(kind, reason, stack), file: file, line: place[:line]}
  end

  defp work?(nil), do: false

  defp work?(file),
    do: File.exists?(Path.absname(to_string(file), "/work")) and not String.starts_with?(to_string(file), "/usr")

  defp place(%{severity: severity, message: message, position: position} = diagnostic) do
    {line, column} = with line when is_integer(line) or line == nil <- position, do: {line, nil}
    file = diagnostic[:file] || diagnostic[:source]

    %{
      severity: severity,
      message: IO.iodata_to_binary(message),
      file: file && Path.relative_to(file, "/work"),
      line: line,
      column: column
    }
  end

  ## Modules of the tests for the solution

  defp shell(module) do
    tests =
      if function_exported?(module, :__ex_unit__, 0), do: Enum.map(module.__ex_unit__().tests, & &1.name), else: []

    exports =
      for {name, arity} <- module.module_info(:exports),
          arity <= 12 and name not in tests and shared?(Atom.to_string(name)),
          do: {name, arity}

    {module, exports,
     if(function_exported?(module, :__struct__, 0), do: module.__struct__() |> Map.from_struct() |> Map.to_list())}
  end

  defp shared?("module_info"), do: false
  defp shared?("__info__"), do: false
  defp shared?("__struct__"), do: false
  defp shared?("__ex_unit" <> _), do: false
  defp shared?("MACRO-" <> _), do: false
  defp shared?(_), do: true

  # The solution's protocols find implementations by the name of the module, which nobody has sent them.
  defp share_implementations(modules) do
    if :persistent_term.get(Phial.Grade, nil) do
      for module <- modules, function_exported?(module, :__impl__, 1), do: Handles.announce(module)
    end
  end

  ## Running

  @doc "Modules that the files of the tests define."
  def modules, do: :persistent_term.get(@modules)

  @doc "Writes the plan and runs what is planned."
  def run(order) do
    modules = for module <- modules(), function_exported?(module, :__ex_unit__, 0), do: module

    ExUnit.configure(
      formatters: [Results],
      seed: 0,
      max_cases: 1,
      autorun: false,
      trace: false,
      colors: [enabled: false]
    )

    ExUnit.configure(max_failures: :infinity, repeat_until_failure: 0, dry_run: false)
    Results.plan(modules, order.test)
    ExUnit.run()
    :ok
  rescue
    error in ArgumentError -> {:error, [%{severity: :error, message: Exception.message(error)}]}
  end

  @doc """
  What a function gives in a process of its own, as what it calls may end it: {:ok, value} or {:error, reason}. The value
  comes with a reference that nobody else has, for a reason to end with can be anybody's.
  """
  def in_process(fun) do
    reference = make_ref()
    parent = self()
    {pid, monitor} = spawn_monitor(fn -> send(parent, {reference, fun.()}) end)

    receive do
      {^reference, value} -> Process.demonitor(monitor, [:flush]) && {:ok, value}
      {:DOWN, ^monitor, :process, ^pid, reason} -> {:error, reason}
    end
  end
end
