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
