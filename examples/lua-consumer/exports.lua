local function subscribe()
    exports.sonorancad:onPushEvent('EVENT_911', function(event)
        local call = event.data.call
        print(('911 call %d from %s: %s'):format(call.callId, call.caller, call.description))
    end)
end

-- Subscribe again after each start of sonorancad, and now if sonorancad runs already.
AddEventHandler('sonorancad:ready', subscribe)
if GetResourceState('sonorancad') == 'started' then subscribe() end
