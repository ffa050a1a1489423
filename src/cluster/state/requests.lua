-- The states of a request: queued, reserved, sent, then answered, free or unknown, and delivered.

local final = { answered = true, free = true, unknown = true, delivered = true }

local function blocked()
  local until_ = math.max(tonumber(meta('blockedUntil') or 0), tonumber(meta('pausedUntil') or 0))
  return until_ > now and until_ - now or nil
end

-- What waits takes room in the queue, unless its asker has died: then it stands among the orphans, until that is back or another
-- instance adopts it.
local function wait_in(name, id, sequence)
  redis.call('ZREM', key(name == 'waiting' and 'orphans' or 'waiting'), id)
  redis.call('ZADD', key(name), sequence, id)
end

local function wait_no_longer(id)
  redis.call('ZREM', key('waiting'), id)
  redis.call('ZREM', key('orphans'), id)
end

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

local function put_back(id, request, not_requested)
  if not_requested > 0 then give_back(request, not_requested) end
  write(id, { state = 'queued', token = '', worker = '' })
  wait_in('waiting', id, request.sequence)
  release(id)
end

-- Permission to send, in all but the money: a slot and the tokens of its images.
function operations.reserve()
  local request = read(args.id)
  if not request then return { state = 'gone' } end
  if request.state == 'reserved' and request.token == args.token then return { go = true } end
  if request.state == 'reserved' and is_alive(request.worker) and request.worker ~= args.nonce then
    return { state = 'reserved' }
  end
  if request.state == 'reserved' then put_back(args.id, request, tonumber(request.images)) end
  if request.state ~= 'queued' and request.state ~= 'reserved' then return { state = request.state } end
  -- Its asker has died: it waits until another instance adopts it.
  if not is_alive(request.askedBy) then return { state = 'orphan' } end
  local sequence, images = tonumber(request.sequence), tonumber(request.images)
  local pause = blocked()
  if pause then return stand_in_line(args.id, sequence, pause, 'pause') end
  local limits = strictest()
  local free, per_minute = free_slots(), tonumber(limits.perMinute or 0)
  if not is_next(args.id, sequence, free, per_minute) then return stand_in_line(args.id, sequence, POLL, 'line') end
  if free <= 0 then return stand_in_line(args.id, sequence, POLL, 'slot') end
  local tokens = bucket(per_minute)
  local wait = missing_for(images, tokens, per_minute)
  if wait > 0 then return stand_in_line(args.id, sequence, wait, 'rate') end
  local taken = math.min(images, per_minute)
  if per_minute > 0 then put_bucket(tokens - taken, per_minute) end
  leave_line(args.id)
  wait_no_longer(args.id)
  redis.call('ZADD', key('slots'), now + RESERVED, args.id)
  write(args.id, { state = 'reserved', token = args.token, worker = args.nonce, taken = taken })
  if per_minute > 0 then wake_line() end
  wake('reserved ' .. args.id .. ' ' .. args.token)
  return { go = true }
end

-- By its asker: from now on it counts the attempt with this token as sent. Without that nothing is sent, so that an asker that has not
-- agreed knows, whatever becomes of Redis, that the request has cost nothing.
function operations.agree()
  local request = read(args.id)
  if request and request.state == 'reserved' and request.token == args.token and request.askedBy == args.nonce then
    write(args.id, { agreed = args.token })
    wake('slot ' .. args.id)
  end
  return {}
end

