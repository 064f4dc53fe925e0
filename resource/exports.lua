local resource = GetCurrentResourceName()

if LoadResourceFile(resource, 'resource/server.js') == nil then
    print('^1' .. resource .. ' cannot start: this folder is the source code. Download the release (zip), or run "npm run build" in it.^7')
end
