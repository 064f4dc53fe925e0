-- The host's natives as globals.
local shared = ...

local description = shared.decode(shared.ask('describe'))
shared.resource = description.name

function GetInvokingResource() return shared.ask('invoker') end

-- Natives that give floats, beside those whose name says so.
local FLOATS = {
  GetEntityHeading = true, GetEntitySpeed = true, GetVehicleEngineHealth = true, GetVehicleBodyHealth = true,
  GetVehiclePetrolTankHealth = true, GetVehicleDirtLevel = true,
}

-- A whole number is an integer, but for natives that give floats.
local function fromNative(name, value)
  if type(value) ~= 'number' then return value end
  if FLOATS[name] or name:sub(-5) == 'Float' then return value + 0.0 end
  return math.tointeger(value) or value
end

local function offer(names)
  for _, name in ipairs(names) do
    if _G[name] == nil then
      _G[name] = function(...)
        return fromNative(name, (shared.decode(shared.ask('native', name, shared.encodeArguments(...)))))
      end
    end
  end
end

offer(description.natives)

-- FXServer has these, so scripts find a function; calling it throws an error that says how to supply the native.
-- Called when the prelude has defined its own functions, which come first.
function shared.offerMissingNatives() offer(description.missingNatives) end

-- For what the host may have as a native.
function shared.otherwise(name, fn)
  if _G[name] == nil then _G[name] = fn end
end

-- Every native by its name, also those that only throw.
function shared.nativeNames()
  local names = table.clone(description.natives)
  return table.move(description.missingNatives, 1, #description.missingNatives, #names + 1, names)
end

shared.otherwise('GetCurrentResourceName', function() return shared.resource end)

shared.offerManifestExports(description.exports)