-- The last step before a request goes out, by who holds the reservation: books its estimate, all or nothing.
function operations.send()
  local request = read(args.id)
  if not request then return { state = 'gone' } end
  if request.state == 'sent' and request.token == args.token then
    local unpriced = redis.call('GET', key('unpriced')) == args.id or nil
    return { go = true, amount = not unpriced and tonumber(request.booked) or nil, unpriced = unpriced, now = now, deadline = tonumber(request.deadline) }
  end
  if request.state ~= 'reserved' or request.token ~= args.token then return { state = request.state } end
  -- It took too long to get ready, and the slot may be another's.
  if tonumber(redis.call('ZSCORE', key('slots'), args.id) or 0) <= now then
    put_back(args.id, request, tonumber(request.images))
    return { state = 'queued' }
  end
  if request.agreed ~= args.token then
    if is_alive(request.askedBy) then return { wait = 50, because = 'asker' } end
    put_back(args.id, request, tonumber(request.images))
    return { state = 'orphan' }
  end
  local names = names_now()
  if not names then return { clock = now } end
  local amount = estimate(args.model, args.images, args.price)
  local over = exceeded(amount, names)
  if over then return { exceeded = over } end
  local unpriced = not amount and is_limited()
  local wait = unpriced and unpriced_wait(args.id)
  if wait then return wait end
  request.instance, request.model, request.periods = args.instance, args.model, cjson.encode(names)
  book(request, amount or 0)
  local deadline = now + args.timeout
  write(args.id, {
    state = 'sent', answer = '', sentAt = now, deadline = deadline, booked = request.booked, instance = args.instance,
    model = args.model, periods = request.periods, charged = args.images,
  })
  redis.call('ZADD', key('slots'), deadline + GRACE, args.id)
  redis.call('ZADD', key('open'), deadline + GRACE, args.id)
  wake('sent ' .. args.id)
  return { go = true, amount = amount, unpriced = unpriced or nil, now = now, deadline = deadline }
end

local function end_unpriced(id)
  if redis.call('GET', key('unpriced')) == id then redis.call('DEL', key('unpriced')) end
end

-- What an attempt has cost; a late answer corrects what was booked for a request of unknown outcome.
local function settle(id, request)
  if request.isUnknown == '1' then count_unknown(request, -1) end
  book(request, args.amount)
  if args.cost and args.images then learn(request.model or '', args.images, args.cost) end
  if args.isUnknown then count_unknown(request, 1) end
  if args.outcome ~= 'unknown' then end_unpriced(id) end
  write(id, { booked = request.booked, isUnknown = args.isUnknown and '1' or '0' })
end

-- A failed attempt that is followed by another: frees the slot, keeps the place.
function operations.retry()
  local request = read(args.id)
  if not request then return { state = 'gone' } end
  if request.token ~= args.token then return { state = request.state } end
  if request.state == 'sent' then settle(args.id, request) end
  if args.isUnknown then write(args.id, { mayBeCharged = '1' }) end
  -- What this attempt may have cost stays booked when the next one is.
  write(args.id, { booked = 0, isUnknown = '0' })
  put_back(args.id, request, args.notRequested)
  return { state = 'queued' }
end

-- An answer that names addresses: paid for, and should its worker die before it has downloaded the images, who asked can.
function operations.receive()
  local request = read(args.id)
  if not request or request.state ~= 'sent' or request.token ~= args.token then
    return { state = request and request.state or 'gone' }
  end
  settle(args.id, request)
  write(args.id, { answer = args.stored })
  return { state = 'sent' }
end

-- The end of a request, by who sent it. `late` where it had ended before, and the result belongs into the history alone.
function operations.finish()
  local request = read(args.id)
  if not request then return { late = true } end
  if request.token ~= args.token then return { late = true, state = request.state } end
  if final[request.state] and request.isUnknown == '1' then settle(args.id, request) end
  if final[request.state] then
    return { late = request.state ~= args.outcome or request.isHandedOver == '1', state = request.state }
  end
  settle(args.id, request)
  if args.notRequested > 0 then give_back(request, args.notRequested) end
  write(args.id, { state = args.outcome, outcome = args.stored, ended = now })
  wait_no_longer(args.id)
  redis.call('ZADD', key('unclaimed'), now, args.id)
  release(args.id)
  leave_line(args.id)
  wake('ended ' .. args.id)
  -- Where Redis has forgotten what was asked, who asked may have given up: the history of the worker has it, too.
  return { state = args.outcome, late = not request.job or nil }
end

-- The end of a request that no instance can even begin.
function operations.refuse()
  local request = read(args.id)
  if not request or request.state ~= 'queued' then return { state = request and request.state or 'gone' } end
  write(args.id, { state = 'free', outcome = args.stored, ended = now })
  wait_no_longer(args.id)
  redis.call('ZADD', key('unclaimed'), now, args.id)
  leave_line(args.id)
  wake('ended ' .. args.id)
  return { state = 'free' }
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

