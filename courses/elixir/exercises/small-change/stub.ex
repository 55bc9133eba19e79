defmodule Change do
  def pay(cents) do
    for fifties <- div(cents, 50)..0//-1, 50 * fifties == cents do
      {fifties, 0, 0}
    end
  end
end
