using System.Text.Json;

namespace Aspire.Hosting.Dcp;

/// <summary>What dcp itself says of an instance, such as why it could not be started.</summary>
/// <param name="Content">The line for people, beginning with its time.</param>
/// <param name="IsError">Whether dcp calls it an error.</param>
internal sealed record DcpSystemLine(string Content, bool IsError)
{
    private const int Parts = 5;

    /// <summary>Reads a line; null where it has another form.</summary>
    /// <remarks>
    /// Time, level, part of dcp, message and details, separated by tabs:
    /// <code>
    /// 2026-11-20T15:20:28.844Z	info	ExecutableReconciler	Starting process...	{"Executable": "/api-hvkq", "Cmd": "dotnet", "Args": ["api.dll"]}
    /// </code>
    /// Of the details only the error is kept: arguments may hold secrets.
    /// </remarks>
    public static DcpSystemLine? TryParse(string line)
    {
        var parts = line.Split('\t', Parts);
        if (parts.Length < Parts - 1)
        {
            return null;
        }

        var reason = parts.Length == Parts ? Error(parts[4]) : null;
        var content = $"{parts[0]} [sys] {parts[3]}{(reason is null ? "" : $" {reason}")}";
        return new(content, IsError: parts[1] == "error");
    }

    private static string? Error(string details)
    {
        try
        {
            using var document = JsonDocument.Parse(details);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("error", out var error)
                ? error.ToString()
                : null;
        }
        catch (JsonException)
        {
            // A cut line still has its message.
            return null;
        }
    }
}
