-- Encrypted bytes by name, as many as their cap allows; what is not dropped is gone after a day. Those that are only
-- held, for who may want to see them, make room for those that are waited for.

local function forget(name)
  local size = tonumber(redis.call('HGET', key('blobs:size'), name) or 0)
  redis.call('DEL', key('blob:' .. name))
  redis.call('HDEL', key('blobs:size'), name)
  redis.call('HDEL', key('blobs:uses'), name)
  redis.call('HDEL', key('blobs:last'), name)
  redis.call('ZREM', key('blobs:until'), name)
  redis.call('ZREM', key('blobs:held'), name)
  redis.call('DECRBY', key('blobs:total'), size)
end

local function end_use(name)
  local uses = redis.call('HGET', key('blobs:uses'), name)
  if uses and tonumber(uses) <= 1 then forget(name)
  elseif uses then redis.call('HINCRBY', key('blobs:uses'), name, -1) end
end

local function live_a_day(name)
  redis.call('PEXPIREAT', key('blob:' .. name), now + DAY + 60000)
  redis.call('ZADD', key('blobs:until'), now + DAY, name)
end

local function let_go_of_oldest()
  local oldest = redis.call('ZPOPMIN', key('blobs:held'))[1]
  if oldest then end_use(oldest) end
  return oldest
end

-- A Redis that has a limit needs its memory for requests: at 80 % it takes none.
local function hold(names)
  if tonumber(meta('memory') or 0) >= 50 then return end
  for _, name in ipairs(names) do
    if redis.call('EXISTS', key('blob:' .. name)) == 1 then
      if redis.call('ZADD', key('blobs:held'), now, name) == 1 then redis.call('HINCRBY', key('blobs:uses'), name, 1) end
      live_a_day(name)
    end
  end
end

local function hold_less(memory)
  for _ = 1, memory >= 60 and 100 or 0 do
    if not let_go_of_oldest() then return end
  end
end

local function hold_none()
  while let_go_of_oldest() do end
end

-- ARGV[3] holds the bytes. The same use counts once, also where it is told again since the answer was lost.
function operations.put()
  for _, name in ipairs(redis.call('ZRANGEBYSCORE', key('blobs:until'), '-inf', now, 'LIMIT', 0, 100)) do forget(name) end
  local memory = tonumber(meta('memory') or 0)
  if args.isNew and memory >= FULL then return { memory = memory } end
  if redis.call('EXISTS', key('blob:' .. args.name)) == 0 then
    if memory >= 100 then return { full = true } end
    local function total() return tonumber(redis.call('GET', key('blobs:total')) or 0) end
    while total() + #ARGV[3] > args.most do
      if not let_go_of_oldest() then return { full = true } end
    end
    redis.call('INCRBY', key('blobs:total'), #ARGV[3])
    redis.call('HSET', key('blobs:size'), args.name, #ARGV[3])
    redis.call('HSET', key('blobs:uses'), args.name, 0)
    redis.call('SET', key('blob:' .. args.name), ARGV[3])
  end
  if redis.call('HGET', key('blobs:last'), args.name) ~= args.use then
    redis.call('HINCRBY', key('blobs:uses'), args.name, 1)
    redis.call('HSET', key('blobs:last'), args.name, args.use)
  end
  live_a_day(args.name)
  return { stored = true }
end

function operations.drop()
  for _, name in ipairs(args.names) do end_use(name) end
  return {}
end
