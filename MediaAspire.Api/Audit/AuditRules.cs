using System.Net;
using MediaAspire.Core.Audit;

namespace MediaAspire.Api.Audit;

/// <summary>The choice of the requests that are recorded, for all APIs.</summary>
internal static class AuditRules
{
    // The code of S3 for a rate or a concurrency that is too high, and for storage that is full: nothing was kept.
    private const string SlowDown = "SlowDown";

    /// <summary>Determines whether a request is recorded: changes, refusals, and reads where the settings ask for them.</summary>
    /// <param name="isChange">A value indicating whether the request was to change something.</param>
    /// <param name="status">The status of the response; 0 without a response.</param>
    /// <param name="reason">The code of the error; <see langword="null"/> where it is not known.</param>
    /// <param name="readsToo">A value indicating whether successful reads are recorded.</param>
    public static bool IsRecorded(bool isChange, int status, string? reason, bool readsToo) =>
        isChange || IsRefusal(status, reason) || (readsToo && status is >= 200 and < 400);

    public static AuditOutcome OutcomeOf(int status, string? reason) => status switch
    {
        >= 100 and < 400 => AuditOutcome.Done,
        >= 400 and < 500 or StatusCodes.Status507InsufficientStorage => AuditOutcome.Refused,
        StatusCodes.Status503ServiceUnavailable when reason == SlowDown => AuditOutcome.Refused,
        _ => AuditOutcome.Failed,
    };

    /// <summary>Gets the address of the client; an IPv4 address that the socket maps to IPv6 is mapped back.</summary>
    public static IPAddress? AddressOf(ConnectionInfo connection) =>
        connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : connection.RemoteIpAddress;

    // A read that is malformed or finds nothing is not a refusal.
    private static bool IsRefusal(int status, string? reason) =>
        status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status429TooManyRequests
            or StatusCodes.Status507InsufficientStorage
        || (status == StatusCodes.Status503ServiceUnavailable && reason == SlowDown);
}
