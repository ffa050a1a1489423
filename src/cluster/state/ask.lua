-- What the instance does that asks: puts a request into the queue, agrees to each attempt, takes the result or gives it
-- up.

-- A request that ended well is followed for so long: afterwards it is found in the history.
local FOLLOWED = 10000

-- The request of another instance that is the same, and is under way or has just ended well.
local function find_same(digest)
  local id = digest and redis.call('GET', key('asked:' .. digest))
  local request = id and read(id)
  if not request or request.cancelled == '1' or request.state == 'free' or request.state == 'unknown' then return nil end
  if request.state == 'queued' and not is_alive(request.askedBy) then return nil end
  if request.ended and now - request.ended > FOLLOWED then return nil end
  -- Of what was delivered only images are wanted, which are listed by now.
  if request.state == 'delivered' and redis.call('PTTL', key('made:by:' .. digest)) < DAY - FOLLOWED then return nil end
  return id
end

function operations.enqueue()
  local known = read(args.id)
  if known then return { state = known.state } end
  local memory = tonumber(meta('memory') or 0)
  if memory >= FULL then return { memory = memory } end
  local same = find_same(args.digest)
  if same then
    write(same, { followed = '1' })
    return { same = same }
  end
  local limits = strictest()
  local free = math.max(0, (limits.concurrency or 1) - running())
  local waiting = redis.call('ZCARD', key('waiting'))
  if waiting >= (limits.queueLimit or 0) + free then return { full = limits.queueLimit } end
  local sequence = redis.call('INCR', key('sequence'))
  local fields = args.request
  fields.state, fields.created, fields.sequence, fields.askedBy = 'queued', now, sequence, args.nonce
  write(args.id, fields)
  wait_in('waiting', args.id, sequence)
  if args.digest then redis.call('SET', key('asked:' .. args.digest), args.id, 'PX', DAY) end
  return { state = 'queued' }
end

-- By its asker: from now on it counts the attempt with this token as sent. Without that nothing is sent, so that an
-- asker that has not agreed knows, whatever becomes of Redis, that the request has cost nothing.
function operations.agree()
  local request = read(args.id)
  if request and request.state == 'reserved' and request.token == args.token and request.askedBy == args.nonce then
    write(args.id, { agreed = args.token })
    wake('slot ' .. args.id)
  end
  return {}
end

-- An earlier attempt of it may have been charged.
local function is_unsure(request) return request.mayBeCharged == '1' or nil end

-- A lease on the result: one instance delivers it. Whose lease ended with its life, the next one may.
function operations.claim()
  local request = read(args.id)
  if not request then return { state = 'gone' } end
  if request.state == 'delivered' or not final[request.state] then return { state = request.state } end
  local claimer = request.claimer
  if claimer and claimer ~= args.nonce and is_alive(claimer) then return { state = 'claimed' } end
  write(args.id, { claimer = args.nonce })
  return { go = true, state = request.state, outcome = request.outcome, cancelled = request.cancelled, isUnsure = is_unsure(request) }
end

function operations.delivered()
  local request = read(args.id)
  if not request or request.claimer ~= args.nonce then return { state = request and request.state or 'gone' } end
  write(args.id, { state = 'delivered' })
  redis.call('HDEL', request_key(args.id), 'job', 'answer')
  -- Who follows it reads how it ended a moment later.
  if request.followed ~= '1' then redis.call('HDEL', request_key(args.id), 'outcome') end
  redis.call('PEXPIRE', request_key(args.id), DAY)
  redis.call('ZREM', key('unclaimed'), args.id)
  return { state = 'delivered' }
end

local function end_unsent(request)
  if request.state == 'reserved' then give_back(request, tonumber(request.images)) end
  write(args.id, { state = 'free', cancelled = '1', ended = now, token = '' })
  wait_no_longer(args.id)
  redis.call('ZADD', key('unclaimed'), now, args.id)
  release(args.id)
  leave_line(args.id)
  wake('cancel ' .. args.id)
end

-- What was not sent ends here; of what was, its worker is told, but where others wait for it and are not to be stopped,
-- too.
function operations.cancel()
  local request = read(args.id)
  if not request then return { state = 'gone' } end
  if request.state == 'sent' then
    if request.followed == '1' and not args.all then return { state = 'sent', followed = true } end
    wake('cancel ' .. args.id)
    return { state = 'sent' }
  end
  if final[request.state] then return { state = request.state } end
  end_unsent(request)
  return { state = 'free', ended = true, isUnsure = is_unsure(request) }
end

-- The message of a request has ended without it: what was not sent ends, and no node gets the result of what was.
function operations.disown()
  local request = read(args.id)
  if not request then return { ended = true } end
  if request.askedBy ~= args.nonce then return {} end
  if request.state == 'queued' or request.state == 'reserved' then end_unsent(request) end
  if request.state == 'sent' and args.isCancelled and request.followed ~= '1' then wake('cancel ' .. args.id) end
  redis.call('HDEL', request_key(args.id), 'node', 'type')
  write(args.id, { isDisowned = '1' })
  if request.claimer == args.nonce then redis.call('HDEL', request_key(args.id), 'claimer') end
  return {}
end

-- Another instance waits for a request in the place of a dead one.
function operations.adopt()
  local request = read(args.id)
  if not request then return { state = 'gone' } end
  if request.adopted ~= args.token and is_alive(request.askedBy) then return { state = 'taken' } end
  write(args.id, { askedBy = args.nonce, adopted = args.token })
  if request.state == 'queued' then wait_in('waiting', args.id, request.sequence) end
  return { go = true, state = request.state }
end

function operations.look()
  local found = {}
  for _, id in ipairs(args.ids) do
    local known = redis.call('HMGET', request_key(id), 'state', 'token', 'deadline', 'mayBeCharged')
    local state = known[1] or 'gone'
    found[id] = { state = state, isUnsure = is_unsure({ mayBeCharged = known[4] }) }
    if state == 'reserved' then found[id].token = known[2] end
    if state == 'sent' then found[id].left = tonumber(known[3]) + GRACE - now end
    -- Its asker knows that it waits, and will not call it free.
    if state == 'queued' then redis.call('HSET', request_key(id), 'isKnown', '1') end
  end
  -- Who lives has told by then what it has sent.
  local is_new = now - tonumber(meta('began') or 0) < ALIVE
  return { states = found, isNew = is_new or nil }
end
