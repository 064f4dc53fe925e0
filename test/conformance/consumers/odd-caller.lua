-- Calls as scripts on real servers make them.
local cad = exports.sonorancad
local function tell(...) print(json.encode({ ... })) end

-- Neither a callback nor a number where one belongs, and a boolean in metaData.
AddEventHandler('lua:no callback', function()
    exports.sonorancad:performApiRequest({ {
        serverId = GetConvar('sonoran_serverId', '1'), isEmergency = true, caller = 'Guard', location = 'Vangelico',
        description = 'lua: no callback', metaData = { useCallLocation = true, plate = nil },
    } }, 'CALL_911')
    tell('asked')
end)

AddEventHandler('lua:waits', function()
    cad:performApiRequest({ {
        serverId = GetConvar('sonoran_serverId', '1'), origin = 1, status = 1, priority = 2, title = 'lua: waits',
        address = 'Alta St', description = 'Speeding', notes = {}, units = {},
    } }, 'NEW_DISPATCH', function(result)
        Wait(20)
        local callId = tonumber(result:match('ID: (%d+)'))
        cad:performApiRequest({ { callId = tostring(callId), label = 'Camera', note = 'lua: 88 mph' } }, 'ADD_CALL_NOTE', function(_, ok)
            Wait(20)
            tell(ok)
        end)
    end)
end)

-- A dot in place of a colon.
AddEventHandler('lua:dots', function()
    exports.sonorancad.call911('Fire', vector3(1.5, 2.5, 3.5), 'lua: by a dot', '8012')
    exports.sonorancad.performApiRequest({ { status = 1 } }, 'UNIT_STATUS', function(_, ok) tell(ok) end)
end)

-- It makes each 911 call itself, too.
RegisterNetEvent('SonoranScripts::Call911')
AddEventHandler('SonoranScripts::Call911', function(caller, location, description)
    if description == nil or not description:find('twice') then return end
    cad:performApiRequest({ { isEmergency = true, caller = caller, location = location, description = description } }, 'CALL_911',
        function(text, ok) tell(text, ok) end)
end)
