local function register()
    TriggerEvent('SonoranCAD::RegisterPushEvent', 'EVENT_PAGER_REBORN', function(body)
        print(('page to %s: %s'):format(table.concat(body.data.addresses, ', '), body.data.body))
    end)
end

AddEventHandler('sonorancad:ready', register)
if GetResourceState('sonorancad') == 'started' then register() end
