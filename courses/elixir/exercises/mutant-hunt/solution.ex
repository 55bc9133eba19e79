defmodule MutantHunt do
  @moduledoc "Test cases for the fares of a little railway."

  @doc "Both sides of every border, and one case far out at each end."
  def cases do
    [
      {-20, :error},
      {-1, :error},
      {0, :free},
      {5, :free},
      {6, :half},
      {17, :half},
      {18, :full},
      {64, :full},
      {65, :reduced},
      {104, :reduced}
    ]
  end
end
