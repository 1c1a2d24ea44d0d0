using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace MediaAspire.Api.Requests;

/// <summary>Counts this process's requests by route. Thread-safe.</summary>
/// <remarks>
/// It listens to ASP.NET Core's own instrument, so a request costs one dictionary lookup more. Routes are templates, which the program
/// defines, and never paths of clients; their number is bounded all the same.
/// </remarks>
internal sealed class RequestStatistics : IHostedService, IDisposable
{
    /// <summary>The tag by which requests to the S3 API name their operation; they have no route.</summary>
    public const string OperationTag = "mediaaspire.s3.operation";

    private const string HostingMeter = "Microsoft.AspNetCore.Hosting";
    private const string DurationName = "http.server.request.duration";
    private const int MaxRoutes = 1000;

    private static readonly (string Method, string Route) s_others = ("", "(others)");

    private readonly ConcurrentDictionary<(string Method, string Route), RouteStatistics> _routes = new();
    private readonly MeterListener _listener = new();
    private readonly TimeProvider _time;

    public RequestStatistics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        StartedAt = time.GetUtcNow();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (IsDuration(instrument, meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) => Record(seconds, tags));
    }

    /// <summary>Determines whether an instrument has the durations of the requests to a host.</summary>
    /// <param name="instrument">The instrument.</param>
    /// <param name="meters">The meters of the host: tests run several in one process.</param>
    public static bool IsDuration(Instrument instrument, IMeterFactory meters) =>
        instrument.Meter.Name == HostingMeter && instrument.Name == DurationName && instrument.Meter.Scope == meters;

    /// <summary>Gets the time since which requests are counted.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        StartedAt = _time.GetUtcNow();
        _listener.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _listener.Dispose();

    /// <summary>Lists the routes that had any request, in the order of their templates and methods.</summary>
    public IReadOnlyList<(string Method, string Route, RouteStatistics Requests)> List() =>
    [
        .. _routes.Select(entry => (entry.Key.Method, entry.Key.Route, entry.Value))
            .OrderBy(entry => entry.Route, StringComparer.Ordinal).ThenBy(entry => entry.Method, StringComparer.Ordinal),
    ];

    internal void Record(double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var method = "";
        var route = "(none)";
        var status = 0;
        foreach (var (name, value) in tags)
        {
            switch (name)
            {
                case "http.request.method":
                    method = value as string ?? method;
                    break;
                case "http.route" or OperationTag:
                    route = value as string ?? route;
                    break;
                case "http.response.status_code":
                    status = value as int? ?? 0;
                    break;
            }
        }

        Find((method, route)).Record(status, seconds);
    }

    private RouteStatistics Find((string Method, string Route) key)
    {
        if (_routes.TryGetValue(key, out var found))
        {
            return found;
        }

        return _routes.GetOrAdd(_routes.Count < MaxRoutes ? key : s_others, static _ => new());
    }
}
