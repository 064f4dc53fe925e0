-- Takes away what scripts do not have, and writes to the console.
local shared = ...

shared.compile = load

io, package, require, dofile, loadfile, loadstring = nil, nil, nil, nil, nil, nil
os = { time = os.time, clock = os.clock, date = os.date, difftime = os.difftime }
debug.debug = nil

Citizen = {}

function shared.isCallable(value)
  local meta = getmetatable(value)
  return type(value) == 'function' or (type(meta) == 'table' and meta.__call ~= nil)
end

local function write(text)
  shared.ask('print', (text:gsub('\n$', '')))
end

shared.write = write

-- Text as it stands; its own newline ends the line.
function Citizen.Trace(text)
  write(tostring(text))
end

function print(...)
  local texts = table.pack(...)
  for i = 1, texts.n do texts[i] = tostring(texts[i]) end
  write(table.concat(texts, '\t'))
end

-- In FXServer a channel of its own has these lines.
function warn(...)
  write('^3Warning: ' .. table.concat({ ... }) .. '^7')
end

-- FXServer has a few libraries in it; none of them is here.
function require(name) error(("module '%s' not found"):format(name), 2) end
