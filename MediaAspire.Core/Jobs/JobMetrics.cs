using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MediaAspire.Core.Jobs;

/// <summary>The metrics of the queue and of attempts at jobs.</summary>
public sealed class JobMetrics
{
    public const string MeterName = "MediaAspire.Jobs";
    private const string KindTag = "mediaaspire.job.kind";
    private const string OutcomeTag = "mediaaspire.outcome";
    private const string StateTag = "mediaaspire.job.state";

    private readonly Counter<long> _enqueued;
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _dead;
    private readonly Histogram<double> _waits;
    private readonly Histogram<double> _durations;
    private IReadOnlyList<JobKindStats> _stats = [];

    public JobMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _enqueued = meter.CreateCounter<long>(
            "mediaaspire.job.enqueued", "{job}", "Jobs that were put into the queue or refused, by outcome.");
        _attempts = meter.CreateCounter<long>("mediaaspire.job.attempts", "{attempt}", "Attempts that ended, by outcome.");
        _dead = meter.CreateCounter<long>("mediaaspire.job.dead", "{job}", "Jobs that became dead letters.");
        _waits = meter.CreateHistogram<double>(
            "mediaaspire.job.wait.duration", "s", "Time from when a job was due until a worker took it.");
        _durations = meter.CreateHistogram<double>("mediaaspire.job.run.duration", "s", "Time of an attempt, by outcome.");
        meter.CreateObservableGauge("mediaaspire.job.depth", CountJobs, "{job}", "Jobs in the queue by state, as last counted.");
        meter.CreateObservableGauge(
            "mediaaspire.job.oldest_age", MeasureAges, "s", "Waiting time of the job that has been due longest, as last counted.");
    }

    /// <summary>Takes what the gauges show from now on.</summary>
    public void Observe(IReadOnlyList<JobKindStats> stats) => Volatile.Write(ref _stats, stats);

    public void Enqueued(string kind, EnqueueOutcome outcome) => _enqueued.Add(1, Tags(kind, outcome switch
    {
        EnqueueOutcome.Enqueued => "ok",
        EnqueueOutcome.AlreadyWaiting => "already-waiting",
        _ => "full",
    }));

    public void Taken(string kind, TimeSpan waited) => _waits.Record(waited.TotalSeconds, new KeyValuePair<string, object?>(KindTag, kind));

    /// <param name="kind">The kind's name.</param>
    /// <param name="outcome">ok, failed, rejected, lost, returned.</param>
    /// <param name="elapsed">The attempt's time.</param>
    public void AttemptEnded(string kind, string outcome, TimeSpan elapsed)
    {
        _attempts.Add(1, Tags(kind, outcome));
        _durations.Record(elapsed.TotalSeconds, Tags(kind, outcome));
    }

    public void Died(string kind) => _dead.Add(1, new KeyValuePair<string, object?>(KindTag, kind));

    private IEnumerable<Measurement<long>> CountJobs() => Volatile.Read(ref _stats).SelectMany(kind => new[]
    {
        Count(kind.Kind, "ready", kind.Ready),
        Count(kind.Kind, "delayed", kind.Delayed),
        Count(kind.Kind, "running", kind.Running),
        Count(kind.Kind, "dead", kind.Dead),
    });

    private IEnumerable<Measurement<double>> MeasureAges() => Volatile.Read(ref _stats).Select(kind =>
        new Measurement<double>(kind.OldestAge.TotalSeconds, new KeyValuePair<string, object?>(KindTag, kind.Kind)));

    private static Measurement<long> Count(string kind, string state, long jobs) => new(
        jobs, new KeyValuePair<string, object?>(KindTag, kind), new KeyValuePair<string, object?>(StateTag, state));

    private static TagList Tags(string kind, string outcome) => new() { { KindTag, kind }, { OutcomeTag, outcome } };
}
