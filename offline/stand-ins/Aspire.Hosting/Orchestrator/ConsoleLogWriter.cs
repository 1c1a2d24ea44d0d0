using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Orchestrator;

/// <summary>Writes the logs of all resources to the terminal, each line behind the coloured name of its resource.</summary>
internal sealed class ConsoleLogWriter(
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    IHostApplicationLifetime lifetime) : ResourceLogForwarder(notifications, loggers, lifetime)
{
    private static readonly string[] s_colors = ["36", "32", "33", "35", "34", "96", "92", "93", "95", "94"];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _prefixes = [];
    private int _width;

    /// <inheritdoc />
    protected override void Forward(IResource resource, string instance, LogLine line)
    {
        lock (_lock)
        {
            // A resource with one instance is known by its own name.
            var name = resource.GetInstanceNames().Count > 1 ? instance : resource.Name;
            if (!_prefixes.TryGetValue(name, out var color))
            {
                _prefixes[name] = color = s_colors[_prefixes.Count % s_colors.Length];
                _width = Math.Max(_width, name.Length);
            }

            Console.Out.WriteLine($"\e[{color}m{name.PadRight(_width)} |\e[0m {WithoutTime(line.Content)}");
        }
    }

    // Every line begins with its time in ISO 8601, as in "2026-11-20T14:47:11.881Z Ready.".
    private static string WithoutTime(string content)
    {
        var space = content.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && content[space - 1] == 'Z' && char.IsAsciiDigit(content[0]) ? content[(space + 1)..] : content;
    }
}
