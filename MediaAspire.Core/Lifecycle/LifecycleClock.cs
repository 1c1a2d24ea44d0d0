namespace MediaAspire.Core.Lifecycle;

/// <summary>Counts the days of rules.</summary>
/// <param name="day">The length of a day. A length other than 24 hours is for tests.</param>
public sealed class LifecycleClock(TimeSpan day)
{
    private static readonly TimeSpan s_realDay = TimeSpan.FromDays(1);

    /// <summary>Gets the clock with days of 24 hours.</summary>
    public static LifecycleClock Real { get; } = new(s_realDay);

    /// <summary>Computes the end of a number of days: as in S3, the next midnight UTC. Days of another length end exactly.</summary>
    /// <returns>The time, at most <see cref="DateTimeOffset.MaxValue"/>.</returns>
    public DateTimeOffset After(DateTimeOffset since, int days)
    {
        var start = since.UtcDateTime;
        if (day != s_realDay)
        {
            return days <= (DateTime.MaxValue - start) / day ? new(start + (days * day)) : DateTimeOffset.MaxValue;
        }

        return days < (DateTime.MaxValue.Date - start.Date).Days
            ? new(start.Date.AddDays(days + 1), TimeSpan.Zero)
            : DateTimeOffset.MaxValue;
    }
}
