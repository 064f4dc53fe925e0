-- Evaluates a manifest: every unknown global is a function that adds metadata.
local shared = ...

local lines, encodeJson = {}, json.encode

local function add(key, value)
  if type(value) == 'number' then value = tostring(value) end
  if type(value) ~= 'string' then
    error(("bad argument #2 to 'AddMetaData' (string expected, got %s)"):format(type(value)), 3)
  end
  lines[#lines + 1] = { key, value }
end

local function entry(key)
  return function(value)
    local stored = key
    if type(value) == 'table' then
      -- `client_scripts { … }` is stored as client_script, and so is any other key that ends in s.
      if key:sub(-1) == 's' then stored = key:sub(1, -2) end
      for _, each in ipairs(value) do add(stored, each) end
    else
      add(key, value)
    end
    return function(extra) add(stored .. '_extra', encodeJson(extra)) end
  end
end

local load, xpcall, encode = load, xpcall, shared.encode

for _, name in ipairs({ 'io', 'os', 'package', 'require', 'dofile', 'load', 'loadfile', 'debug', 'print', 'warn' }) do
  _G[name] = nil
end

-- Gives whether it went well, and the metadata or what went wrong.
function shared.entries.evaluate(name, source)
  local chunk, problem = load(source, '@' .. name, 't')
  if not chunk then return encode({ false, problem }) end
  setmetatable(_G, { __index = function(_, key) return entry(key) end })
  local done, failure = xpcall(chunk, tostring)
  setmetatable(_G, nil)
  if not done then return encode({ false, failure }) end
  return encode({ true, lines })
end
