-- What only the server's scripts have.
local shared = ...

shared.side = 'Server'

RegisterServerEvent = RegisterNetEvent

local function sendToClient(name, target, bytesPerSecond, payload)
  if target == nil then
    error('Execution of native TriggerClientEventInternal in script host failed: Argument at index 1 was null.', 0)
  end
  local id = math.tointeger(target) or target
  shared.ask('emitNet', tostring(name), tostring(id), payload, bytesPerSecond)
end

function TriggerClientEvent(name, target, ...)
  sendToClient(name, target, nil, shared.encodeArguments(...))
end

function TriggerLatentClientEvent(name, target, bytesPerSecond, ...)
  sendToClient(name, target, tonumber(bytesPerSecond), shared.encodeArguments(...))
end

-- With arguments that are packed already, as scripts do for an event to many.
function TriggerClientEventInternal(name, target, payload) sendToClient(name, target, nil, payload) end

function TriggerLatentClientEventInternal(name, target, payload, _, bytesPerSecond)
  sendToClient(name, target, tonumber(bytesPerSecond), payload)
end

shared.otherwise('IsDuplicityVersion', function() return true end)

local function listing(count, item)
  return function(...)
    local list = {}
    for i = 0, _G[count](...) - 1 do
      local arguments = table.pack(...)
      arguments[arguments.n + 1] = i
      list[i + 1] = _G[item](table.unpack(arguments, 1, arguments.n + 1))
    end
    return list
  end
end

shared.otherwise('GetPlayers', listing('GetNumPlayerIndices', 'GetPlayerFromIndex'))
shared.otherwise('GetPlayerIdentifiers', listing('GetNumPlayerIdentifiers', 'GetPlayerIdentifier'))
shared.otherwise('GetPlayerTokens', listing('GetNumPlayerTokens', 'GetPlayerToken'))

RconPrint = Citizen.Trace
RconLog = function() end
GetPlayerEP = GetPlayerEndpoint

local requests, listening = {}, false

function PerformHttpRequest(url, callback, method, data, headers, options)
  if not listening then
    listening = true
    AddEventHandler('__cfx_internal:httpResponse', function(token, ...)
      local fn = requests[token]
      requests[token] = nil
      if fn then fn(...) end
    end)
  end
  local follow = not options or options.followLocation ~= false
  local request =
    { url = url, method = method or 'GET', data = data or '', headers = headers or {}, followLocation = follow }
  local token = PerformHttpRequestInternalEx(request)
  if token == -1 then return callback(0, nil, {}, 'Failure handling HTTP request') end
  requests[token] = callback
end

function PerformHttpRequestAwait(...)
  local waited = promise.new()
  local arguments = table.pack(...)
  PerformHttpRequest(arguments[1], function(...) waited:resolve(table.pack(...)) end, table.unpack(arguments, 2, arguments.n))
  local answer = Citizen.Await(waited)
  return table.unpack(answer, 1, answer.n)
end

shared.offerMissingNatives()
