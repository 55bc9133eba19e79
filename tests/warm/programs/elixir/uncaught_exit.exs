# test: {"status": "error", "trace": false}
spawn_link(fn -> exit(:gone) end)
Process.sleep(:infinity)
