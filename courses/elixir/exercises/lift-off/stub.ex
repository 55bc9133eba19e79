defmodule Rocket do
  def countdown(from) when from >= 0 do
    [from, :liftoff]
  end
end
