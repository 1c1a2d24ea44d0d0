using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MediaAspire.Core.Media;

/// <summary>The change of an item that is applied when its processing has succeeded.</summary>
public static class MediaDeferred
{
    /// <summary>Checks a change and writes it as <see cref="MediaItem.Deferred"/>.</summary>
    /// <remarks>It has no references: those could break their rule until it is applied.</remarks>
    public static bool TryWrite(MediaFieldInput input, [NotNullWhen(true)] out string? deferred, [NotNullWhen(false)] out FieldFault? fault)
    {
        deferred = null;
        fault = input is { References: not null } ? FieldFault.Of("references", "must not be among the deferred fields") : null;
        if (fault is not null || !MediaFields.TryParse(input, out _, out fault))
        {
            return false;
        }

        deferred = JsonSerializer.Serialize(input with { }, MediaDeferredJson.Default.MediaFieldInput);
        return true;
    }

    /// <summary>Applies an item's deferred change, if it has one, and removes it from the item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="withAlias">Apply the alias too; without it, an alias that was taken meanwhile does not stop the rest.</param>
    public static MediaItem Apply(MediaItem item, bool withAlias = true)
    {
        if (item.Deferred is not { } deferred)
        {
            return item;
        }

        var input = JsonSerializer.Deserialize(deferred, MediaDeferredJson.Default.MediaFieldInput);
        if (input is null || !MediaFields.TryParse(input, out var change, out var fault))
        {
            throw new InvalidDataException($"The deferred change of item {item.Id} is not valid.");
        }

        return MediaUpdate.Apply(item with { Deferred = null }, withAlias ? change : change with { Alias = null });
    }
}

/// <summary>The JSON of deferred changes.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MediaFieldInput))]
internal sealed partial class MediaDeferredJson : JsonSerializerContext;
