-- What the instance does that sends: gets the permission, books the estimate, hands in what came of it.

-- How long it takes until a time in `meta`; nil where that has passed.
local function left_until(name)
  local until_ = tonumber(meta(name) or 0)
  return until_ > now and until_ - now or nil
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
  local pause = math.max(left_until('blockedUntil') or 0, left_until('pausedUntil') or 0)
  if pause > 0 then return stand_in_line(args.id, sequence, pause, 'pause') end
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
  local blocked = left_until('blockedUntil')
  if blocked then return { wait = blocked, because = 'pause' } end
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
    state = 'sent', lastSent = args.token, answer = '', sentAt = now, deadline = deadline, booked = request.booked, instance = args.instance,
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
  if request.state == 'sent' or final[request.state] and request.isUnknown == '1' then settle(args.id, request) end
  -- It took so long that it was called unknown, and may be delivered so.
  if final[request.state] then return { state = request.state } end
  if args.isUnknown then write(args.id, { mayBeCharged = '1' }) end
  -- What this attempt may have cost stays booked when the next one is.
  write(args.id, { booked = 0, isUnknown = '0' })
  -- Where Redis has forgotten what was asked, nobody agrees to another attempt.
  if not request.job then
    local state = args.isUnknown and 'unknown' or 'free'
    write(args.id, { state = state, ended = now })
    release(args.id)
    wake('ended ' .. args.id)
    return { state = state }
  end
  put_back(args.id, request, args.notRequested)
  return { state = 'queued' }
end

-- An answer that names addresses: paid for, and should its worker die before it has downloaded the images, who asked
-- can.
function operations.receive()
  local request = read(args.id)
  if not request or request.state ~= 'sent' or request.token ~= args.token then
    return { state = request and request.state or 'gone' }
  end
  settle(args.id, request)
  write(args.id, { answer = args.stored })
  return { state = 'sent' }
end

-- The end of a request, by who sent it. `late` where it had ended before, and the result belongs into the history
-- alone.
function operations.finish()
  local request = read(args.id)
  if not request then return { late = true } end
  if request.token ~= args.token then return { late = true, state = request.state } end
  -- Its answer was lost, and the result may be delivered by now.
  if request.handedIn then return { late = request.handedIn == 'late' or nil, state = request.state } end
  if final[request.state] and request.isUnknown == '1' then settle(args.id, request) end
  if final[request.state] then
    return { late = request.state ~= args.outcome or request.isHandedOver == '1', state = request.state }
  end
  settle(args.id, request)
  if args.notRequested > 0 then give_back(request, args.notRequested) end
  -- Where Redis has forgotten what was asked, who asked may have given up: the history of the worker has it, too.
  local late = not request.job or nil
  write(args.id, { state = args.outcome, outcome = args.stored, ended = now, handedIn = late and 'late' or 'in time' })
  wait_no_longer(args.id)
  redis.call('ZADD', key('unclaimed'), now, args.id)
  release(args.id)
  leave_line(args.id)
  wake('ended ' .. args.id)
  return { state = args.outcome, late = late }
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
