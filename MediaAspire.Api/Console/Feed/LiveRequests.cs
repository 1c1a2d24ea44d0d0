using System.Diagnostics.Metrics;
using MediaAspire.Api.Requests;

namespace MediaAspire.Api.Console.Feed;

/// <summary>Counts the requests that end between two readings, for as long as it is not disposed. Thread-safe.</summary>
internal sealed class LiveRequests : IDisposable
{
    private readonly MeterListener _listener = new();
    private Window _window = new();

    /// <param name="meters">The host's own meters: tests run several hosts in one process.</param>
    public LiveRequests(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (RequestStatistics.IsDuration(instrument, meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) => Record(seconds, tags));
        _listener.Start();
    }

    /// <summary>Takes the requests since the last call.</summary>
    public Window Take() => Interlocked.Exchange(ref _window, new());

    public void Dispose() => _listener.Dispose();

    private void Record(double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var window = Volatile.Read(ref _window);
        window.Durations.Record(seconds);
        foreach (var (name, value) in tags)
        {
            if (name == "http.response.status_code" && value is int status)
            {
                window.Count(status);
            }
        }
    }

    /// <summary>The requests of a time.</summary>
    internal sealed class Window
    {
        private long _refused;
        private long _failed;

        public DurationHistogram Durations { get; } = new();

        /// <summary>Gets the number of responses 400 to 499.</summary>
        public long Refused => Interlocked.Read(ref _refused);

        /// <summary>Gets the number of responses 500 to 599.</summary>
        public long Failed => Interlocked.Read(ref _failed);

        public void Count(int status)
        {
            if (status >= StatusCodes.Status500InternalServerError)
            {
                Interlocked.Increment(ref _failed);
            }
            else if (status >= StatusCodes.Status400BadRequest)
            {
                Interlocked.Increment(ref _refused);
            }
        }
    }
}
