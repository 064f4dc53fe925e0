fx_version 'cerulean'
game 'common'
node_version '22'

name 'ts-consumer'
description 'Shows how a TypeScript or JavaScript resource uses push events of Sonoran CAD.'
version '1.0.0'

-- Do not declare a dependency on sonorancad: with one, FXServer stops this resource whenever sonorancad restarts, and
-- does not start it again.
-- `npm run build` of sonorancad compiles server.ts to this file.
server_script 'server.js'
