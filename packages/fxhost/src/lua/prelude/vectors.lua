-- Vectors and quaternions. In the game they are types of their own; here they are tables whose `type` says the same.
local shared = ...

local rawget, rawlen, rawtype, getmetatable, setmetatable = rawget, rawlen, type, getmetatable, setmetatable
local sqrt, sin, cos, acos = math.sqrt, math.sin, math.cos, math.acos

local NAMES = { 'x', 'y', 'z', 'w' }
local PLACES = { x = 1, y = 2, z = 3, w = 4, r = 1, g = 2, b = 3, a = 4 }
local Vector, Quaternion = {}, {}

function shared.isVector(value)
  local meta = getmetatable(value)
  return rawtype(value) == 'table' and (meta == Vector or meta == Quaternion)
end

local function isQuaternion(value) return rawtype(value) == 'table' and getmetatable(value) == Quaternion end

shared.isQuaternion = isQuaternion

-- The parts in the order x, y, z, w.
function shared.vectorParts(value) return table.unpack(value, 1, rawlen(value)) end

-- Parts have the precision of the game's floats.
local function toFloats(parts)
  for i = 1, rawlen(parts) do parts[i] = string.unpack('<f', string.pack('<f', parts[i])) end
  return parts
end

function shared.newVector(...) return setmetatable(toFloats({ ... }), Vector) end

local function newQuaternion(x, y, z, w) return setmetatable(toFloats({ x, y, z, w }), Quaternion) end

shared.newQuaternion = newQuaternion

-- The names of types that are tables here, by their metatables.
local typeNames = { [Quaternion] = 'quat' }
shared.typeNames = typeNames

function type(...)
  if select('#', ...) == 0 then error("bad argument #1 to 'type' (value expected)", 2) end
  local value = ...
  local meta = rawtype(value) == 'table' and getmetatable(value)
  if not meta then return rawtype(value) end
  if meta == Vector then return 'vector' .. rawlen(value) end
  return typeNames[meta] or 'table'
end

-- One part, several of them as a vector (`v.xy`), or the number of parts.
local function index(self, key)
  if rawtype(key) ~= 'string' then return nil end
  if key == 'n' or key == 'dim' then return rawlen(self) end
  local parts = {}
  for i = 1, #key do
    parts[i] = rawget(self, PLACES[key:sub(i, i)])
    if parts[i] == nil or i > 4 then return nil end
  end
  if #parts == 1 then return parts[1] end
  return setmetatable(parts, Vector)
end

local function each(self)
  local i = 0
  return function()
    i = i + 1
    if rawget(self, i) then return NAMES[i], rawget(self, i) end
  end
end

local function isEqual(a, b)
  if rawlen(a) ~= rawlen(b) then return false end
  for i = 1, rawlen(a) do
    if rawget(a, i) ~= rawget(b, i) then return false end
  end
  return true
end

local function length(self)
  local sum = 0.0
  for i = 1, rawlen(self) do sum = sum + self[i] * self[i] end
  return sqrt(sum)
end

for _, meta in ipairs({ Vector, Quaternion }) do
  meta.__index, meta.__pairs, meta.__eq, meta.__len = index, each, isEqual, length
  function meta.__newindex() error('vectors cannot be changed', 2) end
end

local function arithmetic(event, operation)
  local function apply(a, b)
    local first, second = shared.isVector(a), shared.isVector(b)
    if first and second and rawlen(a) ~= rawlen(b) then error('vectors of different sizes', 2) end
    local parts = {}
    for i = 1, rawlen(first and a or b) do parts[i] = operation(first and a[i] or a, second and b[i] or b) end
    return setmetatable(toFloats(parts), getmetatable(first and a or b))
  end
  Vector[event], Quaternion[event] = apply, apply
end

