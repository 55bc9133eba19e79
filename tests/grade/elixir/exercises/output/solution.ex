defmodule Speaker do
  require Logger
  def say(text), do: IO.puts(text)
  def warn(text), do: IO.puts(:stderr, text)
  def ask(question), do: IO.gets(question)
  def show(value), do: IO.inspect(value, label: "seen")
  def format(n), do: :io.format("~b|~n", [n])
  def log(text), do: Logger.error(text)
  def read_all, do: IO.read(:stdio, :eof)
end
