-- The states of a request: queued, reserved, sent, then answered, free or unknown, and delivered. Who asks and who
-- works moves it in ask.lua and work.lua; what both need is here.

local final = { answered = true, free = true, unknown = true, delivered = true }

-- What waits takes room in the queue, unless its asker has died: then it stands among the orphans, until that is back
-- or another instance adopts it.
local function wait_in(name, id, sequence)
  redis.call('ZREM', key(name == 'waiting' and 'orphans' or 'waiting'), id)
  redis.call('ZADD', key(name), sequence, id)
end

local function wait_no_longer(id)
  redis.call('ZREM', key('waiting'), id)
  redis.call('ZREM', key('orphans'), id)
end

local function put_back(id, request, not_requested)
  if not_requested > 0 then give_back(request, not_requested) end
  write(id, { state = 'queued', token = '', worker = '' })
  wait_in('waiting', id, request.sequence)
  release(id)
end
