defmodule TinyTests do
  def run(tests) do
    for {name, fun} <- tests do
      fun.()
      {name, :not_judged}
    end
  end

  def summary(results) do
    "#{length(results)} tests"
  end
end
