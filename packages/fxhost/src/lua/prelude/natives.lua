-- The host's natives as globals.
local shared = ...

local description = shared.decode(shared.ask('describe'))
shared.resource = description.name

function GetInvokingResource() return shared.ask('invoker') end

-- A whole number is an integer, but for natives whose name says that they give floats.
local function fromNative(name, value)
  if type(value) ~= 'number' then return value end
  if name:sub(-5) == 'Float' then return value + 0.0 end
  return math.tointeger(value) or value
end

for _, name in ipairs(description.natives) do
  if _G[name] == nil then
    _G[name] = function(...)
      return fromNative(name, (shared.decode(shared.ask('native', name, shared.encodeArguments(...)))))
    end
  end
end

-- For what the host may have as a native.
function shared.otherwise(name, fn)
  if _G[name] == nil then _G[name] = fn end
end

joaat = GetHashKey

shared.otherwise('GetCurrentResourceName', function() return shared.resource end)

shared.offerManifestExports(description.exports)
