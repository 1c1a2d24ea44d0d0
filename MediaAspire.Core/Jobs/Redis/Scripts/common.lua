-- The beginning of every script of the queue. KEYS[1] is the prefix of all keys: one hash tag, so that they lie in one slot.
--
--   job:ID             hash: what the job is, and how often it was tried
--   ready:KIND:PRIO    list: due jobs; in on the left, out on the right
--   delayed:KIND       sorted set: jobs that are not due, by the time when they are
--   leases:KIND        sorted set: jobs that a worker has, by the end of its lease
--   working:WORKER     list: the jobs that this worker has
--   keys:KIND          hash: unique key to the id of the job that waits under it
--   kinds              set of kinds
--   dead               sorted set of dead letters' ids, all of score 0: a list in the order of ids
--   dead:ID            hash: a job that failed for good
--   dead-count         hash: kind to its number of dead letters
--
-- Times are Redis's own, in milliseconds. A Redis that is full refuses a script whose first write could make it grow, and no later one:
-- scripts that take or settle jobs begin with a removal, so that a full queue can be emptied.
local prefix = KEYS[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

local function key(...)
  return prefix .. table.concat({...}, ':')
end

local function wake(kind)
  redis.call('PUBLISH', key('due'), kind)
end

local function make_ready(id, kind, priority)
  redis.call('HSET', key('job', id), 'due', now)
  redis.call('LPUSH', key('ready', kind, priority), id)
end

-- The key is held again, unless a job that waits has it.
local function wait_under_key(id, kind)
  local unique = redis.call('HGET', key('job', id), 'key')
  if unique and unique ~= '' and redis.call('HSETNX', key('keys', kind), unique, id) == 0 then
    redis.call('HDEL', key('job', id), 'key')
  end
end

-- Takes a job from the worker that has it. False when the lease number, the field 'claim', is an older one.
local function release(id, lease_number)
  local job = redis.call('HMGET', key('job', id), 'kind', 'claim', 'worker', 'priority')
  if job[2] ~= lease_number or redis.call('ZREM', key('leases', job[1]), id) == 0 then
    return false
  end
  redis.call('LREM', key('working', job[3]), 1, id)
  return true, job[1], job[4]
end

local function move_to_dead_letters(id, kind, reason)
  redis.call('RENAME', key('job', id), key('dead', id))
  redis.call('HSET', key('dead', id), 'error', reason, 'died', now)
  -- A job that was enqueued again under its id may die again.
  if redis.call('ZADD', key('dead'), 0, id) == 1 then
    redis.call('HINCRBY', key('dead-count'), kind, 1)
  end
end
