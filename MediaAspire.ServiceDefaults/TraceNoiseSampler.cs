using System.Diagnostics;
using OpenTelemetry.Trace;

namespace MediaAspire.ServiceDefaults;

/// <summary>Leaves probes, scrapes and polls out of the traces; the configured sampler decides on everything else.</summary>
/// <remarks>
/// Spans that a dropped request causes are dropped too, here and in other processes, because their parent is not recorded. A caller can
/// therefore keep its requests out of the traces with a <c>traceparent</c> whose sampled flag is 0.
/// </remarks>
internal sealed class TraceNoiseSampler(Sampler configured) : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        HasUnrecordedParent(samplingParameters.ParentContext) || IsLoneCall(samplingParameters) || IsPoll(samplingParameters)
            ? new SamplingResult(SamplingDecision.Drop)
            : configured.ShouldSample(samplingParameters);

    private static bool HasUnrecordedParent(ActivityContext parent) =>
        parent.TraceId != default && !parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded);

    // A trace begins with a request, a job or a duty. A lone call to a database is a heartbeat or a poll for work, several a second.
    private static bool IsLoneCall(in SamplingParameters parameters) =>
        parameters.Kind == ActivityKind.Client && parameters.ParentContext.TraceId == default;

    private static bool IsPoll(in SamplingParameters parameters)
    {
        if (parameters.Kind != ActivityKind.Server || parameters.Tags is not { } tags)
        {
            return false;
        }

        var path = tags.FirstOrDefault(tag => tag.Key == "url.path").Value as string;
        return path is "/health" or "/alive" or MetricsExtensions.Path
            || path?.StartsWith("/grpc.health.v1.Health/", StringComparison.Ordinal) == true;
    }
}
