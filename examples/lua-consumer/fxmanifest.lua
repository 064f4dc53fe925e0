fx_version 'cerulean'
game 'common'

name 'lua-consumer'
description 'Shows how a Lua resource uses push events of Sonoran CAD.'
version '1.0.0'

-- No dependency on sonorancad: the game server would stop this resource whenever sonorancad restarts, and not start it again.
server_scripts {
    'local-event.lua',
    'exports.lua',
    'register-push-event.lua',
}
