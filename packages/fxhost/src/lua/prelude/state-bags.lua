-- State bags: what scripts note down on the whole server, a player or an entity, and what players' games see of it.
local shared = ...

local ENTITY, PLAYER = 41, 42

function GetStateBagValue(bag, key)
  local payload = shared.ask('getState', tostring(bag), tostring(key))
  return payload and (shared.decode(payload))
end

-- The value is packed: a state bag's own `set` does that.
function SetStateBagValue(bag, key, payload, _, replicated)
  return shared.ask('setState', tostring(bag), tostring(key), payload, replicated and 'replicated' or '') == 'set'
end

local function set(bag, key, value, replicated)
  local payload = shared.encode(value)
  return SetStateBagValue(bag, key, payload, #payload, replicated)
end

local function newStateBag(bag)
  return setmetatable({}, {
    __index = function(_, key)
      if key == 'set' then return function(_, name, value, replicated) set(bag, name, value, replicated) end end
      return GetStateBagValue(bag, key)
    end,
    -- On the server every game sees it; in a game it stays there unless `set` says otherwise.
    __newindex = function(_, key, value) set(bag, key, value, shared.side == 'Server') end,
  })
end

GlobalState = newStateBag('global')

local function handleType(kind, name, bagOf, number, handle)
  local meta = { __ext = kind }
  function meta.__index(self, key)
    if key == 'state' then return newStateBag(bagOf(rawget(self, '__data'))) end
  end
  function meta.__newindex() error(('Setting values on %s is not supported at this time.'):format(name), 2) end
  function meta.__pack(self) return tostring(number(rawget(self, '__data'))) end
  local function new(data) return setmetatable({ __data = data }, meta) end
  shared.unpackers[kind] = function(data) return new(handle(tonumber(data))) end
  return new
end

local newEntity = handleType(ENTITY, 'Entity', function(entity)
  if shared.side == 'Server' or NetworkGetEntityIsNetworked(entity) then
    return ('entity:%d'):format(NetworkGetNetworkIdFromEntity(entity))
  end
  return ('localEntity:%d'):format(entity)
end, function(entity)
  return NetworkGetNetworkIdFromEntity(entity)
end, function(id)
  return NetworkGetEntityFromNetworkId(id)
end)

local function itself(value) return value end

local newPlayer = handleType(PLAYER, 'Player', function(id)
  return ('player:%d'):format(id == -1 and GetPlayerServerId(PlayerId()) or id)
end, itself, itself)

function Entity(entity)
  return type(entity) == 'number' and newEntity(entity) or entity
end

function Player(id)
  if type(id) == 'number' or type(id) == 'string' then return newPlayer(tonumber(id)) end
  return id
end
