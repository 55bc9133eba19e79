# attack: hangs in compilation: a macro that never returns
# expect: status=timeout
# limits: wall_ms=3000 cpu_ms=3000
# slow: yes
# host: never
defmodule Hang do
  defmacro forever do
    loop = fn loop -> loop.(loop) end
    loop.(loop)
  end
end

defmodule User do
  require Hang
  def run, do: Hang.forever()
end
