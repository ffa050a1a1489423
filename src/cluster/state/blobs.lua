-- Encrypted bytes by name, as many as their cap allows; what is not dropped is gone after a day.

local function forget(name)
  local size = tonumber(redis.call('HGET', key('blobs:size'), name) or 0)
  redis.call('DEL', key('blob:' .. name))
  redis.call('HDEL', key('blobs:size'), name)
  redis.call('HDEL', key('blobs:uses'), name)
  redis.call('ZREM', key('blobs:until'), name)
  redis.call('DECRBY', key('blobs:total'), size)
end

-- ARGV[3] holds the bytes.
function operations.put()
  for _, name in ipairs(redis.call('ZRANGEBYSCORE', key('blobs:until'), '-inf', now, 'LIMIT', 0, 100)) do forget(name) end
  local until_ = now + DAY
  if redis.call('EXISTS', key('blob:' .. args.name)) == 0 then
    local total = tonumber(redis.call('GET', key('blobs:total')) or 0)
    if total + #ARGV[3] > args.most then return { full = true } end
    redis.call('INCRBY', key('blobs:total'), #ARGV[3])
    redis.call('HSET', key('blobs:size'), args.name, #ARGV[3])
    redis.call('HSET', key('blobs:uses'), args.name, 0)
    redis.call('SET', key('blob:' .. args.name), ARGV[3])
  end
  redis.call('HINCRBY', key('blobs:uses'), args.name, 1)
  redis.call('PEXPIREAT', key('blob:' .. args.name), until_ + 60000)
  redis.call('ZADD', key('blobs:until'), until_, args.name)
  return { stored = true }
end

function operations.drop()
  for _, name in ipairs(args.names) do
    local uses = redis.call('HGET', key('blobs:uses'), name)
    if uses and tonumber(uses) <= 1 then forget(name)
    elseif uses then redis.call('HINCRBY', key('blobs:uses'), name, -1) end
  end
  return {}
end
