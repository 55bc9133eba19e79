defmodule Election do
  def result(votes) do
    {:tie, votes}
  end
end
