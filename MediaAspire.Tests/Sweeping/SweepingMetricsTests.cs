using System.Diagnostics.Metrics;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Integrity;
using MediaAspire.Worker.Sweeping;

namespace MediaAspire.Tests.Sweeping;

public sealed class SweepingMetricsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Sweeps_and_findings_are_measured()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        var measured = new Dictionary<string, double>();
        using var listener = new MeterListener();
        var meters = cluster.Get<IMeterFactory>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Meter.Name is SweepingMetrics.MeterName or IntegrityMetrics.MeterName)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => measured[NameOf(instrument, tags)] = value);
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => measured[NameOf(instrument, tags)] = value);
        listener.Start();

        await cluster.Nodes[1].PutAsync(TestBytes.Make(5, 500));
        await cluster.RunAsync<OrphansDuty>();
        var (gone, hurt) = (await cluster.StoreAsync(), await cluster.StoreAsync());
        await cluster.Catalog.DeleteAsync(gone.Id, owner: null, default);
        File.Delete(cluster.PathOn(1, hurt.Chunks[0].Id));
        await cluster.RunAsync<IntegrityDuty>();
        await cluster.RunAsync<DeletedFilesDuty>();
        await cluster.RunAsync<OrphansDuty>();
        await cluster.RunAsync<RemovalDuty>();
        await cluster.RunAsync<IntegrityDuty>();
        listener.RecordObservableInstruments();

        Assert.Equal(2, measured["mediaaspire.sweeping.copies.given_up {copy} deleted-files"]);
        Assert.Equal(1, measured["mediaaspire.sweeping.copies.removed {copy}"]);
        Assert.Equal(0, measured["mediaaspire.sweeping.copies.waiting {copy}"]);
        Assert.Equal(1, measured["mediaaspire.sweeping.orphans.withheld {chunk} unknown-disk"]);
        Assert.Equal(1, measured["mediaaspire.integrity.findings {finding} missing"]);
        Assert.Equal(1, measured["mediaaspire.integrity.findings {finding} under-replicated"]);
        Assert.Equal(0, measured["mediaaspire.integrity.findings {finding} lost"]);
        Assert.InRange(measured["mediaaspire.integrity.walk.duration s"], 0, 60);
        Assert.InRange(measured["mediaaspire.sweeping.comparison.duration s"], 0, 60);
    }

    private static string NameOf(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        $"{instrument.Name} {instrument.Unit} {(tags.Length > 0 ? tags[0].Value : "")}".TrimEnd();
}
