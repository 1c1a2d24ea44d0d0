using System.Text.Json.Serialization;
using MediaAspire.Core.Audit;

namespace MediaAspire.Api.Audit;

/// <param name="Id">The id, by which a list continues; its order is that of the events.</param>
/// <param name="OccurredAt">The time, by the clock of the recording process.</param>
/// <param name="Api">rest, admin or s3.</param>
/// <param name="ActorKind">
/// anonymous, api-key, access-key, person, or unverified: the key that a refused request only claimed to have.
/// </param>
/// <param name="Actor">The public id of the key; of a person, the id at the OpenID Connect server.</param>
/// <param name="OwnerId">The owner that the key acts for.</param>
/// <param name="Address">The address of the client.</param>
/// <param name="Action">The operation: the name of a route, or of an operation of S3.</param>
/// <param name="Resource">The changed resource.</param>
/// <param name="Outcome">done, refused or failed.</param>
/// <param name="Status">The HTTP status; 0 when the client disconnected before the response.</param>
/// <param name="Reason">The code of the error.</param>
/// <param name="RequestId">The id of the request in logs and responses.</param>
/// <param name="Repeats">The number of equal events that this one stands for.</param>
internal sealed record AuditEventResponse(
    Guid Id,
    DateTimeOffset OccurredAt,
    string Api,
    string ActorKind,
    string? Actor,
    string? OwnerId,
    string? Address,
    string Action,
    string? Resource,
    string Outcome,
    int Status,
    string? Reason,
    string? RequestId,
    int Repeats)
{
    public static AuditEventResponse Of(AuditEvent one) => new(
        one.Id,
        one.OccurredAt,
        one.Api.Name(),
        one.Actor.Kind.Name(),
        one.Actor.KeyId,
        one.Actor.OwnerId,
        one.Address?.ToString(),
        one.Action,
        one.Resource,
        one.Outcome.Name(),
        one.Status,
        one.Reason,
        one.RequestId,
        one.Repeats);
}

/// <param name="Events">The page, the newest event first.</param>
/// <param name="Next">The value of "after" for the next page; null on the last one.</param>
internal sealed record AuditEventsResponse(IReadOnlyList<AuditEventResponse> Events, Guid? Next);

/// <summary>The lines of an export.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AuditEventResponse))]
internal sealed partial class AuditJson : JsonSerializerContext;
