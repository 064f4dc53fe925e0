AddEventHandler('sonorancad:pushEvent', function(event)
    print(('push event %s'):format(event.type))
end)

AddEventHandler('sonorancad:pushEvent:EVENT_UNIT_STATUS', function(data, event)
    for _, identId in ipairs(data.identIds) do
        print(('unit %d has status %d'):format(identId, data.status))
    end
end)
