fx_version 'cerulean'
game 'common'
node_version '22'

name 'js-consumer'
description 'Shows how a plain JavaScript resource uses push events of Sonoran CAD.'
version '1.0.0'

server_script 'server.js'
