-- Who is there, what its settings are, and whether Redis still knows what it knew.

local function oldest_first()
  local live = {}
  for _, nonce in ipairs(redis.call('ZRANGEBYSCORE', key('alive'), now - ALIVE, '+inf')) do
    local saved = redis.call('HGET', key('instances'), nonce)
    if saved then live[#live + 1] = { nonce = nonce, said = cjson.decode(saved) } end
  end
  return live
end

local function forget_the_dead()
  for _, nonce in ipairs(redis.call('ZRANGEBYSCORE', key('alive'), '-inf', now - 600000)) do
    redis.call('ZREM', key('alive'), nonce)
    redis.call('HDEL', key('instances'), nonce)
  end
end

-- The smallest of each limit that any live instance has.
local function combine(live)
  local limits = { budgets = {} }
  local function lower(into, name, value)
    if value and (into[name] == nil or value < into[name]) then into[name] = value end
  end
  for _, instance in ipairs(live) do
    local own = instance.said.limits
    lower(limits, 'concurrency', own.concurrency)
    lower(limits, 'queueLimit', own.queueLimit)
    if own.perMinute and own.perMinute > 0 then lower(limits, 'perMinute', own.perMinute) end
    for period, budget in pairs(own.budgets or {}) do lower(limits.budgets, period, budget) end
  end
  limits.perMinute = limits.perMinute or 0
  return limits
end

local function memory_used()
  local info = redis.call('INFO', 'memory')
  local most = tonumber(info:match('maxmemory:(%d+)') or 0)
  return most > 0 and math.floor(100 * tonumber(info:match('used_memory:(%d+)')) / most) or 0
end

local AGREED = { 'service', 'origin', 'currency', 'timezone', 'secret' }

-- What every instance under the name must have in common, while another one is there that has it otherwise.
local function difference(live)
  for _, instance in ipairs(live) do
    for _, name in ipairs(AGREED) do
      if instance.nonce ~= args.nonce and instance.said[name] ~= args.said[name] then
        return { what = name, theirs = instance.said[name], ours = args.said[name] }
      end
    end
  end
end

-- A Redis that was emptied has no epoch, one that was restarted may have lost its last second: both begin a new one, in
-- which nothing is sent until the instances have told what they spent.
local function renew_epoch()
  local run = redis.call('INFO', 'server'):match('run_id:(%w+)')
  if meta('run') == run then return end
  redis.call('HSET', key('meta'), 'format', 1, 'run', run, 'epoch', args.newEpoch, 'began', now, 'blockedUntil', now + args.block)
end

function operations.heartbeat()
  local live = oldest_first()
  local differs = difference(live)
  if differs then return { differs = differs } end
  renew_epoch()
  local twin = false
  for _, instance in ipairs(live) do
    -- Of two copies one keeps the id.
    local is_copy = instance.said.id == args.said.id and instance.said.process ~= args.said.process
    if is_copy and instance.nonce < args.nonce then twin = true end
  end
  forget_the_dead()
  redis.call('ZADD', key('alive'), now, args.nonce)
  redis.call('HSET', key('instances'), args.nonce, cjson.encode(args.said))
  local joined = oldest_first()
  local limits = combine(joined)
  local per_minute = limits.perMinute
  if tostring(per_minute) ~= redis.call('HGET', key('bucket'), 'perMinute') then put_bucket(bucket(per_minute), per_minute) end
  local memory = memory_used()
  redis.call('HSET', key('meta'), 'strictest', cjson.encode(limits), 'memory', memory)
  hold_less(memory)
  local workers = 0
  for _, instance in ipairs(joined) do if instance.said.role ~= 'ask' then workers = workers + 1 end end
  return { now = now, epoch = meta('epoch'), twin = twin, workers = workers, limits = limits }
end

function operations.leave()
  redis.call('ZREM', key('alive'), args.nonce)
  redis.call('HDEL', key('instances'), args.nonce)
  wake_line()
  return {}
end

function operations.instances()
  local list = {}
  for index, instance in ipairs(oldest_first()) do list[index] = instance.said end
  return { instances = list, limits = strictest(), memory = tonumber(meta('memory') or 0) }
end
