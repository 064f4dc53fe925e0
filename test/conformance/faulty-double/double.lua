-- Does wrong what the official resource did wrong, and nothing else: the tests named after its faults must fail on it.
-- Written for these tests from the list of faults; none of its code is the official resource's.

local KEY = 'a-key-for-testing'
local forwardUrl = GetConvar('double_forward_url', '')
local units, calls, emergencies, custom = {}, {}, {}, {}
local handlers = {}

local function emit(name, ...) TriggerEvent('SonoranCAD::pushevents:' .. name, ...) end

local function indexOf(ident)
    for index, unit in pairs(units) do
        if unit.id == ident then return index end
    end
end

-- Removing leaves a hole.
local function setUnit(ident, unit)
    local index = indexOf(ident)
    if index then units[index] = unit elseif unit then units[#units + 1] = unit end
end

local function unitByIdent(ident)
    local index = indexOf(ident)
    return index and units[index]
end

local function setCall(callId, entry)
    calls[callId] = entry
    emit('CallCacheUpdated')
end

function handlers.EVENT_UNIT_LOGIN(body)
    local unit = body.data.unit
    unit.isDispatch = body.data.isDispatch
    setUnit(unit.id, unit)
    emit('UnitLogin', unit)
    for _, player in ipairs(GetPlayers()) do
        for _, identifier in ipairs(GetPlayerIdentifiers(player)) do
            if identifier == unit.data.communityUserId then TriggerEvent('SonoranCAD::core:AddPlayer', player, unit) end
        end
    end
end

function handlers.EVENT_UNIT_LOGOUT(body)
    emit('UnitLogout', body.data.identId)
    -- The place in the list instead of the ident.
    setUnit(indexOf(body.data.identId), nil)
end

function handlers.EVENT_UNIT_STATUS(body)
    for i = 1, #body.data.identIds do
        local ident = body.data.identIds[i]
        -- The ident instead of the place in the list.
        local unit = units[ident]
        if not unit then return 'unknown unit' end
        unit.status = body.data.status
        setUnit(ident, unit)
        emit('UnitUpdate', unit, unit.status)
        emit('UnitStatusUpdate', unit, unit.status)
    end
end

function handlers.EVENT_UNIT_PANIC(body)
    for _, ident in ipairs(body.data.identIds) do
        local index = indexOf(ident)
        if index then emit('UnitPanic', index, ident, body.data.isPanic) end
    end
end

function handlers.EVENT_UNIT_GROUP_ADD(body)
    if not body.identId and not body.identIds then return 'invalid data' end
    emit('UnitGroupAdd', { groupName = body.groupName, idents = body.identIds or { body.identId } })
end

function handlers.EVENT_UNIT_GROUP_CHANGE_NAME(body) emit('UnitGroupRename', body.data) end

function handlers.EVENT_DISPATCH_NEW(body)
    local dispatch = body.data.dispatch
    local entry = { dispatch_type = 'CALL_NEW', dispatch = dispatch }
    setCall(dispatch.callId, entry)
    emit('DispatchEvent', entry)
end

function handlers.EVENT_DISPATCH_CLOSED(body)
    for _, callId in ipairs(body.data.callIds) do
        local entry = calls[callId]
        if not entry then return 'unknown call close' end
        entry.dispatch_type, entry.dispatch.status = 'CALL_CLOSE', 2
        setCall(callId, entry)
        emit('DispatchEvent', entry)
        return true
    end
end

function handlers.EVENT_DISPATCH_NOTE(body)
    local entry = calls[body.data.callId]
    emit('DispatchNote', entry, body.data)
    local notes = { body.data.note }
    for _, note in pairs(entry.dispatch.notes) do notes[#notes + 1] = note end
    entry.dispatch_type, entry.dispatch.notes = 'CALL_EDIT', notes
    setCall(body.data.callId, entry)
end

local function eachAssigned(name, change)
    return function(body)
        local entry = calls[body.data.callId]
        for _, ident in ipairs(body.data.idents or { body.data.ident }) do
            local unit = unitByIdent(ident)
            if not entry or not unit then return 'invalid call or unit' end
            emit(name, entry, unit)
            change(entry.dispatch.idents, ident)
            setCall(body.data.callId, entry)
        end
    end
end

handlers.EVENT_DISPATCH_UNIT_ATTACH = eachAssigned('UnitAttach', function(idents, ident) idents[#idents + 1] = ident end)

handlers.EVENT_DISPATCH_UNIT_DETACH = eachAssigned('UnitDetach', function(idents, ident)
    local place
    for index, each in ipairs(idents) do
        if each == ident then place = index end
    end
    -- Without a place it is the last one that goes.
    table.remove(idents, place)
end)

handlers.EVENT_911 = function(body)
    local call = body.data.call
    emergencies[call.callId] = call
    emit('EmergencyCacheUpdated')
    emit('IncomingCadCall', call, call.metaData, body.data.identities or body.data.communityUserIds or body.data.apiIds)
end

handlers.EVENT_REMOVE_911 = function(body)
    for i = 1, #body.data.callIds do
        emergencies[body.data.callIds[i]] = nil
        emit('EmergencyCacheUpdated')
        emit('CadCallRemoved', body.data.callIds[i])
    end
end

local function answer(body)
    if type(body) ~= 'table' then return 'bad request' end
    if tostring(body.key):upper() ~= KEY:upper() then return 'error' end
    if forwardUrl ~= '' then
        TriggerEvent('faulty-double:forward', forwardUrl, json.encode(body))
    end
    if not body.type then return 'bad request' end
    local name = body.type:upper()
    for _, handler in ipairs(custom[name] or {}) do pcall(handler, body) end
    if not handlers[name] then
        emit('OtherEvent', name, body.data)
        return 'ok - custom'
    end
    local done, reason = pcall(handlers[name], body)
    return done and tostring(reason or 'ok') or 'handler exception'
end

SetHttpHandler(function(request, response)
    request.setDataHandler(function(text)
        CreateThread(function() response.send(answer(json.decode(text))) end)
    end)
end)

RegisterNetEvent('SonoranCAD::RegisterPushEvent')
AddEventHandler('SonoranCAD::RegisterPushEvent', function(name, handler)
    custom[name] = custom[name] or {}
    table.insert(custom[name], handler)
end)
for _, name in ipairs({ 'IncomingCadCall', 'UnitAttach', 'DispatchEvent', 'RecordAdded' }) do
    RegisterNetEvent('SonoranCAD::pushevents:' .. name)
end

AddEventHandler('playerDropped', function()
    -- A unit where an ident is expected: nothing is ever found.
    for _, unit in pairs(units) do setUnit(unit, nil) end
end)

exports('GetUnitCache', function(includeDispatchers)
    if includeDispatchers then return units, {} end
    return units
end)
exports('GetUnitById', indexOf)
exports('GetCallCache', function() return calls end)
exports('GetEmergencyCache', function() return emergencies end)
