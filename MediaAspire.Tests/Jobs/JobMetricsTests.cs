using System.Diagnostics.Metrics;
using MediaAspire.Core.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace MediaAspire.Tests.Jobs;

public sealed class JobMetricsTests
{
    [Fact]
    public void Instruments_CarryKindOutcomeAndState()
    {
        using var services = new ServiceCollection().AddMetrics().AddSingleton<JobMetrics>().BuildServiceProvider();
        var metrics = services.GetRequiredService<JobMetrics>();
        var seen = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == JobMetrics.MeterName && instrument.Meter.Scope == services.GetRequiredService<IMeterFactory>())
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => seen.Add(Describe(instrument, value, tags)));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => seen.Add(Describe(instrument, value, tags)));
        listener.Start();

        metrics.Enqueued("split", EnqueueOutcome.Full);
        metrics.Taken("split", TimeSpan.FromSeconds(2));
        metrics.AttemptEnded("split", "failed", TimeSpan.FromMilliseconds(500));
        metrics.Died("split");
        metrics.Observe([new JobKindStats("split", Ready: 4, Delayed: 3, Running: 2, Dead: 1, TimeSpan.FromSeconds(9))]);
        listener.RecordObservableInstruments();

        Assert.Equal(
            [
                "mediaaspire.job.attempts {attempt} 1 split failed",
                "mediaaspire.job.dead {job} 1 split",
                "mediaaspire.job.depth {job} 1 split dead",
                "mediaaspire.job.depth {job} 2 split running",
                "mediaaspire.job.depth {job} 3 split delayed",
                "mediaaspire.job.depth {job} 4 split ready",
                "mediaaspire.job.enqueued {job} 1 split full",
                "mediaaspire.job.oldest_age s 9 split",
                "mediaaspire.job.run.duration s 0.5 split failed",
                "mediaaspire.job.wait.duration s 2 split",
            ],
            seen.Order(StringComparer.Ordinal));
    }

    private static string Describe<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        string.Join(' ', [instrument.Name, instrument.Unit, $"{value}", .. tags.ToArray().Select(tag => tag.Value)]);
}
