# What an exercise asks for or forbids in the code, on the syntax tree. A hint for learners and no wall: code that wants
# to hide a call can.
#
#     recursion           a function that calls itself           Enum             any use of the module
#     pipe                |>                                     Enum.reverse     a call or capture, through aliases and
#     guard               when                                                    imports too; Enum.map/2 for one arity
#     capture             &                                      :lists.reverse   the same for modules of Erlang
#     for, case, ++, ...  a call, macro or operator of that name

defmodule Phial.Grade.Rules do
  @moduledoc false

  @most 20
  @names %{"pipe" => "|>", "guard" => "when", "capture" => "&"}
  @definitions [:def, :defp, :defmacro, :defmacrop]

  @doc "Broken rules of `[{:forbid | :require, word}]`, as maps for the report. A file that cannot be parsed breaks none."
  def check([], _), do: []

  def check(rules, files) do
    trees = for file <- files, tree = parse(file), do: {file, tree}
    if trees == [], do: [], else: Enum.flat_map(rules, &broken(&1, trees))
  end

  defp parse(file) do
    case File.read(file) do
      {:ok, source} ->
        case Code.string_to_quoted(source, file: file, emit_warnings: false) do
          {:ok, tree} -> {:__block__, [], [tree]}
          {:error, _} -> nil
        end

      {:error, _} ->
        nil
    end
  end

  defp broken({kind, word}, trees) do
    uses = for {file, tree} <- trees, line <- uses(word, tree), do: {file, line}

    case {kind, uses} do
      {:require, []} ->
        [%{rule: word, kind: :require}]

      {:require, _} ->
        []

      {:forbid, uses} ->
        for {file, line} <- Enum.take(uses, @most), do: %{rule: word, kind: :forbid, file: file, line: line}
    end
  end

  @doc "Lines on which the tree does what a rule's word says."
  def uses("recursion", tree), do: tree |> definitions() |> Enum.flat_map(&recursion/1)

  def uses(word, tree) do
    word = Map.get(@names, word, word)
    names = names(tree)
    tree |> nodes() |> Enum.filter(&match(parse_word(word), &1, names)) |> Enum.map(&line/1) |> Enum.uniq()
  end

  defp parse_word(word) do
    case Regex.run(~r"^(:?[A-Za-z_][\w.]*?)(?:\.([a-z_]\w*[?!]?))?(?:/(\d+))?$", word) do
      [_, module] -> if module?(module), do: {:module, module(module)}, else: {:local, word}
      [_, module, name] -> if module?(module), do: {:remote, module(module), name, nil}, else: {:local, word}
      [_, "", _, _] -> {:local, word}
      [_, module, name, arity] -> word_with_arity(word, module, name, String.to_integer(arity))
      nil -> {:local, word}
    end
  end

  defp word_with_arity(word, module, name, arity) do
    cond do
      module?(module) and name != "" -> {:remote, module(module), name, arity}
      name == "" -> {:local, module, arity}
      true -> {:local, word}
    end
  end

  defp module?(text), do: text =~ ~r/^(:|[A-Z])/
  defp module(":" <> name), do: ":" <> name
  defp module(name), do: name

  ## What the tree is made of

  # Every node once, in the order of the source. What a pipe puts into a call counts among its arguments.
  defp nodes(tree) do
    {_, nodes} = tree |> Macro.prewalk(&into_call/1) |> Macro.prewalk([], fn node, found -> {node, [node | found]} end)
    Enum.reverse(nodes)
  end

  defp into_call({:|>, meta, [left, {call, call_meta, arguments}]}) when is_list(arguments),
    do: {:|>, meta, [left, {call, [{:phial_piped, true} | call_meta], arguments}]}

  defp into_call(node), do: node

  defp arity(meta, arguments), do: length(arguments) + if(Keyword.get(meta, :phial_piped, false), do: 1, else: 0)

  # Aliases by their short name, and modules that are imported.
  defp names(tree) do
    for node <- nodes(tree), reduce: %{aliases: %{}, imports: []} do
      names -> name(node, names)
    end
  end

  defp name({:alias, _, [{:__aliases__, _, parts}]}, names), do: put_alias(names, List.last(parts), parts)

  defp name({:alias, _, [{{:., _, [{:__aliases__, _, first}, :{}]}, _, rest}]}, names) do
    for {:__aliases__, _, parts} <- rest, reduce: names do
      names -> put_alias(names, List.last(parts), first ++ parts)
    end
  end

  defp name({:alias, _, [{:__aliases__, _, parts}, [as: {:__aliases__, _, [short]}]]}, names),
    do: put_alias(names, short, parts)

  defp name({:import, _, [module | _]}, names) do
    case module_name(module, names) do
      nil -> names
      name -> %{names | imports: [name | names.imports]}
    end
  end

  defp name(_, names), do: names

  defp put_alias(names, short, parts), do: put_in(names.aliases[short], Enum.map_join(parts, ".", &to_string/1))

  defp module_name({:__aliases__, _, [first | rest]}, names) when is_atom(first) do
    Enum.join([Map.get(names.aliases, first, to_string(first)) | Enum.map(rest, &to_string/1)], ".")
  end

  defp module_name(atom, _) when is_atom(atom) and not is_nil(atom), do: inspect(atom)
  defp module_name(_, _), do: nil

  ## Matching

  defp match({:module, module}, {:__aliases__, _, _} = node, names), do: module_name(node, names) == module
  defp match({:module, ":" <> _ = module}, {{:., _, [node, _]}, _, _}, names), do: module_name(node, names) == module

  defp match({:remote, module, name, arity}, {{:., _, [node, called]}, meta, arguments}, names) do
    to_string(called) == name and module_name(node, names) == module and arity?(arity, meta, arguments)
  end

  defp match({:remote, _, _, arity}, {:/, _, [{{:., _, _}, _, []}, _]}, _) when arity != nil, do: false

  defp match({:remote, module, name, arity}, {called, meta, arguments}, names)
       when is_atom(called) and is_list(arguments) do
    module in names.imports and Atom.to_string(called) == name and arity?(arity, meta, arguments)
  end

  defp match({:local, word}, {called, _, arguments}, _) when is_atom(called) and is_list(arguments),
    do: Atom.to_string(called) == word

  defp match({:local, word, arity}, {called, meta, arguments}, _) when is_atom(called) and is_list(arguments),
    do: Atom.to_string(called) == word and arity?(arity, meta, arguments)

  # `&length/1`: the name stands alone.
  defp match({:local, word}, {:/, _, [{called, _, context}, count]}, _) when is_atom(context) and is_integer(count),
    do: Atom.to_string(called) == word

  defp match(_, _, _), do: false

  defp arity?(nil, _, _), do: true
  defp arity?(arity, meta, arguments), do: arity(meta, arguments) == arity

  defp line({_, meta, _}) when is_list(meta), do: Keyword.get(meta, :line, 1)
  defp line(_), do: 1

  ## Recursion

  defp definitions(tree) do
    for {kind, _, [head, body]} when kind in @definitions <- nodes(tree),
        {name, arity} <- head(head),
        do: {name, arity, body}
  end

  defp head({:when, _, [head | _]}), do: head(head)

  defp head({name, _, arguments}) when is_atom(name) do
    arguments = if is_list(arguments), do: arguments, else: []
    defaults = Enum.count(arguments, &match?({:\\, _, _}, &1))
    [{name, (length(arguments) - defaults)..length(arguments)}]
  end

  defp head(_), do: []

  defp recursion({name, arities, body}), do: for(node <- nodes(body), calls?(node, name, arities), do: line(node))

  defp calls?({name, meta, arguments}, name, arities) when is_list(arguments), do: arity(meta, arguments) in arities

  defp calls?({{:., _, [{:__MODULE__, _, _}, name]}, meta, arguments}, name, arities),
    do: arity(meta, arguments) in arities

  defp calls?({:/, _, [{name, _, context}, arity]}, name, arities) when is_atom(context), do: arity in arities
  defp calls?({:/, _, [{{:., _, [{:__MODULE__, _, _}, name]}, _, []}, arity]}, name, arities), do: arity in arities
  defp calls?(_, _, _), do: false
end
