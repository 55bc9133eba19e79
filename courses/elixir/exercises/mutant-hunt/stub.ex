defmodule MutantHunt do
  def cases do
    [
      {30, :full},
      {70, :reduced}
    ]
  end
end
