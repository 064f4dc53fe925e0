-- A script that lets players into something only when they are linked with the CAD, or are on duty there.
local cad = exports.sonorancad

AddEventHandler('lua:gate', function(player)
    local known = cad:isPlayerInCAD(player)
    print(json.encode({
        success = known.success, linked = known.linked, online = known.online,
        id = known.communityUserId or 'none', unit = known.unit and known.unit.id or 'none',
    }))
    print(json.encode({ cad:getPlayerCommunityUserId(player) or 'none' }))
end)

AddEventHandler('lua:linked', function(...)
    local answers = {}
    for _, identifier in ipairs({ ... }) do
        local type, bare = identifier:match('^(%a+):(.*)$')
        answers[#answers + 1] = cad:CadIsPlayerLinked(identifier)
        answers[#answers + 1] = cad:CadIsPlayerLinked(bare, type)
    end
    print(json.encode(answers))
end)

-- What scripts ask about a player of a community, and do for one.
AddEventHandler('lua:client', function(identifiers)
    local client, linked = cad:getCadClient(), {}
    for i, identifier in ipairs(identifiers) do linked[i] = client:checkCommunityLinkV2({ apiId = identifier }).data.linked end
    local unit = client.getUnitsV2({ serverId = 1 }).data[1]
    print(json.encode({ linked = linked, unit = unit.data.communityUserId or 'none' }))
end)

AddEventHandler('lua:requests', function(player, identifier)
    local characters = cad:performApiRequest({ { communityUserId = identifier } }, 'GET_CHARACTERS')
    local call = cad:performApiRequest({ { serverId = GetConvar('sonoran_serverId', '1'), isEmergency = true, caller = 'Guard',
        location = 'Pier', description = 'Theft in Lua', metaData = { useCallLocation = true } } }, 'CALL_911')
    cad:performApiRequest({ { id = call.callId } }, 'DELETE_911_CALL', function(_, done)
        cad:GetCharacters(player, function(found)
            print(json.encode({
                characters = characters.success and #characters.data or 'none', found = found and #found or 'none',
                metaData = call.data.metaData, deleted = done, set = cad:cadSetUnitStatus('', 4, player),
                linked = cad:CadIsPlayerLinked(identifier, function() end),
            }))
        end)
    end)
end)

for _, name in ipairs({ 'callcommands:EmergencyCallAdd', 'callcommands:PanicSent', 'apicheck:CheckPlayerLinkedResponse' }) do
    AddEventHandler('SonoranCAD::' .. name, function(...) print(json.encode({ name:match(':(%a+)$'), ... })) end)
end
AddEventHandler('lua:calls', function(player)
    TriggerEvent('SonoranCAD::apicheck:CheckPlayerLinked', player)
    TriggerEvent('SonoranCAD::callcommands:SendCallApi', true, 'Clerk', vector3(1.5, 2.5, 3.5), 'Robbery in lua', player, true, false, '911')
    TriggerEvent('SonoranCAD::callcommands:SendPanic', player)
end)
