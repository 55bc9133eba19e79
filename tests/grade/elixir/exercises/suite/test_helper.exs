ExUnit.start()
ExUnit.configure(exclude: [:pending, slow: true], trace: true, timeout: 5_000)
Application.put_env(:suite, :helper, :loaded)
