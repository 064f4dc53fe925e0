-- A board that shows who is on duty, and what calls say.
local cad = exports.sonorancad
local gone, updates, others = 0, 0, {}

AddEventHandler('SonoranCAD::core:RemovePlayer', function() gone = gone + 1 end)
AddEventHandler('SonoranCAD::pushevents:CallCacheUpdated', function() updates = updates + 1 end)
AddEventHandler('SonoranCAD::pushevents:OtherEvent', function(type, data) others[#others + 1] = { type, data } end)
AddEventHandler('lua:board', function()
    local calls = {}
    for id, entry in pairs(cad:GetCallCache()) do
        calls[#calls + 1] = ('%d %s %d %s'):format(id, entry.dispatch_type, #entry.dispatch.idents, entry.dispatch.metaData == nil)
    end
    table.sort(calls)
    print(json.encode({ units = #cad:GetUnitCache(), gone = gone, calls = calls, updates = updates, others = others }))
end)
