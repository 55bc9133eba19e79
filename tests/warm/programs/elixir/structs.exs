defmodule Point do
  @enforce_keys [:x]
  defstruct [:x, y: 0]
  @type t :: %__MODULE__{x: number, y: number}
  def move(%__MODULE__{} = point, by), do: %{point | x: point.x + by}
end

defmodule Main do
  def run do
    p = %Point{x: 1}
    IO.inspect(p)
    IO.inspect(Point.move(p, 5))
    IO.inspect(struct(Point, x: 2, z: 3))
    IO.inspect(Map.from_struct(p) |> Enum.sort())
    IO.inspect(is_struct(p, Point))
    %Point{x: x} = p
    IO.inspect(x)
    IO.inspect(try do struct!(Point, y: 1) rescue e in ArgumentError -> Exception.message(e) end)
    IO.inspect(try do Map.fetch!(p, :z) rescue e in KeyError -> e.key end)
    IO.inspect(Point.__struct__())
  end
end

Main.run()
