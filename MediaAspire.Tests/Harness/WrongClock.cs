using System.Collections.Concurrent;

namespace MediaAspire.Tests.Harness;

/// <summary>A clock whose time is wrong, and whose timers can be delayed, as in a paused process.</summary>
internal sealed class WrongClock(TimeSpan error = default) : TimeProvider
{
    private readonly ConcurrentQueue<Action> _heldUp = new();
    private volatile bool _isPaused;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + error;

    public void Pause() => _isPaused = true;

    public void Resume()
    {
        _isPaused = false;
        while (_heldUp.TryDequeue(out var due))
        {
            due();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(
            argument =>
            {
                if (_isPaused)
                {
                    _heldUp.Enqueue(() => callback(argument));
                }
                else
                {
                    callback(argument);
                }
            },
            state,
            dueTime,
            period);
}
