-- Values to and from msgpack, as FXServer's Lua packs them: this is what crosses to JavaScript.
local shared = ...

local pack, unpack, char, byte, sub, concat = string.pack, string.unpack, string.char, string.byte, string.sub, table.concat
local type, next, mathType = type, next, math.type

local FUNCREF, LOCAL_FUNCREF = 10, 11
-- Vectors of 2, 3 and 4 floats are extensions 20, 21 and 22, a quaternion 23.
local VECTOR_BASE, VECTOR2, QUATERNION = 18, 20, 23
local NIL = '\xc0'
local MAX_DEPTH = 200

-- The head of what has a length: in the byte itself, or in one, two or four of its own.
local function head(length, short, limit, eight, sixteen)
  if length < limit then return char(short + length) end
  if eight and length < 0x100 then return pack('>BB', eight, length) end
  if length < 0x10000 then return pack('>BI2', sixteen, length) end
  return pack('>BI4', sixteen + 1, length)
end

-- The forms of integers, the shortest first: the numbers below `limit` on the side of their sign, how they are packed,
-- their byte.
local POSITIVE = { { 0x80, '>B' }, { 0x100, '>BB', 0xcc }, { 0x10000, '>BI2', 0xcd }, { 0x100000000, '>BI4', 0xce } }
local NEGATIVE = { { 0x20, '>b' }, { 0x80, '>Bb', 0xd0 }, { 0x8000, '>Bi2', 0xd1 }, { 0x80000000, '>Bi4', 0xd2 } }

local function integer(value)
  local distance = value < 0 and ~value or value
  for _, form in ipairs(value < 0 and NEGATIVE or POSITIVE) do
    if distance < form[1] then
      if form[3] then return pack(form[2], form[3], value) end
      return pack(form[2], value)
    end
  end
  return pack('>Bi8', value < 0 and 0xd3 or 0xcf, value)
end

local FIXED_EXTENSIONS = { [1] = 0xd4, [2] = 0xd5, [4] = 0xd6, [8] = 0xd7, [16] = 0xd8 }

