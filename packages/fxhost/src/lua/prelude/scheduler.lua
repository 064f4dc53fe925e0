-- Threads: coroutines that sleep until a tick, or wait for a promise.
local shared = ...

local now, started = 0, 0
local sleeping = {}
local AWAITING = {}

-- Frames of scripts only: Lua's own and the prelude's are left out.
function shared.stackTrace(thread)
  local lines, level = {}, thread and 0 or 1
  while true do
    local info
    if thread then info = debug.getinfo(thread, level, 'nlS') else info = debug.getinfo(level, 'nlS') end
    if not info then break end
    if info.source:byte() ~= 61 and info.source:sub(1, 10) ~= '@citizen:/' then
      lines[#lines + 1] = ('^3> %s^7 (^5%s^7:%d)'):format(info.name or '[global chunk]', info.source:sub(2), info.currentline)
    end
    level = level + 1
  end
  return table.concat(lines, '\n')
end

function shared.report(problem, trace)
  if type(problem) ~= 'string' then problem = 'error object is not a string' end
  shared.write('^1SCRIPT ERROR: ' .. problem .. '^7')
  if trace ~= '' then shared.write(trace) end
end

local function sleep(thread, milliseconds)
  started = started + 1
  sleeping[#sleeping + 1] = { thread = thread, at = now + milliseconds, order = started }
end

local resume
local threads, lastThread = setmetatable({}, { __mode = 'v' }), 0

local function newThread(fn, returned, failed)
  local thread = { coroutine = coroutine.create(fn), returned = returned, failed = failed, parking = false }
  lastThread = lastThread + 1
  threads[lastThread] = thread
  return thread, lastThread
end

-- What a coroutine did until it stopped; true when it will go on later.
local function after(thread, done, first, ...)
  if not done then
    local trace = shared.stackTrace(thread.coroutine)
    coroutine.close(thread.coroutine)
    if thread.failed then thread.failed(first, trace) else shared.report(first, trace) end
    return false
  end
  if coroutine.status(thread.coroutine) == 'dead' then
    if thread.returned then thread.returned(first, ...) end
    return false
  end
  if thread.parking then
    thread.parking = false
  elseif first == AWAITING then
    thread.parking = true
    return after(thread, coroutine.resume(thread.coroutine, function() resume(thread) end))
  else
    sleep(thread, tonumber(first) or 0)
  end
  return true
end

function resume(thread)
  if thread.isCancelled or coroutine.status(thread.coroutine) ~= 'suspended' then return false end
  return after(thread, coroutine.resume(thread.coroutine))
end

-- Starts fn at once; gives whether it waits. returned(...) and failed(problem, trace) are called when it ends.
function shared.start(fn, returned, failed)
  return resume((newThread(fn, returned, failed)))
end

function Citizen.CreateThreadNow(fn) return shared.start(fn) end

function Citizen.CreateThread(fn) return Citizen.SetTimeout(0, fn) end

-- Gives a number by which the thread can be ended while it sleeps.
function Citizen.SetTimeout(milliseconds, fn)
  local thread, id = newThread(fn)
  sleep(thread, tonumber(milliseconds) or 0)
  return id
end

-- Gives whether there was such a thread.
function Citizen.ClearTimeout(id)
  local thread = threads[id]
  if not thread or thread.isCancelled then return false end
  thread.isCancelled = true
  return true
end

function Citizen.Wait(milliseconds) coroutine.yield(milliseconds) end

function Citizen.Await(waited)
  if waited.state ~= 3 and waited.state ~= 4 then
    local goOn = coroutine.yield(AWAITING)
    waited:next(goOn, goOn)
    coroutine.yield()
  end
  if waited.state == 4 then error(waited.value, 2) end
  return waited.value
end

Wait, CreateThread, SetTimeout = Citizen.Wait, Citizen.CreateThread, Citizen.SetTimeout
CreateThreadNow, ClearTimeout = Citizen.CreateThreadNow, Citizen.ClearTimeout

function shared.entries.tick(text)
  now = tonumber(text)
  local due, later = {}, {}
  for _, entry in ipairs(sleeping) do
    if entry.at <= now then due[#due + 1] = entry else later[#later + 1] = entry end
  end
  sleeping = later
  table.sort(due, function(a, b)
    if a.at ~= b.at then return a.at < b.at end
    return a.order < b.order
  end)
  for _, entry in ipairs(due) do resume(entry.thread) end
end

-- Runs a script file as a thread, which may wait, as FXServer does. When it fails at once, gives the stage at which it
-- did, and the message of a syntax error.
function shared.entries.load(name, source)
  local chunk, problem = shared.compile(source, '@' .. name, 't')
  if not chunk then return shared.encode({ 'parsing', problem }) end
  local failed = false
  shared.start(chunk, nil, function(reason, trace)
    failed = true
    shared.report(reason, trace)
  end)
  if failed then return shared.encode({ 'running' }) end
end
