# A process that crashes is logged; the program goes on. It waits until the text has been made.
defmodule Telling do
  def format(event, {pid, {module, config}}) do
    text = module.format(event, config)
    send(pid, :formatted)
    text
  end
end

{:ok, %{formatter: formatter}} = :logger.get_handler_config(:default)
:ok = :logger.update_handler_config(:default, :formatter, {Telling, {self(), formatter}})
spawn(fn -> raise "in a process" end)
receive do :formatted -> :ok end
Process.sleep(100)
:logger_std_h.filesync(:default)
IO.puts("on")
