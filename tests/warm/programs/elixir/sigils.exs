defmodule MySigils do
  def sigil_i(text, []), do: String.to_integer(text)
  def sigil_i(text, [?n]), do: -String.to_integer(text)
end

defmodule Main do
  def run do
    import MySigils
    IO.inspect(~i(13))
    IO.inspect(~i(42)n)
    IO.inspect(~w(a b c)a)
    IO.inspect(~w[x #{1 + 1}])
    IO.inspect(~W[x #{1 + 1}])
    IO.inspect(~s(she said "hi"))
    IO.inspect(~c"charlist")
    IO.puts(~S"""
      raw \n #{no}
      """)
    IO.inspect(~D[2024-01-02])
    IO.inspect(~U[2024-01-02 03:04:05Z])
    IO.inspect("""
      here
        doc
    """)
  end
end

Main.run()
