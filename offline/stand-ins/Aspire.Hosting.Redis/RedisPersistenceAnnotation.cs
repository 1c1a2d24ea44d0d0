using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Redis;

/// <summary>When the server writes a snapshot of its data.</summary>
internal sealed class RedisPersistenceAnnotation(TimeSpan? interval, long keysChangedThreshold) : IResourceAnnotation
{
    private static readonly TimeSpan s_defaultInterval = TimeSpan.FromSeconds(60);

    public string[] ToArguments() =>
    [
        "--save",
        (interval ?? s_defaultInterval).TotalSeconds.ToString(CultureInfo.InvariantCulture),
        keysChangedThreshold.ToString(CultureInfo.InvariantCulture),
    ];
}
