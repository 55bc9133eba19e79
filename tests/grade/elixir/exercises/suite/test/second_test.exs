defmodule SecondTest do
  use ExUnit.Case, async: true
  test "a helper module calls the solution", do: assert(Factory.person("p").tool == %Tool{owner: "p"})
end

defmodule ThirdTest do
  use ExUnit.Case, parameterize: [%{n: 1}, %{n: 2}]
  test "with a parameter", %{n: n}, do: assert(Tool.new(n).owner == n)
end
