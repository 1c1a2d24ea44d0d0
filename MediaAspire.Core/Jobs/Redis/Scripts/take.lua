-- worker, limit, lease, reason for those whose workers all died, kinds... -> {jobs, milliseconds until the next is due or -1, kinds of the
-- dead letters}
local worker, limit, lease, reason = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local kinds = {unpack(ARGV, 5)}
local batch = 200
local dead = {}

for _, kind in ipairs(kinds) do
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', key('leases', kind), '-inf', now, 'LIMIT', 0, batch)) do
    redis.call('ZREM', key('leases', kind), id)
    local job = redis.call('HMGET', key('job', id), 'worker', 'priority', 'attempts', 'max')
    redis.call('LREM', key('working', job[1]), 1, id)
    if tonumber(job[3]) >= tonumber(job[4]) then
      move_to_dead_letters(id, kind, reason)
      table.insert(dead, kind)
    else
      make_ready(id, kind, job[2])
      wait_under_key(id, kind)
    end
  end
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', key('delayed', kind), '-inf', now, 'LIMIT', 0, batch)) do
    redis.call('ZREM', key('delayed', kind), id)
    make_ready(id, kind, redis.call('HGET', key('job', id), 'priority'))
  end
end

local jobs = {}
local function take(kind, level)
  while #jobs < limit do
    local id = redis.call('RPOP', key('ready', kind, level))
    if not id then
      return
    end
    local job = key('job', id)
    local unique = redis.call('HGET', job, 'key')
    if unique and unique ~= '' then
      redis.call('HDEL', key('keys', kind), unique)
    end
    redis.call('ZADD', key('leases', kind), now + lease, id)
    redis.call('LPUSH', key('working', worker), id)
    redis.call('HSET', job, 'worker', worker)
    local lease_number = redis.call('HINCRBY', job, 'claim', 1)
    local attempt = redis.call('HINCRBY', job, 'attempts', 1)
    local rest = redis.call('HMGET', job, 'payload', 'max', 'enqueued', 'due', 'trace')
    table.insert(jobs, {id, kind, rest[1], attempt, tonumber(rest[2]), lease_number, tonumber(rest[3]), now - rest[4], rest[5]})
  end
end

for level = 0, 2 do
  for _, kind in ipairs(kinds) do
    take(kind, level)
  end
end

local next_due = -1
for _, kind in ipairs(kinds) do
  for _, set in ipairs({'delayed', 'leases'}) do
    local first = redis.call('ZRANGE', key(set, kind), 0, 0, 'WITHSCORES')
    if first[2] then
      local wait = math.max(0, first[2] - now)
      if next_due < 0 or wait < next_due then
        next_due = wait
      end
    end
  end
end
return {jobs, next_due, dead}
