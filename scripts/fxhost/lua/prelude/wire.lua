-- Values to and from the text that crosses to JavaScript: the format is described in wire-text.ts.
local shared = ...

local gsub, format, type, next, concat = string.gsub, string.format, type, next, table.concat
local mathType = math.type

local ESCAPES = {}
for code = 0, 255 do
  ESCAPES[string.char(code)] = format('\\u%04x', code)
end
ESCAPES['"'], ESCAPES['\\'] = '\\"', '\\\\'

local function quote(text)
  return '"' .. gsub(text, '[%c"\\\128-\255]', ESCAPES) .. '"'
end

local SAFE_INTEGER = 1 << 53
local MAX_DEPTH = 200

local append

local function appendMap(out, n, tbl, depth)
  local plain = true
  for key in next, tbl do
    if type(key) ~= 'string' or key:byte() == 36 then plain = false break end
  end
  n = n + 1
  out[n] = plain and '{' or '{"$m":['
  local first = true
  for key, value in next, tbl do
    if not first then n = n + 1 out[n] = ',' end
    first = false
    n = append(out, n, key, depth) + 1
    out[n] = plain and ':' or ','
    n = append(out, n, value, depth)
  end
  n = n + 1
  out[n] = plain and '}' or ']}'
  return n
end

local function appendTable(out, n, tbl, depth)
  if shared.isVector(tbl) then
    n = n + 1
    local parts = { shared.vectorParts(tbl) }
    for i, part in ipairs(parts) do parts[i] = shared.floatWire(part + 0.0) end
    out[n] = '{"$v":[' .. concat(parts, ',') .. ']}'
    return n
  end
  if depth > MAX_DEPTH then error('value nested too deep, or a table inside itself', 0) end
  local length = shared.arrayLength(tbl)
  if not length then return appendMap(out, n, tbl, depth + 1) end
  n = n + 1
  out[n] = '['
  for i = 1, length do
    if i > 1 then n = n + 1 out[n] = ',' end
    n = append(out, n, tbl[i], depth + 1)
  end
  n = n + 1
  out[n] = ']'
  return n
end

function shared.floatWire(number)
  if number ~= number then return '{"$d":"nan"}' end
  if number == math.huge then return '{"$d":"inf"}' end
  if number == -math.huge then return '{"$d":"-inf"}' end
  if number % 1 == 0 then return format('{"$d":"%.17g"}', number) end
  return format('%.17g', number)
end

function append(out, n, value, depth)
  local kind = type(value)
  local text
  if kind == 'string' then
    text = quote(value)
  elseif kind == 'number' then
    if mathType(value) == 'float' then text = shared.floatWire(value)
    elseif value > SAFE_INTEGER or value < -SAFE_INTEGER then text = format('{"$i":"%d"}', value)
    else text = format('%d', value) end
  elseif kind == 'boolean' then
    text = value and 'true' or 'false'
  elseif kind == 'function' or (kind == 'table' and shared.isReference(value)) then
    text = '{"$f":' .. quote(shared.makeReference(value)) .. '}'
  elseif kind == 'table' then
    return appendTable(out, n, value, depth)
  else
    text = 'null'
  end
  out[n + 1] = text
  return n + 1
end

function shared.encode(value)
  local out = {}
  append(out, 0, value, 0)
  return concat(out)
end

-- All arguments as one array, nils among and behind them included.
function shared.encodeArguments(...)
  local out, n = { '[' }, 1
  for i = 1, select('#', ...) do
    if i > 1 then n = n + 1 out[n] = ',' end
    n = append(out, n, (select(i, ...)), 0)
  end
  out[n + 1] = ']'
  return concat(out)
end

local BYTE_NAMES = { b = '\b', f = '\f', n = '\n', r = '\r', t = '\t', ['"'] = '"', ['\\'] = '\\', ['/'] = '/' }

local function unescape(raw)
  return (gsub(raw, '\\(u?)(.)(%x?%x?%x?)', function(u, c, rest)
    if u == '' then return BYTE_NAMES[c] .. rest end
    return string.char(tonumber(c .. rest, 16))
  end))
end

local FLOATS = { nan = 0 / 0, inf = math.huge, ['-inf'] = -math.huge }

local MARKERS = {
  ['$i'] = function(text) return math.tointeger(text) or tonumber(text) end,
  ['$d'] = function(text) return FLOATS[text] or tonumber(text) + 0.0 end,
  ['$f'] = function(reference) return shared.takeReference(reference) end,
  ['$v'] = function(parts) return shared.newVector(table.unpack(parts)) end,
}

local parse = shared.newParser(unescape, function(object, firstKey)
  if firstKey:byte() ~= 36 then return object end
  return MARKERS[firstKey](object[firstKey])
end)

MARKERS['$m'] = function(flat)
  local map = {}
  for i = 1, #flat, 2 do
    if flat[i] == flat[i] then map[flat[i]] = flat[i + 1] end
  end
  return map
end

-- The value, and of an array the length with nils counted.
shared.decode = parse

-- Asks JavaScript. The answer is one value; what went wrong there is raised as it stands.
function shared.ask(operation, text)
  local answer = shared.rawhost(operation, text)
  if answer:byte() == 33 then error((parse(answer:sub(2))), 0) end
  if #answer == 1 then return nil end
  return parse(answer:sub(2))
end

-- What manifests cannot use; the runtime's own files replace these.
function shared.isVector() return false end
function shared.isReference() return false end

shared.entries = {}

function shared.dispatch(entry, text)
  return shared.entries[entry](text) or ''
end
