-- Runs the operation. All but those that make the epoch known need the current one.

local free = {
  heartbeat = true, contribute = true, leave = true, instances = true, put = true, drop = true, keep = true, forget_history = true,
}

if not free[ARGV[1]] and (not args.epoch or meta('epoch') ~= args.epoch) then
  return cjson.encode({ epoch = meta('epoch') or 'gone' })
end
return cjson.encode(operations[ARGV[1]]())
