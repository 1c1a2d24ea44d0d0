using System.Text.Json;

namespace MediaAspire.Api.S3.Policies;

internal static class PolicyJson
{
    /// <summary>Reads a string or a list of at least one.</summary>
    /// <exception cref="Protocol.S3Exception">The element is neither.</exception>
    public static IReadOnlyList<string> Strings(JsonElement element) => Texts(element, acceptsOthers: false);

    /// <summary>Reads a string, number or Boolean, or a list of at least one.</summary>
    /// <inheritdoc cref="Strings"/>
    public static IReadOnlyList<string> Values(JsonElement element) => Texts(element, acceptsOthers: true);

    private static List<string> Texts(JsonElement element, bool acceptsOthers)
    {
        List<string> texts = element.ValueKind == JsonValueKind.Array
            ? [.. element.EnumerateArray().Select(item => Text(item, acceptsOthers))]
            : [Text(element, acceptsOthers)];
        return texts.Count > 0 ? texts : throw PolicyErrors.InvalidSyntax().ToException();
    }

    private static string Text(JsonElement element, bool acceptsOthers) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString()!,
        JsonValueKind.Number when acceptsOthers => element.GetRawText(),
        JsonValueKind.True when acceptsOthers => "true",
        JsonValueKind.False when acceptsOthers => "false",
        _ => throw PolicyErrors.InvalidSyntax().ToException(),
    };
}
