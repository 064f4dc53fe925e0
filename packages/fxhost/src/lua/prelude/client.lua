-- What only the scripts of a player's game have.
local shared = ...

shared.side = 'Client'

function TriggerServerEvent(name, ...)
  shared.ask('emitToServer', tostring(name), shared.encodeArguments(...))
end

function TriggerLatentServerEvent(name, _, ...)
  TriggerServerEvent(name, ...)
end
