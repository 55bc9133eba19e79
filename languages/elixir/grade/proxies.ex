# The solution's modules as the tests see them: made from data, every function of theirs is a call. No code of the
# solution's is in them.

defmodule Phial.Grade.Proxies do
  @moduledoc false

  alias Phial.Grade.Call

  @key {Phial.Grade, :proxies}
  # Their implementations run on the side of the tests, so these are the ones that are let in.
  @protocols [Inspect, String.Chars, List.Chars, Enumerable, Collectable]
  @reserved ["Phial", "ExUnit", "Kernel", "Mix"]
  @arity_most 12
  @modules_most 1_000
  @beams "/tmp/phial-proxies"

  @doc """
  Makes them. `taken` are modules that the tests and their helpers define. Of `documented?`, the files hold what
  Code.fetch_docs/1 and Code.Typespec read.
  """
  def make(descriptions, taken, documented?) do
    descriptions = descriptions |> Enum.filter(&description?/1) |> Enum.take(@modules_most)
    {implementations, modules} = Enum.split_with(descriptions, &outside?/1)
    modules = Enum.filter(modules, &(&1.module not in taken and free?(&1.module)))
    :persistent_term.put(@key, Map.new(modules, &{&1.module, true}))
    if documented?, do: prepare_folder()
    # Structs first: nothing else here names another module.
    Enum.each(modules, &make_module(&1, documented?))
    for %{impl: {protocol, for}} = one <- implementations, own?(for), do: make_implementation(one, protocol, for)
    :ok
  end

  defp prepare_folder do
    File.mkdir_p!(@beams)
    Code.append_path(@beams)
  end

  # What the solution says of itself is data of any kind.
  defp description?(%{
         module: module,
         functions: functions,
         macros: macros,
         struct: struct,
         impl: impl,
         behaviours: behaviours
       }) do
    is_atom(module) and is_list(macros) and is_list(behaviours) and
      is_list(functions) and Enum.all?(functions, &match?({name, arity} when is_atom(name) and is_integer(arity), &1)) and
      (struct == nil or (is_list(struct) and Enum.all?(struct, &match?({key, _, _} when is_atom(key), &1)))) and
      (impl == nil or match?({_, _}, impl))
  end

  defp description?(_), do: false

  defp outside?(%{impl: {protocol, _}}), do: protocol in @protocols
  defp outside?(_), do: false

  defp own?(module), do: is_atom(module) and is_map_key(:persistent_term.get(@key), module)

  # A name that is known here, or that would be an implementation of a protocol that is, stays what it is.
  defp free?(module) do
    match?("Elixir." <> _, Atom.to_string(module)) and hd(Module.split(module)) not in @reserved and
      not Code.ensure_loaded?(module) and not Enum.any?(prefixes(module), &protocol_here?/1)
  end

  defp prefixes(module) do
    parts = Module.split(module)
    for count <- 1..(length(parts) - 1)//1, do: Module.concat(Enum.take(parts, count))
  end

  defp protocol_here?(module), do: Code.ensure_loaded?(module) and function_exported?(module, :__protocol__, 1)

  defp make_module(description, documented?) do
    functions =
      for {name, arity} <- description.functions, arity in 0..@arity_most, do: define(description.module, name, arity)

    body =
      quote do
        import Kernel, only: [def: 2, defstruct: 1, @: 1]
        unquote_splicing(behaviours(description))
        unquote_splicing(structure(description.struct))
        unquote_splicing(functions)
      end

    {:module, module, binary, _} = Module.create(description.module, body, file: "solution", line: 1)
    if documented?, do: write_documents(module, binary)
  end

  defp define(module, name, arity) do
    arguments = Macro.generate_arguments(arity, __MODULE__)
    quote(do: def(unquote(name)(unquote_splicing(arguments)), do: unquote(call(module, name, arguments))))
  end

  defp call(module, name, arguments) do
    quote(do: unquote(Call).call({:module, unquote(module), unquote(name)}, unquote(arguments)))
  end

  defp behaviours(%{behaviours: behaviours}),
    do: for(one <- behaviours, is_atom(one), do: quote(do: @behaviour(unquote(one))))

  defp structure(nil), do: []

  defp structure(fields) do
    enforced = for {key, _, true} <- fields, do: key
    defaults = for {key, default, _} <- fields, key != :__exception__, do: {key, escape(default)}
    marks = if List.keymember?(fields, :__exception__, 0), do: [__exception__: true], else: []

    [quote(do: @enforce_keys(unquote(enforced))), quote(do: defstruct(unquote(defaults ++ marks)))]
  end

  # Processes, references and functions cannot stand in code.
  defp escape(value) do
    Macro.escape(value)
  rescue
    _ -> nil
  end

  defp make_implementation(%{module: module}, protocol, for) do
    functions = for {name, arity} <- protocol.__protocol__(:functions), do: define(module, name, arity)
    here = Module.concat(protocol, for)

    body =
      quote do
        import Kernel, only: [def: 2]
        def __impl__(:for), do: unquote(for)
        def __impl__(:protocol), do: unquote(protocol)
        def __impl__(:target), do: __MODULE__
        unquote_splicing(functions)
      end

    unless Code.ensure_loaded?(here), do: Module.create(here, body, file: "solution", line: 1)
  end

  @doc "Modules that the tests have defined after all are theirs."
  def forget(modules), do: :persistent_term.put(@key, Map.drop(:persistent_term.get(@key, %{}), modules))

  ## Documentation

  defp write_documents(module, binary) do
    documents = Call.call({:harness, :documents}, [module])
    {:ok, ^module, chunks} = :beam_lib.all_chunks(binary)
    kept = for {name, _} = chunk <- chunks, name not in [~c"Docs", ~c"Dbgi"], do: chunk
    {:ok, file} = :beam_lib.build_module(kept ++ docs(documents) ++ types(documents))
    File.write!(Path.join(@beams, "#{module}.beam"), file)
  end

  defp docs(%{docs: {:docs_v1, _, :elixir, _, _, _, entries} = docs}) when is_list(entries),
    do: [{~c"Docs", :erlang.term_to_binary(docs)}]

  defp docs(_), do: []

  defp types(%{specs: specs, types: types, callbacks: callbacks}) do
    forms =
      for({name, spec} <- specs || [], do: {:attribute, 1, :spec, {name, spec}}) ++
        for({kind, type} <- types || [], do: {:attribute, 1, kind, type}) ++
        for({name, spec} <- callbacks || [], do: {:attribute, 1, :callback, {name, spec}}) ++
        [
          {:attribute, 1, :export_type,
           for({:type, {name, _, arguments}} <- types || [], do: {name, length(arguments)})}
        ]

    [{~c"Dbgi", :erlang.term_to_binary({:debug_info_v1, :erl_abstract_code, {forms, []}})}]
  end

  defp types(_), do: []
end
