using System.Net;
using MediaAspire.Core.Audit;

namespace MediaAspire.Tests.Audit;

/// <summary>Events to store.</summary>
internal static class AuditEvents
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    public static AuditEvent Event(
        DateTimeOffset? at = null, AuditOutcome outcome = AuditOutcome.Done, string address = "192.0.2.7") => new()
        {
            Id = Guid.CreateVersion7(at ?? Noon),
            OccurredAt = at ?? Noon,
            Api = AuditApi.S3,
            Actor = new(AuditActorKind.AccessKey, "KEY", "alice"),
            Address = IPAddress.Parse(address),
            Action = "PutObject",
            Resource = "/films/a",
            Outcome = outcome,
            Status = outcome == AuditOutcome.Done ? 200 : 403,
            Reason = outcome == AuditOutcome.Done ? null : "AccessDenied",
            RequestId = "0123456789ABCDEF",
        };
}
