-- id and lease number of each job -> how many were removed
local done = 0
for i = 1, #ARGV, 2 do
  if release(ARGV[i], ARGV[i + 1]) then
    redis.call('DEL', key('job', ARGV[i]))
    done = done + 1
  end
end
return done
