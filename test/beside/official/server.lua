-- Stands for the official resource where ours runs beside it: receives events, tells scripts, forwards. Written for these tests from
-- the description of what it does; none of its code is the official resource's.

local config = json.decode(LoadResourceFile(GetCurrentResourceName(), 'configuration/config.json'))
local custom, posts = {}, 0

-- Every value of the file becomes a convar that the framework has set.
for name, value in pairs(config) do
    SetConvar('sonoran_' .. name, tostring(value))
    SetConvar('sonoran_' .. name .. '_setter', 'framework')
end

local function emit(name, ...) TriggerEvent('SonoranCAD::pushevents:' .. name, ...) end

local handlers = {
    EVENT_UNIT_LOGIN = function(data) emit('UnitLogin', data.unit) end,
    EVENT_UNIT_LOGOUT = function(data) emit('UnitLogout', data.identId) end,
    EVENT_UNIT_UPDATE = function(data)
        for _, unit in ipairs(data.units) do emit('UnitUpdate', unit, unit.status) end
    end,
    EVENT_DISPATCH_NEW = function(data)
        emit('CallCacheUpdated')
        emit('DispatchEvent', { dispatch_type = 'CALL_NEW', dispatch = data.dispatch })
    end,
    EVENT_911 = function(data)
        emit('EmergencyCacheUpdated')
        emit('IncomingCadCall', data.call, data.metaData, data.communityUserId)
    end,
    EVENT_RECORD_ADD = function(data) emit('RecordAdded', data.record) end,
    EVENT_TONE = function(data) emit('Tone', data) end,
}

local function forward(text)
    if config.enablePushEventForwarding then
        PerformHttpRequest(config.pushEventForwardUrl, function(status)
            if status ~= 200 then print('forwarded in vain: ' .. tostring(status)) end
        end, 'POST', text, { ['Content-Type'] = 'application/json' })
    end
end

local function answer(text)
    local body = json.decode(text)
    if type(body) ~= 'table' then return '{"error":"bad request"}' end
    if tostring(body.key):upper() ~= config.apiKey:upper() then return 'error' end
    posts = posts + 1
    forward(text)
    local type = body.type:upper()
    for _, handler in ipairs(custom[type] or {}) do pcall(handler, body) end
    if not handlers[type] then
        emit('OtherEvent', type, body.data)
        return 'ok - custom'
    end
    handlers[type](body.data)
    return 'ok'
end

SetHttpHandler(function(request, response)
    if request.method ~= 'POST' then return response.send('it is loaded') end
    request.setDataHandler(function(text)
        CreateThread(function() response.send(answer(text)) end)
    end)
end)

RegisterNetEvent('SonoranCAD::RegisterPushEvent')
AddEventHandler('SonoranCAD::RegisterPushEvent', function(name, handler)
    custom[name] = custom[name] or {}
    table.insert(custom[name], handler)
end)

-- Players and accounts: the CAD is given, and asked by, the identifier without its prefix, whoever gives it and in whichever form.
local function ask(path, body, done)
    local headers = { ['Content-Type'] = 'application/json', ['Authorization'] = 'Bearer ' .. config.apiKey }
    PerformHttpRequest(config.apiUrl .. path, function(status, text)
        done(status == 200 and json.decode(text) or {})
    end, 'POST', json.encode(body), headers)
end

local function bare(identifier) return (identifier:gsub('^%a+%d?:', '')) end
local function identityOf(player) return bare(GetPlayerIdentifierByType(player, config.primaryIdentifier)) end

local function check(identifier, done)
    ask('/v2/general/links/check', { communityUserId = bare(identifier) }, function(answer) done(answer.linked == true) end)
end

exports('CadIsPlayerLinked', function(identifier, done) check(identifier, done) end)

RegisterCommand('link', function(player)
    ask('/v2/general/links', { communityUserId = identityOf(player) }, function() end)
end, false)

RegisterNetEvent('SonoranCAD::Tablet::SetCommunityLink')
AddEventHandler('SonoranCAD::Tablet::SetCommunityLink', function(account, secret)
    local body = { accountUuid = account, secretUuid = secret, communityUserId = identityOf(source) }
    ask('/v2/general/links/set', body, function() end)
end)

RegisterNetEvent('SonoranScripts::Call911')
AddEventHandler('SonoranScripts::Call911', function(caller, location, description)
    local metaData = { callerPlayerId = tostring(source), callerCommunityUserId = identityOf(source) }
    local call = { isEmergency = true, caller = caller, location = location, description = description, metaData = metaData }
    ask('/v2/emergency/servers/1/calls/911', call, function() end)
end)

RegisterCommand('dn', function(source) print('dn of ' .. source) end, false)
exports('posts', function() return posts end)