local function extension(kind, data)
  local fixed = FIXED_EXTENSIONS[#data]
  return (fixed and char(fixed) or head(#data, 0, 0, 0xc7, 0xc8)) .. char(kind) .. data
end

local function vector(value)
  local parts = { shared.vectorParts(value) }
  local kind = shared.isQuaternion(value) and QUATERNION or VECTOR_BASE + #parts
  for i, part in ipairs(parts) do parts[i] = pack('<f', part) end
  return extension(kind, concat(parts))
end

local append

local function appendTable(out, n, tbl, depth)
  local meta = getmetatable(tbl)
  if shared.isVector(tbl) then
    out[n + 1] = vector(tbl)
    return n + 1
  elseif type(meta) == 'table' and meta.__ext and meta.__pack then
    out[n + 1] = extension(meta.__ext, meta.__pack(tbl, meta.__ext))
    return n + 1
  end
  if depth > MAX_DEPTH then error('value nested too deep, or a table inside itself', 0) end
  local start = n + 1
  local length = shared.arrayLength(tbl)
  n = start
  if length then
    out[start] = head(length, 0x90, 16, nil, 0xdc)
    for i = 1, length do n = append(out, n, tbl[i], depth + 1) end
    return n
  end
  local count = 0
  for key, value in next, tbl do
    count = count + 1
    n = append(out, append(out, n, key, depth + 1), value, depth + 1)
  end
  out[start] = head(count, 0x80, 16, nil, 0xde)
  return n
end

function append(out, n, value, depth)
  local kind = type(value)
  local text = NIL
  if kind == 'string' then
    text = head(#value, 0xa0, 32, 0xd9, 0xda) .. value
  elseif kind == 'number' then
    text = mathType(value) == 'float' and pack('>Bd', 0xcb, value) or integer(value)
  elseif kind == 'boolean' then
    text = value and '\xc3' or '\xc2'
  elseif kind == 'function' or (kind == 'table' and shared.isReference(value)) then
    text = extension(FUNCREF, shared.makeReference(value))
  elseif kind == 'table' then
    return appendTable(out, n, value, depth)
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
  local count = select('#', ...)
  local out, n = { head(count, 0x90, 16, nil, 0xdc) }, 1
  for i = 1, count do n = append(out, n, (select(i, ...)), 0) end
  return concat(out)
end

local valueAt

local function textAt(bytes, at, length)
  if at + length - 1 > #bytes then error('msgpack: ends too early', 0) end
  return sub(bytes, at, at + length - 1), at + length
end

-- Gives the length, too: nils count.
local function arrayAt(bytes, at, length)
  local array = {}
  for i = 1, length do array[i], at = valueAt(bytes, at) end
  return array, at, length
end

-- A nil or NaN cannot be a key, and a nil value is no entry.
local function mapAt(bytes, at, length)
  local map, key, value = {}, nil, nil
  for _ = 1, length do
    key, at = valueAt(bytes, at)
    value, at = valueAt(bytes, at)
    if key ~= nil and key == key then map[key] = value end
  end
  return map, at
end

local function extensionAt(bytes, at, length)
  local kind = byte(bytes, at)
  local data, stop = textAt(bytes, at + 1, length)
  if kind == FUNCREF or kind == LOCAL_FUNCREF then return shared.takeReference(data), stop end
  if shared.unpackers[kind] then return shared.unpackers[kind](data, kind), stop end
  if kind < VECTOR2 or kind > QUATERNION then return nil, stop end
  local parts = {}
  for i = 1, length - 3, 4 do parts[#parts + 1] = unpack('<f', data, i) end
  return (kind == QUATERNION and shared.newQuaternion or shared.newVector)(table.unpack(parts)), stop
end

-- What stands behind each head byte: a number in this format, or a length in this format and then that.
local NUMBERS = {
  [0xca] = '>f', [0xcb] = '>d', [0xcc] = '>I1', [0xcd] = '>I2', [0xce] = '>I4', [0xcf] = '>i8',
  [0xd0] = '>i1', [0xd1] = '>i2', [0xd2] = '>i4', [0xd3] = '>i8',
}
local LONG = {
  [0xc4] = { '>I1', textAt }, [0xc5] = { '>I2', textAt }, [0xc6] = { '>I4', textAt },
  [0xc7] = { '>I1', extensionAt }, [0xc8] = { '>I2', extensionAt }, [0xc9] = { '>I4', extensionAt },
  [0xd9] = { '>I1', textAt }, [0xda] = { '>I2', textAt }, [0xdb] = { '>I4', textAt },
  [0xdc] = { '>I2', arrayAt }, [0xdd] = { '>I4', arrayAt }, [0xde] = { '>I2', mapAt }, [0xdf] = { '>I4', mapAt },
}

function valueAt(bytes, at)
  local first = byte(bytes, at)
  if not first then error('msgpack: ends too early', 0) end
  at = at + 1
  if first < 0x80 then return first, at end
  if first < 0x90 then return mapAt(bytes, at, first & 0x0f) end
  if first < 0xa0 then return arrayAt(bytes, at, first & 0x0f) end
  if first < 0xc0 then return textAt(bytes, at, first & 0x1f) end
  if first >= 0xe0 then return first - 0x100, at end
  if NUMBERS[first] then return unpack(NUMBERS[first], bytes, at) end
  if LONG[first] then
    local length, start = unpack(LONG[first][1], bytes, at)
    return LONG[first][2](bytes, start, length)
  end
  if first >= 0xd4 and first <= 0xd8 then return extensionAt(bytes, at, 1 << (first - 0xd4)) end
  if first == 0xc2 or first == 0xc3 then return first == 0xc3, at end
  if first == 0xc0 then return nil, at end
  error(('msgpack: unused type byte %d'):format(first), 0)
end

-- The value, and of an array the length with nils counted.
function shared.decode(bytes)
  local value, _, n = valueAt(bytes, 1)
  return value, n
end

-- Asks JavaScript, which takes and gives strings, or nil. What went wrong there is raised as it stands.
function shared.ask(operation, ...)
  local done, answer = shared.rawhost(operation, ...)
  if not done then error(answer, 0) end
  return answer
end

-- What makes values of the extension types that scripts or the prelude have added.
shared.unpackers = {}

-- What manifests cannot use; the runtime's own files replace these.
function shared.isVector() return false end
function shared.isReference() return false end

shared.entries = {}

function shared.dispatch(entry, ...)
  return shared.entries[entry](...) or ''
end
