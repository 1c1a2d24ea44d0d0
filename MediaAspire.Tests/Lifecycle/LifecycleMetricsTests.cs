using System.Diagnostics.Metrics;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Lifecycle;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Lifecycle;

namespace MediaAspire.Tests.Lifecycle;

public sealed class LifecycleMetricsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Expirations_are_counted_by_reason()
    {
        using var buckets = await ExpiringBuckets.StartAsync(postgres);
        var measured = new Dictionary<string, long>();
        using var listener = new MeterListener();
        var meters = buckets.Get<IMeterFactory>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Meter.Name == LifecycleMetrics.MeterName)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var name = $"{instrument.Name} {instrument.Unit} {(tags.Length > 0 ? tags[0].Value : "")}".TrimEnd();
            measured[name] = measured.GetValueOrDefault(name) + value;
        });
        listener.Start();
        var rule = new LifecycleRule("r", true, new LifecycleFilter()) { Days = 1, NoncurrentDays = 1, AbortUploadDays = 1 };
        var bucket = await buckets.CreateAsync("photos", BucketVersioning.Enabled, rule);
        await buckets.PutAsync(bucket, "a", 9);
        await buckets.PutAsync(bucket, "a", 8);
        await buckets.HideAsync(bucket, "b", 8);
        await buckets.PutAsync(bucket, "c", 0);
        await buckets.BeginUploadAsync(bucket, "d", 8);
        await buckets.CreateAsync("broken", BucketVersioning.Off);
        await postgres.ExecuteAsync("UPDATE buckets SET lifecycle = '[]' WHERE name = 'broken'");

        await buckets.RunAsync();

        Assert.Equal(5, measured["mediaaspire.lifecycle.examined {item}"]);
        Assert.Equal(1, measured["mediaaspire.lifecycle.versions {version} current"]);
        Assert.Equal(1, measured["mediaaspire.lifecycle.versions {version} noncurrent"]);
        Assert.Equal(1, measured["mediaaspire.lifecycle.versions {version} delete-marker"]);
        Assert.Equal(1, measured["mediaaspire.lifecycle.uploads {upload}"]);
        Assert.Equal(1, measured["mediaaspire.lifecycle.unreadable {bucket}"]);
    }
}
