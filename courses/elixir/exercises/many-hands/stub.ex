defmodule ManyHands do
  def map(list, _fun) do
    # One process for each element. Mind the order of the answers.
    list
  end
end
