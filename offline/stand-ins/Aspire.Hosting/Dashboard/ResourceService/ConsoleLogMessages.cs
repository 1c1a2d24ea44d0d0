using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Dashboard.ResourceService;

/// <summary>Cuts log lines into messages that a gRPC client accepts.</summary>
internal static class ConsoleLogMessages
{
    /// <summary>
    /// The most characters of one message. A client accepts 4 MiB; a character of UTF-8 has up to 3 bytes for each UTF-16 unit, and
    /// lines have some overhead.
    /// </summary>
    public const int MaxCharacters = 1024 * 1024;

    public static IEnumerable<Wire.WatchResourceConsoleLogsUpdate> ToMessages(IReadOnlyList<LogLine> lines)
    {
        var message = new Wire.WatchResourceConsoleLogsUpdate();
        var characters = 0;
        foreach (var line in lines)
        {
            var text = line.Content.Length > MaxCharacters ? line.Content[..MaxCharacters] : line.Content;
            if (characters + text.Length > MaxCharacters)
            {
                yield return message;
                message = new Wire.WatchResourceConsoleLogsUpdate();
                characters = 0;
            }

            characters += text.Length;
            message.LogLines.Add(new Wire.ConsoleLogLine { LineNumber = line.LineNumber, Text = text, IsStdErr = line.IsErrorMessage });
        }

        if (message.LogLines.Count > 0)
        {
            yield return message;
        }
    }
}
