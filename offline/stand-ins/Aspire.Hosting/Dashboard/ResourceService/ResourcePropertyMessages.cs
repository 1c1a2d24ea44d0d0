using Aspire.Hosting.ApplicationModel;
using Google.Protobuf.WellKnownTypes;

namespace Aspire.Hosting.Dashboard.ResourceService;

/// <summary>Turns a property of a resource into the dashboard's message, with a label for those that everyone wants to see.</summary>
internal static class ResourcePropertyMessages
{
    private static readonly Dictionary<(string ResourceType, string Property), (string Label, int Order)> s_highlighted = new()
    {
        [("Container", "container.image")] = ("Container image", 0),
        [("Container", "container.id")] = ("Container ID", 1),
        [("Container", "container.command")] = ("Container command", 2),
        [("Container", "container.args")] = ("Container arguments", 3),
        [("Container", "container.ports")] = ("Container ports", 4),
        [("Container", "container.lifetime")] = ("Container lifetime", 5),
        [("Executable", "executable.path")] = ("Executable path", 0),
        [("Executable", "executable.workDir")] = ("Working directory", 1),
        [("Executable", "executable.args")] = ("Executable arguments", 2),
        [("Executable", "executable.pid")] = ("Process ID", 3),
        [("Project", "project.path")] = ("Project path", 0),
        [("Project", "project.launchProfile")] = ("Launch profile", 1),
        [("Project", "executable.pid")] = ("Process ID", 2),
    };

    public static Wire.ResourceProperty ToMessage(string resourceType, ResourcePropertySnapshot property)
    {
        var message = new Wire.ResourceProperty
        {
            Name = property.Name,
            Value = ToValue(property.Value),
            IsSensitive = property.IsSensitive,
        };

        if (s_highlighted.TryGetValue((resourceType, property.Name), out var display))
        {
            message.DisplayName = display.Label;
            message.SortOrder = display.Order;
            message.IsHighlighted = true;
        }

        return message;
    }

    private static Value ToValue(object? value) => value switch
    {
        null => Value.ForNull(),
        string text => Value.ForString(text),
        int number => Value.ForNumber(number),
        bool flag => Value.ForBool(flag),
        IEnumerable<string> texts => Value.ForList([.. texts.Select(Value.ForString)]),
        IEnumerable<int> numbers => Value.ForList([.. numbers.Select(number => Value.ForNumber(number))]),
        _ => Value.ForString(value.ToString() ?? string.Empty),
    };
}
