# The side with the solution: compiles it, tells what it is as data, and serves calls. Nothing here is a wall: the
# solution's code runs in this runtime and can change all of it. The other side believes nothing.

defmodule Phial.Grade.Solution do
  @moduledoc false

  alias Phial.Grade.{Call, Link, Rules, StandIn, Suite}

  # Not in the run's own folder.
  @beams "/tmp/phial-solution"

  @doc "Never returns. The port has been read to the order's end, `early` is what came behind it."
  def run(order, port, early) do
    broken = Rules.check(order.rules, order.solution)
    link = Link.open(:solution, port, early)
    Link.news({:rules, broken})
    loaded = load(order)
    Link.news(loaded)
    # The run's status says so too.
    if elem(loaded, 0) == :failed, do: :erlang.halt(1, flush: true)
    forward_standard_error()
    :persistent_term.put({Phial.Grade, :names}, Map.new(Process.registered(), &{&1, true}))
    # Any answer but this may come before names are known.
    Link.news(:ready)

    receive do
      {:DOWN, ^link, :process, _, _} -> :erlang.halt(1, flush: false)
    end
  end

  ## Compiling

  defp load(order) do
    case compile(order) do
      {:ok, modules, diagnostics} -> {:compiled, Enum.map(Enum.sort(modules), &describe/1), diagnostics}
      {:error, diagnostics} -> {:failed, diagnostics}
    end
  end

  @doc "Compiles the solution and its helpers as Mix would. Diagnostics are maps for the report."
  def compile(order) do
    File.mkdir_p!(@beams)
    Code.prepend_path(@beams)
    Code.put_compiler_option(:docs, true)
    Code.put_compiler_option(:debug_info, true)
    files = Enum.filter(order.solution, &(Path.extname(&1) in [".ex", ".exs"])) ++ helpers(order)

    case Suite.in_process(fn -> Kernel.ParallelCompiler.compile_to_path(files, @beams, return_diagnostics: true) end) do
      {:ok, {:ok, modules, warnings}} -> {:ok, modules, diagnostics(warnings)}
      {:ok, {:error, errors, warnings}} -> {:error, Enum.map(errors, &diagnostic/1) ++ diagnostics(warnings)}
      {:error, reason} -> {:error, [%{severity: :error, message: "compiling ended: " <> Exception.format_exit(reason)}]}
    end
  end

  @doc "Modules that come with the exercise: source files that are neither tests nor solution."
  def helpers(order) do
    "/work/**/*.ex"
    |> Path.wildcard()
    |> Enum.map(&Path.relative_to(&1, "/work"))
    |> Kernel.--(order.solution ++ order.test)
  end

  defp diagnostics(%{compile_warnings: compile, runtime_warnings: runtime}),
    do: Enum.map(compile ++ runtime, &diagnostic/1)

  defp diagnostic(%{severity: severity, message: message, position: position} = diagnostic) do
    {line, column} = with line when is_integer(line) <- position, do: {line, nil}
    file = diagnostic.file || diagnostic.source

    %{
      severity: severity,
      message: IO.iodata_to_binary(message),
      file: file && Path.relative_to(file, "/work"),
      line: line,
      column: column
    }
  end

  ## Describing

  # All that the other side knows of a module.
  defp describe(module) do
    Code.ensure_loaded(module)
    exports? = &function_exported?(module, &1, &2)
    struct = if exports?.(:__struct__, 0) and exports?.(:__info__, 1), do: describe_struct(module)

    %{
      module: module,
      functions: for({name, arity} <- module.module_info(:exports), function?(name), do: {name, arity}),
      macros: if(exports?.(:__info__, 1), do: Keyword.keys(module.__info__(:macros)), else: []),
      struct: struct,
      behaviours: module.module_info(:attributes) |> Keyword.get_values(:behaviour) |> List.flatten(),
      protocol: exports?.(:__protocol__, 1),
      impl: if(exports?.(:__impl__, 1), do: {module.__impl__(:protocol), module.__impl__(:for)})
    }
  end

  defp function?(name) do
    name not in [:module_info, :__info__, :__struct__] and not String.starts_with?(Atom.to_string(name), "MACRO-")
  end

  defp describe_struct(module) do
    fields = module.__struct__() |> Map.from_struct() |> Map.to_list()
    for {field, default} <- fields, do: {field, default, required?(module, List.keydelete(fields, field, 0))}
  end

  # @enforce_keys leaves no other trace.
  defp required?(module, others) do
    module.__struct__(others)
    false
  rescue
    ArgumentError -> true
  end

  ## What the other side asks for besides (calls of {:harness, name})

  @doc "Documentation and types, as they stand in the module's file."
  def documents(module) do
    docs = with {:docs_v1, _, _, _, _, _, _} = docs <- Code.fetch_docs(module), do: docs
    specs = with :error <- Code.Typespec.fetch_specs(module), do: nil
    types = with :error <- Code.Typespec.fetch_types(module), do: nil
    callbacks = with :error <- Code.Typespec.fetch_callbacks(module), do: nil

    for {name, value} <- [docs: docs, specs: specs, types: types, callbacks: callbacks],
        into: %{},
        do: {name, fetched(value)}
  end

  defp fetched({:ok, value}), do: value
  defp fetched({:error, _}), do: nil
  defp fetched(value), do: value

  @doc "The clauses of a function and which of their parts did not match, for the message of FunctionClauseError."
  def blame(module, name, arguments), do: Exception.blame_mfa(module, name, arguments)

  @doc "Protocols of the solution as Mix would leave them."
  def consolidate(protocols) do
    for protocol <- protocols do
      implementations = Protocol.extract_impls(protocol, [@beams])

      with {:ok, binary} <- Protocol.consolidate(protocol, implementations) do
        :code.purge(protocol)
        {:module, _} = :code.load_binary(protocol, :code.which(protocol), binary)
      end
    end

    :ok
  end

  ## Modules of the tests

  @doc "A module of the tests whose functions are called there."
  def define({module, exports, struct}) do
    unless Code.ensure_loaded?(module) do
      functions = for {name, arity} <- exports, do: define_function(module, name, arity)
      struct = if struct, do: quote(do: defstruct(unquote(Macro.escape(struct))))
      Module.create(module, {:__block__, [], [struct | functions]}, file: "tests", line: 1)
    end
  end

  defp define_function(module, name, arity) do
    arguments = Macro.generate_arguments(arity, __MODULE__)

    quote do
      def unquote(name)(unquote_splicing(arguments)),
        do: unquote(Call).call({:module, unquote(module), unquote(name)}, unquote(arguments))
    end
  end

  ## Standard error

  # The tests' side knows where it goes: capture_io(:stderr, ...) changes that.
  defp forward_standard_error do
    if Process.whereis(:standard_error), do: Process.unregister(:standard_error)
    device = spawn(fn -> forward() end)
    Process.register(device, :standard_error)
  end

  defp forward do
    receive do
      {:io_request, from, reply_as, request} -> StandIn.io(:standard_error, from, reply_as, request)
      _ -> :ok
    end

    forward()
  end
end
