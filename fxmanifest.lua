fx_version 'cerulean'
game 'common'
node_version '22'

name 'sonorancad'
author 'sonorancad contributors'
description 'Receives Sonoran CAD push events on the game port and hands them to other resources. Not affiliated with Sonoran Software Systems.'
version '5.0.0'

server_scripts {
    'resource/exports.lua',
    'resource/server.js'
}

client_script 'resource/client.js'
