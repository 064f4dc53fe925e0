-- The host's natives as globals.
local shared = ...

local description = shared.ask('describe', '[]')
shared.resource = description.name

function GetInvokingResource() return (shared.ask('invoker', '[]')) end

for _, name in ipairs(description.natives) do
  if _G[name] == nil then
    _G[name] = function(...)
      return (shared.ask('native', shared.encodeArguments(name, ...)))
    end
  end
end

-- For what the host may have as a native.
function shared.otherwise(name, fn)
  if _G[name] == nil then _G[name] = fn end
end

shared.otherwise('GetCurrentResourceName', function() return shared.resource end)

shared.offerManifestExports(description.exports)
