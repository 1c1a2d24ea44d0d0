using System.Diagnostics.Metrics;
using MediaAspire.Core.Quotas;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Quotas;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Quotas;

public sealed class QuotaDutyTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private QuotaWorld _world = null!;

    public async Task InitializeAsync() => _world = await QuotaWorld.StartAsync(postgres);

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task The_duty_counts_new_quotas_at_once_and_audits_the_others_at_each_interval()
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var time = new ManualTime();
        var options = new QuotaOptions();
        var metrics = ActivatorUtilities.CreateInstance<QuotaMetrics>(services);
        var duty = new QuotaDuty(_world.Counter, metrics, Options.Create(options), time, NullLogger<QuotaDuty>.Instance);
        var measured = new Dictionary<string, long>();
        using var listener = Listen(services.GetRequiredService<IMeterFactory>(), measured);
        await _world.PutFileAsync(100);
        Assert.Equal(0, await duty.RunAsync(default));

        await _world.Quotas.SetAsync(QuotaScope.Of(QuotaWorld.Owner), new(Bytes: 1000, Objects: null), default);
        Assert.Equal(1, await duty.RunAsync(default));
        Assert.Equal(new(100, 1), await _world.UsedAsync());

        await postgres.ExecuteAsync("UPDATE quotas SET used_bytes = 130");
        Assert.Equal(0, await duty.RunAsync(default));
        Assert.Empty(measured);
        time.Advance(options.Interval);
        Assert.Equal(1, await duty.RunAsync(default));
        Assert.Equal(new(100, 1), await _world.UsedAsync());
        Assert.Equal((1, 30), (measured["mediaaspire.quota.audited"], measured["mediaaspire.quota.drift"]));

        time.Advance(options.Interval);
        Assert.Equal(1, await duty.RunAsync(default));
        Assert.Equal((2, 30), (measured["mediaaspire.quota.audited"], measured["mediaaspire.quota.drift"]));
    }

    [Fact]
    public void An_interval_that_would_spin_is_refused()
    {
        var validator = new QuotaOptionsValidator();

        Assert.True(validator.Validate(null, new QuotaOptions()).Succeeded);
        Assert.True(validator.Validate(null, new QuotaOptions { Interval = TimeSpan.Zero }).Failed);
    }

    private static MeterListener Listen(IMeterFactory meters, Dictionary<string, long> measured)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == QuotaMetrics.MeterName && instrument.Meter.Scope == meters)
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
