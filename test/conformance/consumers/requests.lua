-- Marks on the map, as a script for radio towers has them.
local added, ok = awaited(function(done)
  cad:addBlip(vector2(1.5, 2.5), '#00a6ff', 'repeater', 'Radio Tower', 'tower', { { title = 'Status', text = 'HEALTHY' } }, done)
end)
local tower = json.decode(added)[1]
tell(type(added), ok, tower.subType, math.type(tower.id))
local many = {}
for i = 1, 12 do many[i] = { coordinates = { x = i, y = i }, subType = 'camera', icon = 'video', color = '#ffffff', tooltip = 'Camera' } end
added, ok = awaited(function(done) cad:addBlips(many, done) end)
tell(#json.decode(added), ok)
cad:modifyBlipd(tower.id, { { title = 'Status', text = 'OFFLINE' } })
local all = json.decode((awaited(function(done) cad:getBlips(done) end)))
tell(#all, all[1].tooltip)
tell(awaited(function(done) cad:removeBlip({ tower.id }, done) end))
tell(awaited(function(done) cad:removeWithSubtype('camera', done) end))
tell((awaited(function(done) cad:getBlips(done) end)))

-- Records, as a plate reader and a list of wanted persons have them.
tell(awaited(function(done) cad:performLookup('ABC 123', done) end))
local records, meta = awaited(function(done) cad:getAllWarrantsAndBolos(done) end)
tell(#records, meta)
records, meta = awaited(function(done) cad:getAllWarrantsAndBolos({ status = 'open', limit = 1, maxPages = 1 }, done) end)
tell(#records, meta)

-- Calls, as robberies and traffic cameras have them.
local made = cad:performApiRequest({ { serverId = GetConvar('sonoran_serverId', 1), isEmergency = true, caller = 'Camera',
  location = 'Route 68', description = 'Speeding', metaData = { useCallLocation = true } } }, 'CALL_911')
tell(made.success, math.type(made.callId), made.data.metaData)
local result, done, performed = awaited(function(given)
  cad:performApiRequest({ { isEmergency = true, caller = 'Ann', location = 'Pier', description = 'Fire' } }, 'CALL_911', given)
end)
tell(type(result), result.callId == performed.callId, done, performed.success, performed.data.caller)
tell(cad:performApiRequest({ { id = made.callId } }, 'DELETE_911_CALL').success,
  cad:performApiRequest({ { callId = performed.callId } }, 'DELETE_911_CALL').success)
tell(awaited(function(given) cad:performApiRequest({ { id = 9999 } }, 'DELETE_911_CALL', given) end))

-- What servers send once, at their start.
tell(cad:performApiRequest({ { locations = { { name = 'Mission Row', doors = { 'bay_1' } } }, tones = { 'open.mp3' }, unitColors = {} } }, 'SET_STATIONS').success)
tell(cad:performApiRequest({ { code = '100', x = 425.1, y = -979.2 } }, 'SET_POSTALS').success)
tell(awaited(function(given) cad:performApiRequest({}, 'GET_VERSION', given) end))
tell(awaited(function(given) cad:CadIsPlayerLinked('license:000000000000000000000000000000000000000c', given) end))
tell(cad:CadIsPlayerLinked('license:000000000000000000000000000000000000000c', function() end), cad:CadIsPlayerLinked('license:0f', function() end))
