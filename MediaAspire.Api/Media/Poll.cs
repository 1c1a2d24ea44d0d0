namespace MediaAspire.Api.Media;

/// <summary>Waits for a state that another process brings about.</summary>
internal static class Poll
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMilliseconds(500);

    /// <summary>Reads a state until it is as wanted, or the time is over. The pauses grow with the time that has passed.</summary>
    /// <returns>The last state, which is as wanted or not.</returns>
    public static async Task<T> UntilAsync<T>(
        Func<Task<T>> read, Func<T, bool> isWanted, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        for (var pause = s_firstPause; ; pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause)
        {
            var state = await read();
            var left = limit - time.GetElapsedTime(startedAt);
            if (isWanted(state) || left <= TimeSpan.Zero)
            {
                return state;
            }

            await Task.Delay(pause < left ? pause : left, time, cancellationToken);
        }
    }
}
