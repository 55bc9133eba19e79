defmodule Parrot do
  def start do
    spawn(fn -> loop() end)
  end

  defp loop do
    receive do
      :fly_away -> :ok
    end
  end
end
