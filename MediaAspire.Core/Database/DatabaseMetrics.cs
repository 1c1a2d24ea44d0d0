using System.Diagnostics.Metrics;

namespace MediaAspire.Core.Database;

/// <summary>Instruments of the process's <see cref="DatabaseListener"/>.</summary>
/// <remarks>The names are part of the operator contract: see docs/operations/metrics.md.</remarks>
public sealed class DatabaseMetrics
{
    public const string MeterName = "MediaAspire.Database";

    private readonly Counter<long> _replaced;
    private int _isObserving;

    public DatabaseMetrics(IMeterFactory meterFactory)
    {
        ArgumentNullException.ThrowIfNull(meterFactory);

        // The factory owns the meter's lifetime, so it is not disposed here.
        Meter = meterFactory.Create(MeterName);
        _replaced = Meter.CreateCounter<long>(
            "mediaaspire.database.listener.replaced", "{connection}", "Listening connections that were replaced, by reason.");
    }

    internal Meter Meter { get; }

    internal void Observe(DatabaseListener listener)
    {
        if (Interlocked.Exchange(ref _isObserving, 1) == 0)
        {
            Meter.CreateObservableGauge(
                "mediaaspire.database.listener.age",
                () => listener.SinceLastLook.TotalSeconds,
                "s",
                "Time since the listener last looked for signals.");
        }
    }

    internal void Replaced(string reason) => _replaced.Add(1, new KeyValuePair<string, object?>("mediaaspire.reason", reason));
}
