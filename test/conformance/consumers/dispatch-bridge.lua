-- A robbery that calls 911 and a panic button, by the events of the official resource; what it hears of them it prints.
local PREFIX = 'SonoranCAD::callcommands:'

for _, name in ipairs({ 'cadIncomingCall', 'EmergencyCallAdd', 'CallCreated', 'PanicSent' }) do
    AddEventHandler(PREFIX .. name, function(...)
        local args = table.pack(...)
        local texts = {}
        for i = 1, args.n do texts[i] = args[i] == nil and 'null' or json.encode(args[i]) end
        print(('["%s",[%s]]'):format(name, table.concat(texts, ',')))
    end)
end

AddEventHandler('lua:rob', function(source)
    TriggerEvent(PREFIX .. 'SendCallApi', true, 'Clerk', vector3(1.5, 2.5, 3.5), 'Robbery in Lua', source, true, true, '911')
end)
AddEventHandler('lua:rob nobody', function()
    TriggerEvent(PREFIX .. 'SendCallApi', false, 'Clerk', 'Alta St', 'Theft in Lua', 0, nil, nil, '311')
end)
AddEventHandler('lua:panic', function(source) TriggerEvent(PREFIX .. 'SendPanic', source) end)
AddEventHandler('lua:dispatch', function() TriggerEvent(PREFIX .. 'CreateCall', { title = 'Lua', address = 'Pier' }) end)
AddEventHandler('lua:stray', function()
    for _ = 1, 2 do
        TriggerEvent('SonoranCAD::localcallers:Call911', 'Pier', 'Fire')
        TriggerEvent('SonoranCAD::calltemplates:SendDispatch', {})
    end
    print('["strayed"]')
end)
