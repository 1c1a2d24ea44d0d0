using System.Net;

namespace MediaAspire.Core.Audit;

/// <summary>A change or a refusal: the sender, the operation, its resource and its outcome. It contains no secret.</summary>
public sealed record AuditEvent
{
    /// <summary>Gets the id, a UUID of version 7 whose time is that of the event.</summary>
    public required Guid Id { get; init; }

    /// <summary>Gets the time, by the clock of the process that recorded the event.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    public required AuditApi Api { get; init; }

    public required AuditActor Actor { get; init; }

    /// <summary>Gets the address of the client; <see langword="null"/> where it is not known, or rows stand for several.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>Gets the operation: the name of a route, or of an operation of S3.</summary>
    public required string Action { get; init; }

    /// <summary>Gets the path or the name of the changed resource, without a query.</summary>
    public string? Resource { get; init; }

    public required AuditOutcome Outcome { get; init; }

    /// <summary>Gets the HTTP status; 0 when the client disconnected before the response.</summary>
    public required int Status { get; init; }

    /// <summary>Gets the code of the error.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets the id of the request in logs and responses.</summary>
    public string? RequestId { get; init; }

    /// <summary>Gets the number of equal events that this one stands for.</summary>
    public int Repeats { get; init; } = 1;
}

/// <summary>The sender of a request.</summary>
/// <param name="Kind">The way by which it was authenticated.</param>
/// <param name="KeyId">The public id of its key, or the id of a person; <see langword="null"/> without one.</param>
/// <param name="OwnerId">The owner that it acts for.</param>
public readonly record struct AuditActor(AuditActorKind Kind, string? KeyId, string? OwnerId)
{
    public static AuditActor Anonymous { get; } = new(AuditActorKind.Anonymous, null, null);
}

public enum AuditActorKind
{
    Anonymous,

    /// <summary>A key that a refused request claimed to have.</summary>
    Unverified,
    ApiKey,
    AccessKey,

    /// <summary>A person who signed in to the console by OpenID Connect.</summary>
    Person,
}

public enum AuditApi
{
    Rest,
    Admin,
    S3,
}

public enum AuditOutcome
{
    Done,

    /// <summary>The request was wrong or not allowed.</summary>
    Refused,

    /// <summary>The server failed, or the client disconnected: the change may have been made.</summary>
    Failed,
}
