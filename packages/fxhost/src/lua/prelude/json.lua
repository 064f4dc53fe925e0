-- The `json` library that scripts use.
local shared = ...

local byte, find, sub, gsub, format = string.byte, string.find, string.sub, string.gsub, string.format
local tonumber, type, next, pairs, tostring = tonumber, type, next, pairs, tostring

local QUOTE, BACKSLASH, COLON, BRACE, END_BRACE, BRACKET, END_BRACKET, COMMA = 34, 92, 58, 123, 125, 91, 93, 44

local function numberAt(text, at)
  local _, last = find(text, '^-?%d+', at)
  if not last then return nil, at end
  local _, fraction = find(text, '^%.%d+', last + 1)
  local _, exponent = find(text, '^[eE][+-]?%d+', (fraction or last) + 1)
  local number = tonumber(sub(text, at, exponent or fraction or last))
  -- A fraction or an exponent makes it a float even when it is whole.
  if fraction or exponent then number = number + 0.0 end
  return number, (exponent or fraction or last) + 1
end

local SHORT = { b = '\b', f = '\f', n = '\n', r = '\r', t = '\t', ['"'] = '"', ['\\'] = '\\', ['/'] = '/' }

-- Two escaped halves of one character come out as two three-byte sequences first.
local function joinHalves(high, low)
  return utf8.char(0x10000 + ((utf8.codepoint(high, 1, 1, true) & 0x3FF) << 10) + (utf8.codepoint(low, 1, 1, true) & 0x3FF))
end

local function unescape(raw)
  local text = gsub(raw, '\\(u?)(.)(%x?%x?%x?)', function(u, c, rest)
    if u == '' then return (SHORT[c] or error('Invalid escape character in string.', 0)) .. rest end
    local code = #rest == 3 and tonumber(c .. rest, 16)
    return utf8.char(code or error('Incorrect hex digit after \\u escape in string.', 0))
  end)
  return (gsub(text, '(\xED[\xA0-\xAF][\x80-\xBF])(\xED[\xB0-\xBF][\x80-\xBF])', joinHalves))
end

local value

local function blank(text, at)
  local _, last = find(text, '^[ \t\r\n]+', at)
  return last and last + 1 or at
end

local function fail(at)
  error(('Invalid value. (%d)'):format(at - 1), 0)
end

