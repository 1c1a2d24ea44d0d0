using System.Diagnostics;
using OpenTelemetry;

namespace MediaAspire.ServiceDefaults;

/// <summary>Keeps the orchestrator's health probes, several a second, and what they ask of others out of the traces.</summary>
internal sealed class HealthProbeFilter : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        for (var activity = data; activity is not null; activity = activity.Parent)
        {
            if (activity.Kind == ActivityKind.Server && activity.GetTagItem("url.path") is string path && IsProbe(path))
            {
                data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
                return;
            }
        }
    }

    private static bool IsProbe(string path) =>
        path is "/health" or "/alive" || path.StartsWith("/grpc.health.v1.Health/", StringComparison.Ordinal);
}
