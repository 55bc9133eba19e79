# Tests and solution in one runtime, where the tests use macros or doctests of the solution. This can be forged, and the
# answer says that it was judged so. It is made as hard as it can be: the solution is compiled before the tests are
# read, what the runtime itself consists of may not have changed before the tests and after them, and what is reported
# is complete or nothing.

defmodule Phial.Grade.Together do
  @moduledoc false

  alias Phial.Grade.{Console, Results, Rules, Solution, Suite}

  @apps [:kernel, :stdlib, :compiler, :elixir, :ex_unit, :logger]

  def run(order) do
    Results.open(:report)
    Console.start()
    {:ok, _} = Application.ensure_all_started(:ex_unit)
    Enum.each(Rules.check(order.rules, order.solution), &Results.rule/1)
    sources = hide_tests(order)
    runtime = runtime()
    stick(runtime)
    compile(order, runtime, sources)
  end

  # What the runtime consists of: modules and their checksums. Modules that are not loaded yet are loaded.
  defp runtime do
    own = for {module, _} <- :code.all_loaded(), match?("Elixir.Phial." <> _, Atom.to_string(module)), do: module

    for module <- own ++ Enum.flat_map(@apps, &modules/1), Code.ensure_loaded?(module), into: %{} do
      {module, :erlang.get_module_info(module, :md5)}
    end
  end

  defp modules(app) do
    Application.load(app)
    Application.spec(app, :modules) || []
  end

  # The code server then refuses to replace them.
  defp stick(runtime), do: for({module, _} <- runtime, do: :code.stick_mod(module))

  defp changed(runtime) do
    for {module, md5} <- runtime,
        not :erlang.module_loaded(module) or :erlang.get_module_info(module, :md5) != md5,
        do: module
  end

  # While the solution is compiled its code may run: there is nothing to read then.
  defp hide_tests(order) do
    for file <- order.test, {:ok, source} <- [File.read(file)] do
      File.rm(file)
      {file, source}
    end
  end

  defp show_tests(sources) do
    for {file, source} <- sources do
      File.mkdir_p(Path.dirname(file))
      File.write!(file, source)
    end
  end

  defp compile(order, runtime, sources) do
    # Helpers are compiled with the solution here; there is one of each.
    case Solution.compile(order) do
      {:ok, modules, diagnostics} ->
        Enum.each(diagnostics, &Results.diagnostic/1)
        show_tests(sources)
        check(runtime, modules)
        execute(order, runtime, modules)

      {:error, diagnostics} ->
        refuse(diagnostics)
    end
  end

  defp execute(order, runtime, modules) do
    suite = Suite.read(order)

    case Suite.in_process(fn -> Suite.load(%{suite | helpers: []}, order) end) do
      {:ok, :ok} ->
        :ok

      {:ok, {:error, diagnostics}} ->
        refuse(diagnostics)

      {:error, reason} ->
        refuse([%{severity: :error, message: "loading the tests ended: " <> Exception.format_exit(reason)}])
    end

    solution = for module <- modules, into: %{}, do: {module, :erlang.get_module_info(module, :md5)}
    tests = Suite.modules() |> Map.new(&{&1, :erlang.get_module_info(&1, :md5)})
    with {:error, diagnostics} <- Suite.run(order), do: refuse(diagnostics)
    check(Map.merge(runtime, tests), Map.keys(solution) -- Map.keys(tests))
    Results.write(%{end: true})
    :erlang.halt(0, flush: true)
  end

  defp check(runtime, modules) do
    redefined = Enum.uniq(changed(runtime) ++ Enum.filter(modules, &is_map_key(runtime, &1)))

    if redefined != [] do
      refuse([
        %{
          severity: :error,
          message: "the solution redefines #{Enum.map_join(Enum.take(redefined, 5), ", ", &inspect/1)}"
        }
      ])
    end
  end

  defp refuse(diagnostics) do
    Enum.each(Enum.take(diagnostics, 100), &Results.diagnostic/1)
    Results.write(%{compile_error: true})
    :erlang.halt(0, flush: true)
  end
end
