-- The same consumer in Lua. Keys that are no integers show, and so do lists with holes.
local names = json.decode(LoadResourceFile(GetCurrentResourceName(), 'names.json'))
local heard = {}

local function unitsOf(list)
    local count, texts = 0, {}
    for _ in pairs(list) do count = count + 1 end
    for index, unit in ipairs(list) do texts[index] = ('%s:%s'):format(unit.id, unit.status) end
    return count == #texts and table.concat(texts, ' ') or 'no list'
end

local function each(cache, describe)
    local texts = {}
    for id, entry in pairs(cache) do
        local key = math.type(id) == 'integer' and tostring(id) or 'no integer'
        texts[#texts + 1] = key .. ' ' .. describe(entry)
    end
    table.sort(texts)
    return texts
end

local function caches()
    local cad = exports.sonorancad
    local units, dispatchers = cad:GetUnitCache(true)
    return {
        units = type(dispatchers) == 'table' and unitsOf(units) or 'no second value',
        place = cad:GetUnitById(12) or 'none',
        calls = each(cad:GetCallCache(), function(entry)
            local call = entry.dispatch
            local idents = table.concat(call.idents, ',')
            return ('%s %s units %s notes %s'):format(entry.dispatch_type, call.status, idents, #call.notes)
        end),
        emergencies = each(cad:GetEmergencyCache(), function(call) return call.caller end),
    }
end

for _, name in ipairs(names) do
    AddEventHandler(name, function(...)
        local args = table.pack(...)
        local texts = {}
        for i = 1, args.n do texts[i] = args[i] == nil and 'null' or json.encode(args[i]) end
        heard[#heard + 1] = ('{"name":%s,"args":[%s],"caches":%s}'):format(
            json.encode(name), table.concat(texts, ','), json.encode(caches()))
    end)
end

exports('take', function()
    local all = '[' .. table.concat(heard, ',') .. ']'
    heard = {}
    return all
end)
exports('caches', function() return json.encode(caches()) end)
