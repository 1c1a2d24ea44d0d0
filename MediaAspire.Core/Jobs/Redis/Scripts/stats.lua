-- -> for each kind: its name, jobs ready, delayed, running, dead, and the milliseconds for which the oldest has been due
local kinds = {}
for _, kind in ipairs(redis.call('SMEMBERS', key('kinds'))) do
  local due_delayed = redis.call('ZCOUNT', key('delayed', kind), '-inf', now)
  local expired = redis.call('ZCOUNT', key('leases', kind), '-inf', now)
  local ready = due_delayed + expired
  local oldest = now
  for level = 0, 2 do
    local list = key('ready', kind, level)
    ready = ready + redis.call('LLEN', list)
    local id = redis.call('LINDEX', list, -1)
    if id then
      oldest = math.min(oldest, tonumber(redis.call('HGET', key('job', id), 'due')))
    end
  end
  for _, set in ipairs({'delayed', 'leases'}) do
    local first = redis.call('ZRANGE', key(set, kind), 0, 0, 'WITHSCORES')
    if first[2] then
      oldest = math.min(oldest, tonumber(first[2]))
    end
  end
  table.insert(kinds, {
    kind,
    ready,
    redis.call('ZCARD', key('delayed', kind)) - due_delayed,
    redis.call('ZCARD', key('leases', kind)) - expired,
    tonumber(redis.call('HGET', key('dead-count'), kind) or 0),
    now - oldest})
end
return kinds
