-- Events in and out.
local shared = ...

local events, nextKey = {}, 10

local function eventOf(name)
  events[name] = events[name] or { keys = {}, handlers = {}, netSafe = false }
  return events[name]
end

function AddEventHandler(name, handler)
  local event = eventOf(name)
  nextKey = nextKey + 1
  event.handlers[nextKey] = handler
  table.insert(event.keys, nextKey)
  shared.ask('handles', name)
  return { key = nextKey, name = name }
end

function RemoveEventHandler(data)
  if not data or not data.key or not data.name then
    error('Invalid event data passed to RemoveEventHandler()', 2)
  end
  local event = eventOf(data.name)
  event.handlers[data.key] = nil
  for i, key in ipairs(event.keys) do
    if key == data.key then return table.remove(event.keys, i) end
  end
end

function RegisterNetEvent(name, handler)
  eventOf(name).netSafe = true
  if handler then return AddEventHandler(name, handler) end
end

-- With arguments that are packed already, as scripts do for an event to many.
function TriggerEventInternal(name, payload)
  return shared.ask('emit', tostring(name), payload) and 1 or false
end

-- Gives false when a handler cancelled the event.
function TriggerEvent(name, ...) return TriggerEventInternal(name, shared.encodeArguments(...)) end

function shared.entries.event(name, from, payload)
  local event = events[name]
  if not event or #event.keys == 0 then return end
  local arguments, n = shared.decode(payload)
  -- Anything but a list of arguments is passed over.
  if not n then return end

  local outer = source
  source = from
  if from:sub(1, 4) == 'net:' then
    if not event.netSafe then
      source = outer
      return Citizen.Trace(('event %s was not safe for net'):format(name))
    end
    source = tonumber(from:sub(5))
  elseif from:sub(1, 13) == 'internal-net:' then
    source = tonumber(from:sub(14))
  end

  for _, key in ipairs({ table.unpack(event.keys) }) do
    local handler = event.handlers[key]
    if shared.isCallable(handler) then
      shared.start(function()
        -- Kept off the tail so that the frame has the name that traces show.
        handler(table.unpack(arguments, 1, n))
        return
      end)
    end
  end
  source = outer
end

function shared.entries.netSafeEvents()
  local names = {}
  for name, event in pairs(events) do
    if event.netSafe then names[#names + 1] = name end
  end
  return shared.encode(names)
end
