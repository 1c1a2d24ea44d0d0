using System.Diagnostics.Metrics;
using MediaAspire.Core.Media.Usage;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.MediaLifecycle;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Media.Usage;

public sealed class MediaUsageDutyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task The_duty_folds_at_each_run_and_audits_at_its_interval()
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var time = new ManualTime();
        var options = new MediaUsageOptions();
        var measured = new Dictionary<string, long>();
        var duty = new MediaUsageDuty(
            new MediaUsageCounter(postgres.Database), ActivatorUtilities.CreateInstance<MediaUsageMetrics>(services),
            Options.Create(options), time, NullLogger<MediaUsageDuty>.Instance);
        using var listener = Listen(services.GetRequiredService<IMeterFactory>(), measured);
        await postgres.ExecuteAsync(
            """
            INSERT INTO media (media_id, owner, kind, status, name, normal_name, size, part_count)
            SELECT gen_random_uuid(), 'alice', 'image', 3, 'n', 'n', 1, 1 FROM generate_series(1, 25000)
            """);

        Assert.Equal(25_000, await duty.RunAsync(default));
        Assert.Equal(0, await duty.RunAsync(default));
        await postgres.ExecuteAsync("UPDATE media_usage SET items = items - 7, bytes = bytes + 5");
        Assert.Equal(0, await duty.RunAsync(default));
        Assert.Equal((25_000, 1, 0), (
            measured["mediaaspire.media.usage.folded"], measured["mediaaspire.media.usage.audits"],
            measured["mediaaspire.media.usage.drift"]));

        time.Advance(options.AuditInterval);
        await duty.RunAsync(default);
        await duty.RunAsync(default);
        Assert.Equal((2, 7, 5), (
            measured["mediaaspire.media.usage.audits"], measured["mediaaspire.media.usage.drift"],
            measured["mediaaspire.media.usage.drift.bytes"]));
        Assert.Equal(new(25_000, 25_000), (await new MediaUsageCounter(postgres.Database).ReportAsync(null, default)).Stored);
    }

    [Fact]
    public void Intervals_that_would_spin_are_refused()
    {
        var validator = new MediaUsageOptionsValidator();

        Assert.True(validator.Validate(null, new MediaUsageOptions()).Succeeded);
        Assert.True(validator.Validate(null, new MediaUsageOptions { FoldInterval = TimeSpan.Zero }).Failed);
        Assert.True(validator.Validate(null, new MediaUsageOptions { AuditInterval = TimeSpan.Zero }).Failed);
    }

    private static MeterListener Listen(IMeterFactory meters, Dictionary<string, long> measured)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == MediaUsageMetrics.MeterName && instrument.Meter.Scope == meters)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
            measured[instrument.Name] = measured.GetValueOrDefault(instrument.Name) + value);
        listener.Start();
        return listener;
    }
}
