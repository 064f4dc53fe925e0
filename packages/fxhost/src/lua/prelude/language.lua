-- What the game server's Lua has besides Lua 5.4, except for its syntax: functions on tables, strings and numbers.
local shared = ...

local type, next, pairs, rawget, select, tostring = type, next, pairs, rawget, select, tostring
local floor = math.floor

local function checkTable(value, position, name)
  if type(value) ~= 'table' then
    error(("bad argument #%d to '%s' (table expected, got %s)"):format(position, name, type(value)), 3)
  end
end

-- A shallow copy, into the second table when there is one.
function table.clone(source, copy)
  checkTable(source, 1, 'clone')
  copy = copy or {}
  for key, value in next, source do copy[key] = value end
  return copy
end

function table.wipe(tbl)
  checkTable(tbl, 1, 'wipe')
  for key in next, tbl do tbl[key] = nil end
  return tbl
end

-- Gives 'empty', 'array', 'hash' or 'mixed'; nil for what is no table.
function table.type(tbl)
  if type(tbl) ~= 'table' then return nil end
  local elements, others = 0, false
  for key in next, tbl do
    if math.type(key) == 'integer' and key > 0 then elements = elements + 1 else others = true end
  end
  if elements == 0 then return others and 'hash' or 'empty' end
  if others then return 'mixed' end
  return rawget(tbl, elements) == nil and 'hash' or 'array'
end

-- The sizes are only a hint.
function table.create() return {} end

table.new, table.clear = table.create, table.wipe

function string.strtrim(text, characters)
  characters = characters or ' \t\n\v\f\r'
  local first, last = 1, #text
  while first <= last and characters:find(text:sub(first, first), 1, true) do first = first + 1 end
  while last >= first and characters:find(text:sub(last, last), 1, true) do last = last - 1 end
  return text:sub(first, last)
end

-- Every character of the delimiter splits; the last piece is what is left when there are as many as asked for.
function string.strsplit(delimiter, text, pieces)
  local found, start = {}, 1
  for i = 1, #text do
    if pieces and #found >= pieces - 1 then break end
    if delimiter:find(text:sub(i, i), 1, true) then
      found[#found + 1] = text:sub(start, i - 1)
      start = i + 1
    end
  end
  found[#found + 1] = text:sub(start)
  return table.unpack(found)
end

function string.tostringall(...)
  local texts = table.pack(...)
  for i = 1, texts.n do texts[i] = tostring(texts[i]) end
  return table.unpack(texts, 1, texts.n)
end

function string.strjoin(delimiter, ...) return table.concat({ string.tostringall(...) }, delimiter) end

function string.strconcat(...) return table.concat({ string.tostringall(...) }) end

-- Everything that is no nil, boolean, number or string becomes nil.
function scrub(...)
  local values = table.pack(...)
  for i = 1, values.n do
    local kind = type(values[i])
    if kind ~= 'boolean' and kind ~= 'number' and kind ~= 'string' then values[i] = nil end
  end
  return table.unpack(values, 1, values.n)
end

-- Runs a function at the end of a block: local _ <close> = defer(function() … end)
function defer(fn)
  if type(fn) ~= 'function' then
    error(("bad argument #1 to 'defer' (function expected, got %s)"):format(type(fn)), 2)
  end
  return setmetatable({}, { __close = fn })
end

-- As pairs, but a metamethod __iter may also give what is closed when the loop ends.
function each(tbl)
  local meta = getmetatable(tbl)
  local iterate = meta and (meta.__iter or meta.__pairs)
  if iterate then return iterate(tbl) end
  return next, tbl, nil
end

local inOrder = ipairs

function ipairs(tbl)
  local meta = getmetatable(tbl)
  local iterate = type(meta) == 'table' and meta.__ipairs
  if iterate then return iterate(tbl) end
  return inOrder(tbl)
end

-- Jenkins' one-at-a-time hash, signed; of the lower-cased text unless asked to keep it.
function joaat(value, keepsCase)
  local text = tostring(value)
  if not keepsCase then text = text:lower() end
  local hash = 0
  for i = 1, #text do
    hash = (hash + text:byte(i)) & 0xFFFFFFFF
    hash = (hash + (hash << 10)) & 0xFFFFFFFF
    hash = hash ~ (hash >> 6)
  end
  hash = (hash + (hash << 3)) & 0xFFFFFFFF
  hash = hash ~ (hash >> 11)
  hash = (hash + (hash << 15)) & 0xFFFFFFFF
  return hash >= 0x80000000 and hash - 0x100000000 or hash
end

math.atan2 = math.atan
function math.pow(base, exponent) return base ^ exponent end
function math.log10(value) return math.log(value, 10) end
function math.cosh(value) return (math.exp(value) + math.exp(-value)) / 2 end
function math.sinh(value) return (math.exp(value) - math.exp(-value)) / 2 end
function math.tanh(value) return math.sinh(value) / math.cosh(value) end
function math.ldexp(mantissa, exponent) return mantissa * 2.0 ^ exponent end
function math.trunc(value) return value < 0 and math.ceil(value) or floor(value) end
function math.clamp(value, low, high) return math.max(low, math.min(high, value)) end

-- Halves away from zero, and always a float.
function math.round(value) return (value < 0 and math.ceil(value - 0.5) or floor(value + 0.5)) + 0.0 end

local compile = load

-- As Lua's, for text in the server's dialect.
function load(chunk, ...)
  if type(chunk) == 'function' then
    local pieces = {}
    for piece in chunk do
      if piece == '' then break end
      pieces[#pieces + 1] = piece
    end
    chunk = table.concat(pieces)
  end
  if type(chunk) ~= 'string' then
    error(("bad argument #1 to 'load' (function expected, got %s)"):format(type(chunk)), 2)
  end
  local name = ...
  -- A compiled function, as string.dump gives it, begins with an escape.
  if chunk:byte() ~= 27 then
    if name == nil then name = chunk end
    chunk = shared.ask('translate', '', chunk)
  end
  return compile(chunk, name, select(2, ...))
end

