-- id, kind, priority, delay, max attempts, unique key or '', payload, trace or '', max depth -> {outcome, id}
local id, kind, priority, delay, unique = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[6]

if redis.call('EXISTS', key('job', id)) == 1 then
  return {'enqueued', id}
end

local depth = redis.call('ZCARD', key('delayed', kind)) + redis.call('ZCARD', key('leases', kind))
for level = 0, 2 do
  depth = depth + redis.call('LLEN', key('ready', kind, level))
end
if depth >= tonumber(ARGV[9]) then
  return {'full', id}
end

if unique ~= '' then
  local waiting = redis.call('HGET', key('keys', kind), unique)
  if waiting then
    return {'waiting', waiting}
  end
end

redis.call('SADD', key('kinds'), kind)
redis.call('HSET', key('job', id), 'kind', kind, 'priority', priority, 'max', ARGV[5], 'key', unique, 'payload', ARGV[7], 'trace', ARGV[8],
  'attempts', 0, 'claim', 0, 'enqueued', now)
if unique ~= '' then
  redis.call('HSET', key('keys', kind), unique, id)
end
if delay > 0 then
  redis.call('ZADD', key('delayed', kind), now + delay, id)
else
  make_ready(id, kind, priority)
end
wake(kind)
return {'enqueued', id}
