-- delay, attempts that do not count, reason or '', then id and lease number of each job -> how many were still held
local delay, uncounted, reason = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local returned = 0
local kinds = {}
for i = 4, #ARGV, 2 do
  local id = ARGV[i]
  local is_held, kind, priority = release(id, ARGV[i + 1])
  if is_held then
    if uncounted > 0 then
      redis.call('HINCRBY', key('job', id), 'attempts', -uncounted)
    end
    if reason ~= '' then
      redis.call('HSET', key('job', id), 'error', reason)
    end
    wait_under_key(id, kind)
    if delay > 0 then
      redis.call('ZADD', key('delayed', kind), now + delay, id)
    else
      make_ready(id, kind, priority)
    end
    returned = returned + 1
    kinds[kind] = true
  end
end
for kind in pairs(kinds) do
  wake(kind)
end
return returned
