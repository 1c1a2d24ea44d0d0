using System.Diagnostics.Metrics;
using MediaAspire.Core.Lifecycle;

namespace MediaAspire.Worker.Lifecycle;

/// <summary>The metrics of expiration by lifecycle rules.</summary>
public sealed class LifecycleMetrics
{
    public const string MeterName = "MediaAspire.Lifecycle";
    private const string ReasonTag = "mediaaspire.reason";

    private readonly Counter<long> _examined;
    private readonly Counter<long> _versions;
    private readonly Counter<long> _uploads;
    private readonly Counter<long> _unreadable;

    public LifecycleMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _examined = meter.CreateCounter<long>(
            "mediaaspire.lifecycle.examined", "{item}", "Versions and uploads that were compared with rules.");
        _versions = meter.CreateCounter<long>("mediaaspire.lifecycle.versions", "{version}", "Versions that expired, by reason.");
        _uploads = meter.CreateCounter<long>("mediaaspire.lifecycle.uploads", "{upload}", "Multipart uploads that were aborted.");
        _unreadable = meter.CreateCounter<long>(
            "mediaaspire.lifecycle.unreadable", "{bucket}", "Walks over a bucket that were skipped because its rules are not readable.");
    }

    internal void Examined(int count) => _examined.Add(count);

    internal void Expired(ExpiryKind kind, int count) => _versions.Add(count, new KeyValuePair<string, object?>(ReasonTag, kind switch
    {
        ExpiryKind.Current => "current",
        ExpiryKind.Noncurrent => "noncurrent",
        _ => "delete-marker",
    }));

    internal void Aborted() => _uploads.Add(1);

    internal void Unreadable() => _unreadable.Add(1);
}
