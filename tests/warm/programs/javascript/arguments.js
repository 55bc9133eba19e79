// test: {"args": ["one", "two words", "żółw", "--x=1"], "env": {"GREETING": "a=b"}}
console.log(process.argv.slice(2), process.argv[1], process.env.GREETING, Object.keys(process.env).sort(), __filename, __dirname, require.main === module);
console.log(require("util").parseArgs({options: {x: {type: "string"}}, allowPositionals: true}).values);
