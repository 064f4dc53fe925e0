-- What `Citizen` has for scripts that call natives by their hashes, or functions by their references.
local shared = ...

local RESULTS = {
  'ResultAsInteger', 'ResultAsLong', 'ResultAsFloat', 'ResultAsString', 'ResultAsVector', 'ResultAsObject',
  'ResultAsObject2', 'ReturnResultAnyway', 'PointerValueInt', 'PointerValueFloat', 'PointerValueVector', 'PointerValueIntInitialized',
  'PointerValueFloatInitialized',
}

-- They say what a native gives, which the host knows anyway.
local isMarker = {}

for _, name in ipairs(RESULTS) do
  local marker = {}
  isMarker[marker] = true
  Citizen[name] = function() return marker end
end

local namesByHash

local function nameOf(hash)
  if not namesByHash then
    namesByHash = {}
    for _, name in ipairs(shared.nativeNames()) do
      local upper = name:gsub('(%l)([%u%d])', '%1_%2'):upper()
      namesByHash[joaat(upper) & 0xFFFFFFFF] = name
    end
  end
  return namesByHash[hash & 0xFFFFFFFF]
end

local FORMAT_STACK_TRACE = joaat('FORMAT_STACK_TRACE') & 0xFFFFFFFF

function Citizen.InvokeNative(hash, ...)
  hash = math.tointeger(tonumber(hash))
  if not hash then error('the hash of a native expected', 2) end
  if hash & 0xFFFFFFFF == FORMAT_STACK_TRACE then return shared.stackTrace() end
  local name = nameOf(hash)
  if not name then error(('fxhost knows no native of the hash 0x%x'):format(hash), 2) end
  local arguments, given = { n = 0 }, table.pack(...)
  for i = 1, given.n do
    if not isMarker[given[i]] then
      arguments.n = arguments.n + 1
      arguments[arguments.n] = given[i]
    end
  end
  return _G[name](table.unpack(arguments, 1, arguments.n))
end

function Citizen.GetFunctionReference(fn)
  return shared.isCallable(fn) and shared.makeReference(fn) or nil
end

function Citizen.InvokeFunctionReference(reference, arguments) return shared.ask('invoke', reference, arguments) end
