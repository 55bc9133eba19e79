defmodule PlaneTest do
  use ExUnit.Case

  defmodule Namer do
    @behaviour Plane
    defstruct [:n]
    @impl true
    def name, do: "Namer"
    def make(n), do: %__MODULE__{n: n}
  end

  test "of its structs", do: assert(Area.of(%Square{side: 3}) == 9 and Area.of(Circle.unit()) == 3)
  test "of others", do: assert(Area.of([1, 2, %Square{}]) == 4)
  test "total", do: assert(Plane.total([%Square{}, %Circle{radius: 2}, 5]) == 18)
  test "is not of everything", do: assert_raise(Protocol.UndefinedError, fn -> Area.of("text") end)
  test "is a protocol", do: assert(Area.__protocol__(:module) == Area and Area.impl_for(1) == Area.Integer)
  test "is implemented", do: Protocol.assert_impl!(Area, Circle)
  test "calls a module of the test", do: assert(Plane.greet(Namer) == "I am Namer")
  test "makes a struct of the test", do: assert(Plane.build(Namer, 3) == %Namer{n: 3})
end
