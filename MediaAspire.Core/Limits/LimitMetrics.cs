using System.Diagnostics.Metrics;

namespace MediaAspire.Core.Limits;

/// <summary>Instruments of the limits. The names are part of the operator contract: see docs/operations/metrics.md.</summary>
public sealed class LimitMetrics
{
    public const string MeterName = "MediaAspire.Limits";

    /// <summary>The reason of a refusal because of the rate of a key.</summary>
    public const string KeyRate = "key-rate";

    /// <summary>The reason of a refusal because of the rate of an address.</summary>
    public const string AddressRate = "address-rate";

    /// <summary>The reason of a refusal because of failed authentications.</summary>
    public const string FailedAuthentication = "failed-authentication";

    /// <summary>The reason of a refusal because all places, or those of the sender, are taken.</summary>
    public const string Concurrency = "concurrency";

    private readonly Meter _meter;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _leases;
    private readonly Counter<long> _expired;

    public LimitMetrics(IMeterFactory meterFactory)
    {
        ArgumentNullException.ThrowIfNull(meterFactory);

        // The factory owns the meter's lifetime, so it is not disposed here.
        _meter = meterFactory.Create(MeterName);
        _refused = _meter.CreateCounter<long>(
            "mediaaspire.limits.refused", unit: "{request}", description: "Requests refused because of a limit, by reason.");
        _leases = _meter.CreateCounter<long>(
            "mediaaspire.limits.leases", unit: "{call}", description: "Calls to Redis for tokens, by outcome.");
        _expired = _meter.CreateCounter<long>(
            "mediaaspire.limits.bodies.expired", unit: "{request}", description: "Requests ended because their body took too long.");
    }

    /// <summary>Shows the places that requests hold.</summary>
    /// <param name="uploads">Gets the number of requests with a body.</param>
    /// <param name="downloads">Gets the number of requests without one.</param>
    public void ShowTransfers(Func<int> uploads, Func<int> downloads) => _meter.CreateObservableGauge(
        "mediaaspire.limits.transfers",
        () => new Measurement<int>[]
        {
            new(uploads(), new KeyValuePair<string, object?>("mediaaspire.direction", "in")),
            new(downloads(), new KeyValuePair<string, object?>("mediaaspire.direction", "out")),
        },
        "{request}",
        "Requests that hold a place, with and without a body.");

    /// <summary>Counts a refused request.</summary>
    /// <param name="reason">One of the constants of this class.</param>
    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("mediaaspire.reason", reason));

    /// <summary>Counts a request whose body took longer than <see cref="LimitOptions.MaxBodyDuration"/>.</summary>
    public void BodyExpired() => _expired.Add(1);

    internal void Leased(string outcome) => _leases.Add(1, new KeyValuePair<string, object?>("mediaaspire.outcome", outcome));
}
