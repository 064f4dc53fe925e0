-- Calls methods of the vendor's client, by turns with a colon and with a dot.
local client = cad:getCadClient()
for i, call in ipairs(json.decode(LoadResourceFile('lua-calls', 'calls.json'))) do
  local answer
  if i % 2 == 0 then
    answer = client[call.name](client, table.unpack(call.args))
  else
    answer = client[call.name](table.unpack(call.args))
  end
  tell(call.name, answer)
end
for _, name in ipairs({ 'checkApiIdV2', 'setApiIdsV2', 'setLogLevel', 'setRoomId', 'uploadBodycamRecordingV2' }) do
  tell(name, (pcall(client[name], client, {})))
end
local sonoran = cad:createClient({ product = 0, communityId = 'mycommunity', defaultServerId = 2 })
tell('createClient', sonoran.cad:getBlipsV2())
tell('createClient', (pcall(function() cad:createClient({ product = 0, apiKey = 'of another community' }) end)))
tell('getCharactersV2', cad:getCharactersV2({ communityUserId = 'license:000000000000000000000000000000000000000c' }))
