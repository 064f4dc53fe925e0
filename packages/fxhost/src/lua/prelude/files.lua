-- `io` for the files of resources. A file is read as a whole when it is opened. It is written when it is closed or
-- flushed.
local shared = ...

local File = { __name = 'FILE*' }
File.__index = File

local function checkOpen(file)
  if file.isClosed then error('attempt to use a closed file', 3) end
end

local function readLine(file, keepsEnd)
  if file.at > #file.content then return nil end
  local stop = file.content:find('\n', file.at, true) or #file.content + 1
  local line = file.content:sub(file.at, keepsEnd and stop or stop - 1)
  file.at = stop + 1
  return line
end

local function readNumber(file)
  local first, last = file.content:find('^%s*[%w.+-]+', file.at)
  if not first then return nil end
  file.at = last + 1
  return tonumber(file.content:sub(first, last))
end

local function readPart(file, format)
  if type(format) == 'number' then
    if file.at > #file.content and format > 0 then return nil end
    local part = file.content:sub(file.at, file.at + format - 1)
    file.at = file.at + #part
    return part
  end
  local kind = format:gsub('^%*', ''):sub(1, 1)
  if kind == 'a' then
    local rest = file.content:sub(file.at)
    file.at = #file.content + 1
    return rest
  elseif kind == 'n' then
    return readNumber(file)
  elseif kind == 'l' or kind == 'L' then
    return readLine(file, kind == 'L')
  end
  error("bad argument to 'read' (invalid format)", 3)
end

function File:read(...)
  checkOpen(self)
  local formats, parts = table.pack(...), {}
  if formats.n == 0 then formats = { 'l', n = 1 } end
  for i = 1, formats.n do
    parts[i] = readPart(self, formats[i])
    if parts[i] == nil then break end
  end
  return table.unpack(parts, 1, formats.n)
end

function File:lines(...)
  checkOpen(self)
  local formats = table.pack(...)
  return function() return self:read(table.unpack(formats, 1, formats.n)) end
end

function File:write(...)
  checkOpen(self)
  if not self.isWritable then return nil, 'Bad file descriptor' end
  for _, part in ipairs({ ... }) do
    local text = tostring(part)
    if self.appends then self.at = #self.content + 1 end
    self.content = self.content:sub(1, self.at - 1) .. text .. self.content:sub(self.at + #text)
    self.at = self.at + #text
  end
  return self
end

function File:seek(from, distance)
  checkOpen(self)
  local starts = { set = 0, cur = self.at - 1, ['end'] = #self.content }
  self.at = starts[from or 'cur'] + (distance or 0) + 1
  return self.at - 1
end

function File:flush()
  checkOpen(self)
  if self.isWritable then shared.ask('writeFile', self.path, self.content) end
  return self
end

function File:close()
  self:flush()
  self.isClosed = true
  return true
end

function File:setvbuf() return true end

File.__close = function(file) if not file.isClosed then file:close() end end

io = {}

function io.open(path, mode)
  mode = mode or 'r'
  local content = shared.ask('readFile', path)
  local isWritable = mode:find('[wa+]') ~= nil
  if mode:sub(1, 1) == 'w' then content = '' end
  if mode:sub(1, 1) == 'a' then content = content or '' end
  if not content or (isWritable and not shared.ask('writeFile', path, content)) then
    return nil, path .. ': No such file or directory', 2
  end
  local file = { path = path, content = content, at = 1, isWritable = isWritable, appends = mode:sub(1, 1) == 'a' }
  return setmetatable(file, File)
end

function io.lines(path, ...)
  local file, problem = io.open(path)
  if not file then error(problem, 2) end
  return file:lines(...)
end

-- The names in a folder, as a handle with lines() and close().
function io.readdir(path)
  local names = shared.ask('listFolder', path)
  if not names then return nil, path .. ': No such file or directory', 2 end
  return { lines = function() return names:gmatch('[^\n]+') end, close = function() return true end }
end

function io.close(file) return file:close() end

function io.type(value)
  if getmetatable(value) ~= File then return nil end
  return value.isClosed and 'closed file' or 'file'
end

os.microtime = function() return math.tointeger(shared.ask('microseconds')) end
os.nanotime = function() return os.microtime() * 1000 end
