using System.Net;
using System.Text.Json;
using MediaAspire.Core.Media.Uploads;

namespace MediaAspire.Api.Media;

/// <summary>A document that reports events of a store, in one of the accepted forms.</summary>
/// <remarks>
/// The form of S3, <c>{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"media"},"object":{"key":"media/…"}}}]}</c>; the
/// envelope of SNS with it inside, <c>{"Type":"Notification","Message":"{\"Records\":…}"}</c>; and <c>{"key":"media/…"}</c>, where
/// <c>bucket</c> may be given. The documents of stores may have any further members.
/// </remarks>
internal sealed record EventDocument
{
    public const int MaxRecords = 1000;

    private const string RecordsField = "Records";

    private const int MaxKeyLength = 4096;

    // The documents of stores are six levels deep.
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <summary>Gets the reported objects; <see langword="null"/> for an event that is not about a new object.</summary>
    public IReadOnlyList<ReportedObject?> Records { get; private init; } = [];

    /// <summary>Gets the keys of all records, also of those that are not about a new object.</summary>
    public IReadOnlyList<string> Keys { get; private init; } = [];

    /// <summary>Gets the address that confirms a subscription of SNS; <see langword="null"/> for other documents.</summary>
    public Uri? Confirmation { get; private init; }

    /// <summary>Reads a document.</summary>
    /// <exception cref="FormatException">The document has none of the forms; the message says where.</exception>
    public static EventDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = ParseJson(body);
            return Read(document.RootElement, mayBeEnvelope: true);
        }
        catch (InvalidOperationException)
        {
            // A text or a name that is not valid Unicode, for which JsonElement has no other answer.
            throw new FormatException("Expected valid Unicode.");
        }
    }

    private static EventDocument Read(JsonElement root, bool mayBeEnvelope)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("Expected a JSON object.");
        }

        if (root.TryGetProperty(RecordsField, out var records))
        {
            return ReadRecords(records);
        }

        // S3 sends it when a configuration is set.
        if (root.TryGetProperty("Event", out var test) && Is(test, "s3:TestEvent"))
        {
            return new EventDocument();
        }

        return mayBeEnvelope && root.TryGetProperty("Type", out var type) ? ReadEnvelope(root, type) : ReadPlain(root);
    }

    private static EventDocument ReadRecords(JsonElement records)
    {
        if (records.ValueKind != JsonValueKind.Array || records.GetArrayLength() > MaxRecords)
        {
            throw new FormatException($"Expected Records to be an array of at most {MaxRecords} events.");
        }

        var objects = new List<ReportedObject?>();
        var keys = new List<string>();
        var number = 0;
        foreach (var record in records.EnumerateArray())
        {
            var name = Text(record, $"Records[{number}].eventName", "eventName");
            var bucket = Text(record, $"Records[{number}].s3.bucket.name", "s3", "bucket", "name");
            var key = WebUtility.UrlDecode(Text(record, $"Records[{number}].s3.object.key", "s3", "object", "key"));
            keys.Add(key);
            objects.Add(IsCreation(name) ? new(bucket, key) : null);
            number++;
        }

        return new EventDocument { Records = objects, Keys = keys };
    }

    private static EventDocument ReadEnvelope(JsonElement root, JsonElement type)
    {
        if (Is(type, "Notification"))
        {
            using var message = ParseJson(System.Text.Encoding.UTF8.GetBytes(Text(root, "Message", int.MaxValue, "Message")));
            return Read(message.RootElement, mayBeEnvelope: false);
        }

        if (Is(type, "SubscriptionConfirmation"))
        {
            return Uri.TryCreate(Text(root, "SubscribeURL", "SubscribeURL"), UriKind.Absolute, out var url)
                && url.Scheme is "http" or "https"
                ? new EventDocument { Confirmation = url }
                : throw new FormatException("Expected SubscribeURL to be an absolute http or https address.");
        }

        return Is(type, "UnsubscribeConfirmation")
            ? new EventDocument()
            : throw new FormatException("Expected Type to be Notification, SubscriptionConfirmation or UnsubscribeConfirmation.");
    }

    private static EventDocument ReadPlain(JsonElement root)
    {
        if (root.EnumerateObject().FirstOrDefault(member => member.Name is not ("key" or "bucket"))
            is { Value.ValueKind: not JsonValueKind.Undefined })
        {
            throw new FormatException("Expected the members key and bucket, Records of S3, or an envelope of SNS.");
        }

        var key = Text(root, "key", "key");
        var bucket = root.TryGetProperty("bucket", out _) ? Text(root, "bucket", "bucket") : null;
        return new EventDocument { Records = [new(bucket, key)], Keys = [key] };
    }

    // AWS names events without the prefix that its configurations have; other stores keep it.
    private static bool IsCreation(string name) =>
        name.StartsWith("ObjectCreated:", StringComparison.Ordinal) || name.StartsWith("s3:ObjectCreated:", StringComparison.Ordinal);

    private static string Text(JsonElement element, string where, params ReadOnlySpan<string> path) =>
        Text(element, where, MaxKeyLength, path);

    private static string Text(JsonElement element, string where, int maxLength, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                throw new FormatException($"{where} is missing.");
            }
        }

        if (element.ValueKind != JsonValueKind.String)
        {
            throw new FormatException($"Expected {where} to be a text.");
        }

        return element.GetString() is { } text && text.Length <= maxLength
            ? text
            : throw new FormatException($"Expected {where} to have at most {maxLength} characters.");
    }

    private static bool Is(JsonElement element, string text) => element.ValueKind == JsonValueKind.String && element.ValueEquals(text);

    private static JsonDocument ParseJson(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body, s_options);
        }
        catch (JsonException)
        {
            throw new FormatException("Expected JSON without repeated members, at most 16 levels deep.");
        }
    }
}
