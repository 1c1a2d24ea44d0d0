namespace MediaAspire.Core.Fetching;

/// <summary>The time for which a shared cache may keep a response, by RFC 9111.</summary>
internal static class ResponseFreshness
{
    /// <returns>Zero for a response that is not to be kept; <see langword="null"/> when the origin says nothing.</returns>
    public static TimeSpan? Of(HttpResponseMessage response, DateTimeOffset now)
    {
        // RFC 9111, section 4.2.1: s-maxage, then max-age, then Expires; and 4.2.3: a response that other caches kept is that old already.
        if (response.Headers.CacheControl is { } control)
        {
            if (control.NoStore || control.NoCache || control.Private)
            {
                return TimeSpan.Zero;
            }

            if ((control.SharedMaxAge ?? control.MaxAge) is { } lifetime)
            {
                return AtLeastZero(lifetime - (response.Headers.Age ?? TimeSpan.Zero));
            }
        }

        if (!response.Content.Headers.TryGetValues("Expires", out _))
        {
            return null;
        }

        // Section 5.3: an invalid date, such as 0, is one in the past.
        return response.Content.Headers.Expires is { } expires
            ? AtLeastZero(expires - (response.Headers.Date ?? now) - (response.Headers.Age ?? TimeSpan.Zero))
            : TimeSpan.Zero;
    }

    private static TimeSpan AtLeastZero(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;
}
