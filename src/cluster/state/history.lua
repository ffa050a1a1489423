-- What the instances have made: the newest requests, sealed, for the others to see and to answer the same request with.

local MOST_MADE = 500
local WEEK = 7 * DAY

local function forget_made(id)
  redis.call('DEL', key('made:' .. id))
  redis.call('ZREM', key('made'), id)
end

-- Lists a request that was answered, for at most a week. Its images are held where they lie, as long as there is room.
function operations.keep()
  if tonumber(meta('memory') or 0) >= 80 then return {} end
  redis.call('SET', key('made:' .. args.id), args.entry, 'PX', math.min(args.life, WEEK))
  redis.call('ZADD', key('made'), now, args.id)
  redis.call('PEXPIRE', key('made'), WEEK)
  for _, id in ipairs(redis.call('ZRANGE', key('made'), 0, -MOST_MADE - 1)) do forget_made(id) end
  hold(args.blobs)
  if args.digest then redis.call('SET', key('made:by:' .. args.digest), args.id, 'PX', DAY) end
  wake('kept ' .. args.id)
  return {}
end

function operations.forget_history()
  for _, id in ipairs(redis.call('ZRANGE', key('made'), 0, -1)) do forget_made(id) end
  hold_none()
  return {}
end
