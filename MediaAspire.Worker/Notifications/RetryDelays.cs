namespace MediaAspire.Worker.Notifications;

/// <summary>The pauses between attempts.</summary>
internal static class RetryDelays
{
    /// <summary>Computes the pause after a failure: the first one, doubled for each failure before, up to the longest.</summary>
    /// <param name="before">The failures before this one, from 0.</param>
    /// <param name="first">The pause after the first failure.</param>
    /// <param name="longest">The longest pause.</param>
    public static TimeSpan After(int before, TimeSpan first, TimeSpan longest)
    {
        var wanted = first.TotalSeconds * Math.Pow(2, before);
        return wanted < longest.TotalSeconds ? TimeSpan.FromSeconds(wanted) : longest;
    }
}
