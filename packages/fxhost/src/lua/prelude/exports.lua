-- `exports`: each export is an event that hands out a function; callers keep it until its resource stops.
local shared = ...

local kept = {}

local function eventName(resource, name)
  if resource == 'txAdmin' then resource = 'monitor' end
  return ('__cfx_export_%s_%s'):format(resource, name)
end

local watching = false

local function forgetStopped()
  if watching then return end
  watching = true
  AddEventHandler(('on%sResourceStop'):format(shared.side), function(resource) kept[resource] = {} end)
end

local function shorten(text)
  if #text <= 2048 then return text end
  return text:sub(1, 1024) .. '\n... [large output partially truncated] ...\n' .. text:sub(-1024)
end

local function finishCall(resource, name, done, ...)
  if done then return ... end
  -- A callee that failed has told the console; its caller is given no reason.
  local problem = ...
  local reason = problem == nil and '' or shorten(tostring(problem))
  if reason ~= '' then reason = '  ' .. reason:gsub('\n(.)', '\n  %1') end
  error(('\n^5 An error occurred while calling export `%s` in resource `%s`:\n%s\n^5 ---'):format(name, resource, reason), 2)
end

local function exportOf(resource, name)
  forgetStopped()
  kept[resource] = kept[resource] or {}
  if not kept[resource][name] then
    TriggerEvent(eventName(resource, name), function(fn) kept[resource][name] = fn end)
    if not kept[resource][name] then error(('No such export %s in resource %s'):format(name, resource), 2) end
  end
  -- The first argument is what stands before the colon; a call with a dot loses its own first argument here.
  return function(_, ...)
    return finishCall(resource, name, pcall(kept[resource][name], ...))
  end
end

exports = setmetatable({}, {
  __index = function(_, resource)
    return setmetatable({}, {
      __index = function(_, name) return exportOf(resource, name) end,
      __newindex = function() error('cannot set values on an export resource', 2) end,
    })
  end,
  __newindex = function() error('cannot set values on exports', 2) end,
  __call = function(_, name, fn)
    AddEventHandler(eventName(shared.resource, name), function(setCallback) setCallback(fn) end)
  end,
})

-- `server_export` lines of the manifest name globals, looked up when asked for.
function shared.offerManifestExports(names)
  for _, name in ipairs(names) do
    AddEventHandler(eventName(shared.resource, name), function(setCallback)
      if _G[name] then setCallback(_G[name]) end
    end)
  end
end
