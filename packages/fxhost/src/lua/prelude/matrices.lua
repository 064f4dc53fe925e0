-- Matrices: lists of columns, each a vector of 2 to 4 parts.
local shared = ...

local rawlen = rawlen
local Matrix = {}
shared.typeNames[Matrix] = 'matrix'

local function isMatrix(value) return getmetatable(value) == Matrix end

local function rows(matrix) return rawlen(matrix[1]) end

local function each(matrix, operation)
  local columns = {}
  for i = 1, rawlen(matrix) do columns[i] = operation(matrix[i], i) end
  return setmetatable(columns, Matrix)
end

local function checkColumn(matrix, place, column)
  if not shared.isVector(column) or (rawlen(matrix) > 0 and rawlen(column) ~= rows(matrix)) then
    error('a column must be a vector as long as the others', 3)
  end
  if math.type(place) ~= 'integer' or place < 1 or place > math.min(rawlen(matrix) + 1, 4) then
    error('a matrix has up to four columns in a row', 3)
  end
end

function Matrix.__newindex(self, place, column)
  checkColumn(self, place, column)
  rawset(self, place, column)
end

local function timesVector(matrix, vector)
  local numbers = { shared.vectorParts(vector) }
  -- A place or a direction in space goes through a matrix of four columns, too.
  if #numbers == 3 and rawlen(matrix) == 4 then numbers[4] = 1.0 end
  if #numbers ~= rawlen(matrix) then error('a vector as long as the matrix is wide expected', 3) end
  local sum = matrix[1] * numbers[1]
  for i = 2, #numbers do sum = sum + matrix[i] * numbers[i] end
  return rawlen(vector) == 3 and rawlen(sum) == 4 and sum.xyz or sum
end

function Matrix.__mul(a, b)
  if not isMatrix(a) or type(b) == 'number' then
    local matrix, number = a, b
    if type(a) == 'number' then matrix, number = b, a end
    if type(number) ~= 'number' then error('a matrix, vector or number expected', 2) end
    return each(matrix, function(column) return column * number end)
  end
  if shared.isVector(b) then return timesVector(a, b) end
  return each(b, function(column) return timesVector(a, column) end)
end

function Matrix.__add(a, b) return each(a, function(column, i) return column + b[i] end) end

function Matrix.__sub(a, b) return each(a, function(column, i) return column - b[i] end) end

function Matrix.__unm(a) return a * -1 end

function Matrix.__eq(a, b)
  for i = 1, math.max(rawlen(a), rawlen(b)) do
    if rawget(a, i) ~= rawget(b, i) then return false end
  end
  return true
end

function Matrix.__tostring(self)
  local texts = {}
  for i = 1, rawlen(self) do texts[i] = '(' .. shared.partsText(self[i]) .. ')' end
  return ('mat%dx%d(%s)'):format(rawlen(self), rows(self), table.concat(texts, ', '))
end

-- Of columns; of one number, which then is on the diagonal; of all numbers, column by column.
local function constructor(width, height)
  return function(...)
    local arguments, columns = { ... }, {}
    if shared.isVector(arguments[1]) then
      for i, column in ipairs(arguments) do
        checkColumn(columns, i, column)
        columns[i] = column
      end
    elseif isMatrix(arguments[1]) then
      return each(arguments[1], function(column) return column end)
    elseif width then
      for i = 1, width do
        local numbers = {}
        for row = 1, height do
          local onDiagonal = i == row and (arguments[1] or 1) or 0
          numbers[row] = #arguments <= 1 and onDiagonal or arguments[(i - 1) * height + row]
        end
        columns[i] = shared.newVector(table.unpack(numbers))
      end
    end
    if #columns == 0 or (width and #columns ~= width) then error('columns of a matrix expected', 2) end
    return setmetatable(columns, Matrix)
  end
end

mat = constructor()
for width = 2, 4 do
  for height = 2, 4 do _G[('mat%dx%d'):format(width, height)] = constructor(width, height) end
  _G['mat' .. width] = constructor(width, width)
end
