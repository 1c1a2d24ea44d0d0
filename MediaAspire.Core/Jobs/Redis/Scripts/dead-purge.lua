-- ids -> how many were deleted
local purged = 0
for _, id in ipairs(ARGV) do
  if redis.call('ZREM', key('dead'), id) == 1 then
    redis.call('HINCRBY', key('dead-count'), redis.call('HGET', key('dead', id), 'kind'), -1)
    redis.call('DEL', key('dead', id))
    purged = purged + 1
  end
end
return purged
