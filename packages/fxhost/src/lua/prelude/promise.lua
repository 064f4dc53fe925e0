-- `promise`: states 0 pending, 3 resolved, 4 rejected, as scripts compare them; callbacks run at once.
local shared = ...

local PENDING, FOLLOWING, RESOLVED, REJECTED = 0, 1, 3, 4

local Deferred = {}
Deferred.__index = Deferred

local function settle(self, state, value)
  self.state = state
  self.value = value
  local waiting = self.queue
  self.queue = {}
  for _, notify in ipairs(waiting) do notify() end
end

local function resolve(self, value)
  if type(value) == 'table' and not rawequal(value, self) and shared.isCallable(value.next) then
    self.state = FOLLOWING
    value:next(function(result) settle(self, RESOLVED, result) end, function(reason) settle(self, REJECTED, reason) end)
  else
    settle(self, RESOLVED, value)
  end
end

function Deferred:resolve(value)
  if self.state == PENDING then resolve(self, value) end
  return self
end

function Deferred:reject(reason)
  if self.state == PENDING then settle(self, REJECTED, reason) end
  return self
end

function Deferred:next(success, failure)
  local following = promise.new()
  local function notify()
    local handler = success
    if self.state == REJECTED then handler = failure end
    if shared.isCallable(handler) then
      local done, result = pcall(handler, self.value)
      if done then following:resolve(result) else following:reject(result) end
    elseif self.state == REJECTED then
      following:reject(self.value)
    else
      following:resolve(self.value)
    end
  end
  if self.state == RESOLVED or self.state == REJECTED then notify() else table.insert(self.queue, notify) end
  return following
end

promise = {}

function promise.new(start)
  local self = setmetatable({ state = PENDING, queue = {} }, Deferred)
  if shared.isCallable(start) then
    local done, reason = pcall(start, self)
    if not done then self:reject(reason) end
  end
  return self
end

function promise.all(promises)
  local all, results, left, failed = promise.new(), {}, #promises, false
  if left == 0 then return all:resolve(results) end
  for i, each in ipairs(promises) do
    local function settled(ok)
      return function(value)
        results[i] = value
        failed = failed or not ok
        left = left - 1
        if left == 0 then
          if failed then all:reject(results) else all:resolve(results) end
        end
        return value
      end
    end
    each:next(settled(true), settled(false))
  end
  return all
end

function promise.first(promises)
  local first = promise.new()
  for _, each in ipairs(promises) do
    each:next(function(value) first:resolve(value) end, function(reason) first:reject(reason) end)
  end
  return first
end