arithmetic('__add', function(a, b) return a + b end)
arithmetic('__sub', function(a, b) return a - b end)
arithmetic('__mul', function(a, b) return a * b end)
arithmetic('__div', function(a, b) return a / b end)
arithmetic('__idiv', function(a, b) return a // b end)
arithmetic('__mod', function(a, b) return a % b end)
arithmetic('__pow', function(a, b) return a ^ b end)
function Vector.__unm(a) return a * -1.0 end
function Quaternion.__unm(a) return a * -1.0 end

function dot(a, b)
  if not shared.isVector(a) then return a * b end
  local sum = 0.0
  for i = 1, rawlen(a) do sum = sum + a[i] * b[i] end
  return sum
end

function cross(a, b)
  if rawlen(a) == 2 then return a.x * b.y - a.y * b.x end
  return shared.newVector(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
end

function norm(a) return a / length(a) end

local scale = Quaternion.__mul

-- A quaternion turns a vector of three parts, and another quaternion after which it turns.
function Quaternion.__mul(a, b)
  if not isQuaternion(a) or not shared.isVector(b) then return scale(a, b) end
  if isQuaternion(b) then
    local own, other = a.xyz, b.xyz
    local turned = other * a.w + own * b.w + cross(own, other)
    return newQuaternion(turned.x, turned.y, turned.z, a.w * b.w - dot(own, other))
  end
  local across = cross(a.xyz, b) * 2.0
  return b + across * a.w + cross(a.xyz, across)
end

local function inverse(q)
  local square = dot(q, q)
  return newQuaternion(-q.x / square, -q.y / square, -q.z / square, q.w / square)
end

function inv(value)
  if not isQuaternion(value) then error('quaternion expected', 2) end
  return inverse(value)
end

-- On the way from one quaternion to the other, at a share from 0 to 1.
function slerp(a, b, share)
  local cosine = dot(a, b)
  if cosine < 0 then b, cosine = -b, -cosine end
  if cosine > 0.9999 then return a * (1 - share) + b * share end
  local angle = acos(cosine)
  return (a * sin((1 - share) * angle) + b * sin(share * angle)) / sin(angle)
end

local function turnAround(axis, degrees)
  local half = math.rad(degrees) / 2
  local parts = axis * sin(half)
  return newQuaternion(parts.x, parts.y, parts.z, cos(half))
end

-- Between two directions.
local function turnFrom(from, to)
  from, to = norm(from), norm(to)
  if dot(from, to) < -0.999999 then
    local aside = cross(shared.newVector(0, 0, 1), from)
    if length(aside) < 1e-4 then aside = cross(shared.newVector(1, 0, 0), from) end
    return turnAround(norm(aside), 180)
  end
  local axis = cross(from, to)
  return norm(newQuaternion(axis.x, axis.y, axis.z, 1 + dot(from, to)))
end

-- From w, x, y, z; from an angle in degrees and an axis; from two directions; from the angles of a vector in radians.
function quat(first, second, y, z)
  if first == nil then return newQuaternion(0, 0, 0, 1) end
  if isQuaternion(first) then return first end
  if rawtype(first) == 'number' then
    if shared.isVector(second) then return turnAround(second, first) end
    return newQuaternion(second, y, z, first)
  end
  if rawtype(second) == 'number' then return newQuaternion(first.x, first.y, first.z, second) end
  if second ~= nil then return turnFrom(first, second) end
  local turns = {}
  for i, name in ipairs({ 'x', 'y', 'z' }) do
    local axis = shared.newVector(i == 1 and 1 or 0, i == 2 and 1 or 0, i == 3 and 1 or 0)
    turns[name] = turnAround(axis, math.deg(first[name]))
  end
  return turns.z * turns.y * turns.x
end

qua = quat

-- What a constructor is given, as numbers: numbers, vectors, lists, and tables with x, y, z and w.
local function numbersOf(...)
  local numbers = {}
  for i = 1, select('#', ...) do
    local value = select(i, ...)
    if rawtype(value) ~= 'table' then
      numbers[#numbers + 1] = tonumber(value)
    elseif rawlen(value) > 0 then
      for place = 1, rawlen(value) do numbers[#numbers + 1] = rawget(value, place) end
    else
      for _, name in ipairs(NAMES) do numbers[#numbers + 1] = value[name] end
    end
  end
  return numbers
end

-- Of a single number, a vector has as many as it has parts.
local function constructor(size)
  return function(...)
    local numbers = numbersOf(...)
    if size and #numbers == 1 then
      for i = 2, size do numbers[i] = numbers[1] end
    end
    if #numbers < (size or 1) then error(('%d numbers expected'):format(size or 1), 2) end
    if not size and #numbers == 1 then return numbers[1] + 0.0 end
    return shared.newVector(table.unpack(numbers, 1, size or math.min(#numbers, 4)))
  end
end

vec, vec2, vec3, vec4 = constructor(nil), constructor(2), constructor(3), constructor(4)
vector, vector2, vector3, vector4 = vec, vec2, vec3, vec4

function shared.partsText(value)
  local texts = { shared.vectorParts(value) }
  for i, part in ipairs(texts) do texts[i] = ('%.6f'):format(part) end
  return table.concat(texts, ', ')
end

function Vector.__tostring(self) return ('vec%d(%s)'):format(rawlen(self), shared.partsText(self)) end

function Quaternion.__tostring(self) return ('quat(%.6f, {%s})'):format(self.w, shared.partsText(self.xyz)) end

-- As JSON has a vector: an object with x, y, z and w.
function shared.namedParts(value)
  local named = {}
  for i = 1, rawlen(value) do named[NAMES[i]] = value[i] end
  return named
end
