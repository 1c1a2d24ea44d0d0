using System.Globalization;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MediaAspire.Core.Notifications;

/// <summary>The body of a notification, in the form of AWS.</summary>
/// <remarks>
/// Of AWS's members, those about the request are missing (<c>userIdentity</c>, <c>requestParameters</c>, <c>responseElements</c>).
/// </remarks>
public static class NotificationMessage
{
    private static readonly MessageJson s_json = new(new JsonSerializerOptions(MessageJson.Default.Options)
    {
        // The receiver parses JSON: characters that only matter in HTML need no escape.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Writes events, in their order, as UTF-8.</summary>
    public static byte[] Write(IEnumerable<NotificationEvent> events) =>
        JsonSerializer.SerializeToUtf8Bytes(new Message([.. events.Select(RecordOf)]), s_json.Message);

    private static MessageRecord RecordOf(NotificationEvent told)
    {
        var isRemoval = told.Name.EndsWith(":Delete", StringComparison.Ordinal);
        return new(
            "2.1",
            "aws:s3",
            told.Bucket.Region,
            told.OccurredAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            told.Name[EventNames.Prefix.Length..],
            new(
                "1.0",
                told.RuleId,
                new(told.Bucket.Name, new(told.Bucket.OwnerId), $"arn:aws:s3:::{told.Bucket.Name}"),
                new(
                    EncodeKey(told.Key),
                    isRemoval ? null : told.Size,
                    isRemoval ? null : told.ETag,
                    told.Version.IsNull ? null : told.Version.Id.ToString(),
                    told.Sequencer)));
    }

    // As AWS does: like a form, but slashes stay.
    private static string EncodeKey(string key) => WebUtility.UrlEncode(key).Replace("%2F", "/", StringComparison.Ordinal);
}

internal sealed record Message([property: JsonPropertyName("Records")] IReadOnlyList<MessageRecord> Records);

internal sealed record MessageRecord(
    string EventVersion, string EventSource, string AwsRegion, string EventTime, string EventName, MessageEntity S3);

internal sealed record MessageEntity(
    [property: JsonPropertyName("s3SchemaVersion")] string SchemaVersion, string ConfigurationId, MessageBucket Bucket,
    MessageObject Object);

internal sealed record MessageBucket(string Name, MessageOwner OwnerIdentity, string Arn);

internal sealed record MessageOwner(string PrincipalId);

internal sealed record MessageObject(string Key, long? Size, string? ETag, string? VersionId, string Sequencer);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Message))]
internal sealed partial class MessageJson : JsonSerializerContext;