-- What was not sent ends here; of what was, its worker is told, but where others wait for it and are not to be stopped, too.
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
  if not request or request.askedBy ~= args.nonce then return {} end
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
  if is_alive(request.askedBy) then return { state = 'taken' } end
  write(args.id, { askedBy = args.nonce })
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
  return { states = found }
end

-- Ends a request in the place of its worker: with the answer where that has come, else as unknown.
local function end_without_worker(id, request, result)
  if (request.answer or '') ~= '' then
    write(id, { state = 'answered', outcome = request.answer, ended = now, isHandedOver = '1' })
  else
    count_unknown(request, 1)
    write(id, { state = 'unknown', ended = now, isUnknown = '1' })
    result.unknown[#result.unknown + 1] = id
  end
  redis.call('ZADD', key('unclaimed'), now, id)
  release(id)
  wake('ended ' .. id)
end

-- Ends or puts back what has lost its worker, by one instance for all: sent and overdue is unknown, reserved by the dead is put
-- back, and what the dead did not download is left to who asked.
local function put_right(result)
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', key('open'), '-inf', now, 'LIMIT', 0, 100)) do
    local request = read(id)
    redis.call('ZREM', key('open'), id)
    if request and request.state == 'sent' then end_without_worker(id, request, result) end
  end
  for _, id in ipairs(redis.call('ZRANGE', key('slots'), 0, 99)) do
    local request = read(id)
    if not request then release(id)
    elseif request.state == 'reserved' and not is_alive(request.worker) then
      put_back(id, request, tonumber(request.images))
    elseif request.state == 'sent' and (request.answer or '') ~= '' and not is_alive(request.worker) then
      end_without_worker(id, request, result)
    end
  end
end

-- Parts what waits for the dead from the rest, of which some may have lost their job.
local function sort_waiting(result)
  for _, name in ipairs({ 'waiting', 'orphans' }) do
    for _, id in ipairs(redis.call('ZRANGE', key(name), 0, 499)) do
      local known = redis.call('HMGET', request_key(id), 'askedBy', 'sequence', 'created', 'isKnown')
      local right = is_alive(known[1]) and 'waiting' or 'orphans'
      if not known[2] then wait_no_longer(id)
      elseif right ~= name then wait_in(right, id, known[2])
      elseif name == 'waiting' and known[4] == '1' and now - tonumber(known[3]) > 5000 and #result.waiting < 100 then
        result.waiting[#result.waiting + 1] = id
      end
    end
  end
end

-- What the dead have left to the instance that asks: its own of an earlier life, those of its replicas, and what is too old.
local function find_orphans(result)
  local function look(id)
    local request = read(id)
    if not request or not request.job then return end
    local age = now - tonumber(request.ended or now)
    local own = request.asker == args.instance or request.replicas ~= '' and request.replicas == args.replicas
    local late = request.ended and age > (args.patience or 0) or not request.ended and now - request.created > DAY
    local is_awaited = is_alive(request.claimer or request.askedBy) and age < 60000 and request.isDisowned ~= '1'
    if is_awaited or not own and not late then return end
    result.orphans[#result.orphans + 1] = {
      id = id, state = request.state, asker = request.asker, node = request.node, type = request.type,
      replicas = request.replicas, age = late and (args.patience or 0) + 1 or age,
    }
  end
  for _, name in ipairs({ 'unclaimed', 'orphans' }) do
    for _, id in ipairs(redis.call('ZRANGE', key(name), 0, 499)) do
      if redis.call('EXISTS', request_key(id)) == 0 then redis.call('ZREM', key(name), id) else look(id) end
    end
  end
end

function operations.sweep()
  local result = { unknown = {}, orphans = {}, waiting = {} }
  if redis.call('SET', key('sweeping'), args.nonce, 'NX', 'PX', args.every) then
    forget_old_sums()
    put_right(result)
    sort_waiting(result)
  end
  find_orphans(result)
  return result
end
