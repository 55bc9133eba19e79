-- Speaks the harness protocol (docs/languages.md) for Lua and runs a file as `lua FILE` does.

local loaded = {}
for name in pairs(package.loaded) do loaded[name] = true end
local unistd, stdlib, fcntl = require("posix.unistd"), require("posix.stdlib"), require("posix.fcntl")
for name in pairs(package.loaded) do
  if not loaded[name] then package.loaded[name] = nil end
end

local ORDER <const>, REPORT <const> = 3, 4

local function read_order()
  local parts, part = {}, nil
  repeat
    part = assert(unistd.read(ORDER, 65536))
    parts[#parts + 1] = part
  until part == ""
  unistd.close(ORDER)
  local order = { file = "main.lua", args = {} }
  for key, value in table.concat(parts):gmatch("([^=%z]*)=(%Z*)%z") do
    if key == "file" then
      order.file = value
    elseif key == "arg" then
      table.insert(order.args, value)
    elseif key == "env" then
      stdlib.setenv(value:match("^([^=]*)=(.*)$"))
    end
  end
  return order
end

local function escape(text)
  return (text:gsub('[%c"\\]', function(c) return ("\\u%04x"):format(c:byte()) end))
end

local function compile_error(message)
  local file, line, text = message:match("^([^:]*):(%d+): (.*)$")
  unistd.write(REPORT, '{"compile_error":true}\n')
  if line then
    unistd.write(REPORT, ('{"diagnostic":{"severity":"error","message":"%s","file":"%s","line":%s}}\n')
      :format(escape(text), escape(file), line))
  end
end

-- What the command prints: of an error object its text, with the stack down to the file's own code.
local function with_trace(message)
  if type(message) ~= "string" then
    local text = getmetatable(message) and getmetatable(message).__tostring
    if text then return text(message) end
    message = ("(error object is a %s value)"):format(type(message))
  end
  local trace = debug.traceback(message, 2)
  return trace:gsub("\n\t%[C%]: in function 'xpcall'.*$", "") .. "\n\t[C]: in ?"
end

local function fail(message)
  io.stdout:flush()
  io.stderr:write("lua5.4: ", message, "\n")
  os.exit(1, true)
end

local function run(order)
  arg = { [-1] = "lua5.4", [0] = order.file, table.unpack(order.args) }
  local main, message = loadfile(order.file)
  if not main then
    compile_error(message)
    fail(message .. "\n\t[C]: in ?")
  end
  local fine, text = xpcall(main, with_trace, table.unpack(order.args))
  if not fine then fail(text) end
end

local function warm_up()
  local file, reseed = os.getenv("PHIAL_WARM_UP"), os.getenv("PHIAL_RESEED")
  if not file then return function() end end
  stdlib.setenv("PHIAL_WARM_UP", nil)
  stdlib.setenv("PHIAL_RESEED", nil)
  dofile(file)
  io.stdout:flush()
  reseed = assert(loadfile(reseed))
  collectgarbage()
  return reseed
end

fcntl.fcntl(REPORT, fcntl.F_SETFD, fcntl.FD_CLOEXEC)
local reseed = warm_up()
unistd.write(REPORT, "ready\n")
local order = read_order()
reseed()
run(order)
