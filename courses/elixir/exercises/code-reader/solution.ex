defmodule CodeReader do
  @moduledoc "Reads quoted code."

  @operators [:+, :-, :*, :/]

  @doc "How many times an arithmetic operator is applied to two things."
  def operations(code) do
    {_code, count} =
      Macro.prewalk(code, 0, fn
        {name, _, [_, _]} = part, count when name in @operators -> {part, count + 1}
        part, count -> {part, count}
      end)

    count
  end

  @doc "The names of all variables, sorted, each once."
  def variables(code) do
    {_code, names} =
      Macro.prewalk(code, [], fn
        {name, _, context} = part, names when is_atom(name) and is_atom(context) ->
          {part, [name | names]}

        part, names ->
          {part, names}
      end)

    names |> Enum.uniq() |> Enum.sort()
  end
end
