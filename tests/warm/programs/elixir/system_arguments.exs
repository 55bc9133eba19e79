# test: {"args": ["one", "--two=2", "żółw", ""], "env": {"GREETING": "a=b"}}
IO.inspect(System.argv())
IO.inspect(OptionParser.parse(System.argv(), strict: [two: :integer]))
IO.inspect(System.fetch_env!("GREETING"))
IO.inspect(:init.get_plain_arguments() |> is_list())
