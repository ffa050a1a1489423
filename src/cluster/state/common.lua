-- What all operations use. Times are milliseconds of Redis, money is whole millionths.
-- KEYS[1] is the hash tag of the account, ARGV[1] the operation, ARGV[2] its arguments as JSON.

local tag = KEYS[1]
local args = cjson.decode(ARGV[2])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local operations = {}

-- A request that ended is remembered so long, for workers and messages that come late.
local DAY = 24 * 3600 * 1000
-- An instance that was not heard of for so long is dead.
local ALIVE = args.alive
-- A reserved request has so long until it is sent.
local RESERVED = 60000
-- A request that was sent is open so long after its deadline.
local GRACE = args.grace
-- A Redis that is so full, in percent of its memory, takes nothing new: what is under way must end.
local FULL = 80
-- A waiting worker asks at least this often, and holds its place in the line for three times as long.
local POLL = 1000

local function key(name) return tag .. ':' .. name end
local function request_key(id) return key('request:' .. id) end
local function wake(event) redis.call('PUBLISH', key('events'), event) end

local function read(id)
  local flat = redis.call('HGETALL', request_key(id))
  if #flat == 0 then return nil end
  local fields = {}
  for i = 1, #flat, 2 do fields[flat[i]] = flat[i + 1] end
  return fields
end

local function write(id, fields)
  local flat = {}
  for name, value in pairs(fields) do
    flat[#flat + 1] = name
    flat[#flat + 1] = tostring(value)
  end
  redis.call('HSET', request_key(id), unpack(flat))
  redis.call('PEXPIRE', request_key(id), 2 * DAY)
end

local function meta(name) return redis.call('HGET', key('meta'), name) end

local function strictest()
  local saved = meta('strictest')
  return saved and cjson.decode(saved) or {}
end

local function is_alive(nonce)
  local seen = tonumber(redis.call('ZSCORE', key('alive'), nonce or '') or 0)
  return seen > now - ALIVE
end

local function round(number) return math.floor(number + 0.5) end
