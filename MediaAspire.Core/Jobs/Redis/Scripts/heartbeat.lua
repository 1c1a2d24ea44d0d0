-- lease, then id and lease number of each job -> ids of those that are no longer held
local lost = {}
for i = 2, #ARGV, 2 do
  local id = ARGV[i]
  local job = redis.call('HMGET', key('job', id), 'kind', 'claim')
  if job[2] == ARGV[i + 1] and redis.call('ZREM', key('leases', job[1]), id) == 1 then
    redis.call('ZADD', key('leases', job[1]), now + tonumber(ARGV[1]), id)
  else
    table.insert(lost, id)
  end
end
return lost
