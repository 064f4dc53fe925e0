-- Takes away what scripts do not have, and adds the small functions that FXServer's Lua has built in.
local shared = ...

shared.load = load

io, package, require, dofile, loadfile, load, loadstring = nil, nil, nil, nil, nil, nil, nil
os = { time = os.time, clock = os.clock, date = os.date }
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

-- Vectors are tables here; in the game they are a type of their own.
local NAMES = { 'x', 'y', 'z', 'w' }
local vector = {}

local function combine(name, operation)
  vector[name] = function(a, b)
    local size = rawlen(type(a) == 'table' and a or b)
    local parts = {}
    for i = 1, size do
      parts[i] = operation(type(a) == 'table' and a[i] or a, type(b) == 'table' and b[i] or b)
    end
    return setmetatable(parts, vector)
  end
end

combine('__add', function(a, b) return a + b end)
combine('__sub', function(a, b) return a - b end)
combine('__mul', function(a, b) return a * b end)
combine('__div', function(a, b) return a / b end)

function vector.__unm(a) return a * -1.0 end

function vector.__eq(a, b)
  for i = 1, math.max(rawlen(a), rawlen(b)) do
    if rawget(a, i) ~= rawget(b, i) then return false end
  end
  return true
end

-- The length in space, not the number of parts.
function vector.__len(a)
  local sum = 0.0
  for i = 1, rawlen(a) do sum = sum + a[i] * a[i] end
  return math.sqrt(sum)
end

function vector.__index(a, key)
  for i = 1, rawlen(a) do
    if NAMES[i] == key then return rawget(a, i) end
  end
  return nil
end

function vector.__tostring(a)
  -- table.concat would ask for the length, which is another one here.
  local texts = { shared.vectorParts(a) }
  for i, part in ipairs(texts) do texts[i] = tostring(part) end
  return ('vector%d(%s)'):format(#texts, table.concat(texts, ', '))
end

function shared.isVector(tbl) return getmetatable(tbl) == vector end

function shared.vectorParts(tbl) return table.unpack(tbl, 1, rawlen(tbl)) end

function shared.newVector(...)
  local parts = { ... }
  for i, part in ipairs(parts) do parts[i] = part + 0.0 end
  return setmetatable(parts, vector)
end

function vector2(x, y) return shared.newVector(x, y) end
function vector3(x, y, z) return shared.newVector(x, y, z) end
function vector4(x, y, z, w) return shared.newVector(x, y, z, w) end

vec2, vec3, vec4 = vector2, vector3, vector4
