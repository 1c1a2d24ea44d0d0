-- id to start after or '', limit -> dead letters, each as its id and fields
local from = ARGV[1] == '' and '-' or '(' .. ARGV[1]
local jobs = {}
for _, id in ipairs(redis.call('ZRANGEBYLEX', key('dead'), from, '+', 'LIMIT', 0, ARGV[2])) do
  local job = redis.call('HMGET', key('dead', id), 'kind', 'payload', 'priority', 'key', 'attempts', 'error', 'enqueued', 'died', 'trace')
  table.insert(job, 1, id)
  table.insert(jobs, job)
end
return jobs
