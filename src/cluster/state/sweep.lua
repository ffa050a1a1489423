-- What the dead have left: put right by one instance for all, and given to who may deliver it.

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

-- What holds a slot: reserved by the dead, or for too long, it is put back; what the dead did not download is left to
-- who asked.
local function put_slot_right(id, is_over, result)
  local request = read(id)
  if not request then return release(id) end
  if request.state == 'reserved' and (is_over or not is_alive(request.worker)) then
    put_back(id, request, tonumber(request.images))
  elseif request.state == 'sent' and (request.answer or '') ~= '' and not is_alive(request.worker) then
    end_without_worker(id, request, result)
  elseif is_over then
    redis.call('ZREM', key('slots'), id)
  end
end

-- Ends or puts back what has lost its worker, by one instance for all. What was sent and is overdue is unknown.
local function put_right(result)
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', key('open'), '-inf', now, 'LIMIT', 0, 100)) do
    local request = read(id)
    redis.call('ZREM', key('open'), id)
    if request and request.state == 'sent' then end_without_worker(id, request, result) end
  end
  local held = redis.call('ZRANGE', key('slots'), 0, 99, 'WITHSCORES')
  for i = 1, #held, 2 do put_slot_right(held[i], tonumber(held[i + 1]) <= now, result) end
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

-- What the dead have left to the instance that asks: its own of an earlier life, those of its replicas, and what is too
-- old.
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
