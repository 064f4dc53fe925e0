fx_version 'cerulean'
game 'common'
node_version '22'

name 'ts-consumer'
description 'Shows how a TypeScript or JavaScript resource uses push events of Sonoran CAD.'
version '1.0.0'

-- No dependency on sonorancad: the game server would stop this resource whenever sonorancad restarts, and not start it again.
-- `npm run build` of sonorancad makes this file from server.ts.
server_script 'server.js'
