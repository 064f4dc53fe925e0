local resource = GetCurrentResourceName()

-- A small file of those that the build writes together.
if LoadResourceFile(resource, 'resource/client.js') == nil then
    print('^1' .. resource .. ' cannot start: this folder is the source code. Download the release (zip), or run "npm run build" in it.^7')
    return
end

-- Scripts made for the official resource expect tables with integer keys and two return values. Nothing that JavaScript returns
-- arrives as either: numeric keys become text, and of several values there is only the first.

local function ask(name, ...)
    return exports[resource][name](nil, ...)
end

local function byId(entries, idOf)
    local cache = {}
    for _, entry in ipairs(entries) do cache[idOf(entry)] = entry end
    return cache
end

exports('GetUnitCache', function(includeDispatchers, ...)
    -- Before any other call: each one would make this resource the caller.
    local caller = GetInvokingResource()
    local caches = ask('unitCacheForLua', caller, includeDispatchers, ...)
    if includeDispatchers then return caches[1], caches[2] end
    return caches[1]
end)

exports('GetCallCache', function()
    return byId(ask('callCacheForLua', GetInvokingResource()), function(entry) return entry.dispatch.callId end)
end)

exports('GetEmergencyCache', function()
    return byId(ask('emergencyCacheForLua', GetInvokingResource()), function(call) return call.callId end)
end)
