using System.Collections.Frozen;
using System.Diagnostics;
using OpenTelemetry;

namespace MediaAspire.ServiceDefaults;

/// <summary>Keeps the Redis client's heartbeat and its handshakes on new connections out of the traces.</summary>
/// <remarks>
/// The client connects on first use, so its heartbeat would become a part of the first request's trace. A span's command is known only
/// after the span has started, which is too late for a sampler.
/// </remarks>
internal sealed class RedisHousekeepingFilter : BaseProcessor<Activity>
{
    /// <summary>The source of Aspire's instrumentation, which names each span after its command.</summary>
    internal const string SourceName = "OpenTelemetry.Instrumentation.StackExchangeRedis";

    private static readonly FrozenSet<string> s_commands = new[]
    {
        "AUTH", "CLIENT", "CLUSTER", "CONFIG", "ECHO", "HELLO", "INFO", "PING", "SELECT", "SENTINEL", "SUBSCRIBE",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public override void OnEnd(Activity data)
    {
        if (data.Source.Name == SourceName && s_commands.Contains(data.DisplayName))
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }
}
