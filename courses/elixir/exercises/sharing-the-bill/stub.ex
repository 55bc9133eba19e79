defmodule Bill do
  def share(total, people, tip \\ 10) do
    div(total + tip, people)
  end

  def left_over(total, people, tip \\ 10) do
    total - people * tip
  end
end
