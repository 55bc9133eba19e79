defmodule ErrorsTest do
  use ExUnit.Case
  test "arithmetic", do: assert_raise(ArithmeticError, "bad argument in arithmetic expression", fn -> Errors.divide(1, 0) end)
  test "key", do: assert_raise(KeyError, fn -> Errors.pick(%{a: 1}, :b) end)
  test "match", do: assert_raise(MatchError, "no match of right hand side value: :error", fn -> Errors.match(:error) end)
  test "argument", do: assert_raise(ArgumentError, fn -> Errors.atom("no such atom " <> "at all") end)
  test "clause", do: assert_raise(FunctionClauseError, "no function clause matching in Errors.clause/1", fn -> Errors.clause(:b) end)
  test "arity", do: assert_raise(BadArityError, fn -> Errors.call(fn -> 1 end) end)
  test "undefined", do: assert_raise(UndefinedFunctionError, fn -> Errors.missing() end)
  test "not defined", do: assert_raise(UndefinedFunctionError, fn -> apply(Errors, :nothing, []) end)
  test "case", do: assert_raise(CaseClauseError, "no case clause matching: 2", fn -> Errors.choose(2) end)
  test "reason of a system error" do
    error = assert_raise(ArgumentError, fn -> Errors.bad("x") end)
    assert Exception.message(error) =~ "1st argument: not a textual representation of an integer"
  end
  test "rescued", do: assert(Errors.safe(fn -> raise "no" end) == {:error, "no"})
  test "an assertion in a callback" do
    assert {:error, message} = Errors.safe(fn -> assert 1 == 2 end)
    assert message =~ ""
  end
  test "thrown", do: assert(catch_throw(Errors.stop()) == :stop)
  test "caught", do: assert(catch_error(Errors.divide(1, 0)) == :badarith)
end
