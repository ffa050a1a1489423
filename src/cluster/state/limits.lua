-- Slots, and a token bucket in images: both for all instances together.

local MINUTE = 60000

local function bucket(per_minute)
  local saved = redis.call('HMGET', key('bucket'), 'tokens', 'refilled', 'perMinute')
  local tokens, refilled, before = tonumber(saved[1]), tonumber(saved[2]), tonumber(saved[3])
  -- Without a limit nothing was counted.
  if not tokens or before == 0 then return per_minute end
  tokens = math.min(before, tokens + math.max(0, now - refilled) * before / MINUTE)
  return math.min(per_minute, tokens + per_minute - before)
end

local function put_bucket(tokens, per_minute)
  redis.call('HSET', key('bucket'), 'tokens', tostring(tokens), 'refilled', now, 'perMinute', per_minute)
end

-- A request for more images than a minute's worth waits for a full bucket and empties it.
local function missing_for(images, tokens, per_minute)
  if per_minute == 0 then return 0 end
  local missing = math.min(images, per_minute) - tokens
  return missing <= 0 and 0 or math.ceil(missing * MINUTE / per_minute)
end

local function give_back(request, not_requested)
  local limits = strictest()
  local per_minute = tonumber(limits.perMinute or 0)
  local taken, images = tonumber(request.taken or 0), tonumber(request.images)
  local used = math.max(0, images - not_requested)
  if per_minute > 0 and taken > used then
    put_bucket(math.min(per_minute, bucket(per_minute) + taken - used), per_minute)
  end
end

-- A slot that is over counts no longer; its request is put right by the next sweep.
local function running() return redis.call('ZCOUNT', key('slots'), '(' .. now, '+inf') end

-- The request that has waited longest for a limit; who no longer asks loses its place.
local function first_in_line()
  redis.call('ZREMRANGEBYSCORE', key('line:seen'), '-inf', now - 3 * POLL)
  for _ = 1, 1000 do
    local first = redis.call('ZRANGE', key('line'), 0, 0, 'WITHSCORES')
    if not first[1] then return nil end
    if redis.call('ZSCORE', key('line:seen'), first[1]) then return first[1], tonumber(first[2]) end
    redis.call('ZREM', key('line'), first[1])
  end
end

local function free_slots() return (strictest().concurrency or 1) - running() end

-- Who waits goes before who came later: while images are counted one after another, else as many at once as there are
-- slots.
local function is_next(id, sequence, free, per_minute)
  local first, place = first_in_line()
  if not first or first == id or place > sequence then return true end
  return per_minute == 0 and redis.call('ZCOUNT', key('line'), '-inf', '(' .. sequence) < free
end

-- Tells only those who may go now: all others would ask for nothing.
local function wake_line()
  if not first_in_line() then return end
  local free = math.min(free_slots(), 32)
  if free > 0 then wake('slot ' .. table.concat(redis.call('ZRANGE', key('line'), 0, free - 1), ' ')) end
end

local function release(id)
  redis.call('ZREM', key('open'), id)
  if redis.call('ZREM', key('slots'), id) == 1 then wake_line() end
end

local function stand_in_line(id, sequence, wait, because)
  redis.call('ZADD', key('line'), sequence, id)
  redis.call('ZADD', key('line:seen'), now, id)
  return { wait = math.max(1, wait), because = because }
end

local function leave_line(id)
  redis.call('ZREM', key('line'), id)
  redis.call('ZREM', key('line:seen'), id)
end

function operations.pause()
  local until_ = math.max(tonumber(meta('pausedUntil') or 0), now + args.milliseconds)
  redis.call('HSET', key('meta'), 'pausedUntil', until_)
  return { pausedUntil = until_ }
end
