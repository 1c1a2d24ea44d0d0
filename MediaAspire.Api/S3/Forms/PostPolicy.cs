using System.Globalization;
using System.Text.Json;

namespace MediaAspire.Api.S3.Forms;

/// <summary>The policy of a form: what the owner of the signing key allows the user of the form.</summary>
/// <param name="Expiration">The time at which the form expires.</param>
/// <param name="Conditions">The conditions, all of which must be met.</param>
/// <param name="Length">The allowed length of the file.</param>
internal sealed record PostPolicy(DateTimeOffset Expiration, IReadOnlyList<PolicyCondition> Conditions, ContentLengthRange Length)
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 8 };

    /// <summary>Parses the field <c>policy</c>: JSON in base64.</summary>
    /// <exception cref="Protocol.S3Exception">The policy is malformed.</exception>
    public static PostPolicy Parse(string base64)
    {
        var json = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, json, out var length))
        {
            throw Invalid("invalid Base64 encoding.");
        }

        try
        {
            using var document = JsonDocument.Parse(json.AsMemory(0, length), s_options);
            return Parse(document.RootElement);
        }
        catch (JsonException)
        {
            throw Invalid("Invalid JSON.");
        }
    }

    /// <summary>Checks a form against the policy.</summary>
    /// <param name="fields">The form's fields.</param>
    /// <param name="bucket">The bucket that the request names, which no field can change.</param>
    /// <param name="key">The key, with the name of the file inserted.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="Protocol.S3Exception">The policy does not allow the form.</exception>
    public void Check(PostFields fields, string bucket, string key, DateTimeOffset now)
    {
        if (now > Expiration)
        {
            throw FormErrors.PolicyExpired().ToException();
        }

        foreach (var condition in Conditions)
        {
            var value = condition.Field.ToLowerInvariant() switch
            {
                "bucket" => bucket,
                "key" => key,
                _ => fields[condition.Field] ?? "",
            };
            if (!condition.Matches(value))
            {
                throw FormErrors.ConditionFailed(condition).ToException();
            }
        }

        var covered = Conditions.Select(condition => condition.Field).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var extra = fields.Names.Append("bucket").Distinct(StringComparer.OrdinalIgnoreCase)
            .Where(name => !covered.Contains(name) && !NeedsNoCondition(name))
            .ToList();
        if (extra.Count > 0)
        {
            throw FormErrors.ExtraFields(extra).ToException();
        }
    }

    // The fields of the signature itself, and those that only protect the bytes of the file.
    private static bool NeedsNoCondition(string name) =>
        name.ToLowerInvariant() is "policy" or "x-amz-signature" or "signature" or "awsaccesskeyid" or "file"
        || name.StartsWith("x-ignore-", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("x-amz-checksum-", StringComparison.OrdinalIgnoreCase);

    private static PostPolicy Parse(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw Invalid("Invalid JSON.");
        }

        var names = root.EnumerateObject().Select(property => property.Name);
        if (names.FirstOrDefault(name => name is not ("expiration" or "conditions")) is { } unknown)
        {
            throw Invalid($"Unexpected: '{unknown}'");
        }

        if (!root.TryGetProperty("expiration", out var expiration))
        {
            throw Invalid("Policy missing expiration.");
        }

        if (!root.TryGetProperty("conditions", out var list))
        {
            throw Invalid("Policy missing conditions.");
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            throw Invalid("Invalid 'conditions' value: must be a List.");
        }

        var conditions = new List<PolicyCondition>();
        var length = ContentLengthRange.Any;
        foreach (var condition in list.EnumerateArray())
        {
            switch (condition.ValueKind)
            {
                case JsonValueKind.Object:
                    conditions.Add(ParseSimple(condition));
                    break;
                case JsonValueKind.Array when IsLength(condition):
                    length = length.Within(ParseLength(condition));
                    break;
                case JsonValueKind.Array:
                    conditions.Add(ParseTest(condition));
                    break;
                default:
                    throw Invalid("Invalid condition test: must be a List or Object.");
            }
        }

        return new(ParseExpiration(expiration), conditions, length);
    }

    private static DateTimeOffset ParseExpiration(JsonElement element)
    {
        var text = element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText();
        return DateTimeOffset.TryParseExact(
                text,
                ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"],
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var expiration)
            ? expiration
            : throw Invalid($"Invalid 'expiration' value: '{text}'");
    }

    // {"acl": "public-read"}, short for ["eq", "$acl", "public-read"]
    private static PolicyCondition ParseSimple(JsonElement condition)
    {
        var properties = condition.EnumerateObject().ToList();
        if (properties is not [var property])
        {
            throw Invalid("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.");
        }

        return property.Value.ValueKind == JsonValueKind.String
            ? new(PolicyOperator.Equal, property.Name, property.Value.GetString()!)
            : throw Invalid("Invalid Simple-Condition: value must be a string.");
    }

    // ["starts-with", "$key", "user/"]
    private static PolicyCondition ParseTest(JsonElement condition)
    {
        var name = OperationOf(condition) ?? throw Invalid("Invalid Condition: missing operation identifier.");
        PolicyOperator kind = name.ToLowerInvariant() switch
        {
            "eq" => PolicyOperator.Equal,
            "starts-with" => PolicyOperator.StartsWith,
            _ => throw Invalid($"Invalid Condition: unknown operation '{name}'."),
        };
        if (condition.GetArrayLength() != 3)
        {
            throw Invalid($"Invalid {name}: wrong number of arguments.");
        }

        return condition[1].ValueKind == JsonValueKind.String && condition[2].ValueKind == JsonValueKind.String
            && condition[1].GetString() is ['$', .. { Length: > 0 } field]
                ? new(kind, field, condition[2].GetString()!)
                : throw Invalid($"Invalid {name}: expected a field name after '$', and a string.");
    }

    // ["content-length-range", 0, 1048576]
    private static ContentLengthRange ParseLength(JsonElement condition)
    {
        const string Name = ContentLengthRange.Operation;
        if (condition.GetArrayLength() != 3)
        {
            throw Invalid($"Invalid {Name}: wrong number of arguments.");
        }

        return TryGetBytes(condition[1], out var min) && TryGetBytes(condition[2], out var max)
            ? new(min, max)
            : throw Invalid($"Invalid {Name}: expected numbers of bytes.");
    }

    private static bool TryGetBytes(JsonElement element, out long bytes)
    {
        var text = element.ValueKind == JsonValueKind.String ? element.GetString() : element.GetRawText();
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out bytes);
    }

    private static bool IsLength(JsonElement condition) =>
        string.Equals(OperationOf(condition), ContentLengthRange.Operation, StringComparison.OrdinalIgnoreCase);

    private static string? OperationOf(JsonElement condition) =>
        condition.GetArrayLength() > 0 && condition[0].ValueKind == JsonValueKind.String ? condition[0].GetString() : null;

    private static Protocol.S3Exception Invalid(string fault) => FormErrors.InvalidPolicy(fault).ToException();
}
