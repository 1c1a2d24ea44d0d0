using System.Globalization;

namespace MediaAspire.Api.Problems;

/// <summary>Values of the header <c>Retry-After</c>.</summary>
internal static class RetryAfters
{
    /// <summary>Formats a time in whole seconds, at least one.</summary>
    public static string SecondsOf(TimeSpan retryAfter) =>
        Math.Max(1, (long)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
