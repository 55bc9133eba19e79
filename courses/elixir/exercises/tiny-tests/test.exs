defmodule TinyTestsTest do
  use ExUnit.Case, async: true

  test "a function that comes to its end has passed" do
    assert TinyTests.run([{"adds", fn -> assert 1 + 1 == 2 end}]) == [{"adds", :passed}]
  end

  test "what it returns does not matter" do
    assert TinyTests.run([{"a", fn -> false end}, {"b", fn -> nil end}]) == [
             {"a", :passed},
             {"b", :passed}
           ]
  end

  test "a failed assertion is told with its message" do
    tests = [{"soup", fn -> flunk("the soup is cold") end}]
    assert TinyTests.run(tests) == [{"soup", {:failed, "the soup is cold"}}]
  end

  test "another exception is an error and not a failure" do
    tests = [{"oven", fn -> raise ArgumentError, "no such oven" end}]
    assert TinyTests.run(tests) == [{"oven", {:error, "no such oven"}}]
  end

  test "throwing and exiting are errors" do
    tests = [{"ball", fn -> throw(:ball) end}, {"door", fn -> exit(:now) end}]
    assert TinyTests.run(tests) == [{"ball", {:error, "thrown"}}, {"door", {:error, "exited"}}]
  end

  test "all are called, in order, whatever happens" do
    me = self()

    tests =
      for number <- 1..3 do
        {number,
         fn ->
           send(me, {:called, number})
           if number == 2, do: flunk("two"), else: :ok
         end}
      end

    assert TinyTests.run(tests) == [{1, :passed}, {2, {:failed, "two"}}, {3, :passed}]
    for number <- 1..3, do: assert_received({:called, ^number})
  end

  test "the summary counts" do
    results = [{"a", :passed}, {"b", {:failed, "x"}}, {"c", {:error, "y"}}, {"d", :passed}]
    assert TinyTests.summary(results) == "4 tests, 1 failed, 1 error"
  end

  test "the summary minds its grammar" do
    assert TinyTests.summary([]) == "0 tests, 0 failed, 0 errors"
    assert TinyTests.summary([{"a", :passed}]) == "1 test, 0 failed, 0 errors"
  end
end
