defmodule Patience do
  def attempt(fun, times) do
    # Only one attempt so far, and too little patience.
    {fun.(1), times}
  end
end
