using System.Diagnostics.Metrics;
using MediaAspire.Core.Media.Processing;

namespace MediaAspire.Worker.Processing;

/// <summary>Instruments of the processing of media. The names are part of the operator contract: see docs/operations/metrics.md.</summary>
public sealed class MediaProcessingMetrics
{
    public const string MeterName = "MediaAspire.MediaProcessing";

    private readonly Histogram<double> _attempts;

    public MediaProcessingMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);

        _attempts = meters.Create(MeterName).CreateHistogram<double>(
            "mediaaspire.media.processing.duration", "s", "Time of an attempt at processing an item, by outcome.");
    }

    internal void AttemptEnded(ProcessingOutcome outcome, TimeSpan elapsed) =>
        _attempts.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("mediaaspire.outcome", outcome switch
        {
            ProcessingOutcome.Ready => "ready",
            ProcessingOutcome.Waits => "retry",
            ProcessingOutcome.Failed => "failed",
            ProcessingOutcome.Busy => "busy",
            ProcessingOutcome.Lost => "lost",
            _ => "nothing-to-do",
        }));
}
