-- id -> 1, or 0 when the dead letter does not exist
local id = ARGV[1]
if redis.call('ZREM', key('dead'), id) == 0 then
  return 0
end
local kind, priority = unpack(redis.call('HMGET', key('dead', id), 'kind', 'priority'))
redis.call('HINCRBY', key('dead-count'), kind, -1)
if redis.call('EXISTS', key('job', id)) == 1 then
  redis.call('DEL', key('dead', id))
  return 0
end
redis.call('RENAME', key('dead', id), key('job', id))
redis.call('HDEL', key('job', id), 'error', 'died')
redis.call('HSET', key('job', id), 'attempts', 0)
redis.call('SADD', key('kinds'), kind)
make_ready(id, kind, priority)
wait_under_key(id, kind)
wake(kind)
return 1