local function stringAt(text, at)
  local stop, escaped = at + 1, false
  while true do
    stop = find(text, '["\\]', stop)
    if not stop then fail(#text + 1) end
    if byte(text, stop) == QUOTE then break end
    escaped = true
    stop = stop + 2
  end
  local raw = sub(text, at + 1, stop - 1)
  return escaped and unescape(raw) or raw, stop + 1
end

-- What stands between brackets, with commas. `take` reads one and gives where it ends; gives where all of it ends.
local function itemsAt(text, at, close, take)
  at = blank(text, at + 1)
  if byte(text, at) == close then return at + 1 end
  while true do
    at = blank(text, take(at))
    local c = byte(text, at)
    if c == close then return at + 1 end
    if c ~= COMMA then fail(at) end
    at = blank(text, at + 1)
  end
end

local function arrayAt(text, at)
  local array, n = {}, 0
  return array, itemsAt(text, at, END_BRACKET, function(start)
    n = n + 1
    array[n], start = value(text, start)
    return start
  end)
end

local function objectAt(text, at)
  local object = {}
  return object, itemsAt(text, at, END_BRACE, function(start)
    if byte(text, start) ~= QUOTE then fail(start) end
    local key, stop = stringAt(text, start)
    stop = blank(text, stop)
    if byte(text, stop) ~= COLON then fail(stop) end
    object[key], stop = value(text, stop + 1)
    return stop
  end)
end

-- Gives the value, and where it ends.
function value(text, at)
  at = blank(text, at)
  local c = byte(text, at)
  if c == QUOTE then return stringAt(text, at) end
  if c == BRACE then return objectAt(text, at) end
  if c == BRACKET then return arrayAt(text, at) end
  if find(text, '^true', at) then return true, at + 4 end
  if find(text, '^false', at) then return false, at + 5 end
  if find(text, '^null', at) then return nil, at + 4 end
  local number, stop = numberAt(text, at)
  if number == nil then fail(at) end
  return number, stop
end

local function parse(text)
  local result, at = value(text, 1)
  at = blank(text, at)
  if at <= #text then fail(at) end
  return result
end

-- How many elements a table has when its keys are 1..n, else nil; `holes` counts missing ones as elements.
function shared.arrayLength(tbl, holes)
  local count, max = 0, 0
  for key in next, tbl do
    if math.type(key) ~= 'integer' or key < 1 then return nil end
    count = count + 1
    if key > max then max = key end
  end
  if max == count or (holes and max <= 2 * count) then return max end
  return nil
end

-- The shortest text that reads back as the same float, always with a point or an exponent.
function shared.floatText(number)
  local text = format('%.15g', number)
  if tonumber(text) ~= number then text = format('%.16g', number) end
  if tonumber(text) ~= number then text = format('%.17g', number) end
  if not find(text, '[.eE]') then text = text .. '.0' end
  return text
end

local ESCAPES = { ['"'] = '\\"', ['\\'] = '\\\\', ['\b'] = '\\b', ['\f'] = '\\f', ['\n'] = '\\n', ['\r'] = '\\r', ['\t'] = '\\t' }
for code = 0, 31 do
  local c = string.char(code)
  ESCAPES[c] = ESCAPES[c] or format('\\u%04X', code)
end

local function quote(text)
  return '"' .. gsub(text, '[\0-\31"\\]', ESCAPES) .. '"'
end

local null = setmetatable({}, { __tostring = function() return 'null' end })
local MAX_DEPTH = 128

local encode

local function encodeItems(items, open, close, indent, depth)
  if #items == 0 then return open .. close end
  if not indent then return open .. table.concat(items, ',') .. close end
  local pad = ('    '):rep(depth)
  return open .. '\n' .. pad .. '    ' .. table.concat(items, ',\n    ' .. pad) .. '\n' .. pad .. close
end

local function encodeTable(tbl, indent, depth)
  if depth > MAX_DEPTH then error('nested too deep, or a table inside itself', 0) end
  if shared.isVector(tbl) then tbl = shared.namedParts(tbl) end
  local items = {}
  local length = shared.arrayLength(tbl, true)
  if length then
    for i = 1, length do items[i] = encode(tbl[i], indent, depth + 1) end
    return encodeItems(items, '[', ']', indent, depth)
  end
  local texts = {}
  for key, each in pairs(tbl) do
    if type(key) ~= 'string' and type(key) ~= 'number' then error('unsupported key type: ' .. type(key), 0) end
    texts[#texts + 1] = tostring(key)
    texts[tostring(key)] = each
  end
  table.sort(texts)
  for i, key in ipairs(texts) do
    items[i] = quote(key) .. (indent and ': ' or ':') .. encode(texts[key], indent, depth + 1)
  end
  return encodeItems(items, '{', '}', indent, depth)
end

function encode(value, indent, depth)
  local kind = type(value)
  if kind == 'string' then return quote(value) end
  if kind == 'number' then
    if math.type(value) == 'integer' then return tostring(value) end
    if value ~= value or value == math.huge or value == -math.huge then return 'null' end
    return shared.floatText(value)
  end
  if kind == 'boolean' then return tostring(value) end
  if value == nil or value == null then return 'null' end
  if kind == 'table' then return encodeTable(value, indent, depth) end
  error('unsupported type: ' .. kind, 0)
end

json = {
  null = null,
  encode = function(value, options)
    local done, text = pcall(encode, value, type(options) == 'table' and (options.indent or options.pretty), 0)
    if not done then error(text, 2) end
    return text
  end,
  -- Gives nil and what is wrong when it is no JSON.
  decode = function(text)
    if type(text) ~= 'string' then
      error(("bad argument #1 to 'decode' (string expected, got %s)"):format(type(text)), 2)
    end
    local done, value = pcall(parse, text)
    if not done then return nil, value end
    return value
  end,
}
