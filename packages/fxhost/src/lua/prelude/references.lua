-- Functions that cross to other resources: ours as numbers that others hold, theirs as tables that can be called.
local shared = ...

local held, nextReference = {}, 0

-- A reference starts with nobody holding it: the receiver duplicates it, and releasing the last one frees it.
function shared.makeReference(fn)
  local id = nextReference
  nextReference = id + 1
  held[id] = { fn = fn, holders = 0 }
  return shared.ask('canonicalize', id)
end

function shared.entries.duplicateRef(text)
  local id = tonumber(text)
  local entry = held[id]
  if not entry then return '-1' end
  entry.holders = entry.holders + 1
  return text
end

function shared.entries.removeRef(text)
  local id = tonumber(text)
  local entry = held[id]
  if not entry then return end
  entry.holders = entry.holders - 1
  if entry.holders <= 0 then held[id] = nil end
end

function shared.entries.countRefs()
  local count = 0
  for _ in pairs(held) do count = count + 1 end
  return tostring(count)
end

-- The answer is nil after an error and for a function that is gone, as in the game.
function shared.entries.callRef(id, payload)
  local arguments, n = shared.decode(payload)
  local entry = held[tonumber(id)]
  if not entry then
    Citizen.Trace('Invalid ref call attempt: ' .. id)
    return shared.encode(nil)
  end

  local results, problem, callback
  local ref = entry.fn
  local waits = shared.start(function()
    -- Kept off the tail so that the frame has the name that traces show.
    local packed = table.pack(ref(table.unpack(arguments, 1, n)))
    return table.unpack(packed, 1, packed.n)
  end, function(...)
    results = { ... }
    if callback then callback(results) end
  end, function(reason, trace)
    if type(reason) ~= 'string' then reason = tostring(reason == nil and '' or reason) end
    problem = reason
    if callback then
      callback(false, ('^1SCRIPT ERROR: %s^7\n%s'):format(reason, trace))
    else
      shared.report(reason, trace)
    end
  end)

  if waits then
    return shared.encode({ { __cfx_async_retval = function(resolve) callback = resolve end } })
  end
  return shared.encode(not problem and results or nil)
end

local reference = {}

-- FXServer drops it where it stands; here JavaScript does as soon as no Lua runs.
function reference.__gc(self)
  shared.rawhost('drop', rawget(self, '__cfx_functionReference'))
end

function reference.__index() error('Cannot index a funcref', 2) end

function reference.__newindex() error('Cannot set indexes on a funcref', 2) end

function reference.__call(self, ...)
  local id = rawget(self, '__cfx_functionReference')
  local answer = shared.ask('invoke', id, shared.encodeArguments(...))
  local results, n
  if answer then results, n = shared.decode(answer) end
  if type(results) ~= 'table' then error() end
  local first = results[1]
  if type(first) == 'table' and not shared.isReference(first) and rawget(first, '__cfx_async_retval') then
    local waited = promise.new()
    first.__cfx_async_retval(function(values, problem)
      if values then waited:resolve(values) elseif problem then waited:reject(problem) end
    end)
    return table.unpack(Citizen.Await(waited))
  end
  return table.unpack(results, 1, n or #results)
end

function shared.isReference(value)
  return getmetatable(value) == reference
end

function shared.takeReference(id)
  return setmetatable({ __cfx_functionReference = shared.ask('duplicate', id) }, reference)
end
