defmodule Cinema do
  def free(rows, _numbers, taken) do
    for row <- rows, row not in taken do
      row
    end
  end
end
