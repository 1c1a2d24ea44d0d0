using System.Text.Json;

namespace MediaAspire.Api.S3.Policies;

/// <summary>Reads policies, and refuses those that cannot be evaluated completely.</summary>
internal static class PolicyReader
{
    /// <summary>The maximum size of a policy, in bytes.</summary>
    public const int MaxBytes = 20 * 1024;

    private const string ArnPrefix = "arn:aws:s3:::";

    private static readonly string[] s_fields =
        ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

    private static readonly JsonDocumentOptions s_json = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <param name="text">The policy.</param>
    /// <param name="bucket">The bucket that its resources must be in; <see langword="null"/> for a policy that is already stored.</param>
    /// <exception cref="Protocol.S3Exception">The policy is malformed, or has an unsupported element.</exception>
    public static BucketPolicy Read(string text, string? bucket)
    {
        try
        {
            using var document = JsonDocument.Parse(text, s_json);
            return ReadPolicy(document.RootElement, bucket);
        }
        catch (JsonException)
        {
            throw PolicyErrors.NotJson().ToException();
        }
        catch (InvalidOperationException)
        {
            // A text with an unpaired surrogate.
            throw PolicyErrors.NotJson().ToException();
        }
    }

    private static BucketPolicy ReadPolicy(JsonElement root, string? bucket)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw PolicyErrors.NotJson().ToException();
        }

        List<PolicyStatement>? statements = null;
        foreach (var field in root.EnumerateObject())
        {
            switch (field.Name)
            {
                case "Version" when field.Value is { ValueKind: JsonValueKind.String } version
                    && version.GetString() is "2012-10-17" or "2008-10-17":
                case "Id" when field.Value.ValueKind == JsonValueKind.String:
                    break;
                case "Version":
                    throw PolicyErrors.InvalidVersion().ToException();
                case "Statement" when field.Value.ValueKind == JsonValueKind.Array:
                    statements = [.. field.Value.EnumerateArray().Select(statement => ReadStatement(statement, bucket))];
                    break;
                case "Statement":
                    statements = [ReadStatement(field.Value, bucket)];
                    break;
                default:
                    throw PolicyErrors.UnknownField(field.Name).ToException();
            }
        }

        return statements is { Count: > 0 } ? new(statements) : throw PolicyErrors.MissingField("Statement").ToException();
    }

    private static PolicyStatement ReadStatement(JsonElement element, string? bucket)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw PolicyErrors.InvalidSyntax().ToException();
        }

        var fields = element.EnumerateObject().ToDictionary(field => field.Name, field => field.Value);
        if (fields.Keys.FirstOrDefault(name => !s_fields.Contains(name)) is { } unknown)
        {
            throw PolicyErrors.UnknownField(unknown).ToException();
        }

        var (principal, notPrincipal) = Either(fields, "Principal");
        var (action, notAction) = Either(fields, "Action");
        var (resource, notResource) = Either(fields, "Resource");
        if (!fields.TryGetValue("Effect", out var effect))
        {
            throw PolicyErrors.MissingField("Effect").ToException();
        }

        var allows = effect.ValueKind == JsonValueKind.String && effect.GetString() is "Allow" or "Deny"
            ? effect.GetString() == "Allow"
            : throw PolicyErrors.InvalidEffect(effect.ToString()).ToException();
        if (allows && notPrincipal)
        {
            throw PolicyErrors.AllowedNotPrincipal().ToException();
        }

        if (fields.TryGetValue("Sid", out var sid) && sid.ValueKind != JsonValueKind.String)
        {
            throw PolicyErrors.InvalidSyntax().ToException();
        }

        return new(
            allows,
            PolicyPrincipals.Read(principal),
            ReadActions(action),
            ReadResources(resource, bucket),
            fields.TryGetValue("Condition", out var conditions) ? PolicyCondition.ReadAll(conditions) : [])
        {
            NotPrincipals = notPrincipal,
            NotActions = notAction,
            NotResources = notResource,
        };
    }

    private static (JsonElement Value, bool IsNot) Either(Dictionary<string, JsonElement> fields, string name) =>
        (fields.TryGetValue(name, out var value), fields.TryGetValue($"Not{name}", out var others)) switch
        {
            (true, false) => (value, false),
            (false, true) => (others, true),
            (true, true) => throw PolicyErrors.InvalidSyntax().ToException(),
            _ => throw PolicyErrors.MissingField(name).ToException(),
        };

    private static IReadOnlyList<string> ReadActions(JsonElement element)
    {
        var actions = PolicyJson.Strings(element);
        return actions.All(PolicyActions.IsValid) ? actions : throw PolicyErrors.InvalidAction().ToException();
    }

    private static IReadOnlyList<string> ReadResources(JsonElement element, string? bucket)
    {
        var resources = PolicyJson.Strings(element);
        foreach (var resource in resources)
        {
            PolicyCondition.RefuseVariables(resource);
            if (resource == "*")
            {
                continue;
            }

            var name = resource.StartsWith(ArnPrefix, StringComparison.Ordinal) ? resource[ArnPrefix.Length..] : "";
            var slash = name.IndexOf('/', StringComparison.Ordinal);
            if (name.Length == 0 || (bucket is not null && !PolicyPattern.Matches(slash < 0 ? name : name[..slash], bucket, budget: null)))
            {
                throw PolicyErrors.InvalidResource().ToException();
            }
        }

        return resources;
    }
}
