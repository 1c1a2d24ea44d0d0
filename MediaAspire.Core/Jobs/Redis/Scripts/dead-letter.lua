-- id, lease number, reason -> 1, or 0 when the job is no longer held
local is_held, kind = release(ARGV[1], ARGV[2])
if is_held then
  move_to_dead_letters(ARGV[1], kind, ARGV[3])
  return 1
end
return 0
