-- id -> the dead letter as its id and fields, or nothing
if redis.call('EXISTS', key('dead', ARGV[1])) == 0 then
  return {}
end
local job = redis.call('HMGET', key('dead', ARGV[1]),
  'kind', 'payload', 'priority', 'key', 'attempts', 'error', 'enqueued', 'died', 'trace')
table.insert(job, 1, ARGV[1])
return {job}
