defmodule DocumentedTest do
  use ExUnit.Case

  test "has documentation" do
    {:docs_v1, _, :elixir, "text/markdown", %{"en" => doc}, _, docs} = Code.fetch_docs(Documented)
    assert doc == "A module with words."
    assert Enum.any?(docs, &match?({{:function, :hello, 1}, _, ["hello(name)"], %{"en" => "Says hello."}, _}, &1))
    assert Enum.any?(docs, &match?({{:function, :hidden, 0}, _, _, :hidden, _}, &1))
  end

  test "has specs" do
    {:ok, specs} = Code.Typespec.fetch_specs(Documented)
    assert {{:hello, 1}, [spec]} = List.keyfind(specs, {:hello, 1}, 0)
    assert Macro.to_string(Code.Typespec.spec_to_quoted(:hello, spec)) == "hello(name()) :: String.t()"
  end

  test "has types" do
    assert {:ok, [type: {:name, _, []}]} = Code.Typespec.fetch_types(Documented)
  end

  test "exports" do
    assert function_exported?(Documented, :old, 2)
    assert Documented.__info__(:functions)[:hello] == 1
    assert Documented.old(1) == 2
  end
end
