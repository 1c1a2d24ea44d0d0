using System.Diagnostics.Metrics;
using MediaAspire.Core.Staging;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MediaAspire.Tests.Staging;

public sealed class StagingMetricsTests
{
    [Fact]
    public void Gauges_ShowFiguresUntilTheyAreOld()
    {
        var time = new ManualTime();
        using var services = new ServiceCollection().AddMetrics().AddSingleton<TimeProvider>(time).BuildServiceProvider();
        var metrics = ActivatorUtilities.CreateInstance<StagingMetrics>(services);
        var seen = new Dictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == services.GetRequiredService<IMeterFactory>() && instrument.IsObservable)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => seen[$"{instrument.Name} {instrument.Unit}"] = value);
        listener.Start();

        metrics.Show(new StagingFigures(5, 2, TimeSpan.FromSeconds(7)), TimeSpan.FromSeconds(30));
        listener.RecordObservableInstruments();

        Assert.Equal(
            new Dictionary<string, long>
            {
                ["mediaaspire.staging.used By"] = 5,
                ["mediaaspire.staging.values {value}"] = 2,
                ["mediaaspire.staging.oldest.age s"] = 7,
            },
            seen);

        seen.Clear();
        time.Advance(TimeSpan.FromSeconds(30));
        listener.RecordObservableInstruments();
        Assert.Empty(seen);
    }
}
