-- What all instances have spent. Each has its share, which its own ledger can replace; the sums of all shares are in
-- `spent`. Fields: h:2026-11-26 07, d:2026-11-26, m:2026-11, u:2026-11 (requests of unknown cost), and by model
-- d:2026-11-26|flux.

local TOLERANCE = 10

-- What makes a request a sent one.
local SENT = { 'worker', 'instance', 'model', 'sentAt', 'deadline', 'charged', 'periods' }

local function add(instance, name, amount)
  if amount == 0 then return end
  redis.call('HINCRBY', key('spent'), name, amount)
  redis.call('HINCRBY', key('share:' .. instance), name, amount)
end

local function spent(name) return tonumber(redis.call('HGET', key('spent'), name) or 0) end

-- The names of the hour, the day and the month that it is now; the client knows the time zone.
local function names_now()
  local quarter = tostring(math.floor(now / 900000))
  return args.periods[quarter]
end

-- Sets what a request counts, whatever it counted before.
local function book(request, amount)
  local delta = amount - tonumber(request.booked or 0)
  request.booked = amount
  if not request.periods or delta == 0 then return end
  local names = cjson.decode(request.periods)
  for _, period in ipairs({ 'hour', 'day', 'month' }) do add(request.instance, names[period], delta) end
  add(request.instance, names.day .. '|' .. request.model, delta)
end

local function count_unknown(request, by)
  if request.periods then add(request.instance, 'u' .. cjson.decode(request.periods).month:sub(2), by) end
end

-- Price lists can be out of date: where a model has cost more than its list price, that counts.
local function estimate(model, images, price)
  local known = redis.call('HMGET', key('models'), model .. '|images', model .. '|cost')
  local average = tonumber(known[1] or 0) > 0 and tonumber(known[2]) / tonumber(known[1]) or nil
  local each = price and average and math.max(price, average) or price or average
  return each and round(each * images)
end

local function learn(model, images, cost)
  redis.call('HINCRBY', key('models'), model .. '|images', images)
  redis.call('HINCRBY', key('models'), model .. '|cost', cost)
end

-- The period whose budget has no room for an amount; for one that is not known, only what is used up already.
local function exceeded(amount, names)
  for period, limit in pairs(strictest().budgets or {}) do
    local sum = spent(names[period])
    local over = amount and sum + amount > limit + TOLERANCE or not amount and sum >= limit - TOLERANCE
    if over then return { period = period, limit = limit, spent = sum } end
  end
end

local function is_limited() return next(strictest().budgets or {}) ~= nil end

-- Requests of unknown price run one at a time while there is a budget, and none after one of unknown outcome.
local function unpriced_wait(id)
  local holder = redis.call('GET', key('unpriced'))
  if holder and holder ~= id then
    local other = read(holder)
    if other and other.state == 'unknown' then return { unpricedUnknown = tonumber(other.sentAt) } end
    if other and other.state == 'sent' then return { wait = POLL, because = 'unpriced' } end
  end
  redis.call('SET', key('unpriced'), id, 'PX', 2 * DAY)
end

-- What an instance has sent and not ended. A Redis that has lost it, or its last second, must not have it sent again.
local function remember_sent(open)
  local request = read(open.id)
  if request and request.lastSent == open.token then
    if request.token == open.token then write(open.id, { booked = open.amount }) end
    return
  end
  local fields = open.fields
  if not fields or request and final[request.state] then return end
  if request and request.state == 'sent' and tonumber(request.sentAt) >= fields.sentAt then return end
  if request then
    fields = {}
    for _, name in ipairs(SENT) do fields[name] = open.fields[name] end
  end
  fields.state, fields.token, fields.lastSent, fields.booked = 'sent', open.token, open.token, open.amount
  write(open.id, fields)
  wait_no_longer(open.id)
  leave_line(open.id)
  redis.call('ZADD', key('open'), tonumber(fields.deadline) + GRACE, open.id)
  redis.call('ZADD', key('slots'), tonumber(fields.deadline), open.id)
end

-- Replaces the share of an instance by what its ledger says; `open` are requests that Redis may not know the end of.
function operations.contribute()
  if meta('epoch') ~= args.epoch then return { epoch = 'gone' } end
  local share = key('share:' .. args.instance)
  local before = redis.call('HGETALL', share)
  local sums = args.sums
  for i = 1, #before, 2 do
    local name, date = before[i], before[i]:match('^%a:([%d-]+)')
    if sums[name] == nil and date >= args.since:sub(1, #date) then add(args.instance, name, -tonumber(before[i + 1])) end
  end
  for name, amount in pairs(sums) do
    add(args.instance, name, amount - tonumber(redis.call('HGET', share, name) or 0))
  end
  redis.call('PEXPIRE', share, 70 * DAY)
  -- What this process was allowed to send and did not, its ledger does not hold.
  for _, id in ipairs(redis.call('ZRANGE', key('open'), 0, -1)) do
    if redis.call('HGET', request_key(id), 'worker') == args.nonce then redis.call('HSET', request_key(id), 'booked', 0) end
  end
  for _, open in ipairs(args.open) do remember_sent(open) end
  return { now = now }
end

local function forget_old_sums()
  if tonumber(meta('forgotten') or 0) > now - DAY then return end
  redis.call('HSET', key('meta'), 'forgotten', now)
  for _, name in ipairs(redis.call('HKEYS', key('spent'))) do
    local date = name:match('^%a:([%d-]+)')
    if date < args.since:sub(1, #date) then redis.call('HDEL', key('spent'), name) end
  end
end

function operations.spending()
  local sums = {}
  local flat = redis.call('HGETALL', key('spent'))
  for i = 1, #flat, 2 do
    if flat[i]:match('^%a:([%d-]+)') >= args.since then sums[flat[i]] = tonumber(flat[i + 1]) end
  end
  return { sums = sums, names = names_now() }
end
