-- What only the scripts of a player's game have.
local shared = ...

shared.side = 'Client'

function TriggerServerEventInternal(name, payload) shared.ask('emitToServer', tostring(name), payload) end

function TriggerServerEvent(name, ...) TriggerServerEventInternal(name, shared.encodeArguments(...)) end

function TriggerLatentServerEvent(name, _, ...)
  TriggerServerEvent(name, ...)
end

LocalPlayer = Player(-1)

-- A message of the page is an event here, with the message and a function that takes the answer.
function RegisterNUICallback(name, handler) AddEventHandler('__cfx_nui:' .. name, handler) end

RegisterNuiCallback = RegisterNUICallback

function SendNUIMessage(message) SendNuiMessage(json.encode(message)) end
