fx_version 'cerulean'
game 'common'

name 'lua-consumer'
description 'Shows how a Lua resource uses push events of Sonoran CAD.'
version '1.0.0'

-- Do not declare a dependency on sonorancad: with one, FXServer stops this resource whenever sonorancad restarts, and
-- does not start it again.
server_scripts {
    'local-event.lua',
    'exports.lua',
    'register-push-event.lua',
}
