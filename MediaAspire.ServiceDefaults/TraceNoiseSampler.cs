using System.Diagnostics;
using OpenTelemetry.Trace;

namespace MediaAspire.ServiceDefaults;

/// <summary>Leaves probes, scrapes and polls out of the traces; the configured sampler decides on everything else.</summary>
/// <remarks>
/// A request that is left out takes with it what it causes, here and in other processes: they see a parent that is not recorded. So any
/// caller can keep its own requests out of the traces, by a <c>traceparent</c> whose sampled flag is 0.
/// </remarks>
internal sealed class TraceNoiseSampler(Sampler configured) : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        HasUnrecordedParent(samplingParameters.ParentContext) || IsLoneCall(samplingParameters) || IsPoll(samplingParameters)
            ? new SamplingResult(SamplingDecision.Drop)
            : configured.ShouldSample(samplingParameters);

    private static bool HasUnrecordedParent(ActivityContext parent) =>
        parent.TraceId != default && !parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded);

    // A trace begins with a request, a job or a duty. A call to a database by itself is a heartbeat or a look for work, several a second.
    private static bool IsLoneCall(in SamplingParameters parameters) =>
        parameters.Kind == ActivityKind.Client && parameters.ParentContext.TraceId == default;

    private static bool IsPoll(in SamplingParameters parameters)
    {
        if (parameters.Kind != ActivityKind.Server || parameters.Tags is not { } tags)
        {
            return false;
        }

        string? method = null, path = null;
        foreach (var (name, value) in tags)
        {
            switch (name)
            {
                case "http.request.method":
                    method = value as string;
                    break;
                case "url.path":
                    path = value as string;
                    break;
            }
        }

        // The dashboard asks for the nodes every few seconds.
        return path is "/health" or "/alive" or MetricsExtensions.Path
            || path?.StartsWith("/grpc.health.v1.Health/", StringComparison.Ordinal) == true
            || (method == "GET" && path == "/admin/nodes");
    }
}
