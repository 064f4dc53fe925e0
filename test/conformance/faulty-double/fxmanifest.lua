fx_version 'cerulean'
game 'common'
node_version '22'

name 'faulty-double'
version '4.0.104'

server_scripts {
    'double.lua',
    'forward.js',
}
